"""The engine's moves, without a database: every path a saga may walk, and none other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sagas.definition import Cause, Kind, Retry
from apps.sagas.execution import advance, effects_open, start, turn_back
from apps.sagas.failures import backoff
from apps.sagas.history import fold, gone_round
from apps.sagas.messages import Direction, Unknown
from apps.sagas.progress import CLOSED, Answered, Failed, IllegalMove, Postponed, Progress, Refused, State, Status

from .tea import SERVE_TEA

YES = Answered(reply={"type": "Done", "data": {}})
NO = Refused(code="no_leaves", message="There are no leaves.")
OOPS = Failed(error="OSError: the kettle fell")
MAYBE = Unknown(error="TimeoutError: the bank did not answer")


def walked(*outcomes, progress=None, jitter=0.5):
    """Advance a saga by these outcomes; return the progress and every happening."""
    progress, told = progress or start(SERVE_TEA), []
    for outcome in outcomes:
        move = advance(SERVE_TEA, progress, outcome, jitter=jitter)
        progress, told = move.progress, [*told, *move.happenings]
    return progress, told


class TestTheTeaSaga:
    def test_has_the_kinds_of_steps_that_these_tests_rely_on(self):
        assert [step.kind for step in SERVE_TEA.steps] == [*[Kind.COMPENSATABLE] * 4, Kind.PIVOT, Kind.RETRIABLE]


class TestStart:
    def test_counts_what_stands_before_the_saga_as_done(self):
        progress = start(SERVE_TEA)

        assert progress == Progress(
            status=Status.ACTIVE,
            step=1,
            direction=Direction.FORWARD,
            states=(
                State.COMPLETED,
                State.READY,
                State.PENDING,
                State.PENDING,
                State.PENDING,
                State.PENDING,
            ),
        )
        assert effects_open(SERVE_TEA, progress) == 2


class TestAdvance:
    def test_completes_a_saga_whose_every_step_is_answered(self):
        progress, told = walked(YES, YES, YES, YES, YES)

        assert progress.status is Status.COMPLETED
        assert set(progress.states) == {State.COMPLETED}
        assert [one.step for one in told] == ["weigh", "brew", "take_money", "serve", "wash"]

    def test_compensates_from_the_refused_step_itself_in_reverse_order(self):
        progress, told = walked(YES, YES, NO, YES, YES, YES, YES)

        assert progress.status is Status.FAILED
        assert effects_open(SERVE_TEA, progress) == 0
        assert progress.cause == Cause(step="take_money", code="no_leaves", message="There are no leaves.")
        assert [(one.kind, one.step) for one in told] == [
            ("completed", "weigh"),
            ("completed", "brew"),
            ("refused", "take_money"),
            ("compensated", "take_money"),
            ("compensated", "brew"),
            ("compensated", "weigh"),
            ("compensated", "greet"),
        ]

    def test_asks_again_after_an_unknown_outcome_and_compensates_it_when_tries_are_spent(self):
        waiting, _ = walked(YES, YES, MAYBE, MAYBE)
        turned, _ = walked(MAYBE, progress=waiting)

        assert waiting.states[3] is State.UNKNOWN
        assert waiting.failures == 2
        assert turned.status is Status.COMPENSATING
        assert (turned.step, turned.states[3]) == (3, State.COMP_READY)
        assert turned.cause.code == "outcome_unknown"

    def test_never_turns_back_after_the_pivot(self):
        progress, _ = walked(YES, YES, YES, YES, *[OOPS] * 40)
        move = advance(SERVE_TEA, progress, NO, jitter=0.5)

        assert progress.status is Status.ACTIVE
        assert progress.states[5] is State.PARKED
        assert move.parked
        assert move.progress.status is Status.ACTIVE

    def test_frees_a_parked_step_that_succeeds_after_all(self):
        progress, _ = walked(YES, YES, YES, YES, OOPS, OOPS, OOPS)
        move = advance(SERVE_TEA, progress, YES, jitter=0.5)

        assert progress.states[5] is State.PARKED
        assert move.freed
        assert move.progress.status is Status.COMPLETED

    def test_parks_a_failing_compensation_and_goes_on_with_the_others(self):
        progress, _ = walked(YES, YES, NO)
        parked, _ = walked(*[OOPS] * 5, progress=progress)
        undone, _ = walked(YES, YES, progress=parked)
        ended, _ = walked(YES, YES, progress=undone)

        assert (parked.step, parked.states[3]) == (2, State.COMP_PARKED)
        # What stood before the saga is the last to be undone: the guest hears of it when the money is back.
        assert (undone.step, undone.status) == (3, Status.COMPENSATING)
        assert undone.states == (
            State.COMPLETED,
            State.COMPENSATED,
            State.COMPENSATED,
            State.COMP_PARKED,
            State.SKIPPED,
            State.SKIPPED,
        )
        assert ended.status is Status.FAILED

    def test_waits_the_longest_delay_before_it_tries_a_parked_compensation_again(self):
        progress, _ = walked(YES, YES, NO, *[OOPS] * 5, YES, jitter=1.0)
        move = advance(SERVE_TEA, progress, YES, jitter=1.0)

        assert move.progress.step == 3
        assert move.delay_seconds == 900.0

    def test_spends_no_try_when_the_participant_cannot_be_reached(self):
        before = start(SERVE_TEA)
        move = advance(SERVE_TEA, before, Postponed(error="no route", seconds=2.0), jitter=0.5)

        assert move.progress == before
        assert move.happenings == ()
        assert move.delay_seconds == 1.5

    def test_spends_no_try_on_silence_and_tells_once_that_the_outcome_is_unknown(self):
        before, _ = walked(YES, YES, OOPS)
        first = advance(SERVE_TEA, before, SILENT, jitter=1.0)
        second = advance(SERVE_TEA, first.progress, SILENT, jitter=1.0)

        assert (first.progress.failures, first.progress.states[3], first.delay_seconds) == (1, State.UNKNOWN, 1.0)
        assert [one.data for one in first.happenings] == [{"error": "no answer", "failures": 1, "postponed": True}]
        assert (second.progress, second.happenings) == (first.progress, ())

    def test_leaves_a_compensation_that_meets_silence_where_it_is(self):
        before, _ = walked(YES, YES, NO)
        move = advance(SERVE_TEA, before, SILENT, jitter=1.0)

        assert (move.progress, move.happenings, move.delay_seconds) == (before, (), 1.0)

    def test_lets_parked_compensations_take_their_turns_in_silence(self):
        parked, _ = walked(YES, YES, NO, *[OOPS] * 5, *[OOPS] * 5, YES)
        move = advance(SERVE_TEA, parked, SILENT, jitter=1.0)

        assert [parked.states[i] for i in (2, 3)] == [State.COMP_PARKED] * 2
        assert (parked.step, move.progress.step, move.delay_seconds) == (3, 2, 900.0)

    def test_refuses_to_move_a_saga_that_has_ended(self):
        ended, _ = walked(YES, YES, YES, YES, YES)

        with pytest.raises(IllegalMove, match="serve_tea has ended as completed"):
            advance(SERVE_TEA, ended, YES, jitter=0.5)

    def test_keeps_the_history_of_endless_retries_short(self):
        _, told = walked(YES, YES, YES, YES, *[OOPS] * 1000)

        assert [one.data["failures"] for one in told[4:]] == [1, 2, 3, 4, 5, 8, 16, 32, 64, 128, 256, 512]


class TestTurnBack:
    def test_undoes_what_may_have_run_in_one_transaction_with_the_current_step(self):
        cause = Cause(step="weigh", code="cancelled", message="The guest left.")
        move = turn_back(SERVE_TEA, start(SERVE_TEA), cause)

        # The kitchen weighs and brews in one commit: a worker may have died after it.
        assert (move.progress.step, move.progress.states[1:4]) == (
            2,
            (State.READY, State.COMP_READY, State.SKIPPED),
        )

    def test_undoes_the_current_step_too(self):
        cause = Cause(step="brew", code="cancelled", message="The guest left.")
        progress, _ = walked(YES)
        move = turn_back(SERVE_TEA, progress, cause)

        assert move.progress.status is Status.COMPENSATING
        assert (move.progress.step, move.progress.states[2]) == (2, State.COMP_READY)

    def test_is_refused_after_the_pivot(self):
        progress, _ = walked(YES, YES, YES, YES)

        with pytest.raises(IllegalMove, match="cannot turn back"):
            turn_back(SERVE_TEA, progress, Cause(step="wash", code="cancelled", message="Too late."))


class TestBackoff:
    def test_doubles_to_its_cap(self):
        retry = Retry(base_seconds=1.0, cap_seconds=10.0)

        assert [backoff(retry, failures, 1.0) for failures in (1, 2, 3, 4, 5, 500)] == [1, 2, 4, 8, 10, 10]
        assert backoff(retry, 3, 0.0) == 0


AWAY = Postponed(error="no route", seconds=1.0)
SILENT = Postponed(error="no answer", seconds=1.0, asked=True)
OUTCOMES = st.sampled_from([YES, NO, OOPS, MAYBE, AWAY, SILENT, "cancel"])


class TestEveryWalk:
    @given(st.lists(OUTCOMES, max_size=60), st.floats(min_value=0, max_value=1))
    def test_keeps_the_promises_of_a_saga(self, outcomes, jitter):
        progress, told, pivoted = start(SERVE_TEA), [], False
        for outcome in outcomes:
            if progress.finished:
                break
            before = progress
            if outcome == "cancel":
                if before.status is not Status.ACTIVE or before.step > SERVE_TEA.pivot:
                    continue
                move = turn_back(SERVE_TEA, before, Cause(step="greet", code="cancelled", message="The guest left."))
            else:
                move = advance(SERVE_TEA, before, outcome, jitter=jitter)
            progress, told = move.progress, [*told, *move.happenings]
            pivoted = pivoted or progress.states[SERVE_TEA.pivot] is State.COMPLETED

            assert not (pivoted and progress.status in (Status.COMPENSATING, Status.FAILED))
            assert (before.status, progress.status) in LEGAL
            assert move.delay_seconds >= 0
            if progress.status is Status.FAILED:
                assert effects_open(SERVE_TEA, progress) == 0
            if progress.status is Status.COMPLETED:
                assert set(progress.states) == {State.COMPLETED}
            if progress.status is Status.COMPENSATING:
                assert progress.states[progress.step] not in CLOSED
            # Which of several parked compensations is tried next is not told, as `saga verify` knows.
            replayed = gone_round(fold(SERVE_TEA, told), progress.step)
            assert (replayed.status, replayed.step, replayed.states) == (
                progress.status,
                progress.step,
                progress.states,
            )

    @given(st.lists(OUTCOMES, max_size=60))
    def test_can_always_end(self, outcomes):
        progress = start(SERVE_TEA)
        for outcome in outcomes:
            if progress.finished:
                break
            if outcome != "cancel":
                progress = advance(SERVE_TEA, progress, outcome, jitter=0.5).progress
        for _ in range(2 * len(SERVE_TEA.steps)):
            if not progress.finished:
                progress = advance(SERVE_TEA, progress, YES, jitter=0.5).progress

        assert progress.finished


LEGAL = {
    (Status.ACTIVE, Status.ACTIVE),
    (Status.ACTIVE, Status.COMPLETED),
    (Status.ACTIVE, Status.COMPENSATING),
    (Status.COMPENSATING, Status.COMPENSATING),
    (Status.COMPENSATING, Status.FAILED),
}


class TestFold:
    def test_refuses_a_history_the_engine_could_not_have_walked(self):
        _, told = walked(YES, YES)

        with pytest.raises(IllegalMove, match="completed brew forward came while the cursor stood at weigh"):
            fold(SERVE_TEA, told[1:])
