"""
Series whose truth stands in a database: read when the metrics are asked for, never kept in a process.

An app declares its own in its `metrics.py`, which is imported at start:
`read("outbox_unpublished", "Events not yet published", "SELECT count(*) FROM outbox_events ...", using="catalog")`.
The query must be cheap: it runs at every scrape, and is stopped after two seconds.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from apps.core.database.probe import Outcome, Rows, asking, at_once
from apps.core.database.series import service_of

WITHIN_SECONDS = 3.0


Parameters = Sequence[Any] | Callable[[], Sequence[Any]]


@dataclass(frozen=True)
class Reading:
    """One gauge read from one database; the query returns its labels, in order, and then the value."""

    name: str
    help: str
    query: str
    using: str
    labels: Sequence[str] = ()
    parameters: Parameters = ()
    # Labels of the whole reading, such as the service when several databases are read alike.
    constant: tuple[tuple[str, str], ...] = ()

    def values(self) -> Sequence[Any]:
        """Return the query's parameters as they are now."""
        return self.parameters() if callable(self.parameters) else self.parameters


READINGS: list[Reading] = []


def read(
    name: str,
    help: str,  # noqa: A002 - Prometheus's word
    query: str,
    *,
    using: str,
    labels: Sequence[str] = (),
    parameters: Parameters = (),
    **constant: str,
) -> Reading:
    """
    Add a gauge to what is read at each scrape.

    Args:
        name, help: of the gauge; several databases may feed one gauge, each with other constant labels.
        query: returns one column for each label, and then the value.
        using: alias of the database.
        labels: names of the query's label columns.
        parameters: of the query; a function, where they are known only later.
        constant: labels that all its rows have.
    """
    reading = Reading(name, help, query, using, labels, parameters, tuple(sorted(constant.items())))
    READINGS.append(reading)
    return reading


class DatabaseReadings(Collector):
    """Everything declared, and which databases answered: `database_up{service}`."""

    def collect(self) -> Iterator[Metric]:
        asked = {alias: [r for r in READINGS if r.using == alias] for alias in settings.DATABASES if alias != "default"}
        works = {
            alias: asking(alias, [(reading.query, reading.values()) for reading in readings])
            for alias, readings in asked.items()
        }
        outcomes = at_once(works, foreseen=(psycopg.Error,), within_seconds=WITHIN_SECONDS)
        yield reachable(outcomes)
        yield from gathered(asked, outcomes)


def reachable(outcomes: dict[str, Outcome[list[Rows]]]) -> Metric:
    family = GaugeMetricFamily("database_up", "Whether the database answered the last scrape", labels=["service"])
    for alias, outcome in outcomes.items():
        family.add_metric([service_of(alias)], float(outcome.value is not None))
    return family


def gathered(asked: dict[str, list[Reading]], outcomes: dict[str, Outcome[list[Rows]]]) -> Iterator[Metric]:
    """Return one family a name, whichever databases feed it; what a database did not tell is left out, not zero."""
    families: dict[str, GaugeMetricFamily] = {}
    for alias, readings in asked.items():
        for reading, rows in zip(readings, outcomes[alias].value or [], strict=False):
            names = [*(name for name, _ in reading.constant), *reading.labels]
            family = families.setdefault(reading.name, GaugeMetricFamily(reading.name, reading.help, labels=names))
            for *labels, value in rows:
                family.add_metric([*(value for _, value in reading.constant), *map(str, labels)], float(value))
    yield from families.values()
