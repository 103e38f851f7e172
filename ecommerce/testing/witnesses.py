"""
What the witnesses of an order saw: the gateway, the mail server, the history of its sagas, and callers of the shop.

Each witness is asked once for everything it noted; `register` judges what comes out, order by order.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.payments.testing import RunningGateway

from .books import fetch
from .mail_sink import MailLog
from .register import Asked, Effect, HandedOver, Settled, Testimony, Told, violations
from .stack import Stack

ORDER_NUMBER = re.compile(r"\b[A-Z]+-[0-9A-Za-z]+\b")
STATUSES = ("processing", "confirmed", "failed")
"""What a caller can be told that binds the next caller; an order that is shipped or returned is another story."""


def broken_promises(
    order_ids: Sequence[UUID],
    *,
    gateway: RunningGateway,
    mails: MailLog,
    told: Iterable[tuple[UUID, Told]] = (),
) -> list[str]:
    """Return what is wrong with the histories of these orders, each with its order's id; empty when all is well."""
    orders = {
        order_id: (number, total)
        for order_id, number, total in fetch(
            "orders", "SELECT id, order_number, total_price FROM orders WHERE id = ANY(%s)", list(order_ids)
        )
    }
    found = [f"{order_id}: no order of this id is known" for order_id in order_ids if order_id not in orders]
    histories = histories_of(orders, gateway, mails, told)
    return found + [
        f"{order_id}: {problem}"
        for order_id, (_, total) in orders.items()
        for problem in violations(histories[order_id], due=total)
    ]


def promises_broken_in(stack: Stack, order_ids: Sequence[UUID]) -> list[str]:
    """Return the same of orders of a running shop, with what its customers were told."""
    return broken_promises(order_ids, gateway=stack.gateway, mails=stack.mail_sink.log, told=list(stack.told))


def histories_of(
    orders: dict[UUID, tuple[str, Decimal]],
    gateway: RunningGateway,
    mails: MailLog,
    told: Iterable[tuple[UUID, Told]],
) -> dict[UUID, list[Testimony]]:
    """Return everything that was noted of each order."""
    histories: dict[UUID, list[Testimony]] = defaultdict(list)
    calls = gateway.calls()
    keys = _orders_by_key(calls, list(orders))
    numbers = {number: order_id for order_id, (number, _) in orders.items()}
    for order_id, testimony in (
        *_from_the_gateway(calls, gateway.effects(), keys),
        *_from_the_mail_server(mails.mails(), numbers),
        *_from_the_sagas(list(orders)),
        *((order_id, one) for order_id, one in told if one.status in STATUSES),
    ):
        if order_id in orders:
            histories[order_id].append(testimony)
    return histories


def _orders_by_key(calls: Sequence[dict[str, Any]], order_ids: list[UUID]) -> dict[str, UUID]:
    """Return the order behind each key: the gateway knows those it was asked to charge, payments the tombstones."""
    noted = fetch("payments", "SELECT id, order_id FROM payment_attempts WHERE order_id = ANY(%s)", order_ids)
    keys = {str(key): order_id for key, order_id in noted}
    for call in calls:
        if call["operation"] == "charge":
            keys |= {item["key"]: UUID(item["order_id"]) for item in call["request"] if item.get("order_id")}
    return keys


def _from_the_gateway(
    calls: Sequence[dict[str, Any]], effects: Sequence[dict[str, Any]], keys: dict[str, UUID]
) -> Iterator[tuple[UUID | None, Testimony]]:
    for effect in effects:
        yield (
            keys.get(effect["key"]),
            Effect(
                at=effect["happened_at"],
                what=effect["what"],
                key=effect["key"],
                amount=Decimal(effect["amount"]),
                refund_key=effect["refund_key"],
            ),
        )
    for call in calls:
        answers = call["answer"] or []
        for i, item in enumerate(call["request"]):
            key = item.get("charge_key") or item.get("key")
            yield keys.get(key), _asked(call, key, answers[i] if i < len(answers) else {})


def _asked(call: dict[str, Any], key: str, answer: dict[str, Any]) -> Asked:
    """Return one item of a call; what was never sent back says nothing."""
    said = answer.get("state")
    if call["operation"] == "refund" and answer.get("status") == 200:
        said = "refunded"
    came = call["outcome"] == "answered" and call["status"] == 200
    return Asked(
        begun_at=call["called_at"],
        ended_at=call["returned_at"] if came else None,
        operation=call["operation"],
        key=key,
        said=said if came else None,
        refunded=Decimal(answer.get("refunded", 0)),
        process=call["process"],
    )


def _from_the_mail_server(
    mails: Sequence[dict[str, Any]], numbers: dict[str, UUID]
) -> Iterator[tuple[UUID | None, Testimony]]:
    for mail in mails:
        named = [numbers[number] for number in ORDER_NUMBER.findall(mail["subject"] or "") if number in numbers]
        for order_id in named:
            yield (
                order_id,
                HandedOver(begun_at=mail["begun_at"], taken_at=mail["taken_at"], process=mail["process"]),
            )


SETTLED = """
WITH sagas AS (
    SELECT id, order_id, definition, status, created_at, finished_at FROM saga_transactions
    UNION ALL
    SELECT id, order_id, definition, status, created_at, finished_at FROM saga_archive
)
SELECT s.order_id, 'confirmed', e.at
FROM saga_events e
JOIN sagas s ON s.id = e.saga_id
WHERE s.order_id = ANY(%(ids)s) AND s.definition = 'order_processing'
  AND e.kind = 'completed' AND e.step = 'update_order_status'
UNION ALL
SELECT order_id, 'failed', finished_at
FROM sagas
WHERE order_id = ANY(%(ids)s) AND definition = 'order_processing' AND status = 'failed'
UNION ALL
SELECT order_id, 'returning', created_at
FROM sagas
WHERE order_id = ANY(%(ids)s) AND definition = 'return_order'
"""


def _from_the_sagas(order_ids: list[UUID]) -> Iterator[tuple[UUID | None, Testimony]]:
    for order_id, status, at in fetch("orders", SETTLED, ids=order_ids):
        assert isinstance(at, datetime)
        yield order_id, Settled(at=at.timestamp(), status=status)
