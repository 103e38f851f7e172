"""A saga of another shape is undone as well: compensations that are stuck, and a death at every point."""

from itertools import combinations, product

import pytest

from apps.sagas import requests
from apps.sagas.testing import drain

from .feast import STRIKE_GONG
from .feast_house import (
    ALIASES,
    LANES,
    OUTSIDE,
    RAISE,
    REFUSE,
    SILENT_DONE,
    SILENT_LOST,
    TROUBLE,
    a_feast,
    acts,
)
from .feasts import (
    STEPS,
    TRIES,
    UNDOABLE,
    check_books,
    check_held,
    check_undone,
    ended,
    held,
    letters,
    told,
    undone_from,
)
from .tea_house import Killed, begun, expire_lease, row

pytestmark = [pytest.mark.committed(databases=ALIASES), pytest.mark.usefixtures("hall")]

PARKED = [group for size in (1, 2, len(UNDOABLE)) for group in combinations(UNDOABLE, size)]


class TestCompensations:
    @pytest.mark.parametrize("stuck", PARKED, ids="+".join)
    def test_that_cannot_succeed_are_set_aside_while_the_others_go_on(self, stuck):
        # The table's compensation goes with that of the candles at first, and alone once both rolled back.
        together = {"lay_table"} if "light_candles" not in stuck else set()
        guest = held(ring_gong=[REFUSE], **{f"undo__{step}": [RAISE] * (2 + (step in together)) for step in stuck})

        drain(LANES)

        states = dict(zip(STEPS, row(guest.saga_id).states, strict=True))
        others = [step for step in reversed(UNDOABLE) if step not in stuck]
        assert {step for step in UNDOABLE if states[step] == "comp_parked"} == set(stuck) == letters(guest, "open")
        assert (row(guest.saga_id).status, told(guest, "compensated")) == ("compensating", others)
        assert ended(guest) == "failed"
        assert letters(guest, "resolved") == set(stuck)
        assert set(told(guest, "compensated")[len(others) :]) == set(stuck)
        check_undone(guest, *told(guest, "compensated"))

    @pytest.mark.parametrize(
        ("step", "trouble"),
        [
            *product(UNDOABLE, [REFUSE, RAISE]),
            *product(["pay_deposit", "hire_band"], [SILENT_DONE, SILENT_LOST]),
        ],
    )
    def test_are_tried_again_whatever_the_answer(self, step, trouble):
        guest = held(ring_gong=[REFUSE], **{f"undo__{step}": [trouble]})
        drain(LANES)

        check_undone(guest, *reversed(UNDOABLE))

    def test_are_given_up_by_two_people_and_heard_of(self):
        guest = held(ring_gong=[REFUSE], undo__hire_band=[RAISE] * 50)
        drain(LANES)

        for actor in ("ines", "omar"):
            assert requests.ask(saga_id=guest.saga_id, kind="waive", actor=actor, reason="They play on.").granted
        drain(LANES)

        assert acts(guest.order_id)["waive hire_band"] == 1
        assert (letters(guest, "waived"), told(guest, "waiver_noted")) == ({"hire_band"}, ["hire_band"])
        check_books(guest, "failed")


POINTS = {
    "lanes": ["after_claim"],
    "delivery": [
        "before_participant_commit",
        "after_participant_commit",
        "before_intent_commit",
        "after_intent",
        "after_perform",
        "before_record_commit",
        "after_record",
    ],
    "settlement": ["before_settle_commit", "after_settle"],
}
# Whoever dies before the settle's commit takes the gong's refusal with him: it is asked again.
STORIES = {"held": {}, "refused": {"ring_gong": [REFUSE] * 5}, "silent": {"hire_band": [SILENT_DONE] * TRIES}}

# Whoever dies with the last silence in hand has it forgotten: another asks, and is told.
ENDS = {"held": {"completed"}, "refused": {"failed"}, "silent": {"completed", "failed"}}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(("module", "point"), [(module, point) for module in POINTS for point in POINTS[module]])
class TestADeath:
    def test_at_every_pass_of_every_point_loses_and_doubles_nothing(self, monkeypatch, module, point, story):
        for hit in range(1, 20):
            OUTSIDE.clear()
            guest, passes = held(**STORIES[story]), []
            monkeypatch.setattr(f"apps.sagas.{module}.failpoint", dying(point, hit, passes))
            try:
                drain(LANES)
            except Killed:
                expire_lease(guest.saga_id) if not row(guest.saga_id).finished_at else None
            ended(guest)

            if row(guest.saga_id).status == "completed":
                check_held(guest)
            else:
                check_undone(
                    guest, *(UNDOABLE[::-1] if story == "refused" else undone_from("hire_band", answered=True))
                )
            assert row(guest.saga_id).status in ENDS[story]
            if len(passes) < hit:
                return
        raise AssertionError(f"{point} is passed too often")


def dying(point, hit, passes):
    """Return a failpoint that kills the worker at that pass of that point."""

    def reach(name):
        if name == point:
            passes.append(name)
            if len(passes) == hit:
                raise Killed

    return reach


class TestASagaThatBeginsWithItsPivot:
    @pytest.mark.parametrize(
        ("trouble", "ends"), [([], "completed"), ([REFUSE], "failed"), ([RAISE] * TRIES, "failed")]
    )
    def test_ends_as_its_pivot_says(self, trouble, ends):
        TROUBLE["ring_gong"] = list(trouble)
        guest = a_feast(STRIKE_GONG)
        begun(guest)

        assert ended(guest) == ends
        assert acts(guest.order_id) == ({"ring_gong": 1, "cook": 1} if ends == "completed" else {})
        check_books(guest, ends)

    def test_is_undone_at_once_when_it_is_cancelled_before(self):
        guest = a_feast(STRIKE_GONG)
        begun(guest)

        assert requests.ask(saga_id=guest.saga_id, kind="cancel", actor="ann", reason="It rains.").granted

        assert (row(guest.saga_id).status, acts(guest.order_id)) == ("failed", {})
        check_books(guest, "failed")
