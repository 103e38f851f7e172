"""A soak: orders come in waves while workers and the gateway die, then all is left in peace until it has ended."""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from ecommerce.testing.accounts import Account, accounts
from ecommerce.testing.books import recover, unfinished
from ecommerce.testing.market import Shop
from ecommerce.testing.processes import Process
from ecommerce.testing.stack import Stack
from ecommerce.testing.trouble import Trouble
from ecommerce.testing.witnesses import promises_broken_in

# Small batches and impatience: many moments to die in, and a lost answer does not stop a worker for long.
IMPATIENT = {"SAGA_BATCH": "20", "PAYMENT_GATEWAY_READ_SECONDS": "0.5"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many orders come in how many waves, and how long trouble and recovery may last; times in seconds."""

    orders: int
    waves: int
    workers: int
    pause_seconds: float
    most_chaos_seconds: float
    most_recovery_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of the orders of a soak."""

    began_at: datetime
    accounts: Sequence[Account]
    trouble: Trouble
    broken: Sequence[str]
    """The promises that no order of events could have kept."""

    @property
    def confirmed(self) -> list[UUID]:
        return [account.order_id for account in self.accounts if account.status == "confirmed"]

    @property
    def lost(self) -> list[str]:
        return [line for account in self.accounts for line in account.lost()]

    @property
    def doubled(self) -> list[str]:
        return [line for account in self.accounts for line in account.doubled()]

    def rows(self) -> list[tuple[str, int]]:
        """Return the figures, each with its name."""
        return [
            *sorted(self.trouble.done.items()),
            ("sagas leased as workers were killed", self.trouble.claims_cut),
            ("orders placed", len(self.accounts)),
            ("orders confirmed", len(self.confirmed)),
            ("orders undone", sum(account.status == "failed" for account in self.accounts)),
            ("mails", sum(account.mails for account in self.accounts)),
            ("lost", len(self.lost)),
            ("double effects", len(self.doubled)),
            ("promises broken in a history", len(self.broken)),
        ]


def soak(plan: Plan, shop: Shop, stack: Stack, *, seed: int) -> Verdict:
    """Carry a plan out, and say what became of the orders."""
    began_at = datetime.now(UTC)
    with _workers(stack, plan.workers) as workers:
        trouble = Trouble(random.Random(seed), workers, stack.gateway)
        _make_trouble(plan, shop, trouble)
        stack.gateway.mend()
        recover(list(shop.baskets), most_seconds=plan.most_recovery_seconds, hurried_seconds=5 * plan.pause_seconds)
    return Verdict(
        began_at=began_at,
        accounts=accounts(shop, stack),
        trouble=trouble,
        broken=promises_broken_in(stack, list(shop.baskets)),
    )


@contextmanager
def _workers(stack: Stack, count: int) -> Iterator[list[Process]]:
    """Give so many workers of all lanes."""
    workers = [stack.lane_worker(f"worker-{n}") for n in range(count)]
    for worker in workers:
        worker.start()
    try:
        yield workers
    finally:
        for worker in workers:
            worker.kill()


def _make_trouble(plan: Plan, shop: Shop, trouble: Trouble) -> None:
    """Strike again and again while orders come, and on until all have ended or it has lasted long enough."""
    give_up_at = time.monotonic() + plan.most_chaos_seconds
    for _ in shop.waves(plan.orders, of=max(1, plan.orders // plan.waves)):
        time.sleep(trouble.chance.uniform(0, plan.pause_seconds))
        trouble.strike()
    while unfinished(list(shop.baskets)) and time.monotonic() < give_up_at:
        time.sleep(plan.pause_seconds)
        trouble.strike()
