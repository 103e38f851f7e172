"""What every write to a product owes."""

from decimal import Decimal

import pytest

from apps.catalog import services
from apps.catalog.models import Product, ProductCategory, ProductVariant

from .factories import CategoryFactory, ProductFactory, ReviewFactory, VariantFactory
from .stock import told

pytestmark = pytest.mark.django_db(databases=["catalog"])


class TestSettleProduct:
    def test_gives_a_product_without_variants_its_only_one(self):
        product = ProductFactory(sku="GC", price=Decimal("25.00"), barcode="4006381333931")

        services.settle_product(product_id=product.id)

        variant = ProductVariant.objects.using("catalog").get(product=product)
        assert (variant.title, variant.sku, variant.barcode, variant.price) == (
            "Default Title",
            "GC",
            "4006381333931",
            Decimal("25.00"),
        )
        assert [event for event, _ in told()] == ["product.updated"]

    def test_leaves_variants_as_they_are(self):
        shirt = VariantFactory()

        services.settle_product(product_id=shirt.product_id)

        assert ProductVariant.objects.using("catalog").count() == 1

    def test_refuses_a_sku_that_another_variant_has(self):
        VariantFactory(sku="GC")
        product = ProductFactory(sku="GC")

        with pytest.raises(services.SkuTaken, match="has the SKU GC"):
            services.settle_product(product_id=product.id)

        assert told() == []


class TestCheckVariantsLeft:
    @pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 1), (2, 1)])
    def test_lets_a_product_keep_or_lack_variants(self, before, after):
        services.check_variants_left(before=before, after=after)

    def test_refuses_to_take_the_last_one(self):
        with pytest.raises(services.LastVariant, match="keeps at least one variant"):
            services.check_variants_left(before=2, after=0)


class TestSetCategories:
    def test_puts_a_product_exactly_there(self):
        product = ProductFactory()
        clothes, sale, home = CategoryFactory.create_batch(3)
        services.set_categories(product_id=product.id, category_ids=[clothes.id, sale.id])

        services.set_categories(product_id=product.id, category_ids=[sale.id, home.id])
        services.set_categories(product_id=product.id, category_ids=[sale.id, home.id])

        standing = ProductCategory.objects.using("catalog").filter(product=product)
        assert set(standing.values_list("category_id", flat=True)) == {sale.id, home.id}


class TestApproveReviews:
    def test_shows_them_once_and_tells_of_the_product(self):
        review = ReviewFactory(rating=4)

        assert services.approve_reviews(review_ids=[review.id]) == {review.id: True}
        assert services.approve_reviews(review_ids=[review.id]) == {review.id: False}

        assert Product.objects.using("catalog").get(id=review.product_id).rating_count == 1
        assert sorted(event for event, _ in told()) == ["product.updated", "review.approved"]


class TestSave:
    """Saving a row that was read earlier."""

    def test_keeps_the_stock_and_the_totals_that_changed_meanwhile(self):
        shirt = VariantFactory(inventory_quantity=10)
        product, variant = shirt.product, ProductVariant.objects.using("catalog").get(id=shirt.id)
        services.adjust_inventory(changes=[services.StockChange(variant_id=shirt.id, quantity=-10)])

        product.name, variant.title = "Ramie Shirt", "Sky"
        product.save(using="catalog")
        variant.save(using="catalog")

        now = ProductVariant.objects.using("catalog").select_related("product").get(id=shirt.id)
        assert (now.title, now.inventory_quantity) == ("Sky", 0)
        assert (now.product.name, now.product.inventory_quantity, now.product.in_stock) == ("Ramie Shirt", 0, False)
