"""The back office of payments."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from apps.core.ids import new_id
from apps.core.testing.statements import captured
from apps.payments.models import PaymentAttempt, PaymentMethod, WebhookEvent
from apps.payments.selectors import list_payments
from apps.payments.testing import RunningGateway

from . import factories as f

pytestmark = pytest.mark.django_db(databases=["accounts", "orders", "payments"])


@pytest.fixture
def boss() -> Client:
    users: Any = get_user_model()._default_manager
    client = Client()
    client.force_login(users.create_superuser(email="boss@example.org", password=None))
    return client


def save_card(token: str) -> PaymentMethod:
    return PaymentMethod.objects.create(
        user_id=new_id(), gateway="fake", token=token, brand="visa", last4="4242", exp_month=1, exp_year=2031
    )


def add_rows(count: int) -> None:
    """Pay and undo as many orders, with a webhook and a saved card each."""
    calls = [f.pay() for _ in range(count)]
    f.deliver(*calls)
    f.deliver(*[f.undo(call) for call in calls])
    for _ in range(count):
        WebhookEvent.objects.create(gateway="fake", event_id=str(new_id()), type="charge.succeeded", payload={})
        PaymentMethod.objects.create(
            user_id=new_id(),
            gateway="fake",
            token=str(new_id()),
            brand="visa",
            last4="4242",
            exp_month=1,
            exp_year=2031,
        )


def queries(client: Client, url: str) -> int:
    with captured("payments") as ran:
        assert client.get(url).status_code == 200
    return len(ran["payments"])


class TestLists:
    @pytest.mark.parametrize("path", ["payment", "paymentattempt", "ledgerline", "paymentmethod", "webhookevent"])
    def test_need_as_many_queries_for_many_rows_as_for_one(
        self, gateway: RunningGateway, boss: Client, path: str
    ) -> None:
        url = f"/admin/payments/{path}/"
        add_rows(1)
        few = queries(boss, url)

        add_rows(10)

        assert queries(boss, url) == few <= 3

    def test_find_a_payment_by_its_order(self, gateway: RunningGateway, boss: Client) -> None:
        wanted, other = f.pay(), f.pay()
        f.deliver(wanted, other)

        page = boss.get(f"/admin/payments/payment/?q={wanted.command.order_id}").content.decode()

        assert str(wanted.command.order_id) in page
        assert str(other.command.order_id) not in page

    def test_show_amounts_in_their_currency(self, gateway: RunningGateway, boss: Client) -> None:
        f.deliver(f.pay(amount=Decimal("1500"), currency="JPY"))

        page = boss.get("/admin/payments/payment/").content.decode()

        assert "1500 JPY" in page

    def test_show_tombstones(self, gateway: RunningGateway, boss: Client) -> None:
        call = f.pay()
        f.deliver(f.undo(call))

        page = boss.get("/admin/payments/paymentattempt/?state__exact=cancelled").content.decode()

        assert str(call.command.order_id) in page


class TestAPaymentsPage:
    def test_shows_its_attempts_refunds_and_ledger(self, gateway: RunningGateway, boss: Client) -> None:
        call = f.pay()
        f.deliver(call)
        f.deliver(f.undo(call, reason="insufficient_stock"))
        payment = list_payments(order_ids=[call.command.order_id])[call.command.order_id]

        page = boss.get(f"/admin/payments/payment/{payment.id}/change/").content.decode()

        assert str(call.effect_id) in page
        assert "-59.90 USD" in page
        assert "insufficient_stock" in page

    def test_needs_as_many_queries_for_many_attempts_as_for_one(self, gateway: RunningGateway, boss: Client) -> None:
        call = f.pay(payment_method=f.DECLINED)
        f.deliver(call)
        payment = list_payments(order_ids=[call.command.order_id])[call.command.order_id]
        url = f"/admin/payments/payment/{payment.id}/change/"
        few = queries(boss, url)
        first = PaymentAttempt.objects.get(id=call.effect_id)
        for epoch in range(1, 6):
            first.id, first.epoch, first._state.adding = new_id(), epoch, True
            first.save(force_insert=True)

        assert queries(boss, url) == few

    def test_cannot_be_changed(self, gateway: RunningGateway, boss: Client) -> None:
        call = f.pay()
        f.deliver(call)
        payment = list_payments(order_ids=[call.command.order_id])[call.command.order_id]

        answers = [
            boss.post(f"/admin/payments/payment/{payment.id}/change/", {"status": "refunded"}),
            boss.post(f"/admin/payments/payment/{payment.id}/delete/", {"post": "yes"}),
            boss.get("/admin/payments/payment/add/"),
        ]

        assert [answer.status_code for answer in answers] == [403, 403, 403]
        assert list_payments(order_ids=[call.command.order_id])[call.command.order_id].status == "succeeded"


class TestASavedCard:
    def test_keeps_its_token_to_itself(self, boss: Client) -> None:
        method = save_card(token="pm_secret")

        page = boss.get(f"/admin/payments/paymentmethod/{method.id}/change/").content.decode()

        assert "4242" in page
        assert "pm_secret" not in page
