"""What a search finds, and in what order."""

from datetime import UTC, datetime

import pytest

from apps.catalog.models import Product, SearchSynonym
from apps.catalog.selectors import list_products, search_products

from .searching import found, settle, shop

pytestmark = pytest.mark.django_db(databases=["catalog"])


class TestSearchProducts:
    def test_finds_any_of_the_words_and_puts_first_what_has_more(self):
        shop("Blue Linen Shirt", "Blue Wool Coat", "Linen Shirt", "Lamp")

        assert found("blue linen shirt") == ["Blue Linen Shirt", "Linen Shirt", "Blue Wool Coat"]

    def test_finds_words_in_other_forms_and_puts_the_same_form_first(self):
        shop("Game", "Gaming Chair")

        assert found("gaming") == ["Gaming Chair", "Game"]
        assert found("games") == ["Game", "Gaming Chair"]

    def test_finds_what_the_description_the_vendor_the_type_or_a_tag_says(self):
        shop("One", description="<b>Handwoven</b>")
        shop("Two", vendor="Handwoven")
        shop("Three", product_type="Handwoven")
        shop("Four", tags=["handwoven"])
        shop("Handwoven Five")
        settle()

        names = found("handwoven")

        assert names[0] == "Handwoven Five"
        assert sorted(names[1:]) == ["Four", "One", "Three", "Two"]

    def test_lets_the_rarer_word_decide(self):
        shop("Cotton Shirt", "Cotton Socks", "Cotton Trousers", "Cotton Dress", "Velvet Cushion")

        assert found("cotton velvet")[0] == "Velvet Cushion"

    def test_puts_first_where_the_words_stand_together(self):
        text = "With a desk lamp beside the usual hub of cables for any usb port"
        shop("Cable", description=text)
        shop("Port", description="An usb hub " + text.replace("hub", "box"))
        settle()

        assert found("usb hub") == ["Port", "Cable"]

    @pytest.mark.parametrize("text", ["cafe", "Café", "CAFE\u0301"])
    def test_minds_no_accents_and_no_case(self, text):
        shop("Café Crème")

        assert found(text) == ["Café Crème"]

    @pytest.mark.parametrize("name", ["Toner TN-2110", "Toner TN2110", "Toner TN 2110"])
    @pytest.mark.parametrize("text", ["tn-2110", "tn2110", "TN 2110", "2110", "tn21", "tn-21"])
    def test_finds_a_model_however_its_number_is_written_and_by_its_beginning(self, name, text):
        shop(name, "Toner HL-3040", "Drum DR-9000")

        assert found(text)[0] == name

    def test_finds_a_number_by_a_part_within_it(self):
        shop("Cartridge", sku="006R90321")

        assert found("r9032") == ["Cartridge"]

    def test_joins_and_parts_words(self):
        shop("Cotton T-Shirt", "Notebook Sleeve")

        assert found("tshirt") == ["Cotton T-Shirt"]
        assert found("note book") == ["Notebook Sleeve"]

    def test_finds_words_that_say_nothing_only_where_all_are_such(self):
        shop("The Who", "Shirt")

        assert found("the shirt") == ["Shirt"]
        assert found("the") == ["The Who"]

    @pytest.mark.parametrize("text", ["", "...", "!?", "nothingofthekind", "99999999", "'; DROP TABLE", "a & b | !c:*"])
    def test_finds_nothing_where_nothing_is(self, text):
        shop("Linen Shirt")

        assert found(text) == []

    def test_reads_the_query_in_each_language_of_the_shop(self, settings):
        settings.SEARCH_LANGUAGES = ["english", "german"]
        shop("Blaue Hemden", search_language="german")
        settle()

        assert found("Hemd") == ["Blaue Hemden"]

    def test_takes_what_was_never_counted(self):
        shop("Linen Shirt")

        assert found("linen") == ["Linen Shirt"]

    def test_searches_among_the_products_it_is_given(self):
        shop("Linen Shirt", vendor="Oliveira")
        shop("Linen Coat", vendor="Prada")

        matches = search_products(list_products().filter(vendor="Prada"), text="linen").matches

        assert [Product.objects.using("catalog").get(id=m.id).name for m in matches] == ["Linen Coat"]
        assert search_products(list_products().none(), text="linen").matches == []

    def test_tells_which_have_every_word(self):
        shirt, _ = shop("Linen Shirt", "Linen Coat")

        answer = search_products(list_products(), text="linen shirt")

        assert [match.is_whole for match in answer.matches] == [True, False]
        assert answer.whole == [shirt.id]


class TestHiddenProducts:
    @pytest.mark.parametrize(
        "hidden",
        [
            pytest.param({"is_active": False}, id="inactive"),
            pytest.param({"published_at": None}, id="unpublished"),
            pytest.param({"published_at": datetime(2999, 1, 1, tzinfo=UTC)}, id="to be published"),
        ],
    )
    @pytest.mark.parametrize("text", ["linen", "linen shirt", "shirt", "blue lines", "ln-77", "LN77", "n77", "linnen"])
    def test_are_never_found(self, text, hidden):
        shop("Linen Shirt", sku="LN-77", description="Blue lines", **hidden)
        Product.objects.using("catalog").update(search_tier=0)

        assert search_products(list_products(), text=text) == search_products(list_products().none(), text=text)
        assert found(text) == []


class TestSynonyms:
    def test_find_each_other_both_ways(self):
        SearchSynonym.objects.using("catalog").create(phrase="chesterfield", meaning="leather sofa")
        shop("Brown Chesterfield", "Leather Sofa", "Garden Chair")

        assert found("chesterfield") == ["Brown Chesterfield", "Leather Sofa"]
        assert sorted(found("chesterfields")) == ["Brown Chesterfield", "Leather Sofa"]
        assert found("leather sofa") == ["Leather Sofa", "Brown Chesterfield"]

    def test_find_one_way_alone(self):
        SearchSynonym.objects.using("catalog").create(phrase="ottoman", meaning="footstool", both_ways=False)
        shop("Ottoman", "Footstool")

        assert found("ottoman") == ["Ottoman", "Footstool"]
        assert found("footstool") == ["Footstool"]

    def test_do_nothing_when_they_are_off(self):
        SearchSynonym.objects.using("catalog").create(phrase="ottoman", meaning="footstool", is_active=False)
        shop("Footstool")

        assert found("ottoman") == []

    def test_of_english_come_with_the_shop(self):
        shop("Solid State Drive 1 TB", "Sofa")

        assert found("ssd") == ["Solid State Drive 1 TB"]
        assert found("couch") == ["Sofa"]
