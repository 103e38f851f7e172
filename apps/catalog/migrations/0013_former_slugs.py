from pathlib import Path

import django.db.models.deletion
from django.contrib.postgres.functions import TransactionNow
from django.db import migrations, models

from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


def leading_to(model):
    """The key is the founding kind: declared in SQL, with its delete rule."""
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="former_slugs",
        to=f"catalog.{model}",
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0012_categories_of_taxonomies")]

    operations = [
        migrations.CreateModel(
            name="ProductSlugRedirect",
            fields=[
                ("created_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("slug", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("product", leading_to("product")),
            ],
            options={
                "db_table": "product_slug_redirects",
                "indexes": [models.Index(fields=["product"], name="idx_product_slug_redirects_of")],
            },
        ),
        migrations.CreateModel(
            name="CategorySlugRedirect",
            fields=[
                ("created_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("slug", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("category", leading_to("category")),
            ],
            options={
                "db_table": "category_slug_redirects",
                "indexes": [models.Index(fields=["category"], name="idx_category_slug_redirects_of")],
            },
        ),
        RunSQLFile(SQL, "0013_former_slug_leads_to_its_product"),
        RunSQLFile(SQL, "0013_former_slug_leads_to_its_category"),
    ]
