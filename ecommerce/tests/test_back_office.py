"""The back office as a whole: every list and page of every app, the sidebar, the dashboard."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from apps.accounts.models import Permission, Role, User
from apps.accounts.tests.factories import UserFactory
from apps.catalog.tests.factories import VariantFactory
from apps.core import clock
from apps.core.ids import new_id
from apps.core.testing.statements import captured, statements
from apps.orders.models import Order
from apps.orders.tests.factories import OrderFactory
from apps.payments.models import WebhookEvent
from ecommerce.admin import MODELS
from ecommerce.dashboard import Panel, told
from ecommerce.testing.stack import ALIASES

from . import rows

LISTS = sorted(admin.site._registry, key=lambda model: model._meta.label)

pytestmark = [pytest.mark.django_db(databases=ALIASES), pytest.mark.usefixtures("own_cache")]


def office(**who: Any) -> Client:
    # Types made in an earlier test are gone with its transaction.
    ContentType.objects.clear_cache()
    client = Client()
    client.force_login(UserFactory.create(**who))
    return client


@pytest.fixture
def boss() -> Client:
    return office(is_superuser=True)


def counts(ran: dict[str, list[str]]) -> dict[str, int]:
    return {alias: len(sent) for alias, sent in ran.items()}


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


class TestLists:
    @pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label_lower)
    def test_ask_as_little_for_twenty_rows_as_for_one(self, boss: Client, model: type[Model]) -> None:
        rows.ROWS[model]()
        with captured(*ALIASES) as few:
            boss.get(list_of(model))
        for _ in range(19):
            rows.ROWS[model]()

        with captured(*ALIASES) as many:
            answer = boss.get(list_of(model))

        assert answer.status_code == 200
        assert len(answer.context["cl"].result_list) >= 20
        # In accounts three of them are the session, the user, and what they may do.
        assert counts(many) == counts(few)
        assert sum(counts(many).values()) <= 11, many

    @pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label_lower)
    def test_lead_to_a_page_of_each_row(self, boss: Client, model: type[Model]) -> None:
        row = rows.ROWS[model]()

        answer = boss.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk]))

        assert answer.status_code == 200

    @pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label_lower)
    def test_say_what_they_search(self, boss: Client, model: type[Model]) -> None:
        page = admin.site._registry[model]

        assert bool(page.search_fields) == bool(page.search_help_text)

    def test_count_no_further_than_anybody_pages(self, boss: Client) -> None:
        row = {"gateway": "fake", "type": "charge.succeeded", "payload": {}}
        WebhookEvent.objects.bulk_create(WebhookEvent(event_id=str(n), **row) for n in range(10_050))

        answer = boss.get("/admin/payments/webhookevent/")

        assert answer.context["cl"].result_count == 10_000
        assert "and more: search or filter to find them" in answer.content.decode()

    def test_are_all_in_the_sidebar(self) -> None:
        shown = {model for models in MODELS.values() for _, _, model in models}

        assert shown == {model._meta.label_lower for model in LISTS}


class TestNames:
    def test_stand_where_a_table_keeps_ids_of_other_databases(self, boss: Client) -> None:
        payment = rows.payment()
        number = Order.objects.get(id=payment.order_id).order_number
        buyer = User.objects.get(id=payment.user_id).email

        listed = boss.get("/admin/payments/payment/").content.decode()
        page = boss.get(f"/admin/payments/payment/{payment.id}/change/").content.decode()

        assert (number in listed, buyer in listed, str(payment.order_id) in listed) == (True, True, False)
        assert f'href="/admin/orders/order/{payment.order_id}/change/"' in page
        assert f'href="/admin/accounts/user/{payment.user_id}/change/"' in page

    def test_are_kept_from_who_may_not_see_those_rows(self) -> None:
        clerk = office(role="finance")
        card = rows.saved_card()
        buyer = User.objects.get(id=card.user_id)

        seen = clerk.get("/admin/payments/paymentmethod/").content.decode()
        Role.objects.get(name="finance").permissions.remove(Permission.objects.get(name="customers.view"))
        hidden = clerk.get("/admin/payments/paymentmethod/").content.decode()

        assert (buyer.email in seen, buyer.email in hidden, str(buyer.pk) in hidden) == (True, False, True)


class TestSidebar:
    def test_lists_what_a_role_may_see_and_nothing_else(self) -> None:
        page = office(role="finance").get("/admin/payments/payment/").content.decode()

        shown = {model._meta.label_lower for model in LISTS if f'href="{list_of(model)}"' in page}
        of_apps = {label.split(".")[0] for label in shown}
        assert of_apps == {"accounts", "catalog", "orders", "payments", "sagas"}
        assert shown & {"accounts.role", "catalog.category", "catalog.inventorymovement"} == set()


class TestDashboard:
    def test_tells_true_numbers_in_a_statement_each(self, boss: Client) -> None:
        OrderFactory.create_batch(2)
        OrderFactory.create(status="failed", failure_code="payment_declined")
        yesterday = OrderFactory.create()
        Order.objects.filter(id=yesterday.id).update(created_at=clock.now() - timedelta(days=1))
        rows.dead_letter(saga_id=new_id())
        rows.dead_letter(saga_id=new_id(), state="resolved")
        rows.message(about=new_id(), state="unknown")
        rows.message(about=new_id())
        VariantFactory.create(product__name="Scarce Shirt", title="Blue", inventory_quantity=2)
        VariantFactory.create(product__name="Ample Shirt", inventory_quantity=200)

        with statements(accounts=3, catalog=1, orders=3, payments=0, notifications=1):
            panels = boss.get("/admin/").context["panels"]

        value = {name: panel["value"] for name, panel in panels.items()}
        assert [(status, count) for status, count, _ in value["orders"]] == [("processing", 2), ("failed", 1)]
        assert (value["letters"], value["unknown"]) == (1, 1)
        assert [(variant.title, variant.inventory_quantity) for variant in value["low"]] == [("Scarce Shirt, Blue", 2)]

    def test_tells_how_long_the_oldest_due_saga_of_each_lane_waits(self, boss: Client) -> None:
        rows.saga(lane="catalog", due_at=clock.now() - timedelta(minutes=5))
        rows.saga(lane="payments", due_at=clock.now() + timedelta(minutes=5))

        told_of = boss.get("/admin/").context["panels"]["lanes"]["value"]

        lanes = {lane: (seconds, late) for lane, seconds, late in told_of}
        assert 300 <= lanes["catalog"][0] < 330
        assert lanes["catalog"][1] is True
        assert lanes["payments"] == (0, False)

    def test_leads_from_each_number_to_its_rows(self, boss: Client) -> None:
        OrderFactory.create()

        page = boss.get("/admin/")

        panels = page.context["panels"]
        links = [panel["link"] for panel in panels.values()] + [link for _, _, link in panels["orders"]["value"]]
        assert [boss.get(link).status_code for link in links] == [200] * 6
        assert [link for link in links if escape(link) not in page.content.decode()] == []

    def test_shows_a_role_what_it_may_see(self) -> None:
        assert list(office(role="warehouse").get("/admin/").context["panels"]) == ["orders", "low"]

    def test_says_of_a_database_that_is_away_that_it_is(self) -> None:
        def away() -> int:
            raise OperationalError("connection refused")

        answer = told(Panel("letters", "Open dead letters", "sagas.sagadeadletter", away))

        assert (answer["away"], answer["value"]) == (True, None)
