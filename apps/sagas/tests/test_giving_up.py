"""What people give up of a saga, as moves alone: a step left out, a parked step waived by two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sagas.definition import Cause, InvalidDefinition, Saga, Waiver, compensatable, pivot, retriable
from apps.sagas.execution import (
    advance,
    can_skip,
    can_turn_back,
    can_waive,
    effects_open,
    skip,
    start,
    turn_back,
    waive,
)
from apps.sagas.history import fold, gone_round
from apps.sagas.messages import Unknown
from apps.sagas.progress import CLOSED, DECIDED, Answered, Failed, IllegalMove, LeftOut, Refused, State, Status

from . import cake, tea

YES, OOPS, MAYBE = Answered(), Failed(error="OSError: the till is stuck"), Unknown(error="silence")
NO = Refused(code="no", message="No.")
WEIGH, MONEY, WASH, THANK = 1, 2, 4, 5


def waiver(step, *, proposed_by="ines", approved_by="omar"):
    return Waiver(step=step, proposed_by=proposed_by, approved_by=approved_by, reason="The till is lost.")


def walked(*moves, saga=cake.SERVE_CAKE):
    """Walk a saga by outcomes and waivers; assert that its history leads there, and return the progress."""
    progress, told, move = start(saga), [], None
    for one in moves:
        move = waive(saga, progress, one) if isinstance(one, Waiver) else advance(saga, progress, one, jitter=0.5)
        progress, told = move.progress, [*told, *move.happenings]
    replayed = fold(saga, told)
    assert (replayed.status, replayed.step, replayed.states, replayed.waivers) == (
        progress.status,
        progress.step,
        progress.states,
        progress.waivers,
    )
    return progress, move


MONEY_PARKED = (YES, NO, OOPS, OOPS)
"""The till was asked for money, refused, and cannot give it back; weighing is undone next."""
MONEY_LEFT = (*MONEY_PARKED, YES)
"""Only the money is still to be given back."""
WASH_PARKED = (YES, YES, YES, OOPS, OOPS)


class TestWaive:
    def test_asks_the_participant_to_note_it_and_keeps_the_step_open_until_then(self):
        decided, move = walked(*MONEY_LEFT, waiver("take_money"))
        ended, _ = walked(*MONEY_LEFT, waiver("take_money"), YES, YES)

        assert (decided.status, decided.step, decided.states[MONEY]) == (Status.COMPENSATING, MONEY, State.WAIVING)
        assert effects_open(cake.SERVE_CAKE, decided) == 2
        assert move.delay_seconds == 0.0
        assert [one.kind for one in move.happenings] == ["waived"]
        assert (ended.status, ended.states[MONEY]) == (Status.FAILED, State.WAIVED)

    def test_goes_first_and_leaves_what_stood_under_the_cursor_for_later(self):
        decided, _ = walked(*MONEY_PARKED, waiver("take_money"))
        noted, _ = walked(*MONEY_PARKED, waiver("take_money"), YES)

        assert (decided.step, decided.states[WEIGH]) == (MONEY, State.COMP_READY)
        assert (noted.step, noted.states[WEIGH : MONEY + 1]) == (WEIGH, (State.COMP_READY, State.WAIVED))

    @pytest.mark.parametrize("outcome", [OOPS, MAYBE, NO])
    def test_that_cannot_be_noted_opens_a_dead_letter_and_lets_the_others_go_on(self, outcome):
        waiting, move = walked(*MONEY_PARKED, waiver("take_money"), outcome)
        alone, again = walked(*MONEY_LEFT, waiver("take_money"), outcome)
        noted, last = walked(*MONEY_LEFT, waiver("take_money"), outcome, YES)

        assert (waiting.step, waiting.states[MONEY], move.parked) == (WEIGH, State.WAIVING, True)
        assert (alone.step, alone.states[MONEY], again.delay_seconds) == (MONEY, State.WAIVING, 675.0)
        assert (noted.states[MONEY], last.freed) == (State.WAIVED, True)

    def test_closes_at_once_a_step_that_nobody_needs_to_hear_of(self):
        parked = (YES, NO, YES, OOPS, OOPS)
        ended, _ = walked(*parked, waiver("weigh"), YES)

        assert (ended.status, ended.states[WEIGH]) == (Status.FAILED, State.WAIVED)

    def test_leaves_the_cursor_at_a_compensation_that_is_not_parked(self):
        saga = tea.SERVE_TEA
        before, _ = walked(YES, YES, NO, YES, *[OOPS] * 5, OOPS, saga=saga)
        after, _ = walked(YES, YES, NO, YES, *[OOPS] * 5, OOPS, waiver("brew"), saga=saga)

        assert (before.step, before.states[1:3]) == (1, (State.COMP_READY, State.COMP_PARKED))
        assert (after.step, after.states[1:3]) == (1, (State.COMP_READY, State.WAIVED))

    def test_carries_on_after_the_pivot(self):
        after, _ = walked(*WASH_PARKED, waiver("wash"))
        ended, _ = walked(*WASH_PARKED, waiver("wash"), YES)

        assert (after.status, after.step, after.states[WASH:]) == (Status.ACTIVE, THANK, (State.WAIVED, State.READY))
        assert ended.status is Status.COMPLETED

    def test_keeps_who_and_why(self):
        progress, move = walked(*MONEY_LEFT, waiver("take_money"))

        assert progress.waivers == (waiver("take_money"),)
        assert move.happenings[0].data == {
            "proposed_by": "ines",
            "approved_by": "omar",
            "reason": "The till is lost.",
        }

    @pytest.mark.parametrize(
        ("walk", "step"),
        [((YES,), "take_money"), (MONEY_PARKED, "weigh"), (MONEY_PARKED, "cook"), ((YES, YES, YES), "wash")],
    )
    def test_is_of_parked_steps_only(self, walk, step):
        progress, _ = walked(*walk)

        assert not can_waive(cake.SERVE_CAKE, progress, step)
        with pytest.raises(IllegalMove, match=f"cannot waive {step}"):
            waive(cake.SERVE_CAKE, progress, waiver(step))

    def test_is_not_done_twice(self):
        progress, _ = walked(*MONEY_LEFT, waiver("take_money"))

        with pytest.raises(IllegalMove):
            waive(cake.SERVE_CAKE, progress, waiver("take_money"))

    def test_takes_two_people(self):
        progress, _ = walked(*MONEY_LEFT)

        with pytest.raises(IllegalMove, match="for ines and ines"):
            waive(cake.SERVE_CAKE, progress, waiver("take_money", approved_by="ines"))


class TestAWaiverAfterThePivot:
    SAGA = Saga(
        "pay_guest",
        version=1,
        data=tea.TeaOrder,
        steps=(
            compensatable("greet", undo=tea.apologise),
            pivot("serve", do=tea.serve),
            retriable("take_money", do=tea.take_money, retry=cake.TWICE, waive=cake.write_off),
            retriable("wash", do=tea.wash),
        ),
    )

    @pytest.mark.parametrize("trouble", [(), (OOPS,), (MAYBE, NO)])
    def test_is_noted_before_the_saga_goes_on(self, trouble):
        parked = (YES, OOPS, OOPS)
        decided, _ = walked(*parked, waiver("take_money"), *trouble, saga=self.SAGA)
        noted, _ = walked(*parked, waiver("take_money"), *trouble, YES, saga=self.SAGA)

        assert (decided.step, decided.states[2]) == (2, State.WAIVING)
        assert not can_skip(self.SAGA, decided)
        assert (noted.step, noted.states[2:]) == (3, (State.WAIVED, State.READY))


class TestSkip:
    @pytest.mark.parametrize("tries", [0, 1, 2])
    def test_leaves_out_the_step_under_the_cursor(self, tries):
        before, _ = walked(YES, YES, YES, YES, *[OOPS] * tries)
        move = skip(cake.SERVE_CAKE, before, "The guest has no ears.")

        assert (move.progress.status, move.progress.states[THANK]) == (Status.ACTIVE, State.SKIPPING)
        assert move.happenings[0].data == {"reason": "The guest has no ears."}

    @pytest.mark.parametrize("trouble", [(), (OOPS,), (OOPS, NO)])
    @pytest.mark.parametrize(("said", "state"), [(LeftOut(), State.SKIPPED), (YES, State.COMPLETED)])
    def test_ends_as_the_participant_says(self, trouble, said, state):
        progress = skip(cake.SERVE_CAKE, walked(YES, YES, YES, YES)[0], "No.").progress
        for failed in trouble:
            move = advance(cake.SERVE_CAKE, progress, failed, jitter=1.0)
            assert (move.progress.states[THANK], move.parked, move.delay_seconds) == (State.SKIPPING, True, 900.0)
            progress = move.progress

        ended = advance(cake.SERVE_CAKE, progress, said, jitter=0.0)

        assert (ended.progress.status, ended.progress.states[THANK], ended.freed) == (Status.COMPLETED, state, True)

    def test_is_no_answer_that_a_participant_gives_of_itself(self):
        progress, _ = walked(YES, YES, YES, YES)

        with pytest.raises(IllegalMove, match="nobody left out thank"):
            advance(cake.SERVE_CAKE, progress, LeftOut(), jitter=0.0)

    @pytest.mark.parametrize("walk", [(), (YES, YES), MONEY_PARKED])
    def test_is_for_steps_after_the_pivot(self, walk):
        progress, _ = walked(*walk)

        assert not can_skip(cake.SERVE_CAKE, progress)
        with pytest.raises(IllegalMove, match="cannot skip"):
            skip(cake.SERVE_CAKE, progress, "Why not.")


class TestADefinition:
    def test_has_a_waiver_noted_by_whoever_ran_the_step(self):
        with pytest.raises(InvalidDefinition, match="the waiver of weigh is for another participant"):
            Saga(
                "wrong",
                version=1,
                data=tea.TeaOrder,
                steps=(
                    compensatable("weigh", do=tea.weigh, undo=tea.unweigh, waive=cake.write_off),
                    pivot("serve", do=tea.serve),
                ),
            )


SAGAS = st.sampled_from([cake.SERVE_CAKE, tea.SERVE_TEA, TestAWaiverAfterThePivot.SAGA])
NEVER = LeftOut()
ASKED = st.sampled_from([YES, NO, OOPS, OOPS, OOPS, MAYBE, NEVER, "force", "skip", "waive"])
FORCED = Cause(step="greet", code="force_compensated", message="So sorry.", details={"reason": "The house burns."})


def moved_by(asked, saga, progress):
    """Return what somebody's word, or an outcome, does to a saga; None where it is refused."""
    if asked == "force":
        return turn_back(saga, progress, FORCED) if can_turn_back(saga, progress) else None
    if asked == "skip":
        return skip(saga, progress, "No.") if can_skip(saga, progress) else None
    if asked == NEVER and progress.states[progress.step] is not State.SKIPPING:
        return None
    if asked == "waive":
        parked = [step.name for step in saga.steps if can_waive(saga, progress, step.name)]
        return waive(saga, progress, waiver(parked[0])) if parked else None
    return advance(saga, progress, asked, jitter=0.5)


