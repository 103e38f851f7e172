"""The buttons of sagas and dead letters in the back office: who has which, and what becomes of a click."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.test import Client

from apps.accounts.tests.factories import UserFactory
from apps.core.ids import new_id
from apps.orders.models import Order
from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.sagas.models import SagaDeadLetter, SagaRequest, SagaTransaction
from apps.sagas.testing import drain
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES

pytestmark = [pytest.mark.committed(databases=ALIASES), pytest.mark.usefixtures("own_cache")]

PAYMENT = ORDER_PROCESSING.index("process_payment")
MAIL = ORDER_PROCESSING.index("send_confirmation_email")


@pytest.fixture(autouse=True)
def _leave_no_saga_behind() -> Iterator[None]:
    """The rows here are set by hand: no worker should find them, and nobody who verifies."""
    others = list(SagaTransaction.objects.values_list("id", flat=True))
    yield
    made = SagaTransaction.objects.exclude(id__in=others)
    SagaDeadLetter.objects.filter(saga_id__in=made.values("id")).delete()
    Order.objects.filter(id__in=list(made.values_list("order_id", flat=True))).delete()
    made.delete()


def office(email: str = "", **who: Any) -> Client:
    ContentType.objects.clear_cache()
    client = Client()
    client.force_login(UserFactory.create(email=email or f"{new_id()}@example.com", **who))
    return client


def saga(**fields: Any) -> SagaTransaction:
    (order_id,) = place_orders([make_variants(stock=5)], payment_method="test_4242424242424242")
    SagaTransaction.objects.filter(order_id=order_id).update(**fields)
    return SagaTransaction.objects.get(order_id=order_id)


def stuck_refund() -> SagaDeadLetter:
    """A saga all of whose compensations but the refund and the rejection are done."""
    row = saga(
        status="compensating",
        direction="backward",
        step=PAYMENT,
        lane="payments",
        states=["completed", "compensated", "compensated", "comp_parked", "skipped", "skipped", "skipped"],
        cause={"step": "process_payment", "code": "cancelled", "message": "Changed my mind.", "details": {}},
        effects_open=2,
        failures=5,
    )
    return letter_of(row, direction="backward", step="process_payment")


def letter_of(row: SagaTransaction, **fields: Any) -> SagaDeadLetter:
    return SagaDeadLetter.objects.create(saga_id=row.id, error="RefundRefused: no", attempts=5, **fields)


def buttons(client: Client, page: str) -> list[str]:
    """Return the titles of the buttons on a page, in order."""
    answer = client.get(f"/admin/sagas/{page}/change/")
    assert answer.status_code == 200
    return [one["title"] for one in answer.context["actions_detail"]]


def click(client: Client, page: str, path: str, reason: str = "Because.", key: str = "") -> tuple[int, list[str]]:
    """Send a button's form; return the status, and what the next page says."""
    answer = client.post(
        f"/admin/sagas/{page}/{path}/",
        {"reason": reason, "key": key or str(new_id()), "_form_submitted": "true"},
        headers={"HX-Request": "true"},
    )
    return answer.status_code, [str(message) for message in get_messages(answer.wsgi_request)]


