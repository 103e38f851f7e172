"""How many products a list holds: counted to a bound, then estimated, so that none takes long."""

import json

from django.db.models import QuerySet

from apps.catalog.models import Product

from .categories import MOST_COUNTED, Counted


def count_listed(products: QuerySet[Product]) -> Counted:
    """Count a list of products, exactly up to MOST_COUNTED; beyond that tell what PostgreSQL's planner expects."""
    counted = products.order_by()[: MOST_COUNTED + 1].count()
    if counted <= MOST_COUNTED:
        return Counted(counted, is_exact=True)
    return Counted(max(estimate_listed(products), counted), is_exact=False)


def estimate_listed(products: QuerySet[Product]) -> int:
    """Return how many products PostgreSQL's planner expects a list to hold; reads no row of it."""
    # Nothing is said of what is empty without asking.
    told = products.order_by().values("id").explain(format="json")
    return int(json.loads(told)[0]["Plan"]["Plan Rows"]) if told else 0
