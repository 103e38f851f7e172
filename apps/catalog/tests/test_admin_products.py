"""Products in the back office, and what customers say of them."""

from decimal import Decimal

import pytest

from apps.catalog import services
from apps.catalog.models import Product, ProductVariant
from apps.catalog.selectors import list_inventory_findings

from .factories import CategoryFactory, ProductFactory, ReviewFactory, VariantFactory
from .office import form_of, page, queries
from .stock import demand, stock_of, told

pytestmark = [pytest.mark.django_db(databases=["accounts", "catalog", "orders"]), pytest.mark.usefixtures("own_cache")]


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
        assert office.get("/api/v1/products/linen-shirt/")["Location"] == "/api/v1/products/ramie-shirt/"
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


class TestReviewActions:
    def test_approve_and_reject(self, office):
        review = ReviewFactory(rating=4)

        def choose(action):
            office.post(page("productreview"), {"action": action, "_selected_action": [str(review.id)]})
            product = Product.objects.using("catalog").get(id=review.product_id)
            return product.rating_average, product.rating_count

        assert choose("approve") == (Decimal("4.00"), 1)
        assert choose("reject") == (Decimal("0.00"), 0)
