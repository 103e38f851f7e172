"""Whether the ledger, the payments and the attempts say the same."""

from dataclasses import dataclass
from uuid import UUID

from apps.payments.statements import SQL


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One disagreement; `order_id` is None for money at the gateway that belongs to no order of ours."""

    order_id: UUID | None
    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """How much there is: payments, ledger lines, and attempts whose outcome is not known yet."""

    payments: int
    lines: int
    open_attempts: int


def count_books() -> Books:
    """Return how much there is to check."""
    return SQL.rows("count_books", Books)[0]


def list_ledger_findings() -> list[Finding]:
    """
    Compare the ledger with the payments, order by order, and with the attempts.

    Returns:
        Every disagreement, by order; empty when all agree. Amounts are decimal strings in the payment's currency.

    Source: statement sql/list_ledger_findings.sql.
    """
    return SQL.rows("list_ledger_findings", Finding)
