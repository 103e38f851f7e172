"""Turn a shop with one place into a shop with several: all that is there stands at the first."""

from typing import Any

from django.core.management.base import CommandError

from apps.catalog.services import LocationNotFound, locate_stock
from apps.core.commands import OperatorCommand


class Command(OperatorCommand):
    help = (
        "Let every variant have places from now on: all that is in stock, and all that orders hold, stands at the open "
        "location with the lowest priority. Variants that have places keep them, so it can be repeated."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            located = locate_stock()
        except LocationNotFound as error:
            raise CommandError(f"{error.message} Add one first.") from None
        self.stdout.write(f"{located:,} variants have places now.")
