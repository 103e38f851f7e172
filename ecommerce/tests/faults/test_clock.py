"""
The clock of the orders database jumps an hour ahead and back, twice, while orders flow (libfaketime, Debian's).

It decides what is due. Ahead: leases and deadlines of what was in flight are over, which costs work and undoes some
orders. Back: what was in flight waits for an hour that has to come again, until somebody makes it due.
"""

import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from ecommerce.testing.books import fetch, recover
from ecommerce.testing.buyers import Crowd
from ecommerce.testing.clusters import Clusters
from ecommerce.testing.shop import make_variants

from .watch import judge, keep_score, now, stock_is_exact

FAKETIME = Path(f"/usr/lib/{platform.machine()}-linux-gnu/faketime/libfaketime.so.1")
pytestmark = [
    pytest.mark.chaos,
    pytest.mark.skipif(not FAKETIME.exists(), reason="needs libfaketime: apt-get install libfaketime"),
]

STOCK = 100_000
SECONDS = 4.0
JUMPS = ("+1h", "+0", "-1h", "+0")


@dataclass(frozen=True)
class Clock:
    """What the orders database takes for the time."""

    file: Path

    def jump(self, offset: str) -> None:
        """Show so much more than it is, from the next look at the clock on."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(offset)
        fresh.chmod(0o644)
        fresh.rename(self.file)


@pytest.fixture
def clock(own: Clusters, folder: Path) -> Iterator[Clock]:
    """The clock of the orders database, right at first; afterwards the server has the machine's again."""
    clock, orders = Clock(folder / "clock"), own["orders"]
    clock.jump("+0")
    orders.kill()
    orders.start(
        LD_PRELOAD=str(FAKETIME),
        FAKETIME_TIMESTAMP_FILE=str(clock.file),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    )
    yield clock
    orders.restart()


def hours_off(own: Clusters) -> float:
    """Return by how many hours the clock of the orders database is ahead."""
    with own["orders"].superuser() as connection:
        row = connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
    assert row is not None
    return round((float(row[0]) - time.time()) / 3600, 1)


def waiting_for_the_hour() -> int:
    """Return how many sagas are due in more than ten minutes, which no retry policy of orders asks for."""
    return int(
        fetch(
            "orders",
            "SELECT count(*) FROM saga_transactions WHERE finished_at IS NULL"
            " AND due_at > clock_timestamp() + interval '10 min'",
        )[0][0]
    )


@pytest.mark.timeout(120)
class TestAClockThatJumps:
    def test_loses_no_order_and_doubles_none(self, own, floor, clock, seed, capsys):
        began = now() - timedelta(hours=2)
        crowd = Crowd(floor.stack, make_variants(stock=STOCK, products=10, variants=2), seed)
        seen, stuck = [], []

        with crowd.buying():
            time.sleep(SECONDS / 2)
            for jump in JUMPS:
                clock.jump(jump)
                time.sleep(SECONDS)
                seen.append(hours_off(own))
                stuck.append(waiting_for_the_hour())
        seconds = recover(crowd.order_ids)
        verdict = judge(floor.stack, crowd, began)

        remark = f"{max(stuck)} sagas waited for the hour, {len(verdict.undone)} undone; over in {seconds:.1f} s"
        keep_score(
            "orders: clock an hour ahead and back",
            crowd,
            verdict,
            faults={"clock jumped by an hour": len(JUMPS)},
            remark=remark,
        )
        with capsys.disabled():
            print(f"\nclock of orders at {seen} h; {remark}")
        assert seen == [1.0, 0.0, -1.0, 0.0]
        assert (verdict.lost, verdict.doubled) == ([], [])
        assert (crowd.surprises, crowd.gave_up) == ([], 0)
        assert stock_is_exact(crowd, verdict, STOCK)
        # What was undone was in flight when the clock jumped ahead: at most a worker's batch or two.
        assert len(verdict.confirmed) > len(crowd.bought) * 0.7
