from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0030_products_by_option")]

    operations = [
        AddIndexConcurrently(
            "product", GinIndex(OpClass(Upper("vendor"), "gin_trgm_ops"), name="idx_products_vendor_like")
        )
    ]
