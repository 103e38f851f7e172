"""Workers that take each other's sagas all the time, and a doorbell that rings twice, too late and out of order."""

import json
import os
import random
import time
from collections.abc import Sequence
from functools import partial
from uuid import UUID

import pytest
from django.db import Error

from apps.core.testing.threads import at_once
from apps.sagas.circuits import close_all
from apps.sagas.lanes import run_batch
from apps.sagas.orchestrator import claim
from apps.sagas.participant import PARTICIPANTS
from apps.sagas.settlement import REFUSED
from apps.sagas.tasks import run_lane
from ecommerce.testing.books import unfinished
from ecommerce.testing.orders import place_orders
from ecommerce.testing.scores import SEED
from ecommerce.testing.shop import make_variants
from ecommerce.testing.stack import ALIASES, LANES

from .dying import End, forked, recover
from .stories import PAID, Story, check_books

pytestmark = pytest.mark.committed(databases=ALIASES)

RACED = Story("raced", PAID.card, PAID.stock, "either", PAID.unpassed)
ORDERS = 12
RACE_SECONDS = 4.0
A_MILLISECOND = 0.001


def placed(count: int) -> dict[UUID, list[UUID]]:
    """Place so many orders, each with variants of its own."""
    baskets = [make_variants(stock=PAID.stock, variants=2) for _ in range(count)]
    return dict(zip(place_orders(baskets, payment_method=PAID.card), baskets, strict=True))


def race(order_ids: Sequence[UUID], told: int, seed: int) -> None:
    """Work on all lanes in any order, with leases of a millisecond; tell how many settles were refused."""
    chance, stop_at = random.Random(seed), time.monotonic() + RACE_SECONDS
    for participant in PARTICIPANTS.values():
        participant.lease_seconds = A_MILLISECOND
    while time.monotonic() < stop_at and unfinished(order_ids):
        for lane in chance.sample(LANES, len(LANES)):
            # Sessions that are ended after a millisecond of silence look like an outage, in which nobody would race.
            close_all()
            try:
                run_batch(lane)
            except Error:
                continue
    refused = sum(sample.value for metric in REFUSED.collect() for sample in metric.samples if "_total" in sample.name)
    os.write(told, f"{json.dumps(refused)}\n".encode())


class TestTwoWorkersWithLeasesOfAMillisecond:
    def test_take_each_others_sagas_and_leave_books_that_agree(self, gateway, mailbox):
        print(f"CHAOS_SEED={SEED}")
        orders = placed(ORDERS)
        tells, told = os.pipe()

        workers = [forked(partial(race, list(orders), told, SEED + n)) for n in range(2)]
        ends = [worker.end() for worker in workers]
        os.close(told)
        with open(tells) as lines:
            refused = sum(float(line) for line in lines)
        for order_id in orders:
            recover(order_id)

        assert ends == [End.DONE, End.DONE]
        for order_id, variants in orders.items():
            check_books(order_id, RACED, variants, gateway, mailbox)
        # They did race: settles came after another worker had taken the saga.
        assert refused > 0


class TestRings:
    def test_that_come_many_times_and_out_of_order_do_nothing_twice(self, gateway, mailbox):
        print(f"CHAOS_SEED={SEED}")
        orders, chance = placed(ORDERS), random.Random(SEED)
        rings = [lane for lane in LANES for _ in range(6)]

        for _ in range(20):
            chance.shuffle(rings)
            at_once(*[partial(answer_rings, rings[n::4]) for n in range(4)])
            if not unfinished(list(orders)):
                break

        for order_id, variants in orders.items():
            check_books(order_id, PAID, variants, gateway, mailbox)

    def test_of_which_none_comes_cost_nothing_but_a_look(self, gateway, mailbox):
        ((order_id, variants),) = placed(1).items()

        recover(order_id)

        check_books(order_id, PAID, variants, gateway, mailbox)


def answer_rings(lanes: Sequence[str]) -> None:
    """Work as a Celery worker does that got these messages."""
    for lane in lanes:
        run_lane(lane)


class TestAClaimThatIsNeverWorkedOn:
    def test_holds_nobody_up_when_its_lease_is_over(self, gateway, mailbox):
        ((order_id, variants),) = placed(1).items()
        claim("catalog", limit=100, lease_seconds=A_MILLISECOND)
        time.sleep(10 * A_MILLISECOND)

        for _ in range(3):
            for lane in LANES:
                run_batch(lane)

        check_books(order_id, PAID, variants, gateway, mailbox)
