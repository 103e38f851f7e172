"""What an attempt to charge is, between the statements."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from apps.payments.gateways.base import ChargeKey, ChargeRequest

KEY_LIFE = timedelta(hours=23)
"""How long after the first call a key may still be charged: gateways forget keys after a day (Stripe's manual)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCharge:
    """One order's money, asked under `key`, the effect's identity; the rest is as in contracts.ProcessPayment."""

    key: UUID
    epoch: int
    order_id: UUID
    user_id: UUID | None
    amount: Decimal
    currency: str
    payment_method: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Where the attempt to charge stands; `tries` above one means that an earlier worker may have called."""

    asked: AskedCharge
    payment_id: UUID | None
    state: str
    tries: int
    renewal: int
    reference: str | None
    decline_reason: str | None
    error: str | None
    undo_asked: bool
    is_expired: bool

    @property
    def is_open(self) -> bool:
        """Whether something is left to do: a compensation that has begun leaves nothing."""
        return self.state == "calling" and not self.undo_asked


def key_of(attempt: Attempt) -> ChargeKey:
    return ChargeKey(key=attempt.asked.key, reference=attempt.reference)


def request_of(attempt: Attempt) -> ChargeRequest:
    asked = attempt.asked
    return ChargeRequest(
        key=asked.key,
        order_id=asked.order_id,
        amount=asked.amount,
        currency=asked.currency,
        payment_method=asked.payment_method,
        statement=asked.statement,
        reference=attempt.reference,
        renewal=attempt.renewal,
    )
