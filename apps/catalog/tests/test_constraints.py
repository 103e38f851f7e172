"""The rules that constraints and references keep."""

from decimal import Decimal

import pytest
from django.db import connections

from apps.catalog.models import (
    InventoryMovement,
    InventoryReservation,
    ProductCategory,
    ProductReview,
    ProductVariant,
)
from apps.core.ids import new_id

from .broken import Broken
from .factories import CategoryFactory, ProductFactory, ReservationFactory, ReviewFactory, VariantFactory
from .stock import change, product_of

pytestmark = pytest.mark.django_db(databases=["catalog"])


class TestConstraints:
    @pytest.mark.parametrize(
        ("fields", "constraint"),
        [
            ({"inventory_quantity": -1}, "inventory_is_never_oversold"),
            ({"reserved_quantity": -1}, "reserved_is_never_negative"),
            ({"price": Decimal("-0.01")}, "variant_prices_are_not_negative"),
            ({"compare_price": Decimal("-0.01")}, "variant_prices_are_not_negative"),
            ({"cost_price": Decimal("-0.01")}, "variant_prices_are_not_negative"),
        ],
    )
    def test_refuse_a_variant_below_zero(self, fields, constraint):
        shirt = VariantFactory()

        with Broken() as broken:
            change(shirt, **fields)

        assert broken.name == constraint

    def test_let_a_variant_with_back_orders_go_below_zero(self):
        shirt = VariantFactory(allow_backorder=True)

        change(shirt, inventory_quantity=-5)

        assert product_of(shirt).inventory_quantity == -5

    def test_refuse_to_end_back_orders_while_pieces_are_owed(self):
        shirt = VariantFactory(allow_backorder=True, inventory_quantity=-5)

        with Broken() as broken:
            change(shirt, allow_backorder=False)

        assert broken.name == "inventory_is_never_oversold"

    @pytest.mark.parametrize("field", ["price", "compare_price", "cost_price"])
    def test_refuse_a_product_below_zero(self, field):
        with Broken() as broken:
            ProductFactory(**{field: Decimal("-0.01")})

        assert broken.name == "product_prices_are_not_negative"

    def test_refuse_two_variants_with_the_same_options_even_where_some_are_missing(self):
        shirt = VariantFactory(option1="Blue", option2=None)

        with Broken() as broken:
            VariantFactory(product=shirt.product, option1="Blue", option2=None)

        assert broken.name == "variant_options_are_unique"

    @pytest.mark.parametrize(
        ("make", "fields", "constraint"),
        [
            (VariantFactory, {"sku": "TWICE"}, "product_variants_sku_key"),
            (ProductFactory, {"sku": "TWICE"}, "products_sku_key"),
            (ProductFactory, {"slug": "twice"}, "products_slug_key"),
            (CategoryFactory, {"slug": "twice"}, "categories_slug_key"),
        ],
    )
    def test_refuse_the_same_name_twice(self, make, fields, constraint):
        make(**fields)

        with Broken() as broken:
            make(**fields)

        assert broken.name == constraint

    @pytest.mark.parametrize(
        ("movement_type", "quantity"),
        [("sale", 1), ("restock", -1), ("return", -1), ("adjustment", 0), ("initial", 0), ("theft", -1)],
    )
    def test_refuse_a_movement_that_goes_the_wrong_way(self, movement_type, quantity):
        shirt = VariantFactory()

        with Broken() as broken:
            InventoryMovement.objects.using("catalog").create(
                product_variant=shirt, movement_type=movement_type, quantity=quantity
            )

        assert broken.name == "movement_goes_its_way"

    def test_refuse_to_sell_an_order_twice(self):
        shirt, order_id = VariantFactory(), new_id()
        sale = {"product_variant": shirt, "movement_type": "sale", "quantity": -1, "reference_id": order_id}
        InventoryMovement.objects.using("catalog").create(**sale)

        with Broken() as broken:
            InventoryMovement.objects.using("catalog").create(**sale)

        assert broken.name == "order_is_sold_once"

    @pytest.mark.parametrize(
        ("fields", "constraint"),
        [({"quantity": 0}, "reservation_holds_something"), ({"state": "lost"}, "reservation_state_is_known")],
    )
    def test_refuse_a_reservation_that_says_nothing(self, fields, constraint):
        with Broken() as broken:
            ReservationFactory(**fields)

        assert broken.name == constraint

    @pytest.mark.parametrize("rating", [0, 6])
    def test_refuse_a_rating_outside_one_to_five(self, rating):
        with Broken() as broken:
            ReviewFactory(rating=rating)

        assert broken.name == "product_reviews_rating_check"


class TestReferences:
    def test_take_with_a_product_all_that_is_its_own(self):
        shirt = VariantFactory(inventory_quantity=0)
        review = ReviewFactory(product=shirt.product)
        shelf = ProductCategory.objects.using("catalog").create(product=shirt.product, category=CategoryFactory())

        with connections["catalog"].cursor() as cursor:
            cursor.execute("DELETE FROM products WHERE id = %s", [shirt.product_id])

        assert not ProductVariant.objects.using("catalog").filter(id=shirt.id).exists()
        assert not ProductReview.objects.using("catalog").filter(id=review.id).exists()
        assert not ProductCategory.objects.using("catalog").filter(product_id=shelf.product_id).exists()

    def test_keep_a_variant_that_the_ledger_names(self):
        shirt = VariantFactory(inventory_quantity=1)

        with Broken() as broken, connections["catalog"].cursor() as cursor:
            cursor.execute("DELETE FROM product_variants WHERE id = %s", [shirt.id])

        assert broken.name == "inventory_movements_product_variant_id_fkey"

    def test_keep_a_variant_that_an_order_holds(self):
        hold = ReservationFactory(variant__inventory_quantity=0)

        with Broken() as broken, connections["catalog"].cursor() as cursor:
            cursor.execute("DELETE FROM product_variants WHERE id = %s", [hold.variant_id])

        assert broken.name == "inventory_reservations_variant_id_fkey"

    def test_keep_a_category_that_has_children(self):
        shirts = CategoryFactory(parent=CategoryFactory())

        with Broken() as broken, connections["catalog"].cursor() as cursor:
            cursor.execute("DELETE FROM categories WHERE id = %s", [shirts.parent_id])

        assert broken.name == "categories_parent_id_fkey"

    def test_refuse_a_variant_of_no_product(self):
        with Broken() as broken:
            VariantFactory(product=ProductFactory.build())

        assert broken.name == "product_variants_product_id_fkey"


class TestReservation:
    def test_is_one_an_order_and_variant(self):
        hold = ReservationFactory()

        with Broken() as broken:
            InventoryReservation.objects.using("catalog").bulk_create(
                [InventoryReservation(order_id=hold.order_id, variant_id=hold.variant_id, quantity=1)]
            )

        assert broken.name == "inventory_reservations_pkey"
