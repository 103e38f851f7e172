"""
How a saga is declared. Pure: no Django, no database.

A saga is a tuple of steps in the order they run; its compensations are the `undo` column read upwards. A definition
is never edited once released: another `version` stands beside it until no saga of the old one lives.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, get_type_hints

from .messages import Command, Direction


class Kind(StrEnum):
    """What a step promises (Richardson, Microservices Patterns, 4.3)."""

    COMPENSATABLE = "compensatable"
    PIVOT = "pivot"
    RETRIABLE = "retriable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a saga turned back: the step, a stable code, a sentence for people, and the refusal's fields."""

    step: str
    code: str
    message: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Which two people gave a step up, and why."""

    step: str
    proposed_by: str
    approved_by: str
    reason: str


Do = Callable[[Any], Command]
"""Builds a step's command from the saga's data."""
Undo = Callable[[Any, Cause], Command]
"""Builds a step's compensation from the saga's data and the cause of turning back."""
Waive = Callable[[Any, Waiver], Command]
"""Builds what a step's participant notes when the step is given up, from the saga's data and the waiver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """
    How a failing step is tried again: full jitter over `min(cap, base * 2 ** failures)` seconds.

    The tries of a step are spent after `attempts` failures, or with the first failure that comes `elapsed_seconds`
    after the step began to fail, or with one of a type in `never`: that very class, not what derives from it. A forward
    step before the pivot whose tries are spent turns the saga back; for every other step a dead letter is opened, while
    the tries go on.
    """

    base_seconds: float = 0.5
    cap_seconds: float = 30.0
    attempts: int = 6
    elapsed_seconds: float | None = None
    never: tuple[type[Exception], ...] = ()

    def are_spent(self, failures: int, failing_seconds: float, exception: str | None) -> bool:
        """Whether that many failures in that time, the last one by an exception so named, are all there may be."""
        return (
            failures >= self.attempts
            or (self.elapsed_seconds is not None and failing_seconds >= self.elapsed_seconds)
            or any(class_name(kind) == exception for kind in self.never)
        )


def class_name(kind: type[BaseException]) -> str:
    """Return what an exception's class is called wherever it is told of: its module and name."""
    return f"{kind.__module__}.{kind.__qualname__}"


FORWARD_RETRY = Retry()
PATIENT_RETRY = Retry(base_seconds=1.0, cap_seconds=900.0, attempts=5, elapsed_seconds=600.0)
"""For what must succeed in the end: compensations and the steps after the pivot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a saga; made by compensatable, pivot and retriable."""

    name: str
    kind: Kind
    do: Do | None
    undo: Undo | None
    retry: Retry
    undo_retry: Retry = PATIENT_RETRY
    critical: bool = True
    waive: Waive | None = None

    def participant(self, direction: Direction) -> str:
        """Return who runs the step in that direction, read from the return annotation of `do` or `undo`."""
        build = self.do if direction is Direction.FORWARD else self.undo
        if build is None:
            raise NothingToRun(f"the step {self.name} has nothing to run {direction}")
        return command_type(build).participant


class NothingToRun(LookupError):
    """A step was asked to run in a direction it does not have."""


class InvalidDefinition(ValueError):
    """The definition breaks a rule of sagas; the message says which and where."""


def command_type(build: Callable[..., Command]) -> type[Command]:
    """Return the command that `build` promises in its return annotation, or raise InvalidDefinition."""
    promised = get_type_hints(build).get("return")
    if not (isinstance(promised, type) and issubclass(promised, Command)):
        raise InvalidDefinition(f"{build.__qualname__} must say which command it returns, as its return annotation")
    return promised


def compensatable(
    name: str,
    *,
    do: Do | None = None,
    undo: Undo,
    retry: Retry = FORWARD_RETRY,
    undo_retry: Retry = PATIENT_RETRY,
    waive: Waive | None = None,
) -> Step:
    """
    Declare a step that can be undone. Without `do` its effect stands before the saga starts.

    With `waive` its participant hears, as durably as of any effect, that two people gave its compensation up.
    """
    return Step(name=name, kind=Kind.COMPENSATABLE, do=do, undo=undo, retry=retry, undo_retry=undo_retry, waive=waive)


