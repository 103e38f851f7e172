"""Files of real merchants: what stands in them, what is imported, and that a second time changes nothing."""

from dataclasses import dataclass

import pytest
from django.db.models import F, Func, IntegerField, Sum

from apps.catalog.importing.report import Tally
from apps.catalog.models import Product, ProductVariant
from apps.catalog.selectors import list_inventory_findings
from apps.core.testing.shared import shared

from .product_files import Desk, products_of

pytestmark = pytest.mark.django_db(databases=["catalog"])


@dataclass(frozen=True)
class Merchant:
    """What a file holds by the table in its folder, and what the rules make of it."""

    file: str
    rows: int
    layout: str
    products: int
    variants: int
    images: int
    stock: int | None
    negative_stocks: int = 0
    stored: int | None = None
    refused_rows: int = 0
    noted: int = 0

    def __str__(self) -> str:
        return self.file


# The table says of gatsby "no column": its column is called Variant inventory quantity, and it is read. Of duplicate
# rows the first is kept, so less is stored there; 282 of the 300 negative stocks of sven are in rows that are kept, and
# become zero.
MERCHANTS = [
    Merchant("course_learnshopdev_padded-header", 24, "2024", 24, 24, 24, 0, noted=1),
    Merchant("gatsby_starter_100products", 300, "classic", 99, 299, 100, 7534, stored=7512, refused_rows=1),
    Merchant("layout2025_url-handle_sahra", 24, "2025", 3, 24, 6, 600),
    Merchant("official_template_2019", 3, "classic", 1, 3, 1, 0),
    Merchant("official_template_2024_markets", 17, "2024", 3, 16, 11, 95, noted=3),
    Merchant("packt_product-data_2021_status", 21, "classic", 20, 21, 21, 65),
    Merchant("partners_apparel", 22, "classic", 20, 22, 20, 22),
    Merchant("partners_home-and-garden", 21, "classic", 20, 21, 21, 65),
    Merchant("partners_jewelery", 41, "classic", 20, 23, 41, 20),
    Merchant("shop_cutiepoppers_manyvariants_negqty", 722, "2024", 37, 722, 72, -39, 33, noted=2),
    Merchant("shop_hair_3options_dupsku", 565, "2024", 84, 445, 300, None, stored=0, noted=180),
    Merchant(
        "shop_sven_4063variants_negqty", 8117, "2024", 1115, 4032, 3270, 343652, 300, 351488, refused_rows=31, noted=282
    ),
    Merchant("shop_vietjewelers_vn_metafields", 2307, "2024", 1243, 1654, 1406, 22245, 11, noted=245),
]


class TestAMerchantsFile:
    @pytest.mark.parametrize("merchant", MERCHANTS, ids=str)
    def test_is_imported_as_its_table_says_and_changes_nothing_again(self, desk: Desk, merchant: Merchant) -> None:
        file = shared(f"shopify_csv/{merchant.file}.csv")

        report = desk.run_file(file)

        seen = report.seen
        stored = merchant.stock if merchant.stored is None else merchant.stored
        assert (report.rows - report.blank_rows, report.layout) == (merchant.rows, merchant.layout)
        assert (seen.products, seen.variants, seen.images) == (merchant.products, merchant.variants, merchant.images)
        assert (seen.stock, seen.negative_stocks) == (merchant.stock, merchant.negative_stocks)
        assert report.products == Tally(created=merchant.products)
        assert report.variants == Tally(created=merchant.variants)
        assert (report.refused_rows, report.noted, report.stock_stored) == (
            merchant.refused_rows,
            merchant.noted,
            stored,
        )
        assert shop() == (merchant.products, merchant.variants, merchant.images, stored)
        assert list_inventory_findings() == []

        again = desk.run_file(file)

        assert again.products == Tally(unchanged=merchant.products)
        assert again.variants == Tally(unchanged=merchant.variants)
        assert (again.categories_created, again.stock_stored) == (0, stored)

    def test_of_bad_rows_leaves_nothing_and_has_each_named(self, desk: Desk) -> None:
        report = desk.run_file(shared("shopify_csv/shop_sanborn_11337rows_ragged_duphandles.csv"))

        refused = desk.findings()
        assert (report.seen.products, report.seen.variants, report.seen.images) == (3779, 11337, 3779)
        assert report.products == Tally(refused=3779)
        assert [found.row for found in refused] == list(range(2, 11338, 3))
        assert {found.reason for found in refused} == {
            "The row has 25 fields where the header has 23."
            " A comma inside a cell needs quotation marks around the cell."
        }
        assert shop() == (0, 0, 0, 0)


class TestParticulars:
    def test_a_barcode_that_a_spreadsheet_touched_is_mended(self) -> None:
        products = products_of(shared("shopify_csv/shop_sven_4063variants_negqty.csv"))

        barcodes = {variant.barcode for product in products for variant in product.variants}
        assert "671241127544" in barcodes
        assert not [barcode for barcode in barcodes if barcode and barcode.endswith(".0")]

    def test_letters_stay_letters(self) -> None:
        products = products_of(shared("shopify_csv/shop_vietjewelers_vn_metafields.csv"))

        assert [(product.slug, product.name) for product in products if product.slug == "nhẫn-1"] == [
            ("nhẫn-1", "Nhẫn 1")
        ]

    def test_statuses_decide_what_customers_see(self, desk: Desk) -> None:
        desk.run_file(shared("shopify_csv/official_template_2024_markets.csv"))

        found = Product.objects.using("catalog")
        assert {
            p.slug: (p.is_active, p.published_at is not None, p.metadata["import"].get("Status")) for p in found
        } == {
            "example-shirt": (True, True, None),
            "example-pants": (False, False, None),
            "example-hat": (False, False, "archived"),
        }


def shop() -> tuple[int, int, int, int]:
    """Products, variants, images and pieces in the catalogue."""
    products, variants = Product.objects.using("catalog"), ProductVariant.objects.using("catalog")
    images = Func(F("images"), function="jsonb_array_length", output_field=IntegerField())
    return (
        products.count(),
        variants.count(),
        products.aggregate(total=Sum(images))["total"] or 0,
        variants.aggregate(total=Sum("inventory_quantity"))["total"] or 0,
    )
