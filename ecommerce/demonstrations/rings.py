"""The broker forgets everything, again and again, while a thousand orders come."""

import random
import time
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from ecommerce.testing.books import fetch, recover
from ecommerce.testing.orders import place_orders
from ecommerce.testing.scores import SEED
from ecommerce.testing.shop import make_variants

from .playing import Shown, shown
from .stage import Stage

WAVES, CALM_WAVES = 20, 5
PAUSE_SECONDS = 0.5
STOCK = 100_000

BEGUN = """
SELECT extract(epoch FROM min(e.at) - s.created_at)
FROM saga_transactions s
JOIN saga_events e ON e.saga_id = s.id AND e.kind = 'completed'
WHERE s.order_id = ANY(%s)
GROUP BY s.id
ORDER BY 1
"""


def empty_the_broker(stage: Stage) -> Shown:
    """Throw away whatever lies in the broker after each wave of orders, and time how long each order waited."""
    poll = settings.LANE_POLL_SECONDS
    stage.teller.say(
        f"{stage.orders} orders come in {WAVES} waves; a Celery worker a lane hears of them through the broker. With "
        f"each wave the broker is told FLUSHALL. The workers also look by themselves, every {poll:g} s. Some waves "
        "come before that, with nothing broken, to compare."
    )
    with stage.celery():
        # Beat, which has the workers look, is at work once an order was found without a ring.
        order_and_flush(stage, 1, waves=1, flush=True)
        calm = order_and_flush(stage, stage.orders // WAVES * CALM_WAVES, waves=CALM_WAVES, flush=False)
        order_ids = order_and_flush(stage, stage.orders, waves=WAVES, flush=True)
    waits = {"left in peace": waits_of(calm), "emptied": waits_of(order_ids)}
    stage.teller.table(
        ("broker", "orders", "first step done after, half of them", "95 %", "all"),
        [(name, len(all_), *(f"{at(all_, share):.2f} s" for share in (0.5, 0.95, 1))) for name, all_ in waits.items()],
    )
    later = at(waits["emptied"], 1) - at(waits["left in peace"], 1)
    return shown(
        stage,
        order_ids,
        [
            (f"all {stage.orders} are confirmed", stage.books(order_ids).count("confirmed") == stage.orders),
            (f"none waited two looks, {2 * poll:g} s, longer than without it", later < 2 * poll),
        ],
        FLUSHALL=WAVES,
    )


def order_and_flush(stage: Stage, orders: int, *, waves: int, flush: bool) -> list[UUID]:
    """Place the orders; empty the broker right after each wave; return when all have ended, with their ids."""
    chance = random.Random(SEED)  # noqa: S311 - chance, not secrecy
    variants, order_ids = make_variants(stock=STOCK, products=25, variants=2), list[UUID]()
    for wave in range(waves):
        count = orders * (wave + 1) // waves - orders * wave // waves
        order_ids += place_orders([chance.sample(variants, 2) for _ in range(count)])
        if flush:
            stage.broker.flush()
        time.sleep(PAUSE_SECONDS)
    recover(order_ids, most_seconds=120.0, hurried_seconds=120.0)
    return order_ids


def waits_of(order_ids: Sequence[UUID]) -> list[float]:
    """Return how long each order waited for its first step to be done, in seconds, shortest first."""
    return [float(seconds) for (seconds,) in fetch("orders", BEGUN, list(order_ids))]


def at(seconds: Sequence[float], share: float) -> float:
    """Return the wait that so many of the orders had at most; the waits are sorted."""
    return seconds[min(len(seconds) - 1, int(len(seconds) * share))] if seconds else 0.0
