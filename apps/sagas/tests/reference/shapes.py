"""Sagas of every shape, each declared twice: for the engine, and for the reference machine."""

from dataclasses import dataclass
from itertools import product
from typing import Any

from apps.sagas.definition import Cause, Kind, Retry, Saga, Step, Waiver, compensatable, pivot, retriable
from apps.sagas.messages import Command

from .machine import AFTER, BEFORE, PIVOT, Line, Patience


class Flood(Exception):
    """The house is under water."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """These sagas carry nothing."""


class KitchenCommand(Command):
    participant = "kitchen"


class TillCommand(Command):
    participant = "till"


class HouseCommand(Command):
    participant = "house"


COMMANDS: dict[str, type[Command]] = {one.participant: one for one in (KitchenCommand, TillCommand, HouseCommand)}


THRICE = Retry(base_seconds=1.0, cap_seconds=60.0, attempts=3)
TWICE = Retry(base_seconds=2.0, cap_seconds=90.0, attempts=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One saga, as the engine has it and as the reference has it."""

    saga: Saga
    lines: tuple[Line, ...]


def shape(
    before: str,
    after: str,
    *,
    greets: bool = True,
    waivers: bool = False,
    trying: Retry = THRICE,
    undoing: Retry = TWICE,
) -> Shape:
    """
    Return a saga with a step a letter before its pivot and after it: k in the kitchen, t at the till, h in the house.

    One that `greets` has an effect that stands before it begins.
    """
    steps: list[Step] = [compensatable("greet", undo=_undo("h"), undo_retry=undoing)] if greets else []
    for n, letter in enumerate(before):
        waive = _waive(letter) if waivers else None
        steps.append(
            compensatable(f"do_{n}", do=_do(letter), undo=_undo(letter), retry=trying, undo_retry=undoing, waive=waive)
        )
    steps.append(pivot("decide", do=_do("h"), retry=trying))
    for n, letter in enumerate(after):
        waive = _waive(letter) if waivers else None
        steps.append(retriable(f"then_{n}", do=_do(letter), retry=trying, critical=n % 2 == 0, waive=waive))
    name = f"{'greet-' if greets else ''}{before}-decide-{after}{'-heard' if waivers else ''}"
    saga = Saga(name, version=1, data=Nothing, steps=tuple(steps))
    return Shape(saga=saga, lines=tuple(_line(step) for step in saga.steps))


def _line(step: Step) -> Line:
    return Line(
        name=step.name,
        side={Kind.COMPENSATABLE: BEFORE, Kind.PIVOT: PIVOT, Kind.RETRIABLE: AFTER}[step.kind],
        doer=step.do.__name__ if step.do else None,
        undoer=step.undo.__name__ if step.undo else None,
        patience=_patience(step.retry),
        patience_back=_patience(step.undo_retry),
        hears_of_waivers=step.waive is not None,
    )


def _patience(retry: Retry) -> Patience:
    return Patience(
        tries=retry.attempts,
        base=retry.base_seconds,
        cap=retry.cap_seconds,
        limit=retry.elapsed_seconds,
        hopeless=f"{__name__}.Flood" if Flood in retry.never else None,
    )


def _command(letter: str) -> type[Command]:
    return COMMANDS[{"k": "kitchen", "t": "till", "h": "house"}[letter]]


def _do(letter: str) -> Any:
    def do(data: Nothing) -> Command:
        return _command(letter)()

    return _promising(do, letter)


def _undo(letter: str) -> Any:
    def undo(data: Nothing, cause: Cause) -> Command:
        return _command(letter)()

    return _promising(undo, letter)


def _waive(letter: str) -> Any:
    def waive(data: Nothing, waiver: Waiver) -> Command:
        return _command(letter)()

    return _promising(waive, letter)


def _promising(build: Any, letter: str) -> Any:
    """Say in the annotation, as a declaration does, who runs the command; name the function after whom."""
    build.__annotations__["return"] = _command(letter)
    build.__name__ = _command(letter).participant
    return build


SHAPES = tuple(
    shape(before, after, greets=greets, waivers=waivers)
    for before, after, greets, waivers in product(
        ("", "k", "kk", "kt", "kkt", "ktt", "ktk"), ("", "k", "kt"), (True, False), (True, False)
    )
)
"""Up to four effects to undo, in a row of one participant and alternating; no step after the pivot, one, and two."""
