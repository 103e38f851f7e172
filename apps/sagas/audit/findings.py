"""What the auditor has found, and how far it has got: two small tables beside the sagas."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Min, Q
from django.db.models.functions import Now

from apps.core import clock
from apps.core.ids import new_id
from apps.core.sql import Statements
from apps.sagas.models import AuditFinding, AuditPosition
from apps.sagas.orchestrator import home

from .pages import FOLDER
from .registry import Finding

logger = logging.getLogger(__name__)

REVIEWED_A_TURN = 500
KEPT_DAYS = 90
LEFT_AFTER = timedelta(minutes=10)
"""A place that no turn came to for so long is forgotten, unless this code knows it: it was an older release's."""

Reviewer = Callable[[str, str, Sequence[UUID]], Sequence[Finding] | None]
"""Tells, of a check's name, a subject's name and ids, what is still wrong; None where nobody can say."""


class Reached(NamedTuple):
    """Where a check goes on in a source, empty at the beginning; of a source that goes round, since when it does."""

    position: str = ""
    began_at: datetime | None = None


def positions(place: str, checks: Sequence[str]) -> dict[str, Reached]:
    """Return where each of these checks stands in a source."""
    found = AuditPosition.objects.filter(source=place, check_name__in=checks)
    return dict.fromkeys(checks, Reached()) | {one.check_name: Reached(one.position, one.began_at) for one in found}


def move(check: str, place: str, reached: Reached, *, until: datetime | None) -> None:
    """Note where a check goes on in a source, and until when it has judged everything, where that is known anew."""
    Statements(FOLDER, using=home()).run("audit_move", check=check, source=place, until=until, **reached._asdict())


def judged_until() -> datetime | None:
    """Return until when everything that is new was judged, by the check that is behind furthest; None before any."""
    of_new = AuditPosition.objects.filter(began_at__isnull=True)
    until: datetime | None = of_new.aggregate(until=Min("judged_until"))["until"]
    return until


def forget(known: Collection[tuple[str, str]]) -> None:
    """Forget how far checks have got with sources that this code does not know, by check and place."""
    left = AuditPosition.objects.filter(judged_at__lt=clock.now() - LEFT_AFTER).values_list("check_name", "source")
    if gone := [place for place in left if place not in known]:
        AuditPosition.objects.filter(pk__in=gone).delete()


def note(check: str, subject: str, found: Sequence[Finding]) -> None:
    """Keep findings: a new one is opened and logged, one that is open is seen again."""
    if not found:
        return
    opened = Statements(FOLDER, using=home()).rows(
        "audit_note",
        ids=[new_id() for _ in found],
        check=check,
        subject=subject,
        invariants=[one.invariant for one in found],
        subject_ids=[one.id for one in found],
        problems=[one.problem for one in found],
    )
    for row in opened:
        logger.error("invariant_violated", extra={"check": check, "subject": subject} | row)


def review(still_wrong: Reviewer) -> None:
    """Have the open findings judged again, those that were looked at longest ago first; close those that are right."""
    listed = AuditFinding.objects.filter(closed_at__isnull=True).order_by("seen_at")[:REVIEWED_A_TURN]
    by_check: dict[tuple[str, str], list[AuditFinding]] = defaultdict(list)
    for finding in listed:
        by_check[finding.check_name, finding.subject].append(finding)
    for (check, subject), open_findings in by_check.items():
        found = still_wrong(check, subject, sorted({one.subject_id for one in open_findings}))
        if found is None:
            continue
        note(check, subject, found)
        wrong = {(one.invariant, one.id) for one in found}
        close([one.id for one in open_findings if (one.invariant, one.subject_id) not in wrong])
    old = clock.now() - timedelta(days=KEPT_DAYS)
    AuditFinding.objects.filter(closed_at__lt=old).delete()


def close(finding_ids: Sequence[UUID]) -> None:
    """Close findings that are right again."""
    if finding_ids:
        AuditFinding.objects.filter(id__in=finding_ids, closed_at__isnull=True).update(closed_at=Now())


def list_open(*, invariant: str | None = None, limit: int = 1000) -> list[AuditFinding]:
    """Return what is wrong as far as anybody knows, the oldest first; of one invariant, where asked."""
    wanted = Q(closed_at__isnull=True) & (Q(invariant=invariant) if invariant else Q())
    return list(AuditFinding.objects.filter(wanted).order_by("found_at")[:limit])
