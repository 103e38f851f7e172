"""`manage.py demo`: a customer's journey through the running shop; with --load, the demo shop for it."""

import os
from argparse import ArgumentParser
from io import StringIO
from typing import Any, TextIO, cast

from django.conf import settings
from django.core.management import CommandError, call_command
from rich.console import Console

from apps.catalog.selectors import count_products
from apps.core.commands import OperatorCommand
from apps.core.running import HOST, stop_on_signals
from apps.orders.demo.callers import is_up
from apps.orders.demo.journey import Report, walk
from apps.orders.demo.standalone import running_shop
from apps.orders.demo.telling import Teller
from apps.sagas.console import as_json

WIDTH = 132
AUDITS = (("check_inventory",), ("check_ledger",), ("saga", "verify"))


class Command(OperatorCommand):
    help = (
        "Walk through the running shop as a customer: an order that is paid, one whose card is declined, and one that "
        "comes too late for the last piece; with the saga of each. --load puts the demo shop into an empty catalogue."
    )

    # They ask the databases, which run only once the shop does.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--load", action="store_true", help="load the demo shop, where there is no product yet")
        parser.add_argument("--url", help="the shop's address; by default this machine's, at PORT or 8000")
        parser.add_argument("--standalone", action="store_true", help="start a shop for the demo where none runs there")
        parser.add_argument("--json", action="store_true", help="print what happened as JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["load"]:
            self.load()
            return
        try:
            report = self.walked(options)
        except KeyboardInterrupt:
            raise CommandError("Stopped.") from None
        if options["json"]:
            self.stdout.write(as_json(report))
        if report.out_of_stock is None:
            raise CommandError("Nobody came too late for the last piece in a saga; run the demo again.")

    def walked(self, options: dict[str, Any]) -> Report:
        """Walk through the shop that runs, or through one started for it."""
        url = (options["url"] or f"http://{HOST}:{os.environ.get('PORT', '8000')}").rstrip("/")
        console = self.console(quiet=options["json"])
        if is_up(url):
            return walk(url, Teller(console), audit)
        if not options["standalone"]:
            raise CommandError(
                f"No shop answers at {url}: start it with `make run`, or let `manage.py demo --standalone` start one."
            )
        # A signal must not leave that shop behind.
        stop_on_signals()
        console.print("[dim]Starting servers, web, workers and payment gateway for the length of the demo ...[/]")
        with running_shop() as found:
            return walk(found, Teller(console), audit)

    def load(self) -> None:
        """Load the demo shop into an empty catalogue, and its accounts where the settings allow them."""
        if count_products():
            self.stdout.write("The catalogue has products; `manage.py load_demo_shop` adds the demo shop to them.")
            return
        call_command("load_demo_shop", stdout=self.stdout)
        if settings.DEMO_ACCOUNTS:
            call_command("load_demo_accounts", stdout=self.stdout)

    def console(self, *, quiet: bool) -> Console:
        console = Console(file=cast(TextIO, self.stdout), highlight=False, quiet=quiet)
        if not console.is_terminal:
            console.width = WIDTH
        return console


def audit() -> list[str]:
    """Check all books, and return what each check said. A check that finds something raises CommandError."""
    said = []
    for name, *arguments in AUDITS:
        answer = StringIO()
        call_command(name, *arguments, stdout=answer)
        said.append(f"manage.py {' '.join([name, *arguments])}: {' '.join(answer.getvalue().split())}")
    return said
