"""
How a living saga goes over from one version of its definition to another. Pure: no Django, no database.

A crossing is declared beside the versions it joins. It must leave no effect without its compensation, and every effect
under the name it was done by: the inboxes and the outside world know an effect by saga, step, direction and epoch, and
what they know is not rewritten. So a step that may have run keeps its name, its participant and its side of the pivot.
What has not run may be dropped, put off, or preceded by something new.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from .definition import InvalidDefinition, Saga, Step
from .messages import Direction
from .progress import CLOSED, DECIDED, Progress, State, Status

NOT_RUN = (State.PENDING, State.SKIPPED)


class CannotCross(ValueError):
    """A saga cannot go over as it stands; the message says why."""


def as_it_is(data: Any) -> Any:
    """Return the data as it is: both versions have one type."""
    return data


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """
    The way from version `before` to version `after` of one definition.

    `cursor` maps the step under the cursor to the step that it then stands at, for sagas that go forward; steps of
    `after` before that one which were not there are skipped. A saga whose step is not in the map stays. Sagas that are
    being undone keep their step. `data` makes the data of `after` from that of `before`.
    """

    before: Saga
    after: Saga
    cursor: Mapping[str, str]
    data: Callable[[Any], Any] = field(default=as_it_is)

    def __post_init__(self) -> None:
        if self.before.name != self.after.name or self.before.version == self.after.version:
            raise InvalidDefinition("a crossing joins two versions of one definition")
        if self.data is as_it_is and self.before.data is not self.after.data:
            raise InvalidDefinition(f"{self.told} must say how the data of one becomes the data of the other")
        for name in self.cursor:
            try:
                cross(self, _standing_at(self.before, name), untried=True)
            except (CannotCross, KeyError) as error:
                raise InvalidDefinition(f"{self.told} cannot take a saga that stands at {name}: {error}") from error

    @property
    def told(self) -> str:
        """Its name in a sentence."""
        return f"the crossing of {self.before.name} from version {self.before.version} to {self.after.version}"


def cross(crossing: Crossing, progress: Progress, *, untried: bool) -> Progress:
    """
    Return where a saga stands after it went over.

    `untried` says that the step under the cursor was never claimed in this direction, nor the one before it in one
    chain with it, so that it cannot have run.

    Raises:
        CannotCross: the saga has ended, the map does not know its step, or an effect would lose its compensation.
    """
    if progress.finished:
        raise CannotCross(f"it has ended as {progress.status}")
    if not DECIDED.isdisjoint(progress.states):
        raise CannotCross("a step of it is given up or left out, and its participant has not noted that yet")
    target = _target(crossing, progress, untried=untried)
    for name in may_have_run(crossing.before, progress, untried=untried):
        _keep(crossing, progress, name, target)
    step = crossing.before.steps[progress.step].name
    same = crossing.after.steps[target].name == step
    return Progress(
        status=progress.status,
        step=target,
        direction=progress.direction,
        states=_states(crossing, progress, target),
        failures=progress.failures if same else 0,
        failing_seconds=progress.failing_seconds if same else 0.0,
        cause=progress.cause,
        waivers=progress.waivers,
    )


def may_have_run(saga: Saga, progress: Progress, *, untried: bool) -> list[str]:
    """Return the steps whose effect may stand, or was undone: those left behind, and those tried without an answer."""
    behind = [
        step.name
        for i, (step, state) in enumerate(zip(saga.steps, progress.states, strict=True))
        if state not in NOT_RUN and i != progress.step
    ]
    return behind + tried(saga, progress, untried=untried)


def tried(saga: Saga, progress: Progress, *, untried: bool) -> list[str]:
    """Return the steps that may be done already without an answer: they will be asked for again."""
    if untried and progress.direction is Direction.FORWARD:
        return []
    if progress.direction is Direction.FORWARD:
        # Steps of one participant that follow each other run in one transaction.
        return _tried_from(saga, progress.step)
    return [saga.steps[progress.step].name]


def begins_a_chain(saga: Saga, at: int) -> bool:
    """Whether a forward step cannot have run together with the one before it: that is another participant's."""
    before = saga.steps[at - 1] if at else None
    here = saga.steps[at].participant(Direction.FORWARD)
    return before is None or before.do is None or before.participant(Direction.FORWARD) != here


