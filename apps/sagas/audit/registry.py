"""What is judged, by what, and in which order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

INVARIANTS = {
    "I1": "What the gateway holds is what the ledger says, and what the orders are worth",
    "I2": "An order is charged once at most, and given back once at most",
    "I3": "What was there is what is left, held and sold",
    "I4": "Every saga ends, or is held with an open dead letter",
    "I5": "A completed saga is paid, sold and confirmed; a failed one left nothing behind",
    "I6": "Nothing leaves a final state, and no effect comes after it",
    "I7": "A buyer gets one confirmation at most, and only for a confirmed order",
    "I8": "A history has no gap, is a path of the engine, and leads to its row",
    "I9": "An effect has one inbox entry, and the ledger has the lines of those that moved money",
    "I10": "Effects are undone in the reverse order, parked ones apart",
    "I11": "Every event is taken by its subscribers, in the order of its aggregate",
    "I12": "Every request is answered once",
    "I13": "What is due is claimed",
    "I14": "No step is tried more often than its policy says without a dead letter",
}
"""The invariants that the auditor watches, each in one sentence."""


class Finding(NamedTuple):
    """Something that breaks an invariant; `id` is the subject's that was judged."""

    invariant: str
    id: UUID
    problem: str


class Page(NamedTuple):
    """
    The ids to judge next; `position` is where the page after it begins, `is_last` whether that has nothing yet.

    Whatever is older than `until` is in this page or one before it; None where pages are not in the order of time.
    """

    ids: list[UUID]
    position: str
    is_last: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """
    Where ids come from: `read(position, limit)` gives the page after a position; the first position is empty.

    One that `goes_round` begins anew after its last page; another waits there for more.
    """

    name: str
    read: Callable[[str, int], Page]
    goes_round: bool = False


T = TypeVar("T")
Check = Callable[[Sequence[Any]], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """
    A kind of thing that is judged: `load` reads what its checks need, in any order; what is gone may be missing.

    The last of the sources passes all there is.
    """

    name: str
    load: Callable[[Sequence[UUID]], Sequence[Any]]
    sources: tuple[Source, ...]
    checks: dict[str, Check] = field(default_factory=dict)

    @property
    def every(self) -> Source:
        """The source that passes everything there is."""
        return self.sources[-1]


SUBJECTS: dict[str, Subject] = {}


def register(subject: Subject) -> Subject:
    """Have a kind of thing judged."""
    SUBJECTS[subject.name] = subject
    return subject


class UnknownSubject(LookupError):
    """No subject of that name is registered."""


def audits(*subjects: str) -> Callable[[Check], Check]:
    """Register a check of subjects by its function's name. It reads only, and is asked of a page at a time."""

    def add(check: Check) -> Check:
        for name in subjects:
            if name not in SUBJECTS:
                raise UnknownSubject(f"nothing is judged as {name}; there are {', '.join(SUBJECTS)}")
            SUBJECTS[name].checks[check.__name__] = check
        return check

    return add
