"""The catalogue's back office."""

from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from apps.catalog import services
from apps.catalog.models import Category, Product, ProductVariant
from apps.catalog.selectors import list_inventory_findings
from apps.core.testing.statements import captured

from .factories import CategoryFactory, ProductFactory, ReviewFactory, VariantFactory
from .stock import demand, holds_of, ledger_of, stock_of, told

pytestmark = [pytest.mark.django_db(databases=["accounts", "catalog", "orders"]), pytest.mark.usefixtures("own_cache")]


@pytest.fixture
def boss():
    # Types made in an earlier test are gone with its transaction.
    ContentType.objects.clear_cache()
    return get_user_model().objects.create_superuser("boss@example.org", "a long password")


@pytest.fixture
def office(boss):
    client = Client()
    client.force_login(boss)
    return client


def page(model, action="changelist", *args):
    return reverse(f"admin:catalog_{model}_{action}", args=args)


def queries(client, address):
    with captured("catalog") as ran:
        assert client.get(address).status_code == 200
    return len(ran["catalog"])


def form_of(client, address):
    """The fields of a change form as a browser would send them back."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {}
    for form in forms:
        for field in form:
            value = field.value()
            if field.name == "published_at" and value:
                data |= {f"{field.html_name}_0": value.date(), f"{field.html_name}_1": value.time()}
            elif isinstance(value, bool):
                data |= {field.html_name: "on"} if value else {}
            elif value is not None:
                data[field.html_name] = field.field.prepare_value(value)
    return data


class TestLists:
    @pytest.mark.parametrize(
        ("model", "make"),
        [
            ("product", VariantFactory),
            ("productvariant", VariantFactory),
            ("inventorymovement", VariantFactory),
            ("category", lambda: CategoryFactory(parent=CategoryFactory())),
            ("productreview", ReviewFactory),
        ],
    )
    def test_take_no_query_a_row(self, office, model, make):
        make()
        few = queries(office, page(model))
        for _ in range(10):
            make()

        assert queries(office, page(model)) == few
        assert few <= 3

    def test_find_a_variant_by_its_sku(self, office):
        VariantFactory(sku="LS-BLUE")
        VariantFactory(sku="LS-RED")

        answer = office.get(page("productvariant"), {"q": "LS-BLUE"}).content.decode()

        assert "LS-BLUE" in answer
        assert "LS-RED" not in answer


class TestProductPage:
    def test_takes_no_query_a_variant(self, office):
        product = ProductFactory()
        VariantFactory(product=product)
        address = page("product", "change", product.id)
        few = queries(office, address)
        for _ in range(10):
            VariantFactory(product=product)

        assert queries(office, address) == few

    def test_adds_a_product_with_its_variants_and_their_first_stock(self, office):
        shelf = CategoryFactory()
        data = form_of(office, page("product", "add")) | {
            "name": "Linen Shirt",
            "slug": "linen-shirt",
            "sku": "LS",
            "price": "49.00",
            "shelves": [str(shelf.id)],
            "variants-TOTAL_FORMS": "1",
            "variants-0-title": "Blue",
            "variants-0-sku": "LS-BLUE",
            "variants-0-price": "49.00",
            "variants-0-option1": "Blue",
            "variants-0-inventory_quantity": "5",
            "variants-0-position": "0",
            "variants-0-is_active": "on",
        }

        answer = office.post(page("product", "add"), data)

        assert answer.status_code == 302, answer.context["errors"]
        product = Product.objects.using("catalog").get(slug="linen-shirt")
        assert (product.inventory_quantity, product.in_stock) == (5, True)
        assert list(product.categories.all()) == [shelf]
        assert [event for event, _ in told()] == ["product.updated", "product.stock_flipped"]
        assert list_inventory_findings() == []

    def test_gives_a_product_without_variants_its_only_one(self, office):
        data = form_of(office, page("product", "add")) | {
            "name": "Gift Card",
            "slug": "gift-card",
            "sku": "GC",
            "price": "25.00",
        }

        assert office.post(page("product", "add"), data).status_code == 302

        variant = ProductVariant.objects.using("catalog").get()
        assert (variant.title, variant.sku, variant.price) == ("Default Title", "GC", Decimal("25.00"))

    def test_refuses_a_sku_that_another_products_variant_has(self, office):
        VariantFactory(sku="GC")
        data = form_of(office, page("product", "add")) | {"name": "G", "slug": "g", "sku": "GC", "price": "25.00"}

        answer = office.post(page("product", "add"), data)

        assert answer.context["adminform"].form.errors == {"sku": ["A variant of another product has this SKU."]}

    def test_keeps_the_last_variant(self, office):
        shirt = VariantFactory(inventory_quantity=0)
        address = page("product", "change", shirt.product_id)

        answer = office.post(address, form_of(office, address) | {"variants-0-DELETE": "on"})

        assert answer.context["inline_admin_formsets"][0].formset.non_form_errors() == [
            "A product keeps at least one variant."
        ]

    def test_refuses_the_same_options_twice(self, office):
        shirt = VariantFactory(option1="Blue")
        address = page("product", "change", shirt.product_id)
        twin = {
            "variants-TOTAL_FORMS": "2",
            "variants-1-title": "Blue again",
            "variants-1-sku": "TWIN",
            "variants-1-price": "49.00",
            "variants-1-option1": "Blue",
            "variants-1-position": "1",
            "variants-1-product": str(shirt.product_id),
        }

        answer = office.post(address, form_of(office, address) | twin)

        assert answer.context["inline_admin_formsets"][0].formset.non_form_errors() == [
            "Two variants have the same options."
        ]
        assert ProductVariant.objects.using("catalog").count() == 1

    def test_tells_the_change_and_forgets_the_former_address(self, office, django_capture_on_commit_callbacks):
        shirt = VariantFactory(product=ProductFactory(slug="linen-shirt"))
        office.get("/api/v1/products/linen-shirt/")
        address = page("product", "change", shirt.product_id)

        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            answer = office.post(address, form_of(office, address) | {"slug": "ramie-shirt"})

        assert answer.status_code == 302, answer.context["errors"]
        assert office.get("/api/v1/products/linen-shirt/").status_code == 404
        assert office.get("/api/v1/products/ramie-shirt/").status_code == 200
        assert told()[0] == ("product.updated", {"product_id": str(shirt.product_id), "slug": "ramie-shirt"})

    def test_does_not_write_back_a_stock_that_was_read_before_an_order(self, office):
        shirt = VariantFactory(inventory_quantity=10)
        address = page("product", "change", shirt.product_id)
        form = form_of(office, address)
        services.reserve_inventory(demands=[demand((shirt, 4))])

        assert office.post(address, form | {"name": "Ramie Shirt"}).status_code == 302

        assert stock_of(shirt) == (6, 4)
        assert list_inventory_findings() == []


class TestVariantPage:
    def test_shows_holds_and_movements_without_a_query_each(self, office):
        shirt = VariantFactory(inventory_quantity=50)
        address = page("productvariant", "change", shirt.id)
        services.reserve_inventory(demands=[demand((shirt, 1))])
        few = queries(office, address)
        orders = [demand((shirt, 1)) for _ in range(10)]
        services.reserve_inventory(demands=orders)
        services.commit_inventory(order_ids=[orders[0].order_id])

        assert queries(office, address) == few
        answer = office.get(address).content.decode()
        assert str(orders[1].order_id) in answer
        assert "sale" in answer

    def test_restocks(self, office, boss):
        shirt = VariantFactory(inventory_quantity=1)
        address = page("productvariant", "restock", shirt.id)

        assert office.get(address).status_code == 200
        answer = office.post(address, {"_form_submitted": "on", "quantity": "4", "notes": "pallet 3"})

        assert answer["HX-Redirect"] == page("productvariant", "change", shirt.id)
        assert stock_of(shirt) == (5, 0)
        movement = shirt.movements.using("catalog").get(movement_type="restock")
        assert (movement.quantity, movement.created_by, movement.notes) == (4, boss.pk, "pallet 3")

    def test_adjusts(self, office):
        shirt = VariantFactory(inventory_quantity=5)

        office.post(
            page("productvariant", "adjust", shirt.id), {"_form_submitted": "on", "quantity": "-2", "notes": "broken"}
        )

        assert stock_of(shirt) == (3, 0)
        assert ledger_of(shirt) == [("adjustment", -2)]

    def test_says_why_the_stock_cannot_be_adjusted(self, office):
        shirt = VariantFactory(inventory_quantity=5, sku="LS-BLUE")

        office.post(
            page("productvariant", "adjust", shirt.id), {"_form_submitted": "on", "quantity": "-6", "notes": "broken"}
        )

        assert "(LS-BLUE) has 5 left to sell; 6 cannot leave." in office.get(page("productvariant")).content.decode()
        assert stock_of(shirt) == (5, 0)

    def test_moves_nothing_for_those_who_may_not(self, boss):
        shirt = VariantFactory(inventory_quantity=5)
        clerk = get_user_model().objects.create_user("clerk@example.org", "a long password")
        client = Client()
        client.force_login(clerk)

        client.post(page("productvariant", "restock", shirt.id), {"_form_submitted": "on", "quantity": "4"})

        assert stock_of(shirt) == (5, 0)

    def test_neither_adds_nor_deletes_a_variant(self, office):
        shirt = VariantFactory(inventory_quantity=0)

        assert office.get(page("productvariant", "add")).status_code == 403
        assert office.post(page("productvariant", "delete", shirt.id), {"post": "yes"}).status_code == 403


class TestDeletion:
    def test_takes_a_product_that_never_had_stock(self, office):
        shirt = VariantFactory(inventory_quantity=0)

        office.post(page("product", "delete", shirt.product_id), {"post": "yes"})

        assert not Product.objects.using("catalog").filter(id=shirt.product_id).exists()

    def test_leaves_a_product_that_the_ledger_names(self, office):
        shirt = VariantFactory(inventory_quantity=1)

        office.post(page("product", "delete", shirt.product_id), {"post": "yes"})

        assert Product.objects.using("catalog").filter(id=shirt.product_id).exists()


class TestCategoryPage:
    def test_refuses_a_category_below_itself(self, office):
        clothes = CategoryFactory()
        shirts = CategoryFactory(parent=clothes)
        address = page("category", "change", clothes.id)

        answer = office.post(address, form_of(office, address) | {"parent": str(shirts.id)})

        assert answer.status_code == 200
        assert Category.objects.using("catalog").get(id=clothes.id).parent_id is None

    def test_makes_the_kept_tree_stale(self, office, django_capture_on_commit_callbacks):
        clothes = CategoryFactory(name="Clothes")
        office.get("/api/v1/categories/")
        address = page("category", "change", clothes.id)

        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            office.post(address, form_of(office, address) | {"name": "Garments"})

        assert [category["name"] for category in office.get("/api/v1/categories/").json()] == ["Garments"]


class TestReviewActions:
    def test_approve_and_hide(self, office):
        review = ReviewFactory(rating=4)

        def choose(action):
            office.post(page("productreview"), {"action": action, "_selected_action": [str(review.id)]})
            product = Product.objects.using("catalog").get(id=review.product_id)
            return product.rating_average, product.rating_count

        assert choose("approve") == (Decimal("4.00"), 1)
        assert choose("hide") == (Decimal("0.00"), 0)


class TestHolds:
    def test_stay_when_a_variant_is_saved(self, office):
        shirt = VariantFactory(inventory_quantity=10)
        order = demand((shirt, 4))
        services.reserve_inventory(demands=[order])
        address = page("productvariant", "change", shirt.id)

        assert office.post(address, form_of(office, address) | {"title": "Sky"}).status_code == 302

        assert holds_of(order.order_id) == [(shirt.id, 4, "held")]
        assert stock_of(shirt) == (6, 4)
