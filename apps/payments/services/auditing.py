"""Comparing the books with the gateway. It reads only, but asks somebody outside, which selectors do not."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from apps.core.ids import FIRST_ID
from apps.payments.gateways.base import Charge, ChargeKey, ChargeState, Gateway, GatewayUnreachable
from apps.payments.gateways.current import current_gateway
from apps.payments.selectors import Finding
from apps.payments.statements import SQL

PAGE = 500


def check_gateway(*, gateway: Gateway | None = None) -> list[Finding]:
    """
    Compare the ledger with what the gateway says it holds, both ways; attempts under way are left out.

    Args:
        gateway: None for the configured one.

    Returns:
        Every disagreement; empty when all agree. `expected` is what the books say.

    Raises:
        GatewayUnreachable: the gateway does not answer; nothing is known.
    """
    gateway = gateway or current_gateway()
    findings = [finding for page in _pages(gateway.statement()) for finding in _unexpected(page)]
    return findings + [finding for keys in _captured_keys() for finding in _lost(gateway, keys)]


def list_charges(*, order_ids: Sequence[UUID], gateway: Gateway | None = None) -> dict[UUID, list[Charge]]:
    """
    Return what the gateway holds for each of these orders, under every key that it was ever asked for; one call.

    Args:
        gateway: None for the configured one.

    Raises:
        GatewayUnreachable: the gateway does not answer for all of them; nothing is known.
    """
    attempts = SQL.rows("list_attempt_ids", ids=list(order_ids)) if order_ids else []
    keys = [ChargeKey(key=attempt["id"], reference=attempt["gateway_reference"]) for attempt in attempts]
    answers = (gateway or current_gateway()).find(keys) if keys else []
    charges: dict[UUID, list[Charge]] = {order_id: [] for order_id in order_ids}
    for attempt, answer in zip(attempts, answers, strict=True):
        if not isinstance(answer, Charge):
            raise GatewayUnreachable(f"the gateway does not say what it holds: {answer.error}")
        charges[attempt["order_id"]].append(answer)
    return charges


def _pages(charges: Iterator[Charge]) -> Iterable[list[Charge]]:
    while page := list(islice(charges, PAGE)):
        yield page


def _unexpected(charges: Sequence[Charge]) -> list[Finding]:
    """Return where the gateway holds other money than the books say."""
    books = {row["id"]: row for row in SQL.rows("read_books", ids=[charge.key for charge in charges])}
    return [
        Finding(
            order_id=books[charge.key]["order_id"] if charge.key in books else None,
            what=f"charge {charge.key} at the gateway",
            expected=_book_in_words(books.get(charge.key)),
            found=f"captured {charge.amount:f}, refunded {charge.refunded:f}",
        )
        for charge in charges
        if not _agrees(charge, books.get(charge.key))
    ]


def _agrees(charge: Charge, book: dict[str, Any] | None) -> bool:
    """Tell whether the books say what the gateway says; what is under way agrees with everything."""
    if book is None:
        return charge.amount == charge.refunded
    return book["is_open"] or (
        (charge.amount, charge.refunded) == (book["captured"], book["refunded"])
        and (charge.amount == 0 or charge.currency == book["currency"])
    )


def _book_in_words(book: dict[str, Any] | None) -> str:
    return f"captured {book['captured']:f}, refunded {book['refunded']:f}" if book else "no such attempt"


def _captured_keys() -> Iterable[list[UUID]]:
    """Give the keys under which the books hold a charge, page by page."""
    after = FIRST_ID
    while keys := SQL.column("read_captured_keys", after=after, limit=PAGE):
        yield keys
        after = keys[-1]


def _lost(gateway: Gateway, keys: Sequence[UUID]) -> list[Finding]:
    """Return the charges in the books of which the gateway knows nothing."""
    answers = gateway.find([ChargeKey(key=key) for key in keys])
    absent = {
        key
        for key, answer in zip(keys, answers, strict=True)
        if isinstance(answer, Charge) and answer.state is ChargeState.ABSENT
    }
    return [
        Finding(
            order_id=row["order_id"],
            what=f"charge {row['id']} at the gateway",
            expected=_book_in_words(row),
            found="nothing",
        )
        for row in SQL.rows("read_books", ids=sorted(absent))
    ]
