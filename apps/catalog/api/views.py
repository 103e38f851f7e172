"""What customers read. Everybody gets the same bytes, so they are kept finished."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from apps.catalog import selectors
from apps.catalog.caching import (
    CATEGORIES,
    LISTS,
    MARKET_PAGES,
    MARKETS,
    PRODUCT_LISTS,
    PRODUCT_PAGES,
    SEARCHES,
    page_of,
)
from apps.catalog.models import Product
from apps.core.api.etag import answer
from apps.core.api.pagination import NumberedPages
from apps.core.api.views import PublicView
from apps.core.body_cache import Body
from apps.core.json import dumps

from .filters import DEFAULT_SORT, ORDERINGS, MarketFilter, ProductFilter
from .markets import MARKET_PARAMETER, market_of, repriced, repriced_page
from .pages import SharedCursorPages, canonical_address
from .renames import follows_renames
from .searching import is_search, search_page
from .shapes import LISTED_PRODUCT, PRODUCT, PRODUCT_CATEGORY, VARIANT, VARIANT_STOCK


class ProductList(PublicView, GenericAPIView):
    queryset = Product.objects.none()
    serializer_class = LISTED_PRODUCT.serializer
    filterset_class = ProductFilter
    pagination_class = SharedCursorPages

    @extend_schema(
        operation_id="list_products",
        tags=["catalog"],
        parameters=[OpenApiParameter("page", int, description="Asks for numbered pages, from 1.")],
        responses=LISTED_PRODUCT.serializer(many=True),
        description="Cursor pages; with `page`, numbered pages that tell `total` and `has_next_page`. A "
        f"search shows the best {selectors.SEARCH_WINDOW}; `corrected` tells what it looked for where it mended words.",
    )
    def get(self, request: Request) -> HttpResponse:
        """List the products for sale."""
        tags = [LISTS, CATEGORIES, *([SEARCHES] if is_search(request) else [])]
        tags += [MARKETS] if "market" in request.query_params else []
        body = PRODUCT_LISTS.fetch(canonical_address(request), tags=tags, render=lambda: dumps(self.page(request)))
        return answered(request, body)

    def page(self, request: Request) -> Any:
        market = market_of(request)
        products = self.chosen(request, market)
        if is_search(request):
            page = search_page(request, products, self.sorted_page)
        else:
            page = self.sorted_page(request, products)
        return page if market is None else page | {"results": repriced(page["results"], market)}

    def sorted_page(self, request: Request, products: QuerySet[Product]) -> Any:
        numbered = "page" in request.query_params
        pages = NumberedPages() if numbered else SharedCursorPages()
        if numbered:
            products = products.order_by(*self.cursor_ordering)
        columns = columns_for(LISTED_PRODUCT.columns, self.cursor_ordering)
        rows = pages.paginate_queryset(products.values(*columns), request, view=self)
        objects = [LISTED_PRODUCT.object_of(row, currency=settings.SHOP_CURRENCY) for row in rows]
        return pages.get_paginated_response(objects).data

    def chosen(self, request: Request, market: selectors.Place | None) -> QuerySet[Product]:
        """Return the products that the request's filters leave; raises ValidationError, which is answered as 422."""
        products = selectors.list_products()
        if market is None:
            chosen = ProductFilter(request.query_params, queryset=products, request=request)
        else:
            priced = selectors.priced_in(products, market)
            chosen = MarketFilter(request.query_params, queryset=priced, request=request)
        if not chosen.is_valid():
            raise translate_validation(chosen.errors)
        return chosen.qs

    @property
    def cursor_ordering(self) -> tuple[str, ...]:
        return ORDERINGS.get(self.request.query_params.get("sort") or DEFAULT_SORT, ORDERINGS[DEFAULT_SORT])


class ProductDetail(PublicView):
    @extend_schema(
        operation_id="get_product",
        tags=["catalog"],
        parameters=[MARKET_PARAMETER],
        responses={200: PRODUCT.serializer, 301: None},
    )
    @follows_renames(selectors.find_renamed_product)
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Show a product with its variants and categories."""
        code = request.query_params.get("market")
        if code:
            pages, key, tags = MARKET_PAGES, f"{code}:{slug}", [page_of(slug), CATEGORIES, MARKETS]
        else:
            pages, key, tags = PRODUCT_PAGES, slug, [page_of(slug), CATEGORIES]
        body = pages.fetch(key, tags=tags, render=lambda: dumps(product_page(slug, market_of(request))))
        return answered(request, body)


class ProductStock(PublicView):
    @extend_schema(
        operation_id="get_product_stock",
        tags=["catalog"],
        responses={200: VARIANT_STOCK.serializer(many=True), 301: None},
    )
    @follows_renames(selectors.find_renamed_product)
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Tell how many pieces of each variant can be bought at this moment; never kept in a cache."""
        return answer(request, VARIANT_STOCK.objects_of(selectors.list_stock(slug=slug)))


def columns_for(shown: Sequence[str], ordering: Sequence[str]) -> list[str]:
    """Return the columns to read: those that are shown, and those by which a cursor finds its place again."""
    return list(dict.fromkeys((*shown, *(name.removeprefix("-") for name in ordering))))


def answered(request: Request, body: Body) -> HttpResponse:
    return answer(request, body.content, etag=body.etag)


def product_page(slug: str, market: selectors.Place | None) -> dict[str, Any]:
    """Render a product from the database, in three queries; two more in a market. Raises ProductNotFound."""
    row = selectors.get_product(slug=slug, columns=PRODUCT.columns)
    currency = settings.SHOP_CURRENCY
    variants = selectors.list_variants(product_id=row["id"], columns=VARIANT.columns)
    categories = selectors.list_categories_of(product_id=row["id"], columns=PRODUCT_CATEGORY.columns)
    page = PRODUCT.object_of(
        row,
        currency=currency,
        variants=[VARIANT.object_of(variant, currency=currency) for variant in variants],
        categories=PRODUCT_CATEGORY.objects_of(categories),
    )
    return page if market is None else repriced_page(page, market)
