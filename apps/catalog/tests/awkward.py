"""Catalogues such as nobody would make, for tests that are given many: Hypothesis writes them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from apps.catalog.importing.drafts import ProductDraft, VariantDraft
from apps.catalog.importing.html import safe_html
from apps.catalog.importing.rules import options_of
from apps.catalog.importing.shelves import SEPARATOR, taxonomy_of
from apps.catalog.importing.skus import derived_sku
from apps.catalog.importing.values import folded_handle
from apps.catalog.importing.variant_rules import title_of

ODD = [
    'A "quoted", word',
    "two\nlines",
    "two\r\nlines",
    "=1+1",
    "'quoted'",
    "a;b\tc",
    "Nhẫn cưới 💍",
    "مرحبا",
    '"',
    "\\",
    "NULL",
    "Default Title",
    "Title",
]
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def texts(longest: int = 20) -> SearchStrategy[str]:
    """Text as a cell can hold it: not empty, without blanks around it."""
    return (st.text(LETTERS, min_size=1, max_size=longest).map(str.strip) | st.sampled_from(ODD)).filter(bool)


def maybe(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.none() | strategy


HANDLES = (
    st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="/?#%\\"), min_size=1, max_size=20)
    .map(folded_handle)
    .filter(lambda handle: handle == folded_handle(handle) == handle.strip())
)
AMOUNTS = st.decimals(Decimal(0), Decimal("99999999.99"), places=2)
ADDRESSES = st.builds("https://cdn.example/{}.jpg".format, texts().map(lambda text: text.replace(" ", "")))
IMAGES = st.lists(
    st.tuples(ADDRESSES, maybe(texts())).map(lambda image: {"url": image[0]} | ({"alt": image[1]} if image[1] else {})),
    max_size=12,
    unique_by=lambda image: image["url"],
)
NAMES = (
    texts()
    .map(lambda text: " ".join(text.replace(SEPARATOR, "").split()))
    .filter(lambda name: name and taxonomy_of(name) is None)
)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(f" {SEPARATOR} ".join)
MOMENTS = st.integers(946_684_800, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
KEPT = st.dictionaries(st.sampled_from(["Fabric", "Care (product.metafields.x.care)"]), texts(), max_size=2)
KEPT_OF_VARIANTS = st.dictionaries(st.sampled_from(["Variant Tax Code", "Price / Canada"]), texts(), max_size=2)


@st.composite
def variants(draw: DrawFn, handle: str, row: int, position: int, options: tuple[str | None, ...]) -> VariantDraft:
    price, allows = draw(AMOUNTS), draw(st.booleans())
    sku = derived_sku(handle, options)
    above = st.decimals(price, Decimal("99999999.99"), places=2).filter(lambda amount: amount > price)
    return VariantDraft(
        row=row,
        line=row,
        options=options,  # type: ignore[arg-type]
        title=title_of(options),  # type: ignore[arg-type]
        sku=sku,
        spare_sku=sku,
        barcode=draw(maybe(st.from_regex(r"[A-Z]?[0-9]{1,13}", fullmatch=True))),
        price=price,
        compare_price=draw(maybe(above)) if price < Decimal("99999999") else None,
        cost_price=draw(maybe(AMOUNTS)),
        quantity=draw(st.integers(-50 if allows else 0, 1_000_000)),
        weight=draw(maybe(st.decimals(0, 999999, places=2))),
        image_url=draw(maybe(ADDRESSES)),
        position=position,
        allow_backorder=allows,
        requires_shipping=draw(st.booleans()),
        taxable=draw(st.booleans()),
        weight_unit=draw(st.sampled_from(["g", "kg", "lb", "oz"])),
        kept=draw(KEPT_OF_VARIANTS),
    )


@st.composite
def products(draw: DrawFn, handle: str, row: int) -> ProductDraft:
    names = draw(st.lists(texts(), max_size=3))
    combined = st.tuples(*[maybe(texts())] * len(names), *[st.none()] * (3 - len(names)))
    combinations = draw(st.lists(combined, min_size=1, max_size=5 if names else 1, unique=True))
    if {"title", "default title"} <= {text.lower() for text in (*names, *filter(None, sum(combinations, ())))}:
        names, combinations = [], [(None, None, None)]
    of = [draw(variants(handle, row + n, n + 1, options)) for n, options in enumerate(combinations)]
    stage = draw(st.sampled_from(["active", "draft", "archived", "unlisted"]))
    return ProductDraft(
        row=row,
        line=row,
        slug=handle,
        name=draw(texts()),
        description=draw(maybe(texts(200).map(safe_html))),
        vendor=draw(maybe(texts())),
        product_type=draw(maybe(texts())),
        categories=draw(st.lists(PATHS, max_size=3, unique=True)),
        tags=draw(st.lists(texts(), max_size=5, unique=True)),
        images=draw(IMAGES),
        options=options_of([*names, None, None, None][:3], of),
        seo_title=draw(maybe(texts())),
        seo_description=draw(maybe(texts(200))),
        is_active=stage == "active",
        is_published=draw(st.booleans()),
        published_at=draw(maybe(MOMENTS)),
        is_digital=False,
        kept=draw(KEPT) | ({"Status": stage} if stage in {"archived", "unlisted"} else {}),
        variants=of,
    )


@st.composite
def catalogues(draw: DrawFn) -> list[ProductDraft]:
    """Up to four products; their rows are numbered apart."""
    handles = draw(st.lists(HANDLES, min_size=1, max_size=4, unique=True))
    return [draw(products(handle, 2 + 10 * n)) for n, handle in enumerate(handles)]
