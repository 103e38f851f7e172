"""What a form is, and what forms of CSV files share."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urljoin

from apps.catalog.importing.drafts import Finding, Verdict
from apps.catalog.importing.errors import UnreadableFile
from apps.catalog.importing.layout import Extra, Layout, folded
from apps.catalog.importing.rows import Row
from apps.catalog.importing.values import WEB_ADDRESS

Texts = dict[str, str]
Settled = tuple[Sequence[Row], list[Finding]]
NO_BASE = "It is no address of the web; --media-url says where the pictures are. It is left out."


class Form(Protocol):
    """How a file is to be read: the layout of its rows, and what they say once those of one product stand together."""

    layout: Layout
    pads_short_rows: bool

    def settle(self, rows: Sequence[Row]) -> Settled:
        """Return the rows of one handle as the rules read them, and what there is to say beforehand."""
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    The columns of a file, and of cells that are worked out, which stand behind those of each row.

    `names` are the folded headers.
    """

    layout: Layout
    names: Sequence[str]

    def read(self, row: Row) -> Texts:
        """Return the cells of a row by their folded headers."""
        return dict(zip(self.names, row.cells, strict=False))

    def write(self, row: Row, cells: Mapping[str, str]) -> Row:
        """Return a row with the cells of some fields replaced, and those that are worked out behind it."""
        found = row.cells + [""] * (self.layout.width - len(row.cells))
        for field, text in cells.items():
            if field in self.layout.at:
                found[self.layout.at[field]] = text
        return replace(row, cells=found)

    def bare(self, row: Row, cells: Mapping[str, str]) -> Row:
        """Return a row with nothing but its handle and some cells: one for a further picture."""
        handle = row.cells[self.layout.at["handle"]]
        return self.write(replace(row, cells=[]), {"handle": handle, **cells})


def sheet(
    name: str,
    header: Sequence[str],
    fields: Mapping[str, Sequence[str]],
    computed: Mapping[str, Sequence[str]],
    *,
    of_variant: Iterable[str],
    required: Mapping[str, str],
    gathered: re.Pattern[str],
) -> Sheet:
    """
    Lay out a header.

    Args:
        fields: the headers that each field may have.
        computed: the fields that are worked out, each with the headers it may be told under; left out without any.
        of_variant: how the folded headers begin that are kept with variants; other columns are kept with products.
        required: the fields that must be there, each with the header it should have.
        gathered: folded headers of numbered columns, which are worked out together and not kept besides.

    Raises:
        UnreadableFile: a field that must be there is missing.
    """
    shown = [" ".join(cell.split()) for cell in header]
    names = [folded(cell) for cell in header]
    at, headers = placed(fields, shown, names)
    told_at, told = placed(computed, shown, names)
    read = {*at.values(), *told_at.values()}
    headers |= told
    at |= {field: len(header) + place for place, field in enumerate(told)}
    if missing := [column for field, column in required.items() if field not in at]:
        raise UnreadableFile(f"The header has no column {', '.join(missing)}, which a file of {name} must have.")
    starts = tuple(of_variant)
    extras = [
        Extra(shown[index], index, of_variant=text.startswith(starts))
        for index, text in enumerate(names)
        if text and index not in read and names.index(text) == index and not gathered.fullmatch(text)
    ]
    return Sheet(Layout(name, len(header) + len(told), at, headers, tuple(extras)), names)


def placed(
    fields: Mapping[str, Sequence[str]], shown: Sequence[str], names: Sequence[str]
) -> tuple[dict[str, int], Texts]:
    at = {
        field: names.index(found)
        for field, wanted in fields.items()
        if (found := next((name for name in map(folded, wanted) if name in names), None)) is not None
    }
    return at, {field: shown[index] for field, index in at.items()}


def with_addresses(rows: Sequence[Row], layout: Layout, media_url: str | None) -> Settled:
    """Let names of pictures follow the address of the folder they are in; without one they are left out, and noted."""
    place = layout.at["image_src"]
    settled, notes = [], []
    for row in rows:
        name = row.cells[place] if place < len(row.cells) else ""
        if not name or WEB_ADDRESS.match(name):
            settled.append(row)
            continue
        address = urljoin(f"{media_url.rstrip('/')}/", name) if media_url else ""
        settled.append(replace(row, cells=[*row.cells[:place], address, *row.cells[place + 1 :]]))
        if not address:
            handle = row.cells[layout.at["handle"]]
            column = layout.header("image_src")
            notes.append(Finding(row.number, row.line, handle, column, name, NO_BASE, Verdict.NOTE))
    return settled, notes
