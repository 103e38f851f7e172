"""The buttons of returns in the back office: who has which, and what becomes of a click."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.test import Client

from apps.accounts.tests.factories import UserFactory
from apps.core.ids import new_id
from apps.core.testing.statements import statements
from apps.orders import services
from apps.orders.models import OrderReturn, OrderReturnLine
from apps.orders.tests import backs as b
from apps.sagas.models import SagaTransaction
from ecommerce.testing.stack import ALIASES

pytestmark = [pytest.mark.django_db(databases=ALIASES), pytest.mark.usefixtures("own_cache")]


def office(**who: Any) -> Client:
    # Types made in an earlier test are gone with its transaction.
    ContentType.objects.clear_cache()
    client = Client()
    client.force_login(UserFactory.create(**who))
    return client


@pytest.fixture
def asked() -> OrderReturn:
    """A return of two shirts and the socks that was asked for."""
    shirts, socks = b.lines_of(order := b.confirmed())
    return b.requested(order, (shirts, 2), (socks, 1))


@pytest.fixture
def approved(asked: OrderReturn) -> OrderReturn:
    services.approve_return(return_id=asked.id, user_id=None, now=b.NOW)
    return asked


def buttons(client: Client, made: OrderReturn) -> list[str]:
    """Return the titles of the buttons on a return's page, in order."""
    answer = client.get(f"/admin/orders/orderreturn/{made.id}/change/")
    assert answer.status_code == 200
    return [one["title"] for one in answer.context["actions_detail"]]


def click(client: Client, made: OrderReturn, path: str, **said: Any) -> tuple[int, list[str]]:
    """Send a button's form; return the status, and what the next page says."""
    body = {"_form_submitted": "true"} | said
    answer = client.post(f"/admin/orders/orderreturn/{made.id}/{path}/", body, headers={"HX-Request": "true"})
    return answer.status_code, [str(message) for message in get_messages(answer.wsgi_request)]


def arriving(made: OrderReturn, *quantities: int, restocks: bool = True) -> dict[str, str]:
    """Return the fields of the form by which these pieces arrive, line by line."""
    lines = OrderReturnLine.objects.using("orders").filter(order_return_id=made.id).order_by("created_at", "id")
    said: dict[str, str] = {}
    for line, quantity in zip(lines, quantities, strict=True):
        said |= {f"quantity_{line.id}": str(quantity)} | ({f"restocks_{line.id}": "on"} if restocks else {})
    return said


class TestAReturnsButtons:
    def test_are_those_of_its_state(self, asked: OrderReturn) -> None:
        boss = office(is_superuser=True)

        assert buttons(boss, asked) == ["Approve", "Refuse", "Call off"]
        services.approve_return(return_id=asked.id, user_id=None, now=b.NOW)
        assert buttons(boss, asked) == ["Receive goods", "Refuse", "Call off"]
        services.receive_return(return_id=asked.id, arrived=b.arrived(asked), user_id=None)
        assert buttons(boss, asked) == []

    @pytest.mark.parametrize(
        ("role", "shown"),
        [
            ("finance", []),
            ("warehouse", ["Receive goods"]),
            ("support", ["Refuse", "Call off"]),
            ("admin", ["Receive goods", "Refuse", "Call off"]),
        ],
    )
    def test_are_those_of_the_role(self, approved: OrderReturn, role: str, shown: list[str]) -> None:
        assert buttons(office(role=role), approved) == shown

    @pytest.mark.parametrize(
        ("role", "path"),
        [("warehouse", "approve"), ("warehouse", "refuse"), ("warehouse", "call-off"), ("support", "receive")],
    )
    def test_do_nothing_for_who_may_not(self, asked: OrderReturn, role: str, path: str) -> None:
        if path == "receive":
            services.approve_return(return_id=asked.id, user_id=None, now=b.NOW)
        before = b.row(asked).status

        status, _ = click(office(role=role), asked, path, answer="No.", **arriving(asked, 2, 1))

        assert (status, b.row(asked).status) == (403, before)


class TestApproving:
    def test_is_noted_with_who_did_it(self, asked: OrderReturn) -> None:
        clerk = UserFactory.create(role="support")
        client = office(is_superuser=True)
        client.force_login(clerk)

        _, told = click(client, asked, "approve", refunds_shipping="on")

        found = b.row(asked)
        assert told == ["The return is approved: its goods may come."]
        assert (found.status, found.decided_by, found.refunds_shipping) == ("approved", clerk.pk, True)

    def test_twice_is_told(self, approved: OrderReturn) -> None:
        _, told = click(office(is_superuser=True), approved, "approve")

        assert told == [f"The return {approved.return_number} is approved."]


