"""The base of the commands that change much by a file."""

import sqlite3
import time
from pathlib import Path
from typing import Any, TextIO, cast
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from rich.console import Console

from apps.catalog.importing.bulk import ActivationJob, BulkReport, PriceJob, run
from apps.catalog.importing.bulk.screen import pieces, show
from apps.catalog.importing.scratch import Scratch, scratch
from apps.catalog.importing.screen import paper, progress_bar
from apps.core.exceptions import DomainError

SOME_REFUSED = 1
NOTHING_DONE = 2
INTERRUPTED = 130


class FileCommand(BaseCommand):
    """Exit code: 0 all done, 1 some rows refused, 2 nothing done."""

    # One of the checks asks the database of accounts, which products do not need.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report what would happen, and write nothing")
        parser.add_argument("--atomic", action="store_true", help="write all in one transaction, or nothing")
        parser.add_argument("--encoding", help="the file's encoding, where it is none that can be told")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the report as JSON")

    def job(self, **options: Any) -> PriceJob | ActivationJob:
        raise NotImplementedError

    def handle(self, *, file: Path, as_json: bool, **options: Any) -> None:
        job = self.job(**options)
        try:
            with scratch() as desk:
                report = self.run_job(job, file, desk, **options)
                self.tell(report, desk, as_json=as_json)
        except DomainError as error:
            raise CommandError(self.with_change(error.message, job), returncode=NOTHING_DONE) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.", returncode=NOTHING_DONE) from None
        except (sqlite3.Error, DatabaseError) as error:
            first = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
            raise CommandError(self.with_change(f"It broke off: {first}.", job), returncode=SOME_REFUSED) from None
        except KeyboardInterrupt:
            raise CommandError(self.with_change("Stopped.", job), returncode=INTERRUPTED) from None
        self.end(report)

    def run_job(
        self,
        job: PriceJob | ActivationJob,
        file: Path,
        desk: Scratch,
        *,
        dry_run: bool,
        atomic: bool,
        encoding: str | None,
        **options: Any,
    ) -> BulkReport:
        started = time.perf_counter()
        with progress_bar(Console(stderr=True)) as progress:
            report = run(
                path=file, job=job, scratch=desk, is_dry=dry_run, atomic=atomic, encoding=encoding, progress=progress
            )
        report.seconds = time.perf_counter() - started
        report.change_id = change_of(job)
        return report

    def tell(self, report: BulkReport, desk: Scratch, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write("".join(pieces(report, desk)))
        else:
            show(report, desk, paper(cast(TextIO, self.stdout)))

    def with_change(self, sentence: str, job: PriceJob | ActivationJob) -> str:
        """Say beside what went wrong what is written already, and how it is put back."""
        if (change_id := change_of(job)) is None:
            return sentence
        return f"{sentence} Some chunks are written: `manage.py undo_prices {change_id}` puts their prices back."

    def end(self, report: BulkReport) -> None:
        if report.is_refused:
            reason = f"Rows refused: {report.refused:,}. All or nothing was asked for, so nothing is changed."
            raise CommandError(reason, returncode=NOTHING_DONE)
        if report.refused:
            done = report.changed + report.unchanged
            sentence = "The rest stands." if done else "Nothing is changed."
            code = SOME_REFUSED if done else NOTHING_DONE
            raise CommandError(f"Rows refused: {report.refused:,}. {sentence}", returncode=code)


def change_of(job: PriceJob | ActivationJob) -> UUID | None:
    """Return what puts the prices back that a job changed; None where it changed none."""
    return job.change_id if isinstance(job, PriceJob) and job.has_changed else None
