"""How an import or an export tells how far it is."""

from collections.abc import Callable

# Told what is going on (reading in bytes, writing in rows, exporting in products), how far, and how far it goes.
Progress = Callable[[str, int, int], None]


def no_progress(doing: str, done: int, total: int) -> None:
    """Tell nobody."""
