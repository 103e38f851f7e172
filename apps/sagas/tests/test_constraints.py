"""What the tables refuse, whoever writes: no row says of a saga what cannot be."""

import pytest
from django.db import IntegrityError, connections, transaction

from apps.core import clock
from apps.core.ids import new_id
from apps.core.integrity import broken_constraint
from apps.sagas.models import SagaDeadLetter, SagaRequest
from apps.sagas.orchestrator import claim
from apps.sagas.progress import Answered
from apps.sagas.settlement import Settlement, settle
from apps.sagas.testing import drain

from .by_hand import damage
from .tea_house import LANES, begun, order, row

pytestmark = [pytest.mark.committed(databases=["orders", "catalog"]), pytest.mark.usefixtures("house")]

ENDED = {"finished_at": "2026-01-01"}


def refused_by(write):
    """Return the constraint that refuses a write."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(using="orders"):
        write()
    return broken_constraint(caught.value)


class TestASaga:
    @pytest.mark.parametrize(
        ("columns", "constraint"),
        [
            ({"status": "failed", "effects_open": 1, **ENDED}, "failed_saga_has_no_open_effect"),
            ({"status": "failed", "effects_open": 0}, "finished_saga_has_its_time"),
            ({"status": "completed"}, "finished_saga_has_its_time"),
            ({"status": "active", **ENDED}, "finished_saga_has_its_time"),
            ({"status": "compensating", **ENDED}, "finished_saga_has_its_time"),
            # What is known to be neither living nor ended breaks both rules; PostgreSQL names the first by its name.
            ({"status": "rolled_back"}, "finished_saga_has_its_time"),
            ({"direction": "waiver"}, "saga_direction_is_known"),
            ({"direction": "sideways"}, "saga_direction_is_known"),
            ({"hold": "lost"}, "saga_hold_is_known"),
        ],
    )
    def test_is_never_written_so(self, columns, constraint):
        tea = order()
        begun(tea)
        before = row(tea.saga_id)

        broken = refused_by(lambda: damage(tea.saga_id, **columns))

        after = row(tea.saga_id)
        assert broken == constraint
        assert [getattr(after, name) for name in columns] == [getattr(before, name) for name in columns]

    @pytest.mark.parametrize(
        ("columns", "constraint"),
        [
            ({"status": "failed", "effects_open": 1}, "archived_failure_has_no_open_effect"),
            ({"status": "active", "effects_open": 0}, "archived_saga_has_ended"),
            ({"status": "completed", "effects_open": 0, "finished_at": None}, "archived_saga_has_ended"),
        ],
    )
    def test_is_never_archived_so(self, columns, constraint):
        tea = order()
        begun(tea)
        drain(LANES)

        assert refused_by(lambda: archived(tea.saga_id, columns)) == constraint


def archived(saga_id, columns):
    """Put a copy of a saga, with other values in some columns, into the archive."""
    with connections["orders"].cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE forged ON COMMIT DROP AS SELECT * FROM saga_transactions LIMIT 0")
        cursor.execute("INSERT INTO forged SELECT * FROM saga_transactions WHERE id = %s", [saga_id])
        for name, value in columns.items():
            cursor.execute(f"UPDATE forged SET {name} = %s", [value])
        cursor.execute(
            "SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'forged'::regclass AND attnum > 0"
        )
        (names,) = cursor.fetchone()
        cursor.execute(f"INSERT INTO saga_archive ({names}) SELECT {names} FROM forged")


class TestADeadLetter:
    LETTER = {"step": "brew", "error": "the kettle fell", "attempts": 5}

    @pytest.mark.parametrize(
        ("columns", "constraint"),
        [
            ({"direction": "backward", "state": "forgotten"}, "dead_letter_state_is_known"),
            ({"direction": "waiver", "state": "open"}, "dead_letter_direction_is_known"),
            ({"direction": "backward", "state": "waived"}, "waiver_is_by_two_people"),
        ],
    )
    def test_is_never_written_so(self, columns, constraint):
        assert (
            refused_by(lambda: SagaDeadLetter.objects.create(saga_id=new_id(), **self.LETTER, **columns)) == constraint
        )

    def test_is_open_once_for_a_step_and_a_direction(self):
        known = {"saga_id": new_id(), **self.LETTER}
        SagaDeadLetter.objects.create(direction="backward", **known)
        SagaDeadLetter.objects.create(direction="forward", **known)

        assert refused_by(lambda: SagaDeadLetter.objects.create(direction="backward", **known)) == (
            "one_open_dead_letter_a_step"
        )
        SagaDeadLetter.objects.filter(saga_id=known["saga_id"]).delete()


class TestARequest:
    @pytest.mark.parametrize(
        ("columns", "constraint"),
        [
            ({"kind": "hurry"}, "saga_request_kind_is_known"),
            ({"kind": "cancel", "consumed_at": clock.now()}, "consumed_request_is_answered"),
            ({"kind": "cancel", "answer": {"granted": True}}, "consumed_request_is_answered"),
        ],
    )
    def test_is_never_written_so(self, columns, constraint):
        asked = {"saga_id": new_id(), "actor": "ann", "reason": "Why not.", "idempotency_key": str(new_id())}

        assert refused_by(lambda: SagaRequest.objects.create(**asked, **columns)) == constraint


class TestASettle:
    """Whoever has a lease, by whatever accident."""

    @pytest.mark.parametrize(
        ("stands", "comes"),
        [
            ({"status": "completed", "effects_open": 0, **ENDED}, "active"),
            ({"status": "failed", "effects_open": 0, **ENDED}, "active"),
            ({"status": "compensating"}, "active"),
        ],
    )
    def test_leaves_a_saga_that_cannot_come_to_where_it_would_be_put(self, stands, comes):
        tea = order()
        begun(tea)
        (held,) = claim("kitchen", limit=1, lease_seconds=30)
        damage(tea.saga_id, **stands)
        before = row(tea.saga_id)

        late = Settlement(claim=held, progress=held.progress).after(Answered())
        assert late.progress.status == comes
        settle([late])

        after = row(tea.saga_id)
        assert (after.status, after.step, after.seq) == (before.status, before.step, before.seq)
