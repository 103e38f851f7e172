"""
Orders while workers and the gateway die again and again: nothing is lost, nothing happens twice.

A few orders with every run of the tests, thousands with `make chaos`. CHAOS_ORDERS says how many those are (2000),
CHAOS_SEED replays what was drawn: orders, and troubles in their order. What the workers are doing when a trouble
strikes is the machine's own chance. The long one checks all books as a whole, so its databases must be new: no
`--reuse-db`.
"""

import os
import random

import pytest
from django.core.management import call_command
from rich.console import Console
from rich.table import Table

from apps.sagas.verification import find_broken_histories
from ecommerce.testing.accounts import stock_expected
from ecommerce.testing.books import stock_of_all
from ecommerce.testing.market import Shop
from ecommerce.testing.scores import SCORES, SEED, Score
from ecommerce.testing.stack import ALIASES

from .soak import Plan, Verdict, soak

pytestmark = pytest.mark.committed(databases=ALIASES)

SHORT = Plan(orders=80, waves=8, workers=2, pause_seconds=0.4, most_chaos_seconds=6.0, most_recovery_seconds=60.0)
LONG = Plan(
    orders=int(os.environ.get("CHAOS_ORDERS", "2000")),
    waves=30,
    workers=3,
    pause_seconds=1.0,
    most_chaos_seconds=120.0,
    most_recovery_seconds=90.0,
)


def print_table(rows: list[tuple[str, int]]) -> None:
    table = Table(
        "", "times", title=f"seed {SEED}", box=None, header_style="bold", pad_edge=False, title_justify="left"
    )
    for what, times in rows:
        table.add_row(what, str(times))
    Console().print(table)


def score(verdict: Verdict) -> Score:
    """Return the soak's line in the table that ends the run."""
    return Score(
        what="soak: workers and the gateway die",
        faults=verdict.trouble.done,
        placed=len(verdict.accounts),
        lost=len(verdict.lost),
        doubled=len(verdict.doubled),
        remark=f"{verdict.trouble.claims_cut} sagas leased as workers were killed",
    )


def check(verdict: Verdict, plan: Plan, shop: Shop) -> None:
    """Nothing is lost, nothing doubled, no promise broken, and every piece is where it must be."""
    assert (verdict.lost, verdict.doubled, verdict.broken) == ([], [], [])
    assert len(verdict.accounts) == plan.orders
    assert stock_of_all(shop.stock) == stock_expected(shop, verdict.confirmed)
    assert find_broken_histories(since=verdict.began_at) == []
    # Good orders outlived it.
    assert len(verdict.confirmed) > plan.orders // 2


@pytest.mark.timeout(120)
class TestAFewOrdersAmongDyingWorkers:
    def test_are_none_of_them_lost_and_none_of_them_done_twice(self, stack):
        print(f"CHAOS_SEED={SEED}")
        shop = Shop(random.Random(SEED))

        verdict = soak(SHORT, shop, stack, seed=SEED + 1)

        check(verdict, SHORT, shop)
        assert sum(verdict.trouble.done.values()) >= SHORT.waves


@pytest.mark.chaos
@pytest.mark.timeout(290)
class TestOrdersAmongDyingWorkers:
    def test_are_none_of_them_lost_and_none_of_them_done_twice(self, stack, capsys):
        with capsys.disabled():
            print(f"\n{LONG.orders} orders, CHAOS_SEED={SEED}")
        shop = Shop(random.Random(SEED))

        verdict = soak(LONG, shop, stack, seed=SEED + 1)

        with capsys.disabled():
            print_table(verdict.rows())
        SCORES.append(score(verdict))
        check(verdict, LONG, shop)
        call_command("check_inventory")
        call_command("check_ledger", gateway=True)
        # It was chaos: workers died with sagas in hand.
        assert verdict.trouble.claims_cut > 0
