"""
Versions of definitions: which were released, and whether this process may work on the sagas that live.

A definition is released when its code is migrated to, and never edited from then on. Old and new code may run side by
side for as long as they like: nobody claims a version that is unknown to him.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import Count

from apps.core.exceptions import DomainError

from .fingerprints import described, differences, fingerprint
from .models import SagaRelease, SagaTransaction
from .orchestrator import home
from .progress import LIVING
from .registry import SAGAS

logger = logging.getLogger(__name__)

Version = tuple[str, int]
"""A definition's name and version."""


class UnsafeVersions(DomainError):
    """This code must not work on the sagas that live; each sentence says why and what to do. Nothing was done."""

    code = "saga_versions_unsafe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong between the code and the sagas that live; an `unsafe` one forbids this process to start."""

    definition: str
    version: int
    told: str
    hint: str
    unsafe: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version of a definition: whether this code has it, since when it is final, and how many sagas of it live."""

    definition: str
    version: int
    registered: bool
    released_at: datetime | None
    fingerprint: str | None
    living: int


def list_versions() -> list[VersionView]:
    """Return every version that is registered, was released, or lives, in the order of their names."""
    released = {(row.definition, row.version): row for row in SagaRelease.objects.all()}
    living = count_living()
    return [
        VersionView(
            definition=one[0],
            version=one[1],
            registered=one in SAGAS,
            released_at=released[one].released_at if one in released else None,
            fingerprint=released[one].fingerprint if one in released else None,
            living=living.get(one, 0),
        )
        for one in sorted(SAGAS.keys() | released.keys() | living.keys())
    ]


def count_living() -> dict[Version, int]:
    """Return how many sagas live, by definition and version."""
    living = SagaTransaction.objects.filter(status__in=LIVING).values_list("definition", "version")
    return {(name, version): count for name, version, count in living.annotate(Count("id")).order_by()}


def release() -> list[Version]:
    """
    Store what of each definition of this code must not change from now on; return the definitions that were new.

    Where definitions may still be edited (SAGA_DEFINITIONS_SEALED is off), one of which no saga lives is stored anew.
    """
    stored = {(row.definition, row.version) for row in SagaRelease.objects.all()}
    new = [one for one in SAGAS if one not in stored]
    anew = set() if settings.SAGA_DEFINITIONS_SEALED else (SAGAS.keys() & stored) - count_living().keys()
    for name, version in anew:
        SagaRelease.objects.filter(definition=name, version=version).update(**_described(name, version))
    rows = [SagaRelease(definition=name, version=version, **_described(name, version)) for name, version in new]
    SagaRelease.objects.bulk_create(rows, ignore_conflicts=True)
    return new


def _described(name: str, version: int) -> dict[str, Any]:
    description = described(SAGAS[name, version])
    return {"description": description, "fingerprint": fingerprint(description)}


def find_problems() -> list[Problem]:
    """Return what is wrong between this code, what was released, and the sagas that live; the unsafe first."""
    living = count_living()
    edited = [
        problem
        for row in SagaRelease.objects.order_by("definition", "version")
        if (problem := _edited(row, living.get((row.definition, row.version), 0)))
    ]
    unknown = [_unknown(version, count) for version, count in sorted(living.items()) if version not in SAGAS]
    return sorted(edited + unknown, key=lambda problem: not problem.unsafe)


def _edited(row: SagaRelease, living: int) -> Problem | None:
    saga = SAGAS.get((row.definition, row.version))
    if saga is None or not (settings.SAGA_DEFINITIONS_SEALED or living):
        return None
    changes = differences(row.description, described(saga))
    if not changes:
        return None
    return Problem(
        definition=row.definition,
        version=row.version,
        told=f"{row.definition} version {row.version} was edited after its release: {'; '.join(changes)}. "
        f"{living} sagas of it live.",
        hint=f"Put version {row.version} back as it was, and let the change stand beside it as another version.",
        unsafe=True,
    )


def _unknown(version: Version, count: int) -> Problem:
    name, number = version
    newest = max((known for registered, known in SAGAS if registered == name), default=0)
    removed = number < newest
    return Problem(
        definition=name,
        version=number,
        told=f"{count} sagas of {name} version {number} live, which this code does not have.",
        hint=f"Deploy the code that has it until they have ended, or have that code move them: "
        f"manage.py saga migrate {name} --from {number} --to {newest} --reason REASON."
        if removed
        else "Newer code began them; its workers carry them on, this code leaves them alone.",
        unsafe=removed,
    )


def refuse_unsafe(problems: Sequence[Problem]) -> None:
    """
    Refuse to go on where this code must not work on the sagas that live; log what is no more than strange.

    Raises:
        UnsafeVersions: a released definition was edited, or sagas live of a version that was taken away.
    """
    for problem in problems:
        logger.warning("saga_version_problem", extra={"problem": problem.told, "hint": problem.hint})
    if unsafe := [f"{problem.told} {problem.hint}" for problem in problems if problem.unsafe]:
        raise UnsafeVersions(" ".join(unsafe))


def refuse_unsafe_start() -> None:
    """
    Refuse to start a process whose code must not work on the sagas that live; leave no connection behind.

    A database that is out of reach, or has no such table yet, refuses nobody: who works on sagas waits for it anyway.

    Raises:
        UnsafeVersions: as refuse_unsafe.
    """
    try:
        problems = find_problems()
    except DatabaseError as error:
        logger.warning("saga_versions_unchecked", extra={"error": str(error)})
        problems = []
    finally:
        connections[home()].close()
    refuse_unsafe(problems)
