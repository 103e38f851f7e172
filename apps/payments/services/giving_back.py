"""Giving back what was promised to returns: note it, ask the gateway, note its answer and the ledger's line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from apps.core.exceptions import DomainError
from apps.core.ids import new_id
from apps.payments.contracts import PaymentReturned, ReceiptCommand
from apps.payments.gateways.base import ChargeKey, Gateway, Refunded, RefundRequest
from apps.payments.gateways.current import current_gateway
from apps.payments.statements import DATABASE, SQL
from apps.sagas.messages import Unknown
from apps.sagas.outbox import publish

from .holding import RefundAlreadyReleased, promise_anew

Answer = Refunded | Unknown


class NothingToRefund(DomainError):
    """An order has no captured payment from which a refund could come: our books lost it."""

    code = "nothing_to_refund"


class RefundGivenUp(DomainError):
    """Two people gave the refund up before; the gateway is asked no more."""

    code = "refund_given_up"


class AnotherRefundHasThisReceipt(DomainError):
    """A receipt was promised another amount than it asks for: a bug, so nothing is paid."""

    code = "another_refund_has_this_receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedRefund:
    """One refund to ask for; `tries` above one means that an earlier worker may have asked."""

    request: RefundRequest
    order_id: UUID
    receipt_id: UUID
    state: str
    tries: int

    @property
    def is_open(self) -> bool:
        """Whether the gateway's answer is still wanted."""
        return self.state == "calling"

    @property
    def waiver_key(self) -> UUID:
        """The identity of the one line by which the ledger gives the refund up."""
        return uuid5(self.request.key, "waiver")

    @property
    def reversal_key(self) -> UUID:
        """The identity of the one line that takes the waiver back: the money went back after all."""
        return uuid5(self.request.key, "waiver reversed")


def note_refunds(*, asked: Sequence[tuple[UUID, ReceiptCommand]]) -> list[NotedRefund | None]:
    """
    Note that refunds are asked of the gateway, in the caller's transaction; in one statement.

    A promise that this database lost is made anew.

    Args:
        asked: each with the key it is asked under, the identity of the saga's effect.

    Returns:
        Where each stands, in the order asked: `calling` are to be asked, `succeeded` are done. None for zero.

    Raises:
        RefundAlreadyReleased, RefundGivenUp, NothingToRefund, AnotherRefundHasThisReceipt: nothing of the batch may be
            committed.

    Source: statement sql/note_refunds.sql.
    """
    noted = noted_refunds(asked)
    if waived := [str(refund.receipt_id) for refund in noted if refund and refund.state == "waived"]:
        raise RefundGivenUp(f"The refunds of {', '.join(waived)} were given up.", receipt_ids=waived)
    return noted


def noted_refunds(every: Sequence[tuple[UUID, ReceiptCommand]]) -> list[NotedRefund | None]:
    """Do as note_refunds, and let pass what was given up."""
    asked = [(key, ask) for key, ask in every if ask.amount]
    noted = _note(asked)
    if lost := [ask for _, ask in asked if ask.receipt_id not in noted]:
        promise_anew(asked=lost)
        noted = noted | _note([(key, ask) for key, ask in asked if ask.receipt_id not in noted])
    return [_noted(ask, noted.get(ask.receipt_id)) if ask.amount else None for _, ask in every]


def _note(asked: Sequence[tuple[UUID, ReceiptCommand]]) -> dict[UUID, dict[str, Any]]:
    rows = SQL.rows("note_refunds", keys=[key for key, _ in asked], receipt_ids=[ask.receipt_id for _, ask in asked])
    return {row["receipt_id"]: row for row in rows}


