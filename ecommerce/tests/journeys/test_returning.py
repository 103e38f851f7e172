"""From a confirmed order to goods back on the shelf and money back on the card, over HTTP, with real workers."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from pytest_django.fixtures import Settings

from apps.accounts.tests.factories import PASSWORD, UserFactory
from apps.catalog.selectors import list_variant_findings
from apps.core.testing.waiting import eventually
from apps.orders.models import OrderReturnLine
from apps.payments.gateways.current import current_gateway
from apps.payments.selectors import list_ledger_findings
from apps.payments.services import check_gateway
from apps.sagas.verification import find_broken_histories
from ecommerce.testing.books import charges_of, fetch, ledger_of, sold_of, stock_of
from ecommerce.testing.clerk import Clerk
from ecommerce.testing.customer import Customer
from ecommerce.testing.shop import PRICE, make_variants
from ecommerce.testing.stack import ALIASES, Stack
from ecommerce.testing.witnesses import promises_broken_in

pytestmark = pytest.mark.committed(databases=ALIASES)

STOCK = 10


def clerk(stack: Stack, role: str) -> Clerk:
    """Somebody of this role, signed in."""
    user = UserFactory.create(email=f"{uuid4().hex}@example.com", role=role)
    return Clerk(stack).sign_in(user.email, PASSWORD)


def bought(customer: Customer, variant_id: object, *, quantity: int) -> dict:
    """Buy so many pieces, and wait until the order's saga has ended."""
    cart_id = customer.fill_cart(str(variant_id), quantity=quantity)
    order = customer.check_out(cart_id, wait_seconds=20).expect(200)
    assert order["status"] == "confirmed"
    eventually(lambda: sold_of(variant_id) == quantity, what="the sale")
    return order


def asked(customer: Customer, order: dict, quantity: int) -> dict:
    """Ask to give pieces of the order's only line back."""
    (line,) = customer.ask("GET", f"/api/v1/orders/{order['id']}/").expect(200)["lines"]
    body = {"reason": "no_longer_wanted", "lines": [{"line_id": line["id"], "quantity": quantity}]}
    headers = {"Idempotency_Key": str(uuid4())}
    return customer.ask("POST", f"/api/v1/orders/{order['id']}/returns/", body, **headers).expect(201)


def goods_arrive(stack: Stack, returned: dict, quantity: int) -> None:
    """Have support approve the return, and the warehouse take so many pieces in, to be sold again."""
    page = f"/admin/orders/orderreturn/{returned['id']}/"
    clerk(stack, "support").click(page, "approve")
    line = OrderReturnLine.objects.using("orders").get(order_return_id=returned["id"])
    arrived = {f"quantity_{line.id}": str(quantity), f"restocks_{line.id}": "on"}
    clerk(stack, "warehouse").click(page, "receive", **arrived)


def ended(customer: Customer, returned: dict) -> dict:
    """Wait until the return is closed and its saga has ended; return it as the customer sees it."""
    path = f"/api/v1/orders/{returned['order_id']}/returns/{returned['id']}/"
    eventually(lambda: customer.ask("GET", path).expect(200)["status"] == "closed", what="the return's end")
    unfinished = "SELECT 1 FROM saga_transactions WHERE order_id = %s AND finished_at IS NULL"
    eventually(lambda: not fetch("orders", unfinished, returned["order_id"]), what="the saga's end")
    return customer.ask("GET", path).expect(200)


def objections(stack: Stack, order_id: UUID, variant_id: UUID) -> list[object]:
    """Return what the books, the stock, the histories and the witnesses say against an order."""
    sagas = {
        saga_id for (saga_id,) in fetch("orders", "SELECT id FROM saga_transactions WHERE order_id = %s", order_id)
    }
    return [
        *(one for one in (*list_ledger_findings(), *check_gateway()) if one.order_id == order_id),
        *list_variant_findings(variant_ids=[variant_id]),
        *(one for one in find_broken_histories() if one.saga_id in sagas),
        *promises_broken_in(stack, [order_id]),
    ]


@pytest.fixture(autouse=True)
def _same_gateway(stack: Stack, settings: Settings) -> Iterator[None]:
    """The books are compared with the gateway of the running shop."""
    settings.PAYMENT_GATEWAY_URL = stack.gateway.url
    current_gateway.cache_clear()
    yield
    current_gateway.cache_clear()


class TestReturning:
    @pytest.mark.parametrize("is_guest", [False, True], ids=["customer", "guest"])
    def test_part_of_an_order_brings_its_goods_and_its_money_back(self, stack, is_guest):
        (variant_id,) = make_variants(stock=STOCK)
        customer = Customer(stack) if is_guest else Customer(stack).sign_up()
        order = bought(customer, variant_id, quantity=3)
        total = Decimal(order["total_price"])

        returned = asked(customer, order, 2)
        goods_arrive(stack, returned, 2)
        shown = ended(customer, returned)

        assert (shown["refund_amount"], shown["lines"][0]["received_quantity"]) == (str(2 * PRICE), 2)
        assert (stock_of(variant_id), sold_of(variant_id)) == ((STOCK - 1, 0), 3)
        assert ledger_of(order["id"]) == [("capture", total), ("refund", -2 * PRICE)]
        ((charged, refunded),) = [
            (Decimal(one["amount"]), Decimal(one["refunded"])) for one in charges_of(stack, order["id"])
        ]
        assert (charged, refunded) == (total, 2 * PRICE)
        (mail,) = [text for text in stack.mails if returned["return_number"] in text]
        assert (order["order_number"] in mail, f"To: {customer.email}" in mail) == (True, True)
        status = customer.order_status(order["id"])
        assert (status["status"], status["financial_status"]) == ("confirmed", "partially_refunded")
        assert objections(stack, UUID(order["id"]), variant_id) == []

    def test_all_of_it_in_two_parts_gives_the_shipping_back_with_the_last(self, stack):
        (variant_id,) = make_variants(stock=STOCK)
        customer = Customer(stack)
        order = bought(customer, variant_id, quantity=2)
        total = Decimal(order["total_price"])

        for _ in range(2):
            returned = asked(customer, order, 1)
            goods_arrive(stack, returned, 1)
            last = ended(customer, returned)

        assert Decimal(last["shipping_amount"]) == Decimal(order["shipping_price"]) > 0
        assert (stock_of(variant_id), sold_of(variant_id)) == ((STOCK, 0), 2)
        assert sum(amount for _, amount in ledger_of(order["id"])) == 0
        assert [Decimal(one["refunded"]) for one in charges_of(stack, order["id"])] == [total]
        status = customer.order_status(order["id"])
        assert (status["financial_status"], status["fulfillment_status"]) == ("refunded", "returned")
        assert objections(stack, UUID(order["id"]), variant_id) == []
