"""`manage.py import_taxonomy`: the shop's categories follow a published taxonomy."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.catalog.models import Category, Product, SearchBoost
from apps.core.testing.shared import shared
from apps.core.testing.statements import captured

from .factories import CategoryFactory, ProductFactory
from .reading import shelve
from .shelves import astray, shelves_of, versions
from .stock import told

pytestmark = pytest.mark.django_db(databases=["catalog"])

OLD = """1 - Apparel
2 - Apparel > Shirts
3 - Apparel > Shirts > Linen
4 - Apparel > Hats
"""
NEW = """1 - Apparel & Shoes
4 - Apparel & Shoes > Hats
9 - Apparel & Shoes > Hats > Berets
"""


@pytest.fixture
def run(tmp_path: Path, capsys):
    def import_text(text: str, *options: str):
        file = tmp_path / "taxonomy.txt"
        file.write_text(text, encoding="utf-8")
        call_command("import_taxonomy", str(file), "--json", *options)
        return json.loads(capsys.readouterr().out)

    return import_text


def categories():
    rows = Category.objects.using("catalog").order_by("taxonomy_id")
    return list(rows.values_list("taxonomy", "taxonomy_id", "name", "parent__taxonomy_id"))


class TestImport:
    def test_makes_the_tree_with_the_taxonomys_ids(self, run):
        report = run(OLD)

        assert (report["categories"]["in_file"], report["categories"]["created"]) == (4, 4)
        assert categories() == [
            ("google", "1", "Apparel", None),
            ("google", "2", "Shirts", "1"),
            ("google", "3", "Linen", "2"),
            ("google", "4", "Hats", "1"),
        ]
        assert astray() == []

    def test_of_the_same_file_writes_nothing(self, run):
        run(OLD)
        before = versions()

        report = run(OLD)

        assert report["categories"]["unchanged"] == 4
        assert versions() == before

    def test_that_is_dry_tells_the_same_and_writes_nothing(self, run):
        run(OLD)
        shelve(ProductFactory(), Category.objects.using("catalog").get(name="Linen"))
        before = versions()

        dry = run(NEW, "--dry-run")

        assert versions() == before
        wet = run(NEW, "--force")
        assert dry | {"dry_run": False, "seconds": 0} == wet | {"seconds": 0}
        assert dry["dry_run"] is True

    def test_refuses_a_file_that_takes_much_away(self, run):
        run(OLD)
        before = versions()

        with pytest.raises(CommandError, match="Of 4 categories 2 would be removed and 1 renamed") as refused:
            run(NEW)

        assert refused.value.returncode == 2
        assert versions() == before

    @pytest.mark.parametrize(("file", "why"), [("none.txt", "No such file"), ("text.txt", "is no taxonomy")])
    def test_says_why_it_cannot(self, tmp_path, file, why):
        (tmp_path / "text.txt").write_text("Handle,Title\n")

        with pytest.raises(CommandError, match=why):
            call_command("import_taxonomy", str(tmp_path / file))

    def test_prints_a_table_without_json(self, tmp_path, capsys):
        (tmp_path / "taxonomy.txt").write_text(OLD)

        call_command("import_taxonomy", str(tmp_path / "taxonomy.txt"))

        assert "Products whose category goes: 0." in capsys.readouterr().out


class TestUpgrade:
    @pytest.fixture
    def linen(self, run):
        """The older edition, with a linen shirt in it and a shelf of the shop's own below Linen."""
        run(OLD)
        linen = Category.objects.using("catalog").get(name="Linen")
        shelve(ProductFactory(slug="linen-shirt"), linen)
        CategoryFactory(name="Bargains", slug="bargains", parent=linen)
        SearchBoost.objects.using("catalog").create(query="flax", category=linen, factor=2)
        return linen

    def test_loses_nothing_of_what_goes(self, run, linen):
        report = run(NEW, "--force")

        assert report["products_moved"] == 1
        assert [(one["before"], one["after"]) for one in report["changes"]["removed"]] == [
            ("Apparel > Shirts", "Apparel"),
            ("Apparel > Shirts > Linen", "Apparel"),
        ]
        assert shelves_of("linen-shirt") == {"apparel"}
        assert SearchBoost.objects.using("catalog").get(query="flax").category.name == "Apparel & Shoes"
        assert categories() == [
            ("google", "1", "Apparel & Shoes", None),
            ("google", "4", "Hats", "1"),
            ("google", "9", "Berets", "4"),
            (None, None, "Bargains", "1"),
        ]
        assert [event for event, _ in told()] == ["product.updated"]
        assert astray() == []

    def test_takes_as_many_statements_as_with_one_product(self, run, linen):
        for n in range(20):
            shelve(ProductFactory(slug=f"shirt-{n}"), linen)

        with captured("catalog") as ran:
            run(NEW, "--force")

        assert len(ran["catalog"]) <= 16, ran

    def test_once_more_changes_nothing(self, run, linen):
        run(NEW, "--force")
        before = versions()

        run(NEW)

        assert versions() == before


class TestPublishedTaxonomies:
    def test_are_taken_up_and_followed(self, capsys):
        def edition(file: str):
            call_command("import_taxonomy", str(shared("taxonomies") / file), "--json")
            return json.loads(capsys.readouterr().out)

        first = edition("shopify_taxonomy_2024-07_en.json")
        # A product on each of many shelves, and on every one that changes: none may be lost.
        rows = Category.objects.using("catalog").order_by("taxonomy_id").values_list("id", "taxonomy_id")
        changing = ("aa-1-21", "ae-2-1-2-1", "vp-1-6", "bt-10", "fr-4-4")
        ids = [c for n, (c, number) in enumerate(rows) if n % 40 == 0 or number.startswith(changing)]
        products = [ProductFactory.build() for _ in ids]
        Product.objects.using("catalog").bulk_create(products)
        links = zip(products, ids, strict=True)
        through = Product.categories.through
        through.objects.using("catalog").bulk_create(through(product=p, category_id=c) for p, c in links)
        second = edition("shopify_categories_2025-06-unstable.txt")

        assert (first["categories"]["created"], first["seconds"] < 10) == (10_281, True)
        counts = {kind: second["categories"][kind] for kind in ("created", "renamed", "moved", "removed", "unchanged")}
        assert counts == {"created": 317, "renamed": 2, "moved": 46, "removed": 3, "unchanged": 10_230}
        assert second["products_moved"] == 3
        assert through.objects.using("catalog").values("product_id").distinct().count() == len(ids)
        assert Category.objects.using("catalog").count() == 10_595
        assert astray() == []
        third = edition("google_taxonomy-with-ids.en-US.txt")
        assert third["categories"]["created"] == 5_595
        assert edition("shopify_categories_2025-06-unstable.txt")["categories"]["unchanged"] == 10_595
