"""What an order is when its saga has ended."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from apps.catalog.selectors import Holding, list_holdings
from apps.orders.selectors import OrderFacts, list_order_facts
from apps.sagas.audit import AuditedSaga, Finding, audits, of
from apps.sagas.calls import grouped
from apps.sagas.progress import State

DEFINITION = "order_processing"
RETURNS = "return_order"
STATUS = {"completed": "confirmed", "failed": "failed"}
"""What an order is when its saga has ended."""


def facts_of(sagas: Sequence[AuditedSaga]) -> dict[UUID, OrderFacts]:
    """Return what the orders of these sagas say of themselves, by order."""
    return list_order_facts(order_ids=[saga.order_id for saga in sagas])


def about_money(sagas: Sequence[AuditedSaga]) -> list[AuditedSaga]:
    """Return the sagas that move an order's money: its own, and those of its returns."""
    return [*of(DEFINITION, sagas), *of(RETURNS, sagas)]


@audits("saga")
def orders_end_as_their_sagas(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I5: a completed saga has confirmed its order, a failed one has closed it as failed."""
    ended = [saga for saga in of(DEFINITION, sagas) if saga.is_finished]
    facts = facts_of(ended)
    for saga in ended:
        expected, order = STATUS[saga.read.status], facts.get(saga.order_id)
        if order is None:
            yield Finding("I5", saga.id, f"its order {saga.order_id} is gone")
        elif order.status != expected:
            yield Finding("I5", saga.id, f"it has {saga.read.status}, and its order {order.order_id} is {order.status}")


@audits("saga")
def orders_end_once(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I6: an order was never both confirmed and failed, and is not back in progress."""
    ended = [saga for saga in of(DEFINITION, sagas) if saga.is_finished]
    facts = facts_of(ended)
    for saga in ended:
        order = facts.get(saga.order_id)
        if order and len(order.ends) > 1:
            yield Finding("I6", saga.id, f"its order {order.order_id} was {' and '.join(sorted(order.ends))}")
        if order and order.ends and order.status in ("pending", "processing"):
            yield Finding("I6", saga.id, f"its order {order.order_id} was {order.ends[0]}, and is {order.status} again")


@audits("saga")
def stock_ends_as_its_saga(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I5: the stock of a completed saga is sold, of a failed one it is given back."""
    judged = of(DEFINITION, sagas)
    holdings = holdings_of(judged)
    for saga in judged:
        held = holdings.get(saga.order_id, [])
        if saga.states["commit_inventory"] is State.COMPLETED:
            yield from _all(saga, held, {"sold"})
        elif saga.is_finished and not saga.has_completed and saga.states["reserve_inventory"] is not State.WAIVED:
            yield from _all(saga, held, {"released"})


@audits("saga")
def sold_is_what_was_ordered(sagas: Sequence[AuditedSaga]) -> Iterator[Finding]:
    """I3: what the ledger of movements says was sold to an order is what the order has of it."""
    sold = [saga for saga in of(DEFINITION, sagas) if saga.states["commit_inventory"] is State.COMPLETED]
    facts, holdings = facts_of(sold), holdings_of(sold)
    for saga in sold:
        order = facts.get(saga.order_id)
        for one in holdings.get(saga.order_id, []) if order else ():
            ordered = order.pieces.get(one.variant_id, 0) if order else 0
            if not ordered == one.quantity == one.moved:
                problem = f"of {one.variant_id} {ordered} were ordered, {one.quantity} reserved and {one.moved} sold"
                yield Finding("I3", saga.id, problem)


def holdings_of(sagas: Sequence[AuditedSaga]) -> dict[UUID, list[Holding]]:
    """Return what the orders of these sagas hold, by order."""
    held = list_holdings(order_ids=[saga.order_id for saga in sagas])
    return grouped(held, lambda one: one.order_id)


def _all(saga: AuditedSaga, held: Sequence[Holding], states: set[str]) -> Iterator[Finding]:
    for one in held:
        if one.state not in states:
            problem = f"its saga is {saga.read.status}, and {one.quantity} of {one.variant_id} are {one.state}"
            yield Finding("I5", saga.id, problem)
