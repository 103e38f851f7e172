"""What somebody changes by hand, and what every check says of it."""

from uuid import UUID

from django.db import connections, transaction

from apps.sagas.audit import SUBJECTS, turns


def run(alias: str, sql: str, **values: object) -> None:
    """Change something."""
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(sql, values)


def in_ledger(sql: str, **values: object) -> None:
    """Change the ledger as its owner can who disables the rule first."""
    with transaction.atomic(using="payments"):
        run("payments", "ALTER TABLE payment_ledger DISABLE TRIGGER payment_ledger_is_append_only")
        run("payments", sql, **values)
        run("payments", "ALTER TABLE payment_ledger ENABLE TRIGGER payment_ledger_is_append_only")


def found_of(saga_id: UUID) -> set[tuple[str, str]]:
    """Return what every check says of a saga: invariant and problem."""
    judged = turns.judge(SUBJECTS["saga"], [saga_id], list(SUBJECTS["saga"].checks))
    assert [one.check for one in judged if one.findings is None] == []
    return {(one.invariant, one.problem) for page in judged for one in page.findings or []}
