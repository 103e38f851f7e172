"""The files in which taxonomies are published."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from apps.catalog.importing.errors import UnreadableFile

SEPARATOR = " > "
SHOPIFY, GOOGLE = "shopify", "google"
LONGEST_NAME = 255
LONGEST_ID = 100
# A line of each layout that is read line by line.
SHOPIFY_LINE = re.compile(r"gid://shopify/TaxonomyCategory/(?P<id>\S+)\s+: (?P<path>.+)")
GOOGLE_LINE = re.compile(r"(?P<id>\d+) - (?P<path>.+)")
NESTED_LINE = re.compile(r"\s*(?P<id>\d+) \| \[\s*(?P<left>\d+)-\s*(?P<right>\d+)\] \| (?P<name>.+)")
VERSION = re.compile(r"# (?:Shopify Product Taxonomy - Categories|Google_Product_Taxonomy_Version): (\S+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A category of a taxonomy: its id there, its name, the id of the one above it, and its path from the root."""

    id: str
    name: str
    parent_id: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A taxonomy as a file has it: whose it is, which edition where that is said, and its entries, parents first."""

    name: str
    version: str | None
    entries: list[Entry]


def read_taxonomy(path: Path) -> Taxonomy:
    """
    Read a taxonomy in one of the layouts of docs/catalog.md: Shopify's list or JSON, Google's list or nested sets.

    Raises:
        UnreadableFile: it is none of them, or names an id twice or a parent that is not there; with the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path.name} is not in UTF-8.") from error
    taxonomy = shopify_json(text, path.name) if text.lstrip().startswith("{") else listed(text, path.name)
    if not taxonomy.entries:
        raise UnreadableFile(f"{path.name} holds no category.")
    return Taxonomy(taxonomy.name, taxonomy.version, checked(taxonomy.entries, path.name))


def listed(text: str, file: str) -> Taxonomy:
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    version = VERSION.search(text)
    for pattern, name, entries_of in LAYOUTS:
        if lines and pattern.fullmatch(lines[0][1]):
            found = list(entries_of(matched(lines, pattern, file), file))
            return Taxonomy(name, version and version[1], found)
    raise UnreadableFile(
        f"{file} is no taxonomy: give Shopify's categories.txt or its JSON, or Google's list with ids."
    )


def matched(lines: list[tuple[int, str]], pattern: re.Pattern[str], file: str) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in lines:
        match = pattern.fullmatch(line.rstrip())
        if match is None:
            raise UnreadableFile(f"Line {number} of {file} is not written as the lines before it: {line.strip()[:80]}")
        yield number, match.groupdict()


def by_path(lines: Iterator[tuple[int, dict[str, str]]], file: str) -> Iterator[Entry]:
    """Read lines of an id and a whole path; the parent is the one whose path is the beginning of it."""
    ids: dict[str, str] = {}
    for number, line in lines:
        path = line["path"].strip()
        above, _, name = path.rpartition(SEPARATOR)
        if above and above not in ids:
            raise UnreadableFile(f"Line {number} of {file} stands below {above!r}, which no line before it names.")
        ids[path] = line["id"]
        yield Entry(line["id"], name, ids[above] if above else None, path)


def by_bounds(lines: Iterator[tuple[int, dict[str, str]]], file: str) -> Iterator[Entry]:
    """
    Read nested sets: a category stands below the nearest one whose bounds hold its own.

    Only the bounds count. The lines of the published file are sorted by name in places, and then neither their order
    nor how far they are indented tells what they stand below.
    """
    above: list[tuple[int, Entry]] = []
    for number, line in sorted(lines, key=lambda numbered: int(numbered[1]["left"])):
        left, right = int(line["left"]), int(line["right"])
        while above and above[-1][0] < left:
            above.pop()
        if left >= right or (above and above[-1][0] <= right):
            raise UnreadableFile(f"Line {number} of {file} has bounds that do not nest: {left} to {right}.")
        parent = above[-1][1] if above else None
        name = line["name"].strip()
        entry = Entry(
            line["id"], name, parent.id if parent else None, f"{parent.path}{SEPARATOR}{name}" if parent else name
        )
        above.append((right, entry))
        yield entry


Lines = Iterator[tuple[int, dict[str, str]]]
LAYOUTS: tuple[tuple[re.Pattern[str], str, Callable[[Lines, str], Iterator[Entry]]], ...] = (
    (SHOPIFY_LINE, SHOPIFY, by_path),
    (GOOGLE_LINE, GOOGLE, by_path),
    (NESTED_LINE, GOOGLE, by_bounds),
)


class JsonCategory(msgspec.Struct):
    id: str
    name: str
    parent_id: str | None


class Vertical(msgspec.Struct):
    categories: list[JsonCategory]


class ShopifyFile(msgspec.Struct):
    version: str
    verticals: list[Vertical]


def shopify_json(text: str, file: str) -> Taxonomy:
    try:
        content = msgspec.json.decode(text, type=ShopifyFile)
    except msgspec.DecodeError as error:
        raise UnreadableFile(f"{file} is JSON, but not Shopify's taxonomy: {error}.") from error
    paths: dict[str, str] = {}
    entries: list[Entry] = []
    for category in (one for vertical in content.verticals for one in vertical.categories):
        number, parent = short(category.id), category.parent_id and short(category.parent_id)
        if parent and parent not in paths:
            raise UnreadableFile(f"Category {number} of {file} stands below {parent}, which is not there before it.")
        paths[number] = f"{paths[parent]}{SEPARATOR}{category.name}" if parent else category.name
        entries.append(Entry(number, category.name, parent, paths[number]))
    return Taxonomy(SHOPIFY, content.version, entries)


def short(gid: str) -> str:
    """Return the id at the end of gid://shopify/TaxonomyCategory/aa-1."""
    return gid.rpartition("/")[2]


def checked(entries: list[Entry], file: str) -> list[Entry]:
    """Return entries that fit the columns, each id once."""
    seen: set[Any] = set()
    for entry in entries:
        if entry.id in seen:
            raise UnreadableFile(f"{file} names the category {entry.id} twice.")
        if len(entry.name) > LONGEST_NAME or len(entry.id) > LONGEST_ID:
            raise UnreadableFile(
                f"The category {entry.id[:LONGEST_ID]} of {file} has a name or an id that is too long."
            )
        seen.add(entry.id)
    return entries
