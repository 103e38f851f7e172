"""Load the demo shop."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from apps.catalog.demo.loading import load
from apps.core import clock
from apps.core.commands import OperatorCommand


class Command(OperatorCommand):
    help = "Put the demo shop, Lantern Quay, into the catalogue: what is there already stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print what was new as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load(now=clock.now())
        if options["json"]:
            self.stdout.write(json.dumps(asdict(loaded)))
        elif any(asdict(loaded).values()):
            self.stdout.write(
                f"Lantern Quay opens: {loaded.products} products in {loaded.variants} variants, "
                f"{loaded.shelves} shelves, {loaded.pieces} pieces in stock, {loaded.pictures} pictures drawn."
            )
        else:
            self.stdout.write("Lantern Quay is complete; nothing was added.")
