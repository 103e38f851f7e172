"""The demo shop: what it tells, what it draws, and that it is loaded once."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings

from apps.catalog.demo.loading import Loaded, load
from apps.catalog.demo.pictures import MOTIFS, draw
from apps.catalog.demo.reading import read_goods, read_shelves
from apps.catalog.models import Category, InventoryMovement, OutboxEvent, Product, ProductCategory, ProductVariant
from apps.catalog.selectors import list_inventory_findings

from .factories import ProductFactory, VariantFactory

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
GOODS = read_goods()
PICTURES = [picture for good in GOODS for picture in good.pictures]


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def product(slug: str) -> Product:
    return Product.objects.using("catalog").get(slug=slug)


def stocks(slug: str) -> list[tuple[str, int]]:
    variants = ProductVariant.objects.using("catalog").filter(product__slug=slug).order_by("position")
    return list(variants.values_list("sku", "inventory_quantity"))


class TestTheGoods:
    def test_are_forty_two_products_in_ninety_nine_variants(self) -> None:
        assert len(GOODS) == 42
        assert [len(good.pieces) for good in GOODS if len(good.pieces) > 6] == []
        assert sum(len(good.pieces) for good in GOODS) == 99

    def test_have_names_and_skus_of_their_own(self) -> None:
        assert len({good.slug for good in GOODS}) == 42
        assert len({piece.sku for good in GOODS for piece in good.pieces}) == 99

    def test_stand_on_leaves_of_a_tree_of_three_levels(self) -> None:
        shelves = {shelf.slug: shelf for shelf in read_shelves()}
        depth: dict[str | None, int] = {None: 0}
        for shelf in shelves.values():
            depth[shelf.slug] = depth[shelf.parent] + 1

        assert {depth[good.shelf] for good in GOODS} == {3}
        assert {good.shelf for good in GOODS} == {slug for slug in shelves if depth[slug] == 3}

    def test_cost_less_than_they_did(self) -> None:
        assert [g.slug for g in GOODS if g.compare_price and g.compare_price <= max(p.price for p in g.pieces)] == []

    def test_are_what_a_shop_has_to_cope_with(self) -> None:
        pieces = {good.slug: [piece.stock for piece in good.pieces] for good in GOODS if not good.is_digital}

        assert [slug for slug, stock in pieces.items() if sum(stock) == 0] == ["long-scarf"]
        assert [slug for slug, stock in pieces.items() if 0 < sum(stock) < 5] == ["low-sun-table-lamp", "salt-cellar"]
        assert [good.slug for good in GOODS if good.allows_backorder] == ["shingle-picnic-rug"]
        assert [good.slug for good in GOODS if good.is_digital] == [
            "lantern-quay-gift-card",
            "mend-it-well",
            "skipper-beanie-pattern",
        ]


class TestThePictures:
    def test_are_sound_svg_that_says_what_it_shows(self) -> None:
        for picture in PICTURES:
            drawing = drawn(picture.title)
            root = ElementTree.fromstring(drawing)
            assert root.tag == "{http://www.w3.org/2000/svg}svg"
            assert root.findtext("{http://www.w3.org/2000/svg}title") == picture.title

    def test_are_each_another_one(self) -> None:
        assert len({drawn(picture.title) for picture in PICTURES}) == len(PICTURES) == 64

    def test_hold_no_script_and_fetch_nothing(self) -> None:
        for picture in PICTURES:
            drawing = drawn(picture.title)
            assert "<script" not in drawing
            assert "href" not in drawing
            assert drawing.count("http") == 1

    def test_are_the_same_each_time(self) -> None:
        mug = draw("mug", colour="rust", accent="foam", decor="waves", title="Harbour Mug in rust")

        assert mug == drawn("Harbour Mug in rust")

    def test_show_every_motif(self) -> None:
        assert {picture.motif for picture in PICTURES} == set(MOTIFS)


def drawn(title: str) -> str:
    (picture,) = [picture for picture in PICTURES if picture.title == title]
    return draw(picture.motif, colour=picture.colour, accent=picture.accent, decor=picture.decor, title=title)


@pytest.mark.django_db(databases=["catalog"])
class TestLoad:
    def test_puts_everything_on_its_shelf(self, media: Path) -> None:
        loaded = load(now=NOW)

        assert loaded == Loaded(shelves=39, products=42, variants=99, pieces=3004, pictures=64)
        assert Category.objects.using("catalog").filter(parent=None).count() == 5
        mug = product("harbour-mug")
        (shelf,) = Category.objects.using("catalog").filter(products=mug)
        assert (shelf.slug, shelf.parent.slug, shelf.parent.parent.slug) == ("cups-mugs", "tableware", "kitchen")
        assert mug.price == Decimal("18.00")
        assert mug.options == [
            {"name": "Colour", "values": ["Fog", "Rust", "Kelp"]},
            {"name": "Size", "values": ["250 ml", "350 ml"]},
        ]
        assert mug.images[1] == {"url": "/media/demo/harbour-mug-rust.svg", "alt": "Drawing: Harbour Mug in rust"}
        assert (media / "demo" / "harbour-mug-rust.svg").read_text() == drawn("Harbour Mug in rust")

    def test_takes_the_stock_in_by_the_ledger(self) -> None:
        load(now=NOW)

        assert list_inventory_findings() == []
        assert stocks("swell-cushion") == [
            ("CUSHION-SWELL-KELP-45-CM", 26),
            ("CUSHION-SWELL-KELP-60-CM", 14),
            ("CUSHION-SWELL-MUSTARD-45-CM", 30),
            ("CUSHION-SWELL-MUSTARD-60-CM", 17),
            ("CUSHION-SWELL-CORAL-45-CM", 22),
            ("CUSHION-SWELL-CORAL-60-CM", 0),
        ]
        movements = InventoryMovement.objects.using("catalog").values_list("movement_type", flat=True)
        assert set(movements) == {"restock"}

    def test_knows_what_can_be_bought(self) -> None:
        load(now=NOW)

        sold_out = Product.objects.using("catalog").filter(in_stock=False).values_list("slug", flat=True)
        assert list(sold_out) == ["long-scarf"]
        assert product("lantern-quay-gift-card").track_inventory is False

    def test_tells_of_each_product(self) -> None:
        load(now=NOW)

        events = OutboxEvent.objects.using("catalog")
        assert events.filter(type="product.updated").count() == 42
        assert events.filter(type="product.stock_flipped").count() == 41

    def test_changes_nothing_the_second_time(self) -> None:
        load(now=NOW)
        before = everything()

        loaded = load(now=datetime(2026, 3, 3, 8, 0, tzinfo=UTC))

        assert loaded == Loaded(shelves=0, products=0, variants=0, pieces=0, pictures=0)
        assert everything() == before

    def test_leaves_what_the_merchant_changed(self) -> None:
        load(now=NOW)
        Product.objects.using("catalog").filter(slug="camp-cup").update(price=Decimal("10.00"))
        Product.objects.using("catalog").filter(slug="mend-it-well").delete()

        loaded = load(now=NOW)

        assert (loaded.products, loaded.variants) == (1, 1)
        assert product("camp-cup").price == Decimal("10.00")

    def test_leaves_out_what_somebody_else_sells_under_its_name_or_sku(self) -> None:
        ProductFactory(slug="camp-cup", sku="THEIR-CUP")
        VariantFactory(sku="NOTE-LOGBOOK-LINED")

        loaded = load(now=NOW)

        assert loaded.products == 40
        assert product("camp-cup").sku == "THEIR-CUP"

    def test_draws_again_what_was_lost(self, media: Path) -> None:
        load(now=NOW)
        (media / "demo" / "camp-cup.svg").unlink()

        assert load(now=NOW) == Loaded(shelves=0, products=0, variants=0, pieces=0, pictures=1)


def everything() -> list[list[tuple[object, ...]]]:
    """Every row of the catalogue that loading could change."""
    models = (Category, Product, ProductVariant, ProductCategory, InventoryMovement, OutboxEvent)
    return [sorted(model.objects.using("catalog").values_list(), key=str) for model in models]
