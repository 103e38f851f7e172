"""
Thousands of orders while three workers and the gateway die again and again: nothing is lost, nothing happens twice.

CHAOS_ORDERS says how many orders (2000), CHAOS_SEED replays what was drawn: orders, and troubles in their order. What
the workers are doing when a trouble strikes is the machine's own chance. All books are checked as a whole, so the
databases must be new: no `--reuse-db`.
"""

import os
import random
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings
from rich.console import Console
from rich.table import Table

from apps.payments.gateways.current import current_gateway
from apps.sagas.verification import find_broken_histories
from ecommerce.testing.books import let_leases_pass, unfinished
from ecommerce.testing.processes import Process
from ecommerce.testing.stack import ALIASES, Stack
from ecommerce.testing.witnesses import promises_broken_in

from .shop import Shop
from .trouble import Trouble
from .verdict import accounts, stock_expected, stock_found

pytestmark = [pytest.mark.chaos, pytest.mark.committed(databases=ALIASES)]

ORDERS = int(os.environ.get("CHAOS_ORDERS", "2000"))
SEED = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(10**6))
WORKERS = 3
WAVES = 30
PAUSE_SECONDS = 1.0
MOST_CHAOS_SECONDS = 120.0
MOST_RECOVERY_SECONDS = 90.0
# Small batches and impatience: many moments to die in, and a lost answer does not stop a worker for long.
IMPATIENT = {"SAGA_BATCH": "20", "PAYMENT_GATEWAY_READ_SECONDS": "0.5"}


@pytest.fixture
def stack(tmp_path: Path, settings: Settings) -> Iterator[Stack]:
    """The gateway and the mailbox of a shop that nobody else uses; this process asks the same gateway."""
    stack = Stack(tmp_path, extra=IMPATIENT)
    settings.PAYMENT_GATEWAY_URL = stack.gateway.url
    current_gateway.cache_clear()
    stack.start_judges()
    yield stack
    stack.stop()
    current_gateway.cache_clear()


@pytest.fixture
def workers(stack: Stack) -> Iterator[list[Process]]:
    """Three workers of all lanes."""
    workers = [stack.lane_worker(f"worker-{n}") for n in range(WORKERS)]
    for worker in workers:
        worker.start()
    yield workers
    for worker in workers:
        worker.kill()


def make_trouble(shop: Shop, trouble: Trouble) -> None:
    """Strike about once a second while orders come, and on until all have ended or it has lasted long enough."""
    give_up_at = time.monotonic() + MOST_CHAOS_SECONDS
    for _ in shop.waves(ORDERS, of=max(1, ORDERS // WAVES)):
        time.sleep(trouble.chance.uniform(0, PAUSE_SECONDS))
        trouble.strike()
    while unfinished(list(shop.baskets)) and time.monotonic() < give_up_at:
        time.sleep(PAUSE_SECONDS)
        trouble.strike()


def recover(shop: Shop, stack: Stack) -> None:
    """Let the workers do their work in peace, and no retry wait long, until every saga has ended."""
    stack.gateway.mend()
    give_up_at = time.monotonic() + MOST_RECOVERY_SECONDS
    while left := unfinished(list(shop.baskets)):
        assert time.monotonic() < give_up_at, f"{left} sagas do not end"
        time.sleep(5 * PAUSE_SECONDS)
        let_leases_pass()


def print_table(console: Console, rows: list[tuple[str, int]], title: str) -> None:
    table = Table("", "times", title=title, box=None, header_style="bold", pad_edge=False, title_justify="left")
    for what, times in rows:
        table.add_row(what, str(times))
    console.print(table)


@pytest.mark.timeout(290)
class TestOrdersAmongDyingWorkers:
    def test_are_none_of_them_lost_and_none_of_them_done_twice(self, stack, workers, capsys):
        with capsys.disabled():
            print(f"\n{ORDERS} orders, CHAOS_SEED={SEED}")
        shop = Shop(random.Random(SEED))
        trouble = Trouble(random.Random(SEED + 1), workers, stack.gateway)

        make_trouble(shop, trouble)
        recover(shop, stack)

        found = accounts(shop, stack)
        lost = [line for account in found for line in account.lost()]
        doubled = [line for account in found for line in account.doubled()]
        confirmed: list[UUID] = [account.order_id for account in found if account.status == "confirmed"]
        rows = [
            *sorted(trouble.done.items()),
            ("sagas in the hands of the killed", trouble.claims_cut),
            ("orders placed", len(found)),
            ("orders confirmed", len(confirmed)),
            ("orders undone", sum(account.status == "failed" for account in found)),
            ("mails", sum(account.mails for account in found)),
            ("lost", len(lost)),
            ("double effects", len(doubled)),
        ]
        with capsys.disabled():
            print_table(Console(), rows, f"seed {SEED}")
        assert (lost, doubled) == ([], [])
        assert promises_broken_in(stack, list(shop.baskets)) == []
        assert len(found) == ORDERS
        assert stock_found(shop) == stock_expected(shop, confirmed)
        assert find_broken_histories() == []
        call_command("check_inventory")
        call_command("check_ledger", gateway=True)
        # It was chaos: workers died with sagas in hand, and good orders outlived it.
        assert trouble.claims_cut > 0
        assert len(confirmed) > ORDERS // 2
