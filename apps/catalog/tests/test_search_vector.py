"""The words by which a product is found, as the trigger keeps them."""

import pytest
from django.db import ProgrammingError, connections, transaction

from apps.catalog.models import Product

from .factories import ProductFactory, VariantFactory
from .stock import change

pytestmark = pytest.mark.django_db(databases=["catalog"])


def vector_of(product):
    return Product.objects.using("catalog").values_list("search_vector", flat=True).get(id=product.id)


def one(statement, *values):
    with connections["catalog"].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


class TestWords:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Linen Shirt", ["linen", "shirt"]),
            ("Crème brûlée, GRÖSSE Ångström", ["creme", "brulee", "grosse", "angstrom"]),
            ("Cre\u0301me", ["creme"]),
            ("TN-2110", ["tn", "2110"]),
            ("SE/8/7/6s", ["se", "8", "7", "6s"]),
            ("Men's l\u2019Oréal", ["mens", "loreal"]),
            ("Core™2 Duo®", ["core", "2", "duo"]),
            ("  -- ... ", []),
            ("", []),
            (None, []),
        ],
    )
    def test_are_read_from_a_text(self, text, words):
        assert one("SELECT search_words_of(%s)", text) == words


class TestSpellings:
    @pytest.mark.parametrize(
        ("text", "spellings"),
        [
            ("T-Shirt", ["TShirt"]),
            ("Brother TN-2110 toner", ["TN2110"]),
            ("tn2110", ["tn", "2110"]),
            ("006R90321", ["006", "R", "90321"]),
            ("i7 6s 2110 shirt", []),
        ],
    )
    def test_join_and_part_what_was_written_otherwise(self, text, spellings):
        assert one("SELECT search_spellings(%s)", text).split() == spellings


class TestSearchVector:
    def test_weighs_name_descriptions_numbers_and_kinds(self):
        shirt = ProductFactory(
            name="Shirts",
            description="<p class='wide'>Woven in&nbsp;Porto</p>",
            short_description="Light",
            sku="LS9",
            barcode="4012345678901",
            vendor="Oliveira",
            product_type="Tops",
            tags=["summer", "linen"],
        )

        assert vector_of(shirt) == (
            "'4012345678901':8C '=linen':16 '=oliveira':13 '=shirts':2A '=summer':15 '=tops':14"
            " 'light':3B 'linen':12 'ls9':7C 'oliveira':9 'porto':6B 'shirt':1A 'summer':11 'top':10 'woven':4B"
        )

    def test_reads_the_words_in_the_language_of_the_product(self):
        hemden = ProductFactory(name="Hemden", sku="H1", search_language="german")

        assert vector_of(hemden) == "'=hemden':2A 'h1':3C 'hemd':1A"

    @pytest.mark.parametrize(
        ("field", "value", "word"),
        [
            ("name", "Dress", "dress"),
            ("description", "Silk", "silk"),
            ("short_description", "Soft", "soft"),
            ("sku", "D1", "d1"),
            ("barcode", "4711", "4711"),
            ("vendor", "Prada", "prada"),
            ("product_type", "Gown", "gown"),
            ("tags", ["Ball"], "ball"),
        ],
    )
    def test_follows_each_of_its_fields(self, field, value, word):
        shirt = ProductFactory(name="Shirt", sku="S1")

        Product.objects.using("catalog").filter(id=shirt.id).update(**{field: value})

        assert f"'{word}':" in vector_of(shirt)

    def test_stays_when_only_the_stock_changes(self):
        shirt = VariantFactory()
        rows = Product.objects.using("catalog").filter(id=shirt.product_id)
        rows.update(search_vector=None)

        change(shirt, inventory_quantity=3)

        assert vector_of(shirt.product) is None
        assert rows.get().inventory_quantity == 3

    def test_takes_the_longest_words_and_texts(self):
        shirt = ProductFactory(name="x" * 255, description="word " * 400_000)

        assert "'word':" in vector_of(shirt)

    def test_refuses_a_language_that_is_not_known(self):
        with pytest.raises(ProgrammingError, match="klingon"), transaction.atomic(using="catalog"):
            ProductFactory(search_language="klingon")
