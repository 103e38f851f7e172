"""The tree of categories: its rules, its moves, and what is found in it."""

import pytest

from apps.catalog import selectors, services
from apps.catalog.models import Category, CategoryAncestor, Product
from apps.core.ids import new_id
from apps.core.testing.statements import statements

from .factories import CategoryFactory, ProductFactory
from .reading import shelve
from .shelves import astray

pytestmark = pytest.mark.django_db(databases=["catalog"])


@pytest.fixture
def clothes():
    return CategoryFactory(name="Clothes", slug="clothes")


@pytest.fixture
def shirts(clothes):
    return CategoryFactory(name="Shirts", slug="shirts", parent=clothes)


@pytest.fixture
def linen(shirts):
    return CategoryFactory(name="Linen", slug="linen", parent=shirts)


def above(category):
    """The names on the way to a category and how far each is, and whether customers see it."""
    rows = CategoryAncestor.objects.using("catalog").filter(category=category).order_by("-distance")
    return list(rows.values_list("ancestor__name", "distance", "is_shown"))


def change(category, **values):
    Category.objects.using("catalog").filter(id=category.id).update(**values)


class TestCategoryTreeKeepsItsAncestors:
    def test_of_new_categories(self, linen):
        assert above(linen) == [("Clothes", 2, True), ("Shirts", 1, True), ("Linen", 0, True)]
        assert astray() == []

    def test_of_a_branch_that_moves(self, shirts, linen):
        change(shirts, parent=CategoryFactory(name="Sale"))

        assert above(linen) == [("Sale", 2, True), ("Shirts", 1, True), ("Linen", 0, True)]
        assert astray() == []

    def test_of_a_branch_that_becomes_a_tree(self, shirts, linen):
        change(shirts, parent=None)

        assert above(linen) == [("Shirts", 1, True), ("Linen", 0, True)]
        assert astray() == []

    def test_hides_what_is_below_an_inactive_one_and_shows_it_again(self, clothes, shirts, linen):
        change(shirts, is_active=False)
        assert above(linen) == [("Clothes", 2, False), ("Shirts", 1, False), ("Linen", 0, False)]
        assert above(clothes) == [("Clothes", 0, True)]
        assert astray() == []

        change(shirts, is_active=True)
        assert above(linen) == [("Clothes", 2, True), ("Shirts", 1, True), ("Linen", 0, True)]

    def test_forgets_deleted_ones(self, linen):
        Category.objects.using("catalog").filter(id=linen.id).delete()

        assert above(linen) == []
        assert astray() == []

    def test_writes_nothing_where_the_tree_stays(self, linen):
        before = [(row.pk, row.distance) for row in CategoryAncestor.objects.using("catalog").order_by("pk")]
        with statements(catalog=1):
            change(linen, name="Flax", sort_order=3)

        assert [(row.pk, row.distance) for row in CategoryAncestor.objects.using("catalog").order_by("pk")] == before


class TestMoveCategory:
    def test_takes_along_what_is_below(self, clothes, shirts, linen):
        sale = CategoryFactory(name="Sale", slug="sale")
        shirt = ProductFactory()
        shelve(shirt, linen)

        services.move_category(category_id=shirts.id, parent_id=sale.id)

        assert list(selectors.in_category(Product.objects.using("catalog"), "sale")) == [shirt]
        assert list(selectors.in_category(Product.objects.using("catalog"), "clothes")) == []

    def test_makes_a_root(self, shirts):
        services.move_category(category_id=shirts.id, parent_id=None)

        assert Category.objects.using("catalog").get(id=shirts.id).parent_id is None

    @pytest.mark.parametrize("below", ["clothes", "shirts", "linen"])
    def test_refuses_to_close_a_circle_and_moves_nothing(self, clothes, shirts, linen, below):
        parent = Category.objects.using("catalog").get(slug=below)

        with pytest.raises(services.CategoryBelowItself):
            services.move_category(category_id=clothes.id, parent_id=parent.id)

        assert Category.objects.using("catalog").get(id=clothes.id).parent_id is None
        assert astray() == []

    def test_says_that_there_is_no_such_category(self, clothes):
        with pytest.raises(selectors.CategoryNotFound):
            services.move_category(category_id=new_id(), parent_id=clothes.id)
        with pytest.raises(selectors.CategoryNotFound):
            services.move_category(category_id=clothes.id, parent_id=new_id())


class TestDeleteCategory:
    def test_leaves_its_products(self, linen):
        shirt = ProductFactory()
        shelve(shirt, linen)

        services.delete_category(category_id=linen.id)

        assert not Category.objects.using("catalog").filter(id=linen.id).exists()
        assert list(shirt.categories.all()) == []

    def test_refuses_while_others_stand_below_it(self, shirts, linen):
        with pytest.raises(services.CategoryHasChildren):
            services.delete_category(category_id=shirts.id)

        assert Category.objects.using("catalog").filter(id=shirts.id).exists()
        assert astray() == []


class TestInCategory:
    def found(self, category):
        return set(selectors.in_category(selectors.list_products(), category))

    def test_finds_what_stands_there_or_below_once(self, clothes, shirts, linen):
        shirt, coat = ProductFactory(), ProductFactory()
        shelve(shirt, linen)
        shelve(shirt, shirts)
        shelve(coat, clothes)
        shelve(ProductFactory(), CategoryFactory())

        assert self.found("clothes") == {shirt, coat}
        assert self.found(str(shirts.id)) == {shirt}
        assert selectors.in_category(selectors.list_products(), "clothes").count() == 2

    @pytest.mark.parametrize("category", ["garden", "0192f1c4-6d0e-7aa0-9d3f-6d3c5b1f0a11"])
    def test_finds_nothing_in_what_is_not_there(self, linen, category):
        shelve(ProductFactory(), linen)

        assert self.found(category) == set()

    def test_finds_nothing_below_an_inactive_category(self, clothes, shirts, linen):
        shirt, coat = ProductFactory(), ProductFactory()
        shelve(shirt, linen)
        shelve(coat, clothes)
        change(shirts, is_active=False)

        assert (self.found("clothes"), self.found("shirts"), self.found("linen")) == ({coat}, set(), set())
        change(shirts, is_active=True)
        change(clothes, is_active=False)
        assert (self.found("clothes"), self.found("linen")) == (set(), set())

    def test_takes_two_queries(self, linen):
        shelve(ProductFactory(), linen)

        with statements(catalog=2):
            self.found("clothes")


class TestCountProductsBelow:
    def test_counts_visible_products_once(self, clothes, shirts, linen):
        shirt = ProductFactory()
        shelve(shirt, linen)
        shelve(shirt, shirts)
        shelve(ProductFactory(), clothes)
        shelve(ProductFactory(is_active=False), linen)
        shelve(ProductFactory(published_at=None), linen)

        with statements(catalog=1):
            counted = selectors.count_products_below(category_ids=[clothes.id, shirts.id, linen.id])

        assert [counted[c.id].products for c in (clothes, shirts, linen)] == [2, 1, 1]
        assert all(one.is_exact for one in counted.values())
