"""A customer reviews a product once; lists of reviews have their indexes. Nobody waits: all are built concurrently."""

from pathlib import Path

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


def among(name, *columns, approved):
    return AddIndexConcurrently(
        "productreview",
        models.Index(fields=columns, name=f"idx_product_reviews_{name}", condition=models.Q(("is_approved", approved))),
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalog", "0025_reviews_are_moderated")]

    operations = [
        among("newest", "product", "created_at", "id", approved=True),
        among("helpful", "product", "helpful_count", "id", approved=True),
        among("rating", "product", "rating", "id", approved=True),
        among("waiting", "created_at", "id", approved=False),
        RunSQLFile(SQL, "0026_double_reviews_go"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                RunSQLFile(SQL, "0026_one_review_per_customer_index"),
                RunSQLFile(SQL, "0026_one_review_per_customer"),
            ],
            state_operations=[
                migrations.AddConstraint(
                    "productreview",
                    models.UniqueConstraint(fields=("product", "user_id"), name="one_review_per_customer"),
                )
            ],
        ),
    ]
