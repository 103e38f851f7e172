"""Redrive: which dead letters, how fast, and on from where it was broken off; and the command's words for it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.core.ids import new_id
from apps.sagas import redriving, requests
from apps.sagas.dead_letters import Letters, error_class, list_dead_letters
from apps.sagas.models import SagaDeadLetter, SagaRequest
from apps.sagas.testing import drain

from . import cake
from .tea_house import FAULTS, LANES, begun, effects, expire_lease, row

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]


class TillStuck(Exception):
    """It does not open."""


def stuck(*errors, handler="give_back", price=500):
    """Return guests, one an error, at whose order a handler fails until it is mended; the oldest first."""
    guests = []
    for error in errors:
        guest = cake.order(price=price)
        FAULTS[handler] = [error, error]
        begun(guest)
        drain(LANES)
        expire_lease(guest.saga_id)
        drain(LANES)
        assert SagaDeadLetter.objects.filter(saga_id=guest.saga_id, state="open").exists()
        guests.append(guest)
    return guests


@pytest.fixture(autouse=True)
def _no_letters_of_others():
    SagaDeadLetter.objects.all().delete()


class Clock:
    """A clock that moves when somebody waits."""

    def __init__(self):
        self.time, self.waits = 0.0, []

    def now(self):
        return self.time

    def wait(self, seconds):
        self.waits.append(seconds)
        self.time += seconds


def redriven(letters, *, run="mend", limit=None, per_second=10.0, clock=None):
    clock = clock or Clock()
    planned = redriving.plan(letters, run=run, limit=limit)
    return list(
        redriving.redrive(
            planned,
            run=run,
            actor="ines@example.com",
            reason="The till opens.",
            per_second=per_second,
            now=clock.now,
            wait=clock.wait,
        )
    )


def ends(guests):
    return [row(guest.saga_id).status for guest in guests]


class TestWhichLetters:
    @pytest.mark.parametrize(
        ("error", "kind"),
        [("TillStuck: no", "TillStuck"), ("payment_declined: no", "payment_declined"), ("no answer: away", "other")],
    )
    def test_are_told_apart_by_the_class_of_their_error(self, error, kind):
        assert error_class(error) == kind

    def test_are_all_or_those_of_a_saga_a_step_a_class_or_a_text(self):
        till, drawer = stuck(TillStuck("the drawer"), ValueError("the key"))
        (sink,) = stuck(ValueError("the sink"), handler="unweigh", price=500)

        def found(**fields):
            return {letter.saga_id for letter in list_dead_letters(Letters(**fields))}

        assert found() == {till.saga_id, drawer.saga_id, sink.saga_id}
        assert found(saga_id=till.saga_id) == {till.saga_id}
        assert found(step="weigh") == {sink.saga_id}
        assert found(error_class="ValueError") == {drawer.saga_id, sink.saga_id}
        assert found(error_class="ValueError", step="take_money") == {drawer.saga_id}
        assert found(error_class="Value") == set()
        assert found(error_class="other") == set()
        assert found(text="KEY") == {drawer.saga_id}
        assert found(state="resolved") == set()


class TestRedrive:
    def test_asks_for_one_try_of_each_letter_of_the_class_and_leaves_the_others(self):
        guests = stuck(TillStuck("a"), TillStuck("b"), ValueError("c"))

        done = redriven(Letters(error_class="TillStuck"))
        drain(LANES)

        assert [(one.saga_id, one.granted) for one in done] == [(guest.saga_id, True) for guest in guests[:2]]
        assert ends(guests) == ["failed", "failed", "compensating"]
        request = SagaRequest.objects.get(saga_id=guests[0].saga_id)
        assert (request.kind, request.step, request.actor, request.reason) == (
            "retry",
            "take_money",
            "ines@example.com",
            "The till opens.",
        )

    def test_asks_so_many_a_second(self):
        stuck(*[TillStuck("a")] * 5)
        clock = Clock()

        redriven(Letters(), per_second=4.0, clock=clock)

        assert clock.waits == [0.0, 0.25, 0.25, 0.25, 0.25]

    def test_does_not_catch_up_on_time_that_answers_took(self):
        stuck(*[TillStuck("a")] * 3)
        clock = Clock()
        run = redriving.redrive(
            redriving.plan(Letters(), run="slow"),
            run="slow",
            actor="ines",
            reason="The till opens.",
            per_second=4.0,
            now=clock.now,
            wait=clock.wait,
        )
        next(run)
        clock.time += 1.0
        list(run)

        assert clock.waits == [0.0, 0.0, 0.25]

    def test_that_was_broken_off_goes_on_where_it_was(self):
        guests = stuck(TillStuck("a"), TillStuck("b"), TillStuck("c"))
        run = redriving.redrive(
            redriving.plan(Letters(), run="mend"), run="mend", actor="ines", reason="The till opens."
        )
        next(run)
        run.close()

        rest = redriving.plan(Letters(), run="mend")
        done = redriven(Letters(), run="mend")

        assert [one.saga_id for one in rest] == [guest.saga_id for guest in guests[1:]]
        assert [one.saga_id for one in done] == [one.saga_id for one in rest]
        assert SagaRequest.objects.filter(saga_id=guests[0].saga_id).count() == 1

    def test_takes_no_more_than_it_is_told(self):
        guests = stuck(TillStuck("a"), TillStuck("b"))

        assert [one.saga_id for one in redriven(Letters(), limit=1)] == [guests[0].saga_id]

    def test_tries_the_parked_step_of_the_letter_not_the_one_that_is_next(self):
        guest = cake.order(price=500)
        FAULTS["give_back"], FAULTS["unweigh"] = [TillStuck("a")] * 9, [ValueError("b")] * 9
        begun(guest)
        for _ in range(5):
            drain(LANES)
            expire_lease(guest.saga_id)
        assert SagaDeadLetter.objects.filter(saga_id=guest.saga_id, state="open").count() == 2
        FAULTS.clear()
        at = cake.SERVE_CAKE.steps[row(guest.saga_id).step].name
        other = {"take_money": "weigh", "weigh": "take_money"}[at]

        redriven(Letters(saga_id=guest.saga_id, step=other))
        drain(LANES)

        assert ("give_back" in effects(guest.order_id)) == (other == "take_money")
        expire_lease(guest.saga_id)
        drain(LANES)
        assert row(guest.saga_id).status == "failed"


def command(*words):
    out = StringIO()
    call_command("saga", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


class TestTheCommand:
    def test_says_first_what_a_redrive_would_do_and_does_nothing(self):
        guest, paused = stuck(TillStuck("the drawer"), TillStuck("the drawer"))
        requests.ask(saga_id=paused.saga_id, kind="pause", actor="ines", reason="Wait.")

        told = json.loads(command("redrive", "--dry-run", "--reason", "look", "--json"))

        assert told["dry_run"] is True
        assert [(one["saga_id"], one["granted"], one["outlook"], one["error_class"]) for one in told["letters"]] == [
            (str(guest.saga_id), True, "take_money is tried at once.", "TillStuck"),
            (str(paused.saga_id), False, "It is paused; resume it.", "TillStuck"),
        ]
        assert "would retry 1 of 2 dead letters" in command("redrive", "--dry-run", "--reason", "look")
        asked = SagaRequest.objects.filter(saga_id__in=[guest.saga_id, paused.saga_id])
        assert list(asked.values_list("kind", flat=True)) == ["pause"]

    def test_redrives_what_it_said(self):
        guest, paused = stuck(TillStuck("the drawer"), TillStuck("the drawer"))
        requests.ask(saga_id=paused.saga_id, kind="pause", actor="ines", reason="Wait.")

        told = command("redrive", "--class", "TillStuck", "--reason", "mended", "--per-second", "1000")
        drain(LANES)

        assert "retried 1 of 2 dead letters" in told
        assert ends([guest, paused]) == ["failed", "compensating"]

    def test_counts_dead_letters_by_step_and_class(self):
        stuck(TillStuck("a"), TillStuck("b"), ValueError("c"))

        counted = json.loads(command("dead-letters", "--summary", "--json"))

        assert counted == [
            {"step": "take_money", "direction": "backward", "error_class": "TillStuck", "letters": 2},
            {"step": "take_money", "direction": "backward", "error_class": "ValueError", "letters": 1},
        ]
        assert "TillStuck" in command("dead-letters", "--summary")

    def test_waives_by_two_and_lists_what_was_waived(self):
        (guest,) = stuck(TillStuck("the drawer"))
        words = ("waive", str(guest.saga_id), "--reason", "Paid in cash.", "--actor")

        proposed = command(*words, "ines")
        (waiting,) = json.loads(command("dead-letters", "--json"))
        with pytest.raises(CommandError, match="You proposed it yourself"):
            command(*words, "ines")
        approved = command(*words, "omar", "--step", "take_money", "--json")
        (waived,) = json.loads(command("dead-letters", "--state", "waived", "--json"))

        assert "another person must approve it" in proposed
        assert (waiting["proposed_by"], waiting["approved_by"]) == ("ines", None)
        assert json.loads(approved)["granted"] is True
        assert (waived["resolved_by"], waived["approved_by"], waived["reason"]) == ("ines", "omar", "Paid in cash.")
        assert "ines, omar" in command("dead-letters", "--state", "waived")

    def test_skips_and_forces(self):
        thanked, forced = cake.order(), cake.order()
        FAULTS["thank"] = [ValueError("nobody")] * 9
        begun(thanked)
        drain(LANES)
        begun(forced)

        key = str(new_id())
        assert "thank is left out" in command("skip", str(thanked.saga_id), "--reason", "No ears.")
        assert "being undone" in command("force", str(forced.order_id), "--reason", "It burns.", "--key", key)
        assert "being undone" in command("force", str(forced.order_id), "--reason", "It burns.", "--key", key)
        with pytest.raises(CommandError, match="start take_cake_back"):
            command("force", str(thanked.saga_id), "--reason", "It burns.")
        drain(LANES)
        assert ends([thanked, forced]) == ["completed", "failed"]

    def test_refuses_a_rate_that_is_none(self):
        with pytest.raises(CommandError, match="--per-second must be above zero"):
            command("redrive", "--reason", "mended", "--per-second", "0")
