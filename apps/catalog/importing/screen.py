"""What a person at a terminal sees of an import: a bar while it runs, then the numbers, then what was refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TextIO

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from .drafts import Finding
from .progress import Progress as Tell
from .progress import no_progress
from .report import Report, Tally
from .scratch import Scratch

MOST_REFUSED = 10
LONGEST_VALUE = 40
DOING = {
    "reading": "Reading the file",
    "writing": "Writing products",
    "exporting": "Writing the file",
    "changing": "Writing changes",
    "undoing": "Putting prices back",
}


@contextmanager
def progress_bar(console: Console) -> Iterator[Tell]:
    """Show a bar on a terminal, and nothing where the output goes into a file or a pipe."""
    if not console.is_terminal:
        yield no_progress
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(doing: str, done: int, total: int) -> None:
            if doing not in tasks:
                tasks[doing] = bar.add_task(DOING[doing], total=total)
            bar.update(tasks[doing], completed=done, total=total)

        yield tell


def paper(output: TextIO) -> Console:
    """Return a console that writes to a command's output, wide enough for sentences where that is no terminal."""
    is_terminal = output.isatty()
    return Console(file=output, force_terminal=is_terminal, width=None if is_terminal else 160, highlight=False)


def show(report: Report, scratch: Scratch, console: Console) -> None:
    """Print what an import came to."""
    console.print(headline(report))
    if report.encoding_note:
        console.print(Text(report.encoding_note, style="yellow"))
    console.print(numbers(report))
    for line in sentences(report):
        console.print(Text(line))
    show_notes(scratch, console)
    show_refused(report, scratch, console)


def headline(report: Report) -> Text:
    would = " (dry run: nothing is written)" if report.is_dry else ""
    return Text.assemble(
        (report.file, "bold"),
        f": {report.layout} layout, {report.encoding}, {report.rows:,} rows, {report.seconds:.1f} s",
        (would, "bold yellow"),
    )


def numbers(report: Report) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for heading in ("created", "updated", "unchanged", "refused"):
        table.add_column(heading, justify="right")
    table.add_row("products", *counts(report.products))
    table.add_row("variants", *counts(report.variants))
    table.add_row("rows", "", "", "", count_of(report.refused_rows, "bold red"))
    if report.categories_created:
        table.add_row("categories", f"{report.categories_created:,}")
    return table


def counts(tally: Tally) -> list[Text]:
    return [
        count_of(tally.created, "green"),
        count_of(tally.updated, "cyan"),
        count_of(tally.unchanged, ""),
        count_of(tally.refused, "bold red"),
    ]


def count_of(number: int, style: str) -> Text:
    return Text(f"{number:,}", style=style if number else "dim")


def sentences(report: Report) -> Iterator[str]:
    seen = report.seen
    yield f"In the file: {seen.products:,} products, {seen.variants:,} variants, {seen.images:,} images."
    if seen.stock is None:
        yield "The file has no column for stock; the shop's stock stays as it is."
    else:
        below = f", {seen.negative_stocks:,} of them below zero" if seen.negative_stocks else ""
        yield f"Stock: {seen.stock:,} pieces in the file{below}; {report.stock_stored:,} in the shop."
    if report.blank_rows:
        yield f"Blank rows passed over: {report.blank_rows:,}."
    if report.rows_of_refused_products:
        yield f"Rows of refused products, of which nothing is imported: {report.rows_of_refused_products:,}."
    if report.not_in_file:
        yield f"Variants of these products that the file does not name, left as they are: {report.not_in_file:,}."


def show_notes(scratch: Scratch, console: Console) -> None:
    kinds = scratch.kinds_of_notes()
    if not kinds:
        return
    console.print(Text("\nNoted", style="bold yellow"))
    for count, finding in kinds:
        console.print(Text(f"  {count:,} x {finding.column}, first in {line_of(finding, names_column=False)}"))


def show_refused(report: Report, scratch: Scratch, console: Console) -> None:
    if not report.refused_rows and not report.products.refused:
        return
    console.print(Text("\nRefused", style="bold red"))
    for finding in islice(scratch.findings(notes=False), MOST_REFUSED):
        console.print(Text(f"  {line_of(finding)}"))
    if report.refused_rows > MOST_REFUSED:
        more = report.refused_rows - MOST_REFUSED
        console.print(Text(f"  and {more:,} rows more; --report FILE lists them all.", style="dim"))


def line_of(finding: Finding, *, names_column: bool = True) -> str:
    """Say where a finding is and what it is: row 12 (linen-shirt), Variant Price "1,299": Not a plain number. ..."""
    where = f"row {finding.row}" + (f" ({finding.handle})" if finding.handle else "")
    value = (finding.value or "").replace("\n", " ")
    shown = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
    column = f", {finding.column}" if finding.column and names_column else ""
    return where + column + (f' "{shown}"' if shown else "") + f": {finding.reason}"
