"""`manage.py change_prices FILE`: new prices of any number of variants. The rules are in docs/catalog.md."""

from typing import Any

from django.core.management.base import CommandParser

from apps.catalog.importing.bulk import PriceJob
from apps.catalog.management.files import FileCommand


class Command(FileCommand):
    help = (
        "Change prices by a CSV with the columns sku and price, percent or amount, and compare_price. "
        f"{FileCommand.__doc__}"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--note", help="why, for who looks at the change later")

    def job(self, **options: Any) -> PriceJob:
        return PriceJob(note=options["note"])
