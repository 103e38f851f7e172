"""What the API takes and gives about returns."""

from typing import Any

from rest_framework import serializers

from apps.orders.models import OrderReturn, OrderReturnLine
from apps.orders.services.offers import MOST_PIECES

from .fields import MoneyField

Status = OrderReturn.Status
MOST_LINES = 200
ANSWERED = (Status.REFUSED, Status.CANCELLED)
"""The states whose reason is for the buyer; that of a receipt that was undone is for staff."""


class WantedLineSerializer(serializers.Serializer[Any]):
    line_id = serializers.UUIDField(help_text="A line of the order.")
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_PIECES, default=1)


class RequestReturnSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=OrderReturn.Reason.choices)
    note = serializers.CharField(max_length=2000, required=False, help_text="In your own words.")
    lines = serializers.ListField(child=WantedLineSerializer(), min_length=1, max_length=MOST_LINES)


class ReturnLineSerializer(serializers.ModelSerializer[OrderReturnLine]):
    title = serializers.CharField(source="line.title", read_only=True)
    variant_title = serializers.CharField(source="line.variant_title", read_only=True, allow_null=True)
    sku = serializers.CharField(source="line.sku", read_only=True, allow_null=True)
    refund_amount = MoneyField(allow_null=True, help_text="Its share of the refund; null until it is received.")

    class Meta:
        model = OrderReturnLine
        fields = ["line_id", "title", "variant_title", "sku", "quantity", "received_quantity", "refund_amount"]
        read_only_fields = fields


class ReturnSerializer(serializers.ModelSerializer[OrderReturn]):
    answer = serializers.SerializerMethodField(help_text="Why it was refused or called off.")
    goods_amount = MoneyField(allow_null=True)
    shipping_amount = MoneyField(allow_null=True)
    refund_amount = MoneyField(allow_null=True, help_text="What goes back in all; null until the goods are received.")
    lines = ReturnLineSerializer(many=True, read_only=True)

    class Meta:
        model = OrderReturn
        fields = [
            "id",
            "return_number",
            "order_id",
            "status",
            "reason",
            "note",
            "answer",
            "currency",
            "goods_amount",
            "shipping_amount",
            "refund_amount",
            "created_at",
            "updated_at",
            "received_at",
            "closed_at",
            "lines",
        ]
        read_only_fields = fields

    def get_answer(self, asked: OrderReturn) -> str | None:
        return asked.answer if asked.status in ANSWERED else None
