"""Receiving goods that come back: what arrived is written down, and the saga of the return begins."""

import json
from decimal import Decimal
from functools import partial

import pytest

from apps.core.exceptions import InvalidInput
from apps.core.ids import new_id
from apps.core.testing.threads import at_once
from apps.orders import services
from apps.orders.models import OrderLineItem, OrderReturn
from apps.orders.services import ArrivedLine

from . import backs as b
from .shop import sagas_of

pytestmark = pytest.mark.django_db(databases=["orders"])

D = Decimal
CLERK = new_id()


class TestReceiveReturn:
    def test_writes_down_what_arrived_and_what_it_is_worth(self):
        order = b.confirmed()
        shirts, socks = b.lines_of(order)
        made = b.approved(order, (shirts, 2), (socks, 1))

        services.receive_return(
            return_id=made.id,
            arrived=[ArrivedLine(line_id=line.line_id, quantity=1, restocks=False) for line in b.arrived(made)],
            user_id=CLERK,
        )

        found = b.row(made)
        assert (found.status, found.received_by) == ("receiving", CLERK)
        assert (found.goods_amount, found.shipping_amount, found.refund_amount) == (D("29.00"), 0, D("29.00"))
        assert list(
            found.lines.using("orders").values_list("quantity", "received_quantity", "restocks", "refund_amount")
        ) == [
            (2, 1, False, D("10.00")),
            (1, 1, False, D("19.00")),
        ]

    def test_starts_the_saga_of_this_receipt(self):
        order = b.confirmed()
        shirts, socks = b.lines_of(order)

        made = b.received(order, (shirts, 3), (socks, 1))

        ((definition, status, lane, stored),) = sagas_of(order.id)
        data = json.loads(stored)
        assert (definition, status, lane) == ("return_order", "active", "payments")
        assert (data["return_number"], data["receipt_id"]) == (made.return_number, str(b.row(made).receipt_id))
        assert (data["refund_amount"], data["shipping_amount"]) == ("53.95", "4.95")
        assert [(line["quantity"], line["restocks"], line["refund"]) for line in data["lines"]] == [
            (3, True, "30.00"),
            (1, True, "19.00"),
        ]

    def test_names_in_the_saga_only_what_arrived(self):
        order = b.confirmed()
        shirts, socks = b.lines_of(order)
        made = b.approved(order, (shirts, 2), (socks, 1))

        services.receive_return(return_id=made.id, arrived=b.arrived(made, 1, 0), user_id=None)

        assert [line["title"] for line in json.loads(sagas_of(order.id)[0][3])["lines"]] == ["Linen Shirt"]

    def test_keeps_the_pieces_claimed_that_did_not_arrive_until_the_goods_are_accepted(self):
        shirts, _ = b.lines_of(order := b.confirmed())
        made = b.approved(order, (shirts, 3))

        services.receive_return(return_id=made.id, arrived=b.arrived(made, 1), user_id=None)

        assert b.claimed(shirts) == 3

    def test_gives_the_shipping_back_where_staff_said_so(self):
        order = b.confirmed()

        made = b.received(order, (b.lines_of(order)[0], 1), refunds_shipping=True)

        assert (b.row(made).goods_amount, b.row(made).shipping_amount) == (D("10.00"), D("4.95"))

    @pytest.mark.parametrize("quantities", [(4,), (-1,), (0,)])
    def test_refuses_what_cannot_have_arrived(self, quantities):
        made = b.approved(order := b.confirmed(), (b.lines_of(order)[0], 3))

        with pytest.raises(InvalidInput):
            services.receive_return(return_id=made.id, arrived=b.arrived(made, *quantities), user_id=None)

        assert (b.row(made).status, sagas_of(order.id)) == ("approved", [])

    def test_refuses_lines_of_other_returns(self):
        order = b.confirmed()
        shirts, socks = b.lines_of(order)
        made, other = b.approved(order, (shirts, 1)), b.approved(order, (socks, 1))

        with pytest.raises(InvalidInput) as refusal:
            services.receive_return(return_id=made.id, arrived=b.arrived(other), user_id=None)

        assert list(refusal.value.errors) == ["lines.0.line_id"]

    def test_waits_for_the_approval(self):
        made = b.requested(order := b.confirmed(), (b.lines_of(order)[0], 1))

        with pytest.raises(services.ReturnNotOpen):
            services.receive_return(return_id=made.id, arrived=b.arrived(made), user_id=None)

    def test_refuses_a_line_that_is_named_twice(self):
        made = b.approved(order := b.confirmed(), (b.lines_of(order)[0], 3))

        with pytest.raises(InvalidInput):
            services.receive_return(return_id=made.id, arrived=b.arrived(made, 2) * 2, user_id=None)


@pytest.mark.django_db(databases=["orders"], transaction=True)
class TestReturnsOfOneOrder:
    def test_received_at_once_are_granted_what_was_paid_and_no_more(self):
        order = b.confirmed()
        shirts, _ = b.lines_of(order)
        returns = [b.approved(order, (shirts, 1)) for _ in range(3)]
        # Three shirts of 9.99 in all: 3.33 each.
        OrderLineItem.objects.using("orders").filter(id=shirts.id).update(price=D("3.33"))
        OrderReturn.objects.using("orders").update(refunds_shipping=True)

        at_once(
            *[
                partial(services.receive_return, return_id=made.id, arrived=b.arrived(made), user_id=None)
                for made in returns
            ]
        )

        amounts = [b.row(made) for made in returns]
        assert sum(one.shipping_amount for one in amounts) == D("4.95")
        # 49.00 were paid for goods of 9.99 + 19.00, of which 9.99/28.99 are the shirts'.
        assert sum(one.goods_amount for one in amounts) == D("16.89")

    def test_received_twice_at_once_are_received_once(self):
        made = b.approved(order := b.confirmed(), (b.lines_of(order)[0], 2))

        answers = at_once(
            *[partial(services.receive_return, return_id=made.id, arrived=b.arrived(made), user_id=None)] * 4
        )

        assert sorted(type(answer).__name__ for answer in answers) == ["OrderReturn"] + ["ReturnNotOpen"] * 3
        assert len(sagas_of(order.id)) == 1
