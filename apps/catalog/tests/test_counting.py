"""`manage.py count_stock`: the stock follows what was counted."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.catalog import services
from apps.catalog.models import InventoryMovement
from apps.catalog.selectors import list_inventory_findings
from apps.core import clock
from apps.core.testing.statements import captured, statements

from .factories import VariantFactory
from .stock import demand, stock_of

pytestmark = pytest.mark.django_db(databases=["catalog"])


@pytest.fixture
def count(tmp_path):
    """Take in a file of these lines; give the report and the exit code."""

    def take_in(*lines, header="sku,quantity,counted_at", options=()):
        path = tmp_path / "count.csv"
        path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        said, code = StringIO(), 0
        try:
            call_command("count_stock", str(path), "--json", *options, stdout=said)
        except CommandError as error:
            code = error.returncode
        return json.loads(said.getvalue() or "{}"), code

    return take_in


def aged(days=2):
    """Let everything that moved so far have happened some days ago."""
    for movement in InventoryMovement.objects.using("catalog").all():
        moved_at = movement.created_at - timedelta(days=days)
        InventoryMovement.objects.using("catalog").filter(id=movement.id).update(created_at=moved_at)


def yesterday():
    return (clock.now() - timedelta(days=1)).isoformat()


def sell(shirt, quantity):
    order = demand((shirt, quantity))
    services.reserve_inventory(demands=[order])
    services.commit_inventory(order_ids=[order.order_id])


def figures(report):
    return [report[name] for name in ("lines", "counted", "differing", "surplus", "missing")]


class TestCountStock:
    def test_corrects_what_differs_and_includes_what_orders_hold(self, count):
        shirts = [VariantFactory(sku=sku, inventory_quantity=10) for sku in ("A", "B", "C")]
        services.reserve_inventory(demands=[demand((shirts[0], 4))])

        report, code = count("A,9,", "B,12,", "C,10,")

        assert (figures(report), report["is_written"], code) == ([3, 3, 2, 2, 1], True, 0)
        assert [stock_of(shirt) for shirt in shirts] == [(5, 4), (12, 0), (10, 0)]
        counted = InventoryMovement.objects.using("catalog").filter(reason="count").order_by("quantity")
        assert list(counted.values_list("movement_type", "quantity", "reference_type", "notes")) == [
            ("adjustment", -1, "count", "count.csv"),
            ("adjustment", 2, "count", "count.csv"),
        ]
        assert list_inventory_findings() == []

    def test_leaves_what_was_sold_since_it_was_counted(self, count):
        shirt = VariantFactory(sku="A", inventory_quantity=10)
        aged()
        sell(shirt, 3)

        report, _ = count(f"A,9,{yesterday()}")

        assert (figures(report), stock_of(shirt)) == ([1, 1, 1, 0, 1], (6, 0))

    def test_changes_nothing_the_second_time_whatever_was_sold_meanwhile(self, count):
        shirt = VariantFactory(sku="A", inventory_quantity=10)
        aged()
        line = f"A,9,{yesterday()}"
        count(line)
        sell(shirt, 3)

        report, code = count(line)

        assert (figures(report), code, stock_of(shirt)) == ([1, 1, 0, 0, 0], 0, (6, 0))

    def test_leaves_out_a_count_older_than_the_last_that_corrected(self, count):
        shirt = VariantFactory(sku="A", inventory_quantity=10)
        aged()
        count(f"A,9,{yesterday()}")

        report, code = count(f"A,2,{(clock.now() - timedelta(days=1.5)).isoformat()}")

        assert (report["problems"], code) == ([{"number": 2, "sku": "A", "problem": "outdated"}], 2)
        assert stock_of(shirt) == (9, 0)

    def test_follows_a_later_count(self, count):
        shirt = VariantFactory(sku="A", inventory_quantity=10)
        aged()
        count(f"A,9,{yesterday()}")

        count("A,11,")

        assert stock_of(shirt) == (11, 0)

    def test_names_each_line_with_a_problem_and_writes_nothing(self, count):
        shirt = VariantFactory(sku="A", inventory_quantity=10)
        held = VariantFactory(sku="H", inventory_quantity=5)
        services.reserve_inventory(demands=[demand((held, 4))])
        tomorrow = (clock.now() + timedelta(days=1)).isoformat()
        bad = ("N,x,", "N,-1,", "U,1,", "T,1,", "T,2,", "N,1,noon", f"N,1,{tomorrow}", "H,3,", "N,,", "N")

        report, code = count("A,9,", *bad)

        assert [(problem["number"], problem["problem"]) for problem in report["problems"]] == [
            (3, "not_a_number"),
            (4, "negative"),
            (5, "unknown"),
            (6, "twice"),
            (7, "twice"),
            (8, "not_a_time"),
            (9, "in_the_future"),
            (10, "held"),
            (11, "not_a_number"),
            (12, "not_a_number"),
        ]
        assert (report["is_written"], code, stock_of(shirt)) == (False, 2, (10, 0))

    def test_takes_the_good_lines_by_force(self, count):
        shirt = VariantFactory(sku="A", inventory_quantity=10)

        report, code = count("A,9,", "U,1,", options=["--force"])

        assert (report["is_written"], code, stock_of(shirt)) == (True, 1, (9, 0))

    def test_only_reports_when_dry(self, count):
        shirt = VariantFactory(sku="A", inventory_quantity=10)

        report, code = count("A,9,", options=["--dry-run"])

        assert (figures(report), report["is_written"], code) == ([1, 1, 1, 0, 1], False, 0)
        assert stock_of(shirt) == (10, 0)

    @pytest.mark.parametrize("header", ["sku,pieces", "", "a\x00b"])
    def test_refuses_what_is_no_count(self, count, header):
        assert count("A,9", header=header) == ({}, 2)

    def test_takes_as_many_statements_for_many_lines_as_for_two(self, count):
        shirts = VariantFactory.create_batch(40, inventory_quantity=10)
        with captured("catalog") as few:
            count(*(f"{shirt.sku},11," for shirt in shirts[:2]))

        with statements(catalog=len(few["catalog"])):
            report, _ = count(*(f"{shirt.sku},12," for shirt in shirts))

        assert report["differing"] == 40
        assert list_inventory_findings() == []

    def test_shows_a_person_the_totals(self, tmp_path):
        VariantFactory(sku="A", inventory_quantity=10)
        path, said = tmp_path / "count.csv", StringIO()
        path.write_text("SKU,Quantity\nA,12\nU,1\n", encoding="utf-8")

        with pytest.raises(CommandError, match="1 lines have problems; nothing was written"):
            call_command("count_stock", str(path), stdout=said)

        assert "the stock is not corrected" in said.getvalue()
        assert "unknown" in said.getvalue()
