"""`manage.py count_stock FILE`: correct the stock by what was counted. See docs/catalog.md."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from apps.catalog.importing.counting import read_count
from apps.catalog.services import Because, CountReport, count_stock
from apps.core import clock
from apps.core.commands import OperatorCommand
from apps.core.exceptions import DomainError
from apps.core.terminal import print_table

SHOWN = 20
NOTHING_WRITTEN = 2


class Command(OperatorCommand):
    help = (
        "Correct the stock by a count: a CSV file with the columns sku, quantity (what stands on the shelf, held "
        "pieces included) and perhaps counted_at. Exit code: 0 done, 1 all but some lines (--force), 2 nothing done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report what would be corrected, and write nothing")
        parser.add_argument("--force", action="store_true", help="take the good lines although others have problems")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the report as JSON")

    def handle(self, *, file: Path, dry_run: bool, force: bool, as_json: bool, **options: Any) -> None:
        began = time.perf_counter()
        try:
            lines, problems = read_count(path=file, now=clock.now())
        except DomainError as error:
            raise CommandError(error.message, returncode=NOTHING_WRITTEN) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.", returncode=NOTHING_WRITTEN) from None
        because = Because(reference_type="count", notes=file.name)
        report = count_stock(lines=lines, problems=problems, is_dry=dry_run, is_forced=force, because=because)
        if as_json:
            self.stdout.write(json.dumps(asdict(report)))
        else:
            self.show(report, seconds=time.perf_counter() - began)
        if report.problems:
            said = "the others were written" if report.is_written else "nothing was written"
            code = 1 if report.is_written else NOTHING_WRITTEN
            raise CommandError(f"{len(report.problems):,} lines have problems; {said}.", returncode=code)

    def show(self, report: CountReport, *, seconds: float) -> None:
        said = "corrected" if report.is_written else "not corrected"
        self.stdout.write(f"{report.lines:,} lines in {seconds:.1f} s; the stock is {said}.")
        figures = ("counted", "differing", "surplus", "missing")
        print_table(self.stdout, ("", "number"), [(name, f"{getattr(report, name):,}") for name in figures])
        if report.problems:
            rows = [(str(one.number), one.sku, one.problem) for one in report.problems[:SHOWN]]
            print_table(self.stdout, ("line", "SKU", "problem"), rows)
        if len(report.problems) > SHOWN:
            self.stdout.write(f"... and {len(report.problems) - SHOWN:,} more: --json lists all.")
