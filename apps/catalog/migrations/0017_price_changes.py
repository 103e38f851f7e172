from pathlib import Path

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

import apps.core.ids
from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0016_a_variants_last_movements"),
    ]

    operations = [
        migrations.CreateModel(
            name="PriceChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        default=apps.core.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("actor_id", models.UUIDField(blank=True, help_text="the user who changed them", null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("api", "Api"), ("csv", "Csv"), ("back office", "Back Office")], max_length=20
                    ),
                ),
                ("note", models.TextField(blank=True, null=True)),
                ("items_count", models.IntegerField(db_default=0, default=0, help_text="variants whose price changed")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_by", models.UUIDField(blank=True, help_text="the user who put them back", null=True)),
            ],
            options={
                "db_table": "price_changes",
            },
        ),
        migrations.CreateModel(
            name="PriceChangeItem",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "change_id", "variant_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("variant_id", models.UUIDField()),
                ("old_price", models.DecimalField(decimal_places=2, max_digits=10)),
                ("new_price", models.DecimalField(decimal_places=2, max_digits=10)),
                ("old_compare_price", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("new_compare_price", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("is_restored", models.BooleanField(blank=True, null=True)),
                (
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="catalog.pricechange",
                    ),
                ),
            ],
            options={
                "db_table": "price_change_items",
            },
        ),
        RunSQLFile(SQL, "0017_price_change_items_go_with_their_change"),
    ]
