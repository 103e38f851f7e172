"""Payments' side of sagas. Every effect is the gateway's: prepare, perform and record are commits apart."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from apps.core.money import in_words
from apps.payments import contracts, services
from apps.payments.gateways.base import Charge, Refunded
from apps.sagas.messages import Call, Reply, Unknown, Unreachable
from apps.sagas.participant import Participant

payments = Participant("payments", database="payments", lease_seconds=90.0)

DECLINED = {
    "card_declined": "The card was declined.",
    "insufficient_funds": "The card has insufficient funds.",
    "expired_card": "The card has expired.",
    "incorrect_cvc": "The card's security code is wrong.",
    "incorrect_number": "The card number is wrong.",
    "cancelled": "The payment was cancelled before any money moved.",
}


@payments.performs(contracts.ProcessPayment)
class ProcessPayment:
    """Take each order's money, once; a declined card refuses its own order only."""

    def prepare(self, calls: Sequence[Call[contracts.ProcessPayment]]) -> list[services.Attempt | Reply]:
        attempts = services.note_charges(asked=[asked_charge(call) for call in calls])
        return [attempt if attempt.is_open else decided(attempt) for attempt in attempts]

    def perform(self, works: Sequence[services.Attempt]) -> list[Charge | Unknown]:
        return services.charge(attempts=works)

    def record(self, works: Sequence[services.Attempt], results: Sequence[Charge | Unknown]) -> list[Reply | Unknown]:
        attempts = services.record_charges(attempts=works, results=results)
        return [
            unanswered(attempt, result) if attempt.state == "calling" else decided(attempt)
            for attempt, result in zip(attempts, results, strict=True)
        ]


@payments.performs(contracts.RefundPayment)
class RefundPayment:
    """Make sure that no order's money is ours; tried until the gateway has said so for certain."""

    def prepare(self, calls: Sequence[Call[contracts.RefundPayment]]) -> list[services.Undoing]:
        return services.note_undoings(asked=[asked_undoing(call) for call in calls])

    def perform(self, works: Sequence[services.Undoing]) -> list[tuple[services.Undone, ...]]:
        return services.undo(undoings=works)

    def record(self, works: Sequence[services.Undoing], results: Sequence[Any]) -> list[Reply | Unknown]:
        amounts = services.record_undoings(undoings=works, results=results)
        return [
            amount if isinstance(amount, Unknown) else contracts.PaymentRefunded(amount=amount) for amount in amounts
        ]


@payments.performs(contracts.WaivePayment)
class WaivePayment:
    """Note in the ledger what two people gave up, once the gateway has said what it holds."""

    def prepare(self, calls: Sequence[Call[contracts.WaivePayment]]) -> list[services.Waiving]:
        return services.note_waivers(asked=[asked_waiver(call) for call in calls])

    def perform(self, works: Sequence[services.Waiving]) -> list[list[Charge | Unknown]]:
        return services.close(waivings=works)

    def record(self, works: Sequence[services.Waiving], results: Sequence[Any]) -> list[Reply | Unknown]:
        waived = services.record_waivers(waivings=works, results=results)
        return [
            one if isinstance(one, Unknown) else contracts.PaymentWaived(amount=one.amount, currency=one.currency)
            for one in waived
        ]


@payments.handles(contracts.HoldRefund)
def hold_refunds(commands: Sequence[contracts.HoldRefund]) -> list[Reply]:
    """Promise each return its money; one that wants more than is left refuses itself only."""
    refused = services.hold_refunds(asked=commands)
    return [
        refund_exceeds_payment(command, refused[command.receipt_id])
        if command.receipt_id in refused
        else contracts.RefundHeld()
        for command in commands
    ]


@payments.handles(contracts.ReleaseRefund)
def release_refunds(commands: Sequence[contracts.ReleaseRefund]) -> list[Reply]:
    """Take each promise back."""
    services.release_refunds(asked=commands)
    return [contracts.RefundReleased() for _ in commands]


