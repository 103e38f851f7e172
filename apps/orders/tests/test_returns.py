"""Asking for a return, and answering it."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction

from apps.core.exceptions import InvalidInput
from apps.core.ids import new_id
from apps.core.integrity import broken_constraint
from apps.core.testing.threads import at_once
from apps.orders import selectors, services
from apps.orders.buyers import Buyer, hashed
from apps.orders.models import OrderLineItem, OrderReturn

from . import backs as b
from .factories import ReturnFactory, ReturnLineFactory
from .shop import history, told

pytestmark = pytest.mark.django_db(databases=["orders"])

CLERK = new_id()
NOW = b.NOW


class TestRequestReturn:
    def test_counts_the_pieces_as_coming_back(self):
        order = b.confirmed()
        shirts, socks = b.lines_of(order)

        made = b.requested(order, (shirts, 2), (socks, 1), note="They came with holes.")

        assert made.return_number.startswith("RET-1")
        assert (b.row(made).status, b.row(made).reason, b.row(made).note) == (
            "requested",
            "damaged",
            "They came with holes.",
        )
        assert (b.row(made).requested_by, b.row(made).currency) == (order.user_id, "USD")
        assert (b.claimed(shirts), b.claimed(socks)) == (2, 1)

    def test_is_told_in_the_history_and_to_the_world(self):
        order = b.confirmed()

        made = b.requested(order, (b.lines_of(order)[0], 1))

        assert history(order.id) == ["return_requested"]
        assert told(order.id) == [
            (
                "order.return_requested",
                {"order_id": str(order.id), "return_id": str(made.id), "return_number": made.return_number},
            )
        ]

    def test_leaves_the_order_itself_as_it_is(self):
        order = b.confirmed()

        b.requested(order, (b.lines_of(order)[0], 1))

        assert b.statuses(order.id) == ("confirmed", "paid", "unfulfilled")

    def test_names_each_line_of_which_more_would_come_back_than_was_bought(self):
        order = b.confirmed()
        shirts, socks = b.lines_of(order)
        b.requested(order, (shirts, 2))

        with pytest.raises(services.MoreThanBought) as refusal:
            b.requested(order, (shirts, 2), (socks, 1))

        assert refusal.value.details["lines"] == [
            {"line_id": str(shirts.id), "title": "Linen Shirt", "requested": 2, "returnable": 1}
        ]
        assert (b.claimed(shirts), b.claimed(socks)) == (2, 0)

    @pytest.mark.parametrize("status", ["pending", "processing", "failed", "cancelled"])
    def test_refuses_an_order_that_is_not_confirmed(self, status):
        order = b.confirmed(status=status, failure_code="x")

        with pytest.raises(services.OrderNotReturnable, match=f"The order is {status}"):
            b.requested(order, (b.lines_of(order)[0], 1))

    def test_refuses_somebody_elses_order_as_none(self):
        order = b.confirmed()

        with pytest.raises(selectors.OrderNotFound):
            services.request_return(
                buyer=Buyer(user_id=new_id()), order_id=order.id, wanted=b.wanted((b.lines_of(order)[0], 1))
            )

    def test_is_open_to_a_guest_who_shows_the_token(self):
        order = b.confirmed(user_id=None, access_token_hash=hashed("secret"))

        made = services.request_return(
            buyer=Buyer(token="secret"), order_id=order.id, wanted=b.wanted((b.lines_of(order)[0], 1))
        )

        assert b.row(made).requested_by is None

    def test_refuses_to_take_nothing_back(self):
        order = b.confirmed()

        with pytest.raises(InvalidInput) as refusal:
            b.requested(order)

        assert (list(refusal.value.errors), history(order.id)) == (["lines"], [])

    def test_refuses_lines_of_other_orders_and_lines_that_stand_twice(self):
        order, other = b.confirmed(), b.confirmed()
        shirts, _ = b.lines_of(order)

        with pytest.raises(InvalidInput) as refusal:
            b.requested(order, (shirts, 1), (b.lines_of(other)[0], 1), (shirts, 1))

        assert sorted(refusal.value.errors) == ["lines.1.line_id", "lines.2.line_id"]
        assert b.claimed(shirts) == 0


class TestNoMoreIsReturnedThanWasBought:
    def test_by_the_rule_of_the_table(self):
        shirts, _ = b.lines_of(b.confirmed())

        with pytest.raises(IntegrityError) as error, transaction.atomic(using="orders"):
            OrderLineItem.objects.using("orders").filter(id=shirts.id).update(returned_quantity=4)

        assert broken_constraint(error.value) == "no_more_is_returned_than_was_bought"


@pytest.mark.django_db(databases=["orders"], transaction=True)
class TestTwoReturnsOfOneLine:
    def test_at_once_share_out_what_was_bought(self):
        order = b.confirmed()
        shirts, _ = b.lines_of(order)

        answers = at_once(*[partial(b.requested, order, (shirts, 2)) for _ in range(6)])

        assert sorted(type(answer).__name__ for answer in answers) == ["MoreThanBought"] * 5 + ["OrderReturn"]
        assert b.claimed(shirts) == 2


class TestAnswers:
    def test_approval_waits_for_the_goods(self):
        made = b.requested(order := b.confirmed(), (b.lines_of(order)[0], 1))

        services.approve_return(return_id=made.id, user_id=CLERK, now=NOW, refunds_shipping=True)

        found = b.row(made)
        assert (found.status, found.decided_by, found.decided_at, found.refunds_shipping) == (
            "approved",
            CLERK,
            NOW,
            True,
        )
        assert history(order.id) == ["return_requested", "return_approved"]
        assert told(order.id)[-1][0] == "order.return_approved"

    def test_refusal_says_why_and_lets_the_pieces_go(self):
        shirts, _ = b.lines_of(order := b.confirmed())
        made = b.requested(order, (shirts, 2))

        services.refuse_return(return_id=made.id, user_id=CLERK, now=NOW, answer="Worn for a year.")

        assert (b.row(made).status, b.row(made).answer, b.claimed(shirts)) == ("refused", "Worn for a year.", 0)
        assert told(order.id)[-1][1]["reason"] == "Worn for a year."
        b.requested(order, (shirts, 3))

    def test_cancellation_lets_the_pieces_go(self):
        shirts, _ = b.lines_of(order := b.confirmed())
        made = b.approved(order, (shirts, 2))

        services.cancel_return(return_id=made.id, user_id=CLERK, now=NOW)

        assert (b.row(made).status, b.claimed(shirts)) == ("cancelled", 0)
        assert history(order.id)[-1] == "return_cancelled"

    @pytest.mark.parametrize("status", ["approved", "receiving", "received", "closed", "refused", "cancelled"])
    def test_approval_comes_once(self, status):
        made = standing(status)

        with pytest.raises(services.ReturnNotOpen) as refusal:
            services.approve_return(return_id=made.id, user_id=CLERK, now=NOW)

        assert refusal.value.details == {"return_status": status}

    @pytest.mark.parametrize("status", ["receiving", "received", "closed", "refused", "cancelled"])
    @pytest.mark.parametrize("word", ["refuse", "cancel"])
    def test_a_no_comes_before_the_goods(self, word, status):
        made = standing(status)
        answer = {"refuse": services.refuse_return, "cancel": services.cancel_return}[word]

        with pytest.raises(services.ReturnNotOpen):
            answer(return_id=made.id, user_id=CLERK, now=NOW, answer="No.")

        assert b.row(made).status == status

    def test_to_a_return_that_does_not_exist_are_refused(self):
        with pytest.raises(selectors.ReturnNotFound):
            services.approve_return(return_id=new_id(), user_id=CLERK, now=NOW)


def standing(status: str) -> OrderReturn:
    """A return in this state."""
    fields = {"answer": "No."}
    if status in ("receiving", "received", "closed"):
        fields |= {"receipt_id": new_id(), "goods_amount": 1, "shipping_amount": 0, "refund_amount": 1}
    if status in ("received", "closed"):
        fields |= {"received_at": NOW}
    if status == "closed":
        fields |= {"closed_at": NOW}
    return ReturnLineFactory.create(order_return=ReturnFactory.create(status=status, **fields)).order_return


class TestSelectors:
    def test_list_the_returns_of_an_order_newest_first(self):
        order = b.confirmed()
        shirts, socks = b.lines_of(order)
        first, second = b.requested(order, (shirts, 1)), b.requested(order, (socks, 1))
        b.requested(other := b.confirmed(), (b.lines_of(other)[0], 1))

        found = selectors.list_returns(order_id=order.id, buyer=Buyer(user_id=order.user_id))

        assert [one.id for one in found] == [second.id, first.id]

    def test_show_nobody_elses(self):
        made = b.requested(order := b.confirmed(), (b.lines_of(order)[0], 1))

        with pytest.raises(selectors.OrderNotFound):
            selectors.get_return(order_id=order.id, return_id=made.id, buyer=Buyer(user_id=new_id()))
        with pytest.raises(selectors.ReturnNotFound):
            selectors.get_return(order_id=order.id, return_id=new_id(), buyer=Buyer(user_id=order.user_id))

    def test_know_the_numbers_of_many(self):
        made = b.requested(order := b.confirmed(), (b.lines_of(order)[0], 1))

        assert selectors.list_return_numbers(return_ids={made.id, new_id()}) == {made.id: made.return_number}
        assert selectors.list_return_numbers(return_ids=set()) == {}
