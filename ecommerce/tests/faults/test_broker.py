"""
The broker is killed, restarted, emptied and frozen for half a minute while orders flow, or never starts at all.

It carries no state: nothing is lost, orders go on, and no checkout waits for it.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from apps.core.services.addresses import database_variable
from ecommerce.testing.books import recover
from ecommerce.testing.buyers import Crowd
from ecommerce.testing.rabbitmq import INSTALLED, rabbitmq
from ecommerce.testing.shop import make_variants
from ecommerce.testing.valkey import Broker, broker

from .floor import Floor
from .watch import judge, keep_score, now, stock_is_exact

pytestmark = pytest.mark.chaos

STOCK = 100_000
CALM_SECONDS, DOWN_SECONDS, FROZEN_SECONDS, FLUSHES = 5.0, 4.0, 30.0, 10
RABBIT_FROZEN_SECONDS = 8.0
RABBIT_BROKEN = {"broker killed": 1, "broker frozen": 1}
BROKEN = RABBIT_BROKEN | {"broker emptied": FLUSHES}
MOST_SECONDS = 2.0
"""The longest a checkout may take while the broker hangs, on a machine that does other things too."""


@pytest.fixture
def valkey(folder: Path, request: pytest.FixtureRequest) -> Iterator[Broker]:
    with broker(folder / request.node.name) as one:
        yield one


def floor_at(folder: Path, own, url: str, **kinds: bool) -> Floor:
    databases = {database_variable(alias): cluster.url for alias, cluster in own.items()}
    return Floor(folder, extra=databases | {"CELERY_BROKER_URL": url}, **kinds)


class Phases:
    """What was played, and how long the checkouts took meanwhile."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd, self.names, self.began = crowd, [], []

    def begin(self, name: str) -> None:
        self.names.append(name)
        self.began.append(time.monotonic())

    def latencies(self) -> dict[str, list[float]]:
        ends = [*self.began[1:], time.monotonic()]
        return {
            name: self.crowd.seconds_between(began, ended)
            for name, began, ended in zip(self.names, self.began, ends, strict=True)
        }


def at(seconds: Sequence[float], share: float) -> float:
    return seconds[min(len(seconds) - 1, int(len(seconds) * share))] if seconds else 0.0


def print_latencies(what: str, phases: Phases, capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("", "checkouts", "median", "p95", "longest", title=f"{what}: checkouts, ms", box=None)
    for name, seconds in phases.latencies().items():
        shares = (f"{at(seconds, share) * 1000:.0f}" for share in (0.5, 0.95, 1.0))
        table.add_row(name, str(len(seconds)), *shares)
    with capsys.disabled():
        Console().print("", table)


def check(what: str, crowd: Crowd, floor: Floor, began, phases: Phases, faults: Mapping[str, int], capsys) -> None:
    """Everything was sold once and exactly, and nobody waited for the broker."""
    seconds = recover(crowd.order_ids)
    verdict = judge(floor.stack, crowd, began)
    slowest = max(at(taken, 0.95) for name, taken in phases.latencies().items() if name != "calm")
    keep_score(
        what,
        crowd,
        verdict,
        faults=faults,
        remark=f"checkout p95 {slowest * 1000:.0f} ms at worst; over in {seconds:.1f} s",
    )
    print_latencies(what, phases, capsys)
    assert (verdict.lost, verdict.doubled, verdict.broken, verdict.undone) == ([], [], [], [])
    assert (crowd.surprises, crowd.gave_up, crowd.asked_again) == ([], 0, 0)
    assert stock_is_exact(crowd, verdict, STOCK)
    assert len(crowd.bought) > 10
    assert slowest < MOST_SECONDS


@pytest.mark.timeout(200)
class TestABrokerInTrouble:
    def test_loses_no_order_and_holds_up_no_checkout(self, folder, own, valkey, seed, capsys):
        began = now()
        valkey.start()
        floor = floor_at(folder / "on-valkey", own, valkey.url)
        try:
            floor.open()
            crowd = Crowd(floor.stack, make_variants(stock=STOCK, products=10, variants=2), seed)
            phases = Phases(crowd)
            with crowd.buying():
                self._break(valkey, phases)
            check("broker: killed, emptied, frozen", crowd, floor, began, phases, BROKEN, capsys)
        finally:
            floor.close()

    def _break(self, valkey: Broker, phases: Phases) -> None:
        phases.begin("calm")
        time.sleep(CALM_SECONDS)
        phases.begin("killed")
        valkey.kill()
        time.sleep(DOWN_SECONDS)
        valkey.start()
        phases.begin("emptied again and again")
        for _ in range(FLUSHES):
            valkey.flush()
            time.sleep(0.2)
        phases.begin("frozen")
        valkey.freeze()
        time.sleep(FROZEN_SECONDS)
        valkey.thaw()

    def test_that_never_starts_loses_no_order_either(self, folder, own, valkey, seed, capsys):
        began = now()
        floor = floor_at(folder / "without-broker", own, valkey.url, with_celery=False)
        try:
            floor.open()
            crowd = Crowd(floor.stack, make_variants(stock=STOCK, products=10, variants=2), seed)
            phases = Phases(crowd)
            phases.begin("never started")
            with crowd.buying():
                time.sleep(CALM_SECONDS)
            check("broker: never started", crowd, floor, began, phases, {"broker never started": 1}, capsys)
        finally:
            floor.close()

    @pytest.mark.skipif(not INSTALLED, reason="needs RabbitMQ: apt-get install rabbitmq-server")
    def test_that_is_rabbitmq_does_the_same(self, folder, own, seed, capsys, tmp_path):
        began = now()
        with rabbitmq(tmp_path) as rabbit:
            floor = floor_at(folder / "on-rabbitmq", own, rabbit.url)
            try:
                floor.open()
                crowd = Crowd(floor.stack, make_variants(stock=STOCK, products=10, variants=2), seed)
                phases = Phases(crowd)
                with crowd.buying():
                    phases.begin("calm")
                    time.sleep(CALM_SECONDS)
                    phases.begin("killed")
                    rabbit.process.kill()
                    time.sleep(DOWN_SECONDS)
                    rabbit.start()
                    phases.begin("frozen")
                    rabbit.freeze()
                    time.sleep(RABBIT_FROZEN_SECONDS)
                    rabbit.thaw()
                check("RabbitMQ: killed, frozen", crowd, floor, began, phases, RABBIT_BROKEN, capsys)
            finally:
                floor.close()
