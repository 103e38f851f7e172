"""What the catalogue's answers hold."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from rest_framework import serializers

from apps.core.api.shapes import Field, Shape
from apps.core.money import formatted


def text(doc: str, *, null: bool = False) -> serializers.Field:
    return serializers.CharField(help_text=doc, allow_null=null)


def number(doc: str) -> serializers.Field:
    return serializers.IntegerField(help_text=doc)


def flag(doc: str) -> serializers.Field:
    return serializers.BooleanField(help_text=doc)


def texts(doc: str) -> serializers.Field:
    return serializers.ListField(child=serializers.CharField(), help_text=doc)


def money(value: Decimal | None) -> str | None:
    return None if value is None else formatted(value, settings.SHOP_CURRENCY)


def plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def first(images: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    return images[0] if images else None


class Image(serializers.Serializer[Any]):
    url = serializers.CharField()
    alt = serializers.CharField(required=False)


class Option(serializers.Serializer[Any]):
    name = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField())


ID = Field("id", serializers.UUIDField())
CURRENCY = Field("currency", text("The ISO 4217 code of every amount beside it."), computed=True)
PRICE = Field("price", text("A decimal string with the currency's digits."), write=money)
COMPARE_PRICE = Field("compare_price", text("The former, higher price.", null=True), write=money)
WEIGHT = Field("weight", text("In grams.", null=True), write=plain)
NAMED = (
    ID,
    Field("slug", text("Its address: lower-case words with hyphens.")),
    Field("name", text("As people see it.")),
)
LISTED = (
    *NAMED,
    Field("short_description", text("One or two sentences.", null=True)),
    Field("sku", text("The merchant's own number.")),
    PRICE,
    COMPARE_PRICE,
    CURRENCY,
    Field("vendor", text("Who makes it.", null=True)),
    Field("product_type", text("What kind of thing it is.", null=True)),
    Field("tags", texts("Words to filter by.")),
    Field("options", Option(many=True, help_text="In the order of the variants' option1 to option3.")),
    Field("variants_count", number("How many variants there are.")),
    Field("in_stock", flag("Whether any variant can be bought now.")),
    Field("is_featured", flag("Whether the shop shows it first.")),
    Field("is_digital", flag("Whether nothing is shipped.")),
    Field("rating_average", text("From 1 to 5, 0 while nobody rated it."), write=plain),
    Field("rating_count", number("How many ratings there are.")),
    Field("published_at", serializers.DateTimeField()),
    Field("created_at", serializers.DateTimeField()),
)

LISTED_PRODUCT = Shape(
    "ListedProduct", *LISTED, Field("image", Image(allow_null=True, help_text="The first picture."), "images", first)
)

SUGGESTED_PRODUCT = Shape(
    "SuggestedProduct",
    *NAMED,
    PRICE,
    CURRENCY,
    Field("image", Image(allow_null=True, help_text="The first picture."), "images", first),
)
SUGGESTIONS = Shape(
    "Suggestions",
    Field("words", texts("How the text may go on, the likeliest first."), computed=True),
    Field("products", SUGGESTED_PRODUCT.serializer(many=True, help_text="The best of them."), computed=True),
)

VARIANT = Shape(
    "Variant",
    ID,
    Field("title", text("Its options, as people see them.")),
    Field("sku", text("The merchant's own number.")),
    Field("barcode", text("EAN, UPC or ISBN.", null=True)),
    PRICE,
    COMPARE_PRICE,
    CURRENCY,
    Field("option1", text("The value of the first option.", null=True)),
    Field("option2", text("The value of the second option.", null=True)),
    Field("option3", text("The value of the third option.", null=True)),
    Field("image_url", text("A picture of this variant.", null=True)),
    WEIGHT,
    Field("weight_unit", text("The unit to show the weight in: g, kg, oz or lb.")),
    Field("position", number("Its place among the variants.")),
    Field("in_stock", flag("Whether it can be bought now.")),
    Field("requires_shipping", flag("Whether it is sent by parcel.")),
    Field("taxable", flag("Whether tax is due.")),
)


class Step(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


PATH = Field("path", Step(many=True, help_text="The categories on the way to it, the root first, itself last."))
PRODUCT_CATEGORY = Shape("ProductCategory", *NAMED, PATH)

# A product of a list with what `expand` adds, for the document.
EXPANDED_PRODUCT = Shape(
    "ListedProduct",
    *LISTED_PRODUCT.fields,
    Field("variants", VARIANT.serializer(many=True, required=False, help_text="The active ones, if asked for.")),
    Field("categories", PRODUCT_CATEGORY.serializer(many=True, required=False, help_text="If asked for.")),
)

PRODUCT = Shape(
    "Product",
    *LISTED,
    Field("description", text("HTML that is safe to show.", null=True)),
    Field("barcode", text("EAN, UPC or ISBN.", null=True)),
    WEIGHT,
    Field("dimensions", serializers.JSONField(allow_null=True, help_text="length, width, height, unit")),
    Field("requires_shipping", flag("Whether it is sent by parcel.")),
    Field("is_gift_card", flag("Whether it is a voucher.")),
    Field("taxable", flag("Whether tax is due.")),
    Field("images", Image(many=True, help_text="In display order.")),
    Field("seo_title", text("For the page's title.", null=True)),
    Field("seo_description", text("For search engines.", null=True)),
    Field("variants", VARIANT.serializer(many=True, help_text="The active ones, in display order."), computed=True),
    Field("categories", PRODUCT_CATEGORY.serializer(many=True, help_text="Where it stands."), computed=True),
)

DESCRIBED = (
    *NAMED,
    Field("description", text("What stands here.", null=True)),
    Field("image_url", text("A picture.", null=True)),
    Field("seo_title", text("For the page's title.", null=True)),
    Field("seo_description", text("For search engines.", null=True)),
)
CHILDREN_COUNT = Field("children_count", number("How many categories are right below it."))
PRODUCTS_COUNT = (
    Field("products_count", number("How many products stand in it or below it."), computed=True),
    Field("products_count_is_exact", flag("False where there are more than are counted."), computed=True),
)
CATEGORY = Shape(
    "Category",
    *DESCRIBED,
    CHILDREN_COUNT,
    Field(
        "children",
        serializers.ListField(child=serializers.DictField(), help_text="The categories below it, of the same shape."),
        computed=True,
    ),
)
CHILD_CATEGORY = Shape(
    "ChildCategory", *NAMED, Field("image_url", text("A picture.", null=True)), CHILDREN_COUNT, *PRODUCTS_COUNT
)
CATEGORY_PAGE = Shape(
    "CategoryPage",
    *DESCRIBED,
    PATH,
    *PRODUCTS_COUNT,
    Field("children", CHILD_CATEGORY.serializer(many=True, help_text="Those right below it."), computed=True),
)

VARIANT_STOCK = Shape(
    "VariantStock",
    Field("variant_id", serializers.UUIDField()),
    Field("sku", text("The merchant's own number.")),
    Field("available_quantity", number("Pieces that can be bought now."), "inventory_quantity", lambda n: max(n, 0)),
    Field("is_unlimited", flag("Whether more can be bought than are there.")),
    Field("is_backorder", flag("Whether none is there and what is bought now waits for more to come.")),
)
