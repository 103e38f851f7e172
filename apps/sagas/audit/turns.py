"""
Taking turns: each check is brought a little further, and what it finds is kept until it is right again.

Every check has its own place in every source, so one that cannot be asked (a database or the gateway is away) holds up
no other, and judges later what it missed. Two auditors at once do the same work twice, and harm nothing.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import Error

from apps.core import clock
from apps.core.exceptions import DomainError
from apps.sagas.faults import described

from . import findings
from .findings import Reached
from .pages import LONG_AGO
from .registry import SUBJECTS, Check, Finding, Page, Source, Subject

logger = logging.getLogger(__name__)

AWAY = (Error, DomainError)
"""What a check raises when somebody it asks is away: nothing is known, and nothing is wrong with what it judges."""

BEHIND = timedelta(minutes=2)
"""What is new was judged so long ago, the lag included: turns are longer until that is caught up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one page of one check came to; `findings` is None where it could not be asked."""

    subject: str
    check: str
    rows: int
    seconds: float
    findings: Sequence[Finding] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A source that has more for some checks now, and until when they have judged what is in it."""

    subject: Subject
    source: Source
    checks: Sequence[str]
    until: datetime = LONG_AGO

    @property
    def name(self) -> str:
        """The name by which it is kept."""
        return f"{self.subject.name}/{self.source.name}"


def allowed_seconds() -> float:
    """Return how long a turn may take now: longer while the auditor is behind."""
    until = findings.judged_until()
    is_behind = until is not None and until < clock.now() - BEHIND
    seconds: float = settings.AUDIT_LONG_TURN_SECONDS if is_behind else settings.AUDIT_TURN_SECONDS
    return seconds


def turn(*, seconds: float) -> list[Judged]:
    """
    Bring every check a page further, and then those that are behind furthest, until nothing is new or the time is up.

    Then look again at what is open.
    """
    stop_at = time.monotonic() + seconds
    done: list[Judged] = []
    more: list[Place] = []
    places = [
        Place(subject=subject, source=source, checks=list(subject.checks))
        for subject in SUBJECTS.values()
        for source in subject.sources
    ]
    for place in places:
        judged, left = _advance(place)
        done, more = done + judged, more + left
    while more and time.monotonic() < stop_at:
        furthest = min(more, key=lambda place: place.until)
        judged, left = _advance(furthest)
        done, more = done + judged, [place for place in more if place is not furthest] + left
    review()
    findings.forget({(check, place.name) for place in places for check in place.checks})
    return done


def review() -> None:
    """Look again at what is open, and close what is right."""
    findings.review(_open_findings)


def _advance(place: Place) -> tuple[list[Judged], list[Place]]:
    """
    Judge the next page of each check, those at one position together.

    Returns:
        What came of it, and the place again where there is more now: of a round one page is walked a turn, and whoever
        could not be asked is not asked again at once.
    """
    subject, source = place.subject, place.source
    reached = findings.positions(place.name, place.checks)
    together: dict[str, list[str]] = defaultdict(list)
    for check, at in reached.items():
        together[at.position].append(check)
    limit = settings.AUDIT_ROUND if source.goes_round else settings.AUDIT_BATCH
    done: list[Judged] = []
    more: list[Place] = []
    for position, at_one_place in together.items():
        page = source.read(position, limit)
        judged = judge(subject, page.ids, at_one_place)
        asked = [one.check for one in judged if one.findings is not None]
        for one in judged:
            if one.findings is not None:
                findings.note(one.check, subject.name, one.findings)
                _move(place, one.check, reached[one.check], page)
        done += judged
        if asked and not page.is_last and not source.goes_round:
            more.append(replace(place, checks=asked, until=page.until or LONG_AGO))
    return done, more


def _move(place: Place, check: str, reached: Reached, page: Page) -> None:
    """Note that a check has judged a page; once a round is over, it has seen whatever was there when that began."""
    if not place.source.goes_round:
        findings.move(check, place.name, Reached(page.position), until=page.until)
        return
    began_at = reached.began_at if reached.position and reached.began_at else clock.now()
    following = Reached("" if page.is_last else page.position, began_at)
    findings.move(check, place.name, following, until=began_at if page.is_last else None)


def judge(subject: Subject, ids: Sequence[UUID], checks: Sequence[str]) -> list[Judged]:
    """Return what these checks say of these subjects; whatever they find is found twice, all read anew."""
    loaded = subject.load(ids) if ids else []
    return [_judged(subject, name, loaded) for name in checks]


def _judged(subject: Subject, name: str, loaded: Sequence[object]) -> Judged:
    began = time.perf_counter()
    try:
        found: list[Finding] | None = _found_twice(subject, subject.checks[name], loaded) if loaded else []
    except AWAY as error:
        logger.warning("audit_could_not_ask", extra={"check": name, "error": described(error)})
        found = None
    seconds = time.perf_counter() - began
    return Judged(subject=subject.name, check=name, rows=len(loaded), seconds=seconds, findings=found)


def _found_twice(subject: Subject, check: Check, loaded: Sequence[object]) -> list[Finding]:
    first = list(check(loaded))
    if not first:
        return []
    again = {(one.invariant, one.id): one for one in check(subject.load(sorted({one.id for one in first})))}
    found = {(one.invariant, one.id) for one in first} & again.keys()
    # One line a subject and invariant, however many problems it has.
    return [_joined(key, [one.problem for one in first if (one.invariant, one.id) == key]) for key in sorted(found)]


def _joined(key: tuple[str, UUID], problems: Sequence[str]) -> Finding:
    return Finding(*key, "; ".join(dict.fromkeys(problems)))


def _open_findings(check: str, subject_name: str, ids: Sequence[UUID]) -> Sequence[Finding] | None:
    """Return what is still wrong with these subjects; None where nobody can say, nothing where the check is no more."""
    subject = SUBJECTS.get(subject_name)
    if subject is None or check not in subject.checks:
        return []
    return judge(subject, ids, [check])[0].findings


def whole(subject: Subject, *, since: UUID | None = None, checks: Sequence[str] | None = None) -> Iterator[Judged]:
    """Judge everything there is of one subject, page by page, from an id on; writes nothing."""
    position = str(since) if since else ""
    while True:
        page = subject.every.read(position, settings.AUDIT_BATCH)
        yield from judge(subject, page.ids, list(subject.checks) if checks is None else checks)
        position = page.position
        if page.is_last:
            return
