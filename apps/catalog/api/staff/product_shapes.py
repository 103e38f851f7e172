"""What the shop's people send and read of whole products."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from apps.catalog.models import Product, ProductVariant
from apps.catalog.selectors import PRODUCT_FIELDS, VARIANT_FIELDS
from apps.core.api.shapes import Field, Shape, as_is
from apps.core.money import formatted

MOST_VARIANTS = 250


def money(amount: Any) -> str | None:
    return None if amount is None else formatted(amount, settings.SHOP_CURRENCY)


def plain(amount: Any) -> str | None:
    return None if amount is None else f"{amount:f}"


class ImageBody(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=2000)
    alt = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class OptionBody(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=255)
    values = serializers.ListField(child=serializers.CharField(max_length=255), allow_empty=False)


class VariantBody(serializers.ModelSerializer[ProductVariant]):
    class Meta:
        model = ProductVariant
        fields: Any = VARIANT_FIELDS
        # What is taken already the database says, whoever was quicker.
        extra_kwargs: Any = {
            "title": {"required": False},
            "sku": {"validators": []},
        } | {name: {"min_value": 0} for name in ("price", "compare_price", "cost_price", "weight")}
        validators: list[Any] = []


class NewVariantBody(VariantBody):
    inventory_quantity = serializers.IntegerField(required=False, min_value=0, help_text="Its first stock, in pieces.")

    class Meta(VariantBody.Meta):
        fields = (*VARIANT_FIELDS, "inventory_quantity")


class ProductBody(serializers.ModelSerializer[Product]):
    tags = serializers.ListField(child=serializers.CharField(max_length=255), required=False)
    images = ImageBody(many=True, required=False, help_text="In display order.")
    options = OptionBody(many=True, required=False, help_text="At most three, in the order of option1 to option3.")
    category_ids = serializers.ListField(child=serializers.UUIDField(), required=False)

    class Meta:
        model = Product
        fields: Any = (*PRODUCT_FIELDS, "category_ids")
        extra_kwargs: Any = {
            "slug": {"validators": []},
            "sku": {"validators": []},
        } | {name: {"min_value": 0} for name in ("price", "compare_price", "cost_price", "weight")}


class NewProductBody(ProductBody):
    variants = serializers.ListField(child=NewVariantBody(), required=False, max_length=MOST_VARIANTS)

    class Meta(ProductBody.Meta):
        fields = (*ProductBody.Meta.fields, "variants")
        extra_kwargs = ProductBody.Meta.extra_kwargs | {
            "slug": {"required": False, "validators": [], "help_text": "Made of the name where it is left out."},
            "price": {"required": False, "min_value": 0, "help_text": "Of its only variant, where none is sent."},
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not (attrs.get("variants") or "price" in attrs):
            raise serializers.ValidationError({"price": ["Give a price, or variants with prices."]})
        return attrs


class OrderBody(serializers.Serializer[Any]):
    variant_ids = serializers.ListField(child=serializers.UUIDField(), help_text="Every variant, in the new order.")


WRITES = dict.fromkeys(("price", "compare_price", "cost_price"), money) | {"weight": plain, "rating_average": plain}
VARIANT_KINDS = VariantBody().fields
PRODUCT_KINDS = ProductBody().fields


def field(name: str, kind: serializers.Field[Any, Any, Any, Any]) -> Field:
    return Field(name, kind, write=WRITES.get(name, as_is))


STAFF_VARIANT = Shape(
    "StaffVariant",
    Field("id", serializers.UUIDField()),
    *(field(name, VARIANT_KINDS[name]) for name in VARIANT_FIELDS),
    Field("inventory_quantity", serializers.IntegerField(help_text="What can be sold.")),
    Field("reserved_quantity", serializers.IntegerField(help_text="What orders under way hold.")),
)
COUNTS = (
    Field("inventory_quantity", serializers.IntegerField(help_text="The sum of its variants.")),
    Field("variants_count", serializers.IntegerField()),
    Field("in_stock", serializers.BooleanField()),
)
TIMES = (Field("created_at", serializers.DateTimeField()), Field("updated_at", serializers.DateTimeField()))
STAFF_PRODUCT = Shape(
    "StaffProduct",
    Field("id", serializers.UUIDField()),
    *(field(name, PRODUCT_KINDS[name]) for name in PRODUCT_FIELDS),
    *COUNTS,
    field("rating_average", serializers.CharField()),
    Field("rating_count", serializers.IntegerField()),
    *TIMES,
    Field("currency", serializers.CharField(help_text="Of every amount beside it."), computed=True),
    Field("category_ids", serializers.ListField(child=serializers.UUIDField())),
    Field("variants", STAFF_VARIANT.serializer(many=True), computed=True),
)
LISTED_STAFF_PRODUCT = Shape(
    "ListedStaffProduct",
    Field("id", serializers.UUIDField()),
    *(
        field(name, PRODUCT_KINDS[name])
        for name in ("name", "slug", "sku", "price", "is_active", "published_at", "unpublished_at", "vendor")
    ),
    *COUNTS,
    *TIMES,
)


def product_object(sheet: dict[str, Any]) -> dict[str, Any]:
    return STAFF_PRODUCT.object_of(
        sheet, currency=settings.SHOP_CURRENCY, variants=STAFF_VARIANT.objects_of(sheet["variants"])
    )