class TestEveryWalk:
    @given(SAGAS, st.lists(ASKED, max_size=80))
    def test_keeps_the_promises_whatever_people_ask(self, saga, script):
        progress, told = start(saga), []
        for asked in script:
            before = progress
            move = None if progress.finished else moved_by(asked, saga, progress)
            if move is None:
                continue
            progress, told = move.progress, [*told, *move.happenings]

            pivoted = progress.states[saga.pivot] is State.COMPLETED
            assert not (pivoted and progress.status in (Status.COMPENSATING, Status.FAILED))
            given_up = {one.step for one in progress.waivers}
            waived = {
                step.name
                for step, state in zip(saga.steps, progress.states, strict=True)
                if state in (State.WAIVING, State.WAIVED)
            }
            assert waived == given_up
            if progress.status is Status.FAILED:
                assert effects_open(saga, progress) == 0
            if progress.status is Status.COMPLETED:
                assert DECIDED.isdisjoint(progress.states)
            if progress.status is Status.COMPENSATING:
                assert progress.states[progress.step] not in CLOSED
            for step, (was, state) in enumerate(zip(before.states, progress.states, strict=True)):
                assert not (was is State.WAIVED and state is not was), step
            replayed = gone_round(fold(saga, told), progress.step)
            assert (replayed.status, replayed.step, replayed.states, replayed.waivers) == (
                progress.status,
                progress.step,
                progress.states,
                progress.waivers,
            )

    @given(SAGAS, st.lists(ASKED, max_size=80))
    def test_can_always_end(self, saga, script):
        progress = start(saga)
        for asked in [*script, *[YES] * 3 * len(saga.steps)]:
            move = None if progress.finished else moved_by(asked, saga, progress)
            progress = move.progress if move else progress

        assert progress.finished
