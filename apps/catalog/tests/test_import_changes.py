"""What an import changes of what is there, and what it leaves alone."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.catalog import services
from apps.catalog.models import Category, InventoryMovement, Product, ProductCategory, ProductChange, ProductVariant
from apps.catalog.selectors import list_inventory_findings

from .factories import CategoryFactory, ProductFactory, VariantFactory
from .places import carry, levels_of, two_places
from .product_files import NOW, Desk, hat, more, scarf, shirt
from .shelves import put_on_shelf, shelves_of, versions
from .stock import demand, ledger_of, stock_of

pytestmark = pytest.mark.django_db(databases=["catalog"])


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

    def test_of_a_variant_with_places_comes_to_them_and_leaves_them(self, desk: Desk) -> None:
        two_places()
        desk.run(shirt(variant_inventory_qty=5), scarf())
        services.locate_stock()
        variant = ProductVariant.objects.using("catalog").get(sku="LINEN-M")
        carry(variant, 2)

        desk.run(shirt(variant_inventory_qty=1), scarf())
        assert levels_of(variant) == {"lisbon": (0, 0), "porto": (1, 0)}
        desk.run(shirt(variant_inventory_qty=4), scarf())

        assert levels_of(variant) == {"lisbon": (3, 0), "porto": (1, 0)}
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


class TestTheHistory:
    def test_says_of_all_that_an_import_wrote_that_an_import_did(self, desk: Desk) -> None:
        desk.run(shirt(), scarf())

        desk.run(shirt(variant_sku="SCARF"), scarf(variant_sku="LINEN-M", title="Scarf"))

        changes = ProductChange.objects.using("catalog")
        returned = changes.filter(changes__sku__1="LINEN-M").get()
        assert returned.variant_id == ProductVariant.objects.using("catalog").get(sku="LINEN-M").id
        assert set(changes.values_list("source", "actor_id")) == {("import", None)}
