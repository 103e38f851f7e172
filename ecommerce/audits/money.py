"""Whether orders, the ledger and the gateway speak of the same money."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from uuid import UUID

from apps.orders.selectors import OrderFacts
from apps.payments.selectors import Money, list_money
from apps.payments.services import list_charges
from apps.sagas.audit import AuditedSaga, Finding, audits, of
from apps.sagas.audit.inboxes import entries_of, is_remembered
from apps.sagas.messages import Direction, effect_id
from apps.sagas.progress import State

from .orders import DEFINITION, RETURNS, about_money, facts_of

STEP = "process_payment"
NOTHING = Decimal(0)


def money_of(sagas: Sequence[AuditedSaga]) -> dict[UUID, Money]:
    """Return what the ledger says of the orders of these sagas, by order."""
    return list_money(order_ids=[saga.order_id for saga in sagas])


@audits("saga")
def ledger_is_what_orders_are_worth(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I1: the ledger of an order sums up to what the order is worth: its total less what came back, or nothing."""
    judged = about_money(sagas)
    facts = facts_of(judged)
    money = money_of(judged)
    for saga in judged:
        order, ledger = facts.get(saga.order_id), money[saga.order_id]
        if order is None:
            continue
        least, most = _worth(saga, order)
        if not least <= ledger.worth <= most:
            worth = f"{least:.2f}" if least == most else f"{least:.2f} to {most:.2f}"
            problem = (
                f"its order {order.order_id} is worth {worth} {order.currency}, the ledger says {ledger.worth:.2f}"
            )
            yield Finding("I1", saga.id, problem)
        if any(line.currency != order.currency for line in ledger.movements):
            yield Finding("I1", saga.id, f"its order {order.order_id} is in {order.currency}, the ledger is not")


def _worth(saga: AuditedSaga, order: OrderFacts) -> tuple[Decimal, Decimal]:
    """Return the least and the most that the ledger may say: while money is under way it may or may not have moved."""
    if saga.has_completed or saga.told.name == RETURNS:
        most = order.total - order.returned
        return most - order.returning, most
    if saga.is_finished:
        return NOTHING, NOTHING
    paid = saga.states[STEP] is State.COMPLETED
    return (order.total - order.returned - order.returning if paid else NOTHING), order.total


@audits("saga")
def gateway_holds_what_the_ledger_says(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I1: what the gateway holds of an ended saga's order is what the ledger says: captures less refunds."""
    ended = [saga for saga in about_money(sagas) if saga.is_finished]
    facts = facts_of(ended)
    money = money_of(ended)
    charges = list_charges(order_ids=[saga.order_id for saga in ended])
    for saga in ended:
        order, held = facts.get(saga.order_id), money[saga.order_id].held
        at_gateway = sum((charge.amount - charge.refunded for charge in charges[saga.order_id]), NOTHING)
        returning = order.returning if order else NOTHING
        if not held - returning <= at_gateway <= held:
            problem = f"of its order {saga.order_id} the gateway holds {at_gateway:.2f}, the ledger says {held:.2f}"
            yield Finding("I1", saga.id, problem)


@audits("saga")
def orders_are_charged_once(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I2: one charge of an order stands at most, at the gateway and in the ledger, and is given back once at most."""
    judged = about_money(sagas)
    money = money_of(judged)
    charges = list_charges(order_ids=[saga.order_id for saga in judged])
    for saga in judged:
        standing = [charge for charge in charges[saga.order_id] if charge.amount > charge.refunded]
        overpaid = [charge for charge in charges[saga.order_id] if charge.refunded > charge.amount]
        ledger = money[saga.order_id]
        full = [line for line in ledger.of_kind("refund") if -line.amount == ledger.captured]
        if len(standing) > 1 or len(ledger.of_kind("capture")) > 1:
            times = max(len(standing), len(ledger.of_kind("capture")))
            yield Finding("I2", saga.id, f"its order {saga.order_id} was charged {times} times")
        if overpaid or len(full) > 1 or ledger.held < NOTHING:
            yield Finding("I2", saga.id, f"more of its order {saga.order_id} was given back than was charged")


@audits("saga")
def ledger_has_the_inbox_successes(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I9: a charge that the inbox of payments knows has its line in the ledger, and a paid order's line its entry."""
    judged = [saga for saga in of(DEFINITION, sagas) if is_remembered(saga)]
    had = entries_of(judged)
    money = money_of(judged)
    for saga in judged:
        captured = {line.effect_id for line in money[saga.order_id].of_kind("capture")}
        charged = {
            effect_id(saga.id, STEP, Direction.FORWARD, one.epoch)
            for one in had[saga.id]
            if (one.step, one.direction, one.outcome) == (STEP, Direction.FORWARD, "replied")
        }
        if charged - captured:
            yield Finding("I9", saga.id, f"the inbox knows a charge of its order {saga.order_id}, the ledger does not")
        if saga.has_completed and captured - charged:
            yield Finding("I9", saga.id, f"the ledger has a charge of its order {saga.order_id}, the inbox has none")
