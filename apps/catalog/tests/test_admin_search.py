"""Synonyms and boosts in the back office."""

import pytest
from django.db import IntegrityError, transaction

from apps.catalog.models import SearchBoost, SearchSynonym

from .factories import CategoryFactory, ProductFactory
from .office import form_of, page
from .reading import PRODUCTS, names
from .searching import shop

pytestmark = [pytest.mark.django_db(databases=["accounts", "catalog", "orders"]), pytest.mark.usefixtures("own_cache")]


class TestSynonymPage:
    def test_adds_one_that_works_at_once(self, office, client, django_capture_on_commit_callbacks):
        shop("Footstool")
        assert names(client.get(f"{PRODUCTS}?search=ottoman")) == []
        address = page("searchsynonym", "add")

        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            fields = {"phrase": "Ottomans", "meaning": "foot stools", "language": "english", "is_active": "on"}
            response = office.post(address, form_of(office, address) | fields)

        assert response.status_code == 302
        added = SearchSynonym.objects.using("catalog").get(phrase="Ottomans")
        assert (added.phrase_key, added.meaning_key, str(added)) == ("ottoman", "foot stool", "Ottomans = foot stools")
        assert names(client.get(f"{PRODUCTS}?search=ottoman")) == []
        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            address = page("searchsynonym", "change", added.id)
            office.post(address, form_of(office, address) | {"meaning": "footstool"})
        assert names(client.get(f"{PRODUCTS}?search=ottoman")) == ["Footstool"]

    def test_deletes_one(self, office, client, django_capture_on_commit_callbacks):
        shop("Sofa")
        assert names(client.get(f"{PRODUCTS}?search=couch")) == ["Sofa"]
        couch = SearchSynonym.objects.using("catalog").get(phrase="sofa", meaning="couch")

        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            office.post(page("searchsynonym", "delete", couch.id), {"post": "yes"})

        assert names(client.get(f"{PRODUCTS}?search=couch")) == []

    def test_offers_the_languages_of_the_shop(self, office, settings):
        settings.SEARCH_LANGUAGES = ["english", "german"]

        form = office.get(page("searchsynonym", "add")).context["adminform"].form

        assert form.fields["language"].choices == [("english", "english"), ("german", "german")]


class TestBoostPage:
    def send(self, office, **fields):
        address = page("searchboost", "add")
        return office.post(address, form_of(office, address) | {"factor": "3"} | fields)

    def test_adds_one_for_each_kind_of_target(self, office):
        shirt, clothes = ProductFactory(), CategoryFactory()

        self.send(office, vendor="Oliveira")
        self.send(office, product_type="Shirts")
        self.send(office, tag="summer")
        self.send(office, category=str(clothes.id))
        self.send(office, product=str(shirt.id), query="Linen, SHIRT")

        self.send(office, word="sleeve")

        boosts = SearchBoost.objects.using("catalog").filter(factor=3).order_by("id")
        assert [boost.target for boost in boosts] == [
            "Oliveira",
            "Shirts",
            "summer",
            clothes.name,
            shirt.name,
            "sleeve",
        ]
        assert boosts.get(product=shirt).query_key == "linen shirt"

    @pytest.mark.parametrize("fields", [{}, {"vendor": "Oliveira", "tag": "summer"}])
    def test_refuses_one_with_no_target_or_two(self, office, fields):
        response = self.send(office, **fields)

        assert "only one of them" in response.content.decode()
        assert not SearchBoost.objects.using("catalog").filter(word="").exists()

    @pytest.mark.parametrize("factor", ["0", "-1", "101"])
    def test_refuses_a_factor_that_turns_the_order(self, office, factor):
        assert self.send(office, vendor="Oliveira", factor=factor).status_code == 200
        assert not SearchBoost.objects.using("catalog").filter(word="").exists()


class TestSearchBoostHasOneTarget:
    @pytest.mark.parametrize("fields", [{}, {"vendor": "Oliveira", "tag": "summer"}])
    def test_is_kept_by_the_database(self, fields):
        with pytest.raises(IntegrityError, match="search_boost_has_one_target"), transaction.atomic(using="catalog"):
            SearchBoost.objects.using("catalog").create(**fields)

    def test_goes_with_what_it_names(self):
        shirt = ProductFactory()
        SearchBoost.objects.using("catalog").create(product=shirt)

        shirt.delete(using="catalog")

        assert not SearchBoost.objects.using("catalog").filter(word="").exists()
