"""`/`: what runs here, where to read on, and the first calls to try."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Each app with its own database, and what it keeps there.
APPS = {
    "accounts": "people, roles, sessions and address books",
    "catalog": "products, categories, prices and every piece of stock",
    "orders": "carts, orders, and the sagas that carry an order through the others",
    "payments": "charges and refunds at the gateway, and their ledger",
    "notifications": "the mails that were sent, and their templates",
}
# The one in which each address is named, and a line about it.
ADDRESSES = (
    ("docs", "API docs", "Every call, to read and to try"),
    ("schema", "OpenAPI 3.1", "The document itself, for generators"),
    ("problems", "Problems", "Every error code, explained"),
    ("admin:index", "Admin", "The back office for staff"),
    ("metrics", "Metrics", "For Prometheus"),
    ("ready", "Health", "Each database, the cache, the broker"),
)


def front_door(request: HttpRequest) -> HttpResponse:
    context = {
        "shop": settings.SHOP_NAME,
        "apps": APPS,
        "addresses": ADDRESSES,
        "here": f"{request.scheme}://{request.get_host()}",
    }
    return render(request, "front_door.html", context)
