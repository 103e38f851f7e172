"""Where former addresses lead. A slug that a product or category has now is never one of them."""

from apps.catalog.models import CategorySlugRedirect, ProductSlugRedirect

from .categories import shown_categories
from .products import list_products


def find_renamed_product(*, slug: str) -> str | None:
    """
    Return the slug that a product has now which had this one before; None where customers see no such product.

    Source: rule former_slug_leads_to_its_product.
    """
    of = ProductSlugRedirect.objects.filter(slug=slug).values("product")
    return list_products().filter(id__in=of).values_list("slug", flat=True).first()


def find_renamed_category(*, slug: str) -> str | None:
    """
    Return the slug of the category that had this one before, or that stood above one which had it and was deleted.

    None where customers see no such category.

    Source: rule former_slug_leads_to_its_category.
    """
    of = CategorySlugRedirect.objects.filter(slug=slug).values("category")
    return shown_categories().filter(id__in=of).values_list("slug", flat=True).first()
