"""What the five databases say of an order, once its saga has come to its end."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import OperationalError

from apps.accounts import selectors as accounts
from apps.catalog import selectors as catalog
from apps.catalog.selectors import StockCount, StockMovement
from apps.core.exceptions import DomainError
from apps.notifications import selectors as notifications
from apps.payments import selectors as payments
from apps.sagas.selectors import SagaView, get_saga

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.05


class AnotherShop(DomainError):
    """The shop at the address keeps its data somewhere else than these settings say."""

    code = "another_shop"


class SagaTookTooLong(DomainError):
    """A saga did not come to its end: probably no worker runs."""

    code = "saga_took_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """One line of the payments' ledger; `amount` in `currency` (ISO 4217), negative when it went back."""

    kind: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMail:
    """One mail about the order; `state` is `sent` once the mail server took it."""

    state: str
    recipient: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Of one order: its saga, its stock before and after by SKU, what moved, the money, the mails."""

    order: dict[str, Any]
    saga: SagaView
    before: list[StockCount]
    after: list[StockCount]
    movements: list[StockMovement]
    money: list[Money]
    mails: list[SeenMail]


def gather(order: dict[str, Any], before: Sequence[StockCount]) -> Evidence:
    """
    Return what is on record of an order, whose saga is waited for.

    Args:
        order: as the API answered it.
        before: the stock of its variants before it was placed.

    Raises:
        SagaTookTooLong: its saga has not ended within 30 s.
    """
    order_id = UUID(order["id"])
    saga = finished_saga(order_id)
    return Evidence(
        order=order,
        saga=saga,
        before=list(before),
        after=catalog.list_stock_counts(variant_ids=[count.variant_id for count in before]),
        movements=catalog.list_movements_of(reference_id=order_id),
        money=[
            Money(kind=line.kind, amount=line.amount, currency=line.currency)
            for line in payments.list_ledger(order_id=order_id)
        ],
        mails=[
            SeenMail(state=mail.state, recipient=mail.recipient, subject=mail.subject, text=mail.text)
            for mail in notifications.list_messages(order_id=order_id)
        ],
    )


def finished_saga(order_id: UUID) -> SagaView:
    """Return an order's saga once it has ended. Raises SagaTookTooLong."""
    gives_up_at = time.monotonic() + PATIENCE_SECONDS
    while (saga := get_saga(order_id)).finished_at is None:
        if time.monotonic() > gives_up_at:
            raise SagaTookTooLong(
                f"The saga of order {order_id} has not ended within {PATIENCE_SECONDS:.0f} s: does a worker run?"
            )
        time.sleep(PAUSE_SECONDS)
    return saga


def check_that_it_is_this_shop(url: str, user_id: UUID) -> None:
    """Refuse, with AnotherShop, where a customer who just signed up at the address is in no database of ours."""
    try:
        accounts.get_user(user_id=user_id)
    except (accounts.UserNotFound, OperationalError):
        raise AnotherShop(
            f"The shop at {url} keeps its data elsewhere than these settings say; run the demo where that shop runs."
        ) from None
