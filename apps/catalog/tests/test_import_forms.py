"""Files of Saleor, Spree and Medusa: what stands in their samples, and how each is read."""

import csv
import json
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.catalog.importing.report import Report, Tally
from apps.catalog.importing.terms import Terms
from apps.catalog.models import Category, Product, ProductVariant
from apps.catalog.selectors import list_inventory_findings
from apps.core.testing.shared import shared

from .product_files import Desk
from .shelves import shelves_of, versions

pytestmark = pytest.mark.django_db(databases=["catalog"])
MEDIA = Terms(media_url="https://cdn.example/media")
SPREE = [
    "slug,sku,name,price,compare_at_price,currency,status,description,category1,category2,option1_name,option1_value,"
    "image1_src,image2_src,weight,weight_unit,inventory_count,inventory_backorderable,track_inventory,digital",
    "kettle,,Kettle,0,0,USD,active,Boils & whistles,Kitchen -> Kettles,Sale,,,https://cdn.example/k.webp,,,,,,,",
    "kettle,K-RED,,49.90,59.90,USD,,,,,Color,Red,https://cdn.example/r.webp,https://cdn.example/r2.webp,2,lb,7,FALSE,TRUE,",
    "kettle,K-RED,,45,55,EUR,,,,,,,,,,,,,,",
    "manual,MAN,Manual,5,,USD,draft,,,,,,,,,,,,,TRUE",
]


class TestSaleorsSample:
    def test_is_imported_whole(self, desk: Desk) -> None:
        report = desk.run_file(shared("catalogs/saleor_populatedb_data.json"), terms=MEDIA)

        assert (report.layout, report.noted, report.refused_rows) == ("saleor", 0, 0)
        assert (report.products, report.variants) == (Tally(created=32), Tally(created=73))
        assert (report.seen.images, report.stock_stored) == (48, 38233)
        assert Category.objects.using("catalog").count() == 16
        assert list_inventory_findings() == []
        shoe = product("white-plimsolls")
        assert (str(shoe.price), shoe.product_type, shoe.is_active) == ("80.00", "Shoe", True)
        assert shoe.images[0]["url"] == "https://cdn.example/media/products/white-plimsolls-2_0d32e6cd.png"

    def test_changes_nothing_the_second_time(self, desk: Desk) -> None:
        file = shared("catalogs/saleor_populatedb_data.json")
        desk.run_file(file, terms=MEDIA)
        before = versions()

        again = desk.run_file(file, terms=MEDIA)

        assert (again.products, again.variants, versions()) == (Tally(unchanged=32), Tally(unchanged=73), before)

    def test_names_pictures_that_have_no_address(self, desk: Desk) -> None:
        report = desk.run_file(shared("catalogs/saleor_populatedb_data.json"))

        assert (report.products.created, report.noted) == (32, 48)
        assert {note.column for note in desk.findings(notes=True)} == {"image"}


