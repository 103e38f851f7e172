"""A second saga of the tea house: its money can be given up, and the thanks at its end can be left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.core.ids import new_id
from apps.sagas.definition import Retry, Saga, Waiver, compensatable, pivot, retriable
from apps.sagas.messages import Reply
from apps.sagas.orchestrator import Start
from apps.sagas.registry import register

from . import tea
from .tea_house import house, leave, till


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOff(tea.TillCommand):
    order_id: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thank(tea.HouseCommand):
    order_id: UUID


def write_off(order: tea.TeaOrder, waiver: Waiver) -> WriteOff:
    why = f"{waiver.reason} ({waiver.proposed_by}, {waiver.approved_by})"
    return WriteOff(order_id=order.order_id, why=why)


def thank(order: tea.TeaOrder) -> Thank:
    return Thank(order_id=order.order_id)


TWICE = Retry(base_seconds=600.0, cap_seconds=900.0, attempts=2)
SERVE_CAKE = register(
    Saga(
        "serve_cake",
        version=1,
        data=tea.TeaOrder,
        afterwards="take_cake_back",
        steps=(
            compensatable("greet", undo=tea.apologise),
            compensatable("weigh", do=tea.weigh, undo=tea.unweigh, retry=TWICE, undo_retry=TWICE),
            compensatable(
                "take_money", do=tea.take_money, undo=tea.give_back, retry=TWICE, undo_retry=TWICE, waive=write_off
            ),
            pivot("serve", do=tea.serve, retry=TWICE),
            retriable("wash", do=tea.wash, retry=TWICE),
            retriable("thank", do=thank, retry=TWICE, critical=False),
        ),
    )
)


@till.handles(WriteOff)
def handle_write_off(commands: Sequence[WriteOff]) -> list[Reply]:
    leave("write_off", commands)
    return [tea.Done() for _ in commands]


@house.handles(Thank)
def handle_thank(commands: Sequence[Thank]) -> list[Reply]:
    leave("thank", commands, "orders")
    return [tea.Done() for _ in commands]


def order(price: int = 3) -> Start:
    """Return a guest's order as a saga to begin; a price above 100 is refused by the bank."""
    order_id = new_id()
    return Start(
        saga=SERVE_CAKE,
        saga_id=new_id(),
        subject_id=order_id,
        order_id=order_id,
        data=tea.TeaOrder(order_id=order_id, leaves="cake", price=price),
    )
