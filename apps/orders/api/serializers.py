"""What the API takes and gives about carts and orders."""

from typing import Any

from rest_framework import serializers

from apps.orders.models import CartLineItem, Order, OrderEvent, OrderLineItem, ShoppingCart
from apps.orders.selectors import FilledCart, OrderStatus
from apps.orders.services.offers import MOST_PIECES

from .fields import GivenAddressSerializer, MoneyField, PostalAddressSerializer


class CartLineSerializer(serializers.ModelSerializer[CartLineItem]):
    price = MoneyField(help_text="One piece, in the currency of the cart.")
    total = MoneyField(help_text="All pieces of the line.")

    class Meta:
        model = CartLineItem
        fields = [
            "id",
            "product_id",
            "variant_id",
            "title",
            "variant_title",
            "sku",
            "image_url",
            "quantity",
            "price",
            "total",
        ]
        read_only_fields = fields


class CartSummarySerializer(serializers.ModelSerializer[ShoppingCart]):
    subtotal_price = MoneyField()
    total_price = MoneyField(help_text="Before shipping and tax, which the checkout adds.")

    class Meta:
        model = ShoppingCart
        fields = [
            "id",
            "email",
            "currency",
            "subtotal_price",
            "total_price",
            "order_id",
            "created_at",
            "updated_at",
            "expires_at",
        ]
        read_only_fields = fields


class CartSerializer(CartSummarySerializer):
    shipping_address = PostalAddressSerializer(read_only=True, allow_null=True)
    billing_address = PostalAddressSerializer(read_only=True, allow_null=True)
    lines = CartLineSerializer(many=True, read_only=True)

    class Meta(CartSummarySerializer.Meta):
        fields = [*CartSummarySerializer.Meta.fields, "shipping_address", "billing_address", "lines"]
        read_only_fields = fields

    @classmethod
    def render(cls, found: FilledCart) -> dict[str, Any]:
        """Return a cart as the API shows it."""
        lines = CartLineSerializer(found.lines, many=True).data
        return CartSummarySerializer(found.cart).data | {
            "shipping_address": found.cart.shipping_address,
            "billing_address": found.cart.billing_address,
            "lines": lines,
        }


class NewCartSerializer(CartSerializer):
    token = serializers.CharField(
        read_only=True, allow_null=True, help_text="A guest's secret, shown this once; null for a customer."
    )

    class Meta(CartSerializer.Meta):
        fields = [*CartSerializer.Meta.fields, "token"]
        read_only_fields = fields


class CreateCartSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=255, required=False)


class AddLineSerializer(serializers.Serializer[Any]):
    variant_id = serializers.UUIDField()
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_PIECES, default=1)


class SetQuantitySerializer(serializers.Serializer[Any]):
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_PIECES)


class ContactSerializer(serializers.Serializer[Any]):
    """Who buys and where it goes; what is left out stays as it is."""

    email = serializers.EmailField(max_length=255, required=False)
    shipping_address = GivenAddressSerializer(required=False)
    billing_address = GivenAddressSerializer(required=False)


class CheckoutSerializer(ContactSerializer):
    """Contact and addresses may stand in the cart already; the billing address is the shipping address by default."""

    payment_method = serializers.CharField(max_length=255, help_text="The payment gateway's token for the card.")
    shipping_method = serializers.CharField(max_length=100, required=False)
    expected_total = serializers.DecimalField(
        max_digits=12, decimal_places=4, required=False, help_text="Refuse the order with `price_changed` otherwise."
    )
    notes = serializers.CharField(max_length=2000, required=False)


class OrderStatusSerializer(serializers.Serializer[OrderStatus]):
    id = serializers.UUIDField()
    order_number = serializers.CharField()
    status = serializers.ChoiceField(choices=Order.Status.choices)
    financial_status = serializers.ChoiceField(choices=Order.FinancialStatus.choices)
    fulfillment_status = serializers.ChoiceField(choices=Order.FulfillmentStatus.choices)
    failure_code = serializers.CharField(allow_null=True, help_text="Why a failed order failed, for programs.")
    failure_reason = serializers.CharField(allow_null=True, help_text="The same, for people.")
    updated_at = serializers.DateTimeField()


class OrderSummarySerializer(serializers.ModelSerializer[Order]):
    subtotal_price = MoneyField()
    shipping_price = MoneyField()
    total_tax = MoneyField()
    total_discounts = MoneyField()
    total_price = MoneyField()
    status_url = serializers.SerializerMethodField(help_text="Ask here how far the order is.")

    class Meta:
        model = Order
        fields = [
            "id",
            "order_number",
            "status",
            "financial_status",
            "fulfillment_status",
            "failure_code",
            "failure_reason",
            "email",
            "currency",
            "subtotal_price",
            "shipping_price",
            "total_tax",
            "total_discounts",
            "total_price",
            "shipping_method",
            "status_url",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_status_url(self, order: Order) -> str:
        return f"/api/v1/orders/{order.id}/status/"


class OrderLineSerializer(serializers.ModelSerializer[OrderLineItem]):
    price = MoneyField(help_text="One piece, in the currency of the order.")
    total_discount = MoneyField()
    total = MoneyField()
    returnable_quantity = serializers.IntegerField(read_only=True, help_text="How many pieces can still come back.")

    class Meta:
        model = OrderLineItem
        fields = [
            "id",
            "product_id",
            "variant_id",
            "title",
            "variant_title",
            "sku",
            "quantity",
            "price",
            "total_discount",
            "total",
            "fulfillment_status",
            "returnable_quantity",
        ]
        read_only_fields = fields


class OrderEventSerializer(serializers.ModelSerializer[OrderEvent]):
    class Meta:
        model = OrderEvent
        fields = ["event_type", "description", "created_at"]
        read_only_fields = fields


class OrderSerializer(OrderSummarySerializer):
    shipping_address = PostalAddressSerializer(read_only=True)
    billing_address = PostalAddressSerializer(read_only=True)
    lines = OrderLineSerializer(many=True, read_only=True)
    events = OrderEventSerializer(many=True, read_only=True)

    class Meta(OrderSummarySerializer.Meta):
        fields = [
            *OrderSummarySerializer.Meta.fields,
            "shipping_address",
            "billing_address",
            "tracking_number",
            "tracking_url",
            "notes",
            "processed_at",
            "shipped_at",
            "delivered_at",
            "cancelled_at",
            "lines",
            "events",
        ]
        read_only_fields = fields