class TestSaleorsRows:
    def test_become_products(self, desk: Desk) -> None:
        run_text(desk, json.dumps(dump(), indent=1))

        mug, green = product("mug"), variant("MUG-GREEN")
        assert (mug.name, mug.description, mug.product_type) == ("Mug", "<p>Holds <b>tea</b></p>", "Crockery")
        assert (mug.options, mug.is_active, mug.published_at is not None) == (
            [{"name": "Colour", "values": ["Green"]}],
            True,
            True,
        )
        assert shelves_of("mug") == {"kitchen-mugs"}
        assert (str(green.price), green.inventory_quantity, str(green.weight)) == ("9.50", 5, "300.00")
        assert green.allow_backorder is False

    def test_that_no_channel_sells_in_the_shops_currency_refuse_the_file(self, desk: Desk, settings: Any) -> None:
        settings.SHOP_CURRENCY = "NOK"

        assert refusal(desk, json.dumps(dump())) == "No active channel of the file sells in NOK."

    def test_that_are_cut_off_refuse_the_file(self, desk: Desk) -> None:
        text = json.dumps(dump())

        assert refusal(desk, text[: len(text) // 2]).startswith("After row 7 the file is no array of Saleor's rows: ")


class TestSpreesSamples:
    def test_are_imported_whole(self, desk: Desk) -> None:
        report = desk.run_file(shared("catalogs/spree_products.csv"))

        assert (report.layout, report.rows, report.refused_rows, report.noted) == ("spree", 211, 0, 87)
        assert (report.products, report.variants) == (Tally(created=37), Tally(created=87))
        assert (report.seen.images, report.stock_stored) == (124, 435000)
        assert Category.objects.using("catalog").filter(parent=None).count() == 5
        assert Category.objects.using("catalog").filter(parent__isnull=False).count() == 19
        assert ProductVariant.objects.using("catalog").exclude(compare_price=None).count() == compared()

    def test_may_leave_out_blank_cells_at_the_end_of_a_row(self, desk: Desk) -> None:
        report = desk.run_file(shared("catalogs/spree_products_import_fixture.csv"))

        assert (report.products, report.variants) == (Tally(created=2), Tally(created=15))
        assert (report.stock_stored, report.refused_rows) == (1500, 0)
        assert shelves_of("denim-shirt") == {"men-shirts", "women", "sportswear"}


class TestSpreesRows:
    def test_become_products(self, desk: Desk) -> None:
        report = run_text(desk, "\n".join(SPREE))

        red, manual = variant("K-RED"), variant("MAN")
        assert (report.products.created, report.variants.created) == (2, 2)
        assert shelves_of("kettle") == {"kitchen-kettles", "sale"}
        assert (str(red.price), str(red.compare_price), red.inventory_quantity) == ("49.90", "59.90", 7)
        assert (str(red.weight), red.weight_unit, red.image_url) == ("907.18", "lb", "https://cdn.example/r.webp")
        assert [image["url"][-6:] for image in product("kettle").images] == ["k.webp", "r.webp", "2.webp"]
        assert product("kettle").description == "Boils &amp; whistles"
        assert (manual.title, manual.requires_shipping, product("manual").is_active) == ("Default Title", False, False)
        (note,) = desk.findings(notes=True)
        assert (note.row, note.column, note.value) == (4, "price", "45")

    def test_take_the_price_in_the_shops_currency_wherever_it_stands(self, desk: Desk, settings: Any) -> None:
        settings.SHOP_CURRENCY = "EUR"

        run_text(desk, "\n".join(SPREE))

        assert (str(variant("K-RED").price), str(variant("K-RED").compare_price)) == ("45.00", "55.00")
        (refused,) = desk.findings()
        assert (refused.row, refused.reason) == (5, "The price is in USD; the shop sells in EUR.")


class TestMedusasSamples:
    @pytest.mark.parametrize(
        ("name", "products", "variants", "notes"),
        [
            ("exported-products-comma", Tally(created=2), 3, {"Product Image 1": 5}),
            ("exported-products-semicolon", Tally(created=2), 3, {"Product Image 1": 5}),
            ("filtered-products", Tally(created=1), 1, {"Product Image 1": 2}),
            ("prices-with-region", Tally(created=1), 1, {"Product Image 1": 2, "Variant Price Test Region [USD]": 1}),
            ("invalid-prices", Tally(created=1), 1, {"Product Image 1": 2, "Variant Price nonexistent [EUR]": 1}),
            ("product-with-categories", Tally(created=1), 2, {"Product Image 1": 3, "Product Category 1": 2}),
            ("unrelated-column", Tally(created=1), 1, {"Product Image 1": 2}),
            ("v1-template", Tally(created=2, refused=1), 2, {"Image 1 Url": 5, "Price Test region [USD]": 2}),
            ("invalid-column", Tally(refused=1), 0, {"Product Image 1": 2}),
        ],
    )
    def test_are_read(self, desk: Desk, name: str, products: Tally, variants: int, notes: dict[str, int]) -> None:
        report = desk.run_file(shared(f"catalogs/medusa/{name}.csv"))

        assert (report.layout, report.products, report.variants.created) == ("medusa", products, variants)
        assert Counter(note.column for note in desk.findings(notes=True)) == notes

    @pytest.mark.parametrize(
        ("name", "row", "column"), [("invalid-column", 2, "Product field"), ("v1-template", 6, "Price USD")]
    )
    def test_have_what_is_invalid_named_by_row_and_column(self, desk: Desk, name: str, row: int, column: str) -> None:
        desk.run_file(shared(f"catalogs/medusa/{name}.csv"))

        assert [(found.row, found.column) for found in desk.findings()] == [(row, column)]

    def test_find_their_pictures_where_the_user_says(self, desk: Desk) -> None:
        desk.run_file(shared("catalogs/medusa/exported-products-comma.csv"), terms=MEDIA)

        assert product("base-product").images == [
            {"url": "https://cdn.example/media/test-image.png"},
            {"url": "https://cdn.example/media/test-image-2.png"},
        ]
        assert (product("base-product").is_active, product("base-product").tags) == (False, ["123", "456"])


class TestAForm:
    def test_can_be_named(self, tmp_path: Path) -> None:
        file = tmp_path / "products.csv"
        file.write_text("\n".join(SPREE), encoding="utf-8")

        with pytest.raises(CommandError, match=r"The header has no column Product Handle, Product Title, "):
            call_command("import_products", file, "--format", "medusa", stdout=StringIO())

        assert Product.objects.using("catalog").count() == 0


def run_text(desk: Desk, text: str) -> Report:
    path = desk.folder / "products.any"
    path.write_text(text, encoding="utf-8")
    return desk.run_file(path)


def refusal(desk: Desk, text: str) -> str:
    path = desk.folder / "products.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError) as end:
        call_command("import_products", path, stdout=StringIO())
    assert end.value.returncode == 2
    return str(end.value)


def product(slug: str) -> Product:
    return Product.objects.using("catalog").get(slug=slug)


def variant(sku: str) -> ProductVariant:
    return ProductVariant.objects.using("catalog").get(sku=sku)


def compared() -> int:
    """How many variants of Spree's sample have a former price above their own, in the shop's currency."""
    with shared("catalogs/spree_products.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["option1_value"]]
    return sum(float(row["compare_at_price"] or 0) > float(row["price"]) for row in rows)


def row(model: str, pk: int, **fields: Any) -> dict[str, Any]:
    return {"model": model, "pk": pk, "fields": fields}


def dump() -> list[dict[str, Any]]:
    """A mug in green, as Saleor dumps it."""
    text = {"blocks": [{"type": "paragraph", "data": {"text": "Holds <b>tea</b>"}}]}
    return [
        row("product.category", 1, name="Kitchen", parent=None),
        row("product.category", 2, name="Mugs", parent=1),
        row("product.producttype", 1, name="Crockery", kind="normal", is_shipping_required=True, weight="300.0:g"),
        row(
            "product.product",
            1,
            name="Mug",
            slug="mug",
            description=text,
            category=2,
            product_type=1,
            weight=None,
            seo_title="",
            seo_description="",
        ),
        row("product.productvariant", 1, product=1, name="Green", sku="MUG-GREEN", track_inventory=True, weight=None),
        row("channel.channel", 1, is_active=True, currency_code="USD"),
        row("channel.channel", 2, is_active=True, currency_code="PLN"),
        row("product.productchannellisting", 1, product=1, channel=1, is_published=True),
        row(
            "product.productvariantchannellisting",
            1,
            variant=1,
            channel=1,
            price_amount="9.500",
            cost_price_amount=None,
        ),
        row("warehouse.stock", 1, product_variant=1, quantity=4, quantity_allocated=1),
        row("warehouse.stock", 2, product_variant=1, quantity=2, quantity_allocated=0),
        row("attribute.attribute", 1, name="Colour"),
        row("attribute.attributevalue", 1, name="Green", attribute=1),
        row("attribute.attributevariant", 1, attribute=1, product_type=1),
        row("attribute.assignedvariantattribute", 1, variant=1, assignment=1),
        row("attribute.assignedvariantattributevalue", 1, value=1, assignment=1),
    ]
