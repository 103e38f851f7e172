"""Products as the shop's people make and edit them over the API."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connections
from rest_framework.test import APIClient

from apps.catalog import selectors, services
from apps.catalog.models import Product, ProductVariant
from apps.catalog.selectors import list_inventory_findings
from apps.core.ids import new_id
from apps.core.testing.statements import captured

from .factories import CategoryFactory, ProductFactory, VariantFactory
from .reading import PRODUCTS, names, shelve
from .stock import demand, told
from .test_search_plans import plans_of

pytestmark = pytest.mark.django_db(databases=["catalog"])

STAFF = "/api/v1/staff/products/"
SHIRT = {
    "name": "Linen Shirt",
    "sku": "LS",
    "tags": ["linen"],
    "published_at": "2026-01-05T09:00:00Z",
    "options": [{"name": "Colour", "values": ["Blue", "Red"]}, {"name": "Size", "values": ["M"]}],
    "images": [{"url": "https://shop.example/front.jpg", "alt": "Front"}, {"url": "/media/back.jpg"}],
    "seo_title": "A shirt of linen",
}
LATER = "2026-02-01T00:00Z"
BLUE = {"sku": "LS-BLUE", "price": "49.00", "option1": "Blue", "option2": "M", "inventory_quantity": 3}
RED = {"sku": "LS-RED", "price": "45.00", "compare_price": "60.00", "option1": "Red", "option2": "M"}


def staff(*permissions):
    user = SimpleNamespace(is_authenticated=True, pk=new_id(), has_perm=lambda wanted: wanted in permissions)
    client = APIClient()
    client.force_authenticate(user)
    client.user_id = user.pk
    return client


@pytest.fixture
def merchant(own_cache):
    return staff("products.view", "products.add", "products.change", "products.delete")


@pytest.fixture
def page(merchant, django_capture_on_commit_callbacks):
    """A shirt in blue and red, as the merchant made and got it, and what they send to its address."""
    with django_capture_on_commit_callbacks(using="catalog", execute=True):
        made = merchant.post(STAFF, SHIRT | {"variants": [BLUE, RED]}, format="json")
    assert made.status_code == 201, made.json()
    body = made.json()
    return SimpleNamespace(address=f"{STAFF}{body['id']}/", body=body, etag=made["ETag"], client=merchant)


def patch(page, *, address="", etag=None, **fields):
    headers = {"If-Match": etag} if etag else {}
    return page.client.patch(page.address + address, fields, format="json", headers=headers)


def errors(answer):
    assert answer.status_code == 422, answer.content
    return answer.json()["errors"]


class TestCreateProduct:
    def test_makes_it_whole_and_shows_it(self, page):
        body = page.body

        assert (body["slug"], body["price"], body["compare_price"]) == ("linen-shirt", "45.00", "60.00")
        assert [(v["sku"], v["title"], v["position"], v["inventory_quantity"]) for v in body["variants"]] == [
            ("LS-BLUE", "Blue / M", 0, 3),
            ("LS-RED", "Red / M", 1, 0),
        ]
        shown = page.client.get(f"{PRODUCTS}linen-shirt/").json()
        assert (shown["name"], shown["seo_title"], shown["in_stock"]) == ("Linen Shirt", "A shirt of linen", True)
        assert shown["images"] == SHIRT["images"]
        assert {event for event, _ in told()} == {"product.updated", "product.stock_flipped"}
        assert list_inventory_findings() == []

    def test_gives_its_only_variant_to_a_product_without(self, merchant):
        shelf = CategoryFactory()
        card = {"name": "Gift Card", "sku": "GC", "price": "25.00", "is_gift_card": True}

        body = merchant.post(STAFF, card | {"category_ids": [str(shelf.id)]}, format="json").json()

        assert [(v["sku"], v["title"], v["price"]) for v in body["variants"]] == [("GC", "Default Title", "25.00")]
        assert (body["requires_shipping"], body["category_ids"]) == (False, [str(shelf.id)])

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"price": "-1"}, ["price"]),
            ({"price": "x", "name": ""}, ["name", "price"]),
            ({}, ["price"]),
            ({"price": "1", "slug": "suggest"}, ["slug"]),
            ({"price": "1", "slug": "linen shirt"}, ["slug"]),
            ({"price": "1", "slug": "taken"}, ["slug"]),
            ({"price": "1", "sku": "TAKEN"}, ["sku"]),
            ({"price": "1", "sku": "TAKEN-BLUE"}, ["sku"]),
            ({"price": "1", "options": [{"name": str(n), "values": ["a"]} for n in range(4)]}, ["options"]),
            ({"price": "1", "options": [{"name": "Size", "values": ["M", "M"]}]}, ["options"]),
            ({"price": "1", "images": [{"url": "javascript:alert(1)"}]}, ["images"]),
            ({"price": "1", "published_at": LATER, "unpublished_at": "2026-01-01T00:00Z"}, ["unpublished_at"]),
            ({"price": "1", "is_digital": True, "requires_shipping": True}, ["requires_shipping"]),
            ({"price": "1", "category_ids": [str(new_id())]}, ["category_ids"]),
            ({"variants": [{"sku": "A"}]}, ["variants.0.price"]),
            ({"variants": [{"sku": "A", "price": "1", "option1": "Blue"}]}, ["variants.0.option1"]),
            ({"variants": [{"sku": "TAKEN-BLUE", "price": "1"}]}, ["variants.0.sku"]),
            ({"variants": [{"sku": "A", "price": "1"}, {"sku": "B", "price": "1"}]}, ["variants"]),
        ],
    )  # fmt: skip
    def test_names_each_field_that_is_wrong_and_makes_nothing(self, merchant, fields, wrong):
        VariantFactory(sku="TAKEN-BLUE", product__slug="taken", product__sku="TAKEN")

        answer = merchant.post(STAFF, {"name": "Linen Shirt", "sku": "LS"} | fields, format="json")

        assert sorted(errors(answer)) == wrong
        assert Product.objects.using("catalog").count() == 1


class TestListProducts:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, ["Kettle", "Draft", "Linen Shirt"]),
            ({"state": "live"}, ["Linen Shirt"]),
            ({"state": "inactive"}, ["Kettle"]),
            ({"state": "unpublished"}, ["Draft"]),
            ({"state": "ended"}, []),
            ({"q": "shirt"}, ["Linen Shirt"]),
            ({"q": "LS-BLUE"}, ["Linen Shirt"]),
            ({"q": "K"}, ["Kettle"]),
            ({"q": "ket"}, ["Kettle"]),
            ({"q": "Lin shi"}, ["Linen Shirt"]),
            ({"q": "shirts"}, []),
            ({"q": "linen kettle"}, []),
            ({"q": "%&' :*"}, []),
        ],
    )
    def test_finds_drafts_too(self, merchant, query, found):
        VariantFactory(product__name="Linen Shirt", sku="LS-BLUE")
        ProductFactory(name="Draft", published_at=None, sku="D")
        ProductFactory(name="Kettle", is_active=False, sku="K")

        answer = merchant.get(STAFF, query)

        assert sorted(names(answer)) == sorted(found)

    @pytest.mark.parametrize("query", [{}, {"q": "linen"}, {"q": "LS-BLUE"}, {"state": "live"}])
    def test_reads_no_table_from_end_to_end(self, merchant, query):
        VariantFactory(product__name="Linen Shirt", sku="LS-BLUE")
        with connections["catalog"].cursor() as cursor:
            cursor.execute("ANALYZE products, product_variants")
        with captured("catalog") as ran:
            assert len(names(merchant.get(STAFF, query))) == 1

        read = {node["Node Type"] for node in plans_of(ran["catalog"])}

        assert "Seq Scan" not in read

    def test_refuses_an_unknown_state(self, merchant):
        assert list(errors(merchant.get(STAFF, {"state": "nice"}))) == ["state"]


class TestChangeProduct:
    def test_changes_what_is_sent_and_records_who(self, page, django_capture_on_commit_callbacks):
        page.client.get(f"{PRODUCTS}linen-shirt/")

        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            answer = patch(page, name="Ramie Shirt", slug="ramie-shirt", seo_description="Cool.", etag=page.etag)

        assert answer.status_code == 200
        assert answer["ETag"] != page.etag
        assert page.client.get(f"{PRODUCTS}linen-shirt/", follow=True).json()["name"] == "Ramie Shirt"
        change = selectors.list_product_changes(product_id=page.body["id"]).order_by("-id").first()
        assert (change["actor_id"], change["source"]) == (page.client.user_id, "api")
        assert sorted(change["changes"]) == ["name", "seo_description", "slug"]

    def test_takes_it_off_the_shops_pages_and_puts_it_back(self, page, django_capture_on_commit_callbacks):
        for is_active, status in ((False, 404), (True, 200)):
            with django_capture_on_commit_callbacks(using="catalog", execute=True):
                assert patch(page, is_active=is_active).json()["is_active"] is is_active
            assert page.client.get(f"{PRODUCTS}linen-shirt/").status_code == status

    def test_is_refused_to_who_saw_an_older_one(self, page):
        assert patch(page, name="Ramie Shirt", etag=page.etag).status_code == 200

        answer = patch(page, name="Hemp Shirt", etag=page.etag)

        assert (answer.status_code, answer.json()["code"]) == (412, "changed_meanwhile")
        assert answer.json()["version"] == page.client.get(page.address)["ETag"]
        assert page.client.get(page.address).json()["name"] == "Ramie Shirt"

    def test_is_not_refused_because_pieces_were_sold(self, page):
        blue = ProductVariant.objects.using("catalog").get(sku="LS-BLUE")
        order = demand((blue, 2))
        services.reserve_inventory(demands=[order])

        answer = patch(page, name="Ramie Shirt", etag=page.etag)

        assert answer.status_code == 200
        assert answer.json()["variants"][0]["inventory_quantity"] == 1
        assert list_inventory_findings() == []

    def test_sends_its_price_to_a_single_variant(self, merchant):
        card = VariantFactory(price=Decimal(25), product__price=Decimal(25))

        answer = merchant.patch(f"{STAFF}{card.product_id}/", {"price": "30.00"}, format="json")

        assert (answer.json()["price"], answer.json()["variants"][0]["price"]) == ("30.00", "30.00")

    def test_leaves_prices_to_its_variants(self, page):
        assert errors(patch(page, price="30.00")) == {"price": ["Its variants have prices: change theirs."]}

    def test_keeps_the_options_its_variants_have(self, page):
        options = [{"name": "Colour", "values": ["Blue"]}, {"name": "Size", "values": ["M"]}]

        assert errors(patch(page, options=options)) == {"options": ["Variants have other values: LS-RED."]}

    def test_is_not_stopped_by_what_was_wrong_before(self, merchant):
        old = VariantFactory(product__slug="old.slug", product__is_digital=True)

        assert merchant.patch(f"{STAFF}{old.product_id}/", {"name": "New"}, format="json").status_code == 200
        assert list(errors(merchant.patch(f"{STAFF}{old.product_id}/", {"slug": "a b"}, format="json"))) == ["slug"]

    def test_moves_it_to_other_categories(self, page):
        shirts, tops = CategoryFactory(), CategoryFactory()
        shelve(Product.objects.using("catalog").get(), shirts)

        answer = patch(page, category_ids=[str(tops.id)])

        assert answer.json()["category_ids"] == [str(tops.id)]

    def test_of_what_is_not_there_is_404(self, merchant):
        assert merchant.patch(f"{STAFF}{new_id()}/", {"name": "A"}, format="json").status_code == 404


class TestDeleteProduct:
    def test_takes_away_what_was_never_in_stock(self, merchant, django_capture_on_commit_callbacks):
        shirt = VariantFactory(inventory_quantity=0, product__slug="linen-shirt")
        merchant.get(f"{PRODUCTS}linen-shirt/")

        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            assert merchant.delete(f"{STAFF}{shirt.product_id}/").status_code == 204

        assert merchant.get(f"{PRODUCTS}linen-shirt/").status_code == 404
        assert Product.objects.using("catalog").count() == 0

    def test_leaves_what_the_ledger_names(self, page):
        before = told()

        answer = page.client.delete(page.address)

        assert (answer.status_code, answer.json()["code"]) == (409, "still_named")
        assert Product.objects.using("catalog").count() == 1
        assert told() == before


class TestVariants:
    def red(self, page):
        return f"variants/{page.body['variants'][1]['id']}/"

    def test_are_added_with_their_first_stock(self, page):
        patch(page, options=[{"name": "Colour", "values": ["Blue", "Red"]}, {"name": "Size", "values": ["M", "L"]}])
        large = {"sku": "LS-RED-L", "price": "40.00", "option1": "Red", "option2": "L", "inventory_quantity": 2}

        answer = page.client.post(f"{page.address}variants/", large, format="json")

        assert answer.status_code == 201
        added = answer.json()["variants"][2]
        assert (added["sku"], added["title"], added["inventory_quantity"]) == ("LS-RED-L", "Red / L", 2)
        assert (answer.json()["price"], answer.json()["inventory_quantity"]) == ("40.00", 5)
        assert list_inventory_findings() == []

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"sku": "A", "price": "1", "option1": "Green", "option2": "M"}, ["option1"]),
            ({"sku": "A", "price": "1", "option1": "Red"}, ["option2"]),
            ({"sku": "A", "price": "1", "option1": "Red", "option2": "M"}, ["option1"]),
            ({"sku": "LS-RED", "price": "1", "option1": "Red", "option2": "M", "option3": "Silk"}, ["option3"]),
            ({"price": "1"}, ["sku"]),
        ],
    )  # fmt: skip
    def test_fit_the_options_of_their_product(self, page, fields, wrong):
        assert sorted(errors(page.client.post(f"{page.address}variants/", fields, format="json"))) == wrong

    def test_are_changed_and_their_product_shows_the_lowest_price(self, page):
        answer = patch(page, address=self.red(page), price="50.00", compare_price=None)

        assert (answer.json()["variants"][1]["price"], answer.json()["price"]) == ("50.00", "49.00")

    def test_are_not_given_a_stock_or_another_ones_sku(self, page):
        answer = patch(page, address=self.red(page), inventory_quantity=99)
        assert answer.json()["variants"][1]["inventory_quantity"] == 0

        assert errors(patch(page, address=self.red(page), sku="LS-BLUE")) == {"sku": ["Another variant has this SKU."]}

    def test_are_not_stopped_by_what_did_not_fit_before(self, merchant):
        old = VariantFactory(option1="Blue", product__options=[])
        address = f"{STAFF}{old.product_id}/variants/{old.id}/"

        assert merchant.patch(address, {"title": "Blue shirt"}, format="json").status_code == 200
        assert list(errors(merchant.patch(address, {"option1": "Red"}, format="json"))) == ["option1"]

    def test_are_shown_in_another_order(self, page):
        blue, red = (variant["id"] for variant in page.body["variants"])

        answer = page.client.put(f"{page.address}variants/", {"variant_ids": [red, blue]}, format="json")
        half = page.client.put(f"{page.address}variants/", {"variant_ids": [red]}, format="json")

        assert [variant["sku"] for variant in answer.json()["variants"]] == ["LS-RED", "LS-BLUE"]
        assert list(errors(half)) == ["variant_ids"]

    def test_are_deleted_but_for_the_last_and_those_of_the_ledger(self, page):
        blue = f"variants/{page.body['variants'][0]['id']}/"
        kept = page.client.delete(page.address + blue)
        gone = page.client.delete(page.address + self.red(page))
        last = page.client.delete(page.address + blue)

        assert (kept.status_code, kept.json()["code"]) == (409, "still_named")
        assert gone.status_code == 204
        assert (last.status_code, last.json()["code"]) == (409, "last_variant")
        assert page.client.delete(page.address + self.red(page)).status_code == 404

    @pytest.mark.parametrize(("method", "sent"), [("post", {"sku": "A", "price": "1"}), ("put", {"variant_ids": []})])
    def test_are_not_written_by_who_saw_an_older_product(self, page, method, sent):
        patch(page, name="Ramie Shirt")

        answer = getattr(page.client, method)(
            f"{page.address}variants/", sent, format="json", headers={"If-Match": page.etag}
        )

        assert answer.status_code == 412


class TestPermissions:
    @pytest.mark.parametrize(
        ("method", "address", "permission"),
        [
            ("get", STAFF, "products.view"),
            ("post", STAFF, "products.add"),
            ("get", "one", "products.view"),
            ("patch", "one", "products.change"),
            ("delete", "one", "products.delete"),
            ("post", "variants", "products.change"),
            ("put", "variants", "products.change"),
            ("patch", "variant", "products.change"),
            ("delete", "variant", "products.change"),
        ],
    )
    def test_let_in_only_who_has_them(self, own_cache, method, address, permission):
        one = f"{STAFF}{VariantFactory().product_id}/"
        address = {"one": one, "variants": f"{one}variants/", "variant": f"{one}variants/{new_id()}/"}.get(
            address, address
        )
        others = {"products.view", "products.add", "products.change", "products.delete"} - {permission}

        assert getattr(staff(*others), method)(address).status_code == 403
        assert getattr(staff(permission), method)(address).status_code != 403