class TestASagasButtons:
    def test_are_those_that_would_be_granted(self) -> None:
        boss = office(is_superuser=True)
        begun, paused = saga(), saga(hold="paused")
        mailing = saga(step=MAIL, lane="notifications", states=["completed"] * MAIL + ["parked"])
        refund = stuck_refund()

        assert buttons(boss, f"sagatransaction/{begun.id}") == ["Pause", "Retry", "Cancel", "Turn back"]
        assert buttons(boss, f"sagatransaction/{paused.id}") == ["Resume", "Cancel", "Turn back"]
        assert buttons(boss, f"sagatransaction/{mailing.id}") == ["Pause", "Retry", "Leave out", "Give up"]
        assert buttons(boss, f"sagatransaction/{refund.saga_id}") == ["Pause", "Retry", "Give up"]

    @pytest.mark.parametrize(
        ("role", "shown"),
        [("support", []), ("finance", ["Retry"]), ("admin", ["Pause", "Retry", "Cancel", "Turn back"])],
    )
    def test_are_those_of_the_role(self, role: str, shown: list[str]) -> None:
        row = saga()

        assert buttons(office(role=role), f"sagatransaction/{row.id}") == shown

    @pytest.mark.parametrize("path", ["pause", "resume", "retry", "skip", "waive", "cancel", "force-compensate"])
    def test_do_nothing_for_who_may_not(self, path: str) -> None:
        row = saga()

        status, _ = click(office(role="support"), f"sagatransaction/{row.id}", path)

        assert status == 403
        assert not SagaRequest.objects.filter(saga_id=row.id).exists()

    @pytest.mark.parametrize(
        ("path", "told", "left"),
        [
            ("pause", "Nobody works on it until it is resumed.", ("active", "paused")),
            ("cancel", "It is being undone.", ("compensating", None)),
            ("force-compensate", "It is being undone.", ("compensating", None)),
            ("retry", "It is due now.", ("active", None)),
        ],
    )
    def test_ask_in_the_name_of_who_is_signed_in(self, path: str, told: str, left: tuple[str, str | None]) -> None:
        row, email = saga(), f"{new_id()}@example.com"

        answer = click(office(email, role="admin"), f"sagatransaction/{row.id}", path, "The customer called.")

        row.refresh_from_db()
        assert answer == (200, [told])
        assert (row.status, row.hold) == left
        request = SagaRequest.objects.get(saga_id=row.id)
        assert (request.kind, request.actor, request.reason) == (path.replace("-", "_"), email, "The customer called.")

    def test_want_a_reason(self) -> None:
        row = saga()

        status, told = click(office(role="admin"), f"sagatransaction/{row.id}", "cancel", reason=" ")

        assert (status, told) == (200, [])
        assert not SagaRequest.objects.filter(saga_id=row.id).exists()

    def test_ask_once_however_often_a_form_is_sent(self) -> None:
        row, client, key = saga(), office(role="admin"), str(new_id())

        first = click(client, f"sagatransaction/{row.id}", "pause", key=key)
        again = click(client, f"sagatransaction/{row.id}", "pause", key=key)

        assert first[0] == again[0] == 200
        assert SagaRequest.objects.filter(saga_id=row.id).count() == 1

    def test_tell_a_refusal_and_what_to_do(self) -> None:
        row = saga(step=MAIL - 1, lane="catalog", states=["completed"] * (MAIL - 1) + ["ready", "pending"])

        _, (told,) = click(office(role="admin"), f"sagatransaction/{row.id}", "cancel")

        assert told.endswith("What it did is taken back by another saga: start return_order.")

    def test_are_none_where_the_saga_has_ended(self) -> None:
        row = saga()
        SagaTransaction.objects.filter(id=row.id).update(status="completed", finished_at=row.created_at)

        assert buttons(office(is_superuser=True), f"sagatransaction/{row.id}") == []


class TestADeadLettersButtons:
    def test_give_up_by_two_people_and_not_by_one(self) -> None:
        letter = stuck_refund()
        page = f"sagadeadletter/{letter.id}"
        ines, omar = f"{new_id()}@example.com", f"{new_id()}@example.com"
        proposer, approver = office(ines, role="finance"), office(omar, role="finance")

        assert buttons(proposer, page) == ["Retry", "Give up"]
        proposed = click(proposer, page, "waive", "Paid by bank transfer.")
        after_proposal = (buttons(proposer, page), buttons(approver, page))
        alone = click(proposer, page, "waive", "I am sure.")
        still = SagaDeadLetter.objects.get(id=letter.id).state
        approved = click(approver, page, "waive", "I saw the transfer.")

        letter.refresh_from_db()
        assert proposed == (200, ["Giving up process_payment is proposed; another person must approve it."])
        assert after_proposal == (["Retry"], ["Retry", "Approve giving it up"])
        assert (alone, still) == (
            (200, ["You proposed it yourself; another person must approve."]),
            "open",
        )
        assert approved == (200, ["process_payment is given up, and its participant notes it."])
        assert (letter.state, letter.resolved_by, letter.approved_by, letter.reason) == (
            "waived",
            ines,
            omar,
            "Paid by bank transfer.",
        )
        row = SagaTransaction.objects.get(id=letter.saga_id)
        assert row.states[PAYMENT] == "waiving"
        assert buttons(approver, page) == []

    def test_leave_out_the_mail_that_its_saga_stands_at(self) -> None:
        row = saga(step=MAIL, lane="notifications", states=["completed"] * MAIL + ["parked"])
        letter = letter_of(row, direction="forward", step="send_confirmation_email")
        boss = office(role="admin")

        assert buttons(boss, f"sagadeadletter/{letter.id}") == ["Retry", "Leave out", "Give up"]
        assert click(boss, f"sagadeadletter/{letter.id}", "skip") == (
            200,
            ["send_confirmation_email is left out, unless it is done already; its participant notes it."],
        )
        drain(["notifications"])

        letter.refresh_from_db()
        row.refresh_from_db()
        assert (letter.state, row.status, row.states[MAIL]) == ("resolved", "completed", "skipped")

    def test_of_an_unknown_letter_lead_nowhere(self) -> None:
        boss = office(is_superuser=True)

        statuses = [click(boss, f"sagadeadletter/{one}", "retry")[0] for one in (UUID(int=1), "nothing")]

        assert statuses == [404, 404]
