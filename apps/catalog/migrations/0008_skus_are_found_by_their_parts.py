from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.models import Func, Value
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0007_popular_products_are_searched_first")]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=GinIndex(
                OpClass(Func(Lower("sku"), Value("-._/ "), Value(""), function="translate"), "gin_trgm_ops"),
                name="idx_products_sku_like",
            ),
        ),
    ]
