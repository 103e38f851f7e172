"""What the policy makes of a failure: whether its tries are spent, how long to wait, what is told. Pure: no Django."""

from dataclasses import dataclass

from .definition import Cause, Retry, Saga, Step
from .messages import Direction, Unknown
from .progress import SET_ASIDE, SPENT, Failed, Happening, Outcome, Postponed, Progress, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One more failure of the step under the cursor; `early` says that not the number of failures spent the tries."""

    step: Step
    direction: Direction
    kind: str
    error: str
    number: int
    spent: bool
    early: bool
    weight: int

    def told(self, *, decisive: bool = False) -> tuple[Happening, ...]:
        """Tell the first five failures of a step, the decisive ones, and each power of two: history stays bounded."""
        if self.number > 5 and not decisive and self.number & (self.number - 1):
            return ()
        data = {"error": self.error, "failures": self.number} | ({"spent": True} if self.early else {})
        return (Happening(kind=self.kind, step=self.step.name, direction=self.direction, data=data),)


def failure_of(saga: Saga, progress: Progress, outcome: Outcome, spent: bool) -> Failure:
    """Return what the policy makes of a failure; what is parked has spent its tries already."""
    step, number = saga.steps[progress.step], progress.failures + 1
    retry = step.retry if progress.direction is Direction.FORWARD else step.undo_retry
    parked = progress.states[progress.step] in SPENT
    exception = outcome.exception if isinstance(outcome, Failed) else None
    spent = spent or parked or retry.are_spent(number, progress.failing_seconds, exception)
    return Failure(
        step=step,
        direction=progress.direction,
        kind="unknown" if isinstance(outcome, Unknown) else "failed",
        error=error_of(outcome),
        number=number,
        spent=spent,
        early=spent and not parked and number < retry.attempts,
        weight=max(number, retry.attempts) if spent else number,
    )


def backoff(retry: Retry, failures: int, jitter: float) -> float:
    """Return the seconds to wait after that many failures: full jitter (Brooker, AWS Architecture Blog, 2015)."""
    return jitter * min(retry.cap_seconds, retry.base_seconds * 2.0 ** min(failures - 1, 30))


def patience(saga: Saga, progress: Progress, jitter: float) -> float:
    """Return the seconds to wait for the compensation under the cursor: long ones where its tries are spent."""
    if progress.finished or progress.states[progress.step] not in SET_ASIDE:
        return 0.0
    retry = saga.steps[progress.step].undo_retry
    return (0.5 + jitter / 2) * retry.cap_seconds


def silence_told(saga: Saga, progress: Progress, outcome: Postponed) -> Happening:
    """Tell that somebody may have heard what the step under the cursor asks for; it is no failure of the step's."""
    return Happening(
        kind="unknown",
        step=saga.steps[progress.step].name,
        direction=progress.direction,
        data={"error": error_of(outcome), "failures": progress.failures, "postponed": True},
    )


def error_of(outcome: Outcome) -> str:
    error = f"{outcome.code}: {outcome.message}" if isinstance(outcome, Refused) else getattr(outcome, "error", "")
    # No database stores a NUL, and what the outside world says may hold one.
    return error.replace("\0", "")


def technical_cause(saga: Saga, step: Step, outcome: Outcome) -> Cause:
    unknown = isinstance(outcome, Unknown)
    return Cause(
        step=step.name,
        code="outcome_unknown" if unknown else "technical_failure",
        message=saga.apology,
        details={"error": error_of(outcome)},
    )
