from pathlib import Path

import django.db.models.deletion
from django.contrib.postgres.functions import RandomUUID, TransactionNow
from django.core.validators import RegexValidator
from django.db import migrations, models
from django.db.models import Q

from apps.core.ids import new_id
from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


def key_to(model, related_name=None):
    """The key itself is declared in SQL, with its delete rule."""
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name=related_name,
        to=f"catalog.{model}",
    )


def own_id():
    return models.UUIDField(db_default=RandomUUID(), default=new_id, editable=False, primary_key=True, serialize=False)


def time():
    return models.DateTimeField(db_default=TransactionNow(), editable=False)


def key_of(*names):
    return models.CompositePrimaryKey(*names, blank=True, editable=False, primary_key=True, serialize=False)


TYPES = ["located", "restock", "sale", "return", "adjustment", "transfer"]


class Migration(migrations.Migration):
    dependencies = [("catalog", "0031_products_by_part_of_vendor")]

    operations = [
        migrations.AddField(
            "productvariant",
            "is_located",
            models.BooleanField(
                db_default=False, default=False, editable=False, help_text="whether its stock is kept place by place"
            ),
        ),
        migrations.CreateModel(
            name="StockLocation",
            fields=[
                ("id", own_id()),
                ("created_at", time()),
                ("updated_at", time()),
                (
                    "code",
                    models.CharField(
                        help_text="what lists name it by: lisbon",
                        max_length=50,
                        validators=[RegexValidator("^[a-z0-9-]+$", "Give small letters, digits and hyphens.")],
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("priority", models.IntegerField(db_default=0, default=0, help_text="the lowest comes first")),
                ("is_active", models.BooleanField(db_default=True, default=True)),
            ],
            options={
                "db_table": "stock_locations",
                "constraints": [models.UniqueConstraint(fields=["code"], name="stock_locations_code_key")],
            },
        ),
        migrations.CreateModel(
            name="StockLevel",
            fields=[
                ("pk", key_of("variant_id", "location_id")),
                ("variant", key_to("productvariant", "levels")),
                ("location", key_to("stocklocation", "levels")),
                ("available", models.IntegerField(db_default=0, default=0)),
                ("reserved", models.IntegerField(db_default=0, default=0)),
            ],
            options={
                "db_table": "stock_levels",
                "indexes": [models.Index(fields=["location"], name="idx_stock_levels_location")],
                "constraints": [
                    models.CheckConstraint(condition=Q(("reserved__gte", 0)), name="level_reserved_is_never_negative")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReservationLocation",
            fields=[
                ("pk", key_of("order_id", "variant_id", "location_id")),
                ("order_id", models.UUIDField()),
                ("variant", key_to("productvariant")),
                ("location", key_to("stocklocation")),
                ("quantity", models.IntegerField()),
            ],
            options={
                "db_table": "inventory_reservation_locations",
                "indexes": [models.Index(fields=["variant"], name="idx_reservation_places_variant")],
                "constraints": [models.CheckConstraint(condition=Q(("quantity__gt", 0)), name="place_holds_something")],
            },
        ),
        migrations.CreateModel(
            name="LocationMovement",
            fields=[
                ("id", own_id()),
                ("created_at", time()),
                ("variant", key_to("productvariant")),
                ("location", key_to("stocklocation")),
                (
                    "movement_type",
                    models.CharField(
                        choices=[
                            ("located", "located: what stood here when the variant got places"),
                            ("restock", "Restock"),
                            ("sale", "Sale"),
                            ("return", "Return"),
                            ("adjustment", "Adjustment"),
                            ("transfer", "Transfer"),
                        ],
                        max_length=20,
                    ),
                ),
                ("quantity", models.IntegerField()),
                (
                    "reference_id",
                    models.UUIDField(blank=True, help_text="order, purchase order, transfer, ...", null=True),
                ),
                ("created_by", models.UUIDField(blank=True, help_text="the user who moved it", null=True)),
            ],
            options={
                "db_table": "location_movements",
                "indexes": [
                    models.Index(fields=["variant", "location"], name="idx_location_movements_variant"),
                    models.Index(fields=["location", "created_at", "id"], name="idx_location_movements_recent"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("quantity", 0), _negated=True), name="location_movement_moves_something"
                    ),
                    models.CheckConstraint(
                        condition=Q(("movement_type__in", TYPES)), name="location_movement_type_is_known"
                    ),
                ],
            },
        ),
        RunSQLFile(SQL, "0032_stock_has_places"),
    ]
