"""`manage.py fetch_images`: fetch the images that imports noted, now."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from apps.catalog.importing.fetching.running import fetch_images, retry_images
from apps.core.commands import OperatorCommand


class Command(OperatorCommand):
    help = "Fetch the images that imports noted and that are due."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", action="store_true", help="ask again for those that were refused or given up")
        parser.add_argument("--at-most", type=int, default=1000, help="how many at most (1000)")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the result as JSON")

    def handle(self, *, retry: bool, at_most: int, as_json: bool, **options: Any) -> None:
        if retry:
            retry_images()
        done = fetch_images(at_most=at_most)
        if as_json:
            self.stdout.write(json.dumps(asdict(done)))
        else:
            self.stdout.write(f"Fetched: {done.fetched:,}. Later: {done.later:,}. Refused: {done.refused:,}.")
