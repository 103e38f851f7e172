"""
Taking turns: each check is brought a little further, and what it finds is kept until it is right again.

Every check has its own place in every source, so one that cannot be asked (a database or the gateway is away) holds up
no other, and judges later what it missed. Two auditors at once do the same work twice, and harm nothing.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import Error

from apps.core.exceptions import DomainError
from apps.sagas.faults import described

from . import findings
from .registry import SUBJECTS, Check, Finding, Source, Subject

logger = logging.getLogger(__name__)

AWAY = (Error, DomainError)
"""What a check raises when somebody it asks is away: nothing is known, and nothing is wrong with what it judges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one page of one check came to; `findings` is None where it could not be asked."""

    subject: str
    check: str
    rows: int
    seconds: float
    findings: Sequence[Finding] | None


def turn(*, seconds: float) -> list[Judged]:
    """Bring every check further until nothing is new or the time is up, and look again at what is open."""
    stop_at = time.monotonic() + seconds
    done: list[Judged] = []
    for subject in SUBJECTS.values():
        for source in subject.sources:
            checks = list(subject.checks)
            while checks:
                judged, checks = _advance(subject, source, checks)
                done += judged
                if time.monotonic() > stop_at:
                    break
    review()
    return done


def review() -> None:
    """Look again at what is open, and close what is right."""
    findings.review(_open_findings)


def _advance(subject: Subject, source: Source, checks: Sequence[str]) -> tuple[list[Judged], list[str]]:
    """
    Judge the next page of each of these checks, those at one place together.

    Returns:
        What came of it, and the checks for which there is more now: of a round one page is walked a turn, and whoever
        could not be asked is not asked again at once.
    """
    place = f"{subject.name}/{source.name}"
    together: dict[str, list[str]] = defaultdict(list)
    for check, position in findings.positions(place, checks).items():
        together[position].append(check)
    limit = settings.AUDIT_ROUND if source.goes_round else settings.AUDIT_BATCH
    done: list[Judged] = []
    more: list[str] = []
    for position, at_one_place in together.items():
        page = source.read(position, limit)
        judged = judge(subject, page.ids, at_one_place)
        following = "" if source.goes_round and page.is_last else page.position
        asked = [one for one in judged if one.findings is not None]
        for one in asked:
            findings.note(one.check, subject.name, one.findings or [])
            findings.move(one.check, place, following)
        done += judged
        more += [one.check for one in asked if not page.is_last and not source.goes_round]
    return done, more


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
