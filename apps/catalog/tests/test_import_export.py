"""`manage.py export_products`, and that what it writes changes nothing when it is imported."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.catalog.importing.report import Tally
from apps.catalog.models import Product

from .factories import CategoryFactory, VariantFactory
from .product_files import Desk, more, shirt
from .shelves import put_on_shelf, versions

pytestmark = pytest.mark.django_db(databases=["catalog"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "export.csv"


class TestExportProducts:
    def test_writes_a_row_for_each_variant_and_each_further_image(self, desk: Desk, file: Path) -> None:
        desk.run(
            shirt(
                tags="linen, summer",
                status="archived",
                product_category="Apparel > Shirts",
                variant_compare_at_price="60",
                variant_grams="250",
                image_src="https://cdn.example/1.jpg",
                image_alt_text="Front",
            )
            | {"Fabric": "linen"},
            more(option1_value="L", variant_sku="LINEN-L", image_src="https://cdn.example/2.jpg"),
            {"Handle": "linen-shirt", "Image Src": "https://cdn.example/3.jpg"},
        )

        call_command("export_products", str(file), stdout=StringIO())

        first, second, third = read(file)
        assert (first["Handle"], first["Title"], first["Tags"], first["Status"]) == (
            "linen-shirt",
            "Linen Shirt",
            "linen, summer",
            "archived",
        )
        assert (first["Product Category"], first["Fabric"], first["Published"]) == (
            "Apparel > Shirts",
            "linen",
            "FALSE",
        )
        assert (first["Variant SKU"], first["Variant Price"], first["Variant Compare At Price"]) == (
            "LINEN-M",
            "49.00",
            "60.00",
        )
        assert (first["Option1 Name"], first["Option1 Value"], second["Option1 Value"]) == ("Size", "M", "L")
        assert (second["Title"], second["Variant SKU"], second["Image Position"]) == ("", "LINEN-L", "2")
        assert {column: text for column, text in third.items() if text} == {
            "Handle": "linen-shirt",
            "Image Src": "https://cdn.example/3.jpg",
            "Image Position": "3",
        }

    def test_writes_to_the_standard_output(self) -> None:
        VariantFactory(sku="LINEN-M", option1=None, title="Default Title")
        output = StringIO(newline="")

        call_command("export_products", "-", stdout=output)

        (row,) = csv.DictReader(StringIO(output.getvalue(), newline=""))
        assert (row["Variant SKU"], row["Option1 Name"], row["Option1 Value"]) == ("LINEN-M", "Title", "Default Title")

    def test_tells_how_much_it_wrote(self, file: Path) -> None:
        VariantFactory()
        output = StringIO()

        call_command("export_products", str(file), "--json", stdout=output)

        assert json.loads(output.getvalue()) == {"file": str(file), "products": 1, "variants": 1}

    def test_leaves_the_old_file_alone_when_it_fails(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match=r"No such file or directory\."):
            call_command("export_products", str(tmp_path / "nowhere" / "export.csv"), stdout=StringIO())

        assert list(tmp_path.iterdir()) == []


class TestAnExportImportedAgain:
    def test_changes_nothing_of_a_product_made_by_hand(self, desk: Desk, file: Path) -> None:
        VariantFactory(
            product__slug="linen-shirt",
            product__options=[{"name": "Colour", "values": ["Blue"]}],
            product__description="<p>Cool &amp; light.</p>",
            product__is_digital=True,
            option1="Blue",
            title="Blue",
            position=1,
            allow_backorder=True,
        )
        for shelf in ("shirts", "gifts"):
            CategoryFactory(slug=shelf)
            put_on_shelf("linen-shirt", shelf)
        before = versions()

        call_command("export_products", str(file), stdout=StringIO())
        again = desk.run_file(file)

        assert again.products == Tally(unchanged=1)
        assert versions() == before
        assert Product.objects.using("catalog").get().is_digital is True


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))
