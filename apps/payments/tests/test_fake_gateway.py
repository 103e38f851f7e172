"""The fake gateway and its adapter keep what the port promises."""

import os
import sqlite3
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import urllib3

from apps.core.ids import new_id
from apps.core.testing.waiting import eventually
from apps.payments.gateways.base import (
    Charge,
    ChargeKey,
    ChargeRequest,
    ChargeState,
    Refunded,
    RefundRequest,
    Spent,
)
from apps.payments.gateways.current import current_gateway
from apps.payments.gateways.fake_server.store import Store
from apps.payments.testing import RunningGateway
from apps.sagas.messages import Unknown, Unreachable

from . import factories as f


def request(payment_method: str = f.APPROVED, **fields: Any) -> ChargeRequest:
    defaults: dict[str, Any] = {
        "key": new_id(),
        "order_id": new_id(),
        "amount": Decimal("59.90"),
        "currency": "USD",
        "payment_method": payment_method,
        "statement": "ORD-000001",
    }
    return ChargeRequest(**defaults | fields)


def refund_of(asked: ChargeRequest, **fields: Any) -> RefundRequest:
    defaults: dict[str, Any] = {
        "key": new_id(),
        "charge": ChargeKey(key=asked.key),
        "amount": asked.amount,
        "currency": asked.currency,
        "reason": "insufficient_stock",
    }
    return RefundRequest(**defaults | fields)


def charge(*requests: ChargeRequest) -> list[Charge | Unknown]:
    return list(current_gateway().charge(requests))


def find(asked: ChargeRequest) -> Charge | Unknown:
    return current_gateway().find([ChargeKey(key=asked.key)])[0]


def cancel(asked: ChargeRequest) -> Charge | Unknown:
    return current_gateway().cancel([ChargeKey(key=asked.key)])[0]


def calls_once_returned(gateway: RunningGateway, count: int) -> list[dict[str, Any]]:
    """Return the calls when that many have noted their return, which they do after the answer is sent."""
    eventually(
        lambda: sum(call["returned_at"] is not None for call in gateway.calls()) == count,
        what=f"the return of {count} calls",
    )
    return gateway.calls()


def state(answer: Charge | Unknown) -> ChargeState:
    assert isinstance(answer, Charge)
    return answer.state


class TestCharge:
    def test_gives_its_first_outcome_again(self, gateway: RunningGateway) -> None:
        asked = request()

        first, second = charge(asked, asked)

        assert first == second == charge(asked)[0] == find(asked)
        assert state(first) == "succeeded"
        assert len(gateway.charges(asked.order_id)) == 1

    @pytest.mark.parametrize(
        "change", [{"amount": Decimal("9.90")}, {"currency": "EUR"}, {"payment_method": f.INSUFFICIENT_FUNDS}]
    )
    def test_refuses_another_request_under_a_key(self, gateway: RunningGateway, change: dict[str, Any]) -> None:
        asked = request()
        charge(asked)

        [answer] = charge(replace(asked, **change))

        assert answer == Unknown("the gateway answered 422 the_key_stands_for_another_request")
        assert [held["amount"] for held in gateway.charges(asked.order_id)] == ["59.9000"]

    def test_finds_nothing_under_a_key_never_used(self, gateway: RunningGateway) -> None:
        assert state(find(request())) == "absent"

    def test_repeats_a_saved_error_to_the_same_request_only(self, gateway: RunningGateway) -> None:
        asked = request(f.SAVED_ERROR)

        [first], [second], [third] = charge(asked), charge(asked), charge(replace(asked, renewal=1))

        assert first == second == Spent("the gateway answered 500 internal_error")
        assert state(third) == "succeeded"

    def test_repeats_an_error_that_was_asked_for(self, gateway: RunningGateway) -> None:
        asked = request()
        gateway.fault("saved_error", operation="charge")

        [first], [second], [third] = charge(asked), charge(asked), charge(replace(asked, renewal=1))

        assert (first, second) == (
            Spent("the gateway answered 500"),
            Spent("the gateway answered 500 internal_error"),
        )
        assert state(third) == "succeeded"

    def test_takes_one_call_for_a_hundred(self, own_gateway: RunningGateway) -> None:
        answers = charge(*[request() for _ in range(100)])

        assert {state(answer) for answer in answers} == {"succeeded"}
        assert [len(call["request"]) for call in own_gateway.calls()] == [100]


class TestCancel:
    def test_refuses_every_later_charge(self, gateway: RunningGateway) -> None:
        asked = request()

        states = [state(cancel(asked)), state(charge(asked)[0]), state(find(asked))]

        assert states == ["cancelled", "cancelled", "cancelled"]
        assert gateway.charges(asked.order_id) == []

    def test_tells_what_had_been_charged(self, gateway: RunningGateway) -> None:
        asked = request()
        charge(asked)

        answer = cancel(asked)

        assert answer == find(asked)
        assert isinstance(answer, Charge)
        assert (state(answer), answer.amount, answer.currency) == ("succeeded", Decimal("59.90"), "USD")

    def test_keeps_a_decline_from_succeeding_late(self, gateway: RunningGateway) -> None:
        asked, later = request("test_4000000000004021"), request("test_4000000000004021")
        charge(asked)
        charge(later)

        cancel(asked)
        eventually(lambda: state(find(later)) == "succeeded", what="the late success of a later charge")

        assert state(find(asked)) == "declined"


