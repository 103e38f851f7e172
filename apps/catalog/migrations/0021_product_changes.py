from pathlib import Path

from django.contrib.postgres.functions import TransactionNow
from django.db import migrations, models
from django.db.models import Q

from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0020_products_by_rating")]

    operations = [
        migrations.AddField(
            "product",
            "is_gift_card",
            models.BooleanField(default=False, db_default=False, help_text="a voucher: nothing is shipped"),
        ),
        migrations.AddField(
            "product",
            "unpublished_at",
            models.DateTimeField(null=True, blank=True, help_text="when customers stop seeing it; empty for never"),
        ),
        migrations.CreateModel(
            name="ProductChange",
            fields=[
                ("created_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("product_id", models.UUIDField()),
                ("variant_id", models.UUIDField(help_text="none where the product itself changed", null=True)),
                (
                    "action",
                    models.CharField(
                        choices=[("added", "Added"), ("changed", "Changed"), ("deleted", "Deleted")], max_length=20
                    ),
                ),
                ("changes", models.JSONField()),
                ("actor_id", models.UUIDField(help_text="the user who did it", null=True)),
                (
                    "source",
                    models.CharField(
                        help_text="by what way: admin, api, import, bulk; sql where nobody said", max_length=50
                    ),
                ),
            ],
            options={
                "db_table": "product_changes",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("action__in", ["added", "changed", "deleted"])),
                        name="product_change_action_is_known",
                    )
                ],
                "indexes": [models.Index(fields=["product_id", "id"], name="idx_product_changes_product")],
            },
        ),
        RunSQLFile(SQL, "0021_product_changes_are_recorded"),
    ]
