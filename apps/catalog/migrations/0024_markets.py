from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.contrib.postgres.functions import RandomUUID, TransactionNow
from django.core.validators import RegexValidator
from django.db import migrations, models
from django.db.models import Q

from apps.core.ids import new_id
from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


def key_to(model, related_name):
    """The key itself is declared in SQL, with its delete rule."""
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name=related_name,
        to=f"catalog.{model}",
    )


TIMES = [
    ("created_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
    ("updated_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
]


class Migration(migrations.Migration):
    dependencies = [("catalog", "0023_products_by_publication")]

    operations = [
        migrations.CreateModel(
            name="Market",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=RandomUUID(), default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                *TIMES,
                (
                    "code",
                    models.CharField(
                        help_text="what addresses name it by: eu",
                        max_length=50,
                        validators=[RegexValidator("^[a-z0-9-]+$", "Give small letters, digits and hyphens.")],
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                (
                    "currency",
                    models.CharField(
                        max_length=3, validators=[RegexValidator("^[A-Z]{3}$", "Give a code such as EUR.")]
                    ),
                ),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=2, validators=[RegexValidator("^[A-Z]{2}$", "Give codes such as PT.")]
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        help_text="codes of two letters, parted by commas",
                        size=None,
                    ),
                ),
                ("is_active", models.BooleanField(db_default=True, default=True)),
            ],
            options={
                "db_table": "markets",
                "ordering": ["code"],
                "constraints": [models.UniqueConstraint(fields=["code"], name="markets_code_key")],
            },
        ),
        migrations.CreateModel(
            name="MarketPrice",
            fields=[
                *TIMES,
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "market_id", "variant_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("market", key_to("market", "prices")),
                ("variant", key_to("productvariant", "market_prices")),
                ("price", models.DecimalField(decimal_places=3, max_digits=12)),
                ("compare_price", models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
            ],
            options={
                "db_table": "market_prices",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            ("price__gte", 0),
                            Q(("compare_price__isnull", True), ("compare_price__gte", 0), _connector="OR"),
                        ),
                        name="market_prices_are_not_negative",
                    )
                ],
                "indexes": [models.Index(fields=["variant"], name="idx_market_prices_variant")],
            },
        ),
        RunSQLFile(SQL, "0024_market_price_changes_are_recorded"),
    ]
