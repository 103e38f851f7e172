"""The gateway falls silent in the middle of charges, and another time refuses a refund for as long as it likes."""

import time
from uuid import UUID

from apps.core.testing.waiting import eventually
from ecommerce.testing.books import fetch, ledger_of, recover, saga_status
from ecommerce.testing.orders import place_orders
from ecommerce.testing.shop import PRICE, make_variants

from .playing import Shown, shown
from .stage import Stage

WAVE, WAVES, STOCK = 10, 4, 1000
TELL_SECONDS, LATE_SECONDS = 15.0, 8.0
RECOVERY_SECONDS = 180.0
DEAD_LETTER_SECONDS = 60.0

UNKNOWN = """
SELECT count(*) FILTER (WHERE s.states::text LIKE '%%unknown%%' AND s.finished_at IS NULL),
       count(*) FILTER (WHERE s.status = 'compensating' AND s.finished_at IS NULL),
       count(*) FILTER (WHERE s.finished_at IS NOT NULL)
FROM saga_transactions s
WHERE s.order_id = ANY(%s)
"""
TOLD_UNKNOWN = """
SELECT count(DISTINCT s.id)
FROM saga_transactions s
JOIN saga_events e ON e.saga_id = s.id AND e.kind = 'unknown'
WHERE s.order_id = ANY(%s)
"""
ATTEMPTS = "SELECT id FROM payment_attempts WHERE order_id = ANY(%s)"
LETTERS = """
SELECT l.step, l.direction, l.state, l.attempts
FROM saga_dead_letters l
JOIN saga_transactions s ON s.id = l.saga_id
WHERE s.order_id = %s
"""


def silence(stage: Stage) -> Shown:
    """Let the gateway take the first customers' money without a word, then let nothing through for a long while."""
    seconds, gateway = stage.silence_seconds, stage.stack.gateway
    stage.teller.say(
        "The gateway charges the first customers, and its answers are lost. Then nothing gets through to it for "
        f"{seconds:.0f} s: connections are accepted and nobody answers. What was sent meanwhile arrives afterwards."
    )
    gateway.fault("timeout_with_effect", operation="charge", count=WAVES)
    order_ids, variants = list[UUID](), make_variants(stock=STOCK, variants=2)
    with stage.lane_workers(2):
        for _ in range(WAVES):
            order_ids += place_orders([variants] * WAVE)
            time.sleep(0.3)
        eventually(lambda: gateway.all_charges(), what="a charge that nobody was told of")
        stage.line.hang()
        tell_of_the_silence(stage, order_ids, seconds - LATE_SECONDS)
        stage.teller.say(f"{WAVE} more orders come, {LATE_SECONDS:g} s before its end.")
        order_ids += place_orders([variants] * WAVE)
        tell_of_the_silence(stage, order_ids, LATE_SECONDS)
        asked = len(gateway.operations_on(keys_of(order_ids)))
        stage.line.mend()
        gateway.mend()
        took = recover(order_ids, most_seconds=RECOVERY_SECONDS)
    operations = gateway.operations_on(keys_of(order_ids))[asked:]
    stage.teller.say(f"The gateway is back; {took:.0f} s later every order had come to its end.")
    (unknown,) = fetch("orders", TOLD_UNKNOWN, order_ids)[0]
    books = stage.books(order_ids)
    stage.teller.table(
        ("orders", "unknown for a while", "confirmed", "undone", "asked what became of it", "charged twice"),
        [
            (
                len(order_ids),
                unknown,
                books.count("confirmed"),
                books.count("failed"),
                operations.count("find") + operations.count("cancel"),
                sum(account.captures > 1 for account in books.accounts),
            )
        ],
    )
    return shown(
        stage,
        order_ids,
        [
            (f"{unknown} charges were of unknown fate, and taken for neither paid nor declined", unknown > 0),
            ("each was settled by asking the gateway", {"find", "cancel"} & set(operations) != set()),
        ],
        answer_lost=WAVES,
        gateway_silent=1,
    )


def tell_of_the_silence(stage: Stage, order_ids: list[UUID], seconds: float) -> None:
    """Say now and then how the orders stand, until the time is up."""
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        time.sleep(min(TELL_SECONDS, seconds - passed))
        unknown, undoing, ended = fetch("orders", UNKNOWN, order_ids)[0]
        stage.teller.say(
            f"{time.monotonic() - began:3.0f} s on: {unknown} charges of unknown fate; {undoing} orders are being "
            f"undone, and wait to ask the gateway; {ended} at their end."
        )


def keys_of(order_ids: list[UUID]) -> list[UUID]:
    """Return the keys under which these orders were charged."""
    return [key for (key,) in fetch("payments", ATTEMPTS, order_ids)]


def refuse_a_refund(stage: Stage) -> Shown:
    """Cancel an order whose money the gateway has and will not give back, until a person acts."""
    gateway, variants = stage.stack.gateway, make_variants(stock=5, variants=2)
    stage.teller.say("The gateway takes the money for one order, its answer is lost, and it refuses all refunds.")
    gateway.fault("timeout_with_effect", operation="charge")
    gateway.fault("error", operation="find", count=-1)
    gateway.fault("refuse", operation="refund", count=-1)
    with stage.lane_workers(1):
        (order_id,) = place_orders([variants])
        eventually(lambda: fetch("orders", UNKNOWN, [order_id])[0][0], seconds=30, what="an unknown charge")
        stage.teller.say("Nobody knows whether the customer paid. She rings up and cancels.")
        cancelled = stage.manage("saga", "cancel", str(order_id), "--reason", "The customer changed her mind.")
        eventually(lambda: letters(order_id), seconds=DEAD_LETTER_SECONDS, what="a dead letter")
        stage.teller.say("Refused five times, the refund is a dead letter. It is tried on, and somebody is called:")
        stage.manage("saga", "dead-letters")
        alarm = paged(stage)
        stage.teller.say(f"Prometheus reads {alarm}; the rule SagaMoneyStuck pages after an hour of it.")
        stage.teller.say("Somebody rings the gateway's people, who mend it, and redrives the letter.")
        gateway.mend()
        redriven = stage.manage("saga", "redrive", "--saga", str(order_id), "--reason", "The gateway is mended.")
        eventually(lambda: saga_status(order_id) == "failed", seconds=30, what="the saga's end")
    stage.manage("saga", "show", str(order_id))
    ledger = ledger_of(order_id)
    stage.teller.table(("ledger of money", "amount"), ledger)
    return shown(
        stage,
        [order_id],
        [
            ("the page would have gone out", alarm.endswith(" 1.0")),
            ("the operator's commands were granted", (cancelled, redriven) == (0, 0)),
            ("charged once and paid back once", ledger == [("capture", 2 * PRICE), ("refund", -2 * PRICE)]),
            ("the dead letter is closed", [letter[2] for letter in letters(order_id)] == ["resolved"]),
        ],
        refund_refused=gateway.operations_on(keys_of([order_id])).count("refund") - 1,
        answer_lost=1,
    )


def letters(order_id: UUID) -> list[tuple[str, str, str, int]]:
    """Return the dead letters of an order: step, direction, state, tries."""
    return fetch("orders", LETTERS, order_id)


def paged(stage: Stage) -> str:
    """Return the line of the metrics that the rule watches."""
    page = stage.stack.http.request("GET", stage.stack.url("/metrics")).data.decode()
    lines = [line for line in page.splitlines() if line.startswith("saga_open_dead_letters{")]
    return next((line for line in lines if 'step="process_payment"' in line), "nothing")
