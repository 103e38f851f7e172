"""What the saga's commands do to returns and to their orders."""

from decimal import Decimal

import pytest

from apps.core.ids import new_id
from apps.core.testing.statements import statements
from apps.orders import handlers, services
from apps.orders.contracts import (
    AcceptReturn,
    CloseReturn,
    ReopenReturn,
    ReturnIsAccepted,
    ReturnIsClosed,
    ReturnIsNotReceived,
    ReturnIsReopened,
)
from apps.orders.models import OrderReturn
from apps.orders.sagas.return_order import RETURN_ORDER
from apps.sagas.messages import Reply
from apps.sagas.registry import definition

from . import backs as b
from .shop import history, told

pytestmark = pytest.mark.django_db(databases=["orders"])

D = Decimal


def accept(*returns: OrderReturn) -> list[Reply]:
    return list(handlers.accept_returns([AcceptReturn(return_id=one.id, receipt_id=one.receipt_id) for one in returns]))


def reopen(*returns: OrderReturn, reason: str = "Too little is left.") -> list[Reply]:
    return list(
        handlers.reopen_returns(
            [ReopenReturn(return_id=one.id, receipt_id=one.receipt_id, reason=reason) for one in returns]
        )
    )


def close(*returns: OrderReturn) -> list[Reply]:
    return list(handlers.close_returns([CloseReturn(return_id=one.id) for one in returns]))


UNDONE = ReturnIsNotReceived(message="The receipt was undone before its goods could be accepted.")


class TestOrders:
    def test_conducts_the_saga_of_returns(self):
        assert definition("return_order", 1) is RETURN_ORDER


class TestAcceptReturn:
    def test_takes_the_goods_of_a_batch_in_four_statements(self):
        first, second = b.confirmed(), b.confirmed()
        returns = [b.received(order, (b.lines_of(order)[0], 1)) for order in (first, second)]

        with statements(orders=4):
            replies = accept(*returns)

        assert replies == [ReturnIsAccepted(), ReturnIsAccepted()]
        assert [b.row(one).status for one in returns] == ["received", "received"]
        assert all(b.row(one).received_at for one in returns)
        assert "returned" in history(first.id)
        assert told(first.id)[-1] == (
            "order.returned",
            {
                "order_id": str(first.id),
                "return_id": str(returns[0].id),
                "return_number": returns[0].return_number,
                "all_returned": False,
            },
        )

    def test_leaves_an_order_as_it_is_while_something_stays(self):
        shirts, socks = b.lines_of(order := b.confirmed())

        accept(b.received(order, (shirts, 3)))

        assert b.statuses(order.id) == ("confirmed", "paid", "unfulfilled")
        shirts.refresh_from_db(using="orders")
        socks.refresh_from_db(using="orders")
        assert (shirts.fulfillment_status, socks.fulfillment_status) == ("returned", "unfulfilled")

    def test_says_of_an_order_that_all_of_it_came_back(self):
        shirts, socks = b.lines_of(order := b.confirmed())
        accept(b.received(order, (shirts, 2)))

        accept(b.received(order, (shirts, 1), (socks, 1)))

        assert b.statuses(order.id) == ("confirmed", "paid", "returned")
        assert told(order.id)[-1][1]["all_returned"] is True

    def test_says_so_too_where_two_returns_of_one_batch_bring_it_all(self):
        shirts, socks = b.lines_of(order := b.confirmed())

        accept(b.received(order, (shirts, 3)), b.received(order, (socks, 1)))

        assert b.statuses(order.id) == ("confirmed", "paid", "returned")

    def test_lets_pieces_go_that_did_not_arrive(self):
        shirts, _ = b.lines_of(order := b.confirmed())
        made = b.approved(order, (shirts, 3))
        services.receive_return(return_id=made.id, arrived=b.arrived(made, 1), user_id=None)

        accept(b.row(made))

        assert b.claimed(shirts) == 1
        b.requested(order, (shirts, 2))

    def test_delivered_twice_acts_once(self):
        shirts, _ = b.lines_of(order := b.confirmed())
        made = b.approved(order, (shirts, 3))
        services.receive_return(return_id=made.id, arrived=b.arrived(made, 1), user_id=None)

        assert [accept(b.row(made)) for _ in range(2)] == [[ReturnIsAccepted()]] * 2
        assert (b.claimed(shirts), history(order.id).count("returned")) == (1, 1)

    def test_after_its_undo_does_nothing_and_harms_no_other(self):
        shirts, socks = b.lines_of(order := b.confirmed())
        undone, fine = b.received(order, (shirts, 1)), b.received(order, (socks, 1))
        reopen(undone)

        assert accept(undone, fine) == [UNDONE, ReturnIsAccepted()]
        assert (b.row(undone).status, b.row(fine).status) == ("approved", "received")

    def test_by_an_earlier_receipt_does_nothing(self):
        made = b.received(order := b.confirmed(), (b.lines_of(order)[0], 1))
        reopen(made)
        services.receive_return(return_id=made.id, arrived=b.arrived(made), user_id=None)

        assert accept(made) == [UNDONE]
        assert b.row(made).status == "receiving"


