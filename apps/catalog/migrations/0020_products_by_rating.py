from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0019_products_by_popularity")]

    operations = [
        AddIndexConcurrently(
            "product",
            models.Index(
                condition=models.Q(("is_active", True)),
                fields=["rating_average", "rating_count", "id"],
                name="idx_products_rating",
            ),
        ),
    ]
