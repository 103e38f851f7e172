"""What can be drawn."""

from collections.abc import Callable
from dataclasses import dataclass

from .drawing import Look


@dataclass(frozen=True)
class Motif:
    """A thing, drawn in the middle of the paper; one that hangs has a rail above it, the others a table below."""

    draw: Callable[[Look], str]
    hangs: bool = False
