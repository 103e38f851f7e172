"""A server that has no more of something: space, connections, time, or an order in which all can be served."""

import os
import time

import pytest

from ecommerce.testing.books import recover
from ecommerce.testing.buyers import Crowd
from ecommerce.testing.clusters import Cluster
from ecommerce.testing.shop import make_variants

from .limits import LIMITS
from .watch import judge, keep_score, now, stock_is_exact

pytestmark = pytest.mark.chaos

STOCK = 100_000
CALM_SECONDS, SECONDS = 1.0, 4.0


def logged(cluster: Cluster, words: str) -> int:
    """Return how often the server's log has these words."""
    return cluster.server.log.read_text(errors="replace").count(words)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
class TestALimit:
    def test_that_a_server_meets_loses_no_order_and_undoes_none(self, limit, own, floor, seed, capsys):
        if limit.name == "disk full" and os.geteuid() != 0:
            pytest.skip("only root can mount a small disk")
        began, cluster = now(), own[limit.alias]
        # Two variants, both in every order: whoever meddles with them meets everybody.
        crowd = Crowd(floor.stack, make_variants(stock=STOCK, variants=2), seed)
        before = logged(cluster, limit.logged)

        with crowd.buying():
            time.sleep(CALM_SECONDS)
            with limit.holds(cluster, crowd.variants):
                time.sleep(SECONDS)
            time.sleep(CALM_SECONDS)
        seconds = recover(crowd.order_ids)
        verdict = judge(floor.stack, crowd, began)

        struck = logged(cluster, limit.logged) - before
        remark = f"a step failed {verdict.most_failures} times at most; over in {seconds:.1f} s"
        keep_score(f"{limit.alias}: {limit.name}", crowd, verdict, faults={limit.name: struck}, remark=remark)
        with capsys.disabled():
            print(f"\n{limit.name}: {struck} in {limit.alias}'s log; {remark}; asked again {crowd.asked_again} times")
        assert struck > 0
        assert (verdict.lost, verdict.doubled, verdict.broken) == ([], [], [])
        assert (crowd.surprises, crowd.gave_up, verdict.undone) == ([], 0, [])
        assert len(crowd.bought) > 5
        assert stock_is_exact(crowd, verdict, STOCK)
        assert verdict.most_failures <= limit.spends
