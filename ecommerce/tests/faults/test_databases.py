"""
Each database's own server crashes, refuses, hangs and loses the line in the middle of a COMMIT, while orders flow.

Every order that a buyer has an answer for is confirmed in the end: an outage spends nobody's tries, and the other lanes
go on.
"""

import time

import pytest
from rich.console import Console
from rich.table import Table

from apps.sagas.definition import FORWARD_RETRY
from ecommerce.testing.books import recover
from ecommerce.testing.buyers import Crowd
from ecommerce.testing.clusters import Cluster
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, LANES

from .watch import Watch, judge, keep_score, now, stock_is_exact

pytestmark = pytest.mark.chaos

STOCK = 100_000
CALM_SECONDS, REFUSED_SECONDS, HUNG_SECONDS, BREATH_SECONDS = 3.0, 5.0, 3.0, 1.0
COMMITS_CUT = 5
OUTAGES = {"server crashed": 1, "connections refused": 1, "server hung": 1}
CUT = "line cut in a COMMIT"
MOST_WAIT_SECONDS = 10.0


def break_it(cluster: Cluster, watch: Watch) -> dict[str, int]:
    """Play the four faults, with a breath between them; return how often each struck."""
    with watch.phase("calm"):
        time.sleep(CALM_SECONDS)
    with watch.phase("crashed"):
        cluster.restart()
        time.sleep(BREATH_SECONDS)
    with watch.phase("refused"):
        cluster.proxy.refuse()
        time.sleep(REFUSED_SECONDS)
    cluster.proxy.mend()
    time.sleep(BREATH_SECONDS)
    with watch.phase("hung"):
        cluster.proxy.hang()
        time.sleep(HUNG_SECONDS)
    cluster.proxy.mend()
    time.sleep(BREATH_SECONDS)
    return OUTAGES | {CUT: cut_commits(cluster, watch)}


def cut_commits(cluster: Cluster, watch: Watch) -> int:
    """Cut a few lines in the middle of their COMMIT, half of them after it arrived; return how many."""
    before = cluster.proxy.commits_cut
    with watch.phase("cut"):
        for i in range(COMMITS_CUT):
            cluster.proxy.cut_commits(1, with_effect=i % 2 == 0)
            stop_at = time.monotonic() + 2.0
            while cluster.proxy.commits_cut == before + i and time.monotonic() < stop_at:
                time.sleep(0.02)
    cluster.proxy.cut_commits(0)
    return cluster.proxy.commits_cut - before


def print_lanes(alias: str, watch: Watch) -> None:
    """Print how fast each lane was and how long it let somebody wait, by what was played."""
    rates = watch.rates()
    title = f"{alias}: steps a second (longest wait in seconds)"
    table = Table("lane", *(name for name, _, _ in watch.phases), title=title, box=None, title_justify="left")
    for lane in LANES:
        cells = (f"{rates[name, lane]:.1f} ({watch.waited.get((name, lane), 0.0):.1f})" for name, _, _ in watch.phases)
        table.add_row(lane, *cells)
    Console().print(table)


@pytest.mark.timeout(150)
@pytest.mark.parametrize("alias", ALIASES)
class TestADatabaseThatBreaks:
    def test_loses_no_order_and_doubles_none(self, alias, own, floor, seed, capsys):
        began = now()
        crowd = Crowd(floor.stack, make_variants(stock=STOCK, products=10, variants=2), seed)
        watch = Watch(own["orders"])

        with watch.watching(), crowd.buying():
            faults = break_it(own[alias], watch)
        seconds = recover(crowd.order_ids)
        verdict = judge(floor.stack, crowd, began)

        wait = watch.longest_wait(but=alias)
        keep_score(
            f"{alias}: crashed, refused, hung, cut",
            crowd,
            verdict,
            faults=faults,
            remark=f"others waited {wait:.1f} s at most; over in {seconds:.1f} s",
        )
        with capsys.disabled():
            print(f"\nCHAOS_SEED={seed}; asked again {crowd.asked_again} times; failures {verdict.most_failures}")
            print_lanes(alias, watch)
        assert (verdict.lost, verdict.doubled, verdict.broken) == ([], [], [])
        assert (crowd.surprises, crowd.gave_up, verdict.undone) == ([], 0, [])
        assert len(crowd.bought) > 10
        assert faults[CUT] == COMMITS_CUT or alias == "accounts"
        assert stock_is_exact(crowd, verdict, STOCK)
        # Nobody spent the tries that would have undone an order.
        assert verdict.most_failures < FORWARD_RETRY.attempts
        assert alias == "orders" or wait < MOST_WAIT_SECONDS
