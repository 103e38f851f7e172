"""`manage.py import_products`, as its user meets it."""

import csv
import json
from contextlib import ExitStack
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from rich.console import Console

from apps.catalog.importing import screen
from apps.catalog.models import Product

from .product_files import Desk, more, shirt, text_of

pytestmark = pytest.mark.django_db(databases=["catalog"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spring.csv"


class TestImportProducts:
    def test_tells_what_it_did(self, file: Path) -> None:
        write(file, shirt(), more(option1_value="L", variant_sku="LINEN-L", variant_inventory_qty="-2"))

        headline, *rest = lines_of(run(file))

        assert headline.startswith("spring.csv: short layout, utf-8, 2 rows, ")
        assert rest == [
            "created updated unchanged refused",
            "products 1 0 0 0",
            "variants 2 0 0 0",
            "rows 0",
            "In the file: 1 products, 2 variants, 0 images.",
            "Stock: 3 pieces in the file, 1 of them below zero; 5 in the shop.",
            "Noted",
            '1 x Variant Inventory Qty, first in row 3 (linen-shirt) "-2":'
            " The variant does not sell below zero, so its stock is 0.",
        ]

    def test_ends_with_1_and_names_the_rows_when_some_are_refused(self, file: Path) -> None:
        write(file, shirt(variant_price="$49"), shirt(handle="silk-scarf", variant_sku="SCARF"))
        output = StringIO()

        with pytest.raises(CommandError) as end:
            call_command("import_products", file, stdout=output)

        assert (end.value.returncode, str(end.value)) == (1, "Rows refused: 1. The rest stands.")
        assert lines_of(output.getvalue())[-2:] == [
            "Refused",
            'row 2 (linen-shirt), Variant Price "$49": Not a plain number. Write it like 1299.00:'
            " no currency sign, no comma, no blanks.",
        ]
        assert Product.objects.using("catalog").get().slug == "silk-scarf"

    def test_ends_with_2_when_every_product_is_refused(self, file: Path) -> None:
        write(file, shirt(variant_price="$49"))

        assert end_of(file) == (2, "Nothing was imported: every product is refused.")

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (None, "{file}: No such file or directory."),
            (b"", "The file is empty."),
            (
                b"id,name\n1,shirt\n",
                "The header has no columns Handle, Title, Variant Price, so this is not a product file.",
            ),
        ],
    )
    def test_ends_with_2_and_one_sentence_when_the_file_is_no_product_file(
        self, file: Path, content: bytes | None, sentence: str
    ) -> None:
        if content is not None:
            file.write_bytes(content)

        assert end_of(file) == (2, sentence.format(file=file))

    def test_imports_a_header_alone_as_nothing(self, file: Path) -> None:
        file.write_text("Handle,Title,Variant Price\n")

        assert "products 0 0 0 0" in lines_of(run(file))

    def test_dry_runs(self, file: Path) -> None:
        write(file, shirt())

        output = run(file, dry_run=True)

        assert "(dry run: nothing is written)" in output
        assert "products 1 0 0 0" in lines_of(output)
        assert Product.objects.using("catalog").count() == 0

    def test_prints_json(self, file: Path) -> None:
        write(file, shirt(), more(), shirt(handle="silk-scarf", variant_sku="SCARF", variant_price="0"))
        output = StringIO()

        with pytest.raises(CommandError):
            call_command("import_products", file, "--json", stdout=output)

        told = json.loads(output.getvalue())
        assert told.pop("seconds") < 30
        assert told == {
            "file": "spring.csv",
            "dry_run": False,
            "layout": "short",
            "encoding": "utf-8",
            "encoding_note": None,
            "rows": {"read": 3, "blank": 0, "refused": 1, "of_refused_products": 0},
            "in_file": {"products": 2, "variants": 2, "images": 0, "stock": 15, "negative_stocks": 0},
            "products": {"created": 2, "updated": 0, "unchanged": 0, "refused": 0},
            "variants": {"created": 2, "updated": 0, "unchanged": 0, "refused": 0, "not_in_file": 0},
            "categories": {"created": 0},
            "stock": {"in_file": 15, "stored": 10},
            "noted": 1,
            "refused": [
                {
                    "row": 3,
                    "line": 3,
                    "handle": "linen-shirt",
                    "column": "Option1 Value",
                    "value": "M",
                    "reason": "Row 2 has the same handle and options (M); that row is kept.",
                    "verdict": "row",
                }
            ],
            "notes": [
                {
                    "row": 4,
                    "line": 4,
                    "handle": "silk-scarf",
                    "column": "Variant Price",
                    "value": "0",
                    "reason": "The price is 0, so it sells for nothing.",
                    "verdict": "note",
                }
            ],
        }

    def test_lists_every_finding_in_a_spreadsheet_that_calculates_nothing(self, file: Path, tmp_path: Path) -> None:
        write(file, *(shirt(handle=f"shirt-{n}", variant_sku="", variant_price="=1+1") for n in range(30)))
        listing = tmp_path / "findings.csv"

        with pytest.raises(CommandError):
            call_command("import_products", file, "--report", listing, stdout=StringIO())

        with listing.open(encoding="utf-8-sig", newline="") as found:
            rows = list(csv.DictReader(found))
        assert [row["row"] for row in rows] == [str(n) for n in range(2, 32)]
        assert {(row["verdict"], row["column"], row["value"]) for row in rows} == {
            ("product", "Variant Price", "'=1+1")
        }

    def test_lists_every_finding_as_json_where_the_name_says_so(self, file: Path, tmp_path: Path) -> None:
        write(file, shirt(variant_price="0"))
        listing = tmp_path / "findings.json"

        run(file, "--report", str(listing))

        assert [note["row"] for note in json.loads(listing.read_text(encoding="utf-8"))["notes"]] == [2]

    def test_says_that_the_import_is_done_when_only_the_list_fails(self, file: Path, tmp_path: Path) -> None:
        write(file, shirt())

        with pytest.raises(CommandError, match=r"The import is done, but .* cannot be written: No such file") as end:
            run(file, "--report", str(tmp_path / "nowhere" / "findings.csv"))

        assert end.value.returncode == 1
        assert Product.objects.using("catalog").count() == 1

    def test_says_how_it_read_a_file_that_is_not_utf8(self, file: Path) -> None:
        file.write_bytes(text_of(shirt(title="Chemise d'été")).encode("cp1252"))

        assert "Not UTF-8: read as windows-1252." in lines_of(run(file))
        assert Product.objects.using("catalog").get().name == "Chemise d'été"

    def test_takes_the_encoding_from_its_user(self, file: Path) -> None:
        file.write_bytes(text_of(shirt(title="Льняная рубашка")).encode("cp1251"))

        assert end_of(file)[0] == 2
        run(file, "--encoding", "cp1251")
        assert Product.objects.using("catalog").get().name == "Льняная рубашка"

    def test_goes_on_where_it_was_stopped(self, tmp_path: Path) -> None:
        rows = [shirt(handle=f"shirt-{n}", variant_sku=f"S{n}") for n in range(620)]
        with ExitStack() as stack:
            desk = Desk(tmp_path, stack)
            with pytest.raises(KeyboardInterrupt):
                desk.run(*rows, progress=stop_while_writing)
            assert Product.objects.using("catalog").count() == 500

            report = desk.run(*rows)

        assert (report.products.created, report.products.unchanged) == (120, 500)


