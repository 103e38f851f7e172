"""What was changed of a product, on its page."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.catalog import selectors

SHOWN = 50
# Of a description the beginning tells enough.
LONGEST = 80


def changes_of(product: Any) -> SafeString:
    """Return the last changes as a table, with the names of those who made them."""
    changes = list(selectors.list_product_changes(product_id=product.pk).order_by("-id")[:SHOWN])
    names = product.user_names({change["actor_id"] for change in changes} - {None})
    rows = [
        {
            "at": change["created_at"],
            "who": names.get(change["actor_id"], change["actor_id"] or ""),
            "source": change["source"],
            "what": change["sku"] if change["variant_id"] else "",
            "action": change["action"],
            "fields": [(field, *told(change["action"], value)) for field, value in change["changes"].items()],
        }
        for change in changes
    ]
    return render_to_string("admin/catalog/changes.html", {"changes": rows})


def told(action: str, value: Any) -> tuple[str, str]:
    """Return what a field was and what it became, each in a line."""
    if action == "changed":
        was, became = value
        return shortened(was), shortened(became)
    return ("", shortened(value)) if action == "added" else (shortened(value), "")


def shortened(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
