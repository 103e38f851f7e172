"""The tree of categories, and the page of one."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.catalog import selectors
from apps.catalog.caching import CATEGORIES, CATEGORY_PAGES, CATEGORY_TREES
from apps.core.api.etag import answer
from apps.core.api.pagination import whole_number
from apps.core.api.views import PublicView
from apps.core.json import dumps

from .renames import follows_renames
from .shapes import CATEGORY, CATEGORY_PAGE, CHILD_CATEGORY

DEEPEST = 100


class CategoryTree(PublicView):
    @extend_schema(
        operation_id="list_categories",
        tags=["catalog"],
        parameters=[
            OpenApiParameter("root", str, description="The slug or id of a category: only it and what is below it."),
            OpenApiParameter("depth", int, description="So many levels; all when left out."),
        ],
        responses=CATEGORY.serializer(many=True),
        description="The whole tree, or a part of it; `children_count` tells of what was left out, too.",
    )
    def get(self, request: Request) -> HttpResponse:
        """Show the tree of categories, from its roots or from one category."""
        query = request.query_params
        root = query.get("root") or ""
        levels = whole_number(query, "depth", default=DEEPEST, most=DEEPEST) if "depth" in query else None
        body = CATEGORY_TREES.fetch(f"{levels}:{root}", tags=[CATEGORIES], render=lambda: category_tree(root, levels))
        return answer(request, body.content, etag=body.etag)


class CategoryDetail(PublicView):
    @extend_schema(operation_id="get_category", tags=["catalog"], responses={200: CATEGORY_PAGE.serializer, 301: None})
    @follows_renames(selectors.find_renamed_category)
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Show a category with the way to it, what is below it, and how many products stand there."""
        # Not stale with every product: counting what stands in a large category takes longer than the page is worth.
        body = CATEGORY_PAGES.fetch(slug, tags=[CATEGORIES], render=lambda: category_page(slug))
        return answer(request, body.content, etag=body.etag)


def category_tree(root: str, levels: int | None) -> bytes:
    """Render the tree from one query, and one for the root that was named. Raises CategoryNotFound."""
    root_id = selectors.find_category(name=root) if root else None
    below: dict[UUID | None, list[dict[str, Any]]] = defaultdict(list)
    for row in selectors.list_categories(columns=CATEGORY.columns, root_id=root_id, levels=levels):
        above = None if row["id"] == root_id else row["parent_id"]
        below[above].append(CATEGORY.object_of(row, children=below[row["id"]]))
    return dumps(below[None])


def category_page(slug: str) -> bytes:
    """Render a category from three queries. Raises CategoryNotFound."""
    row = selectors.get_category(slug=slug, columns=CATEGORY_PAGE.columns)
    children = list(selectors.list_children(category_id=row["id"], columns=CHILD_CATEGORY.columns))
    ids = [row["id"], *(child["id"] for child in children)]
    counted = selectors.count_products_below(category_ids=ids)
    page = CATEGORY_PAGE.object_of(
        row,
        children=[CHILD_CATEGORY.object_of(child, **count(counted[child["id"]])) for child in children],
        **count(counted[row["id"]]),
    )
    return dumps(page)


def count(counted: selectors.Counted) -> dict[str, Any]:
    return {"products_count": counted.products, "products_count_is_exact": counted.is_exact}