class TestAProgressBar:
    def test_shows_on_a_terminal_how_far_it_is(self) -> None:
        terminal = Console(file=StringIO(), force_terminal=True, width=80)

        with screen.progress_bar(terminal) as tell:
            tell("reading", 50, 200)
            tell("writing", 10, 10)

        assert isinstance(terminal.file, StringIO)
        shown = terminal.file.getvalue()
        assert "Reading the file" in shown
        assert " 25 %" in shown

    def test_shows_nothing_elsewhere(self) -> None:
        pipe = Console(file=StringIO(), force_terminal=False)

        with screen.progress_bar(pipe) as tell:
            tell("reading", 50, 200)

        assert isinstance(pipe.file, StringIO)
        assert pipe.file.getvalue() == ""


def stop_while_writing(doing: str, done: int, total: int) -> None:
    if doing == "writing":
        raise KeyboardInterrupt


def write(file: Path, *rows: dict[str, str]) -> None:
    file.write_text(text_of(*rows), encoding="utf-8", newline="")


def run(file: Path, *arguments: str, **options: object) -> str:
    output = StringIO()
    call_command("import_products", file, *arguments, stdout=output, **options)
    return output.getvalue()


def end_of(file: Path) -> tuple[int, str]:
    """The exit code and the sentence with which the command ends."""
    with pytest.raises(CommandError) as end:
        run(file)
    return end.value.returncode, str(end.value)


def lines_of(output: str) -> list[str]:
    """The lines with their blanks folded; those without a word left out."""
    lines = (" ".join(line.split()) for line in output.splitlines())
    return [line for line in lines if any(map(str.isalpha, line))]
