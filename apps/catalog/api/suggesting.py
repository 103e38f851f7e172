"""What is suggested while somebody types."""

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.catalog import selectors
from apps.catalog.caching import LISTS, SEARCHES, SUGGESTIONS_TYPED
from apps.core.api.etag import answer
from apps.core.api.views import PublicView
from apps.core.exceptions import InvalidInput
from apps.core.json import dumps

from .filters import LONGEST_SEARCH
from .searching import rows_of
from .shapes import SUGGESTED_PRODUCT, SUGGESTIONS


class ProductSuggestions(PublicView):
    @extend_schema(
        operation_id="suggest_products",
        tags=["catalog"],
        parameters=[OpenApiParameter("q", str, required=True, description="What was typed so far.")],
        responses=SUGGESTIONS.serializer,
    )
    def get(self, request: Request) -> HttpResponse:
        """Suggest how the last word goes on, and products."""
        text = typed(request)
        body = SUGGESTIONS_TYPED.fetch(text, tags=[LISTS, SEARCHES], render=lambda: suggestions(text))
        return answer(request, body.content, etag=body.etag)


def typed(request: Request) -> str:
    """Return what was typed, with single blanks. Raises InvalidInput."""
    text = " ".join(request.query_params.get("q", "").lower().split())
    if not text or len(text) > LONGEST_SEARCH:
        wrong = {"q": [f"Give 1 to {LONGEST_SEARCH} characters."]}
        raise InvalidInput("Nothing can be suggested for this.", errors=wrong)
    return text


def suggestions(text: str) -> bytes:
    """Render what is suggested for a text from the database."""
    suggested = selectors.suggest(text=text)
    rows = rows_of(suggested.products, SUGGESTED_PRODUCT.columns)
    products = [SUGGESTED_PRODUCT.object_of(row, currency=settings.SHOP_CURRENCY) for row in rows]
    return dumps({"words": suggested.words, "products": products})
