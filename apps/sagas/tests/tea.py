"""A saga with a shape of its own, for the engine's tests: a tea house with a kitchen, a till and a loudspeaker."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.sagas.definition import Cause, Retry, Saga, compensatable, pivot, retriable
from apps.sagas.messages import Command, Event, Refusal, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class TeaOrder:
    """What serving one guest needs to know."""

    order_id: UUID
    leaves: str
    price: int


class KitchenCommand(Command):
    participant = "kitchen"


class TillCommand(Command):
    participant = "till"


class HouseCommand(Command):
    participant = "house"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weigh(KitchenCommand):
    order_id: UUID
    leaves: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unweigh(KitchenCommand):
    order_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Brew(KitchenCommand):
    order_id: UUID
    leaves: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PourAway(KitchenCommand):
    order_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMoney(TillCommand):
    order_id: UUID
    price: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBack(TillCommand):
    order_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve(HouseCommand):
    order_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Apologise(HouseCommand):
    order_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wash(KitchenCommand):
    order_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TeaPoured(Event):
    type: ClassVar[str] = "tea.poured"
    aggregate: ClassVar[str] = "tea"
    tea_id: UUID
    cup: int

    @property
    def aggregate_id(self) -> UUID:
        return self.tea_id


@dataclass(frozen=True, slots=True)
class Done(Reply):
    """It is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLeaves(Refusal):
    code: ClassVar[str] = "no_leaves"
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMoney(Refusal):
    code: ClassVar[str] = "no_money"
    message: str


def apologise(tea: TeaOrder, cause: Cause) -> Apologise:
    return Apologise(order_id=tea.order_id, code=cause.code)


def weigh(tea: TeaOrder) -> Weigh:
    return Weigh(order_id=tea.order_id, leaves=tea.leaves)


def unweigh(tea: TeaOrder, cause: Cause) -> Unweigh:
    return Unweigh(order_id=tea.order_id)


def brew(tea: TeaOrder) -> Brew:
    return Brew(order_id=tea.order_id, leaves=tea.leaves)


def pour_away(tea: TeaOrder, cause: Cause) -> PourAway:
    return PourAway(order_id=tea.order_id)


def take_money(tea: TeaOrder) -> TakeMoney:
    return TakeMoney(order_id=tea.order_id, price=tea.price)


def give_back(tea: TeaOrder, cause: Cause) -> GiveBack:
    return GiveBack(order_id=tea.order_id)


def serve(tea: TeaOrder) -> Serve:
    return Serve(order_id=tea.order_id)


def wash(tea: TeaOrder) -> Wash:
    return Wash(order_id=tea.order_id)


class HouseOnFire(Exception):
    """There will be no tea."""


class KitchenOnFire(HouseOnFire):
    """The kitchen burns; it may be put out."""


AT_ONCE = Retry(base_seconds=0.0, cap_seconds=0.0, attempts=3, elapsed_seconds=600.0, never=(HouseOnFire,))

SERVE_TEA = Saga(
    "serve_tea",
    version=1,
    data=TeaOrder,
    steps=(
        compensatable("greet", undo=apologise),
        compensatable("weigh", do=weigh, undo=unweigh, retry=AT_ONCE),
        compensatable("brew", do=brew, undo=pour_away, retry=AT_ONCE),
        compensatable("take_money", do=take_money, undo=give_back, retry=AT_ONCE),
        pivot("serve", do=serve, retry=AT_ONCE),
        retriable("wash", do=wash, retry=AT_ONCE),
    ),
)
