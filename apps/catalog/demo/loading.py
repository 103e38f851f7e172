"""Putting the demo shop into the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction

from apps.catalog.contracts import StockLine
from apps.catalog.models import Category, Product, ProductCategory, ProductVariant
from apps.catalog.services import Because, announce_categories, announce_products, recount_search_words, restock
from apps.catalog.statements import DATABASE
from apps.core.ids import new_id

from .pictures import draw
from .reading import Good, Picture, Piece, Shelf, read_goods, read_shelves

PICTURES = "demo"
FIRST_DELIVERY = Because(reference_type="delivery", notes="First delivery to Lantern Quay")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was new: shelves, products, their variants and pictures, and the pieces taken into stock."""

    shelves: int
    products: int
    variants: int
    pieces: int
    pictures: int


def load(*, now: datetime) -> Loaded:
    """
    Put into the catalogue what it lacks of the demo shop, and draw the pictures that are missing; idempotent.

    What is there already stays as it is, also where somebody changed it; so does a product of somebody else that has
    an address or a SKU of ours. One transaction, a handful of statements however many products there are; the stock
    arrives as one delivery, so the ledger adds up.

    Args:
        now: when the products are published.
    """
    goods = read_goods()
    pictures = sum(hang(picture) for good in goods for picture in good.pictures)
    with transaction.atomic(using=DATABASE):
        one_at_a_time()
        shelves = put_up_shelves(read_shelves())
        missing = [good for good in goods if good.slug not in taken_slugs(goods)]
        variants = put_on_sale(missing, now)
        recount_search_words()
    pieces = sum(piece.stock for good in missing for piece in good.pieces)
    return Loaded(shelves, len(missing), variants, pieces, pictures)


def one_at_a_time() -> None:
    """Make a second loader wait for the first, until the transaction ends."""
    with connections[DATABASE].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('demo_shop'))")


def put_up_shelves(shelves: Sequence[Shelf]) -> int:
    """Add the shelves that are missing; return how many."""
    found = Category.objects.using(DATABASE).filter(slug__in=[shelf.slug for shelf in shelves])
    ids: dict[str | None, UUID | None] = {None: None} | dict(found.values_list("slug", "id"))
    missing = [shelf for shelf in shelves if shelf.slug not in ids]
    ids |= {shelf.slug: new_id() for shelf in missing}
    Category.objects.using(DATABASE).bulk_create(
        Category(
            id=ids[shelf.slug],
            name=shelf.name,
            slug=shelf.slug,
            description=shelf.text,
            parent_id=ids[shelf.parent],
            sort_order=shelf.position,
        )
        for shelf in missing
    )
    if missing:
        announce_categories()
    return len(missing)


def taken_slugs(goods: Sequence[Good]) -> set[str]:
    """Return the slugs of the goods that cannot be added: their address, or a SKU of theirs, is in the catalogue."""
    products = Product.objects.using(DATABASE)
    slugs = set(products.filter(slug__in=[good.slug for good in goods]).values_list("slug", flat=True))
    skus = set(products.filter(sku__in=[good.sku for good in goods]).values_list("sku", flat=True))
    pieces = [piece.sku for good in goods for piece in good.pieces]
    variants = set(ProductVariant.objects.using(DATABASE).filter(sku__in=pieces).values_list("sku", flat=True))
    return slugs | {
        good.slug for good in goods if good.sku in skus or any(piece.sku in variants for piece in good.pieces)
    }


def put_on_sale(goods: Sequence[Good], now: datetime) -> int:
    """Add products that are missing, with their variants and stock, and tell of them; return how many variants."""
    if not goods:
        return 0
    shelves = dict(Category.objects.using(DATABASE).values_list("slug", "id"))
    products = {good.slug: product_of(good, now) for good in goods}
    Product.objects.using(DATABASE).bulk_create(products.values())
    ProductCategory.objects.using(DATABASE).bulk_create(
        ProductCategory(product_id=products[good.slug].id, category_id=shelves[good.shelf]) for good in goods
    )
    stocked = [
        (variant_of(products[good.slug], good, piece, position), piece.stock)
        for good in goods
        for position, piece in enumerate(good.pieces)
    ]
    ProductVariant.objects.using(DATABASE).bulk_create(variant for variant, _ in stocked)
    delivery = [StockLine(variant_id=variant.id, quantity=stock) for variant, stock in stocked if stock]
    restock(receipts=delivery, because=FIRST_DELIVERY)
    announce_products(product_ids=[product.id for product in products.values()])
    return len(stocked)


def product_of(good: Good, now: datetime) -> Product:
    return Product(
        id=new_id(),
        name=good.name,
        slug=good.slug,
        sku=good.sku,
        description=good.html,
        short_description=good.short,
        price=good.price,
        compare_price=good.compare_price,
        weight=good.grams,
        vendor=good.vendor,
        product_type=good.kind,
        tags=good.tags,
        images=[{"url": address_of(picture), "alt": f"Drawing: {picture.title}"} for picture in good.pictures],
        options=[{"name": name, "values": values} for name, values in good.options.items()],
        is_featured=good.is_featured,
        is_digital=good.is_digital,
        requires_shipping=not good.is_digital,
        # Of what arrives by e-mail there is always another.
        track_inventory=not good.is_digital,
        taxable=good.is_taxable,
        seo_title=good.name,
        seo_description=good.short,
        published_at=now,
    )


def variant_of(product: Product, good: Good, piece: Piece, position: int) -> ProductVariant:
    values = [*piece.values, None, None, None]
    return ProductVariant(
        id=new_id(),
        product=product,
        title=piece.title,
        sku=piece.sku,
        price=piece.price,
        compare_price=good.compare_price,
        weight=good.grams,
        option1=values[0],
        option2=values[1],
        option3=values[2],
        image_url=address_of(piece.picture),
        position=position,
        allow_backorder=good.allows_backorder,
        requires_shipping=not good.is_digital,
        taxable=good.is_taxable,
    )


def address_of(picture: Picture) -> str:
    return f"{settings.MEDIA_URL}{PICTURES}/{picture.file}"


def hang(picture: Picture) -> bool:
    """Draw a picture where its file is missing or another; tell whether it was."""
    file = Path(settings.MEDIA_ROOT) / PICTURES / picture.file
    drawing = draw(
        picture.motif, colour=picture.colour, accent=picture.accent, decor=picture.decor, title=picture.title
    )
    if file.exists() and file.read_text(encoding="utf-8") == drawing:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(drawing, encoding="utf-8")
    return True
