from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0022_publications_told")]

    operations = [
        AddIndexConcurrently(
            "product",
            models.Index(
                condition=models.Q(("is_active", True)), fields=["published_at"], name="idx_products_published"
            ),
        ),
        AddIndexConcurrently(
            "product",
            models.Index(
                condition=models.Q(("is_active", True), ("unpublished_at__isnull", False)),
                fields=["unpublished_at"],
                name="idx_products_unpublished",
            ),
        ),
    ]
