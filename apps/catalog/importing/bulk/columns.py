"""Which column of such a file means what. Headers are compared without case, blanks and underscores folded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from apps.catalog.importing.errors import UnreadableFile
from apps.catalog.importing.layout import folded
from apps.catalog.importing.rows import Row

T = TypeVar("T")
HEADERS: Mapping[str, tuple[str, ...]] = {
    "sku": ("sku", "variant sku"),
    "slug": ("slug", "handle", "url handle"),
    "price": ("price", "variant price"),
    "compare_price": ("compare price", "compare-at price", "variant compare at price"),
    "percent": ("percent",),
    "amount": ("amount",),
    "active": ("active", "is active"),
}
FIELDS = {header: field for field, headers in HEADERS.items() for header in headers}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands, what its header is, and which headers are passed over."""

    at: dict[str, int]
    headers: dict[str, str]
    others: list[str]


class BadCell(ValueError):
    """A row cannot be used; `field` is the cell at fault, None for the row as a whole."""

    def __init__(self, field: str | None, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(slots=True)
class Cells:
    """One row by its fields."""

    row: Row
    columns: Columns

    def text(self, field: str) -> str:
        """Return the text of a field, empty where the file has no such column."""
        index = self.columns.at.get(field)
        return self.row.cells[index] if index is not None else ""


def field_of(header: str) -> str | None:
    return FIELDS.get(folded(header.replace("_", " ")))


def known_columns(header: Sequence[str]) -> int:
    """Count the columns of a header that have a field: how well a delimiter fits."""
    return sum(field_of(cell) is not None for cell in header)


def read_columns(header: Sequence[str], fields: Sequence[str]) -> Columns:
    """
    Tell the columns of a file from its first row; those of other fields are passed over.

    Raises:
        UnreadableFile: when a column stands twice.
    """
    columns = Columns({}, {}, [])
    for index, cell in enumerate(header):
        field = field_of(cell)
        if field is None or field not in fields:
            columns.others.extend([cell] if cell else [])
        elif field in columns.at:
            raise UnreadableFile(f"The column {cell} stands twice in the header; leave one.")
        else:
            columns.at[field], columns.headers[field] = index, cell
    return columns


def require(columns: Columns, *alternatives: Sequence[str]) -> None:
    """Raise UnreadableFile unless of each group of fields the file has a column for one."""
    for fields in alternatives:
        if not columns.at.keys() & set(fields):
            names = " or ".join(field for field in fields)
            raise UnreadableFile(f"The header has no column {names}.")
