"""What an import makes of the categories that a file names, and of the language it is written in."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.catalog.importing.report import Tally
from apps.catalog.importing.terms import Shelving, Terms
from apps.catalog.models import Category, Product
from apps.core.testing.statements import captured

from .factories import CategoryFactory
from .product_files import Desk, a_shop_of_its_own, hat, scarf, shirt, text_of
from .shelves import put_on_shelf, shelves_of, versions

pytestmark = pytest.mark.django_db(databases=["catalog"])
MATCH, IGNORE = Terms(categories=Shelving.MATCH), Terms(categories=Shelving.IGNORE)


@pytest.fixture
def clothing() -> Category:
    """Apparel & Accessories > Clothing of a taxonomy, which the shop calls Clothes."""
    of = {"taxonomy": "shopify", "name": "Apparel & Accessories", "taxonomy_name": "Apparel & Accessories"}
    apparel = CategoryFactory(taxonomy_id="aa", slug="apparel", **of)
    of = {"taxonomy": "shopify", "name": "Clothes", "taxonomy_name": "Clothing"}
    return CategoryFactory(parent=apparel, taxonomy_id="aa-1", slug="clothes", **of)


class TestACategoryOfATaxonomy:
    @pytest.mark.parametrize(
        "cell",
        [
            "Apparel & Accessories > Clothing",
            "Apparel & Accessories > Clothes",
            "gid://shopify/TaxonomyCategory/aa-1",
            "aa-1",
        ],
    )
    def test_is_found_by_its_paths_and_its_ids(self, desk: Desk, clothing: Category, cell: str) -> None:
        report = desk.run(shirt(product_category=cell))

        assert shelves_of("linen-shirt") == {"clothes"}
        assert (report.categories_created, report.noted) == (0, 0)
        assert Category.objects.using("catalog").count() == 2

    def test_that_the_shop_does_not_have_is_noted_and_given_back(
        self, desk: Desk, clothing: Category, tmp_path: Path
    ) -> None:
        gid = "gid://shopify/TaxonomyCategory/aa-9-9"
        report = desk.run(shirt(product_category=gid), scarf(product_category="aa-1"))

        (note,) = desk.findings(notes=True)
        assert (note.row, note.column, note.value) == (2, "Product Category", gid)
        assert (report.products, report.categories_created) == (Tally(created=2), 0)
        assert categories_in(exported(tmp_path)) == {
            "linen-shirt": gid,
            "silk-scarf": "Apparel & Accessories > Clothes",
        }

    def test_of_google_is_a_number(self, desk: Desk) -> None:
        CategoryFactory(taxonomy="google", taxonomy_id="1604", slug="clothing")

        desk.run(shirt(product_category="1604"))

        assert shelves_of("linen-shirt") == {"clothing"}


class TestMatching:
    def test_makes_no_category_and_moves_nothing_that_is_unknown(self, desk: Desk, clothing: Category) -> None:
        desk.run(shirt(product_category="aa-1"), scarf(product_category="aa-1"))

        report = desk.run(shirt(product_category="Sale"), scarf(product_category=""), terms=MATCH)

        assert Category.objects.using("catalog").count() == 2
        assert [(note.row, note.value) for note in desk.findings(notes=True)] == [(2, "Sale")]
        assert (shelves_of("linen-shirt"), shelves_of("silk-scarf")) == ({"clothes"}, set())
        assert report.products.updated == 2

    def test_twice_writes_nothing_the_second_time(self, desk: Desk) -> None:
        rows = shirt(product_category="Sale"), hat(product_category="Hats")
        desk.run(*rows, terms=MATCH)
        before = versions()

        report = desk.run(*rows, terms=MATCH)

        assert (versions(), report.products) == (before, Tally(unchanged=2))

    def test_does_not_take_a_root_for_what_stands_below_something_unknown(self, desk: Desk) -> None:
        CategoryFactory(name="Shirts", slug="shirts")

        desk.run(shirt(product_category="Apparel > Shirts"), terms=MATCH)

        assert shelves_of("linen-shirt") == set()


class TestIgnoring:
    def test_leaves_the_products_where_they_stand(self, desk: Desk, clothing: Category) -> None:
        desk.run(shirt(product_category="aa-1"))

        report = desk.run(shirt(product_category="Sale"), scarf(product_category="Sale"), terms=IGNORE)

        assert (shelves_of("linen-shirt"), shelves_of("silk-scarf")) == ({"clothes"}, set())
        assert (report.products.unchanged, report.noted, Category.objects.using("catalog").count()) == (1, 0, 2)


class TestSeveralCategories:
    def test_go_into_an_empty_shop(self, desk: Desk, tmp_path: Path) -> None:
        with a_shop_of_its_own():
            desk.run(shirt(product_category="Apparel > Linen"), scarf(product_category="Apparel"))
            CategoryFactory(name="Sale", slug="sale")
            put_on_shelf("linen-shirt", "sale")
            rows = exported(tmp_path)

        desk.run(*rows)

        assert {row["Handle"]: row["Further Categories"] for row in rows} == {"linen-shirt": "Sale", "silk-scarf": ""}
        assert (shelves_of("linen-shirt"), shelves_of("silk-scarf")) == ({"sale", "apparel-linen"}, {"apparel"})

    def test_are_all_that_the_file_names_where_it_has_a_column_for_them(self, desk: Desk) -> None:
        desk.run(shirt(product_category="Shirts") | {"Further Categories": "Sale\nLinen"})

        report = desk.run(shirt(product_category="Shirts") | {"Further Categories": "Sale"})

        assert shelves_of("linen-shirt") == {"shirts", "sale"}
        assert report.products.updated == 1


class TestTheStatementsOfCategories:
    def test_are_as_many_for_many_products(self, desk: Desk) -> None:
        few = [shirt(handle=f"a-{n}", variant_sku=f"A{n}", product_category=f"Few > {n}") for n in range(2)]
        many = [shirt(handle=f"b-{n}", variant_sku=f"B{n}", product_category=f"Many > {n}") for n in range(200)]

        with captured("catalog") as of_few:
            desk.run(*few)
        with captured("catalog") as of_many:
            desk.run(*many)

        assert len(of_few) == len(of_many)


class TestALanguage:
    def test_is_that_of_the_products_in_the_file(self, desk: Desk, settings) -> None:
        settings.SEARCH_LANGUAGES = ["english", "german"]
        desk.run(shirt(), scarf())
        assert languages() == {"linen-shirt": "english", "silk-scarf": "english"}

        desk.run(shirt(), terms=Terms(language="german"))
        desk.run(shirt(), scarf(), hat())

        assert languages() == {"linen-shirt": "german", "silk-scarf": "english", "straw-hat": "english"}

    def test_is_the_first_of_the_settings_for_what_is_new(self, desk: Desk, settings) -> None:
        settings.SEARCH_LANGUAGES = ["french", "english"]

        desk.run(shirt())

        assert languages() == {"linen-shirt": "french"}

    def test_in_which_nobody_searches_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "products.csv"
        file.write_text(text_of(shirt()), encoding="utf-8")

        with pytest.raises(CommandError, match=r"Nothing is searched for in german: SEARCH_LANGUAGES names english"):
            call_command("import_products", file, "--language", "german", stdout=StringIO())

        assert Product.objects.using("catalog").count() == 0


class TestWhatIsPublishedLater:
    def test_stays_so_in_an_empty_shop(self, desk: Desk, tmp_path: Path) -> None:
        day = "2099-01-05T09:00:00+00:00"
        with a_shop_of_its_own():
            desk.run(shirt() | {"Published At": day}, scarf())
            rows = exported(tmp_path)

        desk.run(*rows)

        assert Product.objects.using("catalog").get(slug="linen-shirt").published_at.isoformat() == day
        assert {row["Handle"]: row["Published At"] for row in rows} == {"linen-shirt": day, "silk-scarf": ""}


def languages() -> dict[str, str]:
    return dict(Product.objects.using("catalog").values_list("slug", "search_language"))


def exported(folder: Path) -> list[dict[str, str]]:
    path = folder / "export.csv"
    call_command("export_products", str(path), stdout=StringIO())
    with path.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def categories_in(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["Handle"]: row["Product Category"] for row in rows}
