"""The category a product stands in, written as a path: Apparel > Clothing > Shirts."""

import hashlib
from dataclasses import dataclass

from django.utils.text import slugify

from .values import Unfit, at_most

SEPARATOR = ">"
DEEPEST = 20
LONGEST_SLUG = 255
DIGITS = 8


@dataclass(frozen=True, slots=True)
class ShelfOnPath:
    """
    One level of a path.

    `path` is the whole of it down to here, and its key; `spare_slug` is for when another category has `slug`.
    """

    path: str
    parent_path: str | None
    level: int
    name: str
    slug: str
    spare_slug: str


def path_of(text: str) -> str:
    """Read a category cell: its path, blanks folded, one separator between names."""
    names = [" ".join(name.split()) for name in text.split(SEPARATOR)]
    names = [at_most(255)(name) for name in names if name]
    if not names:
        raise Unfit("A category is written as a path: Apparel > Clothing > Shirts.")
    if len(names) > DEEPEST:
        raise Unfit(f"A category path has at most {DEEPEST} levels.")
    return f" {SEPARATOR} ".join(names)


def levels(path: str) -> list[ShelfOnPath]:
    """Return the shelves on the way down a path, the root first."""
    names = path.split(f" {SEPARATOR} ")
    shelves: list[ShelfOnPath] = []
    for level, name in enumerate(names):
        here = f" {SEPARATOR} ".join(names[: level + 1])
        parent = shelves[-1].path if shelves else None
        shelves.append(ShelfOnPath(here, parent, level, name, *slugs(here)))
    return shelves


def slugs(path: str) -> tuple[str, str]:
    digest = hashlib.sha256(path.encode()).hexdigest()[:DIGITS]
    words = slugify(path)[: LONGEST_SLUG - DIGITS - 1]
    return words or digest, f"{words}-{digest}" if words else digest
