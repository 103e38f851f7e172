"""Commands in, replies out."""

from decimal import Decimal

import pytest

from apps.catalog import contracts, handlers
from apps.catalog.models import ProductVariant
from apps.core.ids import new_id

from .factories import ProductFactory, VariantFactory
from .stock import holds_of, ledger_of, stock_of

pytestmark = pytest.mark.django_db(databases=["catalog"])


def validate(variant, *, price="49.00", currency="USD"):
    line = contracts.OrderedLine(variant_id=variant.id, quantity=1, unit_price=Decimal(price))
    return contracts.ValidateProducts(order_id=new_id(), currency=currency, lines=(line,))


def reserve(variant, quantity):
    line = contracts.StockLine(variant_id=variant.id, quantity=quantity)
    return contracts.ReserveInventory(order_id=new_id(), lines=(line,))


def shirt_of(**fields):
    product = ProductFactory(name="Linen Shirt", **fields.pop("product", {}))
    return VariantFactory(product=product, option1="Blue", sku="LS-BLUE", **fields)


class TestValidateProducts:
    def test_finds_an_order_in_order(self):
        shirt = shirt_of()

        assert handlers.validate_products([validate(shirt)]) == [contracts.ProductsValidated()]

    def test_tells_the_current_price_of_what_changed(self):
        shirt = shirt_of(price=Decimal("54.5"))

        assert handlers.validate_products([validate(shirt)]) == [
            contracts.PriceChanged(
                message="Linen Shirt, Blue (LS-BLUE) now costs 54.50 USD, not 49.00.",
                lines=(
                    contracts.ChangedPrice(
                        variant_id=shirt.id,
                        ordered_price=Decimal("49.00"),
                        current_price=Decimal("54.50"),
                        sku="LS-BLUE",
                        title="Linen Shirt, Blue",
                    ),
                ),
            )
        ]

    @pytest.mark.parametrize(
        "fields",
        [
            pytest.param({"is_active": False}, id="variant inactive"),
            pytest.param({"product": {"is_active": False}}, id="product inactive"),
            pytest.param({"product": {"published_at": None}}, id="product unpublished"),
            pytest.param({"product": {"published_at": "2999-01-01T00:00Z"}}, id="product to be published"),
        ],
    )
    def test_refuses_what_is_not_for_sale(self, fields):
        shirt = shirt_of(**fields)

        assert handlers.validate_products([validate(shirt)]) == [
            contracts.ProductUnavailable(
                message="Linen Shirt, Blue (LS-BLUE) is not for sale any more.",
                lines=(contracts.UnavailableProduct(variant_id=shirt.id, sku="LS-BLUE", title="Linen Shirt, Blue"),),
            )
        ]

    def test_refuses_what_is_gone(self):
        gone = ProductVariant(id=new_id())

        assert handlers.validate_products([validate(gone)]) == [
            contracts.ProductUnavailable(
                message="A product that is no longer there is not for sale any more.",
                lines=(contracts.UnavailableProduct(variant_id=gone.id),),
            )
        ]

    def test_refuses_another_currency(self):
        assert handlers.validate_products([validate(shirt_of(), currency="EUR")]) == [
            contracts.CurrencyNotSold(
                message="The shop sells in USD, not in EUR.", ordered_currency="EUR", shop_currency="USD"
            )
        ]

    def test_answers_each_order_of_a_batch_in_one_statement(self, django_assert_num_queries):
        shirt, trousers = VariantFactory.create_batch(2)
        commands = [validate(shirt), validate(trousers, price="1.00"), validate(trousers)]

        with django_assert_num_queries(1, using="catalog"):
            replies = handlers.validate_products(commands)

        assert [type(reply) for reply in replies] == [
            contracts.ProductsValidated,
            contracts.PriceChanged,
            contracts.ProductsValidated,
        ]

    def test_delivered_twice_answers_the_same(self):
        command = validate(shirt_of())

        assert handlers.validate_products([command]) == handlers.validate_products([command])


class TestReleaseProductValidation:
    def test_has_nothing_to_undo_at_any_time(self, django_assert_num_queries):
        command = contracts.ReleaseProductValidation(order_id=new_id())

        with django_assert_num_queries(0, using="catalog"):
            assert handlers.release_product_validation([command]) == [contracts.ProductValidationReleased()]


class TestReserveInventory:
    def test_holds_the_stock(self):
        shirt = shirt_of(inventory_quantity=5)

        assert handlers.reserve_inventory([reserve(shirt, 2)]) == [contracts.InventoryReserved()]

        assert stock_of(shirt) == (3, 2)

    def test_names_what_is_short_and_holds_nothing(self):
        shirt = shirt_of(inventory_quantity=5)
        command = reserve(shirt, 6)

        assert handlers.reserve_inventory([command]) == [
            contracts.InventoryUnavailable(
                message="Linen Shirt, Blue (LS-BLUE): 6 asked for, 5 left.",
                lines=(
                    contracts.Shortage(
                        variant_id=shirt.id, requested=6, available=5, sku="LS-BLUE", title="Linen Shirt, Blue"
                    ),
                ),
            )
        ]

        assert stock_of(shirt) == (5, 0)
        assert holds_of(command.order_id) == []

    def test_delivered_twice_acts_once(self):
        shirt = shirt_of(inventory_quantity=5)
        command = reserve(shirt, 2)

        replies = handlers.reserve_inventory([command]) + handlers.reserve_inventory([command])

        assert replies == [contracts.InventoryReserved(), contracts.InventoryReserved()]
        assert stock_of(shirt) == (3, 2)


class TestReleaseInventory:
    def test_gives_the_stock_back(self):
        shirt = shirt_of(inventory_quantity=5)
        command = reserve(shirt, 2)
        handlers.reserve_inventory([command])

        replies = handlers.release_inventory([contracts.ReleaseInventory(order_id=command.order_id)])

        assert replies == [contracts.InventoryReleased()]
        assert stock_of(shirt) == (5, 0)

    def test_delivered_twice_acts_once(self):
        shirt = shirt_of(inventory_quantity=5)
        command = reserve(shirt, 2)
        handlers.reserve_inventory([command])
        release = contracts.ReleaseInventory(order_id=command.order_id)

        handlers.release_inventory([release])
        handlers.release_inventory([release])

        assert stock_of(shirt) == (5, 0)

    def test_before_anything_is_held_changes_nothing(self):
        shirt = shirt_of(inventory_quantity=5)
        command = reserve(shirt, 2)

        replies = handlers.release_inventory([contracts.ReleaseInventory(order_id=command.order_id)])

        assert replies == [contracts.InventoryReleased()]
        assert stock_of(shirt) == (5, 0)
        assert holds_of(command.order_id) == []


class TestCommitInventory:
    def test_sells_what_is_held(self):
        shirt = shirt_of(inventory_quantity=5)
        command = reserve(shirt, 2)
        handlers.reserve_inventory([command])

        replies = handlers.commit_inventory([contracts.CommitInventory(order_id=command.order_id)])

        assert replies == [contracts.InventoryCommitted()]
        assert stock_of(shirt) == (3, 0)
        assert ledger_of(shirt) == [("sale", -2)]

    def test_delivered_twice_acts_once(self):
        shirt = shirt_of(inventory_quantity=5)
        command = reserve(shirt, 2)
        handlers.reserve_inventory([command])
        commit = contracts.CommitInventory(order_id=command.order_id)

        handlers.commit_inventory([commit])
        handlers.commit_inventory([commit])

        assert stock_of(shirt) == (3, 0)
        assert ledger_of(shirt) == [("sale", -2)]
