"""The engine and a second reading of the specification move every saga alike, from every place, whatever happens."""

from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from apps.sagas.definition import Retry
from apps.sagas.execution import can_skip, can_turn_back, can_waive, effects_open, start
from apps.sagas.history import fold, gone_round
from apps.sagas.orchestrator import lane_of
from apps.sagas.progress import Move, Progress, State, Status

from . import machine
from .machine import AWAY, DONE, GOING, SET_ASIDE, UNDOING, UNDONE, Case, Next
from .shapes import SHAPES, Flood, Shape, shape
from .walks import GIVE_UP, GIVE_UP_ALONE, LEAVE_OUT, OUTCOMES, TURN, Happens, everything, moved

LIVES = {GOING: Status.ACTIVE, UNDOING: Status.COMPENSATING, DONE: Status.COMPLETED, UNDONE: Status.FAILED}
MARKS = {
    "later": State.PENDING,
    "due": State.READY,
    "unsure": State.UNKNOWN,
    "stuck": State.PARKED,
    "done": State.COMPLETED,
    "refused": State.FAILED,
    "to undo": State.COMP_READY,
    "undo stuck": State.COMP_PARKED,
    "undone": State.COMPENSATED,
    "giving up": State.WAIVING,
    "given up": State.WAIVED,
    "leaving out": State.SKIPPING,
    "left out": State.SKIPPED,
}
"""The words of the reference, and the engine's."""
LIFE_OF = {status: life for life, status in LIVES.items()}
MARK_OF = {state: mark for mark, state in MARKS.items()}
WHY = {"no": "no", "error": "technical_failure", "silence": "outcome_unknown", "asked": "asked"}


def case_of(progress: Progress) -> Case:
    marks = tuple(MARK_OF[state] for state in progress.states)
    return Case(LIFE_OF[progress.status], progress.step, marks, progress.failures)


def expected(shape: Shape, case: Case, what: Happens) -> Next | None:
    """Return what the reference makes of it."""
    if what.word == TURN:
        return machine.turned(shape.lines, case)
    if what.word == LEAVE_OUT:
        return machine.left_out(shape.lines, case)
    if what.word in (GIVE_UP, GIVE_UP_ALONE):
        people = {"ines"} if what.word == GIVE_UP_ALONE else {"ines", "omar"}
        return machine.given_up(shape.lines, case, what.step, people)
    raised = f"{Flood.__module__}.Flood" if what.flood and what.word == machine.ERROR else None
    return machine.answered(shape.lines, case, what.word, since=what.since, raised=raised)


def differences(
    shape: Shape, before: Progress, what: Happens, move: Move | None, case: Case | None = None
) -> list[str]:
    """Say in what the engine's move differs from the reference's."""
    want = expected(shape, case or case_of(before), what)
    if want is None or move is None:
        return [] if want is move else [f"the engine {'moves' if move else 'refuses'}, the reference does not"]
    got, after = move.progress, want.case
    pairs = {
        "status": (got.status, LIVES[after.life]),
        "step": (got.step, after.at),
        "states": (got.states, tuple(MARKS[mark] for mark in after.marks)),
        "letter": ((move.parked, move.freed), (want.letter == "opened", want.letter == "closed")),
        "effects open": (effects_open(shape.saga, got), machine.standing(shape.lines, after)),
        "delay": (move.delay_seconds, 7.0 if what.word == AWAY else want.wait),
    }
    just_given_up = what.word == GIVE_UP and after.marks[what.step] == "giving up"
    if after.mark not in SET_ASIDE or just_given_up:
        pairs["failures"] = (got.failures, after.tries)
    if want.told != "":
        pairs["told"] = ([one.kind for one in move.happenings], [want.told] if want.told else [])
    if want.why:
        pairs["cause"] = (got.cause and got.cause.code, WHY[want.why])
    return [f"{name}: engine {ours}, reference {theirs}" for name, (ours, theirs) in pairs.items() if ours != theirs]


