"""Whether every event left its outbox, in the order of its aggregate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import router

from apps.core import clock
from apps.core.ids import first_id_of
from apps.core.sql import Statements
from apps.sagas.models import OutboxEvent

from .pages import FOLDER, by_id
from .registry import Finding, Source, Subject, audits, register

TAKEN_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedEvent:
    """One event beside the others of its aggregate."""

    id: UUID
    type: str
    aggregate: str
    aggregate_id: UUID
    aggregate_seq: int
    created_at: datetime
    published_at: datetime | None
    follows_a_gap: bool
    was_overtaken: bool


def load(event_ids: Sequence[UUID], *, using: str) -> list[AuditedEvent]:
    """Return events of one outbox; those that were pruned are missing."""
    # What is about something younger than the outbox reaches has all its events.
    kept_since = first_id_of(clock.now() - timedelta(days=settings.OUTBOX_DAYS - 1))
    statements = Statements(FOLDER, using=using)
    return statements.rows("audit_outbox", AuditedEvent, ids=list(event_ids), kept_since=kept_since)


OUTBOXES = sorted({router.db_for_read(model) for model in apps.get_models() if issubclass(model, OutboxEvent)})
for alias in OUTBOXES:
    register(
        Subject(
            name=f"event of {alias}",
            load=partial(load, using=alias),
            sources=(
                Source(name="waiting", read=by_id("audit_waiting_events", using=alias), goes_round=True),
                Source(name="every", read=by_id("audit_events", using=alias)),
            ),
        )
    )


@audits(*(f"event of {alias}" for alias in OUTBOXES))
def events_are_taken_in_order(events: Sequence[AuditedEvent]) -> Iterator[Finding]:
    """I11: an event follows the one before it, is taken before those after it, and before long."""
    for event in events:
        about = f"{event.type} number {event.aggregate_seq} of {event.aggregate} {event.aggregate_id}"
        if event.follows_a_gap:
            yield Finding("I11", event.id, f"{about} has none before it")
        if event.was_overtaken:
            yield Finding("I11", event.id, f"{about} waits, and a later one was taken")
        elif event.published_at is None and event.created_at < clock.now() - TAKEN_WITHIN:
            yield Finding("I11", event.id, f"{about} waits since {event.created_at:%Y-%m-%d %H:%M}")
