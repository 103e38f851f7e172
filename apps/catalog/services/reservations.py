"""Holding stock for orders, giving it back, letting it leave as sold; batches of orders in two or three statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from apps.catalog.contracts import Shortage, StockLine
from apps.catalog.models import InventoryReservation
from apps.catalog.statements import DATABASE, SQL
from apps.core.exceptions import DomainError

from .locations import hold_levels, release_levels, sell_levels
from .stock import LockedVariant, StockStep, lock_variants, tell_flips, tell_lows

State = InventoryReservation.State


class StockAlreadyReleased(DomainError):
    """The order gave its stock back before; it is neither held again nor sold."""

    code = "stock_already_released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What one order wants held; each variant stands in one line."""

    order_id: UUID
    lines: tuple[StockLine, ...]


@dataclass(frozen=True, slots=True)
class Reserved:
    """One row of inventory_reservations, locked."""

    order_id: UUID
    variant_id: UUID
    state: str
    is_located: bool = False


def reserve_inventory(*, demands: Sequence[Demand]) -> dict[UUID, list[Shortage]]:
    """
    Hold stock for each demand, or for none of its lines.

    Demands are served in the order given, so a short one refuses itself only. An order that holds stock already, or
    has it sold, is left as it is. Variants are locked in id order, so two batches never wait for each other in a
    circle. Three statements, more only when a product runs out of stock, a variant runs low, or has several places.

    Args:
        demands: one an order; quantities in pieces, at least 1.

    Returns:
        The short lines of each refused order, in the order's own order; empty when every demand is held. A variant that
        does not exist is short with nothing available.

    Raises:
        StockAlreadyReleased: an order gave its stock back before; nothing of the batch is held.

    Source: rule inventory_is_never_oversold, models/variants.py.
    """
    with transaction.atomic(using=DATABASE, savepoint=False):
        variants = lock_variants(line.variant_id for demand in demands for line in demand.lines)
        served = _served_before([demand.order_id for demand in demands])
        held, shortages = _allocate([demand for demand in demands if demand.order_id not in served], variants)
        _hold(held.values(), variants)
    return shortages


def release_inventory(*, order_ids: Collection[UUID]) -> None:
    """
    Give back what these orders hold; an order that holds nothing, or whose stock is sold, is left as it is.

    Two statements, one when nothing is held, more only when a product comes back into stock or a variant has places.
    """
    with transaction.atomic(using=DATABASE, savepoint=False):
        held = [reserved for reserved in _lock_reservations(order_ids) if reserved.state == State.HELD]
        if held:
            steps = SQL.rows("release_stock", StockStep, orders=list(order_ids))
            release_levels(_located(held))
            tell_flips(steps)


def commit_inventory(*, order_ids: Collection[UUID]) -> None:
    """
    Let what these orders hold leave as sold, one movement a line; what is sold already stays sold.

    Two statements, one when nothing is held, two more where a variant has places.

    Raises:
        StockAlreadyReleased: an order's stock was given back; nothing of the batch is sold.
    """
    with transaction.atomic(using=DATABASE, savepoint=False):
        reservations = _lock_reservations(order_ids)
        _refuse_released(reservations)
        held = [reserved for reserved in reservations if reserved.state == State.HELD]
        if held:
            SQL.run("sell_stock", orders=list(order_ids))
            sell_levels(_located(held))


def _lock_reservations(order_ids: Collection[UUID]) -> list[Reserved]:
    return SQL.rows("lock_reservations", Reserved, orders=list(order_ids))


def _located(reservations: Iterable[Reserved]) -> list[tuple[UUID, UUID]]:
    return [(reserved.order_id, reserved.variant_id) for reserved in reservations if reserved.is_located]


def _served_before(order_ids: Sequence[UUID]) -> set[UUID]:
    """Return the orders that have their stock already. Read after the locks, so a twin under way is seen."""
    found = InventoryReservation.objects.using(DATABASE).filter(order_id__in=order_ids)
    reservations = [Reserved(*row) for row in found.values_list("order_id", "variant_id", "state")]
    _refuse_released(reservations)
    return {reserved.order_id for reserved in reservations}


def _refuse_released(reservations: Sequence[Reserved]) -> None:
    if released := sorted({str(r.order_id) for r in reservations if r.state == State.RELEASED}):
        raise StockAlreadyReleased(
            f"These orders gave their stock back before: {', '.join(released)}.", order_ids=released
        )


def _allocate(
    demands: Sequence[Demand], variants: Mapping[UUID, LockedVariant]
) -> tuple[dict[UUID, Demand], dict[UUID, list[Shortage]]]:
    """Give each demand all its lines or none, first come first served."""
    left = {variant.id: variant.inventory_quantity for variant in variants.values()}
    held: dict[UUID, Demand] = {}
    shortages: dict[UUID, list[Shortage]] = {}
    for demand in demands:
        if demand.order_id in held:
            continue
        if short := [_shortage(line, variants, left) for line in demand.lines if _is_short(line, variants, left)]:
            shortages[demand.order_id] = short
            continue
        held[demand.order_id] = demand
        for line in demand.lines:
            left[line.variant_id] -= line.quantity
    return held, shortages


def _is_short(line: StockLine, variants: Mapping[UUID, LockedVariant], left: Mapping[UUID, int]) -> bool:
    variant = variants.get(line.variant_id)
    return variant is None or (not variant.is_unlimited and line.quantity > left[variant.id])


def _shortage(line: StockLine, variants: Mapping[UUID, LockedVariant], left: Mapping[UUID, int]) -> Shortage:
    variant = variants.get(line.variant_id)
    return Shortage(
        variant_id=line.variant_id,
        requested=line.quantity,
        available=max(left.get(line.variant_id, 0), 0),
        sku=variant.sku if variant else "",
        title=variant.full_title if variant else "",
    )


def _hold(demands: Iterable[Demand], variants: Mapping[UUID, LockedVariant]) -> None:
    """Write what is held; a variant whose stock is not tracked needs no holding."""
    lines = [(d.order_id, line) for d in demands for line in d.lines if variants[line.variant_id].track_inventory]
    if lines:
        steps = SQL.rows(
            "hold_stock",
            StockStep,
            orders=[order_id for order_id, _ in lines],
            variants=[line.variant_id for _, line in lines],
            quantities=[line.quantity for _, line in lines],
        )
        hold_levels([(order_id, line) for order_id, line in lines if variants[line.variant_id].is_located])
        tell_flips(steps)
        tell_lows(steps, variants)
