"""What the shop's people send and read about stock."""

from typing import Any

from rest_framework import serializers

from apps.catalog.models import InventoryMovement
from apps.core.api.shapes import Field, Shape

MOST_ITEMS = 1_000
MOST_PIECES = 1_000_000


class RestockItem(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_PIECES, help_text="Pieces that arrived.")
    note = serializers.CharField(required=False, allow_null=True, max_length=500)
    location = serializers.CharField(
        required=False, allow_null=True, max_length=50, help_text="The code of the place; the usual one where left out."
    )


class RestockBody(serializers.Serializer[Any]):
    reference_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="The purchase order, or another document that these came with."
    )
    items = serializers.ListField(child=RestockItem(), min_length=1, max_length=MOST_ITEMS)


class AdjustmentItem(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(
        min_value=-MOST_PIECES, max_value=MOST_PIECES, help_text="Pieces found, negative when they are missing."
    )
    reason = serializers.ChoiceField(choices=InventoryMovement.Reason.choices)
    note = serializers.CharField(required=False, allow_null=True, max_length=500)
    location = serializers.CharField(
        required=False, allow_null=True, max_length=50, help_text="The code of the place; the usual one where left out."
    )


class AdjustmentBody(serializers.Serializer[Any]):
    items = serializers.ListField(child=AdjustmentItem(), min_length=1, max_length=MOST_ITEMS)


class CountedItem(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=100)
    quantity = serializers.IntegerField(
        min_value=0, max_value=MOST_PIECES, help_text="Pieces on the shelf, those held by orders among them."
    )
    counted_at = serializers.DateTimeField(required=False, help_text="When they were counted; now where left out.")


class CountBody(serializers.Serializer[Any]):
    items = serializers.ListField(child=CountedItem(), min_length=1, max_length=MOST_ITEMS)
    dry_run = serializers.BooleanField(default=False, help_text="Only report.")
    force = serializers.BooleanField(default=False, help_text="Take the good items although others have problems.")


class CountProblemAnswer(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="Which item, from 1.")
    sku = serializers.CharField()
    problem = serializers.CharField(help_text="unknown, twice, in_the_future, outdated or held")


class CountAnswer(serializers.Serializer[Any]):
    lines = serializers.IntegerField()
    counted = serializers.IntegerField(help_text="Items without a problem.")
    differing = serializers.IntegerField()
    surplus = serializers.IntegerField(help_text="Pieces found beyond what was expected.")
    missing = serializers.IntegerField(help_text="Pieces expected and not found.")
    problems = CountProblemAnswer(many=True)
    is_written = serializers.BooleanField(help_text="Whether the stock was corrected.")


class MovedItemAnswer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    status = serializers.ChoiceField(choices=["moved", "refused"])
    inventory_quantity = serializers.IntegerField(
        allow_null=True, help_text="What can be sold after this item; null where the SKU is unknown."
    )
    code = serializers.CharField(required=False, help_text="Why it was refused: variant_not_found, ...")
    detail = serializers.CharField(required=False, help_text="The same as a sentence.")


class MovedAnswer(serializers.Serializer[Any]):
    moved = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = MovedItemAnswer(many=True, help_text="One for each item, in the order sent.")


LEVEL = Shape(
    "StockLevel",
    Field("sku", serializers.CharField()),
    Field("variant_id", serializers.UUIDField()),
    Field("product_id", serializers.UUIDField()),
    Field("product_name", serializers.CharField()),
    Field("title", serializers.CharField(help_text="Its options, as people see them.")),
    Field("inventory_quantity", serializers.IntegerField(help_text="What can be sold; below zero is owed to buyers.")),
    Field("reserved_quantity", serializers.IntegerField(help_text="What orders under way hold.")),
    Field("on_hand", serializers.IntegerField(help_text="The sum of both.")),
    Field("low_stock_threshold", serializers.IntegerField()),
    Field("is_low", serializers.BooleanField(help_text="Whether no more than the threshold can be sold.")),
    Field("allow_backorder", serializers.BooleanField()),
    Field("track_inventory", serializers.BooleanField()),
    Field("is_active", serializers.BooleanField()),
)

MOVEMENT = Shape(
    "StockMovement",
    Field("id", serializers.UUIDField()),
    Field("movement_type", serializers.ChoiceField(choices=InventoryMovement.Type.choices)),
    Field("quantity", serializers.IntegerField(help_text="Pieces, negative when they left.")),
    Field("reason", serializers.ChoiceField(choices=InventoryMovement.Reason.choices, allow_null=True)),
    Field("note", serializers.CharField(allow_null=True), "notes"),
    Field("reference_type", serializers.CharField(allow_null=True)),
    Field("reference_id", serializers.UUIDField(allow_null=True, help_text="The order, or another document.")),
    Field("created_by", serializers.UUIDField(allow_null=True, help_text="The user who moved it.")),
    Field("created_at", serializers.DateTimeField()),
)
