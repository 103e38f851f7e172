"""Prices of many variants in one call."""

from decimal import Decimal

import pytest

from apps.catalog import services
from apps.catalog.models import PriceChange, ProductVariant
from apps.catalog.services import Repricing, Target
from apps.core.ids import new_id
from apps.core.testing.statements import statements

from .bulk import change, items_of, prices_of, said, shown, to
from .factories import ProductFactory, VariantFactory
from .stock import told

pytestmark = pytest.mark.django_db(databases=["catalog"])


class TestChangePrices:
    def test_prices_each_variant_as_its_item_says(self):
        shirt, trousers, coat, hat = VariantFactory.create_batch(4, price=Decimal("19.99"))

        made = change(
            to(shirt, "25"),
            to(trousers, percent=Decimal("-12.5")),
            Repricing(target=Target(variant_id=coat.id), amount=Decimal("-0.49")),
            to(hat, compare_price=Decimal("30")),
        )

        assert said(made.items) == [("changed", 1)] * 4
        # 19.99 less an eighth is 17.49125.
        assert prices_of(shirt, trousers, coat, hat) == [
            Decimal("25.00"),
            Decimal("17.49"),
            Decimal("19.50"),
            Decimal("19.99"),
        ]
        assert shown(hat) == (Decimal("19.99"), Decimal("30.00"))

    @pytest.mark.parametrize(("percent", "price"), [("-50", "0.12"), ("-150", None), ("10", "0.28")])
    def test_rounds_a_share_half_to_even(self, percent, price):
        shirt = VariantFactory(price=Decimal("0.25"))

        made = change(to(shirt, percent=Decimal(percent)))

        if price is None:
            assert said(made.items) == [("invalid", "A price cannot be below zero.")]
        assert prices_of(shirt) == [Decimal(price or "0.25")]

    def test_rounds_to_whole_units_of_a_currency_without_smaller_ones(self, settings):
        settings.SHOP_CURRENCY = "JPY"
        shirt, trousers = VariantFactory.create_batch(2, price=Decimal("1250"))

        made = change(to(shirt, percent=Decimal("-0.1")), to(trousers, "1250.5"))

        assert said(made.items) == [
            ("changed", 1),
            ("invalid", "A price in JPY has at most 0 digits after the point."),
        ]
        assert prices_of(shirt, trousers) == [Decimal("1249.00"), Decimal("1250.00")]

    def test_prices_all_variants_of_a_product_by_id_or_slug(self):
        first, second = ProductFactory.create_batch(2)
        shirts = [
            VariantFactory(product=product, price=Decimal(price)) for product in (first, second) for price in (10, 20)
        ]

        made = change(
            Repricing(target=Target(product_id=first.id), percent=Decimal(-50)),
            Repricing(target=Target(slug=second.slug), price=Decimal(20), compare_price=Decimal(25)),
        )

        assert said(made.items) == [("changed", 2), ("changed", 2)]
        assert prices_of(*shirts) == [Decimal(5), Decimal(10), Decimal(20), Decimal(20)]

    def test_takes_a_compare_price_away_only_where_none_is_said(self):
        kept, gone = VariantFactory.create_batch(2, compare_price=Decimal(60))

        change(to(kept, "40"), to(gone, "40", compare_price=None))

        assert [shown(variant)[1] for variant in (kept, gone)] == [Decimal("60.00"), None]

    def test_lets_a_compare_price_be_below_the_price(self):
        shirt = VariantFactory()

        assert said(change(to(shirt, "40", compare_price=Decimal(30))).items) == [("changed", 1)]

    def test_changes_what_is_right_and_names_what_is_wrong(self):
        shirt, trousers = VariantFactory.create_batch(2)

        made = change(
            Repricing(target=Target(sku="NOWHERE"), price=Decimal(1)),
            Repricing(target=Target(product_id=new_id()), price=Decimal(1)),
            to(shirt, "-1"),
            to(shirt, "1.005"),
            to(shirt, "100000000"),
            to(shirt, "NaN"),
            to(shirt, "1", percent=Decimal(5)),
            to(shirt),
            Repricing(target=Target(), price=Decimal(1)),
            to(trousers, "40"),
        )

        assert said(made.items) == [
            ("not_found", "There is no such variant."),
            ("not_found", "There is no such product."),
            ("invalid", "A price cannot be below zero."),
            ("invalid", "A price in USD has at most 2 digits after the point."),
            ("invalid", "A price is at most 99999999.99."),
            ("invalid", "That is not a number."),
            ("invalid", "Give one of price, percent and amount."),
            ("invalid", "Give a price, a percent, an amount or a compare price."),
            ("invalid", "Name one thing: a variant by its id or SKU, or a product by its id or slug."),
            ("changed", 1),
        ]
        assert prices_of(shirt, trousers) == [Decimal(49), Decimal(40)]

    def test_names_the_item_that_was_first(self):
        shirt, trousers = VariantFactory.create_batch(2)

        made = change(
            to(shirt, "40"),
            to(trousers, "41"),
            Repricing(target=Target(product_id=shirt.product_id), price=Decimal(42)),
            Repricing(target=Target(variant_id=trousers.id), price=Decimal(43)),
        )

        assert said(made.items)[2:] == [
            ("invalid", "Item 1 names it already."),
            ("invalid", "Item 2 names it already."),
        ]
        assert prices_of(shirt, trousers) == [Decimal(40), Decimal(41)]

    def test_leaves_a_product_whole_where_one_of_its_variants_cannot_be_priced(self):
        shirt = VariantFactory(price=Decimal(3))
        coat = VariantFactory(product=shirt.product, price=Decimal(80))

        made = change(Repricing(target=Target(product_id=shirt.product_id), amount=Decimal(-5)))

        assert said(made.items) == [("invalid", "A price cannot be below zero.")]
        assert prices_of(shirt, coat) == [Decimal(3), Decimal(80)]

    def test_changes_nothing_where_all_or_nothing_is_asked_and_one_is_wrong(self):
        shirt = VariantFactory()

        with pytest.raises(services.BulkRefused, match="1 of 2 items are wrong, so nothing is changed") as refused:
            change(to(shirt, "40"), Repricing(target=Target(sku="NOWHERE"), price=Decimal(1)), atomic=True)

        assert refused.value.details["items"] == [
            {"status": "changed", "variants": 1, "reason": None},
            {"status": "not_found", "variants": 0, "reason": "There is no such variant."},
        ]
        assert prices_of(shirt) == [Decimal(49)]
        assert told() == []

    def test_the_second_time_changes_nothing(self):
        shirt = VariantFactory()
        change(to(shirt, "40"))
        before = ProductVariant.objects.using("catalog").values("updated_at").get(id=shirt.id)

        with statements(catalog=1):
            again = change(to(shirt, "40"))

        assert (again.change_id, said(again.items)) == (None, [("unchanged", 0)])
        assert ProductVariant.objects.using("catalog").values("updated_at").get(id=shirt.id) == before
        assert PriceChange.objects.using("catalog").count() == 1

    def test_as_a_trial_finds_the_same_and_writes_nothing(self):
        shirt = VariantFactory()

        with statements(catalog=1):
            made = change(to(shirt, "40"), is_dry=True)

        assert (made.change_id, said(made.items)) == (None, [("changed", 1)])
        assert prices_of(shirt) == [Decimal(49)]

    @pytest.mark.parametrize("count", [1, 30])
    def test_takes_six_statements_for_any_number(self, count):
        shirts = VariantFactory.create_batch(count, inventory_quantity=0)

        with statements(catalog=6):
            change(*(to(shirt, "40") for shirt in shirts))

    def test_writes_down_what_the_variants_cost_before(self):
        shirt, trousers = VariantFactory.create_batch(2)
        boss = new_id()

        made = services.change_prices(
            changes=[to(shirt, "40"), to(trousers, "49")], actor_id=boss, source="api", note="summer sale"
        )

        assert items_of(made.change_id) == [(shirt.id, Decimal(49), Decimal(40), None)]
        noted = PriceChange.objects.using("catalog").get(id=made.change_id)
        assert (noted.actor_id, noted.source, noted.note, noted.items_count) == (boss, "api", "summer sale", 1)

    def test_goes_on_with_a_change_under_its_id(self):
        shirt, trousers = VariantFactory.create_batch(2)
        change_id = new_id()

        change(to(shirt, "40"), change_id=change_id)
        change(to(trousers, "41"), change_id=change_id)

        assert {item[0] for item in items_of(change_id)} == {shirt.id, trousers.id}
        assert PriceChange.objects.using("catalog").get(id=change_id).items_count == 2


