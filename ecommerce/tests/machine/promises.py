"""What must hold at any moment, and what must hold in the end: the invariants I1 to I14 of docs/reliability.md."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from apps.sagas.verification import find_broken_histories
from ecommerce.testing.witnesses import broken_promises

from .asking import unanswered, wrong_answers
from .readings import (
    Row,
    charges_of,
    compensated_of,
    inboxes_of,
    ledger_of,
    letters_of,
    mails_of,
    stock_of,
)
from .world import World

ORDER_OF = {"active": ("processing", "confirmed"), "compensating": ("processing",)}
"""How an order may stand while its saga has not ended."""
ENDS = {"completed": "confirmed", "failed": "failed"}
AT_A_PARTICIPANT = (
    "validate_products",
    "reserve_inventory",
    "process_payment",
    "commit_inventory",
    "send_confirmation_email",
)
GIVEN_UP = ("waived", "skipped")
TRIED_FOR_EVER = ("parked", "comp_parked", "waiving", "skipping")
STEPS = ("place_order", "validate_products", "reserve_inventory", "process_payment")


def at_any_moment(world: World, sagas: Sequence[Row]) -> Iterator[str]:
    """Say what must never be, not even for a moment, of sagas as they have just been read."""
    yield from _every_order_has_one(world, sagas)
    yield from _standing_charges(world)
    yield from _stock(world)
    yield from _ends(world, sagas)
    yield from _dead_letters(sagas)
    yield from _tries(sagas)
    yield from wrong_answers(world.asked)
    ours = {saga.id for saga in sagas}
    for finding in find_broken_histories(since=world.began_at):
        if finding.saga_id in ours and "deploy the code" not in finding.problem:
            yield f"I8 {finding.saga_id}: {finding.problem}"


def in_the_end(world: World, sagas: Sequence[Row]) -> Iterator[str]:
    """Say what must not be left when everything was driven to its end."""
    yield from at_any_moment(world, sagas)
    yield from (f"I4 {saga.order_id} does not end: {saga}" for saga in sagas if saga.status not in ENDS)
    yield from _histories(world, sagas)
    yield from _money(world, sagas)
    yield from _goods(world, sagas)
    yield from _mails(world, sagas)
    yield from _inboxes(sagas)
    yield from _way_back(sagas)
    yield from _events(world, sagas)
    yield from unanswered(world.asked)


def _every_order_has_one(world: World, sagas: Sequence[Row]) -> Iterator[str]:
    """A saga is nowhere twice and never lost, wherever it is archived."""
    counts = Counter(saga.order_id for saga in sagas)
    yield from (f"{one} has {counts[one]} sagas" for one in world.orders if counts[one] != 1)


def _standing_charges(world: World) -> Iterator[str]:
    """I2: at the gateway itself, an order has at most one charge that stands, and none is paid back beyond itself."""
    charges = charges_of(world)
    standing = Counter(order_id for order_id, amount, refunded in charges if refunded < amount)
    yield from (f"I2 {order_id} is charged {times} times" for order_id, times in standing.items() if times > 1)
    yield from (f"I2 {one} got {refunded} back of {amount}" for one, amount, refunded in charges if refunded > amount)


def _stock(world: World) -> Iterator[str]:
    """I3: nothing is negative, and what can be sold, is held and was sold add up."""
    for variant, left, held, sold in stock_of(world):
        if min(left, held, sold) < 0 or left + held + sold != world.stock[variant]:
            yield f"I3 of {world.stock[variant]} of {variant} {left} are left, {held} held, {sold} sold"


def _ends(world: World, sagas: Sequence[Row]) -> Iterator[str]:
    """I5 and I6: an order stands as its saga says, and what has ended stays as it was."""
    for saga in sagas:
        order_id, status, end = saga.order_id, saga.status, (saga.status, saga.seq)
        expected = ORDER_OF.get(status) or (ENDS[status],)
        if saga.order_status not in expected and saga.state_of("place_order") != "waived":
            yield f"I5 {order_id} is {saga.order_status}, its saga {status}"
        if status in ENDS and world.ends.setdefault(order_id, end) != end:
            yield f"I6 {order_id} had ended as {world.ends[order_id]} and is {end}"
        if status not in ENDS and order_id in world.ends:
            yield f"I6 {order_id} had ended as {world.ends[order_id]} and is {status}"
        if status == "failed" and saga.effects_open:
            yield f"I5 {order_id} failed with {saga.effects_open} effects open"


def _dead_letters(sagas: Sequence[Row]) -> Iterator[str]:
    """I4: what is parked has an open dead letter, and nothing else has; what is given up has none, or a new one."""
    letters = Counter(saga_id for saga_id, _, _, state in letters_of(sagas) if state == "open")
    for saga in sagas:
        parked = sum(state in ("parked", "comp_parked") for state in saga.states)
        held = saga.hold == "dead_letter"
        most = parked + held + saga.states.count("waiving") + saga.states.count("skipping")
        if not parked + held <= letters[saga.id] <= most:
            yield f"I4 {saga.order_id} has {parked} parked steps and {letters[saga.id]} open dead letters"


def _tries(sagas: Sequence[Row]) -> Iterator[str]:
    """I14: whose tries are spent is parked, and then it has a dead letter."""
    for saga in sagas:
        if saga.status in ENDS or saga.saga is None:
            continue
        step = saga.saga.steps[saga.step]
        retry = step.retry if saga.direction == "forward" else step.undo_retry
        if saga.failures >= retry.attempts and saga.states[saga.step] not in TRIED_FOR_EVER:
            yield f"I14 {step.name} of {saga.order_id} failed {saga.failures} times and is {saga.states[saga.step]}"


def _histories(world: World, sagas: Sequence[Row]) -> Iterator[str]:
    """I1, I2, I6, I7: what the judges and the history saw could have happened one thing after another, as promised."""
    # Who gives up a refund lets an order fail while it is charged.
    judged = [saga.order_id for saga in sagas if saga.state_of("process_payment") != "waived"]
    yield from broken_promises(judged, gateway=world.judges.gateway, mails=world.judges.mails)


def _money(world: World, sagas: Sequence[Row]) -> Iterator[str]:
    """I1: the ledger has what the gateway holds: of a confirmed order its price, of others nothing, or it is waived."""
    held: Counter[UUID] = Counter()
    for order_id, amount, refunded in charges_of(world):
        held[order_id] += amount - refunded  # type: ignore[assignment]  # money counts too
    ledger = ledger_of(world)
    for saga in sagas:
        lines = {kind: ledger.get((saga.order_id, kind), 0) for kind in ("capture", "refund", "waiver")}
        due = saga.total if saga.status == "completed" else 0
        if lines["capture"] + lines["refund"] != held[saga.order_id]:
            yield f"I1 the gateway holds {held[saga.order_id]} of {saga.order_id}, the ledger says {lines}"
        if sum(lines.values()) != due:
            yield f"I1 the ledger has {lines} of {saga.order_id}, where {due} is due"
        if lines["waiver"] and saga.state_of("process_payment") != "waived":
            yield f"I1 the ledger gives up {lines['waiver']} of {saga.order_id}, and nobody did"


def _goods(world: World, sagas: Sequence[Row]) -> Iterator[str]:
    """I3: nothing stays held, and what was bought is gone; but for what people gave up."""
    sold: Counter[UUID] = Counter()
    doubtful: Counter[UUID] = Counter()
    for saga in sagas:
        basket = Counter(world.baskets[saga.order_id])
        if saga.state_of("commit_inventory") == "waived" or saga.state_of("reserve_inventory") == "waived":
            doubtful += basket
        elif saga.status == "completed":
            sold += basket
    for variant, _, held, gone in stock_of(world):
        if held > doubtful[variant] or not sold[variant] <= gone <= sold[variant] + doubtful[variant]:
            yield f"I3 of {variant} {held} are held and {gone} sold, where {sold[variant]} were bought"


def _mails(world: World, sagas: Sequence[Row]) -> Iterator[str]:
    """I7: every confirmed order has a mail that was sent, or that nobody knows of, or that will never be taken."""
    states = mails_of(world)
    for saga in sagas:
        state = states.get(saga.order_id)
        if saga.status == "failed" and state:
            yield f"I7 {saga.order_id} has failed, and has a mail that is {state}"
        told = state in ("sent", "unknown", "failed") or saga.state_of("send_confirmation_email") in GIVEN_UP
        if saga.status == "completed" and not told:
            yield f"I7 {saga.order_id} is confirmed, its mail {state}"


def _inboxes(sagas: Sequence[Row]) -> Iterator[str]:
    """I9: each inbox says of each step what the saga's states say."""
    known = inboxes_of(sagas)
    for saga in sagas:
        for step in AT_A_PARTICIPANT:
            found = tuple(known.get((saga.id, step, way)) for way in ("forward", "backward", "waiver"))
            if not _fits(saga.status, saga.state_of(step), *found):
                yield f"I9 {step} of {saga.order_id} is {saga.state_of(step)}, its inbox says {found}"


