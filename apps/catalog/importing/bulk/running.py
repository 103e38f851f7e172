"""
A file from end to end: read once to know that it can be read, then written in chunks, each a transaction of its own.

So a file of any length holds locks for a moment only, and sales go on; `atomic` is one transaction instead.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.db import reset_queries

from apps.catalog import services
from apps.catalog.importing.drafts import Finding, Verdict
from apps.catalog.importing.encoding import Encoding, detect
from apps.catalog.importing.errors import UnreadableFile
from apps.catalog.importing.progress import Progress, no_progress
from apps.catalog.importing.rows import Row, opened
from apps.catalog.importing.scratch import Scratch

from .columns import BadCell, Cells, Columns, known_columns, read_columns
from .report import BulkReport

CHUNK_ROWS = 5_000
# The rows of a file that is written whole are in memory together, and their variants locked together.
MOST_ATOMIC = 200_000
ROWS_BETWEEN_TELLINGS = 10_000

Asked = tuple[Row, Any]


class Job(Protocol):
    """What a file asks for."""

    @property
    def fields(self) -> Sequence[str]: ...

    def check(self, columns: Columns) -> None: ...

    def read(self, cells: Cells) -> tuple[str, Any]: ...

    def write(self, items: Sequence[Any], *, atomic: bool, is_dry: bool) -> list[services.ItemResult]: ...


def run(
    *,
    path: Path,
    job: Job,
    scratch: Scratch,
    is_dry: bool = False,
    atomic: bool = False,
    encoding: str | None = None,
    progress: Progress = no_progress,
) -> BulkReport:
    """
    Do what a file asks for.

    Args:
        scratch: an open scratch file; the refused rows are in it afterwards, as findings.
        is_dry: find out and report the same, and write nothing.
        atomic: write nothing when one row is refused, and everything in one transaction.

    Raises:
        UnreadableFile: nothing is written. Also for more rows than one transaction may write.
    """
    how = detect(path, named=encoding)
    rows, columns = looked_through(path, how, job, progress)
    report = BulkReport(path.name, how.codec.removesuffix("-sig"), how.note, is_dry, passed_over=columns.others)
    if atomic and rows > MOST_ATOMIC:
        raise UnreadableFile(f"The file has {rows:,} rows; all or nothing goes up to {MOST_ATOMIC:,}.")
    with opened(path, how, known=known_columns) as source:
        asked = read_rows(source.rows, job, columns, scratch, report)
        while chunk := list(islice(asked, MOST_ATOMIC if atomic else CHUNK_ROWS)):
            write(chunk, job, scratch, report, atomic=atomic)
            progress("changing", report.rows, rows)
            # Under DEBUG Django keeps the text of every statement, and those of a chunk are long.
            reset_queries()
    report.refused, _ = scratch.count_findings()
    return report


def looked_through(path: Path, how: Encoding, job: Job, progress: Progress) -> tuple[int, Columns]:
    """Read a file to its end; return how many rows it has, and its columns."""
    size, count = path.stat().st_size, 0
    with opened(path, how, known=known_columns) as source:
        columns = read_columns(source.header, job.fields)
        job.check(columns)
        for count, _ in enumerate(source.rows, start=1):
            if count % ROWS_BETWEEN_TELLINGS == 0:
                progress("reading", source.position, size)
    progress("reading", size, size)
    return count, columns


def read_rows(rows: Iterator[Row], job: Job, columns: Columns, scratch: Scratch, report: BulkReport) -> Iterator[Asked]:
    """Yield the rows that ask for something; what is wrong with the others goes into the scratch file."""
    for row in rows:
        report.rows += 1
        if row.is_blank:
            report.blank_rows += 1
            continue
        try:
            yield row, read_row(row, job, columns, scratch)
        except BadCell as bad:
            cells = Cells(row, columns)
            column = columns.headers.get(bad.field) if bad.field else None
            refuse(scratch, row, bad.reason, column, cells.text(bad.field) if bad.field else None)


def read_row(row: Row, job: Job, columns: Columns, scratch: Scratch) -> Any:
    if row.flaw:
        raise BadCell(None, row.flaw)
    named, asked = job.read(Cells(row, columns))
    if (first := scratch.claim_sku(named, row.number)) != row.number:
        raise BadCell(None, f"Row {first} is about {named.partition(' ')[2]} already.")
    return asked


def write(chunk: Sequence[Asked], job: Job, scratch: Scratch, report: BulkReport, *, atomic: bool) -> None:
    if atomic and scratch.count_findings()[0]:
        report.is_refused = True
        return
    try:
        results = job.write([asked for _, asked in chunk], atomic=atomic, is_dry=report.is_dry)
    except services.BulkRefused as refused:
        report.is_refused = True
        for (row, _), item in zip(chunk, refused.details["items"], strict=True):
            if item["reason"]:
                refuse(scratch, row, item["reason"])
        return
    report.add(results)
    for (row, _), result in zip(chunk, results, strict=True):
        if result.is_refused:
            refuse(scratch, row, result.reason or "")


def refuse(scratch: Scratch, row: Row, reason: str, column: str | None = None, value: str | None = None) -> None:
    scratch.report([Finding(row.number, row.line, "", column, value, reason, Verdict.ROW_REFUSED)])