class TestProductAfterwards:
    def test_shows_the_cheapest_active_variant_of_several_the_first(self):
        product = ProductFactory(price=Decimal(49))
        blue, red, grey = (
            VariantFactory(product=product, position=position, is_active=active)
            for position, active in ((2, True), (1, True), (0, False))
        )

        change(
            to(blue, "20", compare_price=Decimal(22)),
            to(red, "20", compare_price=Decimal(33)),
            to(grey, "10", compare_price=Decimal(11)),
        )

        assert shown(blue) == (Decimal(20), Decimal(33))

    def test_is_told_of_once(self):
        shirt = VariantFactory(inventory_quantity=0)
        VariantFactory(product=shirt.product, inventory_quantity=0)

        change(Repricing(target=Target(product_id=shirt.product_id), price=Decimal(40)))

        assert told() == [
            ("product.updated", {"product_id": str(shirt.product_id), "slug": shirt.product.slug}),
        ]

    def test_stands_at_its_new_price_in_lists_and_on_its_page_at_once(
        self, client, shirt, django_capture_on_commit_callbacks
    ):
        addresses = ("/api/v1/products/?price_max=45", "/api/v1/products/linen-shirt/")
        before = [client.get(address).json() for address in addresses]

        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            change(Repricing(target=Target(slug="linen-shirt"), price=Decimal("45.00")))

        cheap, page = [client.get(address).json() for address in addresses]
        assert (before[0]["results"], [product["price"] for product in cheap["results"]]) == ([], ["45.00"])
        assert (before[1]["price"], page["price"], page["variants"][0]["price"]) == ("49.00", "45.00", "45.00")
