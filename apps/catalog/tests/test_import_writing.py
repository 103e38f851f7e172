"""What an import writes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections

from apps.catalog.models import InventoryMovement, Product, ProductVariant
from apps.catalog.selectors import list_inventory_findings

from .product_files import NOW, Desk, hat, more, scarf, shirt
from .shelves import versions
from .stock import told

pytestmark = pytest.mark.django_db(databases=["catalog"])


class TestANewProduct:
    def test_is_written_whole(self, desk: Desk) -> None:
        report = desk.run(
            shirt(
                body_html="<p>Cool.</p>",
                vendor="Acme",
                type="Shirts",
                tags="linen, summer",
                variant_grams="250",
                variant_barcode="4006381333931",
                variant_compare_at_price="60",
                cost_per_item="20",
                image_src="https://cdn.example/1.jpg",
                image_alt_text="Front",
                seo_title="Linen",
                variant_weight_unit="kg",
            ),
            more(option1_value="L", variant_sku="LINEN-L", variant_price="55"),
        )

        product = Product.objects.using("catalog").get()
        small, large = ProductVariant.objects.using("catalog").order_by("position")
        assert (report.products.created, report.variants.created) == (1, 2)
        assert (product.slug, product.name, product.sku, product.vendor) == (
            "linen-shirt",
            "Linen Shirt",
            "LINEN-M",
            "Acme",
        )
        assert (product.price, product.compare_price, product.cost_price) == (
            Decimal("49.00"),
            Decimal("60.00"),
            Decimal("20.00"),
        )
        assert (product.is_active, product.published_at, product.tags) == (True, NOW, ["linen", "summer"])
        assert (product.variants_count, product.inventory_quantity, product.in_stock) == (2, 10, True)
        assert product.images == [{"url": "https://cdn.example/1.jpg", "alt": "Front"}]
        assert product.options == [{"name": "Size", "values": ["M", "L"]}]
        assert (product.barcode, product.weight, product.metadata) == (None, None, {})
        assert (small.title, small.sku, small.barcode, small.weight, small.weight_unit) == (
            "M",
            "LINEN-M",
            "4006381333931",
            Decimal("250.00"),
            "kg",
        )
        assert (large.title, large.price, large.position) == ("L", Decimal("55.00"), 2)

    def test_has_its_stock_in_the_ledger(self, desk: Desk) -> None:
        desk.run(shirt(), more(option1_value="L", variant_sku="LINEN-L", variant_inventory_qty="0"))

        movements = InventoryMovement.objects.using("catalog").values_list("movement_type", "quantity")
        assert list(movements) == [("initial", 5)]
        assert list_inventory_findings() == []

    def test_is_announced(self, desk: Desk) -> None:
        desk.run(shirt())

        product = Product.objects.using("catalog").get()
        assert told() == [
            ("product.updated", {"product_id": str(product.id), "slug": "linen-shirt"}),
            ("product.stock_flipped", {"product_id": str(product.id), "in_stock": True}),
        ]

    def test_shows_the_barcode_and_weight_of_its_only_variant(self, desk: Desk) -> None:
        desk.run(shirt(variant_grams="250", variant_barcode="4006381333931"))

        product = Product.objects.using("catalog").get()
        assert (product.barcode, product.weight) == ("4006381333931", Decimal("250.00"))

    def test_is_hidden_while_it_is_a_draft(self, desk: Desk) -> None:
        desk.run(shirt(status="draft", published="TRUE"))

        product = Product.objects.using("catalog").get()
        assert (product.is_active, product.published_at) == (False, None)

    def test_keeps_foreign_columns_in_its_metadata(self, desk: Desk) -> None:
        desk.run(shirt(variant_tax_code="P1") | {"Fabric (product.metafields.custom.fabric)": "linen"})

        assert Product.objects.using("catalog").get().metadata == {
            "import": {"Fabric (product.metafields.custom.fabric)": "linen"}
        }
        assert ProductVariant.objects.using("catalog").get().metadata == {"import": {"Variant Tax Code": "P1"}}

    def test_leaves_nothing_when_a_row_of_it_is_refused(self, desk: Desk) -> None:
        report = desk.run(shirt(), more(option1_value="L", variant_price="$55"), scarf())

        assert list(Product.objects.using("catalog").values_list("slug", flat=True)) == ["silk-scarf"]
        assert ProductVariant.objects.using("catalog").count() == 1
        assert (report.products.created, report.products.refused, report.variants.refused) == (1, 1, 2)
        assert (report.refused_rows, report.rows_of_refused_products) == (1, 2)
        assert [(found.row, found.column, found.value) for found in desk.findings()] == [(3, "Variant Price", "$55")]


class TestAnUnchangedFile:
    def test_writes_not_a_row(self, desk: Desk) -> None:
        rows = (
            shirt(
                body_html="<p>5 < 6 & 7</p>",
                tags="a,b",
                variant_grams="226.796185",
                status="archived",
                product_category="Apparel > Shirts",
                image_src="https://cdn.example/1.jpg",
            )
            | {"Fabric": "linen"},
            more(option1_value="L", variant_sku=""),
            scarf(),
        )
        desk.run(*rows)
        before = versions()

        report = desk.run(*rows, now=NOW + timedelta(days=1))

        assert versions() == before
        assert (report.products.created, report.products.updated, report.products.unchanged) == (0, 0, 2)
        assert (report.variants.created, report.variants.updated, report.variants.unchanged) == (0, 0, 3)
        assert report.categories_created == 0

    def test_gives_the_same_in_any_order_of_its_products(self, desk: Desk) -> None:
        desk.run(shirt(), scarf(), more(option1_value="L", variant_sku="LINEN-L"))

        report = desk.run(scarf(), shirt(), more(option1_value="L", variant_sku="LINEN-L"))

        assert (report.products.unchanged, report.variants.unchanged) == (2, 3)


class TestADryRun:
    def test_reports_the_same_and_writes_nothing(self, desk: Desk) -> None:
        desk.run(shirt())
        before = versions()
        rows = (
            shirt(variant_price="50", product_category="Apparel"),
            more(option1_value="L", variant_sku="LINEN-M"),
            scarf(variant_price="bad"),
        )

        dry, notes, refused = desk.run(*rows, dry=True), desk.findings(notes=True), desk.findings()

        assert versions() == before
        real = desk.run(*rows)
        assert dry.is_dry
        assert (dry.products, dry.variants, dry.seen) == (real.products, real.variants, real.seen)
        assert (dry.categories_created, dry.stock_stored) == (real.categories_created, real.stock_stored) == (1, 10)
        assert (notes, refused) == (desk.findings(notes=True), desk.findings())


class TestARefusalByTheDatabase:
    def test_is_for_one_product_and_names_the_rule(self, desk: Desk) -> None:
        with connections["catalog"].cursor() as cursor:
            cursor.execute("ALTER TABLE products ADD CONSTRAINT no_scarves CHECK (name NOT LIKE '%Scarf%')")

        report = desk.run(shirt(), scarf(), hat())

        assert list(Product.objects.using("catalog").order_by("slug").values_list("slug", flat=True)) == [
            "linen-shirt",
            "straw-hat",
        ]
        assert (report.products.created, report.products.refused, report.variants.refused) == (2, 1, 1)
        (refused,) = desk.findings()
        assert (refused.row, refused.reason) == (3, "The database refuses the product: rule no_scarves.")


class TestRowsWithoutAPlace:
    def test_are_counted_or_named(self, desk: Desk) -> None:
        report = desk.run(shirt(), {"Handle": ""}, {"Handle": "", "Title": "Lost"})

        assert (report.rows, report.blank_rows, report.refused_rows, report.products.created) == (3, 1, 1, 1)
        assert [(found.row, found.column) for found in desk.findings()] == [(4, "Handle")]
