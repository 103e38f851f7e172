"""How the engine's words become choices of a column."""

from collections.abc import Iterable
from enum import StrEnum


def spelled(words: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Return words of an enumeration as Django's choices."""
    return [(str(word), str(word)) for word in words]