class TestRefund:
    def test_gives_back_once_a_key(self, gateway: RunningGateway) -> None:
        asked = request()
        charge(asked)
        refund = refund_of(asked)

        [first, second] = current_gateway().refund([refund, refund])

        assert first == second
        assert isinstance(first, Refunded)
        assert first.amount == Decimal("59.90")
        assert gateway.charges(asked.order_id)[0]["refunded"] == "59.9000"

    def test_refuses_more_than_is_left(self, gateway: RunningGateway) -> None:
        asked = request()
        charge(asked)

        answers = current_gateway().refund([refund_of(asked, amount=Decimal("50")), refund_of(asked)])

        assert isinstance(answers[0], Refunded)
        assert answers[1] == Unknown("the gateway answered 422 more_than_is_left_of_the_charge")
        assert gateway.charges(asked.order_id)[0]["refunded"] == "50.0000"

    def test_refuses_what_was_never_charged(self, gateway: RunningGateway) -> None:
        asked = request(f.DECLINED)
        charge(asked)

        [answer] = current_gateway().refund([refund_of(asked)])

        assert answer == Unknown("the gateway answered 422 nothing_was_charged_under_this_key")


class TestTheProcess:
    def test_survives_being_killed_with_all_it_knows(self, own_gateway: RunningGateway) -> None:
        paid, closed, poor = request(), request(), request(f.DECLINED)
        charge(paid, poor)
        cancel(closed)
        current_gateway().refund([refund_of(paid, amount=Decimal("10"))])

        own_gateway.kill()
        own_gateway.start()

        assert [state(find(asked)) for asked in (paid, closed, poor)] == ["succeeded", "cancelled", "declined"]
        assert own_gateway.charges(paid.order_id)[0]["refunded"] == "10.0000"

    def test_logs_every_call_with_its_answer(self, own_gateway: RunningGateway) -> None:
        asked = request()
        own_gateway.fault("timeout_with_effect", operation="charge")

        charge(asked)
        find(asked)

        told, found = calls_once_returned(own_gateway, 1)
        assert (told["operation"], told["outcome"], told["returned_at"]) == ("charge", "timeout", None)
        assert (found["operation"], found["outcome"], found["status"]) == ("find", "answered", 200)
        assert told["answer"][0]["state"] == found["answer"][0]["state"] == "succeeded"
        assert found["called_at"] <= found["returned_at"]

    def test_notes_who_called_and_what_happened_to_the_money(self, own_gateway: RunningGateway) -> None:
        paid, closed = request(), request()
        charge(paid, paid)
        current_gateway().refund([refund_of(paid, key=paid.order_id)])
        cancel(paid)
        cancel(closed)
        cancel(closed)

        assert {call["process"] for call in own_gateway.calls()} == {os.getpid()}
        assert [
            (effect["call_id"], effect["what"], effect["key"], effect["refund_key"], effect["amount"])
            for effect in own_gateway.effects()
        ] == [
            (1, "charged", str(paid.key), None, "59.9000"),
            (2, "refunded", str(paid.key), str(paid.order_id), "59.9000"),
            (3, "closed", str(paid.key), None, "0.0000"),
            (4, "closed", str(closed.key), None, "0.0000"),
        ]

    def test_notes_a_charge_that_is_late_when_it_lands(self, own_gateway: RunningGateway) -> None:
        asked = request("test_4000000000004021")
        charge(asked)

        assert own_gateway.effects() == []
        eventually(lambda: state(find(asked)) == "succeeded", seconds=3, what="the late charge")
        assert [effect["what"] for effect in own_gateway.effects()] == ["charged"]

    def test_opens_a_store_of_an_earlier_version(self, tmp_path: Path) -> None:
        old = sqlite3.connect(tmp_path / "old.sqlite3")
        old.executescript("CREATE TABLE calls (id INTEGER PRIMARY KEY, operation TEXT)")
        old.close()

        store = Store(tmp_path / "old.sqlite3")

        assert "process" in [row["name"] for row in store.connection.execute("PRAGMA table_info(calls)")]

    def test_is_a_black_hole_until_it_is_mended(self, gateway: RunningGateway) -> None:
        asked = request()
        gateway.fault("timeout_without_effect", count=-1)

        silence = [charge(asked)[0], find(asked)]
        gateway.mend()

        assert silence == [Unreachable("the gateway did not answer: ReadTimeoutError")] * 2
        assert state(find(asked)) == "absent"

    def test_keeps_its_connections(self, gateway: RunningGateway) -> None:
        adapter: Any = current_gateway()
        for _ in range(5):
            adapter.find([ChargeKey(key=new_id())])

        [pool] = adapter._http.pools._container.values()
        assert (pool.num_connections, pool.num_requests) == (1, 5)

    @pytest.mark.parametrize(
        ("path", "body", "status"),
        [
            ("/v1/charges", {"key": "a"}, 400),
            ("/v1/charges", {"key": "a", "amount": "-1", "currency": "USD", "payment_method": f.APPROVED}, 400),
            ("/v1/faults", {"kind": "earthquake"}, 400),
            ("/v1/nothing", {}, 404),
        ],
    )
    def test_refuses_what_it_does_not_understand(
        self, gateway: RunningGateway, path: str, body: dict[str, Any], status: int
    ) -> None:
        answer = urllib3.request("POST", gateway.url + path, json=body, retries=False)

        assert answer.status == status

    def test_answers_one_charge_by_its_status(self, gateway: RunningGateway) -> None:
        statuses = {}
        for card in (f.APPROVED, f.DECLINED, f.SAVED_ERROR):
            body = {"key": str(new_id()), "amount": "1", "currency": "USD", "payment_method": card}
            statuses[card] = urllib3.request("POST", f"{gateway.url}/v1/charges", json=body, retries=False).status

        assert statuses == {f.APPROVED: 200, f.DECLINED: 402, f.SAVED_ERROR: 500}
