"""What is written and read of reviews."""

from typing import Any

from rest_framework import serializers

from apps.catalog.models import ProductReview
from apps.core.api.shapes import Field, Shape

NOBODY = "Customer"
MOST_TITLE, MOST_CONTENT, MOST_NAME = 120, 5_000, 50


def typed(longest: int, said: str) -> serializers.CharField:
    return serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=longest, help_text=said)


class ReviewBody(serializers.Serializer[Any]):
    rating = serializers.IntegerField(min_value=1, max_value=5)
    title = typed(MOST_TITLE, "One line. Markup is taken out of it, as of the other texts.")
    content = typed(MOST_CONTENT, "Plain text with line ends.")
    display_name = typed(MOST_NAME, f"As whom others see you; `{NOBODY}` when empty. No e-mail address.")


def shown_name(name: str | None) -> str:
    return name or NOBODY


SAID = (
    Field("id", serializers.UUIDField()),
    Field("rating", serializers.IntegerField(help_text="From 1 to 5.")),
    Field("title", serializers.CharField(allow_null=True, help_text="Plain text.")),
    Field("content", serializers.CharField(allow_null=True, help_text="Plain text with line ends.")),
    Field("is_verified_purchase", serializers.BooleanField(help_text="Whether who wrote it bought the product here.")),
    Field("helpful_count", serializers.IntegerField(help_text="How many customers found it helpful.")),
    Field("shop_reply", serializers.CharField(allow_null=True, help_text="What the shop answers, as plain text.")),
    Field("replied_at", serializers.DateTimeField(allow_null=True)),
    Field("created_at", serializers.DateTimeField()),
)
REVIEW = Shape(
    "Review",
    *SAID,
    Field("reviewer", serializers.CharField(help_text="The name that the customer chose."), "display_name", shown_name),
)
STATE = Field("state", serializers.ChoiceField(choices=ProductReview.State.choices), computed=True)
REASON = Field("rejection_reason", serializers.CharField(allow_null=True, help_text="Why the shop shows it to nobody."))
NAME = Field("display_name", serializers.CharField(allow_null=True))
OWN_REVIEW = Shape("OwnReview", *SAID, NAME, STATE, REASON)
STAFF_REVIEW = Shape(
    "StaffReview",
    *SAID,
    NAME,
    STATE,
    REASON,
    Field("product_id", serializers.UUIDField()),
    Field("product_slug", serializers.CharField(), "product__slug"),
    Field("product_name", serializers.CharField(), "product__name"),
    Field("user_id", serializers.UUIDField()),
    Field("moderated_at", serializers.DateTimeField(allow_null=True)),
    Field("moderated_by", serializers.UUIDField(allow_null=True)),
)
HELPFUL = Shape(
    "HelpfulCount", Field("helpful_count", serializers.IntegerField(help_text="How many customers found it helpful."))
)


def own(review: ProductReview) -> dict[str, Any]:
    """Return a review as its author reads it."""
    return OWN_REVIEW.object_of({name: getattr(review, name) for name in OWN_REVIEW.columns}, state=review.state)
