"""`manage.py audit`: does everything say the same?"""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, TextIO, cast

from django.core.management.base import CommandError
from rich.console import Console

from apps.core.commands import OperatorCommand
from apps.sagas import console as printing
from apps.sagas.audit import INVARIANTS, SUBJECTS, findings
from apps.sagas.audit.turns import Judged, allowed_seconds, review, turn, whole


class Command(OperatorCommand):
    help = (
        "Judge everything there is by every invariant, keep what is found, and exit with 1 where something is open. "
        "Reads in pages; may run beside everything else."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--turn", action="store_true", help="take one turn, as the beat job does, and no full pass")
        how.add_argument("--open", action="store_true", help="judge nothing, and list what is open")
        parser.add_argument("--subject", choices=list(SUBJECTS), help="judge these only; default: all")
        parser.add_argument("--invariant", choices=list(INVARIANTS), help="list findings of this one only")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console(file=cast(TextIO, self.stdout), highlight=False, width=WIDTH)
        unasked = set() if options["open"] else self.judge(options)
        found = findings.list_open(invariant=options["invariant"])
        if options["json"]:
            self.stdout.write(printing.as_json([printing.finding_fields(one) for one in found]))
        else:
            printing.print_findings(self.console, found)
        if unasked:
            raise CommandError(f"could not be judged, since somebody asked is away: {', '.join(sorted(unasked))}")
        if found:
            raise CommandError(f"{len(found)} findings are open")
        if not options["json"]:
            self.stdout.write("Every invariant holds.")

    def judge(self, options: dict[str, Any]) -> set[str]:
        """Judge; print what each check cost, and return those that could not be asked."""
        tallies = printing.Tallies()
        for one in turn(seconds=allowed_seconds()) if options["turn"] else passed(options["subject"]):
            tallies.add(one.check, rows=one.rows, seconds=one.seconds)
            if one.findings is None:
                tallies.unasked.add(one.check)
        if not options["json"]:
            tallies.print(self.console)
        return tallies.unasked


WIDTH = 160


def passed(subject: str | None) -> Iterator[Judged]:
    """Judge everything, of one subject where it is named, keep the findings, and look again at those that were open."""
    for judged in SUBJECTS.values() if subject is None else [SUBJECTS[subject]]:
        for one in whole(judged):
            findings.note(one.check, one.subject, one.findings or [])
            yield one
    review()
