from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0018_sales_are_counted")]

    operations = [
        AddIndexConcurrently(
            "product",
            models.Index(
                condition=models.Q(("is_active", True)),
                fields=["popularity_score", "id"],
                name="idx_products_popularity",
            ),
        ),
    ]
