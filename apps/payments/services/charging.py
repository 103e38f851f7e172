"""Noting charges: the intent before the gateway is called, and its answer afterwards, a few statements a batch."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from apps.core.exceptions import DomainError
from apps.core.ids import new_id
from apps.payments.contracts import PaymentCaptured
from apps.payments.gateways.base import Charge, Spent
from apps.payments.gateways.current import current_gateway
from apps.payments.statements import DATABASE, SQL
from apps.sagas.messages import Unknown
from apps.sagas.outbox import publish

from .attempts import KEY_LIFE, AskedCharge, Attempt


class AnotherChargeHasThisKey(DomainError):
    """An effect was asked a second time with another amount or currency: a bug, so nothing is charged."""

    code = "another_charge_has_this_key"


def note_charges(*, asked: Sequence[AskedCharge]) -> list[Attempt]:
    """
    Note the intent to charge each order, in the caller's transaction; in one statement.

    Args:
        asked: each key once, each order once; amounts above zero in their currency (ISO 4217).

    Returns:
        Where each attempt stands, in the order asked: fresh ones and those found again are open, others are decided.

    Raises:
        AnotherChargeHasThisKey: a key stands for another amount or currency; nothing of the batch may be committed.

    Source: SAGA crash analysis in docs/payments.md, statement sql/note_charges.sql.
    """
    rows = SQL.rows(
        "note_charges",
        ids=[ask.key for ask in asked],
        payment_ids=[new_id() for _ in asked],
        order_ids=[ask.order_id for ask in asked],
        user_ids=[ask.user_id for ask in asked],
        epochs=[ask.epoch for ask in asked],
        amounts=[ask.amount for ask in asked],
        currencies=[ask.currency for ask in asked],
        payment_methods=[ask.payment_method for ask in asked],
        gateway=current_gateway().name,
        key_life=KEY_LIFE,
    )
    by_key = {row["id"]: row for row in rows}
    return [_attempt_of(ask, by_key[ask.key]) for ask in asked]


def _attempt_of(asked: AskedCharge, row: dict[str, Any]) -> Attempt:
    """Return the attempt in a row of note_charges; refuse one that stands for another charge."""
    if row["amount"] is not None and (row["amount"], row["currency"]) != (asked.amount, asked.currency):
        raise AnotherChargeHasThisKey(
            f"The key {asked.key} stands for {row['amount']:f} {row['currency']}, "
            f"and was asked again for {asked.amount:f} {asked.currency}.",
            key=str(asked.key),
        )
    return Attempt(
        asked=asked,
        payment_id=row["payment_id"],
        state=row["state"],
        tries=row["tries"],
        renewal=row["renewal"],
        reference=row["gateway_reference"],
        decline_reason=row["decline_reason"],
        error=row["last_error"],
        undo_asked=row["undo_asked"],
        is_expired=bool(row["is_expired"]),
    )


def record_charges(*, attempts: Sequence[Attempt], results: Sequence[Charge | Unknown]) -> list[Attempt]:
    """
    Note the gateway's answers in the caller's transaction: attempts, ledger, payments, events; three statements.

    An attempt that somebody else decided meanwhile is left alone.

    Args:
        attempts: as note_charges returned them.
        results: one an attempt, as charge returned them.

    Returns:
        Where each attempt stands now, in order; `calling` where the answer is Unknown, with the error.
    """
    charges = [result if isinstance(result, Charge) else None for result in results]
    rows = SQL.rows(
        "record_charges",
        ids=[attempt.asked.key for attempt in attempts],
        states=[charge and charge.state.value for charge in charges],
        references=[charge and charge.reference for charge in charges],
        reasons=[charge and charge.decline_reason for charge in charges],
        errors=[result.error if isinstance(result, Unknown) else None for result in results],
        spent=[isinstance(result, Spent) for result in results],
        line_ids=[new_id() for _ in attempts],
    )
    decided = {row["id"]: row for row in rows}
    _announce(attempts, decided)
    missing = [attempt.asked.key for attempt in attempts if attempt.asked.key not in decided]
    if missing:
        decided |= {row["id"]: row for row in SQL.rows("read_attempts", ids=missing)}
    return [_moved(attempt, decided[attempt.asked.key]) for attempt in attempts]


def _announce(attempts: Sequence[Attempt], decided: dict[UUID, dict[str, Any]]) -> None:
    """Fold the payments of the attempts that were decided, and tell of the money that came."""
    order_ids, events = [], []
    for attempt in attempts:
        asked, state = attempt.asked, decided.get(attempt.asked.key, {}).get("state", "calling")
        if state != "calling":
            order_ids.append(asked.order_id)
        if state == "succeeded" and attempt.payment_id:
            events.append(
                PaymentCaptured(
                    payment_id=attempt.payment_id,
                    order_id=asked.order_id,
                    amount=asked.amount,
                    currency=asked.currency,
                )
            )
    if order_ids:
        SQL.run("fold_payments", order_ids=order_ids)
    publish(events, using=DATABASE)


def _moved(attempt: Attempt, row: dict[str, Any]) -> Attempt:
    """Return the attempt as its row stands now."""
    return replace(
        attempt,
        state=row["state"],
        reference=row["gateway_reference"],
        decline_reason=row["decline_reason"],
        error=row["last_error"],
    )
