"""When customers see a product."""

from datetime import timedelta

import pytest

from apps.catalog import selectors
from apps.catalog.models import Product
from apps.core import clock

from .factories import CategoryFactory, ProductFactory, VariantFactory
from .reading import PRODUCTS, names, shelve

pytestmark = pytest.mark.django_db(databases=["catalog"])

HOUR = timedelta(hours=1)


class TestPublication:
    @pytest.mark.parametrize(
        ("begins", "ends", "is_seen"),
        [
            (-HOUR, None, True),
            (-HOUR, HOUR, True),
            (HOUR, None, False),
            (-2 * HOUR, -HOUR, False),
        ],
    )
    def test_begins_and_ends_at_its_time(self, client, begins, ends, is_seen):
        now = clock.now()
        shelf = CategoryFactory(slug="shirts")
        variant = VariantFactory(
            product__name="Linen Shirt",
            product__slug="linen-shirt",
            product__published_at=now + begins,
            product__unpublished_at=ends and now + ends,
        )
        shelve(variant.product, shelf)

        assert names(client.get(PRODUCTS)) == ["Linen Shirt"] * is_seen
        assert names(client.get(PRODUCTS, {"search": "linen"})) == ["Linen Shirt"] * is_seen
        assert client.get(f"{PRODUCTS}linen-shirt/").status_code == (200 if is_seen else 404)
        assert client.get("/api/v1/categories/shirts/").json()["products_count"] == is_seen
        assert selectors.list_offers(variant_ids=[variant.id])[variant.id].is_available is is_seen

    def test_of_a_part_of_a_number_ends_too(self, client):
        ended = clock.now() - HOUR
        ProductFactory(name="Toner", sku="TN-2110", unpublished_at=ended)
        ProductFactory(name="Drum", sku="DN-2110")

        assert names(client.get(PRODUCTS, {"search": "n2110"})) == ["Drum"]

    @pytest.mark.parametrize("kind", ["is_digital", "is_gift_card"])
    def test_of_what_is_no_parcel_asks_for_no_shipping(self, kind):
        variant = VariantFactory()
        assert selectors.list_offers(variant_ids=[variant.id])[variant.id].requires_shipping is True

        Product.objects.using("catalog").update(**{kind: True})

        assert selectors.list_offers(variant_ids=[variant.id])[variant.id].requires_shipping is False
