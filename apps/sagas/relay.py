"""
The relay: takes events out of an outbox and hands them to their subscribers, at least once, in order per aggregate.

It looks for what is not marked as published, never for "ids after the last one seen", which would skip a row that
commits late (Eventuous/eventuous#222). One relay works on one outbox at a time. A subscriber that fails keeps back the
later events of that aggregate only; they are tried again on the next turn.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.db import connections, transaction
from prometheus_client import Counter

from apps.core.sql import query

from .faults import described

logger = logging.getLogger(__name__)

SQL = Path(__file__).parent / "sql"
BATCH = 500
RELAYED = Counter("outbox_events_relayed_total", "Events handed over, by what became of them", ["service", "result"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way; subscribers recognise a second delivery by its `id`."""

    id: UUID
    type: str
    aggregate: str
    aggregate_id: UUID
    aggregate_seq: int
    payload: dict[str, Any]
    created_at: datetime


Subscriber = Callable[[Delivery], None]


def subscribes(*types: str) -> Callable[[Subscriber], Subscriber]:
    """Register a function for events of these types. It must bear the same event twice."""

    def register(subscriber: Subscriber) -> Subscriber:
        for kind in types:
            SUBSCRIBERS[kind].append(subscriber)
        return subscriber

    return register


def relay(database: str) -> int:
    """Hand over one batch of unpublished events of a database; return how many were published."""
    with transaction.atomic(using=database), connections[database].cursor() as cursor:
        cursor.execute(query(SQL, "relay_take"), [BATCH])
        deliveries = [
            Delivery(
                id=event_id,
                type=kind,
                aggregate=aggregate,
                aggregate_id=aggregate_id,
                aggregate_seq=seq,
                payload=msgspec.json.decode(payload),
                created_at=created_at,
            )
            for event_id, kind, aggregate, aggregate_id, seq, payload, created_at in cursor.fetchall()
        ]
        published = hand_over(deliveries, database=database)
        if published:
            cursor.execute(query(SQL, "relay_mark"), [published])
    return len(published)


def hand_over(deliveries: Sequence[Delivery], *, database: str) -> list[UUID]:
    """Give each event to its subscribers, in order per aggregate; return the ids of those that all of them took."""
    held: set[tuple[str, UUID]] = set()
    published: list[UUID] = []
    for delivery in sorted(deliveries, key=lambda one: (one.aggregate, one.aggregate_id, one.aggregate_seq)):
        aggregate = (delivery.aggregate, delivery.aggregate_id)
        if aggregate in held:
            continue
        if taken(delivery, database=database):
            published.append(delivery.id)
        else:
            held.add(aggregate)
    RELAYED.labels(database, "published").inc(len(published))
    RELAYED.labels(database, "held_back").inc(len(deliveries) - len(published))
    return published


def taken(delivery: Delivery, *, database: str) -> bool:
    """Whether every subscriber took the event; one that spoils its transaction there spoils no other's."""
    for subscriber in SUBSCRIBERS[delivery.type]:
        try:
            with transaction.atomic(using=database):
                subscriber(delivery)
        except Exception as error:
            logger.exception(
                "event_held_back",
                extra={"event_id": str(delivery.id), "type": delivery.type, "error": described(error)},
            )
            return False
    return True


SUBSCRIBERS: dict[str, list[Subscriber]] = defaultdict(list)
