"""`manage.py import_taxonomy FILE`: the shop's categories follow a published taxonomy. See docs/catalog.md."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from apps.catalog.importing.taxonomy.run import TaxonomyReport, import_taxonomy
from apps.core.commands import OperatorCommand
from apps.core.exceptions import DomainError
from apps.core.terminal import print_table

NOTHING_IMPORTED = 2
SHOWN = 20


class Command(OperatorCommand):
    help = (
        "Import a taxonomy (Shopify's or Google's) as categories, or take up a newer edition of it: renames, moves, "
        "additions and removals. Exit code: 0 done, 2 nothing done."
    )
    # One of the checks asks the database of accounts, which categories do not need.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="Shopify's categories.txt or its JSON, or Google's list with ids")
        parser.add_argument("--dry-run", action="store_true", help="report what would happen, and write nothing")
        parser.add_argument("--force", action="store_true", help="also where more than a tenth would be renamed or go")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the report as JSON")

    def handle(self, *, file: Path, dry_run: bool, force: bool, as_json: bool, **options: Any) -> None:
        started = time.perf_counter()
        try:
            report = import_taxonomy(path=file, is_dry=dry_run, is_forced=force)
        except DomainError as error:
            raise CommandError(error.message, returncode=NOTHING_IMPORTED) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.", returncode=NOTHING_IMPORTED) from None
        report.seconds = time.perf_counter() - started
        if as_json:
            self.stdout.write(json.dumps(report.as_dict()))
        else:
            self.show(report)

    def show(self, report: TaxonomyReport) -> None:
        edition = " ".join(filter(None, (report.taxonomy, report.version)))
        said = "would become of it; nothing was written" if report.is_dry else "became of it"
        self.stdout.write(f"{report.file} ({edition}): what {said}, in {report.seconds:.1f} s.")
        print_table(
            self.stdout, ("categories", "number"), [(k.replace("_", " "), f"{n:,}") for k, n in report.counts.items()]
        )
        for kind, changes in report.changes.items():
            rows = [(one.taxonomy_id, one.before, one.after or "") for one in changes[:SHOWN]]
            if rows:
                print_table(self.stdout, (kind, "before", "after"), rows)
            if len(changes) > SHOWN:
                self.stdout.write(f"... and {len(changes) - SHOWN:,} more: --json lists all.")
        self.stdout.write(f"Products whose category goes: {report.products_moved:,}.")
        if report.needs_force and report.is_dry:
            self.stdout.write("That is more than a new edition changes: it would be done with --force alone.")
