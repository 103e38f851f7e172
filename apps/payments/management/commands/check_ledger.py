"""`manage.py check_ledger [--gateway] [--json]`: do the books agree?"""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser

from apps.core.commands import OperatorCommand
from apps.core.terminal import print_table
from apps.payments.selectors import Books, Finding, count_books, list_ledger_findings
from apps.payments.services import check_gateway


class Command(OperatorCommand):
    help = "Compare the ledger with the payments of every order; exit 1 where they disagree."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--gateway", action="store_true", help="compare with the payment gateway too")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *, gateway: bool, **options: Any) -> None:
        books, findings = count_books(), list_ledger_findings()
        findings += check_gateway() if gateway else []
        self.report_json(books, findings) if options["json"] else self.report(books, findings)
        if findings:
            raise CommandError(f"The books disagree in {len(findings)} places: see above.")

    def report(self, books: Books, findings: list[Finding]) -> None:
        if findings:
            rows = [(str(row.order_id or "none"), row.what, row.expected, row.found) for row in findings]
            print_table(self.stdout, ["order", "what", "expected", "found"], rows)
        else:
            self.stdout.write("The books agree.")
        counted = f"{books.payments} payments and {books.lines} ledger lines; {books.open_attempts} attempts are open"
        self.stdout.write(f"Checked {counted}.")

    def report_json(self, books: Books, findings: list[Finding]) -> None:
        report = asdict(books) | {"findings": [asdict(finding) for finding in findings]}
        self.stdout.write(json.dumps(report, default=str))