def _fits(status: str, state: str | None, forward: str | None, backward: str | None, waiver: str | None) -> bool:
    match state:
        case "completed":
            return (forward, backward, waiver) == ("replied", None, None)
        case "compensated":
            return forward is not None and (backward, waiver) == ("replied", None)
        case "skipped" if status == "completed":
            # Left out by people: whoever comes late finds that it must not be done.
            return forward in ("cancelled", "refused") and (backward, waiver) == (None, None)
        case "skipped":
            return (forward, backward, waiver) == (None, None, None)
        case "waived":
            return waiver in ("replied", None)
        case None:
            return (forward, backward, waiver) == (None, None, None)
    return False


def _way_back(sagas: Sequence[Row]) -> Iterator[str]:
    """I10: what is undone is undone from the last step to the first, but for what was parked meanwhile."""
    parked = {(saga_id, step) for saga_id, step, direction, _ in letters_of(sagas) if direction == "backward"}
    for saga_id, steps in compensated_of(sagas).items():
        in_order = [STEPS.index(step) for step in steps if (saga_id, step) not in parked]
        if in_order != sorted(in_order, reverse=True):
            yield f"I10 {saga_id} was undone in the order {steps}"


def _events(world: World, sagas: Sequence[Row]) -> Iterator[str]:
    """I11: subscribers are told of every order what happened to it, in that order, once copies are left out."""
    told: dict[UUID, list[str]] = defaultdict(list)
    seen: set[UUID] = set()
    for event in world.events:
        if event.id not in seen:
            seen.add(event.id)
            told[event.aggregate_id].append(event.type)
    for saga in sagas:
        expected = ["order.placed"] if saga.order_id in world.checked_out else []
        if saga.state_of("place_order") != "waived":
            expected.append(f"order.{ENDS.get(saga.status)}")
        if told[saga.order_id] != expected:
            yield f"I11 of {saga.order_id} subscribers were told {told[saga.order_id]}, where {expected} had happened"
