"""The first pass: every row of the file into the scratch file, under its handle."""

from collections.abc import Callable, Iterable
from typing import Protocol

from .drafts import Finding, Verdict
from .layout import Layout
from .report import Report
from .rows import Row
from .scratch import Scratch
from .values import folded_handle

ROWS_BETWEEN_TELLINGS = 1000


class Rows(Protocol):
    """What rows can be read from, once."""

    @property
    def rows(self) -> Iterable[Row]: ...


def gather(source: Rows, layout: Layout, scratch: Scratch, report: Report, tell: Callable[[], None]) -> None:
    """Keep each row with the others of its handle; count blank ones, and refuse those of no product."""
    handle_at = layout.at["handle"]
    for row in source.rows:
        report.rows += 1
        handle = folded_handle(row.cells[handle_at]) if handle_at < len(row.cells) else ""
        if handle:
            scratch.put(handle, row)
        elif row.is_blank:
            report.blank_rows += 1
        else:
            scratch.report([orphan(row, layout)])
        if report.rows % ROWS_BETWEEN_TELLINGS == 0:
            tell()


def orphan(row: Row, layout: Layout) -> Finding:
    column = None if row.flaw else layout.header("handle")
    reason = row.flaw or "The row has no handle, so it belongs to no product."
    return Finding(row.number, row.line, "", column, None, reason, Verdict.ROW_REFUSED)
