"""The tea house, open for the tests that need real databases."""

from datetime import UTC, datetime

import pytest
from django.db import connections

from apps.core import failpoints
from apps.sagas import retention
from apps.sagas.audit import SUBJECTS, Source, Subject, audits
from apps.sagas.models import AuditFinding, AuditPosition, SagaTransaction

from . import feast_house
from . import tidying as tidying_up
from .bells import Bells
from .dying import Death
from .feast import HOLD_FEAST, STRIKE_GONG
from .old_sagas import JULY, JUNE
from .opening import opened


@pytest.fixture
def house():
    """The tea house, open for a test."""
    with opened() as tea_house:
        yield tea_house


@pytest.fixture
def dies_at(monkeypatch):
    """Have whoever passes a named place so often die there; the function returns the Death, which counts."""

    def dies_at(point, *, at_pass):
        death = Death(at_pass)
        monkeypatch.setitem(failpoints.ACTIVE, point, death)
        return death

    return dies_at


@pytest.fixture
def tidying(house):
    """The tea house, and a saga whose last steps may be left out."""
    with tidying_up.known():
        yield


@pytest.fixture
def hall():
    """The hall of the feasts with its tables, no trouble ordered, and nothing left of it afterwards."""
    feast_house.make_tables()
    feast_house.TROUBLE.clear()
    feast_house.OUTSIDE.clear()
    yield
    SagaTransaction.objects.filter(definition__in=[HOLD_FEAST.name, STRIKE_GONG.name]).delete()
    feast_house.drop_tables()


@pytest.fixture
def years_ago():
    """Partitions for June and July 2020, gone after the test."""
    retention.ensure_months(first=datetime(2020, 6, 15, tzinfo=UTC).date(), months=2)
    yield
    with connections["orders"].cursor() as cursor:
        for month in (JUNE, JULY):
            for parent in retention.BY_MONTH:
                cursor.execute(f"DROP TABLE IF EXISTS {parent}_{month}")


@pytest.fixture
def bells(monkeypatch, settings):
    """Nothing is judged but bells, two at once."""
    settings.AUDIT_BATCH = settings.AUDIT_ROUND = 2
    bells = Bells()
    for name in list(SUBJECTS):
        monkeypatch.delitem(SUBJECTS, name)
    sources = (Source(name="new", read=bells.read), Source(name="every", read=bells.read, goes_round=True))
    monkeypatch.setitem(SUBJECTS, "bell", Subject(name="bell", load=list, sources=sources))

    @audits("bell")
    def bells_ring(ids):
        return bells.ring(ids)

    run = {"check_name__in": ["bells_ring", "bells_shine"]}
    yield bells
    AuditFinding.objects.filter(**run).delete()
    AuditPosition.objects.filter(**run).delete()
