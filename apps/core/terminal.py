"""What commands print: tables for people."""

from collections.abc import Iterable, Sequence
from typing import TextIO, cast

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.table import Table

NARROWEST = 100


def print_table(stdout: OutputWrapper | TextIO, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under their column names; where no terminal tells its width, wide enough for a sentence."""
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*row)
    console = Console(file=cast(TextIO, stdout), soft_wrap=False, markup=False, highlight=False)
    if not console.is_terminal:
        console.width = NARROWEST + 60
    console.print(table)
