"""Who changed what of products and variants."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DataError, IntegrityError, connections, transaction
from rest_framework.test import APIClient

from apps.catalog import selectors, services
from apps.catalog.models import Product, ProductChange, ProductVariant
from apps.core.ids import new_id

from .factories import CategoryFactory, ProductFactory, VariantFactory
from .office import form_of, page
from .stock import demand

pytestmark = pytest.mark.django_db(databases=["catalog"])


def recorded(product):
    changes = selectors.list_product_changes(product_id=product.id).order_by("id")
    return [
        (change["variant_id"], change["action"], change["changes"], change["actor_id"], change["source"])
        for change in changes
    ]


class TestProductChangesAreRecorded:
    def test_field_by_field_with_who_did_it(self):
        shirt = ProductFactory(name="Linen Shirt", price=Decimal("49.00"))
        ines = new_id()

        with services.acting(actor_id=ines, source="admin"):
            Product.objects.using("catalog").filter(id=shirt.id).update(
                name="Ramie Shirt", price=Decimal("45"), tags=["ramie"], images=[{"url": "/a.jpg", "alt": None}]
            )

        assert recorded(shirt) == [
            (
                None,
                "changed",
                {
                    "name": ["Linen Shirt", "Ramie Shirt"],
                    "price": ["49.00", "45.00"],
                    "tags": [[], ["ramie"]],
                    "images": [[], [{"url": "/a.jpg", "alt": None}]],
                },
                ines,
                "admin",
            )
        ]

    def test_of_variants_too_in_one_statement_for_all(self):
        blue, red = VariantFactory.create_batch(2, price=Decimal("49.00"))

        ProductVariant.objects.using("catalog").update(price=Decimal("40.00"))

        changes = {"price": ["49.00", "40.00"]}
        assert recorded(blue.product) == [(blue.id, "changed", changes, None, "sql")]
        assert recorded(red.product) == [(red.id, "changed", changes, None, "sql")]

    def test_not_where_nothing_differs(self):
        shirt = VariantFactory()

        shirt.save(using="catalog")
        shirt.product.save(using="catalog")

        assert recorded(shirt.product) == []

    def test_not_what_sales_and_the_database_write(self):
        shirt = VariantFactory(inventory_quantity=1)
        order = demand((shirt, 1))

        services.reserve_inventory(demands=[order])
        services.commit_inventory(order_ids=[order.order_id])
        services.announce_products(product_ids=[shirt.product_id])

        assert recorded(shirt.product) == []

    def test_what_is_added_where_somebody_says_so(self):
        VariantFactory()
        with services.acting(actor_id=None, source="import"):
            shirt = VariantFactory(title="Blue", sku="B", price=Decimal("49.00"), product__sku="S").product

        product, variant = recorded(shirt)
        assert product[1:] == (
            "added",
            {"name": shirt.name, "slug": shirt.slug, "sku": "S", "price": "49.00"},
            None,
            "import",
        )
        assert variant[1:] == ("added", {"title": "Blue", "sku": "B", "price": "49.00"}, None, "import")
        assert ProductChange.objects.using("catalog").count() == 2

    def test_what_is_deleted_for_good(self):
        shirt = VariantFactory(title="Blue", sku="B", inventory_quantity=0)
        product = shirt.product

        with connections["catalog"].cursor() as cursor:
            cursor.execute("DELETE FROM products WHERE id = %s", [product.id])

        assert [(variant, action, list(changes)) for variant, action, changes, *_ in recorded(product)] == [
            (None, "deleted", ["sku", "name", "slug", "price"]),
            (shirt.id, "deleted", ["sku", "price", "title"]),
        ]

    def test_of_categories_by_their_slugs(self):
        shirt, ines = ProductFactory(), new_id()
        linen, tops = CategoryFactory(slug="linen"), CategoryFactory(slug="tops")

        with services.acting(actor_id=ines, source="api"):
            for ids in ([linen.id], [linen.id, tops.id], [tops.id, linen.id], [tops.id]):
                services.set_categories(product_id=shirt.id, category_ids=ids)

        assert [(change["categories"], who) for _, _, change, who, _ in recorded(shirt)] == [
            ([[], ["linen"]], ines),
            ([["linen"], ["linen", "tops"]], ines),
            ([["linen", "tops"], ["tops"]], ines),
        ]

    @pytest.mark.parametrize("statement", ["UPDATE product_changes SET source = 'me'", "DELETE FROM product_changes"])
    def test_and_never_rewritten(self, statement):
        shirt = VariantFactory()
        ProductVariant.objects.using("catalog").update(price=1)

        with pytest.raises(IntegrityError, match="is history"), transaction.atomic(using="catalog"):
            connections["catalog"].cursor().execute(statement)

        assert len(recorded(shirt.product)) == 1


class TestActing:
    def name(self, product, name):
        Product.objects.using("catalog").filter(id=product.id).update(name=name)

    def test_counts_the_inner_one(self):
        shirt, ines, ada = ProductFactory(), new_id(), new_id()

        with services.acting(actor_id=ines, source="api"):
            self.name(shirt, "A")
            with services.acting(actor_id=ada, source="bulk"):
                self.name(shirt, "B")
            self.name(shirt, "C")
        self.name(shirt, "D")

        assert [change[3:] for change in recorded(shirt)] == [
            (ines, "api"),
            (ada, "bulk"),
            (ines, "api"),
            (None, "sql"),
        ]

    def test_is_over_after_an_error_too(self):
        shirt = ProductFactory()

        with pytest.raises(DataError), services.acting(actor_id=new_id(), source="api"):
            self.name(shirt, "A" * 256)
        self.name(shirt, "B")

        assert [change[3:] for change in recorded(shirt)] == [(None, "sql")]

    @pytest.mark.django_db(databases=["catalog"], transaction=True)
    def test_ends_with_its_transaction(self):
        shirt = ProductFactory()
        with services.acting(actor_id=new_id(), source="api"):
            self.name(shirt, "A")

        self.name(shirt, "B")

        assert [change[4] for change in recorded(shirt)] == ["api", "sql"]


class TestHistoryPage:
    ADDRESS = "/api/v1/staff/products/{}/history/"

    def client(self, *permissions):
        client = APIClient()
        client.force_authenticate(
            SimpleNamespace(is_authenticated=True, pk=new_id(), has_perm=lambda wanted: wanted in permissions)
        )
        return client

    def test_shows_the_newest_first_in_pages(self):
        shirt = VariantFactory(sku="LS-BLUE", price=Decimal("49.00"))
        ines = new_id()
        with services.acting(actor_id=ines, source="bulk"):
            ProductVariant.objects.using("catalog").update(price=Decimal("45.00"))
        Product.objects.using("catalog").update(name="Ramie Shirt")
        client = self.client("products.view")

        first = client.get(self.ADDRESS.format(shirt.product_id), {"limit": 1}).json()
        second = client.get(first["next"]).json()

        assert list(first["results"][0]["changes"]) == ["name"]
        (change,) = second["results"]
        assert change.pop("id") < first["results"][0]["id"]
        assert change.pop("at") == first["results"][0]["at"]
        assert change == {
            "actor_id": str(ines),
            "source": "bulk",
            "action": "changed",
            "variant_id": str(shirt.id),
            "sku": "LS-BLUE",
            "changes": {"price": ["49.00", "45.00"]},
        }
        assert second["next"] is None

    def test_is_for_who_may_see_products(self):
        assert self.client("orders.view").get(self.ADDRESS.format(new_id())).status_code == 403


@pytest.mark.django_db(databases=["accounts", "catalog", "orders"])
@pytest.mark.usefixtures("own_cache")
class TestOffice:
    def test_prices_the_only_variant_as_its_product(self, office, boss):
        shirt = VariantFactory(product__name="Linen Shirt", inventory_quantity=0)
        address = page("product", "change", shirt.product_id)

        assert office.post(address, form_of(office, address) | {"price": "45.00"}).status_code == 302

        shirt.refresh_from_db(using="catalog")
        shirt.product.refresh_from_db(using="catalog")
        assert (str(shirt.price), str(shirt.product.price)) == ("45.00", "45.00")

    def test_lets_a_product_of_several_variants_show_the_cheapest(self, office, boss):
        shirt = VariantFactory(price="49.00", option1="Blue")
        VariantFactory(product=shirt.product, price="39.00", option1="Red")
        address = page("product", "change", shirt.product_id)

        assert office.post(address, form_of(office, address) | {"price": "45.00"}).status_code == 302

        shirt.product.refresh_from_db(using="catalog")
        assert str(shirt.product.price) == "39.00"

    def test_records_the_clerk_and_shows_what_they_did(self, office, boss):
        shirt = VariantFactory(product__name="Linen Shirt", sku="LS-BLUE", inventory_quantity=0)
        address = page("product", "change", shirt.product_id)
        form = form_of(office, address) | {"name": "Ramie Shirt", "variants-0-price": "45.00"}

        assert office.post(address, form).status_code == 302

        assert recorded(shirt.product) == [
            (None, "changed", {"name": ["Linen Shirt", "Ramie Shirt"]}, boss.pk, "admin"),
            (shirt.id, "changed", {"price": ["49.00", "45.00"]}, boss.pk, "admin"),
            # The product shows what its cheapest variant costs.
            (None, "changed", {"price": ["49.00", "45.00"]}, boss.pk, "admin"),
        ]
        shown = office.get(address).content.decode()
        assert "boss@example.org" in shown
        assert "name: Linen Shirt &rarr; Ramie Shirt" in shown
        assert "price: 49.00 &rarr; 45.00" in shown
