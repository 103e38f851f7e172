"""`manage.py export_products FILE`: the catalogue as a product CSV that `import_products` reads."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.management.base import OutputWrapper as Output
from django.db import DatabaseError
from rich.console import Console

from apps.catalog.importing import screen
from apps.catalog.importing.export import Exported, Writable, export_products


class Command(BaseCommand):
    help = "Write every product into a Shopify product CSV, in the layout of 2024."
    # One of the checks asks the database of accounts, which products do not need.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="where to; - is the standard output")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print what was written as JSON")

    def handle(self, *, file: str, as_json: bool, **options: Any) -> None:
        try:
            if file == "-":
                export(Paper(self.stdout))
                return
            exported = save(Path(file))
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from None
        except DatabaseError as error:
            raise CommandError(f"The database failed: {error}") from None
        told = {"file": file, "products": exported.products, "variants": exported.variants}
        sentence = f"{exported.products:,} products, {exported.variants:,} variants, in {file}."
        self.stdout.write(json.dumps(told) if as_json else sentence)


def export(file: Writable) -> Exported:
    with screen.progress_bar(Console(stderr=True)) as progress:
        return export_products(file, progress=progress)


def save(path: Path) -> Exported:
    """Write beside the file, and put it in its place once it is whole."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            exported = export(file)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return exported


class Paper:
    """The standard output, without the line end that commands add to what they say."""

    def __init__(self, stdout: Output) -> None:
        self.stdout = stdout

    def write(self, text: str, /) -> None:
        self.stdout.write(text, ending="")
