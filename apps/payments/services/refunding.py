"""Undoing charges: close every key at the gateway, give back what was charged, note both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from apps.core.failpoints import failpoint
from apps.core.ids import new_id
from apps.payments.contracts import PaymentCaptured, PaymentReturned
from apps.payments.gateways.base import Charge, ChargeKey, ChargeState, Gateway, Refunded, RefundRequest
from apps.payments.gateways.current import current_gateway
from apps.payments.statements import DATABASE, SQL
from apps.sagas.messages import Unknown
from apps.sagas.outbox import publish


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedUndoing:
    """An order whose money must not be ours; `undone_key` and `epoch` are those of the charge to undo."""

    order_id: UUID
    undone_key: UUID
    epoch: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoneAttempt:
    """One attempt to close; amount and currency are None for a tombstone."""

    key: UUID
    payment_id: UUID | None
    state: str
    reference: str | None
    amount: Decimal | None
    currency: str | None

    @property
    def refund_key(self) -> UUID:
        """The key of the one refund that gives the whole charge back, whoever asks for it how often."""
        return uuid5(self.key, "refund")

    @property
    def waiver_key(self) -> UUID:
        """The identity of the one line by which the ledger gives the charge up."""
        return uuid5(self.key, "waiver")

    @property
    def reversal_key(self) -> UUID:
        """The identity of the one line that takes the waiver back: the money came back after all."""
        return uuid5(self.key, "waiver reversed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """One order's attempts, all of them: an earlier epoch's charge could still land."""

    asked: AskedUndoing
    attempts: tuple[UndoneAttempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What the gateway said of one attempt; `refund` is None where there was nothing to give back."""

    found: Charge | Unknown
    refund: Refunded | Unknown | None = None

    @property
    def unknown(self) -> Unknown | None:
        """Why the attempt is not undone yet; None when it is."""
        return next((answer for answer in (self.found, self.refund) if isinstance(answer, Unknown)), None)

    @property
    def error(self) -> str | None:
        """The same as a sentence."""
        return self.unknown.error if self.unknown else None


def note_undoings(*, asked: Sequence[AskedUndoing]) -> list[Undoing]:
    """
    Note that orders' charges are to be undone, in the caller's transaction; in two statements.

    From its commit on no charge of these orders is started. Where the charge was never noted, its tombstone is.

    Args:
        asked: each order once.

    Returns:
        What is to be closed at the gateway, in the order asked; every order has one attempt at least.

    Source: statements sql/leave_tombstones.sql and sql/note_undoings.sql.
    """
    SQL.run(
        "leave_tombstones",
        ids=[ask.undone_key for ask in asked],
        order_ids=[ask.order_id for ask in asked],
        epochs=[ask.epoch for ask in asked],
        gateway=current_gateway().name,
    )
    attempts: dict[UUID, list[UndoneAttempt]] = {}
    for row in SQL.rows("note_undoings", order_ids=[ask.order_id for ask in asked]):
        attempts.setdefault(row["order_id"], []).append(_undone_attempt_of(row))
    return [Undoing(asked=ask, attempts=tuple(attempts[ask.order_id])) for ask in asked]


def _undone_attempt_of(row: dict[str, Any]) -> UndoneAttempt:
    return UndoneAttempt(
        key=row["id"],
        payment_id=row["payment_id"],
        state=row["state"],
        reference=row["gateway_reference"],
        amount=row["amount"],
        currency=row["currency"],
    )


def undo(*, undoings: Sequence[Undoing], gateway: Gateway | None = None) -> list[tuple[Undone, ...]]:
    """
    Close every key, and give back what was charged under it, with no transaction open; two calls a batch.

    The gateway is always asked, also after a decline: an earlier request could still land.

    Args:
        undoings: as note_undoings returned them.
        gateway: None for the configured one.

    Returns:
        One answer an attempt, in the order of each undoing's attempts.
    """
    gateway = gateway or current_gateway()
    pairs = [(undoing, attempt) for undoing in undoings for attempt in undoing.attempts]
    replies = gateway.cancel([ChargeKey(key=attempt.key, reference=attempt.reference) for _, attempt in pairs])
    found = {attempt.key: closing(attempt, reply) for (_, attempt), reply in zip(pairs, replies, strict=True)}
    failpoint("after_fence")
    requests = [
        _refund_request(attempt, charge, undoing.asked.reason)
        for undoing, attempt in pairs
        if isinstance(charge := found[attempt.key], Charge) and charge.state is ChargeState.SUCCEEDED
    ]
    refunds = dict(zip((request.charge.key for request in requests), gateway.refund(requests), strict=True))
    return [
        tuple(Undone(found=found[attempt.key], refund=refunds.get(attempt.key)) for attempt in undoing.attempts)
        for undoing in undoings
    ]


def closing(attempt: UndoneAttempt, answer: Charge | Unknown) -> Charge | Unknown:
    """Return an answer that closes an attempt, or Unknown where it contradicts what the gateway said before."""
    answer = closed(answer)
    if isinstance(answer, Unknown):
        return answer
    if answer.state is not ChargeState.SUCCEEDED:
        if attempt.state in ("succeeded", "refunded"):
            return Unknown(f"the gateway says {answer.state} of a charge that it reported before")
        return answer
    if attempt.amount is not None and (answer.amount, answer.currency) != (attempt.amount, attempt.currency):
        return Unknown(f"the gateway holds {answer.amount:f} {answer.currency} under the key")
    return answer


