"""The folders the servers live in: made, given to the servers' user, and refused when they are somebody else's."""

from contextlib import suppress
from pathlib import Path

from .addresses import Checkout
from .errors import ServersUnusable
from .owner import Owner, open_the_way

LONGEST_SOCKET_PATH = 107


def prepare(checkout: Checkout, owner: Owner, *, home: Path, program: Path) -> list[Path]:
    """
    Make a server's folder and the sockets' folder, and let the servers' user reach them and the server's program.

    Returns the folders that had to be opened for passing through.
    """
    make_folder(home)
    _refuse_foreign(home, owner)
    owner.take(home)
    _make_sockets_folder(checkout, owner)
    return open_the_way(owner, home) + open_the_way(owner, program)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, unless they exist."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServersUnusable(f"The folder {folder} cannot be made: {error.strerror}.") from None


def remove_sockets_folder(checkout: Checkout) -> None:
    """Remove the sockets' folder; one that still holds a socket stays."""
    with suppress(OSError):
        checkout.sockets.rmdir()


def _make_sockets_folder(checkout: Checkout, owner: Owner) -> None:
    folder = checkout.sockets
    longest = folder / ".s.PGSQL.5432.lock"
    if len(str(longest).encode()) > LONGEST_SOCKET_PATH:
        raise ServersUnusable(
            f"The path {longest} is longer than a socket's may be ({LONGEST_SOCKET_PATH} characters): "
            "set SERVICES_SOCKETS_FOLDER to a shorter folder."
        )
    make_folder(folder)
    if folder.is_symlink():
        raise ServersUnusable(f"{folder} is a link, which is not safe: remove it and start again.")
    _refuse_foreign(folder, owner)
    owner.take(folder)


def _refuse_foreign(folder: Path, owner: Owner) -> None:
    """Refuse a folder that another user made or can read; what is root's is about to change hands."""
    allowed = {owner.uid, 0} if owner.switch else {owner.uid}
    if folder.lstat().st_uid not in allowed:
        raise ServersUnusable(
            f"{folder} belongs to {_user_name(folder)}, but the servers run as {owner.name}: "
            "start them as the same user as before, or remove that folder."
        )


def _user_name(folder: Path) -> str:
    try:
        return folder.owner()
    except KeyError:
        return f"user {folder.stat().st_uid}"
