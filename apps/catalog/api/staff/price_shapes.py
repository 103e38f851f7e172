"""What the shop's people send and read about prices, and about what is on sale."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from apps.catalog import services
from apps.catalog.models import PriceChange
from apps.core.api.shapes import Field, Shape
from apps.core.money import formatted

MOST_ITEMS = 1_000
TARGETS = ("variant_id", "sku", "product_id", "slug")
STEPS = ("price", "percent", "amount")
REFUSED = (services.Status.NOT_FOUND.value, services.Status.INVALID.value)


def listed(item: serializers.Serializer[Any], command: str) -> serializers.ListField:
    """Return the field of a call's items; who sends too many is told how any number can be sent."""
    too_many = f"Send at most {MOST_ITEMS:,} items; `manage.py {command} FILE` takes any number from a CSV file."
    return serializers.ListField(
        child=item, min_length=1, max_length=MOST_ITEMS, error_messages={"max_length": too_many}
    )


class TargetSerializer(serializers.Serializer[Any]):
    """One thing, named in one way."""

    variant_id = serializers.UUIDField(required=False)
    sku = serializers.CharField(required=False, max_length=100, help_text="Of a variant.")
    product_id = serializers.UUIDField(required=False)
    slug = serializers.CharField(required=False, max_length=255, help_text="Of a product.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in TARGETS) != 1:
            raise serializers.ValidationError(f"Give one of {', '.join(TARGETS)}.")
        return attrs


class NewPriceSerializer(TargetSerializer):
    price = serializers.DecimalField(
        required=False, max_digits=20, decimal_places=6, help_text="What it costs from now on, in the shop's currency."
    )
    percent = serializers.DecimalField(
        required=False, max_digits=12, decimal_places=6, help_text="By how much its price rises; -20 is a fifth off."
    )
    amount = serializers.DecimalField(
        required=False, max_digits=20, decimal_places=6, help_text="What is added to its price, or with a minus taken."
    )
    compare_price = serializers.DecimalField(
        required=False,
        allow_null=True,
        max_digits=20,
        decimal_places=6,
        help_text="The former price beside it; null takes it away, and without it, it stays.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        steps = sum(name in attrs for name in STEPS)
        if steps > 1 or not (steps or "compare_price" in attrs):
            raise serializers.ValidationError(f"Give one of {', '.join(STEPS)}, or compare_price, or both.")
        return super().validate(attrs)


class ActivationSerializer(TargetSerializer):
    is_active = serializers.BooleanField(help_text="Whether customers may see and buy it.")


class BulkBody(serializers.Serializer[Any]):
    atomic = serializers.BooleanField(default=False, help_text="Change nothing if one item is refused (422).")


class NewPricesBody(BulkBody):
    note = serializers.CharField(required=False, allow_null=True, max_length=500, help_text="Why, for who looks later.")
    items = listed(NewPriceSerializer(), "change_prices")


class ActivationsBody(BulkBody):
    items = listed(ActivationSerializer(), "set_active")


class ItemResultSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=[status.value for status in services.Status])
    variants = serializers.IntegerField(help_text="How many variants changed.")
    reason = serializers.CharField(allow_null=True, help_text="Why it was refused, as a sentence.")


class BulkAnswer(serializers.Serializer[Any]):
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = ItemResultSerializer(many=True, help_text="One for each item, in the order sent.")


class NewPricesAnswer(BulkAnswer):
    change_id = serializers.UUIDField(allow_null=True, help_text="What undoes it; null where no price differs.")


class UndoneSerializer(serializers.Serializer[Any]):
    restored = serializers.IntegerField(help_text="Variants that have their old prices again.")
    left = serializers.ListField(
        child=serializers.DictField(), help_text="`variant_id` and `sku` of those that were priced since, or are gone."
    )


def answer_of(results: list[services.ItemResult]) -> dict[str, Any]:
    """Return the numbers of a call, and what came of each item."""
    statuses = [result.status for result in results]
    return {
        "changed": statuses.count(services.Status.CHANGED),
        "unchanged": statuses.count(services.Status.UNCHANGED),
        "refused": sum(result.is_refused for result in results),
        "results": [result.as_dict() for result in results],
    }


def money(amount: Any) -> str | None:
    return None if amount is None else formatted(amount, settings.SHOP_CURRENCY)


PRICE_CHANGE = Shape(
    "PriceChange",
    Field("id", serializers.UUIDField()),
    Field("source", serializers.ChoiceField(choices=PriceChange.Source.choices)),
    Field("note", serializers.CharField(allow_null=True)),
    Field("items_count", serializers.IntegerField(help_text="Variants whose prices changed.")),
    Field("made_at", serializers.DateTimeField()),
    Field("made_by", serializers.UUIDField(allow_null=True, help_text="The user who changed them."), "actor_id"),
    Field("undone_at", serializers.DateTimeField(allow_null=True)),
    Field("undone_by", serializers.UUIDField(allow_null=True, help_text="The user who put them back.")),
)

PRICE_CHANGE_ITEM = Shape(
    "PriceChangeItem",
    Field("variant_id", serializers.UUIDField()),
    Field("old_price", serializers.CharField(), write=money),
    Field("new_price", serializers.CharField(), write=money),
    Field("old_compare_price", serializers.CharField(allow_null=True), write=money),
    Field("new_compare_price", serializers.CharField(allow_null=True), write=money),
    Field(
        "is_restored",
        serializers.BooleanField(
            allow_null=True, help_text="Null until it is undone; false where somebody had priced it since."
        ),
    ),
)
