"""The demonstrations on the terminal."""

import shlex
from collections.abc import Iterable, Sequence

from rich.box import ROUNDED
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table

from apps.orders.demo.telling import Teller as StoryTeller
from ecommerce.testing.scores import SEED

MOST_LINES = 24


class Teller(StoryTeller):
    """Tells of what is broken, shows the rows, and says of each claim whether it held."""

    def welcome(self, names: Sequence[str]) -> None:
        said = f"[bold]The shop, taken apart[/]\n{', '.join(names)}; CHAOS_SEED={SEED}"
        self.console.print(Panel(said, box=ROUNDED, border_style="cyan", expand=False, padding=(1, 4)))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print rows as they were found."""
        table = Table(*columns, box=None, header_style="bold", pad_edge=False)
        for row in rows:
            table.add_row(*(escape(str(cell)) for cell in row))
        self.console.print(Padding(table, (1, 0, 1, 4)))

    def command(self, arguments: Sequence[str], said: str) -> None:
        """Print a command and what it answered."""
        self.console.print(f"\n    [bold]$ manage.py {escape(shlex.join(arguments))}[/]")
        lines = said.rstrip().splitlines()
        for line in lines[:MOST_LINES]:
            self.console.print(f"    {line.rstrip()}", markup=False, no_wrap=True, overflow="ellipsis")
        if len(lines) > MOST_LINES:
            self.console.print(f"    … {len(lines) - MOST_LINES} lines more")
        self.console.print()

    def claim(self, said: str, holds: bool) -> None:
        self.console.print(f"  {'[bold green]yes[/]' if holds else '[bold red]NO [/]'}  {escape(said)}")

    def verdicts(self, table: Table) -> None:
        self.console.print()
        self.console.print(Rule("[bold]The verdict[/]", align="left", style="cyan"))
        self.console.print(table)
