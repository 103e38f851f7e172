"""Prices and activation from CSV files, by the commands."""

import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from apps.catalog.importing.bulk import running
from apps.catalog.models import PriceChange, Product, ProductVariant
from apps.core.ids import new_id

from .bulk import items_of, prices_of
from .factories import VariantFactory
from .stock import told

pytestmark = pytest.mark.django_db(databases=["catalog"])


@pytest.fixture
def run_file(tmp_path, capsys):
    """Run a command on a file of these lines; return its JSON, and the error it ended with."""

    def run_file(command, *lines, encoding="utf-8", **options):
        file = tmp_path / "file.csv"
        file.write_bytes("\r\n".join(lines).encode(encoding))
        error = None
        try:
            call_command(command, file, as_json=True, **options)
        except CommandError as raised:
            error = raised
        out = capsys.readouterr().out
        return json.loads(out) if out else None, error

    return run_file


def counts(report):
    return report["changed"], report["unchanged"], report["refused"]


def bad_rows(report):
    return [(row["row"], row["column"], row["value"], row["reason"]) for row in report["refused_rows"]]


class TestChangePrices:
    def test_prices_what_the_rows_name(self, run_file):
        shirt, trousers, coat, hat = (VariantFactory(sku=sku, compare_price=Decimal(60)) for sku in "ABCD")

        report, error = run_file(
            "change_prices",
            "SKU,Price,Compare_Price,Percent,Colour",
            "A,40.00,,,blue",
            "B,,,-10,",
            "C,45,none,,",
            "D,,70,,",
            note="spring",
        )

        assert error is None
        assert counts(report) == (4, 0, 0)
        assert report["passed_over"] == ["Colour"]
        assert prices_of(shirt, trousers, coat, hat) == [Decimal("40.00"), Decimal("44.10"), Decimal(45), Decimal(49)]
        found = ProductVariant.objects.using("catalog").order_by("sku")
        assert list(found.values_list("compare_price", flat=True)) == [Decimal(60), Decimal(60), None, Decimal(70)]
        noted = PriceChange.objects.using("catalog").get(id=report["change_id"])
        assert (noted.source, noted.note, noted.items_count) == ("csv", "spring", 4)

    def test_names_bad_rows_by_number_and_does_the_others(self, run_file):
        shirt, trousers = (VariantFactory(sku=sku) for sku in "AB")

        report, error = run_file(
            "change_prices",
            "sku;price;percent",
            "A;40;",
            "NOWHERE;40;",
            ";40;",
            "B;1,299;",
            "",
            "B;;",
            "B;1;2",
            "A;41;",
            "B;40;;;",
            "B;;-200",
        )

        assert error.returncode == 1
        assert str(error) == "Rows refused: 8. The rest stands."
        assert (counts(report), report["blank_rows"]) == ((1, 0, 8), 1)
        assert bad_rows(report) == [
            (3, None, None, "There is no such variant."),
            (4, "sku", "", "The row names no SKU."),
            (5, "price", "1,299", "Not a plain number. Write it like 1299.00: no currency sign, no comma, no blanks."),
            (7, None, None, "The row gives no price."),
            (8, None, None, "The row gives price and percent; leave one."),
            (9, None, None, "Row 2 is about A already."),
            (
                10,
                None,
                None,
                "The row has 5 fields where the header has 3. "
                "A comma inside a cell needs quotation marks around the cell.",
            ),
            (11, None, None, "A price cannot be below zero."),
        ]
        assert prices_of(shirt, trousers) == [Decimal(40), Decimal(49)]

    def test_the_second_time_changes_nothing(self, run_file):
        VariantFactory(sku="A")
        lines = ("sku,price,compare_price", "A,40.00,none")
        run_file("change_prices", *lines)
        events = told()

        report, error = run_file("change_prices", *lines)

        assert (error, counts(report), report["change_id"]) == (None, (0, 1, 0), None)
        assert told() == events
        assert PriceChange.objects.using("catalog").count() == 1

    def test_as_a_trial_reports_the_same_and_writes_nothing(self, run_file):
        shirt = VariantFactory(sku="A")

        report, _ = run_file("change_prices", "sku,price", "A,40", "B,1", dry_run=True)

        assert (counts(report), report["change_id"]) == ((1, 0, 1), None)
        assert prices_of(shirt) == [Decimal(49)]

    @pytest.mark.parametrize("bad", ["NOWHERE,1", "A,cheap"])
    def test_changes_nothing_where_all_or_nothing_is_asked_and_a_row_is_wrong(self, run_file, bad):
        shirt = VariantFactory(sku="A")

        report, error = run_file("change_prices", "sku,price", "A,40", bad, atomic=True)

        assert error.returncode == 2
        assert [row["row"] for row in report["refused_rows"]] == [3]
        assert (report["is_refused"], report["change_id"]) == (True, None)
        assert prices_of(shirt) == [Decimal(49)]

    def test_reads_what_spreadsheets_write(self, run_file):
        shirt = VariantFactory(sku="GRÜN")

        report, error = run_file("change_prices", "SKU\tVariant Price", "GRÜN\t40", encoding="utf-16")

        assert (error, counts(report), report["encoding"]) == (None, (1, 0, 0), "utf-16")
        assert prices_of(shirt) == [Decimal(40)]

    @pytest.mark.parametrize(
        ("lines", "reason"),
        [
            (["price", "1"], "The header has no column sku."),
            (["sku,colour", "A,blue"], "The header has no column price or percent or amount or compare_price."),
            (["sku,price,price", "A,1,1"], "The column price stands twice in the header; leave one."),
            ([], "The file is empty."),
            (["sku,price", "A,1", 'B,"2'], None),
        ],
    )
    def test_writes_nothing_of_a_file_that_is_none(self, run_file, lines, reason):
        shirt = VariantFactory(sku="A")

        _, error = run_file("change_prices", *lines)

        assert error.returncode == (2 if reason else 1)
        if reason:
            assert str(error) == reason
            assert prices_of(shirt) == [Decimal(49)]

    def test_refuses_more_rows_than_one_transaction_may_write(self, run_file, monkeypatch):
        monkeypatch.setattr(running, "MOST_ATOMIC", 1)
        VariantFactory(sku="A")

        _, error = run_file("change_prices", "sku,price", "A,40", "B,1", atomic=True)

        assert str(error) == "The file has 2 rows; all or nothing goes up to 1."

    def test_writes_chunk_by_chunk_under_one_change(self, run_file, monkeypatch):
        monkeypatch.setattr(running, "CHUNK_ROWS", 2)
        shirts = [VariantFactory(sku=f"A{n}", inventory_quantity=0) for n in range(5)]

        ran = []
        with connections["catalog"].execute_wrapper(lambda execute, *args: (ran.append(args[0]), execute(*args))[1]):
            report, _ = run_file("change_prices", "sku,price", *(f"{shirt.sku},40" for shirt in shirts))

        assert len(items_of(report["change_id"])) == 5
        # Of each of three chunks seven, its savepoint's two, and two that say who it is, whatever stands in it.
        assert len(ran) == 33

    def test_tells_people_what_came_of_it(self, tmp_path, capsys):
        VariantFactory(sku="A")
        file = tmp_path / "sale.csv"
        file.write_text("sku,price\nA,40\nB,1\n")

        with pytest.raises(CommandError):
            call_command("change_prices", file)

        told = capsys.readouterr().out
        change = PriceChange.objects.using("catalog").get()
        assert "sale.csv: utf-8, 2 rows" in told
        assert "1 changed, 0 unchanged, 1 refused." in told
        assert f"`manage.py undo_prices {change.id}` puts the prices back." in told
        assert "row 3: There is no such variant." in told