class TestRefusing:
    def test_wants_a_reason_and_lets_the_pieces_go(self, asked: OrderReturn) -> None:
        boss = office(is_superuser=True)

        assert click(boss, asked, "refuse", answer=" ") == (200, [])
        assert b.row(asked).status == "requested"
        assert click(boss, asked, "refuse", answer="Worn for a year.") == (200, ["The return is refused."])
        assert (b.row(asked).status, b.row(asked).answer) == ("refused", "Worn for a year.")

    def test_calling_off_needs_none(self, asked: OrderReturn) -> None:
        assert click(office(is_superuser=True), asked, "call-off") == (200, ["The return is called off."])
        assert b.row(asked).status == "cancelled"


class TestReceiving:
    def test_asks_of_each_line_how_much_arrived(self, approved: OrderReturn) -> None:
        form = office(is_superuser=True).get(f"/admin/orders/orderreturn/{approved.id}/receive/").content.decode()

        for label in (
            "Linen Shirt, LS-1: pieces that arrived, of 2",
            "Linen Shirt, LS-1: can be sold again",
            "Wool Socks, WS-1: pieces that arrived, of 1",
        ):
            assert label in form

    def test_starts_the_saga_with_what_arrived(self, approved: OrderReturn) -> None:
        boss = office(is_superuser=True)

        status, told = click(boss, approved, "receive", **arriving(approved, 1, 0, restocks=False))

        found = b.row(approved)
        saga = SagaTransaction.objects.get(subject_id=found.receipt_id)
        assert (status, told) == (200, ["The goods are received; the refund is under way."])
        assert (found.status, found.refund_amount) == ("receiving", 10)
        assert list(found.lines.using("orders").order_by("id").values_list("received_quantity", "restocks")) == [
            (1, False),
            (0, False),
        ]
        assert (saga.definition, [line["quantity"] for line in saga.data["lines"]]) == ("return_order", [1])
        page = boss.get(f"/admin/orders/orderreturn/{approved.id}/change/").content.decode()
        assert "hold_refund" in page

    @pytest.mark.parametrize("quantities", [(3, 1), (-1, 1)])
    def test_refuses_what_cannot_have_arrived(self, approved: OrderReturn, quantities: tuple[int, int]) -> None:
        status, told = click(office(is_superuser=True), approved, "receive", **arriving(approved, *quantities))

        assert (status, told, b.row(approved).status) == (200, [], "approved")

    def test_of_nothing_tells_what_to_do_instead(self, approved: OrderReturn) -> None:
        _, told = click(office(is_superuser=True), approved, "receive", **arriving(approved, 0, 0))

        assert (told, b.row(approved).status) == (["What arrived does not fit the return."], "approved")


class TestPages:
    def test_show_a_return_to_who_looks_at_its_order(self, approved: OrderReturn) -> None:
        page = office(is_superuser=True).get(f"/admin/orders/order/{approved.order_id}/change/").content.decode()

        assert approved.return_number in page
        assert f"/admin/orders/orderreturn/{approved.id}/change/" in page

    def test_find_a_return_by_its_number_and_by_its_orders(self, asked: OrderReturn) -> None:
        b.requested(other := b.confirmed(), (b.lines_of(other)[0], 1))
        boss = office(is_superuser=True)

        for wanted in (asked.return_number, asked.order.order_number, asked.order_id):
            found = boss.get("/admin/orders/orderreturn/", {"q": str(wanted)}).context["cl"].result_list
            assert [one.id for one in found] == [asked.id]

    def test_take_as_many_statements_for_three_lines_as_for_one(self) -> None:
        boss = office(is_superuser=True)
        shirts, socks = b.lines_of(order := b.confirmed())
        few, many = b.requested(order, (shirts, 1)), b.requested(order, (shirts, 1), (socks, 1))

        for made in (few, many):
            with statements(orders=4):
                boss.get(f"/admin/orders/orderreturn/{made.id}/change/")

    def test_are_not_there_for_an_id_that_nothing_has(self) -> None:
        assert office(is_superuser=True).get(f"/admin/orders/orderreturn/{new_id()}/change/").status_code == 302
