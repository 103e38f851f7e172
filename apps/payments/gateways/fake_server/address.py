"""Where a checkout's fake gateway listens and keeps its store, so that two checkouts on one machine do not meet."""

from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
HOST = "127.0.0.1"
# Below the range from which Linux gives out ports by itself.
FIRST_PORT, PORTS = 20_000, 10_000


def default_port(root: Path = ROOT) -> int:
    """Return the port of a checkout, a function of its folder."""
    return FIRST_PORT + int.from_bytes(sha256(str(root).encode()).digest()[:4], "big") % PORTS


def default_url(root: Path = ROOT) -> str:
    """Return the address of a checkout's fake gateway."""
    return f"http://{HOST}:{default_port(root)}"


def default_store(root: Path = ROOT) -> Path:
    """Return the file in which a checkout's fake gateway remembers."""
    return root / ".local" / "gateway" / "store.sqlite3"
