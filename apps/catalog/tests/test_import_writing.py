"""What an import writes, and what it leaves alone."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connections

from apps.catalog import services
from apps.catalog.models import Category, InventoryMovement, Product, ProductCategory, ProductVariant
from apps.catalog.selectors import list_inventory_findings

from .factories import CategoryFactory, ProductFactory, VariantFactory
from .product_files import NOW, Desk, more, shirt
from .stock import demand, ledger_of, stock_of, told

pytestmark = pytest.mark.django_db(databases=["catalog"])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with ExitStack() as stack:
        yield Desk(tmp_path, stack)


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


class TestAChangedProduct:
    def test_is_updated_and_nothing_else(self, desk: Desk) -> None:
        desk.run(shirt(), scarf())
        before = versions()

        report = desk.run(shirt(title="Linen Shirt, new"), scarf())

        product = Product.objects.using("catalog").get(slug="linen-shirt")
        assert product.name == "Linen Shirt, new"
        assert (report.products.updated, report.products.unchanged) == (1, 1)
        assert (report.variants.updated, report.variants.unchanged) == (0, 2)
        assert {row for row in before - versions() if row[0] != "outbox_events"} == {
            row for row in before if row[:2] == ("products", str(product.id))
        }

    def test_gets_new_variants_and_keeps_those_that_the_file_does_not_name(self, desk: Desk) -> None:
        desk.run(shirt(), more(option1_value="L", variant_sku="LINEN-L"))

        report = desk.run(shirt(), more(option1_value="XL", variant_sku="LINEN-XL"))

        skus = ProductVariant.objects.using("catalog").order_by("sku").values_list("sku", flat=True)
        assert list(skus) == ["LINEN-L", "LINEN-M", "LINEN-XL"]
        assert (report.variants.created, report.variants.unchanged, report.not_in_file) == (1, 1, 1)

    def test_keeps_what_the_file_has_no_column_for(self, desk: Desk) -> None:
        desk.run(
            shirt(vendor="Acme", tags="a", variant_barcode="123", status="draft", variant_tax_code="P1")
            | {"Fabric": "linen"}
        )

        report = desk.run(
            {"Handle": "linen-shirt", "Title": "Linen", "Variant Price": "10", "Option1 Name": "Size"}
            | {"Option1 Value": "M"}
        )

        product, variant = Product.objects.using("catalog").get(), ProductVariant.objects.using("catalog").get()
        assert (report.products.updated, report.variants.updated) == (1, 1)
        assert (product.name, product.price, product.vendor, product.tags) == ("Linen", Decimal(10), "Acme", ["a"])
        assert (product.is_active, product.metadata) == (False, {"import": {"Fabric": "linen"}})
        assert (variant.sku, variant.barcode, stock_of(variant)) == ("LINEN-M", "123", (5, 0))
        assert variant.metadata == {"import": {"Variant Tax Code": "P1"}}

    def test_loses_what_the_file_has_a_blank_cell_for(self, desk: Desk) -> None:
        desk.run(shirt(vendor="Acme", tags="a", variant_barcode="123") | {"Fabric": "linen"})

        desk.run(shirt(vendor="", tags="", variant_barcode="") | {"Fabric": ""})

        product, variant = Product.objects.using("catalog").get(), ProductVariant.objects.using("catalog").get()
        assert (product.vendor, product.tags, product.metadata) == (None, [], {})
        assert variant.barcode is None

    def test_keeps_the_metadata_of_others(self, desk: Desk) -> None:
        desk.run(shirt())
        Product.objects.using("catalog").update(metadata={"erp": 7})

        desk.run(shirt() | {"Fabric": "linen"})

        assert Product.objects.using("catalog").get().metadata == {"erp": 7, "import": {"Fabric": "linen"}}

    def test_is_published_from_the_import_that_says_so(self, desk: Desk) -> None:
        desk.run(shirt(status="draft"))
        later = NOW + timedelta(days=1)

        desk.run(shirt(status="active"), now=later)
        desk.run(shirt(status="active", title="Linen"), now=later + timedelta(days=1))

        product = Product.objects.using("catalog").get()
        assert (product.is_active, product.published_at) == (True, later)

    def test_keeps_the_title_that_staff_gave_a_variant(self, desk: Desk) -> None:
        desk.run(shirt())
        ProductVariant.objects.using("catalog").update(title="Medium, the usual")

        desk.run(shirt(variant_price="50"))

        assert ProductVariant.objects.using("catalog").get().title == "Medium, the usual"

    def test_is_the_same_variant_when_its_option_was_renamed(self, desk: Desk) -> None:
        desk.run(shirt())
        before = ProductVariant.objects.using("catalog").get()

        report = desk.run(shirt(option1_value="Medium"))

        after = ProductVariant.objects.using("catalog").get()
        assert (after.id, after.option1, after.title) == (before.id, "Medium", "Medium")
        assert (report.variants.created, report.variants.updated) == (0, 1)


class TestStock:
    def test_is_what_the_file_says_and_the_difference_is_in_the_ledger(self, desk: Desk) -> None:
        desk.run(shirt(), scarf())
        variant = ProductVariant.objects.using("catalog").get(sku="LINEN-M")

        report = desk.run(shirt(variant_inventory_qty="2"), scarf())

        movement = InventoryMovement.objects.using("catalog").get(movement_type="adjustment")
        assert stock_of(variant) == (2, 0)
        assert (movement.product_variant_id, movement.quantity) == (variant.id, -3)
        assert (movement.reference_type, movement.notes) == ("import", "products.csv")
        assert (report.variants.updated, report.products.unchanged, report.stock_stored) == (1, 2, 7)
        assert list_inventory_findings() == []

    def test_leaves_to_orders_what_they_hold(self, desk: Desk) -> None:
        desk.run(shirt())
        variant = ProductVariant.objects.using("catalog").get()
        services.reserve_inventory(demands=[demand((variant, 2))])

        desk.run(shirt(variant_inventory_qty="4"))

        assert stock_of(variant) == (4, 2)
        assert ledger_of(variant) == [("adjustment", 1)]
        assert list_inventory_findings() == []

    def test_stays_where_the_cell_is_blank(self, desk: Desk) -> None:
        desk.run(shirt())

        report = desk.run(shirt(variant_inventory_qty=""))

        assert stock_of(ProductVariant.objects.using("catalog").get()) == (5, 0)
        assert report.variants.unchanged == 1

    def test_may_be_negative_only_while_the_variant_sells_below_zero(self, desk: Desk) -> None:
        desk.run(shirt(variant_inventory_qty="-3", variant_inventory_policy="continue"))
        variant = ProductVariant.objects.using("catalog").get()
        assert stock_of(variant) == (-3, 0)

        desk.run(shirt(variant_inventory_qty="", variant_inventory_policy="deny"))

        assert stock_of(variant) == (0, 0)
        assert ledger_of(variant) == [("adjustment", 3)]
        assert list_inventory_findings() == []

    def test_is_told_as_stored_and_as_in_the_file(self, desk: Desk) -> None:
        report = desk.run(shirt(variant_inventory_qty="-3"), scarf())

        assert (report.seen.stock, report.seen.negative_stocks, report.stock_stored) == (2, 1, 5)


class TestSkus:
    def test_belong_to_the_row_that_names_them_first(self, desk: Desk) -> None:
        rows = (shirt(), more(option1_value="L"), scarf(variant_sku="LINEN-M"))

        desk.run(*rows)

        medium, large, scarf_only = ProductVariant.objects.using("catalog").order_by("created_at", "id")
        assert (medium.sku, large.sku[:14], scarf_only.sku[:11]) == ("LINEN-M", "linen-shirt-l-", "silk-scarf-")
        assert [(found.row, found.column, found.value) for found in desk.findings(notes=True)] == [
            (3, "Variant SKU", "LINEN-M"),
            (4, "Variant SKU", "LINEN-M"),
        ]
        assert desk.run(*rows).variants.unchanged == 3

    def test_are_never_taken_from_another_product(self, desk: Desk) -> None:
        VariantFactory(sku="LINEN-M", product__slug="other-shirt")

        desk.run(shirt())

        assert ProductVariant.objects.using("catalog").get(sku="LINEN-M").product.slug == "other-shirt"
        (note,) = desk.findings(notes=True)
        assert note.reason.startswith("The product other-shirt has this SKU already; this variant gets linen-shirt-m-")
        assert desk.run(shirt()).variants.unchanged == 1

    def test_may_be_swapped(self, desk: Desk) -> None:
        desk.run(shirt(), scarf())

        desk.run(shirt(variant_sku="SCARF"), scarf(variant_sku="LINEN-M"))

        skus = dict(ProductVariant.objects.using("catalog").values_list("product__slug", "sku"))
        assert skus == {"linen-shirt": "SCARF", "silk-scarf": "LINEN-M"}
        assert desk.findings(notes=True) == []

    def test_of_products_are_given_once_and_never_twice(self, desk: Desk) -> None:
        ProductFactory(sku="LINEN-M")

        desk.run(shirt(), scarf())

        skus = dict(Product.objects.using("catalog").values_list("slug", "sku"))
        assert skus["silk-scarf"] == "SCARF"
        assert skus["linen-shirt"].startswith("linen-shirt-")


class TestCategories:
    def test_are_made_as_a_tree_and_linked(self, desk: Desk) -> None:
        report = desk.run(
            shirt(product_category="Apparel > Clothing > Shirts"), scarf(product_category="Apparel > Scarves")
        )

        tree = Category.objects.using("catalog").order_by("slug").values_list("slug", "name", "parent__slug")
        links = ProductCategory.objects.using("catalog").order_by("product__slug")
        assert list(tree) == [
            ("apparel", "Apparel", None),
            ("apparel-clothing", "Clothing", "apparel"),
            ("apparel-clothing-shirts", "Shirts", "apparel-clothing"),
            ("apparel-scarves", "Scarves", "apparel"),
        ]
        assert list(links.values_list("product__slug", "category__slug")) == [
            ("linen-shirt", "apparel-clothing-shirts"),
            ("silk-scarf", "apparel-scarves"),
        ]
        assert report.categories_created == 4

    def test_are_recognised_by_name_and_parent(self, desk: Desk) -> None:
        CategoryFactory(name="Apparel", slug="clothes")

        report = desk.run(shirt(product_category="Apparel"))

        assert report.categories_created == 0
        assert shelves_of("linen-shirt") == {"clothes"}

    def test_that_read_alike_stay_apart(self, desk: Desk) -> None:
        CategoryFactory(name="Wool", slug="silk")

        desk.run(shirt(product_category="A B > C"), scarf(product_category="A > B C"), hat(product_category="Silk"))

        assert Category.objects.using("catalog").count() == 6
        assert len(shelves_of("linen-shirt") | shelves_of("silk-scarf") | shelves_of("straw-hat")) == 3

    def test_change_with_the_file(self, desk: Desk) -> None:
        desk.run(shirt(product_category="Apparel"))

        moved = desk.run(shirt(product_category="Sale"))
        assert (shelves_of("linen-shirt"), moved.products.updated) == ({"sale"}, 1)

        left = desk.run(shirt(product_category=""))
        assert (shelves_of("linen-shirt"), left.products.updated) == (set(), 1)

    def test_that_staff_added_stay(self, desk: Desk) -> None:
        desk.run(shirt(product_category="Apparel"))
        CategoryFactory(slug="gifts")
        put_on_shelf("linen-shirt", "gifts")

        desk.run(shirt(product_category="Sale"))

        assert shelves_of("linen-shirt") == {"apparel", "gifts", "sale"}


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


def scarf(**cells: str) -> dict[str, str]:
    return shirt(**cells) | {"Handle": "silk-scarf", "Title": "Silk Scarf"} | own_sku(cells, "SCARF")


def hat(**cells: str) -> dict[str, str]:
    return shirt(**cells) | {"Handle": "straw-hat", "Title": "Straw Hat"} | own_sku(cells, "HAT")


def own_sku(cells: dict[str, str], sku: str) -> dict[str, str]:
    return {"Variant SKU": cells.get("variant_sku", sku)}


def shelves_of(slug: str) -> set[str]:
    links = ProductCategory.objects.using("catalog").filter(product__slug=slug)
    return set(links.values_list("category__slug", flat=True))


def put_on_shelf(slug: str, category: str) -> None:
    shelf = Category.objects.using("catalog").get(slug=category)
    Product.objects.using("catalog").get(slug=slug).categories.add(shelf)


def versions() -> set[tuple[str, ...]]:
    """Every row of the catalogue as it stands on disk: a row that was written again has another place."""
    tables = (
        "products",
        "product_variants",
        "categories",
        "product_categories",
        "inventory_movements",
        "outbox_events",
    )
    found: set[tuple[str, ...]] = set()
    with connections["catalog"].cursor() as cursor:
        for table in tables:
            key = "product_id" if table == "product_categories" else "id"
            cursor.execute(f"SELECT %s, {key}::text, ctid::text, xmin::text FROM {table}", [table])
            found.update(cursor.fetchall())
    return found
