"""Returns: their tables, and on each line of an order how much of it comes back."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import apps.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0003_idempotency_records_and_recent_orders"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrderReturn",
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
                (
                    "created_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                ("return_number", models.CharField(blank=True, editable=False, max_length=100)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("approved", "Approved"),
                            ("receiving", "Receiving"),
                            ("received", "Received"),
                            ("closed", "Closed"),
                            ("refused", "Refused"),
                            ("cancelled", "Cancelled"),
                        ],
                        db_default="requested",
                        max_length=20,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("damaged", "arrived damaged"),
                            ("wrong_item", "not what was ordered"),
                            ("not_as_described", "not as described"),
                            ("no_longer_wanted", "no longer wanted"),
                            ("other", "something else"),
                        ],
                        max_length=50,
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="the buyer's own words", null=True)),
                (
                    "answer",
                    models.TextField(blank=True, help_text="why it was refused, called off or not finished", null=True),
                ),
                (
                    "refunds_shipping",
                    models.BooleanField(
                        db_default=False, help_text="staff give the shipping back although not all comes back"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("goods_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("shipping_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("refund_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                ("receipt_id", models.UUIDField(blank=True, editable=False, null=True)),
                ("requested_by", models.UUIDField(blank=True, help_text="the customer; empty for a guest", null=True)),
                (
                    "decided_by",
                    models.UUIDField(blank=True, help_text="who approved, refused or called off", null=True),
                ),
                ("received_by", models.UUIDField(blank=True, help_text="who took the goods in", null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "order_returns",
            },
        ),
        migrations.CreateModel(
            name="OrderReturnLine",
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
                (
                    "created_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                ("quantity", models.IntegerField()),
                ("received_quantity", models.IntegerField(blank=True, null=True)),
                ("restocks", models.BooleanField(db_default=True)),
                ("refund_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
            ],
            options={
                "db_table": "order_return_lines",
            },
        ),
        migrations.AddField(
            model_name="orderlineitem",
            name="returned_quantity",
            field=models.IntegerField(
                db_default=0, default=0, help_text="pieces that came back, or are in a return that is open"
            ),
        ),
        migrations.AddField(
            model_name="orderreturn",
            name="order",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="returns",
                to="orders.order",
            ),
        ),
        migrations.AddField(
            model_name="orderreturnline",
            name="line",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="returned",
                to="orders.orderlineitem",
            ),
        ),
        migrations.AddField(
            model_name="orderreturnline",
            name="order_return",
            field=models.ForeignKey(
                db_column="return_id",
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="orders.orderreturn",
            ),
        ),
        migrations.AddIndex(
            model_name="orderreturn",
            index=models.Index(fields=["order", "-created_at", "-id"], name="idx_order_returns_order"),
        ),
        migrations.AddIndex(
            model_name="orderreturn",
            index=models.Index(fields=["status", "created_at"], name="idx_order_returns_status"),
        ),
        migrations.AddConstraint(
            model_name="orderreturn",
            constraint=models.UniqueConstraint(fields=("return_number",), name="order_returns_return_number_key"),
        ),
        migrations.AddConstraint(
            model_name="orderreturn",
            constraint=models.UniqueConstraint(fields=("receipt_id",), name="one_return_a_receipt"),
        ),
        migrations.AddConstraint(
            model_name="orderreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["requested", "approved", "receiving", "received", "closed", "refused", "cancelled"])
                ),
                name="return_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason__in", ["damaged", "wrong_item", "not_as_described", "no_longer_wanted", "other"])
                ),
                name="return_reason_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["receiving", "received", "closed"]), _negated=True),
                    models.Q(("receipt_id__isnull", False), ("refund_amount__isnull", False)),
                    _connector="OR",
                ),
                name="received_return_knows_its_refund",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("goods_amount__isnull", True),
                        ("refund_amount__isnull", True),
                        ("shipping_amount__isnull", True),
                    ),
                    models.Q(
                        ("goods_amount__gte", 0),
                        ("goods_amount__isnull", False),
                        (
                            "refund_amount",
                            django.db.models.expressions.CombinedExpression(
                                models.F("goods_amount"), "+", models.F("shipping_amount")
                            ),
                        ),
                        ("refund_amount__isnull", False),
                        ("shipping_amount__gte", 0),
                        ("shipping_amount__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="return_refunds_the_sum_of_its_parts",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["received", "closed"]), _negated=True),
                    ("received_at__isnull", False),
                    _connector="OR",
                ),
                name="received_return_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("status", "closed")),
                    models.Q(models.Q(("status", "closed"), _negated=True), ("closed_at__isnull", True)),
                    _connector="OR",
                ),
                name="closed_return_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "refused"), _negated=True), ("answer__isnull", False), _connector="OR"
                ),
                name="refusal_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="return_currency_is_iso_4217"
            ),
        ),
        migrations.AddIndex(
            model_name="orderreturnline",
            index=models.Index(fields=["line"], name="idx_order_return_lines_line"),
        ),
        migrations.AddConstraint(
            model_name="orderreturnline",
            constraint=models.UniqueConstraint(fields=("order_return", "line"), name="line_stands_once_in_a_return"),
        ),
        migrations.AddConstraint(
            model_name="orderreturnline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="return_line_quantity_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderreturnline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received_quantity__isnull", True),
                    models.Q(("received_quantity__gte", 0), ("received_quantity__lte", models.F("quantity"))),
                    _connector="OR",
                ),
                name="return_line_receives_what_was_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderreturnline",
            constraint=models.CheckConstraint(
                condition=models.Q(("refund_amount__isnull", True), ("refund_amount__gte", 0), _connector="OR"),
                name="return_line_refund_is_not_negative",
            ),
        ),
    ]
