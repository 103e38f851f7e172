"""A saga of another shape is undone as well: compensations that are stuck, and a death at every point."""

from itertools import combinations, product

import pytest

from apps.sagas import requests
from apps.sagas.testing import drain

from .dying import WORK_POINTS, Killed
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
from .tea_house import begun, expire_lease, row

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


# Whoever dies before the settle's commit takes the gong's refusal with him: it is asked again.
STORIES = {"held": {}, "refused": {"ring_gong": [REFUSE] * 5}, "silent": {"hire_band": [SILENT_DONE] * TRIES}}

# Whoever dies with the last silence in hand has it forgotten: another asks, and is told.
ENDS = {"held": {"completed"}, "refused": {"failed"}, "silent": {"completed", "failed"}}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("point", WORK_POINTS)
class TestADeath:
    def test_at_every_pass_of_every_point_loses_and_doubles_nothing(self, dies_at, point, story):
        for at_pass in range(1, 20):
            OUTSIDE.clear()
            guest = held(**STORIES[story])
            death = dies_at(point, at_pass=at_pass)
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
            if not death.died:
                assert at_pass > 1, f"nobody passes {point}"
                return
        raise AssertionError(f"{point} is passed too often")


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
