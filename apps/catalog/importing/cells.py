"""The cells of one row, by field; what does not fit is noted down rather than raised, so a row shows all its faults."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from .drafts import Finding, Verdict
from .layout import Layout
from .rows import Row
from .values import Unfit

T = TypeVar("T")


@dataclass(slots=True)
class Cells:
    """One row, read by a layout; findings go to the list that all rows of a product share."""

    row: Row
    layout: Layout
    handle: str
    findings: list[Finding]

    def text(self, field: str) -> str:
        """Return the text of a field, empty where the file has no such column or the row is too short."""
        index = self.layout.at.get(field)
        return self.row.cells[index] if index is not None and index < len(self.row.cells) else ""

    def take(self, field: str, read: Callable[[str], T], default: T) -> T:
        """Return what a reader of `values` makes of a field, the default where it is blank or unfit."""
        text = self.text(field)
        if not text:
            return default
        try:
            return read(text)
        except Unfit as unfit:
            self.refuse(field, unfit.reason)
            return default

    def refuse(self, field: str | None, reason: str, verdict: Verdict = Verdict.PRODUCT_REFUSED) -> None:
        column = self.layout.header(field) if field else None
        value = self.text(field) if field else None
        self.findings.append(Finding(self.row.number, self.row.line, self.handle, column, value, reason, verdict))

    def note(self, field: str, reason: str) -> None:
        self.refuse(field, reason, Verdict.NOTE)

    def kept(self, *, of_variant: bool) -> dict[str, str]:
        """Return the filled cells of the columns that have no field, by header."""
        cells = self.row.cells
        return {
            extra.header: cells[extra.index]
            for extra in self.layout.extras
            if extra.of_variant is of_variant and cells[extra.index]
        }
