"""What travels between a lane and a participant of another release."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from apps.sagas.messages import Call, Command, Direction, LeaveOut, Unknown, from_json, request_hash
from apps.sagas.progress import Answered, Failed, LeftOut, Outcome, Postponed, Refused
from apps.sagas.transport.envelope import Answer, Batch, pack_answer, pack_batch, unpack_batch, unpack_outcomes

from .tea import Brew, TakeMoney, Weigh
from .tea_house import kitchen, till

SAGA_ID = UUID("0190a5f0-0000-7000-8000-000000000001")


def forward(step: str, command: Command) -> Call[Any]:
    return Call(saga_id=SAGA_ID, step=step, direction=Direction.FORWARD, epoch=2, command=command)


WEIGH = forward("weigh", Weigh(order_id=SAGA_ID, leaves="oolong"))
BREW = forward("brew", Brew(order_id=SAGA_ID, leaves="oolong"))


def sent(*calls: Call[Any]) -> dict[str, Any]:
    """Return a batch of one chain as the broker carries it."""
    carried: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(pack_batch("kitchen", [list(calls)])))
    return carried


def returned(outcome: Outcome) -> Outcome:
    answer = msgspec.json.decode(pack_answer({SAGA_ID: (outcome,)}), type=Answer)
    return unpack_outcomes(answer)[SAGA_ID][0]


class TestABatch:
    def test_arrives_as_it_was_sent(self):
        chains, unreadable = unpack_batch(kitchen, from_json(Batch, sent(WEIGH, BREW)))

        assert (chains, unreadable) == ([[WEIGH, BREW]], {})

    def test_keeps_the_fingerprint_of_each_command(self):
        ((weigh, _),), _ = unpack_batch(kitchen, from_json(Batch, sent(WEIGH, BREW)))

        assert request_hash(weigh.command) == request_hash(WEIGH.command)

    def test_says_which_message_it_is_by_name(self):
        batch = sent(WEIGH)

        assert batch["participant"] == "kitchen"
        assert batch["chains"][0][0]["command"] == {
            "type": "Weigh",
            "fields": {"order_id": str(SAGA_ID), "leaves": "oolong"},
        }

    def test_may_have_fields_that_this_release_does_not_know(self):
        batch = sent(WEIGH) | {"priority": 7}
        batch["chains"][0][0] |= {"urgent": True}
        batch["chains"][0][0]["command"]["fields"] |= {"water": "soft"}

        chains, _ = unpack_batch(kitchen, from_json(Batch, batch))

        assert chains == [[WEIGH]]

    def test_with_a_command_of_a_later_release_is_postponed(self):
        batch = sent(WEIGH)
        batch["chains"][0][0]["command"]["type"] = "WeighTwice"

        chains, unreadable = unpack_batch(kitchen, from_json(Batch, batch))

        assert chains == []
        (outcome,) = unreadable[SAGA_ID]
        assert isinstance(outcome, Postponed)
        assert outcome.answered
        assert "no handler for WeighTwice" in outcome.error

    def test_without_a_field_that_is_needed_has_failed(self):
        batch = sent(WEIGH)
        del batch["chains"][0][0]["command"]["fields"]["leaves"]

        chains, unreadable = unpack_batch(kitchen, from_json(Batch, batch))

        assert chains == []
        (outcome,) = unreadable[SAGA_ID]
        assert isinstance(outcome, Failed)
        assert "missing required field `leaves`" in outcome.error

    def test_is_executed_up_to_what_cannot_be_read(self):
        batch = sent(WEIGH, BREW)
        batch["chains"][0][1]["command"]["type"] = "BrewTwice"

        chains, unreadable = unpack_batch(kitchen, from_json(Batch, batch))

        assert (chains, unreadable) == ([[WEIGH]], {})

    def test_for_another_participant_is_not_understood(self):
        taking = forward("take_money", TakeMoney(order_id=SAGA_ID, price=3))

        chains, unreadable = unpack_batch(kitchen, from_json(Batch, sent(taking)))
        understood, _ = unpack_batch(till, from_json(Batch, sent(taking)))

        assert (chains, list(unreadable)) == ([], [SAGA_ID])
        assert understood == [[taking]]

    @pytest.mark.parametrize("participant", [kitchen, till])
    def test_that_leaves_a_step_out_is_understood_by_every_participant(self, participant):
        skip = Call(saga_id=SAGA_ID, step="wash", direction=Direction.SKIP, epoch=0, command=LeaveOut())

        assert unpack_batch(participant, from_json(Batch, sent(skip))) == ([[skip]], {})


class TestAnAnswer:
    @pytest.mark.parametrize(
        "outcome",
        [
            Answered(reply={"type": "Done", "data": {"grams": 3}}),
            LeftOut(),
            Refused(code="no_leaves", message="There are no leaves.", details={"leaves": "none"}),
            Failed(error="ValueError: the kettle fell", exception="builtins.ValueError"),
            Unknown(error="TimeoutError: the bank did not answer"),
            Postponed(error="OperationalError: gone", seconds=2.5),
            Postponed(error="the gateway did not answer", seconds=2.0, asked=True),
        ],
        ids=lambda outcome: type(outcome).__name__,
    )
    def test_arrives_as_it_was_sent(self, outcome):
        assert returned(outcome) == outcome

    def test_that_says_only_that_the_batch_was_taken_has_no_outcomes(self):
        answer = msgspec.json.decode(pack_answer(None), type=Answer)

        assert answer.outcomes is None
        assert unpack_outcomes(answer) == {}

    def test_of_a_later_release_counts_as_a_failure(self):
        answer = msgspec.json.decode(
            msgspec.json.encode({"outcomes": {str(SAGA_ID): [{"type": "Delegated", "fields": {}}]}}), type=Answer
        )

        assert unpack_outcomes(answer)[SAGA_ID] == (
            Failed(error="the participant answered Delegated, which this release does not know"),
        )

    def test_that_cannot_be_read_counts_as_a_failure(self):
        answer = msgspec.json.decode(
            msgspec.json.encode({"outcomes": {str(SAGA_ID): [{"type": "Refused", "fields": {"code": "no"}}]}}),
            type=Answer,
        )

        (outcome,) = unpack_outcomes(answer)[SAGA_ID]
        assert isinstance(outcome, Failed)
