"""What things cost in a market."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from rest_framework.test import APIClient

from apps.catalog import selectors, services
from apps.catalog.models import Market, MarketPrice, ProductVariant
from apps.core.ids import new_id

from .factories import ProductFactory, VariantFactory
from .office import page
from .reading import PRODUCTS, names

pytestmark = pytest.mark.django_db(databases=["catalog"])

PRICES = "/api/v1/staff/markets/eu/prices/"


@pytest.fixture
def europe():
    Market.objects.using("catalog").create(code="eu", name="Europe", currency="EUR", countries=["PT", "DE"])
    return selectors.get_market(code="eu")


@pytest.fixture
def japan():
    Market.objects.using("catalog").create(code="jp", name="Japan", currency="JPY", countries=["JP"])
    return selectors.get_market(code="jp")


@pytest.fixture
def california(settings):
    Market.objects.using("catalog").create(code="ca", name="California", currency=settings.SHOP_CURRENCY)
    return selectors.get_market(code="ca")


@pytest.fixture
def shirt():
    """In blue and red, 49 and 45 in the shop."""
    product = ProductFactory(name="Linen Shirt", slug="linen-shirt", price=Decimal(45))
    VariantFactory(product=product, sku="LS-BLUE", price=Decimal(49), position=0)
    VariantFactory(product=product, sku="LS-RED", price=Decimal(45), compare_price=Decimal(60), position=1)
    return product


def set_prices(market, **prices):
    """SKUs with a low line for the hyphen."""
    new = [
        services.NewMarketPrice(sku=sku.replace("_", "-"), price=None if price is None else Decimal(price))
        for sku, price in prices.items()
    ]
    return services.set_market_prices(market=market, prices=new)


def priced(answer):
    return [(item["name"], item["price"], item["currency"]) for item in answer.json()["results"]]


class TestList:
    def test_shows_the_prices_of_the_market_and_what_is_sold_there(self, client, europe, shirt):
        VariantFactory(product__name="Kettle", price=Decimal(10))
        set_prices(europe, LS_BLUE="41.50", LS_RED="43")

        assert priced(client.get(PRODUCTS, {"market": "eu"})) == [("Linen Shirt", "41.50", "EUR")]
        assert names(client.get(PRODUCTS)) == ["Kettle", "Linen Shirt"]
        assert priced(client.get(PRODUCTS, {"market": "eu", "search": "linen"})) == [("Linen Shirt", "41.50", "EUR")]

    def test_writes_the_digits_of_the_currency(self, client, japan, shirt):
        set_prices(japan, LS_RED=5400)

        assert priced(client.get(PRODUCTS, {"market": "jp"})) == [("Linen Shirt", "5400", "JPY")]

    def test_falls_back_to_the_shop_where_the_currency_is_the_same(self, client, california, shirt, settings):
        VariantFactory(product__name="Kettle", product__price=Decimal(10), price=Decimal(10))
        set_prices(california, LS_RED="55")

        answer = client.get(PRODUCTS, {"market": "ca"})

        # The blue one has the lower price now: that of the shop.
        assert priced(answer) == [
            ("Kettle", "10.00", settings.SHOP_CURRENCY),
            ("Linen Shirt", "49.00", settings.SHOP_CURRENCY),
        ]

    @pytest.mark.parametrize(
        ("market", "query", "found"),
        [
            ("eu", {"price_min": "41"}, ["Linen Shirt"]),
            ("eu", {"price_max": "41"}, ["Kettle"]),
            ("ca", {"price_min": "46"}, ["Linen Shirt"]),
            ("ca", {"price_max": "46"}, ["Kettle"]),
        ],
    )
    def test_filters_by_the_prices_of_the_market(self, client, europe, california, shirt, market, query, found):
        VariantFactory(product__name="Kettle", sku="K", price=Decimal(10))
        set_prices(europe, LS_BLUE="41.50", K="9")
        set_prices(california, LS_RED="55")

        assert names(client.get(PRODUCTS, {"market": market} | query)) == found

    def test_counts_and_pages_within_the_market(self, client, europe):
        for n in range(3):
            VariantFactory(sku=f"K{n}")
        set_prices(europe, K0=1, K2=2)

        numbered = client.get(PRODUCTS, {"market": "eu", "page": 1, "limit": 1}).json()
        first = client.get(PRODUCTS, {"market": "eu", "limit": 1}).json()
        second = client.get(first["next"]).json()

        assert (numbered["total"], numbered["has_next_page"]) == (2, True)
        assert [first["results"][0]["price"], second["results"][0]["price"]] == ["2.00", "1.00"]

    @pytest.mark.parametrize(("query", "wrong"), [({"market": "us"}, "market"), ({"sort": "price"}, "sort")])
    def test_refuses_what_it_cannot_do(self, client, europe, query, wrong):
        answer = client.get(PRODUCTS, {"market": "eu"} | query)

        assert (answer.status_code, list(answer.json()["errors"])) == (422, [wrong])

    def test_takes_one_query_a_page_for_its_prices(self, client, europe, django_assert_num_queries):
        for n in range(9):
            VariantFactory(sku=f"K{n}")
        set_prices(europe, **{f"K{n}": 5 for n in range(9)})

        with django_assert_num_queries(3, using="catalog"):
            assert len(client.get(PRODUCTS, {"market": "eu"}).json()["results"]) == 9
        with django_assert_num_queries(0, using="catalog"):
            client.get(PRODUCTS, {"market": "eu"})

    def test_shows_fields_facets_and_categories_within_the_market(self, client, europe, shirt):
        ProductFactory(name="Unsold", vendor="Prada")
        shirt.vendor = "Oliveira"
        shirt.save(using="catalog")
        set_prices(europe, LS_RED="41")

        answer = client.get(f"{PRODUCTS}?market=eu&fields=name,price&expand=categories&facets=true&price_max=41").json()

        assert answer["results"] == [{"name": "Linen Shirt", "price": "41.00", "categories": []}]
        assert answer["facets"]["vendor"]["values"] == [{"value": "Oliveira", "count": 1}]
        assert "price" not in answer["facets"]
        assert client.get(f"{PRODUCTS}linen-shirt/?market=eu&fields=price,currency").json() == {
            "price": "41.00",
            "currency": "EUR",
        }

    def test_leaves_prices_of_variants_to_the_page_and_counts_none(self, client, europe, shirt):
        for query, wrong in (("expand=variants", "expand"), ("facets=price", "facets")):
            answer = client.get(f"{PRODUCTS}?market=eu&{query}")

            assert (answer.status_code, list(answer.json()["errors"])) == (422, [wrong])


class TestPage:
    def test_shows_the_variants_sold_in_the_market_at_its_prices(self, client, europe, shirt):
        set_prices(europe, LS_RED="43")

        shown = client.get(f"{PRODUCTS}linen-shirt/", {"market": "eu"}).json()

        assert (shown["price"], shown["compare_price"], shown["currency"]) == ("43.00", None, "EUR")
        assert [(v["sku"], v["price"], v["currency"]) for v in shown["variants"]] == [("LS-RED", "43.00", "EUR")]
        assert client.get(f"{PRODUCTS}linen-shirt/").json()["price"] == "45.00"

    def test_falls_back_to_the_shop_where_the_currency_is_the_same(self, client, california, shirt):
        set_prices(california, LS_BLUE="39")

        shown = client.get(f"{PRODUCTS}linen-shirt/", {"market": "ca"}).json()

        assert [(v["sku"], v["price"], v["compare_price"]) for v in shown["variants"]] == [
            ("LS-BLUE", "39.00", None),
            ("LS-RED", "45.00", "60.00"),
        ]
        assert shown["price"] == "39.00"

    def test_is_missing_where_nothing_of_it_is_sold(self, client, europe, shirt):
        assert client.get(f"{PRODUCTS}linen-shirt/", {"market": "eu"}).status_code == 404

    def test_is_never_older_than_its_price(self, client, europe, shirt, django_capture_on_commit_callbacks):
        for price in ("43", "42"):
            with django_capture_on_commit_callbacks(using="catalog", execute=True):
                set_prices(europe, LS_RED=price)
            assert client.get(f"{PRODUCTS}linen-shirt/", {"market": "eu"}).json()["price"] == f"{price}.00"
            assert priced(client.get(PRODUCTS, {"market": "eu"})) == [("Linen Shirt", f"{price}.00", "EUR")]

    def test_goes_with_its_market(self, client, europe, shirt, django_capture_on_commit_callbacks):
        set_prices(europe, LS_RED="43")
        assert client.get(f"{PRODUCTS}linen-shirt/", {"market": "eu"}).status_code == 200

        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            Market.objects.using("catalog").update(is_active=False)
            services.announce_markets()

        assert client.get(f"{PRODUCTS}linen-shirt/", {"market": "eu"}).status_code == 422


class TestSetMarketPrices:
    def test_writes_what_differs_and_records_it(self, europe, shirt):
        ines = new_id()
        assert set_prices(europe, LS_RED="43", LS_BLUE="41") == 1

        with services.acting(actor_id=ines, source="api"):
            assert set_prices(europe, LS_RED="42", LS_BLUE="41") == 1
            assert set_prices(europe, LS_BLUE=None) == 1
        assert set_prices(europe, LS_BLUE=None, LS_RED="42") == 0

        last = selectors.list_product_changes(product_id=shirt.id).order_by("-id")[:2]
        assert [(change["sku"], change["changes"], change["actor_id"]) for change in last] == [
            ("LS-BLUE", {"price in eu": ["41.000", None]}, ines),
            ("LS-RED", {"price in eu": ["43.000", "42.000"]}, ines),
        ]

    def test_goes_with_the_variant_and_the_market(self, europe, japan):
        for sku in ("A", "B"):
            VariantFactory(sku=sku, inventory_quantity=0)
        set_prices(europe, A=1, B=1)
        set_prices(japan, A=100)

        ProductVariant.objects.using("catalog").filter(sku="B")._raw_delete("catalog")
        Market.objects.using("catalog").filter(code="jp")._raw_delete("catalog")

        assert list(MarketPrice.objects.using("catalog").values_list("variant__sku", flat=True)) == ["A"]

    def test_leaves_carts_to_the_price_of_the_shop(self, europe, shirt, settings):
        set_prices(europe, LS_RED="43")
        red = shirt.variants.get(sku="LS-RED")

        offer = selectors.list_offers(variant_ids=[red.id])[red.id]

        assert (offer.price, offer.currency) == (Decimal(45), settings.SHOP_CURRENCY)


class TestStaffApi:
    @pytest.fixture
    def merchant(self, own_cache):
        user = SimpleNamespace(
            is_authenticated=True, pk=new_id(), has_perm=lambda wanted: wanted in ("products.view", "products.change")
        )
        client = APIClient()
        client.force_authenticate(user)
        return client

    def test_sets_and_lists_prices(self, merchant, europe, shirt):
        sent = {"prices": [{"sku": "LS-RED", "price": "43.00", "compare_price": "50"}]}

        answer = merchant.put(PRICES, sent, format="json")
        (listed,) = merchant.get(PRICES).json()["results"]

        assert (answer.status_code, answer.json()) == (200, {"products_changed": 1})
        assert listed.pop("updated_at")
        assert listed == {
            "variant_id": str(shirt.variants.get(sku="LS-RED").id),
            "sku": "LS-RED",
            "price": "43.00",
            "compare_price": "50.00",
            "currency": "EUR",
        }

    def test_names_each_price_that_is_wrong_and_writes_none(self, merchant, japan, shirt):
        prices = [
            {"sku": "LS-RED", "price": "5400"},
            {"sku": "LS-RED", "price": "5400"},
            {"sku": "NOWHERE", "price": "1"},
            {"sku": "LS-BLUE", "price": "54.50"},
        ]

        answer = merchant.put(PRICES.replace("eu", "jp"), {"prices": prices}, format="json")

        assert (answer.status_code, sorted(answer.json()["errors"])) == (
            422,
            ["prices.1.sku", "prices.2.sku", "prices.3.price"],
        )
        assert MarketPrice.objects.using("catalog").count() == 0

    def test_knows_no_other_market(self, merchant):
        assert merchant.get(PRICES).status_code == 404

    def test_lists_markets_to_everybody(self, client, europe, japan):
        Market.objects.using("catalog").filter(code="jp").update(is_active=False)

        assert client.get("/api/v1/markets/").json() == [
            {"code": "eu", "name": "Europe", "currency": "EUR", "countries": ["PT", "DE"]}
        ]


@pytest.mark.django_db(databases=["accounts", "catalog", "orders"])
@pytest.mark.usefixtures("own_cache")
class TestOffice:
    def test_makes_a_market(self, office):
        sent = {"name": "Europe", "code": "eu", "currency": "EUR", "countries": "PT,DE", "is_active": "on"}

        assert office.post(page("market", "add"), sent).status_code == 302

        market = Market.objects.using("catalog").get()
        assert (market.code, market.currency, market.countries) == ("eu", "EUR", ["PT", "DE"])

    def test_keeps_the_currency_of_a_market_with_prices(self, office, europe, shirt):
        set_prices(europe, LS_RED="43")
        sent = {"name": "Euroland", "code": "eu", "currency": "USD", "countries": "", "is_active": "on"}

        assert office.post(page("market", "change", europe.id), sent).status_code == 302

        market = Market.objects.using("catalog").get()
        assert (market.name, market.currency) == ("Euroland", "EUR")
