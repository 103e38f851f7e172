"""Orders, carts and what belongs to them, as the founding design draws them."""

import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID, TransactionNow
from django.db import migrations, models
from django.db.models.expressions import CombinedExpression

from apps.core.ids import new_id


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=RandomUUID(), default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("updated_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("order_number", models.CharField(blank=True, editable=False, max_length=100)),
                ("user_id", models.UUIDField(blank=True, null=True)),
                ("cart_id", models.UUIDField(blank=True, editable=False, null=True)),
                ("access_token_hash", models.BinaryField(blank=True, null=True)),
                ("email", models.CharField(max_length=255)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("processing", "Processing"),
                            ("confirmed", "Confirmed"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        db_default="pending",
                        max_length=50,
                    ),
                ),
                (
                    "financial_status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("paid", "Paid"),
                            ("partially_refunded", "Partially Refunded"),
                            ("refunded", "Refunded"),
                            ("voided", "Voided"),
                        ],
                        db_default="pending",
                        max_length=50,
                    ),
                ),
                (
                    "fulfillment_status",
                    models.CharField(
                        choices=[
                            ("unfulfilled", "Unfulfilled"),
                            ("partial", "Partial"),
                            ("fulfilled", "Fulfilled"),
                            ("returned", "Returned"),
                        ],
                        db_default="unfulfilled",
                        max_length=50,
                    ),
                ),
                ("failure_code", models.CharField(blank=True, max_length=100, null=True)),
                ("failure_reason", models.TextField(blank=True, null=True)),
                ("subtotal_price", models.DecimalField(decimal_places=2, max_digits=10)),
                ("total_tax", models.DecimalField(db_default=0, decimal_places=2, max_digits=10)),
                ("total_discounts", models.DecimalField(db_default=0, decimal_places=2, max_digits=10)),
                ("shipping_price", models.DecimalField(db_default=0, decimal_places=2, max_digits=10)),
                ("total_price", models.DecimalField(decimal_places=2, max_digits=10)),
                ("currency", models.CharField(db_default="USD", max_length=3)),
                ("billing_address", models.JSONField()),
                ("shipping_address", models.JSONField()),
                ("shipping_method", models.CharField(blank=True, max_length=100, null=True)),
                ("tracking_number", models.CharField(blank=True, max_length=255, null=True)),
                ("tracking_url", models.CharField(blank=True, max_length=500, null=True)),
                ("notes", models.TextField(blank=True, null=True)),
                ("tags", ArrayField(base_field=models.TextField(), blank=True, null=True, size=None)),
                (
                    "source",
                    models.CharField(
                        choices=[("web", "Web"), ("mobile", "Mobile"), ("admin", "Admin"), ("api", "Api")],
                        db_default="web",
                        max_length=50,
                    ),
                ),
                ("referring_site", models.CharField(blank=True, max_length=500, null=True)),
                ("landing_site", models.CharField(blank=True, max_length=500, null=True)),
                ("processed_at", models.DateTimeField(blank=True, null=True)),
                ("shipped_at", models.DateTimeField(blank=True, null=True)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "orders",
                "indexes": [
                    models.Index(fields=["user_id"], name="idx_orders_user_id"),
                    models.Index(fields=["status"], name="idx_orders_status"),
                    models.Index(fields=["financial_status"], name="idx_orders_financial_status"),
                    models.Index(fields=["created_at"], name="idx_orders_created_at"),
                    models.Index(fields=["order_number"], name="idx_orders_order_number"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("order_number",), name="orders_order_number_key"),
                    models.UniqueConstraint(fields=("cart_id",), name="one_order_a_cart"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["pending", "processing", "confirmed", "failed", "cancelled"])
                        ),
                        name="order_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("financial_status__in", ["pending", "paid", "partially_refunded", "refunded", "voided"])
                        ),
                        name="order_financial_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fulfillment_status__in", ["unfulfilled", "partial", "fulfilled", "returned"])
                        ),
                        name="order_fulfillment_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["web", "mobile", "admin", "api"])),
                        name="order_source_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "failed"), _negated=True),
                            ("failure_code__isnull", False),
                            _connector="OR",
                        ),
                        name="failed_order_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total_price",
                                CombinedExpression(
                                    CombinedExpression(
                                        CombinedExpression(models.F("subtotal_price"), "+", models.F("total_tax")),
                                        "+",
                                        models.F("shipping_price"),
                                    ),
                                    "-",
                                    models.F("total_discounts"),
                                ),
                            )
                        ),
                        name="order_total_is_the_sum_of_its_parts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shipping_price__gte", 0),
                            ("subtotal_price__gte", 0),
                            ("total_discounts__gte", 0),
                            ("total_price__gte", 0),
                            ("total_tax__gte", 0),
                        ),
                        name="order_amounts_are_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="order_currency_is_iso_4217"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=RandomUUID(), default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("aggregate", models.CharField(max_length=50)),
                ("aggregate_id", models.UUIDField()),
                ("aggregate_seq", models.IntegerField()),
                ("type", models.CharField(max_length=100)),
                ("payload", models.JSONField()),
                ("published_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "outbox_events",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("published_at__isnull", True)),
                        fields=["id"],
                        name="idx_outbox_events_unpublished",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("aggregate", "aggregate_id", "aggregate_seq"), name="outbox_events_in_order"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShoppingCart",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=RandomUUID(), default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("updated_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("user_id", models.UUIDField(blank=True, null=True)),
                ("session_id", models.CharField(blank=True, max_length=255, null=True)),
                ("email", models.CharField(blank=True, max_length=255, null=True)),
                ("shipping_address", models.JSONField(blank=True, null=True)),
                ("billing_address", models.JSONField(blank=True, null=True)),
                ("subtotal_price", models.DecimalField(db_default=0, decimal_places=2, max_digits=10)),
                ("total_price", models.DecimalField(db_default=0, decimal_places=2, max_digits=10)),
                ("currency", models.CharField(db_default="USD", max_length=3)),
                ("abandoned_checkout_url", models.CharField(blank=True, max_length=500, null=True)),
                ("recovered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "expires_at",
                    models.DateTimeField(
                        db_default=CombinedExpression(TransactionNow(), "+", models.Value(datetime.timedelta(days=30)))
                    ),
                ),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                ("order_id", models.UUIDField(blank=True, null=True, unique=True)),
            ],
            options={
                "db_table": "shopping_carts",
                "indexes": [
                    models.Index(fields=["user_id"], name="idx_shopping_carts_user_id"),
                    models.Index(fields=["session_id"], name="idx_shopping_carts_session_id"),
                    models.Index(fields=["expires_at"], name="idx_shopping_carts_expires_at"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("subtotal_price__gte", 0)), name="cart_subtotal_is_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total_price__gte", 0)), name="cart_total_is_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="cart_currency_is_iso_4217"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("completed_at__isnull", True), ("order_id__isnull", True)),
                            models.Q(("completed_at__isnull", False), ("order_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="completed_cart_names_its_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderDiscount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=RandomUUID(), default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("discount_code", models.CharField(blank=True, max_length=100, null=True)),
                (
                    "discount_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("percentage", "Percentage"),
                            ("fixed_amount", "Fixed Amount"),
                            ("free_shipping", "Free Shipping"),
                        ],
                        max_length=50,
                        null=True,
                    ),
                ),
                ("discount_value", models.DecimalField(decimal_places=2, max_digits=10)),
                ("title", models.CharField(blank=True, max_length=255, null=True)),
                ("description", models.TextField(blank=True, null=True)),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="discounts",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "db_table": "order_discounts",
                "indexes": [models.Index(fields=["order"], name="idx_order_discounts_order_id")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("discount_type__isnull", True),
                            ("discount_type__in", ["percentage", "fixed_amount", "free_shipping"]),
                            _connector="OR",
                        ),
                        name="order_discount_type_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount_value__gte", 0)), name="order_discount_is_not_negative"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=RandomUUID(), default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("event_type", models.CharField(max_length=100)),
                ("description", models.TextField(blank=True, null=True)),
                ("data", models.JSONField(blank=True, null=True)),
                ("created_by", models.UUIDField(blank=True, null=True)),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="events",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "db_table": "order_events",
                "indexes": [
                    models.Index(fields=["order"], name="idx_order_events_order_id"),
                    models.Index(fields=["event_type"], name="idx_order_events_type"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLineItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=RandomUUID(), default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("product_id", models.UUIDField()),
                ("variant_id", models.UUIDField(blank=True, null=True)),
                ("quantity", models.IntegerField()),
                ("price", models.DecimalField(decimal_places=2, max_digits=10)),
                ("original_price", models.DecimalField(decimal_places=2, max_digits=10)),
                ("total_discount", models.DecimalField(db_default=0, decimal_places=2, max_digits=10)),
                ("title", models.CharField(max_length=255)),
                ("variant_title", models.CharField(blank=True, max_length=255, null=True)),
                ("sku", models.CharField(blank=True, max_length=100, null=True)),
                ("vendor", models.CharField(blank=True, max_length=255, null=True)),
                ("product_type", models.CharField(blank=True, max_length=100, null=True)),
                ("weight", models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                (
                    "fulfillment_status",
                    models.CharField(
                        choices=[
                            ("unfulfilled", "Unfulfilled"),
                            ("partial", "Partial"),
                            ("fulfilled", "Fulfilled"),
                            ("returned", "Returned"),
                        ],
                        db_default="unfulfilled",
                        max_length=50,
                    ),
                ),
                ("fulfillment_service", models.CharField(blank=True, max_length=100, null=True)),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="lines",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "db_table": "order_line_items",
                "indexes": [models.Index(fields=["order"], name="idx_order_line_items_order_id")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="order_line_quantity_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("original_price__gte", 0), ("price__gte", 0), ("total_discount__gte", 0)),
                        name="order_line_amounts_are_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fulfillment_status__in", ["unfulfilled", "partial", "fulfilled", "returned"])
                        ),
                        name="order_line_fulfillment_status_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CartLineItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=RandomUUID(), default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("updated_at", models.DateTimeField(db_default=TransactionNow(), editable=False)),
                ("product_id", models.UUIDField()),
                ("variant_id", models.UUIDField()),
                ("quantity", models.IntegerField()),
                ("price", models.DecimalField(decimal_places=2, max_digits=10)),
                ("title", models.CharField(max_length=255)),
                ("variant_title", models.CharField(blank=True, max_length=255, null=True)),
                ("sku", models.CharField(blank=True, max_length=100, null=True)),
                ("image_url", models.CharField(blank=True, max_length=500, null=True)),
                (
                    "cart",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="lines",
                        to="orders.shoppingcart",
                    ),
                ),
            ],
            options={
                "db_table": "cart_line_items",
                "indexes": [models.Index(fields=["cart"], name="idx_cart_line_items_cart_id")],
                "constraints": [
                    models.UniqueConstraint(fields=("cart", "variant_id"), name="one_cart_line_a_variant"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="cart_line_quantity_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price__gte", 0)), name="cart_line_price_is_not_negative"
                    ),
                ],
            },
        ),
    ]
