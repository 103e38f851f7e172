"""Products that begin and end at their time: nobody writes then, so somebody has to look."""

from django.contrib.postgres.functions import TransactionNow
from django.db import transaction

from apps.catalog.models import PublicationsTold
from apps.catalog.statements import DATABASE, SQL

from .announcements import announce_products

AT_ONCE = 1000


def announce_publications() -> int:
    """
    Announce the products that began or ended since the last call; each moment is told once, whoever calls.

    Kept pages and lists are stale from then on. A product that is written around its moment was announced by its
    writer, whose commit this may not see yet.

    Returns:
        How many products were announced.

    Source: selectors/selling.py.
    """
    told = PublicationsTold.objects.using(DATABASE)
    told.get_or_create(id=PublicationsTold.ONLY)
    with transaction.atomic(using=DATABASE):
        last = told.select_for_update().get(id=PublicationsTold.ONLY)
        products = SQL.column("list_publications", since=last.until)
        for start in range(0, len(products), AT_ONCE):
            announce_products(product_ids=products[start : start + AT_ONCE])
        told.filter(id=last.id).update(until=TransactionNow())
    return len(products)
