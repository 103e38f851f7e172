"""What holds when requests come at the same moment. Real threads, real commits."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.db import connections, transaction

from apps.core.testing.threads import at_once
from apps.core.testing.waiting import eventually
from apps.orders import selectors, services
from apps.orders.api.waiting import statuses
from apps.orders.contracts import ConfirmOrder
from apps.orders.models import Order, OrderLineItem
from apps.sagas.requests import ask
from apps.sagas.selectors import list_sagas

from .callers import guest
from .shop import Basket, fill, guest_cart, order, shirt

pytestmark = pytest.mark.committed(databases=["orders", "catalog"])


@pytest.fixture(autouse=True)
def _sagas_at_rest() -> Iterator[None]:
    """No other test finds the sagas of these orders due."""
    yield
    for saga in list_sagas(status="active", limit=1000):
        if saga.hold is None:
            ask(saga_id=saga.id, kind="pause", actor="test", reason="The test is over.")


class TestCheckoutsOfOneCart:
    def test_make_one_order(self):
        basket = guest_cart((shirt(), 1))

        outcomes = at_once(*[lambda: order(basket)] * 4)

        (placed,) = [one for one in outcomes if isinstance(one, Order)]
        refusals = [one for one in outcomes if isinstance(one, services.CartAlreadyOrdered)]
        assert [refusal.details for refusal in refusals] == [{"order_id": str(placed.id)}] * 3
        assert Order.objects.using("orders").filter(cart_id=basket.id).count() == 1

    def test_under_one_key_make_one_order_and_answer_with_it_or_ask_to_come_again(self):
        found, key = guest(shirt()), str(uuid4())

        answers = at_once(*[lambda: found.check_out(key=key)] * 4)

        accepted = [answer.json()["id"] for answer in answers if answer.status_code == 202]
        others = [answer.json()["code"] for answer in answers if answer.status_code != 202]
        (placed,) = Order.objects.using("orders").filter(cart_id=found.cart_id)
        assert len(accepted) >= 1
        assert set(accepted) == {str(placed.id)}
        assert set(others) <= {"idempotency_key_in_progress"}
        assert found.check_out(key=key).json()["id"] == str(placed.id)


class TestCheckoutsOfTheSameVariants:
    def test_do_not_wait_for_each_other(self):
        blue, red = shirt(inventory_quantity=100), shirt(inventory_quantity=100)
        slow, quick = (guest_cart((blue, 1), (red, 1)) for _ in range(2))

        with ThreadPoolExecutor(1) as other, transaction.atomic(using="orders"), transaction.atomic(using="catalog"):
            first = order(slow)
            # The first checkout is written and holds all that it locks; the second must end before it commits.
            (second,) = other.submit(at_once, partial(order, quick)).result(timeout=10)

        assert [type(first), type(second)] == [Order, Order]
        assert first.order_number != second.order_number


class TestLinesAddedToOneCart:
    def test_are_all_in_its_total(self):
        blue, red = shirt(price="49.00"), shirt(price="20.00")
        basket = guest_cart()

        at_once(*[lambda variant=variant: fill(basket, (variant, 1)) for variant in [blue, red] * 5])

        found = selectors.get_cart(cart_id=basket.id, buyer=basket.buyer)
        assert sorted((line.price, line.quantity) for line in found.lines) == [(Decimal(20), 5), (Decimal(49), 5)]
        assert (found.cart.subtotal_price, found.cart.total_price) == (Decimal("345.00"), Decimal("345.00"))

    def test_stop_at_the_stock_there_is(self):
        basket, scarce = guest_cart(), shirt(inventory_quantity=3)

        outcomes = at_once(*[lambda: fill(basket, (scarce, 1))] * 6)

        assert len([one for one in outcomes if isinstance(one, Basket)]) == 3
        assert len([one for one in outcomes if isinstance(one, services.InsufficientStock)]) == 3
        (line,) = selectors.get_cart(cart_id=basket.id, buyer=basket.buyer).lines
        assert line.quantity == 3

    @pytest.mark.parametrize("attempt", range(5))
    def test_during_a_checkout_are_ordered_or_refused(self, attempt):
        blue, red = shirt(), shirt()
        basket = guest_cart((blue, 1))

        placed, _ = at_once(lambda: order(basket), lambda: fill(basket, (red, 1)))

        in_cart = {line.variant_id for line in selectors.get_cart(cart_id=basket.id, buyer=basket.buyer).lines}
        in_order = set(OrderLineItem.objects.using("orders").filter(order=placed).values_list("variant_id", flat=True))
        assert in_cart == in_order


class TestWaitingForAnOrder:
    def test_ends_with_the_order(self):
        found = guest(shirt())

        def confirm_soon() -> None:
            orders = Order.objects.using("orders").filter(cart_id=found.cart_id)
            eventually(orders.exists, what="the order")
            services.confirm_orders(commands=[ConfirmOrder(order_id=orders.get().id)])

        answer, _ = at_once(lambda: found.check_out(prefer="wait=10"), confirm_soon)

        assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")

    def test_tells_the_end_at_the_look_that_follows_it(self):
        placed = order(basket := guest_cart((shirt(), 1)))

        def confirm(seconds: float) -> None:
            services.confirm_orders(commands=[ConfirmOrder(order_id=placed.id)])

        looks = statuses(order_id=placed.id, buyer=basket.buyer, seconds=5, pause=confirm)

        assert [look.status for look in looks] == ["processing", "confirmed"]

    def test_holds_no_connection_between_two_looks(self):
        placed = order(basket := guest_cart((shirt(), 1)))
        held = []

        def pause(seconds: float) -> None:
            held.append(connections["orders"].connection is not None)

        looks = statuses(order_id=placed.id, buyer=basket.buyer, seconds=5, pause=pause)

        assert [next(looks).status for _ in range(3)] == ["processing"] * 3
        assert held == [False, False]