class TestSetActive:
    def test_switches_variants_and_products(self, run_file):
        shirt, coat = (VariantFactory(sku=sku, product__slug=sku.lower()) for sku in ("SHIRT", "COAT"))

        report, error = run_file(
            "set_active",
            "sku,handle,active",
            "SHIRT,shirt,false",
            ",coat,FALSE",
            "COAT,,yes",
            ",nowhere,no",
            "A,,maybe",
        )

        assert error.returncode == 1
        assert counts(report) == (2, 1, 2)
        assert bad_rows(report) == [
            (5, None, None, "There is no such product."),
            (6, "active", "maybe", "Write TRUE or FALSE."),
        ]
        active = ProductVariant.objects.using("catalog").filter(is_active=True).values_list("id", flat=True)
        assert list(active) == [coat.id]
        shown = Product.objects.using("catalog").filter(is_active=True).values_list("id", flat=True)
        assert list(shown) == [shirt.product_id]


class TestUndoPrices:
    def test_puts_back_in_pieces_and_names_what_is_left(self, run_file, capsys, monkeypatch):
        monkeypatch.setattr("apps.catalog.management.commands.undo_prices.AT_ONCE", 2)
        shirts = [VariantFactory(sku=f"A{n}") for n in range(5)]
        report, _ = run_file("change_prices", "sku,price", *(f"{shirt.sku},40" for shirt in shirts))
        run_file("change_prices", "sku,price", "A3,45")

        call_command("undo_prices", report["change_id"], as_json=True)

        assert json.loads(capsys.readouterr().out) == {
            "restored": 4,
            "left": [{"variant_id": str(shirts[3].id), "sku": "A3"}],
        }
        assert prices_of(*shirts) == [Decimal(49)] * 3 + [Decimal(45), Decimal(49)]
        with pytest.raises(CommandError, match="were put back already"):
            call_command("undo_prices", report["change_id"])

    def test_of_an_unknown_change_says_so(self):
        with pytest.raises(CommandError, match="No change of prices has this id"):
            call_command("undo_prices", str(new_id()))
