"""A saga that ends with two steps which may be left out: a plain one, and one in the world outside."""

from collections.abc import Iterator
from contextlib import contextmanager

from apps.core.ids import new_id
from apps.sagas import lanes, requests
from apps.sagas.definition import Saga, compensatable, pivot, retriable
from apps.sagas.models import SagaTransaction
from apps.sagas.orchestrator import Start
from apps.sagas.registry import SAGAS, register
from apps.sagas.requests import Answer

from . import tea
from .cake import TWICE
from .tea_house import begun, row

TIDY_UP = Saga(
    "tidy_up",
    version=1,
    data=tea.TeaOrder,
    steps=(
        compensatable("greet", undo=tea.apologise),
        pivot("serve", do=tea.serve),
        retriable("wash", do=tea.wash, retry=TWICE, critical=False),
        retriable("take_money", do=tea.take_money, retry=TWICE, critical=False),
    ),
)


@contextmanager
def known() -> Iterator[None]:
    """Let the engine know the saga, and leave nothing of it behind."""
    register(TIDY_UP)
    yield
    SagaTransaction.objects.filter(definition=TIDY_UP.name).delete()
    del SAGAS[TIDY_UP.name, TIDY_UP.version]


def served() -> Start:
    """Return a guest who has been served, before anybody washes up."""
    order_id = new_id()
    guest = Start(
        saga=TIDY_UP,
        saga_id=new_id(),
        subject_id=order_id,
        order_id=order_id,
        data=tea.TeaOrder(order_id=order_id, leaves="oolong", price=3),
    )
    begun(guest)
    lanes.run_batch("house")
    assert row(guest.saga_id).lane == "kitchen"
    return guest


def leave_out(guest: Start, step: str) -> Answer:
    return requests.ask(saga_id=guest.saga_id, kind="skip", actor="ines", reason="Not now.", step=step)
