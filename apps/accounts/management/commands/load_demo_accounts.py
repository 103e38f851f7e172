"""Make the demo accounts."""

import json
from argparse import ArgumentParser
from typing import Any

from apps.accounts.demo import BUYER, CLERKS, PASSWORD, load
from apps.core.commands import OperatorCommand
from apps.core.terminal import print_table


class Command(OperatorCommand):
    help = "Make an account for each role and a customer, all with one known password; on a developer's machine only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the accounts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        made = load()
        accounts = [
            {"role": account.role, "email": account.email, "password": PASSWORD, "new": account in made}
            for account in (*CLERKS, BUYER)
        ]
        if options["json"]:
            self.stdout.write(json.dumps(accounts))
        elif made:
            rows = [(account.role, account.email, PASSWORD) for account in made]
            print_table(self.stdout, ("demo login", "e-mail", "password"), rows)
        else:
            self.stdout.write("The demo accounts are there already.")
