"""The demonstration, against the running shop; its databases are the test's own."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from rich.console import Console

from apps.catalog.selectors import list_inventory_findings
from apps.core.ids import new_id
from apps.orders.demo.evidence import AnotherShop, Evidence, check_that_it_is_this_shop
from apps.orders.demo.journey import Report, walk
from apps.orders.demo.telling import Teller
from ecommerce.settings import base
from ecommerce.testing.stack import ALIASES, Stack

pytestmark = pytest.mark.committed(databases=ALIASES)


@pytest.fixture(scope="module")
def told() -> StringIO:
    return StringIO()


@pytest.fixture
def report(stack: Stack, told: StringIO, settings: LazySettings, tmp_path: Path) -> Report:
    """The demonstration, walked."""
    settings.MEDIA_ROOT = tmp_path
    call_command("load_demo_shop", stdout=StringIO())
    return walk(stack.url("").rstrip("/"), Teller(Console(file=told, width=132)), lambda: ["the books were read"])


def sold(evidence: Evidence) -> list[tuple[str, int]]:
    return [(movement.kind, movement.quantity) for movement in evidence.movements]


def lost(evidence: Evidence) -> list[int]:
    """How many pieces of each variant cannot be sold any more."""
    return sorted(was.sellable - now.sellable for was, now in zip(evidence.before, evidence.after, strict=True))


class TestTheDemonstration:
    def test_shows_three_orders_and_what_became_of_them(self, report: Report, told: StringIO) -> None:
        paid, declined = report.paid, report.declined
        assert (paid.order["status"], paid.saga.status) == ("confirmed", "completed")
        assert sorted(sold(paid)) == [("sale", -2), ("sale", -1)]
        assert lost(paid) == [1, 2]
        assert [(line.kind, line.amount) for line in paid.money] == [("capture", Decimal(paid.order["total_price"]))]
        assert [(mail.state, paid.order["order_number"] in mail.text) for mail in paid.mails] == [("sent", True)]

        assert (declined.order["status"], declined.saga.status) == ("failed", "failed")
        assert declined.order["failure_code"] == "payment_declined"
        assert (sold(declined), lost(declined), declined.money, declined.mails) == ([], [0], [], [])
        assert [step.action for step in declined.saga.steps if step.status == "compensated"] == [
            "place_order",
            "validate_products",
            "reserve_inventory",
            "process_payment",
        ]

        assert report.last_piece is not None
        assert report.out_of_stock is not None
        assert report.refused_in_sagas + report.refused_at_the_till == 3
        assert (report.last_piece.order["status"], sold(report.last_piece)) == ("confirmed", [("sale", -1)])
        assert report.out_of_stock.order["failure_code"] == "insufficient_stock"
        assert (sold(report.out_of_stock), report.out_of_stock.money, report.out_of_stock.mails) == ([], [], [])
        assert all(count.held == 0 for evidence in report.orders for count in evidence.after)
        assert list_inventory_findings() == []

        text = told.getvalue()
        for evidence in report.orders:
            assert evidence.order["order_number"] in text
        assert str(paid.saga.id) in text
        assert f"capture {paid.order['total_price']} USD" in text
        assert paid.mails[0].subject in text
        assert "payment_declined: " in text
        assert "the books were read" in text

    def test_refuses_a_shop_with_other_databases(self) -> None:
        with pytest.raises(AnotherShop, match=r"The shop at http://127.0.0.1:9 keeps its data elsewhere"):
            check_that_it_is_this_shop("http://127.0.0.1:9", new_id())


class TestDemoAccounts:
    def test_are_not_allowed_unless_development_says_so(self) -> None:
        assert base.DEMO_ACCOUNTS is False
