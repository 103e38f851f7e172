"""The lists of products as a search answers them."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest

from apps.catalog import services
from apps.catalog.models import Product, SearchBoost, SearchSynonym

from .factories import PUBLISHED_AT, CategoryFactory, ProductFactory, VariantFactory
from .reading import PRODUCTS, names, shelve
from .searching import settle, shop

PRICES = count(1000)
pytestmark = pytest.mark.django_db(databases=["catalog"])


class TestSearch:
    def test_answers_by_relevance_with_the_best_first(self, client):
        shop("Linen Coat", "Linen Shirt", "Lamp")

        response = client.get(f"{PRODUCTS}?search=Linen%20%20shirt")

        assert response.status_code == 200
        assert names(response) == ["Linen Shirt", "Linen Coat"]
        assert (response.json()["next"], response.json()["previous"], response.json()["corrected"]) == (None,) * 3
        assert names(client.get(f"{PRODUCTS}?search=linen+shirt&sort=relevance")) == ["Linen Shirt", "Linen Coat"]

    def test_tells_what_it_looked_for_instead(self, client):
        shop("Linen Shirt")

        assert client.get(f"{PRODUCTS}?search=linnen").json()["corrected"] == "linen"

    def test_sorts_otherwise_what_has_every_word(self, client):
        shop("Linen Shirt", price=Decimal(30))
        shop("Linen Shirt Long", price=Decimal(20))
        shop("Linen Coat", price=Decimal(10))

        assert names(client.get(f"{PRODUCTS}?search=linen+shirt&sort=price")) == ["Linen Shirt Long", "Linen Shirt"]
        assert names(client.get(f"{PRODUCTS}?search=wool+coat&sort=-price")) == ["Linen Coat"]

    def test_is_narrowed_by_every_filter(self, client):
        shirt, _, _ = shop("Linen Shirt", "Linen Coat", "Linen Hat", tags=["summer"], vendor="Oliveira")
        VariantFactory(product=shirt)
        shelve(shirt, CategoryFactory(slug="shirts"))

        for narrowed in ("category=shirts", "in_stock=true", "tags=summer&vendor=oliv&category=shirts"):
            assert names(client.get(f"{PRODUCTS}?search=linen&{narrowed}")) == ["Linen Shirt"]
        assert names(client.get(f"{PRODUCTS}?search=linen&price_min=50")) == []
        assert names(client.get(f"{PRODUCTS}?search=linen&category=none")) == []

    def test_is_none_when_it_is_blank_and_finds_nothing_without_a_word(self, client):
        shop("Linen Shirt")

        assert names(client.get(f"{PRODUCTS}?search=%20")) == ["Linen Shirt"]
        assert names(client.get(f"{PRODUCTS}?sort=relevance")) == ["Linen Shirt"]
        assert names(client.get(f"{PRODUCTS}?search=!!!")) == []

    def test_names_the_parameter_that_is_wrong(self, client):
        response = client.get(f"{PRODUCTS}?search={'x' * 201}")

        assert response.status_code == 422
        assert list(response.json()["errors"]) == ["search"]

    def test_takes_four_queries_however_much_it_finds_and_one_for_what_may_be_a_number(
        self, client, django_assert_num_queries
    ):
        shop(*(f"Linen Shirt {letter}" for letter in "ABCDEFGHIJ"))

        with django_assert_num_queries(4, using="catalog"):
            client.get(f"{PRODUCTS}?search=linen+shirt")
        with django_assert_num_queries(5, using="catalog"):
            client.get(f"{PRODUCTS}?search=linen&page=1")


class TestNumbersOfVariants:
    @pytest.fixture(autouse=True)
    def shelf(self):
        self.shirt, self.coat, self.hat = shop("Linen Shirt", "Linen Coat", "Hat", price=Decimal(20))
        VariantFactory(product=self.coat, sku="LC-Blue 7")
        VariantFactory(product=self.coat, sku="OLD-7", is_active=False)
        VariantFactory(product=self.hat, sku="linen")

    @pytest.mark.parametrize("typed", ["LC-Blue 7", "lc-blue 7", "%20LC-BLUE%207%20"])
    def test_find_their_product_in_any_case(self, client, typed):
        response = client.get(f"{PRODUCTS}?search={typed}").json()

        assert [product["name"] for product in response["results"]] == ["Linen Coat"]
        assert response["corrected"] is None

    def test_stand_before_what_has_the_word(self, client):
        for more in ("", "&page=1"):
            first, *others = names(client.get(f"{PRODUCTS}?search=linen{more}"))
            assert (first, sorted(others)) == ("Hat", ["Linen Coat", "Linen Shirt"])
        assert "Hat" in names(client.get(f"{PRODUCTS}?search=linen&sort=name"))

    def test_lead_from_page_to_page(self, client):
        first = client.get(f"{PRODUCTS}?search=linen&limit=1").json()
        second = client.get(first["next"]).json()

        assert [product["name"] for product in first["results"]] == ["Hat"]
        assert len(second["results"]) == 1
        assert len(client.get(second["next"]).json()["results"]) == 1

    def test_find_nothing_that_filters_or_the_shop_leave_out(self, client):
        self.hat.is_active = False
        self.hat.save(using="catalog")

        assert names(client.get(f"{PRODUCTS}?search=LC-Blue+7&price_min=21")) == []
        assert "Linen Coat" not in names(client.get(f"{PRODUCTS}?search=OLD-7"))
        assert "Hat" not in names(client.get(f"{PRODUCTS}?search=linen"))


class TestPages:
    @pytest.fixture(autouse=True)
    def shelf(self, client):
        """Ten products: in threes they are alike, so that the id parts them."""
        self.client = client
        shop(*["Linen Shirt"] * 3, *["Linen Coat of a longer name"] * 4, *["Hat"] * 2)
        ProductFactory(name="Dress", sku="D0", description="linen")
        settle()
        self.all = self.ids(client.get(f"{PRODUCTS}?search=linen&limit=100"))

    def ids(self, response):
        return [product["id"] for product in response.json()["results"]]

    def test_are_walked_both_ways_without_a_gap(self):
        assert len(self.all) == 8
        pages = [self.client.get(f"{PRODUCTS}?search=linen&limit=3")]
        while address := pages[-1].json()["next"]:
            pages.append(self.client.get(address))

        assert [self.ids(page) for page in pages] == [self.all[:3], self.all[3:6], self.all[6:]]
        back = self.client.get(pages[-1].json()["previous"])
        assert self.ids(back) == self.all[3:6]
        first = self.client.get(back.json()["previous"])
        assert self.ids(first) == self.all[:3]
        assert first.json()["previous"] is None

    def test_neither_repeat_nor_hide_one_when_others_come_and_go(self):
        first = self.client.get(f"{PRODUCTS}?search=linen&limit=3").json()
        Product.objects.using("catalog").filter(id=self.all[0]).update(is_active=False)
        shop("Linen")

        assert self.ids(self.client.get(first["next"])) == self.all[3:6]

    def test_are_numbered_when_asked(self):
        page = self.client.get(f"{PRODUCTS}?search=linen&limit=3&page=3").json()

        assert [product["id"] for product in page.pop("results")] == self.all[6:]
        assert page == {
            "total": 8,
            "total_is_exact": True,
            "page": 3,
            "limit": 3,
            "has_next_page": False,
            "corrected": None,
        }

    @pytest.mark.parametrize("cursor", ["x", "WzFd", "W2ZhbHNlLCAxLCAyXQ"])
    def test_refuse_a_cursor_of_another_list(self, cursor):
        response = self.client.get(f"{PRODUCTS}?search=linen&cursor={cursor}")

        assert (response.status_code, list(response.json()["errors"])) == (422, ["cursor"])


class TestKeptAnswers:
    @pytest.fixture(autouse=True)
    def kept(self, client, django_capture_on_commit_callbacks):
        self.committing = lambda: django_capture_on_commit_callbacks(using="catalog", execute=True)
        self.answer = lambda: names(client.get(f"{PRODUCTS}?search=ottoman"))
        self.suggested = lambda: client.get(f"{PRODUCTS}suggest/?q=otto").json()
        ProductFactory(name="Footstool", slug="footstool", created_at=PUBLISHED_AT - timedelta(days=1))
        settle()
        assert (self.answer(), self.suggested()["words"]) == ([], [])

    def test_are_shared_by_spellings_of_one_query(self, client, django_assert_num_queries):
        with django_assert_num_queries(0, using="catalog"):
            assert names(client.get(f"{PRODUCTS}?search=%20OTTOMAN%20")) == []

    def test_are_stale_after_a_product_changed(self):
        with self.committing():
            product = ProductFactory(name="Ottoman")
            services.announce_products(product_ids=[product.id])

        assert self.answer() == ["Ottoman"]

    def test_are_stale_after_synonyms_changed(self):
        with self.committing():
            SearchSynonym.objects.using("catalog").create(phrase="ottoman", meaning="footstool")
            services.announce_searches()

        assert self.answer() == ["Footstool"]

    def test_are_stale_after_words_were_counted(self):
        ProductFactory(name="Ottoman")

        with self.committing():
            services.recount_search_words()

        assert self.answer() == ["Ottoman"]
        assert self.suggested()["words"] == ["ottoman"]


class TestBoosts:
    @pytest.fixture(autouse=True)
    def shelf(self, client):
        self.client = client
        first = {"vendor": "Oliveira", "product_type": "Shirts", "tags": ["summer"]}
        (self.plain,) = shop("Linen Shirt", vendor="Prada", product_type="Tops", tags=["winter"])
        (self.other,) = shop("Linen Shirt of a much longer name", **first)
        shelve(self.other, CategoryFactory(parent=CategoryFactory(slug="clothes"), slug="shirts"))
        assert self.order() == [self.plain.name, self.other.name]

    def order(self, text="linen"):
        # Each time another cache key.
        return names(self.client.get(f"{PRODUCTS}?search={text}&vendor=&price_max={next(PRICES)}"))

    def boost(self, **fields):
        return SearchBoost.objects.using("catalog").create(**{"factor": 5} | fields)

    @pytest.mark.parametrize("target", [{"vendor": "oliveira"}, {"product_type": "SHIRTS"}, {"tag": "summer"}])
    def test_raise_products_by_what_they_have(self, target):
        self.boost(**target)

        assert self.order() == [self.other.name, self.plain.name]

    def test_raise_a_product_or_all_below_a_category(self):
        boost = self.boost(product=self.other)
        assert self.order() == [self.other.name, self.plain.name]
        boost.delete(using="catalog")

        self.boost(category_id=self.other.categories.get().parent_id)
        assert self.order() == [self.other.name, self.plain.name]

    def test_lower_products(self):
        self.boost(vendor="Prada", factor=0.1)

        assert self.order() == [self.other.name, self.plain.name]

    def test_lower_what_is_made_for_a_thing_below_the_thing(self):
        shop("Notebook Case", "Notebook Pro Silver")

        assert self.order("notebook") == ["Notebook Pro Silver", "Notebook Case"]
        assert self.order("notebook cases")[0] == "Notebook Case"

    def test_by_a_word_count_for_queries_without_it(self):
        self.boost(word="longer names")

        assert self.order("linen shirt") == [self.other.name, self.plain.name]

    def test_are_for_their_query_alone(self):
        self.boost(query="Linen  SHIRT", vendor="Oliveira")

        assert self.order("linen") == [self.plain.name, self.other.name]
        assert self.order("linen shirt") == [self.other.name, self.plain.name]

    def test_do_nothing_when_they_are_off(self):
        self.boost(vendor="Oliveira", is_active=False)

        assert self.order() == [self.plain.name, self.other.name]

    def test_bring_in_nothing_that_does_not_match(self):
        shop("Lamp", vendor="Lumen")
        self.boost(vendor="Lumen", factor=100)

        assert self.order() == [self.plain.name, self.other.name]
