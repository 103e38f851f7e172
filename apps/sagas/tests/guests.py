"""Guests of the tea house who eat cake, and at whose orders something fails for ever."""

from apps.sagas import requests
from apps.sagas.models import SagaDeadLetter, SagaEvent
from apps.sagas.testing import drain
from apps.sagas.verification import find_broken_histories

from . import cake
from .tea_house import FAULTS, LANES, begun, expire_lease, row


def ask(guest, kind, *, actor="ines@example.com", reason="The till is lost.", **fields):
    return requests.ask(saga_id=guest.saga_id, kind=kind, actor=actor, reason=reason, **fields)


def again(guest, times=1):
    """Let the saga come due again so often, and work on it."""
    for _ in range(times):
        expire_lease(guest.saga_id)
        drain(LANES)


def letter(guest):
    return SagaDeadLetter.objects.get(saga_id=guest.saga_id)


def states(guest):
    return dict(zip((step.name for step in cake.SERVE_CAKE.steps), row(guest.saga_id).states, strict=True))


def whole(guest):
    return [one for one in find_broken_histories() if one.saga_id == guest.saga_id] == []


def told(guest, kind):
    return SagaEvent.objects.get(saga_id=guest.saga_id, kind=kind)


def stuck(handler, *, price=3, tries=2):
    """Return a guest at whose order a handler fails for ever, so often already."""
    guest = cake.order(price=price)
    FAULTS[handler] = [ValueError(f"{handler} fails")] * 50
    begun(guest)
    drain(LANES)
    again(guest, tries - 1)
    return guest


def stuck_till():
    """Return a guest who was not served, and whose money the till cannot give back."""
    guest = stuck("give_back", price=500)
    assert states(guest)["take_money"] == "comp_parked"
    return guest
