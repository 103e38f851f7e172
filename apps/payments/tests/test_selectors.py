from decimal import Decimal

import pytest

from apps.core.ids import new_id
from apps.payments.models import PaymentMethod
from apps.payments.selectors import PaymentNotFound, get_payment, list_ledger, list_payment_methods, list_payments
from apps.payments.testing import RunningGateway

from . import factories as f

pytestmark = pytest.mark.django_db(databases=["payments"])


class TestGetPayment:
    def test_returns_the_payment_of_an_order(self, gateway: RunningGateway) -> None:
        call = f.pay(amount=Decimal("59.90"))
        f.deliver(call)

        payment = get_payment(order_id=call.command.order_id)

        assert (payment.status, payment.captured_amount, payment.currency) == ("succeeded", Decimal("59.90"), "USD")

    def test_raises_where_none_was_begun(self) -> None:
        order_id = new_id()

        with pytest.raises(PaymentNotFound) as raised:
            get_payment(order_id=order_id)

        assert raised.value.message == f"No payment was begun for the order {order_id}."


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


class TestListPaymentMethods:
    def test_returns_the_default_one_first(self) -> None:
        user_id = new_id()
        card = {"gateway": "fake", "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030}
        for token, is_default in (("pm_old", False), ("pm_main", True), ("pm_new", False)):
            PaymentMethod.objects.create(user_id=user_id, token=token, is_default=is_default, **card)
        PaymentMethod.objects.create(user_id=new_id(), token="pm_other", **card)

        methods = list_payment_methods(user_id=user_id)

        assert methods[0].token == "pm_main"
        assert {method.token for method in methods} == {"pm_old", "pm_main", "pm_new"}
