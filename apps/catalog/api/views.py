"""What customers read. Everybody gets the same bytes, so they are kept finished."""

from collections.abc import Sequence
from functools import partial
from typing import Any

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
    PAGES,
    PRODUCT_LISTS,
    PRODUCT_PAGES,
    SEARCHES,
    VARIANTS,
    page_of,
)
from apps.catalog.models import Product
from apps.core.api.etag import answer
from apps.core.api.shapes import Shape
from apps.core.api.views import PublicView
from apps.core.body_cache import Body
from apps.core.json import dumps

from .facets import PARAMETER as FACETS_ASKED
from .facets import asked_facets, facets_of
from .filters import DEFAULT_SORT, ORDERINGS, MarketFilter, ProductFilter
from .markets import MARKET_PARAMETER, market_of, repriced, repriced_page
from .pages import SharedCursorPages, TotalledPages, canonical_address
from .renames import follows_renames
from .searching import is_search, narrowed, search_page
from .shapes import EXPANDED_PRODUCT, PRODUCT, VARIANT_STOCK
from .shown import EXPAND, EXPANSIONS, FIELDS, Shown, asked_shape


class ProductList(PublicView, GenericAPIView):
    queryset = Product.objects.none()
    serializer_class = EXPANDED_PRODUCT.serializer
    filterset_class = ProductFilter
    pagination_class = SharedCursorPages

    @extend_schema(
        operation_id="list_products",
        tags=["catalog"],
        parameters=[
            OpenApiParameter("page", int, description="Asks for numbered pages, from 1."),
            FIELDS,
            EXPAND,
            FACETS_ASKED,
        ],
        responses=EXPANDED_PRODUCT.serializer(many=True),
        description="Cursor pages; with `page`, numbered pages that tell `total` and `has_next_page`; past "
        f"{selectors.MOST_COUNTED} `total` is an estimate, and `total_is_exact` false. A search shows the best "
        f"{selectors.SEARCH_WINDOW}; `corrected` tells what it looked for where it mended words.",
    )
    def get(self, request: Request) -> HttpResponse:
        """List the products for sale."""
        key, tags = canonical_address(request), tags_of(request)
        return answered(request, PRODUCT_LISTS.fetch(key, tags=tags, render=lambda: dumps(self.page(request))))

    def page(self, request: Request) -> Any:
        """Return a page from the database. Raises InvalidInput, and ValidationError, which is answered as 422."""
        market = market_of(request)
        asked, facets, filters = Shown.asked_by(request), asked_facets(request), self.filters(request, market)
        shown = asked if market is None else asked.whole
        products = filters.chosen()
        if is_search(request):
            page = search_page(request, products, shown, self.sorted_page)
        else:
            page = self.sorted_page(request, products, shown)
        if market is not None:
            page["results"] = [asked.part_of(product) for product in repriced(page["results"], market)]
        if facets:
            page["facets"] = facets_of(filters, facets, partial(narrowed, request))
        return page

    def sorted_page(self, request: Request, products: QuerySet[Product], shown: Shown) -> Any:
        pages: TotalledPages | SharedCursorPages = SharedCursorPages()
        if "page" in request.query_params:
            pages, products = TotalledPages(selectors.count_listed), products.order_by(*self.cursor_ordering)
        columns = columns_for(shown.columns, self.cursor_ordering)
        rows = pages.paginate_queryset(products.values(*columns), request, view=self)
        return pages.get_paginated_response(shown.objects_of(rows)).data

    def filters(self, request: Request, market: selectors.Place | None) -> ProductFilter:
        products = selectors.list_products()
        if market is None:
            filters = ProductFilter(request.query_params, queryset=products, request=request)
        else:
            priced = selectors.priced_in(products, market)
            filters = MarketFilter(request.query_params, queryset=priced, request=request)
        if not filters.is_valid():
            raise translate_validation(filters.errors)
        return filters

    @property
    def cursor_ordering(self) -> tuple[str, ...]:
        return ORDERINGS.get(self.request.query_params.get("sort") or DEFAULT_SORT, ORDERINGS[DEFAULT_SORT])


class ProductDetail(PublicView):
    @extend_schema(
        operation_id="get_product",
        tags=["catalog"],
        parameters=[MARKET_PARAMETER, FIELDS],
        responses={200: PRODUCT.serializer, 301: None},
    )
    @follows_renames(selectors.find_renamed_product)
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Show a product with its variants and categories."""
        shape = asked_shape(request, PRODUCT)
        code = request.query_params.get("market")
        key = slug if shape is PRODUCT else f"{slug}?{','.join(shape.names)}"
        if code:
            pages, key, tags = MARKET_PAGES, f"{code}:{key}", [page_of(slug), PAGES, CATEGORIES, MARKETS]
        else:
            pages, tags = PRODUCT_PAGES, [page_of(slug), PAGES, CATEGORIES]
        body = pages.fetch(key, tags=tags, render=lambda: dumps(product_page(slug, shape, market_of(request))))
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


def tags_of(request: Request) -> list[str]:
    """Return what makes a list stale."""
    more = {
        SEARCHES: is_search(request),
        VARIANTS: "variants" in request.query_params.get("expand", ""),
        MARKETS: "market" in request.query_params,
    }
    return [LISTS, CATEGORIES, *(tag for tag, is_borne in more.items() if is_borne)]


def product_page(slug: str, shape: Shape, market: selectors.Place | None) -> dict[str, Any]:
    """Render a product from the database, in three queries; two more in a market. Raises ProductNotFound."""
    asked = Shown(shape, [name for name in EXPANSIONS if name in shape.names])
    shown = asked if market is None else Shown(PRODUCT, list(EXPANSIONS))
    (page,) = shown.objects_of([selectors.get_product(slug=slug, columns=shown.columns)])
    return page if market is None else asked.part_of(repriced_page(page, market))
