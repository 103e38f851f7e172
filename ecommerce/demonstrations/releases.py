"""New code with a second version of the order's saga is deployed while orders of the first are half done."""

import time
from collections.abc import Sequence
from uuid import UUID

from apps.core.testing.waiting import eventually
from ecommerce.testing.books import fetch, recover
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import make_variants

from .next_release.handlers import ORDER_PROCESSING_2
from .playing import Shown, shown
from .stage import NEXT_RELEASE, Stage

COUNT, STOCK = 60, 1000
LONG_ENOUGH_SECONDS = 1.5
"""In which an idle worker looks at its lanes at least twice."""

LANES = "SELECT lane, count(*) FROM saga_transactions WHERE order_id = ANY(%s) GROUP BY lane ORDER BY lane"
UNTOUCHED = "SELECT count(*) FROM saga_transactions WHERE order_id = ANY(%s) AND seq = 1 AND attempt = 0"
WALKS = """
SELECT version, status, count(*), walk
FROM (
    SELECT s.version, s.status, string_agg(e.step, ' > ' ORDER BY e.seq) AS walk
    FROM saga_transactions s
    JOIN saga_events e ON e.saga_id = s.id AND e.kind = 'completed' AND e.step IS NOT NULL
    WHERE s.order_id = ANY(%s)
    GROUP BY s.id
) walked
GROUP BY version, status, walk
ORDER BY version
"""
LAST = {1: "commit_inventory > send_confirmation_email", 2: "send_confirmation_email > commit_inventory"}
"""How each version ends."""


def deploy(stage: Stage) -> Shown:
    """Let old code begin orders, new code begin others, both work side by side, and the old code go."""
    variants = make_variants(stock=STOCK, products=10, variants=2)
    baskets = [variants[n % 10 : n % 10 + 2] for n in range(COUNT)]
    stage.teller.say(f"Old code begins {COUNT} orders; its only worker serves the catalogue, so all stand half done.")
    with stage.lane_workers(1, "catalog"):
        old = place_orders(baskets)
        eventually(lambda: lanes_of(old) == {"payments": COUNT}, seconds=60, what="orders that wait to be paid")
    stage.teller.say(f"The next release mails before it clears the shelf: version 2. {COUNT} orders begin with it.")
    new = place_orders(baskets, saga=ORDER_PROCESSING_2)
    with stage.lane_workers(1, "catalog", "notifications"):
        time.sleep(LONG_ENOUGH_SECONDS)
        ((untouched,),) = fetch("orders", UNTOUCHED, new)
        stage.teller.say(f"Old code still works; it has touched {COUNT - untouched} of the orders of version 2.")
        stage.manage("saga", "versions", DJANGO_SETTINGS_MODULE=NEXT_RELEASE)
        stage.teller.say(f"New workers start beside the old one, and {COUNT} more orders of version 1 come.")
        with stage.lane_workers(2, DJANGO_SETTINGS_MODULE=NEXT_RELEASE):
            old += place_orders(baskets)
            recover([*old, *new], most_seconds=90.0)
    walks = fetch("orders", WALKS, [*old, *new])
    stage.teller.table(("version", "ended", "orders", "steps in their order"), walks)
    return shown(
        stage,
        [*old, *new],
        [
            ("old code left every order of version 2 alone", untouched == COUNT),
            ("new code carried on what old code had half done", ended(walks, 1) == 2 * COUNT),
            ("each order walked its own version's steps", all(walk.endswith(LAST[v]) for v, _, _, walk in walks)),
            ("all orders of version 2 are completed", ended(walks, 2) == COUNT),
        ],
        deploy=1,
    )


def lanes_of(order_ids: Sequence[UUID]) -> dict[str, int]:
    """Return how many of these orders' sagas stand in which lane."""
    return dict(fetch("orders", LANES, list(order_ids)))


def ended(walks: Sequence[tuple[int, str, int, str]], version: int) -> int:
    """Return how many sagas of a version are completed."""
    return sum(count for number, status, count, _ in walks if (number, status) == (version, "completed"))
