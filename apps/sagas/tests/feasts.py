"""Feasts at which something goes wrong, and the books that must agree when they have ended."""

from apps.sagas.models import SagaDeadLetter, SagaEvent
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories

from .feast import HOLD_FEAST
from .feast_house import LANES, OUTSIDE, TROUBLE, a_feast, acts
from .tea_house import begun, expire_lease, row

STEPS = [step.name for step in HOLD_FEAST.steps]
PIVOT = HOLD_FEAST.pivot
UNDOABLE = STEPS[:PIVOT]
OUTSIDERS = ("pay_deposit", "hire_band", "play")
TRIES = 3


def held(**going_wrong):
    """Begin a feast at which these acts go wrong."""
    TROUBLE.update({what.replace("__", " "): list(kinds) for what, kinds in going_wrong.items()})
    guest = a_feast()
    begun(guest)
    return guest


def ended(guest):
    """Work until the saga has ended, however often it must come due for that."""
    for _ in range(20):
        drain(LANES)
        if row(guest.saga_id).finished_at:
            return row(guest.saga_id).status
        expire_lease(guest.saga_id)
    raise AssertionError(f"the feast does not end: {row(guest.saga_id).states}")


def come_due(guest, times):
    """Work so often, each time as if the saga had come due."""
    for _ in range(times):
        drain(LANES)
        expire_lease(guest.saga_id)


def told(guest, kind):
    """Return the steps of which the history tells that, in its order."""
    return list(
        SagaEvent.objects.filter(saga_id=guest.saga_id, kind=kind).order_by("seq").values_list("step", flat=True)
    )


def letters(guest, state):
    found = SagaDeadLetter.objects.filter(saga_id=guest.saga_id, state=state)
    return set(found.values_list("step", flat=True))


def check_held(guest):
    """Everything was done once, and nothing was undone."""
    assert acts(guest.order_id) == dict.fromkeys(STEPS, 1)
    assert list(OUTSIDE.values()) == ["done"] * len(OUTSIDERS)
    check_books(guest, "completed")


def check_undone(guest, *undone):
    """These steps were undone in this order, and all that was done; nothing of the outside world stands."""
    assert told(guest, "compensated") == list(undone)
    done = acts(guest.order_id)
    assert {what for what in done if not what.startswith("undo ")} <= set(undone)
    assert {what: count for what, count in done.items() if what.startswith("undo ")} == {
        f"undo {step}": 1 for step in undone
    }
    assert set(OUTSIDE.values()) <= {"undone", "refused", "closed"}
    check_books(guest, "failed")


def check_books(guest, status):
    saga = row(guest.saga_id)
    assert (saga.status, letters(guest, "open")) == (status, set())
    assert saga.effects_open == 0 or status == "completed"
    found = find_broken_histories(since=saga.created_at)
    assert [one for one in found if one.saga_id == guest.saga_id] == []


def undone_from(step, *, answered):
    """Return what is undone when a saga turns back there: the pantry's steps in a row may have run together."""
    if step == "lay_table" and not answered:
        step = "light_candles"
    return UNDOABLE[: STEPS.index(step) + 1][::-1]
