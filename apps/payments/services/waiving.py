"""Giving up what was not paid back: close every key at the gateway, let the ledger say who decided, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from apps.core.ids import new_id
from apps.payments.gateways.base import Charge, ChargeKey, Gateway, Refunded
from apps.payments.gateways.current import current_gateway
from apps.payments.statements import SQL
from apps.sagas.messages import Unknown

from .refunding import AskedUndoing, Undoing, Undone, UndoneAttempt, closed, closing, note_undoings, record_undoings


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWaiver:
    """An order whose refund two people gave up; `undone_key` and `epoch` are those of the charge."""

    order_id: UUID
    undone_key: UUID
    epoch: int
    proposed_by: str
    approved_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiving:
    """One order's attempts, all of them, and who gave them up."""

    asked: AskedWaiver
    undoing: Undoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """What the ledger says was given up; zero, and no currency, where the gateway holds nothing."""

    amount: Decimal
    currency: str | None


def note_waivers(*, asked: Sequence[AskedWaiver]) -> list[Waiving]:
    """
    Note that orders' charges are not paid back any more, in the caller's transaction; in two statements.

    From its commit on no charge of these orders is started. Where the charge was never noted, its tombstone is.

    Args:
        asked: each order once.

    Returns:
        What is to be closed at the gateway, in the order asked.
    """
    undoings = [
        AskedUndoing(order_id=ask.order_id, undone_key=ask.undone_key, epoch=ask.epoch, reason="waived")
        for ask in asked
    ]
    noted = note_undoings(asked=undoings)
    return [Waiving(asked=ask, undoing=undoing) for ask, undoing in zip(asked, noted, strict=True)]


def close(*, waivings: Sequence[Waiving], gateway: Gateway | None = None) -> list[list[Charge | Unknown]]:
    """
    Close every key, with no transaction open, and hear what the gateway holds under it; gives nothing back.

    Args:
        waivings: as note_waivers returned them.
        gateway: None for the configured one.

    Returns:
        One answer an attempt, in the order of each order's attempts.
    """
    gateway = gateway or current_gateway()
    keys = [
        ChargeKey(key=attempt.key, reference=attempt.reference)
        for waiving in waivings
        for attempt in waiving.undoing.attempts
    ]
    answers = iter(gateway.cancel(keys))
    return [[next(answers) for _ in waiving.undoing.attempts] for waiving in waivings]


def record_waivers(
    *, waivings: Sequence[Waiving], results: Sequence[Sequence[Charge | Unknown]]
) -> list[Waived | Unknown]:
    """
    Note what the gateway holds, and the adjustment of the ledger, in the caller's transaction; in four statements.

    What the gateway contradicts is left as the books have it: the waiver is of what they say was captured and not given
    back. Noted once an attempt, however often it is asked.

    Args:
        waivings: as note_waivers returned them.
        results: one list an order, as `close` returned them.

    Returns:
        What was given up of each order, in order; Unknown while the gateway has not answered for all its attempts.

    Source: statement sql/record_waivers.sql, rule waiver_is_by_two_people.
    """
    answered = [
        (waiving, answers) for waiving, answers in zip(waivings, results, strict=True) if _silence(answers) is None
    ]
    held = _held(answered) if answered else {}
    return [
        _silence(answers) or held.get(waiving.asked.order_id, Waived(amount=Decimal(0), currency=None))
        for waiving, answers in zip(waivings, results, strict=True)
    ]


Answered = Sequence[tuple[Waiving, Sequence[Charge | Unknown]]]


def _silence(answers: Sequence[Charge | Unknown]) -> Unknown | None:
    """Return why a charge may still come under one of the keys; None when all are closed."""
    return next((said for said in map(closed, answers) if isinstance(said, Unknown)), None)


def _held(answered: Answered) -> dict[UUID, Waived]:
    # Locks the attempts, so that the statements after it see what a late refund has noted.
    SQL.rows("note_undoings", order_ids=[waiving.asked.order_id for waiving, _ in answered])
    undoings = [_consistent(waiving.undoing, answers) for waiving, answers in answered]
    record_undoings(undoings=[undoing for undoing, _ in undoings], results=[undone for _, undone in undoings])
    pairs = [(waiving.asked, attempt) for waiving, _ in answered for attempt in waiving.undoing.attempts]
    rows = SQL.rows(
        "record_waivers",
        ids=[attempt.key for _, attempt in pairs],
        line_ids=[new_id() for _ in pairs],
        effect_ids=[attempt.waiver_key for _, attempt in pairs],
        proposed_by=[asked.proposed_by for asked, _ in pairs],
        approved_by=[asked.approved_by for asked, _ in pairs],
        reasons=[asked.reason for asked, _ in pairs],
    )
    return {row["order_id"]: Waived(amount=row["amount"], currency=row["currency"]) for row in rows}


def _consistent(undoing: Undoing, answers: Sequence[Charge | Unknown]) -> tuple[Undoing, tuple[Undone, ...]]:
    """Return the attempts of which the gateway says what the books can believe, with what it says."""
    known = [(attempt, closing(attempt, answer)) for attempt, answer in zip(undoing.attempts, answers, strict=True)]
    believed = [(attempt, charge) for attempt, charge in known if isinstance(charge, Charge)]
    return (
        replace(undoing, attempts=tuple(attempt for attempt, _ in believed)),
        tuple(Undone(found=charge, refund=_given_back(attempt, charge)) for attempt, charge in believed),
    )


def _given_back(attempt: UndoneAttempt, charge: Charge) -> Refunded | None:
    """Return the refund whose answer was lost, where the gateway has given all back."""
    if charge.amount == 0 or charge.refunded < charge.amount:
        return None
    return Refunded(key=attempt.refund_key, reference="found at the gateway", amount=charge.amount)
