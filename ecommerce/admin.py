"""The frame of the back office: its name, its way in, and what a clerk finds in the sidebar."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

# What a clerk may look for: group, then title, icon, and the model whose list it is.
MODELS = {
    "Sales": (
        ("Orders", "receipt_long", "orders.order"),
        ("Returns", "assignment_return", "orders.orderreturn"),
        ("Carts", "shopping_cart", "orders.shoppingcart"),
        ("Mails", "mail", "notifications.message"),
        ("Mail templates", "edit_note", "notifications.template"),
    ),
    "Catalogue": (
        ("Products", "sell", "catalog.product"),
        ("Variants", "style", "catalog.productvariant"),
        ("Categories", "account_tree", "catalog.category"),
        ("Stock movements", "swap_vert", "catalog.inventorymovement"),
        ("Markets", "public", "catalog.market"),
        ("Reviews", "reviews", "catalog.productreview"),
        ("Synonyms", "compare_arrows", "catalog.searchsynonym"),
        ("Search boosts", "trending_up", "catalog.searchboost"),
    ),
    "Money": (
        ("Payments", "payments", "payments.payment"),
        ("Attempts", "sync_alt", "payments.paymentattempt"),
        ("Ledger", "account_balance", "payments.ledgerline"),
        ("Saved cards", "credit_card", "payments.paymentmethod"),
        ("Gateway events", "webhook", "payments.webhookevent"),
    ),
    "Sagas": (
        ("Sagas", "route", "sagas.sagatransaction"),
        ("Archived sagas", "inventory_2", "sagas.archivedsaga"),
        ("Dead letters", "report", "sagas.sagadeadletter"),
        ("Requests", "front_hand", "sagas.sagarequest"),
        ("Findings", "policy", "sagas.auditfinding"),
    ),
    "People": (
        ("Users", "person", "accounts.user"),
        ("Addresses", "home_pin", "accounts.address"),
        ("Roles", "badge", "accounts.role"),
        ("Sessions", "devices", "accounts.session"),
    ),
}
PLACES = (
    ("Front door", "home", "front_door"),
    ("API docs", "menu_book", "docs"),
    ("Health", "monitor_heart", "ready"),
    ("Metrics", "monitoring", "metrics"),
)


def shop_name(request: HttpRequest) -> str:
    return str(settings.SHOP_NAME)


def environment(request: HttpRequest) -> list[str] | None:
    """Return the badge that tells a developer's machine from the shop itself."""
    return ["Dev", "warning"] if settings.DEBUG else None


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the sidebar: what this clerk may see, and nothing of what they may not."""
    groups: list[dict[str, Any]] = [
        {"title": "", "items": [item("Dashboard", "dashboard", reverse("admin:index"))]},
    ]
    for title, models in MODELS.items():
        items = [item(name, icon, list_of(model)) for name, icon, model in models if sees(request, model)]
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    # "/" is part of every address: none of these is ever the page one looks at.
    places = [item(name, icon, reverse(place)) | {"active": False} for name, icon, place in PLACES]
    return [*groups, {"title": "The shop", "separator": True, "items": places}]


def item(title: str, icon: str, link: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": link}


def list_of(model: str, query: str = "") -> str:
    return reverse(f"admin:{model.replace('.', '_')}_changelist") + query


def sees(request: HttpRequest, model: str) -> bool:
    """Tell whether this clerk may look at rows of a model, given as "orders.order"."""
    app, name = model.split(".")
    return bool(request.user.has_perm(f"{app}.view_{name}"))
