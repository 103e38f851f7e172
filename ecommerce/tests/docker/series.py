"""Which series the shop tells, and which ones a query of Prometheus asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django_prometheus.middleware import Metrics
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from apps.core.database import base  # noqa: F401 - a process tells the series of what it imported: here the databases'
from apps.core.metrics.readings import READINGS
from apps.sagas import tasks  # noqa: F401 - and those of a worker's tasks

# Every series has these from Prometheus; `process` is our own (prometheus.yml).
ADDED = frozenset({"job", "instance", "process"})
# What others tell: Prometheus itself, and the broker.
OTHERS = {
    "up": frozenset[str](),
    "ALERTS": frozenset({"alertname", "alertstate", "severity"}),
    "rabbitmq_queue_messages_ready": frozenset[str](),
    "rabbitmq_queue_messages_unacked": frozenset[str](),
}
SUFFIXES = {
    "counter": [("_total", ())],
    "gauge": [("", ())],
    "histogram": [("_bucket", ("le",)), ("_count", ()), ("_sum", ())],
    "summary": [("_count", ()), ("_sum", ())],
}
GROUPING = {"by", "without", "on", "ignoring", "group_left", "group_right"}
OPERATORS = {"and", "or", "unless", "offset", "bool"}
TOKEN = re.compile(r'"[^"]*"|\[[^\]]*\]|[A-Za-z_:][A-Za-z0-9_:]*|[0-9.]+|\S')


def told() -> dict[str, frozenset[str]]:
    """Return every series the program declares, with the names of its labels."""
    # The web declares its own when it builds its middleware.
    Metrics.get_instance()
    known = {"database_up": frozenset({"service"})}
    for collector in list(REGISTRY._names_to_collectors.values()):
        if isinstance(collector, MetricWrapperBase):
            labels = collector._labelnames
            for suffix, more in SUFFIXES[collector._type]:
                known[f"{collector._name}{suffix}"] = frozenset([*labels, *more])
    for reading in READINGS:
        known[reading.name] = frozenset([*reading.labels, *(name for name, _ in reading.constant)])
    return known


@dataclass
class Asked:
    """What a query names: series with the labels it selects them by, and the labels it groups by."""

    series: list[tuple[str, set[str]]] = field(default_factory=list)
    grouping: set[str] = field(default_factory=set)


def asked(query: str) -> Asked:
    """Read a query; it need not be right in other ways, which promtool checks."""
    found, tokens = Asked(), TOKEN.findall(query)
    position = 0
    while position < len(tokens):
        token, following = tokens[position], tokens[position + 1] if position + 1 < len(tokens) else ""
        position += 1
        if not re.match(r"[A-Za-z_:]", token) or token in OPERATORS:
            continue
        if token in GROUPING:
            inside = list(until(tokens[position + 1 :], ")"))
            found.grouping |= {name for name in inside if name != ","}
            position += len(inside) + 2
        elif following == "{":
            inside = list(until(tokens[position + 1 :], "}"))
            labels = {name for name in inside if re.match(r"[A-Za-z_]", name)}
            found.series.append((token, labels))
            position += len(inside) + 2
        elif following != "(" and following not in GROUPING:
            found.series.append((token, set()))
    return found


def until(tokens: list[str], end: str) -> Iterator[str]:
    for token in tokens:
        if token == end:
            return
        yield token


def mistakes(query: str, known: dict[str, frozenset[str]]) -> list[str]:
    """Return what a query names and nobody tells."""
    found, wrong = asked(query), []
    available = set(ADDED)
    for name, labels in found.series:
        if name not in known:
            wrong.append(f"no series {name}")
            continue
        available |= known[name]
        wrong += [f"{name} has no label {label}" for label in sorted(labels - known[name] - ADDED)]
    return wrong + [f"nothing here has the label {label}" for label in sorted(found.grouping - available)]
