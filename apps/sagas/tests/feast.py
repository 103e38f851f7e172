"""
A third saga with a shape of its own, for the engine's tests: a feast with a pantry, a purse, a band and a hall.

Nothing stands before it begins. It begins by reading only; two of the outside world's acts follow each other; its pivot
is in the middle, and five steps come after it, of which one may be left out. The pantry works in a row and by turns.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.sagas.definition import Cause, Retry, Saga, Waiver, compensatable, pivot, retriable
from apps.sagas.messages import Command, Refusal, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Feast:
    """What holding a feast needs to know."""

    order_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Command):
    """One command of these tests; `what` names the act."""

    order_id: UUID
    what: str


class InPantry(Asked):
    participant = "pantry"


class InHall(Asked):
    participant = "hall"


class FromPurse(Asked):
    participant = "purse"


class ToPurse(Asked):
    participant = "purse"


class ByBand(Asked):
    participant = "band"


class OffBand(Asked):
    participant = "band"


class NoteOfBand(Asked):
    participant = "band"


@dataclass(frozen=True, slots=True)
class Done(Reply):
    """It is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotToday(Refusal):
    code: ClassVar[str] = "not_today"
    message: str = "Not today."


def read_menu(feast: Feast) -> InPantry:
    return InPantry(order_id=feast.order_id, what="read_menu")


def close_menu(feast: Feast, cause: Cause) -> InPantry:
    return InPantry(order_id=feast.order_id, what="undo read_menu")


def pay_deposit(feast: Feast) -> FromPurse:
    return FromPurse(order_id=feast.order_id, what="pay_deposit")


def get_deposit_back(feast: Feast, cause: Cause) -> ToPurse:
    return ToPurse(order_id=feast.order_id, what="undo pay_deposit")


def hire_band(feast: Feast) -> ByBand:
    return ByBand(order_id=feast.order_id, what="hire_band")


def dismiss_band(feast: Feast, cause: Cause) -> OffBand:
    return OffBand(order_id=feast.order_id, what="undo hire_band")


def let_band_be(feast: Feast, waiver: Waiver) -> NoteOfBand:
    return NoteOfBand(order_id=feast.order_id, what="waive hire_band")


def lay_table(feast: Feast) -> InPantry:
    return InPantry(order_id=feast.order_id, what="lay_table")


def clear_table(feast: Feast, cause: Cause) -> InPantry:
    return InPantry(order_id=feast.order_id, what="undo lay_table")


def light_candles(feast: Feast) -> InPantry:
    return InPantry(order_id=feast.order_id, what="light_candles")


def snuff_candles(feast: Feast, cause: Cause) -> InPantry:
    return InPantry(order_id=feast.order_id, what="undo light_candles")


def ring_gong(feast: Feast) -> InHall:
    return InHall(order_id=feast.order_id, what="ring_gong")


def cook(feast: Feast) -> InPantry:
    return InPantry(order_id=feast.order_id, what="cook")


def play(feast: Feast) -> ByBand:
    return ByBand(order_id=feast.order_id, what="play")


def wash_up(feast: Feast) -> InPantry:
    return InPantry(order_id=feast.order_id, what="wash_up")


def sweep(feast: Feast) -> InPantry:
    return InPantry(order_id=feast.order_id, what="sweep")


def thank(feast: Feast) -> InHall:
    return InHall(order_id=feast.order_id, what="thank")


THRICE = Retry(base_seconds=0.0, cap_seconds=0.0, attempts=3)
TWICE = Retry(base_seconds=0.0, cap_seconds=900.0, attempts=2)
LATER = Retry(base_seconds=600.0, cap_seconds=900.0, attempts=3)

HOLD_FEAST = Saga(
    "hold_feast",
    version=1,
    data=Feast,
    steps=(
        compensatable("read_menu", do=read_menu, undo=close_menu, retry=THRICE, undo_retry=TWICE),
        compensatable("pay_deposit", do=pay_deposit, undo=get_deposit_back, retry=THRICE, undo_retry=TWICE),
        compensatable("hire_band", do=hire_band, undo=dismiss_band, retry=THRICE, undo_retry=TWICE, waive=let_band_be),
        compensatable("lay_table", do=lay_table, undo=clear_table, retry=THRICE, undo_retry=TWICE),
        compensatable("light_candles", do=light_candles, undo=snuff_candles, retry=THRICE, undo_retry=TWICE),
        pivot("ring_gong", do=ring_gong, retry=LATER),
        retriable("cook", do=cook, retry=LATER),
        retriable("play", do=play, retry=LATER),
        retriable("wash_up", do=wash_up, retry=LATER),
        retriable("sweep", do=sweep, retry=LATER),
        retriable("thank", do=thank, retry=LATER, critical=False),
    ),
)
STRIKE_GONG = Saga(
    "strike_gong",
    version=1,
    data=Feast,
    steps=(pivot("ring_gong", do=ring_gong, retry=LATER), retriable("cook", do=cook, retry=LATER)),
)
"""A saga that begins with its pivot, so that there is nothing to undo."""
