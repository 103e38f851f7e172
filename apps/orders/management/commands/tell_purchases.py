"""`manage.py tell_purchases`: for orders that were confirmed before the catalogue asked who bought what."""

import json
from argparse import ArgumentParser
from typing import Any

from apps.core.commands import OperatorCommand
from apps.orders.services import tell_all_purchases


class Command(OperatorCommand):
    help = "Tell the catalogue who bought what with every confirmed order, so that reviews of buyers are verified."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the numbers as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        orders, reviews = tell_all_purchases()
        if options["json"]:
            self.stdout.write(json.dumps({"orders": orders, "reviews": reviews}))
        else:
            self.stdout.write(f"{orders} orders told of; {reviews} reviews are verified now or no more.")
