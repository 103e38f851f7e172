"""Out of one shop, into an empty one and out again: the same bytes; and back into the first one nothing is written."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings

from apps.catalog.importing.drafts import ProductDraft
from apps.catalog.importing.layout import HEADERS, OURS, read_layout
from apps.catalog.importing.report import Tally
from apps.catalog.importing.writing import Occasion, write
from apps.core.ids import new_id
from apps.core.testing.shared import shared

from .awkward import catalogues
from .product_files import NOW, Desk, a_shop_of_its_own
from .shelves import versions

pytestmark = pytest.mark.django_db(databases=["catalog"])
MERCHANTS = [
    "course_learnshopdev_padded-header",
    "gatsby_starter_100products",
    "layout2025_url-handle_sahra",
    "official_template_2019",
    "official_template_2024_markets",
    "packt_product-data_2021_status",
    "partners_apparel",
    "partners_home-and-garden",
    "partners_jewelery",
    "shop_cutiepoppers_manyvariants_negqty",
    "shop_hair_3options_dupsku",
    "shop_sven_4063variants_negqty",
    "shop_vietjewelers_vn_metafields",
]


class TestAMerchantsProducts:
    @pytest.mark.parametrize("name", MERCHANTS)
    def test_come_out_of_an_empty_shop_as_they_went_in(self, desk: Desk, name: str) -> None:
        with a_shop_of_its_own():
            imported = desk.run_file(shared(f"shopify_csv/{name}.csv"))
            file = exported(desk, "first.csv")
            imports_nothing(desk, file, products=imported.products.created, variants=imported.variants.created)

        moved = desk.run_file(file)

        assert (moved.products, moved.variants) == (
            Tally(created=imported.products.created),
            Tally(created=imported.variants.created),
        )
        assert exported(desk, "second.csv").read_bytes() == file.read_bytes()


class TestAnyProducts:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(catalogue=catalogues())
    def test_come_out_of_an_empty_shop_as_they_went_in(self, desk: Desk, catalogue: list[ProductDraft]) -> None:
        with a_shop_of_its_own():
            (written,) = write(catalogue, BY_HAND)
            assert written.refused == []
            file = exported(desk, "first.csv")
            imports_nothing(desk, file, products=written.products, variants=written.variants)

        with a_shop_of_its_own():
            moved = desk.run_file(file)

            assert (moved.products.created, moved.variants.created) == (written.products, written.variants)
            assert exported(desk, "second.csv").read_bytes() == file.read_bytes()


BY_HAND = Occasion(
    import_id=new_id(),
    file_name="by hand",
    layout=read_layout([headers[0] for headers in (HEADERS | OURS).values()]),
    now=NOW,
    is_dry=False,
)


def exported(desk: Desk, name: str) -> Path:
    path = desk.folder / name
    call_command("export_products", str(path), stdout=StringIO())
    return path


def imports_nothing(desk: Desk, file: Path, *, products: int, variants: int) -> None:
    """Not a row of the shop, and not an event, is written by an import of what it exported."""
    before = versions()
    report = desk.run_file(file)
    assert (report.products, report.variants) == (Tally(unchanged=products), Tally(unchanged=variants))
    assert report.refused_rows == 0
    assert versions() == before
