"""What the saga's commands do to orders."""

from collections.abc import Sequence

import pytest

from apps.core.ids import new_id
from apps.core.testing.statements import statements
from apps.orders import handlers, services
from apps.orders.contracts import ConfirmOrder, OrderIsClosed, OrderIsConfirmed, OrderIsRejected, RejectOrder
from apps.orders.models import Order
from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.sagas.messages import Reply
from apps.sagas.registry import definition

from .factories import OrderFactory
from .shop import history, told

pytestmark = pytest.mark.django_db(databases=["orders"])


def state(order: Order) -> tuple[str, str, str | None, str | None]:
    order.refresh_from_db(using="orders")
    return order.status, order.financial_status, order.failure_code, order.failure_reason


def confirm(*orders: Order) -> Sequence[Reply]:
    return handlers.confirm_orders([ConfirmOrder(order_id=order.id) for order in orders])


def reject(*orders: Order) -> Sequence[Reply]:
    return handlers.reject_orders(
        [RejectOrder(order_id=order.id, code="payment_declined", reason="The card was declined.") for order in orders]
    )


CONFIRMED = ("confirmed", "paid", None, None)
FAILED = ("failed", "voided", "payment_declined", "The card was declined.")


class TestOrders:
    def test_conducts_the_order_saga(self):
        assert definition("order_processing", 1) is ORDER_PROCESSING
        assert handlers.orders.database == "orders"


class TestConfirmOrder:
    def test_confirms_a_whole_batch_in_two_statements_and_announces_each(self):
        first, second = OrderFactory(), OrderFactory()

        with statements(orders=2):
            replies = confirm(first, second)

        assert replies == [OrderIsConfirmed(), OrderIsConfirmed()]
        for order in (first, second):
            assert state(order) == CONFIRMED
            assert order.processed_at is not None
            assert history(order.id) == ["confirmed"]
            assert told(order.id) == [
                ("order.confirmed", {"order_id": str(order.id), "order_number": order.order_number})
            ]

    def test_delivered_twice_acts_once(self):
        order = OrderFactory()
        confirm(order)

        assert confirm(order) == [OrderIsConfirmed()]
        assert state(order) == CONFIRMED
        assert (history(order.id), len(told(order.id))) == (["confirmed"], 1)

    def test_refuses_an_order_that_was_closed_meanwhile_and_no_other(self):
        closed, open_ = OrderFactory(status=Order.Status.CANCELLED), OrderFactory()

        replies = confirm(closed, open_)

        assert replies == [
            OrderIsClosed(message="The order was closed before it could be confirmed."),
            OrderIsConfirmed(),
        ]
        assert (state(closed)[0], state(open_)) == ("cancelled", CONFIRMED)
        assert (history(closed.id), told(closed.id)) == ([], [])

    def test_after_its_undo_does_nothing(self):
        order = OrderFactory()
        reject(order)

        assert confirm(order) == [OrderIsClosed(message="The order was closed before it could be confirmed.")]
        assert (state(order), history(order.id)) == (FAILED, ["failed"])


class TestRejectOrder:
    def test_closes_a_whole_batch_in_two_statements_each_with_its_reason(self):
        declined, sold_out = OrderFactory(), OrderFactory()
        commands = [
            RejectOrder(order_id=declined.id, code="payment_declined", reason="The card was declined."),
            RejectOrder(order_id=sold_out.id, code="insufficient_stock", reason="The shirt is sold out."),
        ]

        with statements(orders=2):
            replies = handlers.reject_orders(commands)

        assert replies == [OrderIsRejected(), OrderIsRejected()]
        assert state(declined) == FAILED
        assert state(sold_out) == ("failed", "voided", "insufficient_stock", "The shirt is sold out.")
        assert history(sold_out.id) == ["failed"]
        assert told(sold_out.id) == [
            (
                "order.failed",
                {
                    "order_id": str(sold_out.id),
                    "order_number": sold_out.order_number,
                    "code": "insufficient_stock",
                    "reason": "The shirt is sold out.",
                },
            )
        ]

    def test_delivered_twice_acts_once(self):
        order = OrderFactory()
        reject(order)

        assert reject(order) == [OrderIsRejected()]
        assert (state(order), history(order.id), len(told(order.id))) == (FAILED, ["failed"], 1)

    def test_leaves_a_cancelled_order_cancelled(self):
        order = OrderFactory(status=Order.Status.CANCELLED)

        assert reject(order) == [OrderIsRejected()]
        assert (state(order)[0], told(order.id)) == ("cancelled", [])

    def test_never_fails_a_confirmed_order(self):
        order = OrderFactory()
        confirm(order)

        with pytest.raises(services.OrderCannotBeRejected):
            reject(order)

        assert (state(order), history(order.id)) == (CONFIRMED, ["confirmed"])

    def test_of_an_order_that_does_not_exist_leaves_nothing(self):
        order_id = new_id()

        assert handlers.reject_orders([RejectOrder(order_id=order_id, code="deadline", reason="Too late.")]) == [
            OrderIsRejected()
        ]
        assert told(order_id) == []
