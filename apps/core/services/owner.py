"""
Who the servers run as.

PostgreSQL refuses to run as root. An ordinary user's servers run as that user; root's run as a system user made for it.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from .errors import ServersUnusable

SYSTEM_USER = "ecommerce-servers"


class Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Owner:
    """The user the servers run as; `switch` says that it is another than ours."""

    name: str
    uid: int
    gid: int
    switch: bool

    def identity(self) -> Identity:
        """Return the arguments of `subprocess` that start a program as this user."""
        return Identity(user=self.uid, group=self.gid, extra_groups=[]) if self.switch else Identity()

    def take(self, path: Path) -> None:
        """Make a file or folder this user's own, closed to others."""
        path.chmod(0o700 if path.is_dir() else 0o600)
        if self.switch:
            os.chown(path, self.uid, self.gid)


def current_owner() -> Owner:
    """Return the user the servers run as, making root's system user where it is missing."""
    if os.geteuid() != 0:
        return _owner(pwd.getpwuid(os.geteuid()), switch=False)
    name = os.environ.get("SERVICES_USER", SYSTEM_USER)
    return _owner(_find(name) or _make(name), switch=True)


def open_the_way(owner: Owner, path: Path) -> list[Path]:
    """
    Let the servers' user pass through the folders above `path`, and return those that had to be opened.

    Passing through (o+x) is all that is granted: what the folders hold stays unlisted and unread.
    """
    if not owner.switch:
        return []
    above = dict.fromkeys([*path.absolute().parents, *path.resolve().parents])
    opened = [parent for parent in above if not parent.stat().st_mode & 0o001]
    for parent in opened:
        parent.chmod(parent.stat().st_mode | 0o001)
    return opened


def _owner(entry: pwd.struct_passwd, *, switch: bool) -> Owner:
    return Owner(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid, switch=switch)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make(name: str) -> pwd.struct_passwd:
    nologin = shutil.which("nologin") or "/usr/sbin/nologin"
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", nologin, name]
    else:
        command = ["adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", nologin, name]
    try:
        outcome = subprocess.run(command, capture_output=True, text=True, check=False).stderr  # noqa: S603
    except OSError as error:
        outcome = str(error)
    entry = _find(name)
    if entry is None:
        raise ServersUnusable(
            f"PostgreSQL refuses to run as root and the system user {name} could not be made ({outcome.strip()}): "
            "set SERVICES_USER to an existing ordinary user, or work as one."
        )
    return entry