def _tried_from(saga: Saga, at: int) -> list[str]:
    """Return the steps that may have run with the one at that place."""
    lane = saga.steps[at].participant(Direction.FORWARD)
    together = takewhile(lambda step: step.participant(Direction.FORWARD) == lane, saga.steps[at:])
    return [step.name for step in together]


def _standing_at(saga: Saga, name: str) -> Progress:
    """Return the progress of a saga that has come to a step without a failure."""
    at = saga.index(name)
    states = [State.COMPLETED] * at + [State.READY] + [State.PENDING] * (len(saga.steps) - at - 1)
    return Progress(status=Status.ACTIVE, step=at, direction=Direction.FORWARD, states=tuple(states))


def _target(crossing: Crossing, progress: Progress, *, untried: bool) -> int:
    """Return the index of the step under the cursor after the crossing."""
    before, after = crossing.before, crossing.after
    name = before.steps[progress.step].name
    to = crossing.cursor.get(name) if progress.direction is Direction.FORWARD else name
    if to is None:
        raise CannotCross(f"the crossing says nothing of a saga at {name}")
    if to != name and not untried:
        raise CannotCross(f"{name} may have run, so the cursor cannot leave it before its answer is known")
    target = _index(after, to)
    if (progress.step <= before.pivot) != (target <= after.pivot):
        raise CannotCross(f"from {name} to {to} it would pass its pivot")
    return target


def _keep(crossing: Crossing, progress: Progress, name: str, target: int) -> None:
    """Refuse to lose a step that may have run, or its place: behind the cursor, or under it and tried with it."""
    at = crossing.before.index(name)
    old, state = crossing.before.steps[at], progress.states[at]
    effect = old.undo is not None and (state is State.PENDING or state not in CLOSED)
    after = {step.name: i for i, step in enumerate(crossing.after.steps)}
    if name not in after:
        if effect:
            raise CannotCross(f"the effect of {name} would be left without its compensation")
        return
    new = crossing.after.steps[after[name]]
    if effect and _who(new, Direction.BACKWARD) != _who(old, Direction.BACKWARD):
        raise CannotCross(f"the effect of {name} would be left without its compensation")
    if effect and _who(new, Direction.FORWARD) != _who(old, Direction.FORWARD):
        raise CannotCross(f"{name} may have run, and would be somebody else's")
    if progress.direction is Direction.FORWARD and after[name] >= target and at != progress.step:
        # What may have run unanswered must follow the cursor's step as before: a refusal of something new in between
        # would undo what comes before it alone.
        if state is not State.PENDING:
            raise CannotCross(f"{name} was done, and would come again")
        if effect and after[name] - target != at - progress.step:
            raise CannotCross(f"{name} may have run, and would not be undone with the step before it")


def _who(step: Step, direction: Direction) -> str | None:
    build = step.do if direction is Direction.FORWARD else step.undo
    return step.participant(direction) if build else None


def _states(crossing: Crossing, progress: Progress, target: int) -> tuple[State, ...]:
    kept = dict(zip((step.name for step in crossing.before.steps), progress.states, strict=True))
    forward = progress.direction is Direction.FORWARD
    under = kept[crossing.before.steps[progress.step].name]
    states = []
    for i, step in enumerate(crossing.after.steps):
        if i == target:
            states.append(under)
        elif forward and i > target:
            states.append(State.PENDING)
        else:
            state = kept.get(step.name, State.SKIPPED)
            states.append(State.SKIPPED if state in NOT_RUN else state)
    return tuple(states)


def _index(saga: Saga, name: str) -> int:
    try:
        return saga.index(name)
    except KeyError:
        raise CannotCross(f"version {saga.version} has no step {name}") from None
