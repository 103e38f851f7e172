"""What was changed of prices in bulk."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.catalog.models import PriceChange, PriceChangeItem
from apps.catalog.statements import DATABASE
from apps.core.exceptions import NotFound


class PriceChangeNotFound(NotFound):
    """No change of prices has this id, or it was so long ago that its prices are forgotten."""

    code = "price_change_not_found"


def list_price_changes() -> QuerySet[PriceChange, Any]:
    """Return the changes of prices that were made in bulk, in no order, as rows."""
    return PriceChange.objects.using(DATABASE).values()


def get_price_change(*, change_id: UUID) -> dict[str, Any]:
    """
    Return one change of prices, as a row.

    Raises:
        PriceChangeNotFound: there is none with this id.
    """
    found = list_price_changes().filter(id=change_id).first()
    if found is None:
        raise PriceChangeNotFound("No change of prices has this id.", change_id=str(change_id))
    return dict(found)


def list_price_change_items(*, change_id: UUID) -> QuerySet[PriceChangeItem, Any]:
    """Return what the variants of one change cost before and after, in no order, as rows."""
    return PriceChangeItem.objects.using(DATABASE).filter(change_id=change_id).values()
