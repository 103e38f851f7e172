"""The moves of a saga and of its steps are those of the tables, each of them is walked, and no other is there."""

from collections import defaultdict
from dataclasses import replace
from itertools import product
from pathlib import Path
from uuid import UUID

from django.conf import settings

from apps.sagas.definition import Kind
from apps.sagas.lanes import _in_time
from apps.sagas.orchestrator import Claim
from apps.sagas.progress import CLOSED, LIVING, State, Status
from apps.sagas.settlement import Settlement

from .tables import (
    ANOTHER_GIVEN_UP,
    EVENTS,
    GIVEN_UP,
    GIVEN_UP_ALONE,
    LEFT_OUT,
    NEVER_DONE,
    OTHERS,
    SAGA,
    STEP,
    TURNED_BACK,
    event_of,
    written,
)
from .walks import everything

ASKED = (TURNED_BACK, LEFT_OUT, GIVEN_UP, GIVEN_UP_ALONE)


def at(seen):
    """Return the kind and the state of the step under the cursor."""
    return seen.shape.saga.steps[seen.progress.step].kind, seen.progress.states[seen.progress.step]


def living():
    return [seen for seen in everything() if not seen.progress.finished]


class TestASaga:
    def test_moves_as_its_table_says_and_in_no_other_way(self):
        found = defaultdict(lambda: defaultdict(set))
        for seen in living():
            if seen.move:
                found[seen.progress.status, at(seen)[0]][event_of(seen)].add(seen.move.progress.status)

        assert found == SAGA

    def test_never_leaves_its_end(self):
        ended = [seen for seen in everything() if seen.progress.finished]

        assert {seen.progress.status for seen in ended} == {Status.COMPLETED, Status.FAILED}
        assert {event_of(seen) for seen in ended} <= set(EVENTS)
        assert [seen for seen in ended if seen.move] == []

    def test_has_no_open_effect_where_it_failed_and_none_waits_where_it_completed(self):
        for seen in everything():
            if seen.progress.status is Status.FAILED:
                undoable = [s for step, s in zip(seen.shape.saga.steps, seen.progress.states, strict=True) if step.undo]
                assert set(undoable) <= CLOSED
            if seen.progress.status is Status.COMPLETED:
                assert set(seen.progress.states) <= {State.COMPLETED, State.SKIPPED, State.WAIVED}


class TestTheStepUnderTheCursor:
    def test_moves_as_its_table_says_and_in_no_other_way(self):
        found = defaultdict(lambda: defaultdict(set))
        for seen in living():
            if seen.move:
                found[at(seen)][event_of(seen)].add(seen.move.progress.states[seen.progress.step])

        assert found == STEP

    def test_is_never_in_a_state_that_the_table_does_not_have(self):
        pairs = {at(seen) for seen in living()}

        assert pairs == set(STEP)
        assert len(set(product(Kind, State)) - pairs) == len(Kind) * len(State) - len(STEP)

    def test_is_refused_whatever_else_is_asked_of_it(self):
        refused = {(*at(seen), event_of(seen)) for seen in living() if not seen.move}
        granted = {(*at(seen), event_of(seen)) for seen in living() if seen.move}

        assert {one for one in refused & granted if one[2] != ANOTHER_GIVEN_UP} == set()
        assert {event for _, _, event in refused} == {*ASKED, ANOTHER_GIVEN_UP, NEVER_DONE}
        for kind, state in STEP:
            for event in (*ASKED, NEVER_DONE):
                # A saga of one step has no other; each may be asked everything.
                assert ((kind, state, event) in refused) is (event not in STEP[kind, state])


class TestTheOtherSteps:
    def test_change_as_their_table_says_and_in_no_other_way(self):
        found = defaultdict(set)
        for seen in living():
            if not seen.move:
                continue
            for i, pair in enumerate(zip(seen.progress.states, seen.move.progress.states, strict=True)):
                if i != seen.progress.step and pair[0] is not pair[1]:
                    found[pair].add(event_of(seen))

        assert found == OTHERS

    def test_are_given_up_only_when_their_tries_are_spent(self):
        for seen in living():
            if event_of(seen) == ANOTHER_GIVEN_UP:
                spent = seen.progress.states[seen.what.step] in (State.PARKED, State.COMP_PARKED)
                assert (seen.move is not None) is spent


class TestADeadline:
    def test_turns_back_what_a_cancellation_would_turn_back_and_nothing_else(self):
        for seen in living():
            if event_of(seen) != TURNED_BACK:
                continue
            after = _in_time(overdue(seen)).progress
            assert after == (replace(seen.move.progress, cause=after.cause) if seen.move else seen.progress)
            assert (after.cause and after.cause.code) == ("deadline_passed" if seen.move else None)


def overdue(seen):
    """Return the saga as a lane has it that claimed it after its deadline."""
    ids = dict.fromkeys(("saga_id", "order_id", "lease"), UUID(int=0))
    claim = Claim(saga=seen.shape.saga, progress=seen.progress, data=None, attempt=1, epoch=0, overdue=True, **ids)
    return Settlement(claim=claim, progress=seen.progress)


class TestTheDocumentation:
    def test_shows_these_tables(self):
        page = (Path(settings.BASE_DIR) / "docs" / "sagas.md").read_text()

        assert written() in page, f"docs/sagas.md must show:\n\n{written()}"

    def test_has_a_living_and_a_final_state(self):
        assert {status for status, _ in SAGA} == set(LIVING)
