"""Returns over HTTP."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.response import Response
from rest_framework.test import APIClient

from apps.core.ids import new_id
from apps.core.testing.statements import statements
from apps.core.testing.threads import at_once
from apps.orders import services
from apps.orders.buyers import hashed
from apps.orders.models import Order, OrderReturn

from . import backs as b
from .callers import SignedIn, customer

pytestmark = pytest.mark.django_db(databases=["orders"])


def path(order: Order, part: str = "") -> str:
    return f"/api/v1/orders/{order.id}/returns/{part}"


def ask(client: APIClient, order: Order, *lines: tuple[Any, int], key: str | None = None, **said: Any) -> Response:
    asked = [{"line_id": str(line.id), "quantity": quantity} for line, quantity in lines]
    headers = {"Idempotency-Key": key or str(uuid4())} | said.pop("headers", {})
    return client.post(path(order), {"reason": "damaged", "lines": asked} | said, format="json", headers=headers)


@pytest.fixture
def user() -> SignedIn:
    return SignedIn()


@pytest.fixture
def order(user: SignedIn) -> Order:
    return b.confirmed(user_id=user.pk)


class TestAskingForAReturn:
    def test_answers_the_return_and_where_it_stands(self, user: SignedIn, order: Order) -> None:
        shirts, _ = b.lines_of(order)

        answer = ask(customer(user), order, (shirts, 2), note="Torn at the seam.")

        made = OrderReturn.objects.using("orders").get(order_id=order.id)
        asked = made.lines.using("orders").get()
        assert answer.status_code == 201
        assert answer["Location"] == path(order, f"{made.id}/")
        assert answer.json() == {
            "id": str(made.id),
            "return_number": made.return_number,
            "order_id": str(order.id),
            "status": "requested",
            "reason": "damaged",
            "note": "Torn at the seam.",
            "answer": None,
            "currency": "USD",
            "goods_amount": None,
            "shipping_amount": None,
            "refund_amount": None,
            "created_at": answer.json()["created_at"],
            "updated_at": answer.json()["updated_at"],
            "received_at": None,
            "closed_at": None,
            "lines": [
                {
                    "line_id": str(asked.line_id),
                    "title": "Linen Shirt",
                    "variant_title": None,
                    "sku": "LS-1",
                    "quantity": 2,
                    "received_quantity": None,
                    "refund_amount": None,
                }
            ],
        }

    def test_takes_as_many_statements_for_two_lines_as_for_one(self, user: SignedIn, order: Order) -> None:
        shirts, socks = b.lines_of(order)

        with statements(orders=13):
            ask(customer(user), order, (shirts, 1))
        with statements(orders=13):
            ask(customer(user), order, (shirts, 1), (socks, 1))

    def test_under_one_key_is_one_return(self, user: SignedIn, order: Order) -> None:
        shirts, _ = b.lines_of(order)

        first, again = (ask(customer(user), order, (shirts, 1), key="one") for _ in range(2))
        other = ask(customer(user), order, (shirts, 2), key="one")

        assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        assert b.claimed(shirts) == 1

    def test_wants_a_key(self, user: SignedIn, order: Order) -> None:
        body = {"reason": "damaged", "lines": [{"line_id": str(b.lines_of(order)[0].id)}]}

        answer = customer(user).post(path(order), body, format="json")

        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")

    def test_names_what_is_wrong(self, user: SignedIn, order: Order) -> None:
        shirts, _ = b.lines_of(order)

        none = ask(customer(user), order)
        wrong = ask(customer(user), order, (shirts, 0), reason="bored")
        foreign = ask(customer(user), order, (b.lines_of(b.confirmed())[0], 1))

        assert none.json()["errors"].keys() == {"lines"}
        assert wrong.json()["errors"].keys() == {"reason", "lines.0.quantity"}
        assert foreign.json()["errors"].keys() == {"lines.0.line_id"}
        assert {answer.status_code for answer in (none, wrong, foreign)} == {422}

    def test_says_how_much_can_still_come_back(self, user: SignedIn, order: Order) -> None:
        shirts, _ = b.lines_of(order)
        ask(customer(user), order, (shirts, 2))

        refused = ask(customer(user), order, (shirts, 2))
        shown = customer(user).get(f"/api/v1/orders/{order.id}/").json()["lines"]

        assert (refused.status_code, refused.json()["code"]) == (409, "more_than_bought")
        assert [(line["requested"], line["returnable"]) for line in refused.json()["lines"]] == [(2, 1)]
        assert {line["id"]: line["returnable_quantity"] for line in shown}[str(shirts.id)] == 1

    def test_waits_until_the_order_is_confirmed(self, user: SignedIn) -> None:
        order = b.confirmed(user_id=user.pk, status="processing")

        refused = ask(customer(user), order, (b.lines_of(order)[0], 1))

        assert (refused.status_code, refused.json()["code"]) == (409, "order_not_returnable")

    def test_is_open_to_a_guest_who_shows_the_token(self) -> None:
        order = b.confirmed(user_id=None, access_token_hash=hashed("secret"))
        shirts, _ = b.lines_of(order)

        shown = {"X-Order-Token": "secret"}
        answer = ask(APIClient(), order, (shirts, 1), headers=shown)

        assert answer.status_code == 201
        assert APIClient().get(answer["Location"], headers=shown).json() == answer.json()

    def test_of_somebody_elses_order_is_a_404(self, order: Order) -> None:
        shirts, _ = b.lines_of(order)

        for client, headers in ((customer(), {}), (APIClient(), {}), (APIClient(), {"X-Order-Token": "guess"})):
            answer = ask(client, order, (shirts, 1), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "order_not_found")
        assert b.claimed(shirts) == 0


@pytest.mark.django_db(databases=["orders"], transaction=True)
class TestAskingForTheLastPiece:
    def test_at_once_is_granted_once(self, user: SignedIn, order: Order) -> None:
        _, socks = b.lines_of(order)

        answers = at_once(*[partial(ask, customer(user), order, (socks, 1)) for _ in range(4)])

        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"more_than_bought"}
        assert b.claimed(socks) == 1


class TestReadingReturns:
    def test_lists_them_newest_first_with_their_lines(self, user: SignedIn, order: Order) -> None:
        shirts, socks = b.lines_of(order)
        first, second = b.requested(order, (shirts, 1)), b.requested(order, (shirts, 1), (socks, 1))

        with statements(orders=3):
            answer = customer(user).get(path(order))

        assert [found["id"] for found in answer.json()["results"]] == [str(second.id), str(first.id)]
        assert [len(found["lines"]) for found in answer.json()["results"]] == [2, 1]

    def test_shows_what_arrived_and_what_goes_back(self, user: SignedIn, order: Order) -> None:
        shirts, socks = b.lines_of(order)
        made = b.approved(order, (shirts, 2), (socks, 1))
        services.receive_return(return_id=made.id, arrived=b.arrived(made, 1, 1), user_id=None)

        with statements(orders=3):
            shown = customer(user).get(path(order, f"{made.id}/")).json()

        assert (shown["status"], shown["goods_amount"], shown["shipping_amount"]) == ("receiving", "29.00", "0.00")
        assert (shown["refund_amount"], shown["lines"][0]["refund_amount"]) == ("29.00", "10.00")
        assert [(line["quantity"], line["received_quantity"]) for line in shown["lines"]] == [(2, 1), (1, 1)]

    def test_tells_the_buyer_why_it_was_refused(self, user: SignedIn, order: Order) -> None:
        made = b.requested(order, (b.lines_of(order)[0], 1))
        services.refuse_return(return_id=made.id, user_id=None, now=b.NOW, answer="Worn for a year.")

        assert customer(user).get(path(order, f"{made.id}/")).json()["answer"] == "Worn for a year."

    def test_keeps_to_staff_why_a_receipt_was_undone(self, user: SignedIn, order: Order) -> None:
        made = b.approved(order, (b.lines_of(order)[0], 1))
        OrderReturn.objects.using("orders").filter(id=made.id).update(answer="Only 1.00 USD is left to give back.")

        shown = customer(user).get(path(order, f"{made.id}/")).json()

        assert (shown["status"], shown["answer"]) == ("approved", None)

    def test_of_somebody_else_is_a_404(self, order: Order) -> None:
        made = b.requested(order, (b.lines_of(order)[0], 1))

        for part in ("", f"{made.id}/"):
            for client in (APIClient(), customer()):
                answer = client.get(path(order, part))
                assert (answer.status_code, answer.json()["code"]) == (404, "order_not_found")

    def test_of_another_order_of_ones_own_is_a_404(self, user: SignedIn, order: Order) -> None:
        made = b.requested(order, (b.lines_of(order)[0], 1))
        other = b.confirmed(user_id=user.pk)

        for path_to in (path(other, f"{made.id}/"), path(order, f"{new_id()}/")):
            answer = customer(user).get(path_to)
            assert (answer.status_code, answer.json()["code"]) == (404, "return_not_found")


class TestCallingAReturnOff:
    def test_lets_the_pieces_go(self, user: SignedIn, order: Order) -> None:
        shirts, _ = b.lines_of(order)
        made = b.approved(order, (shirts, 2))

        answer = customer(user).post(path(order, f"{made.id}/cancel/"))

        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        assert (b.claimed(shirts), b.row(made).decided_by) == (0, user.pk)

    def test_comes_before_the_goods(self, user: SignedIn, order: Order) -> None:
        made = b.received(order, (b.lines_of(order)[0], 1))

        answer = customer(user).post(path(order, f"{made.id}/cancel/"))

        assert (answer.status_code, answer.json()["code"], answer.json()["return_status"]) == (
            409,
            "return_not_open",
            "receiving",
        )
        assert b.row(made).status == "receiving"

    def test_of_somebody_else_is_a_404(self, order: Order) -> None:
        made = b.requested(order, (b.lines_of(order)[0], 1))

        for client in (APIClient(), customer()):
            assert client.post(path(order, f"{made.id}/cancel/")).status_code == 404
        assert b.row(made).status == "requested"