class TestReopenReturn:
    def test_lets_the_goods_be_received_anew_and_says_why(self):
        shirts, _ = b.lines_of(order := b.confirmed())
        made = b.received(order, (shirts, 2))

        assert reopen(made) == [ReturnIsReopened()]

        found = b.row(made)
        assert (found.status, found.refund_amount, found.answer) == ("approved", None, "Too little is left.")
        assert list(found.lines.using("orders").values_list("received_quantity", "refund_amount")) == [(None, None)]
        assert (b.claimed(shirts), history(order.id).count("return_reopened")) == (2, 1)
        again = services.receive_return(return_id=made.id, arrived=b.arrived(made), user_id=None)
        assert (again.status, again.receipt_id == made.receipt_id) == ("receiving", False)

    def test_delivered_twice_acts_once(self):
        made = b.received(order := b.confirmed(), (b.lines_of(order)[0], 1))

        assert [reopen(made) for _ in range(2)] == [[ReturnIsReopened()]] * 2
        assert (b.row(made).status, history(order.id).count("return_reopened")) == ("approved", 1)

    def test_leaves_a_return_alone_that_was_called_off_since(self):
        shirts, _ = b.lines_of(order := b.confirmed())
        made = b.received(order, (shirts, 1))
        reopen(made)
        services.cancel_return(return_id=made.id, user_id=None, now=b.NOW)

        assert reopen(made) == [ReturnIsReopened()]
        assert (b.row(made).status, b.claimed(shirts)) == ("cancelled", 0)

    def test_by_an_earlier_receipt_leaves_the_later_one_alone(self):
        made = b.received(order := b.confirmed(), (b.lines_of(order)[0], 1))
        reopen(made)
        services.receive_return(return_id=made.id, arrived=b.arrived(made), user_id=None)

        assert reopen(made) == [ReturnIsReopened()]
        assert b.row(made).status == "receiving"

    def test_never_undoes_an_accepted_return(self):
        made = b.received(order := b.confirmed(), (b.lines_of(order)[0], 1))
        accept(made)

        with pytest.raises(services.ReturnCannotBeReopened):
            reopen(made)

        assert b.row(made).status == "received"

    def test_before_its_receipt_leaves_the_return_alone(self):
        made = b.approved(order := b.confirmed(), (b.lines_of(order)[0], 1))
        made.receipt_id = new_id()

        assert reopen(made) == [ReturnIsReopened()]
        assert b.row(made).status == "approved"


class TestCloseReturn:
    def test_says_how_much_of_the_order_went_back(self):
        shirts, socks = b.lines_of(order := b.confirmed())
        first = b.received(order, (shirts, 3))
        accept(first)

        assert close(first) == [ReturnIsClosed()]

        assert (b.row(first).status, b.statuses(order.id)[1]) == ("closed", "partially_refunded")
        assert b.row(first).closed_at is not None
        assert "refunded" in history(order.id)
        assert told(order.id)[-1][0] == "order.refunded"
        assert {name: told(order.id)[-1][1][name] for name in ("refund_amount", "currency", "financial_status")} == {
            "refund_amount": "30.00",
            "currency": "USD",
            "financial_status": "partially_refunded",
        }
        last = b.received(order, (socks, 1))
        accept(last)
        close(last)
        assert b.statuses(order.id) == ("confirmed", "refunded", "returned")

    def test_of_a_batch_counts_all_of_it(self):
        shirts, socks = b.lines_of(order := b.confirmed())
        returns = [b.received(order, (shirts, 3)), b.received(order, (socks, 1))]
        accept(*returns)

        close(*returns)

        assert b.statuses(order.id)[1] == "refunded"

    def test_of_something_worth_nothing_leaves_the_order_paid(self):
        order = b.confirmed()
        free = b.lines_of(order)[0]
        type(free).objects.using("orders").filter(id=free.id).update(price=D("0.00"))
        made = b.received(order, (free, 1))
        accept(made)

        close(made)

        assert (b.row(made).refund_amount, b.statuses(order.id)[1]) == (0, "paid")
        assert {"refunded", "return_closed"} & set(history(order.id)) == {"return_closed"}
        assert told(order.id)[-1][0] == "order.returned"

    def test_delivered_twice_acts_once(self):
        made = b.received(order := b.confirmed(), (b.lines_of(order)[0], 1))
        accept(made)

        assert [close(made) for _ in range(2)] == [[ReturnIsClosed()]] * 2
        assert history(order.id).count("refunded") == 1

    def test_before_its_goods_are_accepted_is_an_error(self):
        made = b.received(order := b.confirmed(), (b.lines_of(order)[0], 1))

        with pytest.raises(services.ReturnCannotBeClosed, match=made.return_number):
            close(made)

        assert (b.row(made).status, b.statuses(order.id)[1]) == ("receiving", "paid")
