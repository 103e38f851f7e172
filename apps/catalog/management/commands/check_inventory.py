"""Prove that the stock adds up."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from apps.catalog.selectors import list_inventory_findings
from apps.core.commands import OperatorCommand
from apps.core.terminal import print_table


class Command(OperatorCommand):
    help = (
        "Check the equations of stock: movements = sellable + held, holds = held, totals of products, nothing negative "
        "without back-orders. Names every offender; exits with 1 when there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list_inventory_findings()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], default=str))
        elif findings:
            rows = [(f.kind, str(f.id), f.sku, f.expected, f.found) for f in findings]
            print_table(self.stdout, ("equation", "id", "SKU", "expected", "found"), rows)
        else:
            self.stdout.write("The stock adds up.")
        if findings:
            raise CommandError(f"The stock does not add up: {len(findings)} found.", returncode=1)
