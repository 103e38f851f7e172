"""The first page of the back office: a few numbers, each one cheap statement in the database that knows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest

from apps.catalog.selectors import list_low_stock
from apps.core import clock
from apps.notifications.selectors import count_messages
from apps.orders.selectors import count_orders
from apps.sagas.dead_letters import count_open_dead_letters
from apps.sagas.selectors import list_oldest_due

from .admin import list_of, sees

MOST_LOW = 8
LATE_SECONDS = 60.0


@dataclass(frozen=True)
class Panel:
    """One card; `model` is whose list it leads to, and who may see that sees the card."""

    name: str
    title: str
    model: str
    ask: Callable[[], Any]
    query: str = ""


def orders_today() -> list[tuple[str, int, str]]:
    """Return status, count and the list of the orders placed since midnight UTC."""
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    query = f"created_at__gte={midnight:%Y-%m-%dT%H:%M:%SZ}"
    counted = count_orders(since=midnight).items()
    return [(status, count, list_of("orders.order", f"?{query}&status__exact={status}")) for status, count in counted]


def oldest_due() -> list[tuple[str, float, bool]]:
    """Return each lane, for how long its oldest due saga has waited in seconds, and whether that is too long."""
    return [(lane, seconds, seconds > LATE_SECONDS) for lane, seconds in sorted(list_oldest_due().items())]


PANELS = (
    Panel("orders", "Orders today", "orders.order", orders_today),
    Panel("lanes", "Oldest due saga", "sagas.sagatransaction", oldest_due),
    Panel("letters", "Open dead letters", "sagas.sagadeadletter", count_open_dead_letters, "?state__exact=open"),
    Panel(
        "unknown",
        "Mails of unknown fate",
        "notifications.message",
        lambda: count_messages(state="unknown"),
        "?state__exact=unknown",
    ),
    Panel("low", "Low stock", "catalog.productvariant", lambda: list_low_stock(limit=MOST_LOW), "?stock=low"),
)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the page what each panel tells this clerk; a database that is away leaves its own panels empty."""
    panels = {panel.name: told(panel) for panel in PANELS if sees(request, panel.model)}
    return context | {"panels": panels}


def told(panel: Panel) -> dict[str, Any]:
    answer = {"title": panel.title, "link": list_of(panel.model, panel.query), "away": False, "value": None}
    try:
        return answer | {"value": panel.ask()}
    except OperationalError:
        return answer | {"away": True}
