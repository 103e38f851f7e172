"""What became of a review and why; who found it helpful; what customers bought."""

from pathlib import Path

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models

import apps.core.ids
from apps.core.sql import RunSQLFile

SQL = Path(__file__).parent.parent / "sql"


def own_id():
    return models.UUIDField(
        db_default=django.contrib.postgres.functions.RandomUUID(),
        default=apps.core.ids.new_id,
        editable=False,
        primary_key=True,
        serialize=False,
    )


def leading_to(model, related_name):
    """The key is declared in SQL, with its delete rule."""
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name=related_name,
        to=f"catalog.{model}",
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0024_markets")]

    operations = [
        migrations.AddField(
            "productreview",
            "display_name",
            models.CharField(blank=True, help_text="as whom the customer wants to be shown", max_length=50, null=True),
        ),
        migrations.AddField(
            "productreview", "rejection_reason", models.CharField(blank=True, max_length=500, null=True)
        ),
        migrations.AddField("productreview", "moderated_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "productreview",
            "moderated_by",
            models.UUIDField(blank=True, help_text="empty where the shop's setting approved it", null=True),
        ),
        migrations.AddField("productreview", "shop_reply", models.TextField(blank=True, null=True)),
        migrations.AddField("productreview", "replied_at", models.DateTimeField(blank=True, null=True)),
        migrations.CreateModel(
            name="ReviewVote",
            fields=[
                ("id", own_id()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                ("review", leading_to("productreview", "votes")),
                ("user_id", models.UUIDField()),
            ],
            options={
                "db_table": "review_votes",
                "constraints": [models.UniqueConstraint(fields=("review", "user_id"), name="one_vote_per_customer")],
            },
        ),
        migrations.CreateModel(
            name="ProductPurchase",
            fields=[
                ("id", own_id()),
                ("user_id", models.UUIDField()),
                ("product", leading_to("product", "purchases")),
                ("order_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("returned_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "product_purchases",
                "constraints": [
                    models.UniqueConstraint(fields=("user_id", "product", "order_id"), name="purchase_is_noted_once")
                ],
                "indexes": [models.Index(fields=["product"], name="idx_product_purchases_product")],
            },
        ),
        RunSQLFile(SQL, "0025_review_helpful_count_follows_votes"),
        RunSQLFile(SQL, "0025_purchase_goes_with_its_product"),
    ]