def closed(answer: Charge | Unknown) -> Charge | Unknown:
    """Return an answer after which no charge can come under the key, or Unknown."""
    if isinstance(answer, Charge) and answer.state is ChargeState.ABSENT:
        return Unknown("the gateway has not closed the key")
    return answer


def _refund_request(attempt: UndoneAttempt, charge: Charge, reason: str) -> RefundRequest:
    """Ask for all that was charged; a gateway's charge names its currency."""
    return RefundRequest(
        key=attempt.refund_key,
        charge=ChargeKey(key=attempt.key, reference=charge.reference),
        amount=charge.amount,
        currency=charge.currency or "",
        reason=reason,
    )


def record_undoings(*, undoings: Sequence[Undoing], results: Sequence[Sequence[Undone]]) -> list[Decimal | Unknown]:
    """
    Note what the gateway said, in the caller's transaction: attempts, refunds, ledger, payments, events.

    Three statements, one more where waived money came back, and one where this database had lost a charge. What is
    known is noted even where the whole is not done yet.

    Args:
        undoings: as note_undoings returned them.
        results: one an undoing, as undo returned them.

    Returns:
        The amount that went back for each order, zero where none had come, in order; Unknown while something is open.
    """
    pairs = [
        (undoing, attempt, undone)
        for undoing, answers in zip(undoings, results, strict=True)
        for attempt, undone in zip(undoing.attempts, answers, strict=True)
    ]
    _recover(pairs)
    lines = SQL.rows("record_undoings", **_columns(pairs))
    SQL.run("fold_payments", order_ids=[undoing.asked.order_id for undoing in undoings])
    if any(line["is_waived"] for line in lines):
        _reverse_waivers([attempt for _, attempt, undone in pairs if undone.refund])
    publish([_event_of(line) for line in lines], using=DATABASE)
    return [_amount_returned(answers) for answers in results]


Pairs = Sequence[tuple[Undoing, UndoneAttempt, Undone]]


def _recover(pairs: Pairs) -> None:
    """Take over from the gateway the charges for which there is but a tombstone."""
    lost = [
        (undoing, attempt, undone.found)
        for undoing, attempt, undone in pairs
        if attempt.payment_id is None
        and isinstance(undone.found, Charge)
        and undone.found.state is ChargeState.SUCCEEDED
    ]
    if lost:
        SQL.run(
            "recover_charges",
            ids=[attempt.key for _, attempt, _ in lost],
            order_ids=[undoing.asked.order_id for undoing, _, _ in lost],
            payment_ids=[new_id() for _ in lost],
            amounts=[charge.amount for _, _, charge in lost],
            currencies=[charge.currency for _, _, charge in lost],
            gateway=current_gateway().name,
        )


def _reverse_waivers(attempts: Sequence[UndoneAttempt]) -> None:
    """Take back the waivers of what came back after all: a refund may land after people had given it up."""
    SQL.run(
        "reverse_waivers",
        waiver_effect_ids=[attempt.waiver_key for attempt in attempts],
        line_ids=[new_id() for _ in attempts],
        effect_ids=[attempt.reversal_key for attempt in attempts],
    )


def _columns(pairs: Pairs) -> dict[str, list[Any]]:
    """Return the arrays of record_undoings.sql, one place an attempt."""
    charges = [undone.found if isinstance(undone.found, Charge) else None for _, _, undone in pairs]
    refunds = [undone.refund if isinstance(undone.refund, Refunded) else None for _, _, undone in pairs]
    return {
        "ids": [attempt.key for _, attempt, _ in pairs],
        "founds": [charge and charge.state.value for charge in charges],
        "references": [charge and charge.reference for charge in charges],
        "reasons": [charge and charge.decline_reason for charge in charges],
        "errors": [undone.error for _, _, undone in pairs],
        "refund_ids": [new_id() for _ in pairs],
        "refund_keys": [attempt.refund_key for _, attempt, _ in pairs],
        "refund_references": [refund and refund.reference for refund in refunds],
        "refund_reasons": [undoing.asked.reason for undoing, _, _ in pairs],
        "capture_line_ids": [new_id() for _ in pairs],
        "refund_line_ids": [new_id() for _ in pairs],
    }


def _event_of(line: dict[str, Any]) -> PaymentCaptured | PaymentReturned:
    """Return the event of a new line in the ledger; captures stand first in the statement's answer."""
    kind = PaymentCaptured if line["kind"] == "capture" else PaymentReturned
    return kind(
        payment_id=line["payment_id"],
        order_id=line["order_id"],
        amount=abs(line["amount"]),
        currency=line["currency"],
    )


def _amount_returned(answers: Iterable[Undone]) -> Decimal | Unknown:
    """Return what went back of an order; Unknown while anything of it is open."""
    total = Decimal(0)
    for undone in answers:
        if undone.unknown is not None:
            return undone.unknown
        if isinstance(undone.refund, Refunded):
            total += undone.refund.amount
    return total
