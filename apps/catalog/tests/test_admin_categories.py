"""Categories in the back office, however many there are."""

import pytest
from django.urls import reverse

from apps.catalog.models import Category, Product, ProductCategory

from .factories import CategoryFactory, ProductFactory, VariantFactory
from .office import form_of, page, queries
from .reading import shelve

pytestmark = [pytest.mark.django_db(databases=["accounts", "catalog", "orders"]), pytest.mark.usefixtures("own_cache")]


@pytest.fixture
def linen():
    clothes = CategoryFactory(name="Clothes")
    return CategoryFactory(name="Linen", parent=CategoryFactory(name="Shirts", parent=clothes))


class TestCategoryPage:
    def test_refuses_a_category_below_itself(self, office, linen):
        clothes = Category.objects.using("catalog").get(name="Clothes")
        address = page("category", "change", clothes.id)

        answer = office.post(address, form_of(office, address) | {"parent": str(linen.id)})

        assert answer.context["adminform"].form.errors == {"parent": ["A category cannot stand below itself."]}
        assert Category.objects.using("catalog").get(id=clothes.id).parent_id is None

    def test_shows_the_way_to_the_parent(self, office, linen):
        shown = office.get(page("category", "change", linen.id)).content.decode()

        assert "Clothes &gt; Shirts</option>" in " ".join(shown.split()).replace(" </option>", "</option>")

    def test_moves_a_branch(self, office, linen):
        sale = CategoryFactory(name="Sale")
        address = page("category", "change", linen.parent_id)

        assert office.post(address, form_of(office, address) | {"parent": str(sale.id)}).status_code == 302

        assert Category.objects.using("catalog").get(name="Shirts").parent_id == sale.id

    def test_makes_the_kept_tree_stale(self, office, linen, django_capture_on_commit_callbacks):
        office.get("/api/v1/categories/")
        address = page("category", "change", linen.parent.parent_id)

        with django_capture_on_commit_callbacks(using="catalog", execute=True):
            office.post(address, form_of(office, address) | {"name": "Garments"})

        assert [category["name"] for category in office.get("/api/v1/categories/").json()] == ["Garments"]

    def test_is_not_deleted_while_others_stand_below_it(self, office, linen):
        office.post(page("category", "delete", linen.parent_id), {"post": "yes"})

        assert Category.objects.using("catalog").filter(name="Shirts").exists()


class TestThousandsOfCategories:
    @pytest.fixture(autouse=True)
    def many(self):
        roots = [CategoryFactory.build(name=f"Root {n}") for n in range(20)]
        shelves = [CategoryFactory.build(name=f"Shelf {n}", parent=roots[n % 20]) for n in range(1300)]
        Category.objects.using("catalog").bulk_create([*roots, *shelves])

    @pytest.mark.parametrize("query", ["", "?q=shelf", "?parent__isempty=1"])
    def test_are_listed_with_their_path_in_few_queries(self, office, query):
        address = page("category") + query

        assert queries(office, address) <= 4
        assert "Root 7" in office.get(address).content.decode()

    def test_do_not_stand_in_the_pages_of_products_and_categories(self, office):
        product = VariantFactory().product
        shelf = Category.objects.using("catalog").get(name="Shelf 1234")
        shelve(product, shelf)

        for address in (page("product", "change", product.id), page("category", "change", shelf.id)):
            shown = office.get(address).content.decode()
            assert "Root 14" in shown
            assert shown.count("Shelf ") + shown.count("Root ") < 20

    def test_take_as_many_queries_on_a_product_as_one(self, office):
        one, many = VariantFactory().product, VariantFactory().product
        shelves = list(Category.objects.using("catalog").filter(parent__isnull=False)[:30])
        shelve(one, shelves[0])
        for shelf in shelves:
            shelve(many, shelf)

        few = queries(office, page("product", "change", one.id))

        assert queries(office, page("product", "change", many.id)) == few

    @pytest.mark.parametrize(("model", "field"), [("product", "categories"), ("category", "parent")])
    def test_are_found_by_typing_with_the_way_to_them(self, office, model, field):
        asked = {"app_label": "catalog", "model_name": model, "field_name": field, "term": "shelf 1234"}

        found = office.get(reverse("admin:autocomplete"), asked).json()["results"]

        assert [one["text"] for one in found] == ["Root 14 > Shelf 1234"]

    def test_are_chosen_for_a_product(self, office):
        product = ProductFactory()
        VariantFactory(product=product)
        address = page("product", "change", product.id)
        shelf = Category.objects.using("catalog").get(name="Shelf 1234")

        assert office.post(address, form_of(office, address) | {"shelves": [str(shelf.id)]}).status_code == 302

        assert list(ProductCategory.objects.using("catalog").values_list("category__name", flat=True)) == ["Shelf 1234"]
        assert Product.objects.using("catalog").count() == 1
