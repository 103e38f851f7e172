"""`manage.py import_products FILE`: a merchant's products into the catalogue. The rules are in docs/importing.md."""

import sqlite3
import time
from argparse import BooleanOptionalAction
from pathlib import Path
from typing import Any, TextIO, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from rich.console import Console

from apps.catalog.importing import listing, screen
from apps.catalog.importing.formats.opening import NAMES
from apps.catalog.importing.report import Report
from apps.catalog.importing.run import import_products
from apps.catalog.importing.scratch import Scratch, scratch
from apps.catalog.importing.terms import Shelving, Terms
from apps.core.clock import now
from apps.core.exceptions import DomainError

SOME_REFUSED = 1
NOTHING_IMPORTED = 2
INTERRUPTED = 130


class Command(BaseCommand):
    help = (
        "Import products from a file of Shopify, Spree, Medusa or Saleor. "
        "Exit code: 0 all imported, 1 some rows refused, 2 nothing done."
    )
    # One of the checks asks the database of accounts, which products do not need.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a product CSV, or what Saleor's dumpdata writes")
        parser.add_argument("--dry-run", action="store_true", help="report what would happen, and write nothing")
        parser.add_argument("--encoding", help="the file's encoding, where it is none that can be told")
        parser.add_argument(
            "--categories",
            choices=[*Shelving],
            default=Shelving.CREATE,
            help="make the categories the file names where they are missing (default), only match them, or ignore them",
        )
        parser.add_argument("--language", help="the products' language for the search, one of SEARCH_LANGUAGES")
        parser.add_argument("--format", choices=NAMES, help="whose file it is; without it the file's own look decides")
        parser.add_argument("--media-url", help="the folder of pictures that the file names without an address")
        parser.add_argument(
            "--fetch-images",
            action=BooleanOptionalAction,
            default=settings.IMPORT_FETCHES_IMAGES,
            help="note the images that the products name, to be fetched in the background",
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the report as JSON")
        parser.add_argument(
            "--report", type=Path, metavar="FILE", dest="listing_path", help="list all findings in a file, CSV or .json"
        )

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            with scratch() as desk:
                report = self.run_import(file, desk, **options)
                self.tell(report, desk, **options)
        except DomainError as error:
            raise CommandError(error.message, returncode=NOTHING_IMPORTED) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.", returncode=NOTHING_IMPORTED) from None
        except sqlite3.Error as error:
            raise CommandError(f"The scratch file failed: {error}. {ROOM}", returncode=NOTHING_IMPORTED) from None
        except DatabaseError as error:
            raise CommandError(f"The database failed: {first_line(error)} {AGAIN}", returncode=SOME_REFUSED) from None
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. {AGAIN}", returncode=INTERRUPTED) from None
        self.end(report)

    def run_import(self, file: Path, desk: Scratch, *, dry_run: bool, encoding: str | None, **options: Any) -> Report:
        terms = Terms(
            categories=Shelving(options["categories"]),
            language=options["language"],
            form=options["format"],
            media_url=options["media_url"],
            fetches_images=options["fetch_images"],
        )
        console = Console(stderr=True)
        started = time.perf_counter()
        with screen.progress_bar(console) as progress:
            report = import_products(
                path=file,
                scratch=desk,
                now=now(),
                is_dry=dry_run,
                encoding=encoding,
                terms=terms,
                progress=progress,
            )
        report.seconds = time.perf_counter() - started
        return report

    def tell(self, report: Report, desk: Scratch, *, as_json: bool, listing_path: Path | None, **options: Any) -> None:
        if listing_path:
            self.save(listing_path, report, desk)
        if as_json:
            for piece in listing.as_json(report, desk):
                self.stdout.write(piece, ending="")
            self.stdout.write("")
        else:
            screen.show(report, desk, screen.paper(cast(TextIO, self.stdout)))

    def save(self, path: Path, report: Report, desk: Scratch) -> None:
        try:
            listing.save(path, report, desk)
        except OSError as error:
            reason = f"The import is done, but {path} cannot be written: {error.strerror}."
            raise CommandError(reason, returncode=SOME_REFUSED) from None

    def end(self, report: Report) -> None:
        if not report.has_imported and report.rows > report.blank_rows:
            raise CommandError("Nothing was imported: every product is refused.", returncode=NOTHING_IMPORTED)
        if report.refused_rows:
            raise CommandError(f"Rows refused: {report.refused_rows:,}. The rest stands.", returncode=SOME_REFUSED)


ROOM = "It needs about twice the size of the file; set TMPDIR to a folder with room."
AGAIN = "The products written until then are whole; the same command again goes on from there."


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".") + "."
