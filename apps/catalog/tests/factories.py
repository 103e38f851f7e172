"""Products of a small clothes shop."""

from datetime import UTC, datetime
from decimal import Decimal

import factory

from apps.catalog.models import Category, InventoryReservation, Product, ProductReview, ProductVariant
from apps.core.ids import new_id

PUBLISHED_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category
        database = "catalog"

    name = factory.Sequence(lambda n: f"Shirts {n}")
    slug = factory.Sequence(lambda n: f"shirts-{n}")


class ProductFactory(factory.django.DjangoModelFactory):
    """A published product without variants; VariantFactory makes both."""

    class Meta:
        model = Product
        database = "catalog"

    name = factory.Sequence(lambda n: f"Linen Shirt {n}")
    slug = factory.Sequence(lambda n: f"linen-shirt-{n}")
    sku = factory.Sequence(lambda n: f"LINEN-{n}")
    price = Decimal("49.00")
    published_at = PUBLISHED_AT


class VariantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProductVariant
        database = "catalog"

    product = factory.SubFactory(ProductFactory)
    title = factory.LazyAttribute(lambda variant: variant.option1)
    option1 = factory.Sequence(lambda n: f"Blue {n}")
    sku = factory.Sequence(lambda n: f"LINEN-BLUE-{n}")
    price = Decimal("49.00")
    inventory_quantity = 10


class ReservationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = InventoryReservation
        database = "catalog"

    order_id = factory.LazyFunction(new_id)
    variant = factory.SubFactory(VariantFactory)
    quantity = 1


class ReviewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProductReview
        database = "catalog"

    product = factory.SubFactory(ProductFactory)
    user_id = factory.LazyFunction(new_id)
    rating = 5
    title = "Wears well"