def pivot(name: str, *, do: Do, retry: Retry = FORWARD_RETRY) -> Step:
    """Declare the step that decides: before it everything can be undone, after it everything must be carried on."""
    return Step(name=name, kind=Kind.PIVOT, do=do, undo=None, retry=retry)


def retriable(
    name: str, *, do: Do, retry: Retry = PATIENT_RETRY, critical: bool = True, waive: Waive | None = None
) -> Step:
    """
    Declare a step after the pivot, tried until it succeeds.

    The engine tries either kind for ever; one person may skip it where it is not `critical`, two may waive it. With
    `waive` its participant hears of the latter.
    """
    return Step(name=name, kind=Kind.RETRIABLE, do=do, undo=None, retry=retry, critical=critical, waive=waive)


@dataclass(frozen=True, slots=True)
class Saga:
    """A declared saga; refuses to exist when it breaks a rule."""

    name: str
    version: int = field(kw_only=True)
    data: type = field(kw_only=True)
    steps: tuple[Step, ...] = field(kw_only=True)
    apology: str = field(kw_only=True, default="This could not be finished; it is undone. Please try again.")
    """What people read when a saga turns back for no reason of theirs."""
    afterwards: str = field(kw_only=True, default="")
    """The name of the saga that takes back what this one did, once its pivot is behind it; empty where none does."""

    def __post_init__(self) -> None:
        check_order(self)
        check_names(self)
        for step in self.steps:
            for build in (step.do, step.undo, step.waive):
                if build is not None:
                    command_type(build)
            check_waiver(self, step)

    @property
    def pivot(self) -> int:
        """The index of the pivot."""
        return next(i for i, step in enumerate(self.steps) if step.kind is Kind.PIVOT)

    def index(self, name: str) -> int:
        """Return the index of the step with that name, or raise KeyError."""
        for i, step in enumerate(self.steps):
            if step.name == name:
                return i
        raise KeyError(name)


def check_order(saga: Saga) -> None:
    """Refuse any order but: compensatable steps, one pivot, retriable steps."""
    kinds = [step.kind for step in saga.steps]
    if kinds.count(Kind.PIVOT) != 1:
        raise InvalidDefinition(f"{saga.name} must have exactly one pivot, it has {kinds.count(Kind.PIVOT)}")
    at = kinds.index(Kind.PIVOT)
    for step in saga.steps[:at]:
        if step.kind is not Kind.COMPENSATABLE:
            raise InvalidDefinition(f"{saga.name}: {step.name} stands before the pivot, so it must be compensatable")
    for step in saga.steps[at + 1 :]:
        if step.kind is not Kind.RETRIABLE:
            raise InvalidDefinition(f"{saga.name}: {step.name} stands after the pivot, so it must be retriable")
    for earlier, later in zip(saga.steps, saga.steps[1:], strict=False):
        if later.do is None and earlier.do is not None:
            raise InvalidDefinition(f"{saga.name}: {later.name} has nothing to do, so it must stand first")


def check_names(saga: Saga) -> None:
    """Refuse two steps of one name: names are stored, and mean one step for ever."""
    names = [step.name for step in saga.steps]
    for name in names:
        if names.count(name) > 1:
            raise InvalidDefinition(f"{saga.name} has two steps named {name}")


def check_waiver(saga: Saga, step: Step) -> None:
    """Refuse a waiver that somebody else notes than who would have run what is given up."""
    given_up = step.undo or step.do
    if step.waive is None or given_up is None:
        return
    if command_type(step.waive).participant != command_type(given_up).participant:
        raise InvalidDefinition(f"{saga.name}: the waiver of {step.name} is for another participant than the step")
