"""
A failover that loses the last moments of one database: it comes back as it was a second ago.

No engine can promise that nothing is lost then: what the database had promised to keep is gone. What is promised: an
order still in flight heals, because its effects are asked again under the same keys; nothing is charged or sold twice;
and whatever is wrong afterwards belongs to orders that ended in the lost moments, each of which a comparison of the
databases names. Orders and payments therefore want synchronous replication.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from rich.console import Console
from rich.table import Table

from apps.core.pools import close_connections
from apps.core.testing.waiting import eventually
from apps.payments.services import check_gateway
from ecommerce.testing.books import fetch, let_leases_pass, unfinished
from ecommerce.testing.buyers import Crowd
from ecommerce.testing.clusters import Cluster
from ecommerce.testing.shop import make_variants

from .watch import LANE_OF, Verdict, judge, now

pytestmark = pytest.mark.chaos

STOCK = 100_000
BEFORE_SECONDS, LOST_SECONDS, AFTER_SECONDS = 2.0, 1.0, 2.0
MOST_RECOVERY_SECONDS = 60.0
FEW = 5


@dataclass(frozen=True)
class Tail:
    """The moments that one database lost."""

    alias: str
    began: datetime
    ended: datetime


def lose_the_tail(cluster: Cluster, folder: Path, crowd: Crowd) -> Tail:
    """Let a moment pass in which some buy, and then set the server back to before it."""
    cluster.kill()
    cluster.copy_to(folder)
    cluster.start()
    began, bought = now(), len(crowd.bought)
    eventually(lambda: len(crowd.bought) >= bought + FEW, seconds=20, what="the lost orders")
    time.sleep(LOST_SECONDS)
    cluster.kill()
    tail = Tail(cluster.alias, began, now())
    cluster.set_back_to(folder)
    cluster.start()
    return tail


def forgotten(tail: Tail, order_ids: Sequence[UUID]) -> set[UUID]:
    """Return the orders of which the history says that a step was done, and that database's inbox knows nothing."""
    steps = [step for step, lane in LANE_OF.items() if lane == tail.alias]
    told = {
        (saga_id, step): order_id
        for saga_id, step, order_id in fetch(
            "orders",
            "SELECT e.saga_id, e.step, s.order_id FROM saga_events e JOIN saga_transactions s ON s.id = e.saga_id"
            " WHERE e.kind = 'completed' AND e.step = ANY(%s) AND s.order_id = ANY(%s)",
            steps,
            list(order_ids),
        )
    }
    known = set(
        fetch(
            tail.alias,
            "SELECT saga_id, step FROM saga_inbox WHERE saga_id = ANY(%s) AND direction = 'forward'",
            [saga_id for saga_id, _ in told],
        )
    )
    return {order_id for call, order_id in told.items() if call not in known}


def recover(order_ids: Sequence[UUID]) -> int:
    """Let the workers do what can be done; return how many sagas are left, which only a person can end."""
    close_connections()
    give_up_at = time.monotonic() + MOST_RECOVERY_SECONDS
    while unfinished(order_ids) and time.monotonic() < give_up_at:
        time.sleep(1)
        let_leases_pass()
    return unfinished(order_ids)


def orders_named_in(lines: Sequence[str]) -> set[UUID]:
    """Return the orders that such lines begin with."""
    return {UUID(line.split()[0].rstrip(":")) for line in lines}


def named_by_the_gateway(verdict: Verdict) -> set[UUID]:
    """Return the orders whose charges `check_ledger --gateway` names; what payments forgot has no order there."""
    found = " ".join(finding.what for finding in check_gateway())
    return {one.order_id for one in verdict.accounts for charge in one.charges if charge["key"] in found}


def print_failover(rows: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(*rows, box=None, header_style="bold", title="a failover that lost a second", title_justify="left")
    table.add_row(*map(str, rows.values()))
    with capsys.disabled():
        Console(width=160).print("", table)


@pytest.mark.timeout(120)
class TestAFailoverThatLosesASecond:
    @pytest.mark.parametrize("alias", ["catalog", "payments", "notifications"])
    def test_of_a_participant_harms_only_what_ended_in_it(self, alias, own, floor, folder, seed, capsys):
        crowd, tail, left, verdict = self._play(alias, own, floor, folder, seed)

        gone = forgotten(tail, crowd.order_ids)
        wrong = orders_named_in([*verdict.lost, *verdict.doubled])
        named = named_by_the_gateway(verdict) if alias == "payments" else set()
        print_failover(
            {
                "database": alias,
                "orders": len(crowd.bought),
                "ended in the lost second": len(gone),
                "left to people": left,
                "wrong, and named": len(wrong),
                "charged twice": sum(account.captures > 1 for account in verdict.accounts),
                "two mails": sum(account.mails > 1 for account in verdict.accounts),
            },
            capsys,
        )
        assert gone
        # In flight or later: nothing to see. The rest is in the list that a comparison of the databases gives.
        # A mail whose sending was forgotten is sent again: only the database that forgot it could have known.
        mailed_twice = {one.order_id for one in verdict.accounts if one.mails > 1}
        assert wrong <= gone | (mailed_twice if alias == "notifications" else set())
        assert all(account.captures <= 1 for account in verdict.accounts)
        # Money that payments forgot is named by the comparison with the gateway, to the last order.
        assert alias != "payments" or named == wrong == gone

    def test_of_the_orders_loses_orders_and_charges_nobody_twice(self, own, floor, folder, seed, capsys):
        crowd, _, left, verdict = self._play("orders", own, floor, folder, seed)

        missing = {account.order_id for account in verdict.accounts if account.status is None}
        wrong = orders_named_in([*verdict.lost, *verdict.doubled])
        charged = {account.order_id for account in verdict.accounts if account.status is None and account.captures}
        lost_numbers = {one.number for one in crowd.bought if one.order_id in missing}
        again = {one.order_id for one in crowd.bought if one.number in lost_numbers} - missing
        print_failover(
            {
                "database": "orders",
                "orders": len(crowd.bought),
                "lost with the second": len(missing),
                "charged, and known to payments alone": len(charged),
                "left to people": left,
                "got a lost order's number": len(again),
                "wrong besides": len(wrong - missing - again),
                "charged twice": sum(account.captures > 1 for account in verdict.accounts),
            },
            capsys,
        )
        assert missing
        # The sequence of order numbers was set back too: two buyers were told one number, and two mails bear it.
        assert missing <= wrong <= missing | again
        assert all(account.captures <= 1 for account in verdict.accounts)

    def _play(self, alias: str, own, floor, folder: Path, seed: int) -> tuple[Crowd, Tail, int, Verdict]:
        began = now()
        crowd = Crowd(floor.stack, make_variants(stock=STOCK, products=10, variants=2), seed)
        with crowd.buying():
            time.sleep(BEFORE_SECONDS)
            tail = lose_the_tail(own[alias], folder / f"copy-of-{alias}", crowd)
            time.sleep(AFTER_SECONDS)
        left = recover(crowd.order_ids)
        return crowd, tail, left, judge(floor.stack, crowd, began)
