"""The words that a search knows, and how slips are mended by them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from apps.catalog import services, tasks
from apps.catalog.models import Product, SearchWord
from apps.catalog.selectors import list_products, search_products
from apps.core import clock

from .factories import ProductFactory
from .product_files import shirt
from .searching import found, settle, shop

pytestmark = pytest.mark.django_db(databases=["catalog"])


def known():
    return dict(SearchWord.objects.using("catalog").values_list("word", "products"))


def versions():
    with connections["catalog"].cursor() as cursor:
        cursor.execute("SELECT word, ctid::text, xmin::text FROM search_words")
        return {word: place for word, *place in cursor.fetchall()}


def corrected(text):
    return search_products(list_products(), text=text).corrected


class TestRecountSearchWords:
    def test_counts_stems_and_words_as_they_are_written_and_all_products(self):
        ProductFactory(name="Linen Shirts", sku="A1")
        ProductFactory(name="Linen Coat", sku="B2", description="Shirt")

        services.recount_search_words()

        assert known() == {
            "": 2,
            "linen": 2,
            "=linen": 2,
            "shirt": 2,
            "=shirts": 1,
            "coat": 1,
            "=coat": 1,
        }

    def test_counts_numbers_that_several_products_share(self):
        for number in range(3):
            ProductFactory(name="Case for Galaxy S21", sku=f"CASE{number}")
        ProductFactory(name="Galaxy S22", sku="S22")

        services.recount_search_words()

        assert {word for word in known() if any(letter.isdigit() for letter in word)} == {"s21", "=s21"}

    def test_writes_only_what_differs_and_forgets_what_is_gone(self):
        shirt, _ = shop("Linen Shirt", "Linen Coat")
        before = versions()
        assert services.recount_search_words() == 0
        assert versions() == before

        Product.objects.using("catalog").filter(id=shirt.id).update(is_active=False)
        services.recount_search_words()

        assert "=shirt" not in known()
        assert known()["linen"] == 1
        assert versions()["coat"] == before["coat"]

    @pytest.mark.parametrize("hidden", [{"is_active": False}, {"published_at": datetime(2999, 1, 1, tzinfo=UTC)}])
    def test_knows_no_word_of_hidden_products(self, hidden):
        shop("Secret Shirt", **hidden)

        assert known() == {"": 0}


class TestLearnSearchWords:
    def test_takes_up_new_words_and_keeps_counts_until_all_are_counted(self):
        shop("Linen Shirt")
        coat = ProductFactory(name="Linen Coat", sku="X1")

        assert services.learn_search_words(product_ids=[coat.id]) == 2

        assert (known()["=coat"], known()["linen"]) == (1, 1)

    def test_is_done_for_products_that_were_announced_lately(self):
        coat = ProductFactory(name="Coat")
        services.announce_products(product_ids=[coat.id])

        tasks.learn_search_words()

        assert known()["=coat"] == 1

    def test_leaves_what_was_announced_before(self):
        coat = ProductFactory(name="Coat")
        services.announce_products(product_ids=[coat.id])

        assert services.learn_changed_products(since=clock.now() + timedelta(minutes=1)) == 0
        assert known() == {}

    def test_knows_no_word_of_hidden_products(self):
        secret = ProductFactory(name="Secret", is_active=False)

        assert services.learn_search_words(product_ids=[secret.id]) == 0


class TestMoveSearchTiers:
    def tiers(self):
        return dict(Product.objects.using("catalog").values_list("name", "search_tier"))

    def test_puts_the_most_popular_first_and_back_again(self):
        for score, name in enumerate(["Hat", "Coat", "Socks"]):
            ProductFactory(name=name, popularity_score=score)
        ProductFactory(name="Old", popularity_score=9, is_active=False)

        assert services.move_search_tiers(popular=2) == 2
        assert self.tiers() == {"Hat": 1, "Coat": 0, "Socks": 0, "Old": 1}

        Product.objects.using("catalog").filter(name="Hat").update(popularity_score=5)
        assert services.move_search_tiers(popular=2) == 2
        assert self.tiers() == {"Hat": 0, "Coat": 1, "Socks": 0, "Old": 1}
        assert services.move_search_tiers(popular=2) == 0

    def test_is_part_of_the_hourly_work(self):
        ProductFactory(name="Hat")

        tasks.refresh_search()

        assert self.tiers() == {"Hat": 0}
        assert known()["=hat"] == 1


class TestSlips:
    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("hedphones", "headphones"),
            ("haedphones", "headphones"),
            ("headphonss", "headphones"),
            ("wireles hedphones", "wireless headphones"),
            ("sirt", "shirt"),
            ("shrit", "shirt"),
            ("Shiirt", "shirt"),
            ("linnen sihrt", "linen shirt"),
        ],
    )
    def test_are_mended_word_by_word(self, text, meant):
        shop("Wireless Headphones", "Linen Shirt")

        assert corrected(text) == meant
        assert found(text) == found(meant) != []

    @pytest.mark.parametrize("text", ["shirt", "shirts", "SHIRT", "cat", "qqqqqq", "12345", "linen qqqqqq"])
    def test_are_left_where_a_word_is_known_or_like_no_other(self, text):
        shop("Linen Shirt")

        assert corrected(text) is None

    def test_become_the_word_of_more_products(self):
        shop("Camp Stove", "Lamp", "Desk Lamp")

        assert corrected("ramp") == "lamp"

    def test_keep_the_words_that_nothing_is_like_out_of_the_search(self):
        shop("Linen Shirt")

        assert found("linen qqqqqq") == ["Linen Shirt"]

    def test_never_become_a_word_of_hidden_products_alone(self):
        (secret,) = shop("Secretum")
        Product.objects.using("catalog").filter(id=secret.id).update(is_active=False)

        assert corrected("secretun") is None

    def test_are_no_words_of_new_products_that_nobody_counted(self):
        shop("Lamps")
        ProductFactory(name="Lamas")

        assert corrected("lamas") is None
        assert found("lamas") == ["Lamas"]


class TestAfterAnImport:
    def test_words_are_known_at_once(self, desk):
        desk.run(shirt(title="Chesterfield Sofa"))

        assert found("chesterfeild") == ["Chesterfield Sofa"]
        settle()
        assert known()["=chesterfield"] == 1
