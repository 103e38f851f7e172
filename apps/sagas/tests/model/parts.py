"""What the model is made of: a saga, its workers, and everything there is in their world."""

from dataclasses import dataclass
from typing import NamedTuple

from apps.sagas.definition import Cause, Retry, Saga, Waiver, compensatable, pivot, retriable
from apps.sagas.execution import start
from apps.sagas.messages import Command, Unknown
from apps.sagas.progress import Answered, Failed, LeftOut, Outcome, Progress, Refused, State, Status


@dataclass(frozen=True)
class Nothing:
    """The model's commands say nothing."""


class StockCommand(Command):
    participant = "stock"


class BankCommand(Command):
    participant = "bank"


class HomeCommand(Command):
    participant = "home"


def reject(data: Nothing, cause: Cause) -> HomeCommand:
    return HomeCommand()


def reserve(data: Nothing) -> StockCommand:
    return StockCommand()


def release(data: Nothing, cause: Cause) -> StockCommand:
    return StockCommand()


def pay(data: Nothing) -> BankCommand:
    return BankCommand()


def pay_back(data: Nothing, cause: Cause) -> BankCommand:
    return BankCommand()


def write_off(data: Nothing, waiver: Waiver) -> BankCommand:
    return BankCommand()


def confirm(data: Nothing) -> HomeCommand:
    return HomeCommand()


def sell(data: Nothing) -> StockCommand:
    return StockCommand()


TWICE = Retry(base_seconds=0, cap_seconds=0, attempts=2)
SAGA = Saga(
    "model",
    version=1,
    data=Nothing,
    steps=(
        compensatable("place", undo=reject),
        compensatable("reserve", do=reserve, undo=release, retry=TWICE, undo_retry=TWICE),
        compensatable("pay", do=pay, undo=pay_back, retry=TWICE, undo_retry=TWICE, waive=write_off),
        pivot("confirm", do=confirm),
        retriable("sell", do=sell, retry=TWICE, critical=False),
    ),
)
RESERVE, PAY, SELL = 1, 2, 4
YES, NO, ERROR, SILENCE, NEVER = "yes", "no", "error", "silence", "never"
OUTCOMES: dict[str, Outcome] = {
    YES: Answered(),
    NO: Refused(code="no", message="No."),
    ERROR: Failed(error="error"),
    SILENCE: Unknown(error="silence"),
    NEVER: LeftOut(),
}
CANCELLED = Cause(step="", code="cancelled", message="Cancelled.")


class Worker(NamedTuple):
    """What one worker is at: its next action, the progress it claimed, and what it holds in its hands."""

    phase: str
    claimed: Progress | None = None
    outcome: str | None = None


IDLE = Worker("idle")


class World(NamedTuple):
    """
    Everything there is. `flight`: a charge request is on the wire; the inbox has one word for each effect.

    `proposed`: somebody would give up what is parked; `alone`: one person gave a step up.
    """

    progress: Progress = start(SAGA)
    lease: int | None = None
    reserved: str | None = None
    released: bool = False
    stock_held: bool = False
    paid: str | None = None
    paid_back: bool = False
    attempt: str | None = None
    bank: str | None = None
    refunded: bool = False
    written_off: bool = False
    sold: bool = False
    never_sold: bool = False
    proposed: bool = False
    alone: bool = False
    flight: bool = False
    workers: tuple[Worker, Worker] = (IDLE, IDLE)


def wrong(world: World) -> str | None:
    """Say what must never be: at the end, and for ever after, money and stock agree with the saga."""
    status, charged = world.progress.status, world.bank == "paid" and not world.refunded
    if world.alone:
        return "given up by one person"
    if status is Status.COMPLETED and not (charged and world.stock_held):
        return "completed without the money or the stock"
    if status is Status.COMPLETED and world.progress.states[SELL] is State.COMPLETED and not world.sold:
        return "completed, and nothing is sold"
    if status is Status.COMPLETED and world.progress.states[SELL] is State.SKIPPED and world.sold:
        return "completed without selling, and it is sold"
    if status is Status.FAILED and world.sold:
        return "failed, and the stock is sold"
    if status is Status.FAILED and charged and not world.written_off:
        return "failed, and the customer is charged"
    if status is Status.FAILED and world.stock_held:
        return "failed, and stock is held"
    if world.refunded and world.bank != "paid":
        return "paid back what was never paid"
    return None


def wrong_move(before: World, after: World) -> str | None:
    """Say what must never happen: leaving an end, or going on with what was being undone."""
    was, now = before.progress.status, after.progress.status
    if before.progress.finished and (was, before.progress.states) != (now, after.progress.states):
        return f"it was {was}, and is {now}"
    if was is Status.COMPENSATING and now not in (Status.COMPENSATING, Status.FAILED):
        return f"it was being undone, and is {now}"
    return None
