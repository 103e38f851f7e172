from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0006_products_are_indexed_anew")]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=GinIndex(
                condition=Q(("is_active", True), ("search_tier", 0)),
                fastupdate=False,
                fields=["search_vector"],
                name="idx_products_search_popular",
            ),
        ),
    ]
