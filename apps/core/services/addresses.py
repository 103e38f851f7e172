"""
Where the embedded servers of a checkout are found.

Everything follows from the checkout's folder, so settings can be read before any server runs. The sockets stand in a
short folder of `/tmp`, because the path of a Unix socket may not pass 107 characters, and no TCP port is taken.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlencode

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Checkout:
    """One working copy of the project, and the folders its servers use; `variant` names a second set of servers."""

    root: Path = ROOT
    variant: str = "services"

    @property
    def state(self) -> Path:
        """Data, logs and passwords."""
        return self.root / ".local" / self.variant

    @property
    def sockets(self) -> Path:
        """The sockets' folder, owned by the servers and closed to everybody else."""
        parent = os.environ.get("SERVICES_SOCKETS_FOLDER", "/tmp")  # noqa: S108 - the folder below is ours alone
        return Path(parent) / f"ecommerce-{sha256(str(self.state).encode()).hexdigest()[:12]}"

    @property
    def passwords(self) -> Path:
        """The roles' passwords, as libpq's password file."""
        return self.state / "pgpass"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def database_url(self, database: str, *, role: str | None = None) -> str:
        query = urlencode({"host": str(self.sockets), "passfile": str(self.passwords)}, quote_via=quote)
        return f"postgresql://{role or database}@/{database}?{query}"


HERE = Checkout()


def database_url(alias: str, *, checkout: Checkout = HERE) -> str:
    """
    Return the address of the embedded database `alias`, as its own role.

    The password is not in the address but in the file that `passfile` names, which libpq reads by itself.
    """
    return checkout.database_url(alias)


def redis_url(database: int = 0, *, checkout: Checkout = HERE) -> str:
    """Return the address of the embedded cache: Valkey, one of its 16 databases."""
    return f"unix://{checkout.valkey_socket}?db={database}"


def broker_url(database: int = 1, *, checkout: Checkout = HERE) -> str:
    """Return the address of the embedded broker: Valkey, one of its 16 databases."""
    return f"redis+socket://{checkout.valkey_socket}?virtual_host={database}"


def database_variable(alias: str) -> str:
    """Return the name of the environment variable that puts another server in the place of the embedded database."""
    return f"{alias.upper()}_DATABASE_URL"


def embedded_databases(aliases: list[str], environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return those of `aliases` that no environment variable gives another server, in their order."""
    return [alias for alias in aliases if not environ.get(database_variable(alias))]


def needs_valkey(environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether the cache or the broker is the embedded one."""
    return not (environ.get("REDIS_URL") and environ.get("CELERY_BROKER_URL"))
