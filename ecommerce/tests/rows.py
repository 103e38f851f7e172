"""One row for each list of the back office, with the rows it names, as the database takes them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import product
from string import ascii_lowercase
from typing import Any

from apps.accounts.models import Address, Role, Session, User
from apps.accounts.tests.factories import AddressFactory, UserFactory
from apps.catalog.models import (
    Category,
    InventoryMovement,
    Market,
    Product,
    ProductReview,
    ProductVariant,
    SearchBoost,
    SearchSynonym,
)
from apps.catalog.tests.factories import CategoryFactory, ReviewFactory, VariantFactory
from apps.core import clock
from apps.core.ids import new_id
from apps.notifications.models import Message, Template
from apps.orders.models import Order, OrderReturn, ShoppingCart
from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.orders.tests.factories import (
    CartLineFactory,
    ConfirmedOrderFactory,
    OrderFactory,
    OrderLineFactory,
    ReturnLineFactory,
)
from apps.payments.models import LedgerLine, Payment, PaymentAttempt, PaymentMethod, WebhookEvent
from apps.sagas.execution import start
from apps.sagas.models import ArchivedSaga, AuditFinding, SagaDeadLetter, SagaRequest, SagaTransaction

LANGUAGES: Iterator[str] = ("".join(letters) for letters in product(ascii_lowercase, repeat=3))
MONEY = {"amount": Decimal("53.95"), "currency": "USD"}


def user_id() -> Any:
    return UserFactory.create().pk


def order_id() -> Any:
    """An order of a customer, with a line."""
    return OrderLineFactory.create(order__user_id=user_id()).order_id


def order_return() -> Any:
    """A return of a customer, with a line."""
    order = ConfirmedOrderFactory.create(user_id=user_id())
    return ReturnLineFactory.create(order_return__order=order, order_return__requested_by=order.user_id).order_return


def session() -> Any:
    expires_at = clock.now() + timedelta(days=1)
    return Session.objects.create(user=UserFactory.create(), jti=str(new_id()), expires_at=expires_at)


def saga_fields() -> dict[str, Any]:
    return {
        "id": new_id(),
        "definition": "order_processing",
        "version": 1,
        "subject_id": new_id(),
        "order_id": order_id(),
        "status": "active",
        "step": 3,
        "direction": "forward",
        "lane": "payments",
        "states": [str(state) for state in start(ORDER_PROCESSING).states],
        "effects_open": 0,
        "seq": 1,
        "data": {},
        "due_at": clock.now(),
    }


def saga(**fields: Any) -> SagaTransaction:
    return SagaTransaction.objects.create(**saga_fields() | fields)


def archived_saga() -> Any:
    return ArchivedSaga.objects.create(**saga_fields() | {"status": "completed", "finished_at": clock.now()})


def dead_letter(*, saga_id: Any = None, **fields: Any) -> SagaDeadLetter:
    row = {
        "saga_id": saga_id or saga().id,
        "step": "process_payment",
        "direction": "backward",
        "error": "away",
        "attempts": 5,
    }
    return SagaDeadLetter.objects.create(**row | fields)


def request() -> Any:
    row = {"saga_id": saga().id, "kind": "cancel", "actor": "ines", "reason": "", "idempotency_key": new_id()}
    return SagaRequest.objects.create(**row)


def finding() -> Any:
    row = {"invariant": "I8", "check_name": "history_leads_to_its_row", "subject": "saga", "subject_id": saga().id}
    return AuditFinding.objects.create(**row, problem="its row says step 3, its history 2")


def payment() -> Payment:
    return Payment.objects.create(order_id=order_id(), user_id=user_id(), gateway="fake", **MONEY)


def attempt() -> Any:
    paid = payment()
    row = {"id": new_id(), "payment": paid, "order_id": paid.order_id, "gateway": "fake", "state": "calling"}
    return PaymentAttempt.objects.create(**row, **MONEY)


def ledger_line() -> Any:
    paid = payment()
    row = {"payment": paid, "order_id": paid.order_id, "kind": "capture", "effect_id": new_id()}
    return LedgerLine.objects.create(**row, **MONEY)


def saved_card() -> Any:
    card = {"brand": "visa", "last4": "4242", "exp_month": 1, "exp_year": 2031}
    return PaymentMethod.objects.create(user_id=user_id(), gateway="fake", token=str(new_id()), **card)


def message(*, about: Any = None, **fields: Any) -> Message:
    row = {"kind": "order_confirmation", "order_id": about or order_id()}
    row |= {"recipient": "ada@example.com", "subject": "Thanks"}
    return Message.objects.create(**row | {"text": "Thanks", "html": "<p>Thanks</p>"} | fields)


def template() -> Any:
    words = {"subject": "Thanks", "text": "Thanks", "html": "<p>Thanks</p>"}
    return Template.objects.create(code="order_confirmation", language=next(LANGUAGES), **words)


ROWS: dict[type, Callable[[], Any]] = {
    User: lambda: UserFactory.create(role="support"),
    Address: AddressFactory.create,
    Role: lambda: Role.objects.create(name=str(new_id())),
    Session: session,
    Category: lambda: CategoryFactory.create(parent=CategoryFactory.create()),
    Product: lambda: VariantFactory.create().product,
    ProductVariant: VariantFactory.create,
    InventoryMovement: lambda: VariantFactory.create().movements.get(),
    ProductReview: lambda: ReviewFactory.create(user_id=user_id()),
    Market: lambda: Market.objects.create(code=str(new_id()), name="Europe", currency="EUR"),
    SearchSynonym: lambda: SearchSynonym.objects.create(phrase=str(new_id()), meaning="shirt"),
    SearchBoost: lambda: SearchBoost.objects.create(query="shirt", product=VariantFactory.create().product),
    Order: lambda: OrderFactory.create(user_id=user_id()),
    OrderReturn: order_return,
    ShoppingCart: lambda: CartLineFactory.create(cart__user_id=user_id(), cart__email="ada@example.com").cart,
    Payment: payment,
    PaymentAttempt: attempt,
    LedgerLine: ledger_line,
    PaymentMethod: saved_card,
    WebhookEvent: lambda: WebhookEvent.objects.create(gateway="fake", event_id=str(new_id()), type="paid", payload={}),
    SagaTransaction: saga,
    ArchivedSaga: archived_saga,
    SagaDeadLetter: dead_letter,
    SagaRequest: request,
    AuditFinding: finding,
    Message: message,
    Template: template,
}
