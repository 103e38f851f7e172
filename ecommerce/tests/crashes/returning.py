"""The returns that workers die over: what kind each is, how it may end, and the books that must agree then."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from apps.catalog.selectors import list_variant_findings
from apps.core.ids import new_id
from apps.orders import services
from apps.orders.buyers import Buyer
from apps.orders.models import Order, OrderLineItem, OrderReturn
from apps.orders.selectors import list_asked_lines
from apps.payments.contracts import HoldRefund
from apps.payments.selectors import list_ledger_findings
from apps.payments.services import check_gateway, hold_refunds
from apps.payments.testing import RunningGateway
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories
from ecommerce.testing.books import fetch, ledger_of, stock_of
from ecommerce.testing.mail_sink import MailLog
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import PRICE, make_variants
from ecommerce.testing.stack import LANES
from ecommerce.testing.witnesses import broken_promises

from .stories import FENCING, MAILING, PAYING

STOCK = 5
POOLED = 20


@dataclass(frozen=True)
class ReturnStory:
    """What kind of return it is, and how it may end; `fault` is what befalls the refund at the gateway, once."""

    name: str
    ends: tuple[str, ...]
    unpassed: frozenset[str] = FENCING
    fault: str = ""
    promised: bool = False
    overdue: bool = False

    def passes(self, point: str) -> bool:
        """Whether who works on it undisturbed comes to a place."""
        return point not in self.unpassed


BACK = ReturnStory("back", ("closed",))
# Whether the gateway gave the money nobody knows before it is asked, and the first worker asks no second time.
UNKNOWN = ReturnStory("unknown", ("closed",), FENCING | MAILING, fault="reset_with_effect")
UNANSWERED = ReturnStory("unanswered", ("closed",), FENCING | MAILING, fault="reset_without_effect")
# Somebody else was promised the payment: nothing is left of it, and the receipt is undone.
SHORT = ReturnStory("short", ("approved",), PAYING | MAILING, promised=True)
# Its deadline passes while the first worker is dead: undone, or carried on where the goods are the shop's.
OVERDUE = ReturnStory("overdue", ("closed", "approved"), overdue=True)
RETURN_STORIES = (BACK, UNKNOWN, UNANSWERED, SHORT, OVERDUE)


@dataclass(frozen=True)
class Bought:
    """A confirmed order of one piece of each of two variants."""

    order_id: UUID
    variants: list[UUID]


@dataclass(frozen=True)
class Returned:
    """A return of both pieces, received: the first can be sold again, the second cannot."""

    bought: Bought
    return_id: UUID
    number: str
    receipt_id: UUID

    @property
    def order_id(self) -> UUID:
        return self.bought.order_id


POOLS: dict[str, list[Bought]] = {}
"""Orders that are confirmed already, by the gateway that was paid: many cost hardly more than one."""


def bought() -> Bought:
    """Return a confirmed order that nobody else has."""
    pool = POOLS.setdefault(settings.PAYMENT_GATEWAY_URL, [])
    if not pool:
        baskets = [make_variants(stock=STOCK, variants=2) for _ in range(POOLED)]
        order_ids = place_orders(baskets)
        drain(LANES)
        pool.extend(Bought(order_id, basket) for order_id, basket in zip(order_ids, baskets, strict=True))
    return pool.pop()


def receive(story: ReturnStory, gateway: RunningGateway) -> Returned:
    """Buy two pieces, ask to give both back, and take them in."""
    made = approved_return(one := bought())
    if story.promised:
        promise_the_payment(one.order_id)
    if story.fault:
        gateway.fault(story.fault, operation="refund", count=1)
    first, second = (line.line_id for line in list_asked_lines(return_id=made.id))
    received = services.receive_return(
        return_id=made.id,
        arrived=[
            services.ArrivedLine(line_id=first, quantity=1),
            services.ArrivedLine(line_id=second, quantity=1, restocks=False),
        ],
        user_id=None,
    )
    assert received.receipt_id is not None
    return Returned(one, made.id, made.return_number, received.receipt_id)


def approved_return(one: Bought) -> OrderReturn:
    """Ask for a return of both pieces, the first variant's first, and approve it."""
    Order.objects.filter(id=one.order_id).update(user_id=(buyer := new_id()))
    lines = {line.variant_id: line.id for line in OrderLineItem.objects.filter(order_id=one.order_id)}
    made = services.request_return(
        buyer=Buyer(user_id=buyer),
        order_id=one.order_id,
        wanted=services.ReturnRequest(
            reason="damaged",
            lines=tuple(services.WantedLine(line_id=lines[variant], quantity=1) for variant in one.variants),
        ),
    )
    services.approve_return(return_id=made.id, user_id=None, now=timezone.now())
    return made


def promise_the_payment(order_id: UUID) -> None:
    """Promise all of an order's payment to another receipt."""
    promise = HoldRefund(
        order_id=order_id,
        return_id=new_id(),
        receipt_id=new_id(),
        amount=2 * PRICE,
        currency="USD",
        reason="other",
    )
    assert hold_refunds(asked=[promise]) == {}


def mails_about(number: str, mailbox: Path) -> int:
    return sum("\nSubject: " in mail and number in mail for mail in (file.read_text() for file in mailbox.iterdir()))


def check_return_books(made: Returned, story: ReturnStory, gateway: RunningGateway, mailbox: Path) -> str:
    """The return, its order, the stock, the ledger, the gateway and the mails tell one story; return how it ended."""
    ((status, refund),) = fetch(
        "orders", "SELECT status, refund_amount FROM order_returns WHERE id = %s", made.return_id
    )
    assert status in story.ends
    is_closed = status == "closed"
    assert fetch("orders", SAGA, made.receipt_id) == [("completed" if is_closed else "failed",)]
    assert refund == (2 * PRICE if is_closed else None)
    assert fetch("orders", MONEY, made.order_id) == [("refunded", "returned") if is_closed else ("paid", "unfulfilled")]
    assert [stock_of(variant) for variant in made.bought.variants] == [(STOCK - 1 + is_closed, 0), (STOCK - 1, 0)]
    given_back = 2 * PRICE if is_closed else Decimal(0)
    assert ledger_of(made.order_id) == [("capture", 2 * PRICE), *([("refund", -given_back)] if is_closed else [])]
    ((state, refunded),) = [(one["state"], Decimal(one["refunded"])) for one in gateway.charges(made.order_id)]
    assert (state, refunded) == ("succeeded", given_back)
    assert mails_about(made.number, mailbox) <= is_closed
    check_nobody_objects(made, gateway, mailbox)
    return str(status)


SAGA = "SELECT status FROM saga_transactions WHERE subject_id = %s"
MONEY = "SELECT financial_status, fulfillment_status FROM orders WHERE id = %s"


def check_nobody_objects(made: Returned, gateway: RunningGateway, mailbox: Path) -> None:
    """No witness, no book and no history of the order says anything against it."""
    assert broken_promises([made.order_id], gateway=gateway, mails=MailLog(mailbox.parent)) == []
    books = [one for one in (*list_ledger_findings(), *check_gateway()) if one.order_id == made.order_id]
    assert books == []
    assert list_variant_findings(variant_ids=made.bought.variants) == []
    sagas = {row[0]: row[1] for row in fetch("orders", SAGAS_OF, made.order_id)}
    broken = find_broken_histories(since=min(sagas.values()))
    assert [one for one in broken if one.saga_id in sagas] == []


SAGAS_OF = "SELECT id, created_at FROM saga_transactions WHERE order_id = %s"