class TestEveryPlaceOfEveryShape:
    def test_is_left_as_the_reference_leaves_it(self):
        for seen in everything():
            assert differences(seen.shape, seen.progress, seen.what, seen.move) == [], (
                f"{seen.shape.saga.name} at {seen.progress}: {seen.what}"
            )
        places = {(seen.shape.saga.name, seen.progress) for seen in everything()}
        print(f"{len(SHAPES)} sagas, {len(places)} places, {len(everything())} things that happen there")

    def test_offers_what_the_reference_would_grant(self):
        for seen in everything():
            saga, case = seen.shape.saga, case_of(seen.progress)
            if seen.what.word == TURN:
                assert can_turn_back(saga, seen.progress) is machine.can_turn(seen.shape.lines, case)
            elif seen.what.word == LEAVE_OUT:
                assert can_skip(saga, seen.progress) is (machine.left_out(seen.shape.lines, case) is not None)
            elif seen.what.word == GIVE_UP:
                granted = machine.given_up(seen.shape.lines, case, seen.what.step, {"ines", "omar"}) is not None
                assert can_waive(saga, seen.progress, seen.shape.lines[seen.what.step].name) is granted

    def test_has_a_lane_whether_the_saga_has_ended_or_not(self):
        for seen in everything():
            assert lane_of(seen.shape.saga, seen.progress) in ("kitchen", "till", "house"), seen.shape.saga.name

    def test_can_be_reached_by_every_thing_that_can_happen(self):
        granted = Counter(seen.what.word for seen in everything() if seen.move)
        refused = Counter(seen.what.word for seen in everything() if not seen.move)

        assert set(granted) == {*OUTCOMES, TURN, LEAVE_OUT, GIVE_UP}
        assert set(refused) == {*OUTCOMES, TURN, LEAVE_OUT, GIVE_UP, GIVE_UP_ALONE}


class TestTheReference:
    @pytest.mark.parametrize("word", [*OUTCOMES])
    def test_lets_nothing_move_what_has_ended(self, word):
        assert machine.answered(SHAPES[0].lines, Case(DONE, 0, ("done",)), word) is None


RETRIES = st.builds(
    Retry,
    base_seconds=st.sampled_from([0.0, 0.5, 3.0]),
    cap_seconds=st.sampled_from([0.0, 5.0, 900.0]),
    attempts=st.integers(1, 7),
    elapsed_seconds=st.sampled_from([None, 600.0]),
    never=st.sampled_from([(), (Flood,)]),
)
DRAWN = st.builds(
    shape,
    st.text("kth", max_size=5),
    st.text("kth", max_size=4),
    greets=st.booleans(),
    waivers=st.booleans(),
    trying=RETRIES,
    undoing=RETRIES,
)


class Walk(RuleBasedStateMachine):
    """One saga of a drawn shape, walked by the engine and by the reference, each from where it itself stands."""

    @initialize(drawn=DRAWN)
    def begin(self, drawn: Shape) -> None:
        self.shape = drawn
        self.progress, self.case = start(drawn.saga), machine.begun(drawn.lines)
        self.told = []

    @rule(
        word=st.sampled_from([*OUTCOMES]),
        since=st.sampled_from([0.0, 0.0, 599.9, 600.0]),
        flood=st.booleans(),
        times=st.sampled_from([1, 1, 1, 8]),
    )
    def answer(self, word: str, since: float, flood: bool, times: int) -> None:
        for _ in range(times):
            self._happens(Happens(word=word, since=since, flood=flood))

    @rule(word=st.sampled_from([TURN, LEAVE_OUT, GIVE_UP_ALONE]))
    def ask(self, word: str) -> None:
        self._happens(Happens(word=word))

    @rule(step=st.integers(0, 10))
    def give_up(self, step: int) -> None:
        self._happens(Happens(word=GIVE_UP, step=step % len(self.shape.lines)))

    def _happens(self, what: Happens) -> None:
        move, want = moved(self.shape.saga, self.progress, what), expected(self.shape, self.case, what)
        assert differences(self.shape, self.progress, what, move, self.case) == []
        if move and want:
            self.progress, self.case, self.told = move.progress, want.case, [*self.told, *move.happenings]

    @invariant()
    def its_history_leads_to_where_it_stands(self) -> None:
        if hasattr(self, "shape"):
            folded = gone_round(fold(self.shape.saga, self.told), self.progress.step)
            assert (folded.status, folded.step, folded.states, folded.waivers, folded.cause) == (
                self.progress.status,
                self.progress.step,
                self.progress.states,
                self.progress.waivers,
                self.progress.cause,
            )


TestAnyWalk = Walk.TestCase
TestAnyWalk.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
