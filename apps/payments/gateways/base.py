"""
The port to a payment gateway. Every operation takes a batch and returns one answer a request, in their order.

A **charge** is known by its key, which payments makes: the identity of a saga's effect. Whatever is asked how often,
at most one charge comes about under a key, and its outcome never changes once it is final. From this a caller may
conclude, after a lost answer, that asking again is safe; and that what `find` or `cancel` calls final stays so.

What an adapter must do that the gateway may not do by itself:

- No retries of its own. Connecting takes 2 s at most, an answer 10 s (settings); then the answer is Unreachable.
- A time-out, a lost connection, a 502, 503 or 504: Unreachable. Another 5xx, "in use": Unknown. Never a decline.
- An error that the gateway may have saved and repeat for the same request is `Spent`: the next request carries the next
  `renewal`.
- A gateway with objects (Stripe's payment intents) sets `opens_first`. `open` makes the object, which moves no money,
  under a request key that is a function of the charge's key; the caller stores the reference before it goes on, so
  `find` and `cancel` ask for exactly this object, and `charge` confirms it under a request key made of key and
  `renewal`. A cancelled object cannot be confirmed: that is the fence. A compensation that finds no reference stored
  need not fence: the store of the reference is refused once a compensation has begun, and nobody charges without it.
- A gateway without objects fences by key: after `cancel`, a charge under the key is refused.
- A gateway with neither cannot be used in a saga: a request delayed on the way could land after the compensation.
- A refund's key may be forgotten after a day, and then a repetition of a refund of a part would pay twice: whoever
  asked for one before asks `find_refunds` first. A whole refund cannot be paid twice. An adapter finds them by what it
  wrote beside the refund, not by the request's key.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from apps.core.exceptions import DomainError
from apps.sagas.messages import Unknown


class ChargeState(StrEnum):
    """What a gateway can say of a key; all but `absent` are final."""

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ABSENT = "absent"
    """No money has moved; a charge under the key may still be asked for, or may be on its way."""


class GatewayUnreachable(DomainError):
    """The gateway did not answer a question that nothing but its answer serves."""

    code = "gateway_unreachable"
    status = 503


@dataclass(frozen=True, slots=True)
class Spent(Unknown):
    """The gateway answered with an error of its own, which it may repeat for this request for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeKey:
    """Names a charge; `reference` is the gateway's own name of it, where one was stored."""

    key: UUID
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRequest:
    """
    Asks for a charge of `amount`, above zero, in `currency` (ISO 4217).

    `payment_method` is the gateway's token; `statement` is what the buyer's statement shows; `renewal` counts the
    `Spent` answers so far.
    """

    key: UUID
    order_id: UUID
    amount: Decimal
    currency: str
    payment_method: str
    statement: str
    reference: str | None = None
    renewal: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """
    What the gateway holds under a key. `decline_reason` is its word, such as `insufficient_funds`.

    `amount` is what was charged, `refunded` what of it was given back, in `currency`; zero unless it succeeded.
    """

    key: UUID
    state: ChargeState
    reference: str | None = None
    decline_reason: str | None = None
    amount: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequest:
    """Asks to give back `amount` of a charge, under a key of its own: one key, one refund."""

    key: UUID
    charge: ChargeKey
    amount: Decimal
    currency: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """The gateway gave `amount` back, and calls that `reference`."""

    key: UUID
    reference: str
    amount: Decimal


class Gateway(Protocol):
    """A payment gateway, as payments sees it; the module says what an adapter owes."""

    name: str
    opens_first: bool

    def open(self, requests: Sequence[ChargeRequest]) -> Sequence[str | Unknown]:
        """Make the object of each charge, by which no money moves, and return its reference; the same one again."""

    def charge(self, requests: Sequence[ChargeRequest]) -> Sequence[Charge | Unknown]:
        """Charge each key once; a key charged, declined or cancelled before gives that outcome again."""

    def find(self, keys: Sequence[ChargeKey]) -> Sequence[Charge | Unknown]:
        """Tell what became of each key; changes nothing."""

    def cancel(self, keys: Sequence[ChargeKey]) -> Sequence[Charge | Unknown]:
        """Refuse every later charge under each key, and tell what became of it until now: never `absent`."""

    def refund(self, requests: Sequence[RefundRequest]) -> Sequence[Refunded | Unknown]:
        """Give money back, once a key. A refusal is Unknown too: a compensation is asked again until it succeeds."""

    def find_refunds(self, requests: Sequence[RefundRequest]) -> Sequence[Refunded | Unknown | None]:
        """Tell what became of each refund, None where the gateway has not heard of its key; changes nothing."""

    def statement(self) -> Iterator[Charge]:
        """List every charge that the gateway holds, oldest first; raises GatewayUnreachable."""
