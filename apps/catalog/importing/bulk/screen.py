"""What a person at a terminal sees of such a file, and what a program reads."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice

from rich.console import Console
from rich.text import Text

from apps.catalog.importing.scratch import Scratch
from apps.catalog.importing.screen import MOST_REFUSED, line_of

from .report import BulkReport


def show(report: BulkReport, scratch: Scratch, console: Console) -> None:
    """Print what a file came to."""
    dry = " (dry run: nothing is written)" if report.is_dry else ""
    told = f": {report.encoding}, {report.rows:,} rows, {report.seconds:.1f} s"
    console.print(Text.assemble((report.file, "bold"), told, (dry, "bold yellow")))
    for note in notes(report):
        console.print(Text(note, style="yellow"))
    counts = f"{report.changed:,} changed, {report.unchanged:,} unchanged, {report.refused:,} refused."
    console.print(Text(counts, style="bold"))
    if report.change_id:
        console.print(Text(f"`manage.py undo_prices {report.change_id}` puts the prices back."))
    for finding in islice(scratch.findings(notes=False), MOST_REFUSED):
        console.print(Text(f"  {line_of(finding)}", style="red"))
    if report.refused > MOST_REFUSED:
        more = f"  and {report.refused - MOST_REFUSED:,} rows more; --json lists them all."
        console.print(Text(more, style="dim"))


def notes(report: BulkReport) -> Iterator[str]:
    if report.encoding_note:
        yield report.encoding_note
    if report.passed_over:
        yield f"Columns passed over: {', '.join(report.passed_over)}."
    if report.blank_rows:
        yield f"Blank rows passed over: {report.blank_rows:,}."


def pieces(report: BulkReport, scratch: Scratch) -> Iterator[str]:
    """Yield the pieces of a report as one JSON object: the numbers, then each of the `refused_rows`."""
    yield json.dumps(report.as_dict(), ensure_ascii=False)[:-1]
    yield ', "refused_rows": ['
    for index, finding in enumerate(scratch.findings(notes=False)):
        told = {name: value for name, value in asdict(finding).items() if name not in ("handle", "verdict")}
        yield (", " if index else "") + json.dumps(told, ensure_ascii=False)
    yield "]}"
