"""When customers see a product."""

import time
from datetime import timedelta

import pytest
from django.db import connections

from apps.catalog import selectors, services, tasks
from apps.catalog.models import Product, PublicationsTold
from apps.core import clock
from apps.core.testing.statements import captured

from .factories import CategoryFactory, ProductFactory, VariantFactory
from .reading import PRODUCTS, names, shelve
from .stock import told
from .test_search_plans import MANY, plans_of

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


class TestAnnouncePublications:
    def since(self, ago):
        PublicationsTold.objects.using("catalog").update_or_create(defaults={"until": clock.now() - ago})

    @pytest.mark.django_db(databases=["catalog"], transaction=True)
    def test_lets_kept_pages_show_what_begins_and_hide_what_ends(self, client):
        services.announce_publications()
        begins = clock.now() + timedelta(seconds=0.4)
        ends = begins + timedelta(seconds=0.4)
        ProductFactory(name="Linen Shirt", slug="linen-shirt", published_at=begins, unpublished_at=ends)

        def seen():
            return names(client.get(PRODUCTS)), client.get(f"{PRODUCTS}linen-shirt/").status_code

        assert seen() == ([], 404)
        self.wait_until(begins)
        assert services.announce_publications() == 1
        assert seen() == (["Linen Shirt"], 200)
        self.wait_until(ends)
        assert seen() == (["Linen Shirt"], 200)
        assert services.announce_publications() == 1
        assert seen() == ([], 404)

    def wait_until(self, moment):
        while clock.now() <= moment:
            time.sleep(0.05)

    def test_tells_each_moment_once(self):
        now = clock.now()
        begun = ProductFactory(published_at=now - HOUR)
        ended = ProductFactory(published_at=now - 9 * HOUR, unpublished_at=now - HOUR)
        ProductFactory(published_at=now - 9 * HOUR)
        ProductFactory(published_at=now + HOUR)
        ProductFactory(published_at=now - HOUR, is_active=False)
        self.since(2 * HOUR)

        tasks.announce_publications(sent_by="a later release")

        updated = [data["product_id"] for event, data in told() if event == "product.updated"]
        assert sorted(updated) == sorted([str(begun.id), str(ended.id)])
        assert services.announce_publications() == 0

    def test_reads_nothing_but_two_indexes(self):
        # Enough that an index is worth it, and what is known of a table that was full in another test is forgotten.
        with connections["catalog"].cursor() as cursor:
            cursor.execute(MANY)
            cursor.execute("ANALYZE products")
        with captured("catalog") as ran:
            services.announce_publications()
        (statement,) = [sent for sent in ran["catalog"] if "list" in sent or "UNION" in sent]

        indexes = {node.get("Index Name") for node in plans_of([statement])} - {None}

        assert indexes == {"idx_products_published", "idx_products_unpublished"}
