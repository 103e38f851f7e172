"""What payments knows of orders' money."""

from .audit import Money, Movement, PromisedRefund, list_money, list_promised_refunds
from .books import Books, Finding, count_books, list_ledger_findings
from .payments import list_ledger, list_payments

__all__ = [
    "Books",
    "Finding",
    "Money",
    "Movement",
    "PromisedRefund",
    "count_books",
    "list_ledger",
    "list_ledger_findings",
    "list_money",
    "list_payments",
    "list_promised_refunds",
]
