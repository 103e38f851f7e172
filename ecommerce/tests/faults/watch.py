"""What a crowd's orders came to, and what the lanes did meanwhile."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from apps.orders.sagas.order_processing import ORDER_PROCESSING
from apps.sagas.messages import Direction
from apps.sagas.verification import find_broken_histories
from ecommerce.testing.accounts import Account, accounts_of
from ecommerce.testing.books import fetch, stock_after, stock_of_all
from ecommerce.testing.buyers import Crowd
from ecommerce.testing.clusters import Cluster
from ecommerce.testing.scores import SCORES, Score
from ecommerce.testing.stack import LANES, Stack
from ecommerce.testing.witnesses import promises_broken_in

LOOK_SECONDS = 0.2
LANE_OF = {step.name: step.participant(Direction.FORWARD) for step in ORDER_PROCESSING.steps if step.do is not None}

OLDEST_DUE = """
SELECT lane, extract(epoch FROM clock_timestamp() - min(due_at))
FROM saga_transactions
WHERE status IN ('active', 'compensating') AND hold IS NULL AND due_at <= clock_timestamp()
GROUP BY lane
"""


@dataclass
class Watch:
    """Looks at the lanes again and again: how long has the oldest due saga of each been waiting, in seconds?"""

    orders: Cluster
    phases: list[tuple[str, float, float]] = field(default_factory=list)
    """What was played, from when to when."""
    waited: dict[tuple[str, str], float] = field(default_factory=dict)
    """The longest wait, by phase and lane."""
    _phase: str = "calm"
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watching(self) -> Iterator["Watch"]:
        """Watch for the length of a block."""
        thread = threading.Thread(target=self._look_on)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Give what happens in a block a name."""
        self._phase, began = name, time.time()
        yield
        self.phases.append((name, began, time.time()))
        self._phase = "calm"

    def longest_wait(self, *, but: str) -> float:
        """Return the longest that a due saga of another lane has waited, in seconds, whatever was played."""
        return max((seconds for (_, lane), seconds in self.waited.items() if lane != but), default=0.0)

    def rates(self) -> dict[tuple[str, str], float]:
        """Return how many steps each lane completed a second, by phase and lane."""
        rates = {}
        for name, began, ended in self.phases:
            done = Counter(
                LANE_OF[step]
                for (step,) in fetch(
                    "orders",
                    "SELECT step FROM saga_events WHERE kind = 'completed' AND step = ANY(%s) AND at BETWEEN %s AND %s",
                    list(LANE_OF),
                    datetime.fromtimestamp(began, UTC),
                    datetime.fromtimestamp(ended, UTC),
                )
            )
            rates |= {(name, lane): done[lane] / (ended - began) for lane in LANES}
        return rates

    def _look_on(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            try:
                with self.orders.superuser() as connection:
                    for lane, seconds in connection.execute(OLDEST_DUE):
                        key = (self._phase, lane)
                        self.waited[key] = max(self.waited.get(key, 0.0), float(seconds))
            except psycopg.OperationalError:
                continue


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a crowd's orders, by every witness."""

    accounts: Sequence[Account]
    lost: Sequence[str]
    doubled: Sequence[str]
    broken: Sequence[str]
    most_failures: int
    """The most failures that one step of one saga has spent."""

    @property
    def confirmed(self) -> list[UUID]:
        return [one.order_id for one in self.accounts if one.status == "confirmed"]

    @property
    def undone(self) -> list[UUID]:
        return [one.order_id for one in self.accounts if one.status == "failed"]


def judge(stack: Stack, crowd: Crowd, since: datetime) -> Verdict:
    """Ask every witness about every order that a buyer has an answer for."""
    found = accounts_of(crowd.order_ids, stack)
    failures = fetch(
        "orders",
        "SELECT coalesce(max((e.data ->> 'failures')::int), 0) FROM saga_events e"
        " JOIN saga_transactions s ON s.id = e.saga_id WHERE s.order_id = ANY(%s) AND e.kind IN ('failed', 'unknown')",
        crowd.order_ids,
    )
    return Verdict(
        accounts=found,
        lost=[line for account in found for line in account.lost()],
        doubled=[line for account in found for line in account.doubled()],
        broken=[*promises_broken_in(stack, crowd.order_ids), *map(str, find_broken_histories(since=since))],
        most_failures=failures[0][0],
    )


def stock_is_exact(crowd: Crowd, verdict: Verdict, stock: int) -> bool:
    """Tell whether every variant has for sale, held and sold what the confirmed orders leave it."""
    confirmed = set(verdict.confirmed)
    sold = (variant for one in crowd.bought if one.order_id in confirmed for variant in one.variants)
    return stock_of_all(crowd.variants) == stock_after(dict.fromkeys(crowd.variants, stock), sold)


def keep_score(what: str, crowd: Crowd, verdict: Verdict, *, faults: Mapping[str, int], remark: str = "") -> None:
    """Put the test into the table that ends the run."""
    SCORES.append(
        Score(
            what=what,
            faults=faults,
            placed=len(crowd.bought),
            lost=len(verdict.lost),
            doubled=len(verdict.doubled),
            remark=remark,
        )
    )


def now() -> datetime:
    return datetime.now(UTC)
