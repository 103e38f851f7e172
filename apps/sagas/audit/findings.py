"""What the auditor has found, and how far it has got: two small tables beside the sagas."""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
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

Reviewer = Callable[[str, str, Sequence[UUID]], Sequence[Finding] | None]
"""Tells, of a check's name, a subject's name and ids, what is still wrong; None where nobody can say."""


def positions(place: str, checks: Sequence[str]) -> dict[str, str]:
    """Return where each of these checks stands in a source; the empty text where it has not begun."""
    found = AuditPosition.objects.filter(source=place, check_name__in=checks)
    return dict.fromkeys(checks, "") | dict(found.values_list("check_name", "position"))


def move(check: str, place: str, position: str) -> None:
    """Note where a check goes on in a source."""
    Statements(FOLDER, using=home()).run("audit_move", check=check, source=place, position=position)


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
