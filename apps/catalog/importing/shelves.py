"""
The category a product stands in, written as a path, Apparel > Clothing > Shirts, or by its id in a taxonomy.
"""

import hashlib
import re
from dataclasses import dataclass

from django.utils.text import slugify

from .taxonomy.reading import GOOGLE, SHOPIFY
from .values import Unfit, at_most

SEPARATOR = ">"
DEEPEST = 20
LONGEST_SLUG = 255
DIGITS = 8
# gid://shopify/TaxonomyCategory/aa-1-4 or aa-1-4; Google's are numbers.
SHOPIFY_ID = re.compile(r"(?:gid://shopify/TaxonomyCategory/[a-z]{2}|[a-z]{2}(?=-))(?:-\d+)*")
GOOGLE_ID = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class ShelfOnPath:
    """
    One level of a path, or all that is known of a category that a taxonomy's id names: it is found, or it is not.

    `path` is the whole of it down to here, and its key; `spare_slug` is for when another category has `slug`.
    """

    path: str
    parent_path: str | None
    level: int
    name: str
    slug: str
    spare_slug: str
    taxonomy: str | None = None
    taxonomy_id: str | None = None


def category(text: str) -> str:
    """Read a category cell: a path, or the id that a taxonomy gives it, as SHOPIFY_ID or GOOGLE_ID."""
    return text if taxonomy_of(text) else path_of(text)


def categories(text: str) -> list[str]:
    """Read several of them, one a line."""
    return [category(line.strip()) for line in text.splitlines() if line.strip()]


def taxonomy_of(text: str) -> tuple[str, str] | None:
    """Return whose id it is that a cell holds, and the id; None where it is a path."""
    if SHOPIFY_ID.fullmatch(text):
        return SHOPIFY, text.rpartition("/")[2]
    return (GOOGLE, text) if GOOGLE_ID.fullmatch(text) else None


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
    """Return the shelves on the way down a path, the root first; of a taxonomy's id the one that it names."""
    if (named := taxonomy_of(path)) is not None:
        return [ShelfOnPath(path, None, 0, path, *slugs(path), *named)]
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
