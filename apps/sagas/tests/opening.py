"""Opening the tea house for a test, and closing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from apps.sagas import circuits
from apps.sagas.models import ArchivedSaga, SagaSubject, SagaTransaction

from . import tea_house
from .cake import SERVE_CAKE
from .tea import SERVE_TEA


@contextmanager
def opened() -> Iterator[ModuleType]:
    """Give the tea house with its tables, no faults ordered, and nothing due from earlier tests."""
    tea_house.make_tables()
    for store in (
        tea_house.FAULTS,
        tea_house.POISON,
        tea_house.DEADLY,
        tea_house.CALLS,
        tea_house.BANK,
        tea_house.BANK_SILENCE,
        tea_house.BANK_DOWN,
        tea_house.BANK_DEAF,
    ):
        store.clear()
    circuits.CIRCUITS.clear()
    yield tea_house
    # What a test spoilt on purpose would be found by whoever verifies every saga.
    for model in (SagaTransaction, ArchivedSaga, SagaSubject):
        model.objects.filter(definition__in=[SERVE_TEA.name, SERVE_CAKE.name]).delete()
    tea_house.drop_tables()