def _noted(asked: ReceiptCommand, row: dict[str, Any] | None) -> NotedRefund:
    if row is None:
        raise NothingToRefund(f"The order {asked.order_id} has no captured payment.", order_id=str(asked.order_id))
    if row["state"] == "released":
        raise RefundAlreadyReleased(f"The receipt {asked.receipt_id} was undone.", receipt_ids=[str(asked.receipt_id)])
    if (row["amount"], row["currency"]) != (asked.amount, asked.currency):
        raise AnotherRefundHasThisReceipt(
            f"The receipt {asked.receipt_id} was promised {row['amount']} {row['currency']}, "
            f"and asks for {asked.amount:f} {asked.currency}.",
            receipt_id=str(asked.receipt_id),
        )
    return _refund_of(asked, **row)


def _refund_of(
    asked: ReceiptCommand,
    *,
    effect_id: UUID,
    attempt_id: UUID,
    gateway_reference: str | None,
    state: str,
    tries: int,
    **_: object,
) -> NotedRefund:
    request = RefundRequest(
        key=effect_id,
        charge=ChargeKey(key=attempt_id, reference=gateway_reference),
        amount=asked.amount,
        currency=asked.currency,
        reason=asked.reason,
    )
    return NotedRefund(request=request, order_id=asked.order_id, receipt_id=asked.receipt_id, state=state, tries=tries)


def give_back(*, refunds: Sequence[NotedRefund], gateway: Gateway | None = None) -> list[Answer]:
    """
    Ask the gateway for each refund, with no transaction open; look first for those that were asked before.

    Looking first is what keeps a retry from paying twice after the gateway forgot the key.

    Args:
        refunds: open ones, as note_refunds returned them.
        gateway: None for the configured one.

    Returns:
        The gateway's word on each, in order; Unknown where it gave none, or speaks of another amount.
    """
    gateway = gateway or current_gateway()
    again = [refund.request for refund in refunds if refund.tries > 1]
    looked = zip(again, gateway.find_refunds(again) if again else [], strict=True)
    known: dict[UUID, Answer] = {request.key: found for request, found in looked if found is not None}
    missing = [refund.request for refund in refunds if refund.request.key not in known]
    answers = gateway.refund(missing) if missing else []
    known |= {request.key: answer for request, answer in zip(missing, answers, strict=True)}
    return [_agreeing(refund.request, known[refund.request.key]) for refund in refunds]


def _agreeing(request: RefundRequest, answer: Answer) -> Answer:
    """Return an answer about the amount that was asked for, or Unknown."""
    if isinstance(answer, Refunded) and answer.amount != request.amount:
        return Unknown(f"the gateway gave back {answer.amount:f} under the key, not {request.amount:f}")
    return answer


def record_refunds(*, refunds: Sequence[NotedRefund], results: Sequence[Answer]) -> None:
    """
    Note the gateway's answers, in the caller's transaction: refunds, ledger, payments, events. What is noted stays.

    A refund that was given up and landed all the same takes its waiver back.

    Args:
        refunds: as note_refunds returned them.
        results: one a refund, as give_back returned them.
    """
    order_ids = [refund.order_id for refund in refunds]
    SQL.run("lock_payments", order_ids=order_ids)
    lines = SQL.rows(
        "record_refunds",
        keys=[refund.request.key for refund in refunds],
        references=[result.reference if isinstance(result, Refunded) else None for result in results],
        errors=[result.error if isinstance(result, Unknown) else None for result in results],
        line_ids=[new_id() for _ in refunds],
    )
    SQL.run("fold_payments", order_ids=order_ids)
    waived = {line["effect_id"] for line in lines if line["was_waived"]}
    if landed := [refund for refund in refunds if refund.request.key in waived]:
        SQL.run(
            "reverse_waivers",
            waiver_effect_ids=[refund.waiver_key for refund in landed],
            line_ids=[new_id() for _ in landed],
            effect_ids=[refund.reversal_key for refund in landed],
        )
    publish([_returned(line) for line in lines], using=DATABASE)


def _returned(line: dict[str, Any]) -> PaymentReturned:
    return PaymentReturned(
        payment_id=line["payment_id"],
        order_id=line["order_id"],
        amount=-line["amount"],
        currency=line["currency"],
    )