@payments.performs(contracts.RefundReturn)
class RefundReturn:
    """Give each return its money, once, under the key of the saga's effect."""

    def prepare(self, calls: Sequence[Call[contracts.RefundReturn]]) -> list[services.NotedRefund | Reply]:
        works = services.note_refunds(asked=[(call.effect_id, call.command) for call in calls])
        return [
            work if work is not None and work.is_open else contracts.ReturnRefunded(amount=call.command.amount)
            for call, work in zip(calls, works, strict=True)
        ]

    def perform(self, works: Sequence[services.NotedRefund]) -> list[Refunded | Unknown]:
        return services.give_back(refunds=works)

    def record(
        self, works: Sequence[services.NotedRefund], results: Sequence[Refunded | Unknown]
    ) -> list[Reply | Unknown]:
        services.record_refunds(refunds=works, results=results)
        return [
            result if isinstance(result, Unknown) else contracts.ReturnRefunded(amount=result.amount)
            for result in results
        ]


@payments.performs(contracts.WaiveRefund)
class WaiveRefund:
    """Note in the ledger which refunds two people gave up, once the gateway has said that it did not give them."""

    def prepare(self, calls: Sequence[Call[contracts.WaiveRefund]]) -> list[services.GivenUp | Reply]:
        noted = services.note_refund_waivers(asked=[(call.undone_effect_id, call.command) for call in calls])
        return [one if isinstance(one, services.GivenUp) else contracts.RefundWaived(amount=one) for one in noted]

    def perform(self, works: Sequence[services.GivenUp]) -> Sequence[Refunded | Unknown | None]:
        return services.look_for_refunds(given_up=works)

    def record(self, works: Sequence[services.GivenUp], results: Sequence[Any]) -> list[Reply | Unknown]:
        amounts = services.record_refund_waivers(given_up=works, results=results)
        return [one if isinstance(one, Unknown) else contracts.RefundWaived(amount=one) for one in amounts]


def refund_exceeds_payment(command: contracts.HoldRefund, available: Decimal) -> contracts.RefundExceedsPayment:
    left, wanted = in_words(available, command.currency), in_words(command.amount, command.currency)
    return contracts.RefundExceedsPayment(
        message=f"Only {left} of the payment is left to give back, and the return is worth {wanted}.",
        available=available,
    )


def asked_charge(call: Call[contracts.ProcessPayment]) -> services.AskedCharge:
    command = call.command
    return services.AskedCharge(
        key=call.effect_id,
        epoch=call.epoch,
        order_id=command.order_id,
        user_id=command.customer_id,
        amount=command.amount,
        currency=command.currency,
        payment_method=command.payment_method,
        statement=command.reference,
    )


def asked_undoing(call: Call[contracts.RefundPayment]) -> services.AskedUndoing:
    command = call.command
    return services.AskedUndoing(
        order_id=command.order_id, undone_key=call.undone_effect_id, epoch=call.epoch, reason=command.reason
    )


def asked_waiver(call: Call[contracts.WaivePayment]) -> services.AskedWaiver:
    command = call.command
    return services.AskedWaiver(
        order_id=command.order_id,
        undone_key=call.undone_effect_id,
        epoch=call.epoch,
        proposed_by=command.proposed_by,
        approved_by=command.approved_by,
        reason=command.reason,
    )


def unanswered(attempt: services.Attempt, result: Charge | Unknown) -> Unknown:
    """Return why an attempt is still open."""
    silence = Unreachable if isinstance(result, Unreachable) else Unknown
    return silence(attempt.error or "the gateway has not answered")


def decided(attempt: services.Attempt) -> Reply:
    """Return the reply for an attempt that calls no more; one that is being undone charges nothing any more."""
    if attempt.state == "succeeded" and attempt.payment_id:
        return contracts.PaymentSucceeded(
            payment_id=attempt.payment_id, gateway_reference=attempt.reference or str(attempt.asked.key)
        )
    reason = attempt.decline_reason or "card_declined" if attempt.state == "declined" else "cancelled"
    return contracts.PaymentDeclined(message=DECLINED.get(reason, "The payment was declined."), reason=reason)
