"""The rules that triggers keep."""

from decimal import Decimal

import pytest
from django.db import connections

from apps.catalog.models import (
    Category,
    InventoryMovement,
    Product,
    ProductReview,
    ProductVariant,
)

from .broken import Broken
from .factories import CategoryFactory, ProductFactory, ReservationFactory, ReviewFactory, VariantFactory
from .stock import change

pytestmark = pytest.mark.django_db(databases=["catalog"])


class TestUpdatedAtColumn:
    @pytest.mark.parametrize(
        "make", [CategoryFactory, ProductFactory, VariantFactory, ReviewFactory, ReservationFactory]
    )
    def test_follows_every_update(self, make):
        row = make()
        rows = type(row).objects.using("catalog").filter(pk=row.pk)
        made_at = rows.values_list("created_at", flat=True).get()

        rows.update(created_at="2001-01-01T00:00Z", updated_at="2001-01-01T00:00Z")

        # Both are the transaction's time, and the test is one transaction.
        assert rows.values_list("updated_at", flat=True).get() == made_at


class TestProductTotalsFollowVariants:
    def totals(self, product):
        found = Product.objects.using("catalog").filter(id=product.id)
        return found.values_list("inventory_quantity", "variants_count", "in_stock").get()

    def test_count_new_variants(self):
        product = ProductFactory()
        assert self.totals(product) == (0, 0, False)

        VariantFactory(product=product, inventory_quantity=0)
        assert self.totals(product) == (0, 1, False)

        VariantFactory(product=product, inventory_quantity=7)
        assert self.totals(product) == (7, 2, True)

    def test_follow_one_statement_over_many_products(self):
        variants = VariantFactory.create_batch(4, inventory_quantity=1)

        ProductVariant.objects.using("catalog").update(inventory_quantity=3)

        assert [self.totals(variant.product) for variant in variants] == [(3, 1, True)] * 4

    def test_forget_deleted_variants(self):
        product = ProductFactory()
        VariantFactory(product=product, inventory_quantity=0)
        gone = VariantFactory(product=product, inventory_quantity=0, allow_backorder=True)
        assert self.totals(product) == (0, 2, True)

        gone.delete(using="catalog")

        assert self.totals(product) == (0, 1, False)

    def test_follow_a_variant_to_another_product(self):
        shirt, other = VariantFactory(inventory_quantity=4), ProductFactory()

        change(shirt, product=other)

        assert self.totals(shirt.product) == (0, 0, False)
        assert self.totals(other) == (4, 1, True)

    def test_count_only_active_variants_as_in_stock(self):
        shirt = VariantFactory(inventory_quantity=4)

        change(shirt, is_active=False)

        assert self.totals(shirt.product) == (4, 1, False)

    def test_leave_a_product_alone_whose_totals_stay(self):
        shirt = VariantFactory(inventory_quantity=4)
        version = "SELECT ctid::text FROM products WHERE id = %s"
        with connections["catalog"].cursor() as cursor:
            cursor.execute(version, [shirt.product_id])
            before = cursor.fetchone()

            change(shirt, reserved_quantity=2, price=Decimal("1.00"), title="Sky")

            cursor.execute(version, [shirt.product_id])
            assert cursor.fetchone() == before

    def test_call_an_untracked_product_in_stock(self):
        product = ProductFactory(track_inventory=False)
        assert self.totals(product) == (0, 0, True)
        VariantFactory(product=product, inventory_quantity=0)
        assert self.totals(product) == (0, 1, True)

        Product.objects.using("catalog").filter(id=product.id).update(track_inventory=True)

        assert self.totals(product) == (0, 1, False)


class TestInitialStockIsAMovement:
    def test_opens_the_ledger_of_each_new_variant(self):
        product = ProductFactory()
        variants = [VariantFactory.build(product=product, inventory_quantity=quantity) for quantity in (5, 0)]

        ProductVariant.objects.using("catalog").bulk_create(variants)

        movements = InventoryMovement.objects.using("catalog").values_list(
            "product_variant_id", "movement_type", "quantity"
        )
        assert list(movements) == [(variants[0].id, "initial", 5)]


class TestCategoryTreeHasNoCycle:
    def test_refuses_a_category_below_itself(self):
        clothes = CategoryFactory()
        shirts = CategoryFactory(parent=clothes)
        linen = CategoryFactory(parent=shirts)

        with Broken() as broken:
            Category.objects.using("catalog").filter(id=clothes.id).update(parent=linen)

        assert broken.name == "category_tree_has_no_cycle"

    def test_refuses_a_category_in_itself(self):
        clothes = CategoryFactory()

        with Broken() as broken:
            Category.objects.using("catalog").filter(id=clothes.id).update(parent=clothes)

        assert broken.name == "category_tree_has_no_cycle"

    def test_refuses_a_circle_that_is_born_whole(self):
        one, two = CategoryFactory.build(), CategoryFactory.build()
        one.parent, two.parent = two, one

        with Broken() as broken:
            Category.objects.using("catalog").bulk_create([one, two])

        assert broken.name == "category_tree_has_no_cycle"

    def test_lets_branches_move(self):
        clothes, sale = CategoryFactory(), CategoryFactory()
        shirts = CategoryFactory(parent=clothes)

        Category.objects.using("catalog").filter(id=shirts.id).update(parent=sale)

        assert Category.objects.using("catalog").get(id=shirts.id).parent_id == sale.id


class TestProductRatingFollowsReviews:
    def rating(self, product):
        found = Product.objects.using("catalog").filter(id=product.id)
        return found.values_list("rating_average", "rating_count").get()

    def test_counts_approved_reviews(self):
        product = ProductFactory()
        ReviewFactory(product=product, rating=5, is_approved=True)
        ReviewFactory(product=product, rating=4, is_approved=True)
        ReviewFactory(product=product, rating=4, is_approved=True)
        ReviewFactory(product=product, rating=1)

        assert self.rating(product) == (Decimal("4.33"), 3)

    def test_follows_approval_rating_and_deletion(self):
        review = ReviewFactory(rating=5)
        rows = ProductReview.objects.using("catalog").filter(id=review.id)

        rows.update(is_approved=True)
        assert self.rating(review.product) == (Decimal("5.00"), 1)
        rows.update(rating=2)
        assert self.rating(review.product) == (Decimal("2.00"), 1)
        rows.delete()
        assert self.rating(review.product) == (Decimal("0.00"), 0)


class TestStockUpdatesStayInPage:
    def test_leaves_room_for_them(self):
        with connections["catalog"].cursor() as cursor:
            cursor.execute("SELECT reloptions FROM pg_class WHERE relname IN ('products', 'product_variants')")
            options = [option for (options,) in cursor.fetchall() for option in options]

        assert options.count("fillfactor=80") == 2
