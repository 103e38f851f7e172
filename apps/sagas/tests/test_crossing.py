"""A saga goes over to another version, and no effect loses its compensation."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.sagas.crossing import CannotCross, Crossing, begins_a_chain, cross, tried
from apps.sagas.definition import Cause, InvalidDefinition, Saga, Waiver
from apps.sagas.execution import advance, can_turn_back, effects_open, start, turn_back, waive
from apps.sagas.history import arrival, fold
from apps.sagas.messages import Direction, Unknown
from apps.sagas.progress import Answered, Failed, Happening, IllegalMove, Progress, Refused, State, Status

from . import tea
from .tea import SERVE_TEA
from .tea_next import SERVE_TEA_2, TO_2, named

DONE = Answered(reply={})


def after(saga: Saga, *outcomes) -> Progress:
    progress = start(saga)
    for outcome in outcomes:
        progress = advance(saga, progress, outcome, jitter=0.5).progress
    return progress


def to(*steps, cursor=TO_2.cursor, **changes) -> Crossing:
    return Crossing(before=SERVE_TEA, after=replace(SERVE_TEA_2, steps=steps, **changes), cursor=cursor, data=named)


def without(*names):
    return tuple(step for step in SERVE_TEA_2.steps if step.name not in names)


class TestCross:
    def test_puts_a_new_step_before_one_that_has_not_run(self):
        progress = cross(TO_2, after(SERVE_TEA, DONE), untried=True)

        assert (progress.step, progress.status) == (2, Status.ACTIVE)
        assert [str(state) for state in progress.states] == [
            "completed", "completed", "ready", "pending", "pending", "pending", "pending",
        ]  # fmt: skip

    def test_skips_a_new_step_that_is_behind(self):
        progress = cross(TO_2, after(SERVE_TEA, DONE, DONE), untried=True)

        assert (SERVE_TEA_2.steps[progress.step].name, progress.states[2]) == ("take_money", State.SKIPPED)
        assert effects_open(SERVE_TEA_2, progress) == 4

    def test_keeps_the_place_of_a_saga_that_is_undone(self):
        before = after(SERVE_TEA, DONE, DONE, Refused(code="no_money", message="No."))

        progress = cross(TO_2, before, untried=False)

        assert (SERVE_TEA_2.steps[progress.step].name, progress.direction) == ("take_money", Direction.BACKWARD)
        assert [str(state) for state in progress.states] == [
            "completed", "completed", "skipped", "completed", "comp_ready", "skipped", "skipped",
        ]  # fmt: skip
        assert progress.cause == before.cause

    def test_keeps_what_two_people_gave_up(self):
        before = after(SERVE_TEA, DONE, DONE, Refused(code="no_money", message="No."), DONE, *[Failed(error="?")] * 5)
        waiver = Waiver(step="brew", proposed_by="ines", approved_by="omar", reason="It is cold.")
        given_up = waive(SERVE_TEA, before, waiver).progress

        progress = cross(TO_2, given_up, untried=False)

        assert progress.waivers == (waiver,)
        assert progress.states[3] is State.WAIVED

    def test_refuses_a_saga_of_which_a_step_is_being_given_up(self):
        undone = after(SERVE_TEA, DONE, DONE, Refused(code="no_money", message="No."))
        waiving = replace(undone, states=(*undone.states[:3], State.WAIVING, *undone.states[4:]))

        with pytest.raises(CannotCross, match="its participant has not noted that yet"):
            cross(TO_2, waiving, untried=False)

    def test_keeps_the_failures_of_a_step_that_stays_under_the_cursor(self):
        progress = cross(TO_2, after(SERVE_TEA, DONE, DONE, Unknown(error="?")), untried=False)

        assert (progress.failures, progress.states[4]) == (1, State.UNKNOWN)

    @pytest.mark.parametrize(
        ("outcomes", "untried", "told"),
        [
            ([DONE, Failed(error="?")], False, "brew may have run, so the cursor cannot leave it"),
            ([DONE], False, "brew may have run, so the cursor cannot leave it"),
            ([], False, "brew may have run, and would not be undone with the step before it"),
            ([DONE] * 5, True, "it has ended as completed"),
        ],
    )
    def test_refuses_a_saga_that_may_have_done_more_than_its_place_tells(self, outcomes, untried, told):
        steps = (*SERVE_TEA_2.steps[:2], replace(SERVE_TEA_2.steps[4], name="deposit"), *SERVE_TEA_2.steps[2:])
        crossing = to(*steps) if "with the step" in told else TO_2

        with pytest.raises(CannotCross, match=told):
            cross(crossing, after(SERVE_TEA, *outcomes), untried=untried)

    def test_refuses_a_step_that_the_map_leaves_out(self):
        crossing = replace(TO_2, cursor={"wash": "wash"})

        with pytest.raises(CannotCross, match="says nothing of a saga at weigh"):
            cross(crossing, start(SERVE_TEA), untried=True)

    def test_refuses_to_lose_a_compensation_that_is_under_way(self):
        crossing = to(*without("brew"), cursor={"weigh": "weigh"})
        undone = after(SERVE_TEA, DONE, DONE, Refused(code="no_money", message="No."))

        with pytest.raises(CannotCross, match="the effect of brew would be left without its compensation"):
            cross(crossing, undone, untried=False)


class TestADeclaration:
    @pytest.mark.parametrize(
        ("steps", "cursor", "told"),
        [
            (
                without("brew"),
                {"take_money": "take_money"},
                "the effect of brew would be left without its compensation",
            ),
            (
                tuple(replace(s, name="steep") if s.name == "brew" else s for s in SERVE_TEA_2.steps),
                {"take_money": "take_money"},
                "the effect of brew would be left without its compensation",
            ),
            (
                tuple(replace(s, undo=tea.give_back) if s.name == "brew" else s for s in SERVE_TEA_2.steps),
                {"take_money": "take_money"},
                "the effect of brew would be left without its compensation",
            ),
            (
                tuple(replace(s, do=tea.take_money) if s.name == "brew" else s for s in SERVE_TEA_2.steps),
                {"take_money": "take_money"},
                "brew may have run, and would be somebody else's",
            ),
            (SERVE_TEA_2.steps, {"take_money": "brew"}, "brew was done, and would come again"),
            (SERVE_TEA_2.steps, {"take_money": "wash"}, "it would pass its pivot"),
            (SERVE_TEA_2.steps, {"wash": "take_money"}, "it would pass its pivot"),
            (SERVE_TEA_2.steps, {"brew": "drink"}, "version 2 has no step drink"),
            (SERVE_TEA_2.steps, {"drink": "brew"}, "drink"),
        ],
    )
    def test_is_refused_where_a_saga_would_go_wrong(self, steps, cursor, told):
        with pytest.raises(InvalidDefinition, match=told):
            to(*steps, cursor=cursor)

    def test_must_say_what_becomes_of_the_data(self):
        with pytest.raises(InvalidDefinition, match="must say how the data"):
            Crossing(before=SERVE_TEA, after=SERVE_TEA_2, cursor={})

    def test_joins_versions_of_one_definition(self):
        with pytest.raises(InvalidDefinition, match="two versions of one definition"):
            Crossing(before=SERVE_TEA, after=replace(SERVE_TEA_2, name="serve_coffee"), cursor={}, data=named)
        with pytest.raises(InvalidDefinition, match="two versions of one definition"):
            Crossing(before=SERVE_TEA, after=SERVE_TEA, cursor={})


OUTCOMES = st.sampled_from(["done", "done", "done", "refused", "lost", "failed", "unknown", "turn back", "cross"])


class World:
    """One saga, what it told, and which effects really stand: an answer may be lost after its effect."""

    def __init__(self) -> None:
        self.saga, self.progress = SERVE_TEA, start(SERVE_TEA)
        self.told: list[Happening] = []
        self.standing = {"greet"}
        self.untried = True

    def go(self, what: str) -> None:
        if self.progress.finished:
            return
        if what == "cross":
            self.cross()
        elif what == "turn back":
            self.turn_back()
        else:
            self.run(what)

    def run(self, what: str) -> None:
        step = self.saga.steps[self.progress.step]
        if self.progress.direction is Direction.BACKWARD:
            if what in ("done", "lost"):
                self.standing.discard(step.name)
        elif what == "refused" and step.name in self.standing:
            # The inbox, or the gateway, knows what was done.
            what = "done"
        elif what not in ("failed", "refused"):
            together = tried(self.saga, self.progress, untried=False) if what == "lost" else [step.name]
            self.standing |= set(together)
        self.untried = False
        if what != "lost":
            self.move(advance(self.saga, self.progress, self.outcome(what), jitter=0.5))

    def outcome(self, what: str):
        backward = self.progress.direction is Direction.BACKWARD
        refused = Failed(error="no") if backward else Refused(code="no", message="No.")
        return {"done": DONE, "refused": refused, "failed": Failed(error="?"), "unknown": Unknown(error="?")}[what]

    def turn_back(self) -> None:
        if can_turn_back(self.saga, self.progress):
            cause = Cause(step=self.saga.steps[self.progress.step].name, code="cancelled", message="")
            self.move(turn_back(self.saga, self.progress, cause))

    def move(self, move) -> None:
        forward = move.progress.direction is Direction.FORWARD and not move.progress.finished
        moved_on = forward and move.progress.step != self.progress.step
        self.untried = moved_on and begins_a_chain(self.saga, move.progress.step)
        self.progress = move.progress
        self.told += move.happenings

    def cross(self) -> None:
        if self.saga is SERVE_TEA:
            try:
                self.progress = cross(TO_2, self.progress, untried=self.untried)
            except CannotCross:
                return
            self.saga = SERVE_TEA_2
            data = {"from": 1, "to": 2} | arrival(SERVE_TEA_2, self.progress)
            step = SERVE_TEA_2.steps[self.progress.step].name
            self.told.append(Happening(kind="migrated", step=step, direction=self.progress.direction, data=data))


class TestAnyWalk:
    @given(st.lists(OUTCOMES, max_size=40))
    @example(["lost", "done", "cross", "refused"])
    def test_leaves_no_effect_behind_and_folds_to_where_it_stands(self, outcomes):
        world = World()
        for outcome in outcomes:
            world.go(outcome)
        for _ in range(40):
            world.go("done")

        assert world.progress.finished
        undoable = {step.name for step in world.saga.steps if step.undo}
        if world.progress.status is Status.FAILED:
            assert world.standing & undoable == set()
        else:
            skipped = {
                step.name
                for step, state in zip(world.saga.steps, world.progress.states, strict=True)
                if state is State.SKIPPED
            }
            assert world.standing == {step.name for step in world.saga.steps} - skipped
        known = fold(world.saga, world.told, earlier={1: SERVE_TEA}.get)
        assert (known.status, known.step, known.states) == (
            world.progress.status, world.progress.step, world.progress.states,
        )  # fmt: skip


class TestFold:
    def told(self):
        world = World()
        for what in ("done", "done", "cross", "done", "done", "done"):
            world.go(what)
        return world

    def test_takes_the_part_of_a_version_that_is_gone_from_the_crossing(self):
        world = self.told()

        assert fold(SERVE_TEA_2, world.told).states == world.progress.states

    @pytest.mark.parametrize("earlier", [{1: SERVE_TEA}, {}], ids=["both versions", "one is gone"])
    def test_knows_what_two_people_gave_up_before_the_crossing(self, earlier):
        world = World()
        for what in ("done", "done", "refused", "done", *["failed"] * 5):
            world.go(what)
        waiver = Waiver(step="brew", proposed_by="ines", approved_by="omar", reason="It is cold.")
        world.move(waive(SERVE_TEA, world.progress, waiver))
        world.go("cross")

        assert fold(SERVE_TEA_2, world.told, earlier=earlier.get).waivers == (waiver,)

    def test_refuses_a_history_that_ends_in_another_version(self):
        with pytest.raises(IllegalMove, match="ends in version 2, not in 1"):
            fold(SERVE_TEA, self.told().told)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"status": "compensating"}, "changed more than its place"),
            ({"states": {"brew": "compensated"}}, "left brew without undoing"),
        ],
    )
    def test_refuses_a_crossing_that_hides_something(self, change, said):
        told = self.told().told
        (at,) = [i for i, line in enumerate(told) if line.kind == "migrated"]
        data = told[at].data
        states = data["states"] | change.get("states", {})
        told[at] = replace(told[at], data=data | change | {"states": states})

        with pytest.raises(IllegalMove, match=said):
            fold(SERVE_TEA_2, told, earlier={1: SERVE_TEA}.get)
