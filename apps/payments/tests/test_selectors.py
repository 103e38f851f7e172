from decimal import Decimal

import pytest

from apps.core.ids import new_id
from apps.payments.selectors import list_ledger, list_payments
from apps.payments.testing import RunningGateway

from . import factories as f

pytestmark = pytest.mark.django_db(databases=["payments"])


class TestListPayments:
    def test_returns_them_by_order_in_one_statement(
        self, gateway: RunningGateway, django_assert_num_queries: object
    ) -> None:
        calls = [f.pay(), f.pay(payment_method=f.DECLINED)]
        f.deliver(*calls)
        orders = [call.command.order_id for call in calls]

        with django_assert_num_queries(1, using="payments"):  # type: ignore[operator]
            found = list_payments(order_ids=[*orders, new_id()])

        assert {order_id: payment.status for order_id, payment in found.items()} == {
            orders[0]: "succeeded",
            orders[1]: "declined",
        }


class TestListLedger:
    def test_returns_the_movements_oldest_first(self, gateway: RunningGateway) -> None:
        call = f.pay()
        f.deliver(call)
        f.deliver(f.undo(call))

        lines = list_ledger(order_id=call.command.order_id)

        assert [(line.kind, line.amount) for line in lines] == [
            ("capture", Decimal("59.90")),
            ("refund", Decimal("-59.90")),
        ]

    def test_is_empty_where_no_money_moved(self, gateway: RunningGateway) -> None:
        call = f.pay(payment_method=f.DECLINED)
        f.deliver(call)

        assert list_ledger(order_id=call.command.order_id) == []
