"""The next version of the tea saga: the pot is warmed before the tea is brewed, and somebody knows the guest's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.sagas.crossing import Crossing
from apps.sagas.definition import Cause, Saga, compensatable, pivot, retriable
from apps.sagas.messages import Reply
from apps.sagas.participant import PARTICIPANTS

from . import tea, tea_house
from .tea import AT_ONCE, SERVE_TEA, KitchenCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTeaOrder:
    """What serving a guest needs to know from now on."""

    order_id: UUID
    leaves: str
    price: int
    guest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmThePot(KitchenCommand):
    order_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LetThePotCool(KitchenCommand):
    order_id: UUID


def warm_the_pot(order: NamedTeaOrder) -> WarmThePot:
    return WarmThePot(order_id=order.order_id)


def let_the_pot_cool(order: NamedTeaOrder, cause: Cause) -> LetThePotCool:
    return LetThePotCool(order_id=order.order_id)


def named(order: tea.TeaOrder) -> NamedTeaOrder:
    """Return the data of the next version: nobody asked the guest."""
    return NamedTeaOrder(order_id=order.order_id, leaves=order.leaves, price=order.price, guest="guest")


SERVE_TEA_2 = Saga(
    "serve_tea",
    version=2,
    data=NamedTeaOrder,
    steps=(
        compensatable("greet", undo=tea.apologise),
        compensatable("weigh", do=tea.weigh, undo=tea.unweigh, retry=AT_ONCE),
        compensatable("warm_the_pot", do=warm_the_pot, undo=let_the_pot_cool, retry=AT_ONCE),
        compensatable("brew", do=tea.brew, undo=tea.pour_away, retry=AT_ONCE),
        compensatable("take_money", do=tea.take_money, undo=tea.give_back, retry=AT_ONCE),
        pivot("serve", do=tea.serve, retry=AT_ONCE),
        retriable("wash", do=tea.wash, retry=AT_ONCE),
    ),
)
TO_2 = Crossing(
    before=SERVE_TEA,
    after=SERVE_TEA_2,
    # Whoever has brewed already goes on without a warm pot.
    cursor={"weigh": "weigh", "brew": "warm_the_pot", "take_money": "take_money", "serve": "serve", "wash": "wash"},
    data=named,
)


def open_kitchen() -> None:
    """Teach the kitchen what the next version asks of it."""
    kitchen = PARTICIPANTS["kitchen"]

    @kitchen.handles(WarmThePot)
    def warm(commands: Sequence[WarmThePot]) -> list[Reply]:
        tea_house.leave("warm_the_pot", commands)
        return [tea.Done() for _ in commands]

    @kitchen.handles(LetThePotCool)
    def cool(commands: Sequence[LetThePotCool]) -> list[Reply]:
        tea_house.leave("let_the_pot_cool", commands)
        return [tea.Done() for _ in commands]
