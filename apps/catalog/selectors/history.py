"""Who changed what of a product."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from apps.catalog.models import ProductChange, ProductVariant
from apps.catalog.statements import DATABASE


def list_product_changes(*, product_id: UUID) -> QuerySet[ProductChange, Any]:
    """
    Return the changes of a product and of its variants as dicts, in no order; later ones have higher ids.

    `sku` is that of the variant today, None where it is gone. The changes of a deleted product are kept.

    Source: rule product_changes_are_recorded.
    """
    sku = ProductVariant.objects.filter(id=OuterRef("variant_id")).values("sku")
    changes = ProductChange.objects.using(DATABASE).filter(product_id=product_id).annotate(sku=Subquery(sku))
    return changes.values("id", "variant_id", "sku", "action", "changes", "actor_id", "source", "created_at")
