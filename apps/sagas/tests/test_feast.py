"""The engine carries a saga of another shape too: answers of every kind at every step, and a cancellation at each."""

import pytest

from apps.sagas import requests
from apps.sagas.definition import Kind
from apps.sagas.lanes import _run, run_batch
from apps.sagas.messages import Direction
from apps.sagas.orchestrator import claim
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.settlement import Settlement, settle

from .feast import HOLD_FEAST
from .feast_house import ALIASES, AWAY, RAISE, REFUSE, SILENT_DONE, SILENT_LOST, acts
from .feasts import (
    OUTSIDERS,
    PIVOT,
    STEPS,
    TRIES,
    UNDOABLE,
    check_books,
    check_held,
    check_undone,
    come_due,
    ended,
    held,
    letters,
    told,
    undone_from,
)
from .tea_house import expire_lease, row

pytestmark = [pytest.mark.committed(databases=ALIASES), pytest.mark.usefixtures("hall")]


class TestAFeast:
    def test_is_held(self):
        guest = held()

        assert ended(guest) == "completed"
        check_held(guest)

    def test_has_a_shape_that_no_other_saga_of_these_tests_has(self):
        kinds = [step.kind for step in HOLD_FEAST.steps]

        assert kinds == [Kind.COMPENSATABLE] * 5 + [Kind.PIVOT] + [Kind.RETRIABLE] * 5
        assert [step.participant(Direction.FORWARD) for step in HOLD_FEAST.steps] == [
            *("pantry", "purse", "band", "pantry", "pantry"),
            "hall",
            *("pantry", "band", "pantry", "pantry", "hall"),
        ]


def alone_after(step):
    """Return how often a step fails together with the one before it, until each goes alone."""
    return 1 if step == "sweep" else 0


class TestAnAnswer:
    @pytest.mark.parametrize("step", STEPS[: PIVOT + 1])
    def test_that_is_no_undoes_up_to_the_pivot(self, step):
        guest = held(**{step: [REFUSE]})

        assert ended(guest) == "failed"
        check_undone(guest, *undone_from(step, answered=True))
        assert row(guest.saga_id).cause["code"] == "not_today"

    @pytest.mark.parametrize("step", STEPS[PIVOT + 1 :])
    def test_that_is_no_after_the_pivot_is_kept_until_people_decide(self, step):
        # In the database of the sagas there is no inbox, so nothing keeps a refusal: it is asked anew.
        guest = held(**{step: [REFUSE] * (TRIES if step == "thank" else 1)})
        come_due(guest, TRIES)

        assert letters(guest, "open") == {step}
        asked = [("skip", "ann")] if step == "thank" else [("waive", "ines"), ("waive", "omar")]
        for kind, actor in asked:
            assert requests.ask(saga_id=guest.saga_id, kind=kind, actor=actor, reason="Without it.").granted
        assert ended(guest) == "completed"
        assert acts(guest.order_id) == dict.fromkeys([one for one in STEPS if one != step], 1)
        check_books(guest, "completed")

    @pytest.mark.parametrize("step", STEPS)
    def test_that_is_an_error_once_changes_nothing(self, step):
        guest = held(**{step: [RAISE]})

        assert ended(guest) == "completed"
        check_held(guest)

    @pytest.mark.parametrize("step", STEPS)
    def test_that_is_always_an_error_undoes_up_to_the_pivot_and_parks_after_it(self, step):
        guest = held(**{step: [RAISE] * (TRIES + alone_after(step))})
        come_due(guest, TRIES + alone_after(step))

        if STEPS.index(step) > PIVOT:
            assert letters(guest, "open") == {step}
            assert ended(guest) == "completed"
            check_held(guest)
        else:
            assert ended(guest) == "failed"
            check_undone(guest, *undone_from(step, answered=False))

    # What runs in the database of the sagas is not asked without it: then nobody settles.
    @pytest.mark.parametrize("step", [step for step in STEPS if step not in ("ring_gong", "thank")])
    def test_that_nobody_can_be_reached_spends_no_try(self, step):
        guest = held(**{step: [AWAY] * (TRIES + 1)})

        assert ended(guest) == "completed"
        check_held(guest)
        assert told(guest, "failed") == []


@pytest.mark.parametrize("silence", [SILENT_DONE, SILENT_LOST])
@pytest.mark.parametrize("step", OUTSIDERS)
class TestSilence:
    def test_is_asked_about_again(self, step, silence):
        guest = held(**{step: [silence] * (TRIES - 1)})

        assert ended(guest) == "completed"
        check_held(guest)
        assert told(guest, "unknown") == [step] * (TRIES - 1)

    def test_for_ever_undoes_before_the_pivot_what_may_have_been_done(self, step, silence):
        guest = held(**{step: [silence] * TRIES})

        if step == "play":
            assert ended(guest) == "completed"
            check_held(guest)
        else:
            assert ended(guest) == "failed"
            check_undone(guest, *undone_from(step, answered=False))
            assert row(guest.saga_id).cause["code"] == "outcome_unknown"


def standing_at(step):
    """Return a feast whose cursor stands at a step that failed once."""
    guest = held(**{step: [RAISE] * (1 + alone_after(step))})
    for _ in range(200):
        saga = row(guest.saga_id)
        if (STEPS[saga.step], saga.failures) == (step, 1):
            return guest
        expire_lease(guest.saga_id)
        run_batch(saga.lane)
    raise AssertionError(f"it never stood at {step}")


def check_cancelled(guest, step, *, granted):
    """Up to the pivot all is undone that may have been done; after it nothing is."""
    if granted:
        assert ended(guest) == "failed"
        check_undone(guest, *(UNDOABLE[::-1] if step == "ring_gong" else undone_from(step, answered=False)))
    else:
        assert ended(guest) == "completed"
        check_held(guest)


# Before the pivot what comes second in a commit never fails alone, so that no cursor stands there.
@pytest.mark.parametrize("step", [step for step in STEPS if step != "light_candles"])
class TestACancellation:
    def test_is_granted_up_to_the_pivot_and_undoes_all(self, step):
        guest = standing_at(step)

        answer = requests.ask(saga_id=guest.saga_id, kind="cancel", actor="ann", reason="It rains.")

        assert answer.granted is (STEPS.index(step) <= PIVOT)
        check_cancelled(guest, step, granted=answer.granted)

    def test_wins_over_a_worker_that_does_the_step_meanwhile(self, step):
        guest = standing_at(step)
        expire_lease(guest.saga_id)
        lane = row(guest.saga_id).lane
        late = [Settlement(claim=one, progress=one.progress) for one in claim(lane, limit=9, lease_seconds=30)]

        answer = requests.ask(saga_id=guest.saga_id, kind="cancel", actor="ann", reason="It rains.")
        settle(_run(PARTICIPANTS[lane], late) if lane != "hall" else late)

        assert len(late) == 1
        check_cancelled(guest, step, granted=answer.granted)
