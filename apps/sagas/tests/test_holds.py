"""What is granted at every place of a saga and under every hold; all else is refused, and changes nothing."""

from itertools import product

import pytest

from apps.sagas import requests
from apps.sagas.grants import offered
from apps.sagas.models import SagaDeadLetter, SagaRequest

from . import cake
from .by_hand import damage
from .tea_house import begun, row

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]

HOLDS = (None, "paused", "dead_letter")
LEFT = ["skipped"] * 3
PLACES = {
    "before its pivot": ("active", "weigh", ["completed", "ready", *["pending"] * 4]),
    "before its pivot, unknown": ("active", "take_money", ["completed"] * 2 + ["unknown"] + ["pending"] * 3),
    "at its pivot": ("active", "serve", ["completed"] * 3 + ["ready"] + ["pending"] * 2),
    "at a critical step": ("active", "wash", ["completed"] * 4 + ["ready", "pending"]),
    "parked at a critical step": ("active", "wash", ["completed"] * 4 + ["parked", "pending"]),
    "at another step": ("active", "thank", ["completed"] * 5 + ["ready"]),
    "parked at another step": ("active", "thank", ["completed"] * 5 + ["parked"]),
    "undoing": ("compensating", "take_money", ["completed"] * 2 + ["comp_ready"] + LEFT),
    "undoing, parked": ("compensating", "take_money", ["completed", "compensated", "comp_parked", *LEFT]),
    "undoing, given up": ("compensating", "take_money", ["completed", "compensated", "waiving", *LEFT]),
    "completed": ("completed", "thank", ["completed"] * 6),
    "failed": ("failed", "greet", ["compensated"] * 3 + LEFT),
}
"""Where the saga of a cake can stand: its status, the step under its cursor, the states of its steps."""
LIVING = {place for place, (status, _, _) in PLACES.items() if status in ("active", "compensating")}
UNDOABLE = {"before its pivot", "before its pivot, unknown", "at its pivot"}

GRANTED = {
    "cancel": product(UNDOABLE, HOLDS),
    "force_compensate": product(UNDOABLE, HOLDS),
    "pause": product(LIVING, [None]),
    "resume": product(LIVING, ["paused"]),
    "retry": product(LIVING, [None, "dead_letter"]),
    "skip": product({"at another step", "parked at another step"}, HOLDS),
    "waive": product({"parked at a critical step", "parked at another step", "undoing, parked"}, HOLDS),
}
GRANTED = {kind: set(pairs) for kind, pairs in GRANTED.items()}
"""By what is asked: the places and holds at which it is granted."""
HOLD_THEN = {"cancel": None, "force_compensate": None, "pause": "paused", "resume": None, "retry": None}
"""The hold after what was granted; the others leave it as it was."""


def standing(place, hold):
    """Return a guest whose saga stands there, with the dead letter of a parked step."""
    status, step, states = PLACES[place]
    guest, at = cake.order(), cake.SERVE_CAKE.index(step)
    begun(guest)
    backward = status in ("compensating", "failed")
    damage(
        guest.saga_id,
        status=status,
        step=at,
        direction="backward" if backward else "forward",
        states=states,
        hold=hold,
        effects_open=0 if status == "failed" else 3,
        cause={"step": step, "code": "no", "message": "No.", "details": {}} if backward else None,
        finished_at=None if place in LIVING else "2026-01-01",
    )
    if states[at] in ("parked", "comp_parked"):
        SagaDeadLetter.objects.create(
            saga_id=guest.saga_id, step=step, direction=row(guest.saga_id).direction, error="stuck", attempts=5
        )
    return guest


def as_it_is(guest):
    """Return all that the row of a saga says."""
    return {field.name: getattr(row(guest.saga_id), field.name) for field in row(guest.saga_id)._meta.fields}


@pytest.mark.parametrize("hold", HOLDS)
@pytest.mark.parametrize("kind", SagaRequest.Kind.values)
class TestAsking:
    def test_is_granted_as_the_table_says_and_else_changes_nothing(self, kind, hold):
        for place in PLACES:
            guest = standing(place, hold)
            before, offers = as_it_is(guest), offered(row(guest.saga_id))

            answer = requests.ask(saga_id=guest.saga_id, kind=kind, actor="ines", reason="Why not.")

            after = as_it_is(guest)
            assert answer.granted is ((place, hold) in GRANTED[kind]), f"{place}: {answer.message}"
            assert (kind in offers) is answer.granted, place
            if answer.granted:
                assert after["hold"] == HOLD_THEN.get(kind, hold), place
            else:
                assert after == before, place


class TestEveryKind:
    def test_has_its_line_in_the_table(self):
        assert set(GRANTED) == set(SagaRequest.Kind.values)
