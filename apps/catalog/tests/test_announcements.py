"""What the catalogue tells the world."""

import pytest

from apps.catalog import services
from apps.catalog.models import OutboxEvent, Product
from apps.core.testing.statements import statements

from .factories import VariantFactory
from .stock import change, told

pytestmark = pytest.mark.django_db(databases=["catalog"])


class TestAnnounceProducts:
    def test_tells_the_change_and_that_it_came_into_stock(self):
        shirt = VariantFactory(inventory_quantity=1)

        services.announce_products(product_ids=[shirt.product_id])

        assert told() == [
            ("product.updated", {"product_id": str(shirt.product_id), "slug": shirt.product.slug}),
            ("product.stock_flipped", {"product_id": str(shirt.product_id), "in_stock": True}),
        ]
        assert list(OutboxEvent.objects.using("catalog").order_by("id").values_list("aggregate_seq", flat=True)) == [
            1,
            2,
        ]

    def test_takes_four_statements_for_any_number(self):
        shirts = VariantFactory.create_batch(10)

        with statements(catalog=4):
            services.announce_products(product_ids=[shirt.product_id for shirt in shirts])

        assert len(told()) == 20


class TestAnnounceFlips:
    def test_tells_each_flip_once(self):
        shirt = VariantFactory(inventory_quantity=1)

        services.announce_flips(product_ids=[shirt.product_id])
        services.announce_flips(product_ids=[shirt.product_id])
        change(shirt, inventory_quantity=0)
        services.announce_flips(product_ids=[shirt.product_id])

        assert [payload["in_stock"] for _, payload in told()] == [True, False]

    def test_leaves_other_products_alone(self):
        shirt, trousers = VariantFactory.create_batch(2)

        services.announce_flips(product_ids=[shirt.product_id])

        assert Product.objects.using("catalog").get(id=trousers.product_id).announced_in_stock is False
