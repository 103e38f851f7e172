"""What is suggested while somebody types."""

from datetime import UTC, datetime

import pytest

from apps.catalog.models import Product

from .reading import PRODUCTS
from .searching import shop

pytestmark = pytest.mark.django_db(databases=["catalog"])


def suggested(client, text):
    return client.get(f"{PRODUCTS}suggest/", {"q": text}).json()


def words(client, text):
    return suggested(client, text)["words"]


class TestSuggest:
    def test_tells_how_the_last_word_goes_on_and_products(self, client):
        shirt, *_ = shop("Linen Shirt", "Silk Shirt", "Linen Shoes", images=[{"url": "/media/a.svg"}])

        answer = suggested(client, "linen shi")

        assert answer["words"] == ["linen shirt"]
        assert answer["products"] == [
            {
                "id": str(shirt.id),
                "slug": shirt.slug,
                "name": "Linen Shirt",
                "price": "49.00",
                "currency": "USD",
                "image": {"url": "/media/a.svg"},
            }
        ]

    def test_puts_first_the_words_of_more_products(self, client):
        shop("Silk Shirt", "Linen Shirt", "Shoes", "Shawl")

        assert words(client, "sh") == ["shirt", "shawl", "shoes"]
        assert words(client, "SHÓ") == ["shoes"]

    def test_keeps_the_words_before_as_they_were_typed(self, client):
        shop("The Linen Shirt")

        assert words(client, "the LINEN s") == ["the linen shirt"]

    def test_finds_numbers_by_their_beginning(self, client):
        shop("Toner", sku="TN-2110")

        assert [p["name"] for p in suggested(client, "tn-21")["products"]] == ["Toner"]
        assert [p["name"] for p in suggested(client, "tn21")["products"]] == ["Toner"]

    def test_mends_a_slip(self, client):
        shop("Headphones")

        answer = suggested(client, "haedphones")

        assert (answer["words"], [p["name"] for p in answer["products"]]) == (["headphones"], ["Headphones"])

    @pytest.mark.parametrize("text", ["zzz", "!!!", "'", "a:* | b", "%", "_"])
    def test_tells_nothing_where_nothing_is(self, client, text):
        shop("Shirt")

        assert suggested(client, text) == {"words": [], "products": []}

    @pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=" + "x" * 201])
    def test_refuses_what_is_nothing_or_too_much(self, client, query):
        response = client.get(f"{PRODUCTS}suggest/{query}")

        assert (response.status_code, list(response.json()["errors"])) == (422, ["q"])

    @pytest.mark.parametrize("hidden", [{"is_active": False}, {"published_at": datetime(2999, 1, 1, tzinfo=UTC)}])
    def test_tells_nothing_of_hidden_products(self, client, hidden):
        shop("Secretum", "Secretly")
        Product.objects.using("catalog").filter(name="Secretum").update(**hidden)

        answer = suggested(client, "secre")

        assert (answer["words"], [p["name"] for p in answer["products"]]) == (["secretly"], ["Secretly"])

    def test_takes_six_queries_however_much_it_finds(self, client, django_assert_num_queries):
        shop(*(f"Linen Shirt{letter}" for letter in "ABCDEFGHIJ"))

        with django_assert_num_queries(6, using="catalog"):
            suggested(client, "linen shi")
        with django_assert_num_queries(0, using="catalog"):
            suggested(client, "Linen  shi")
