"""
May this code work on the sagas that live? Asked by `manage.py check --database orders`, before each migration, and
before a worker starts; and after a migration the definitions of this code are released.
"""

from collections.abc import Sequence
from typing import Any

from celery.signals import worker_init
from django.apps import apps
from django.core import checks
from django.core.management import CommandError
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

from apps.core.exceptions import DomainError

from .models import SagaRelease
from .orchestrator import home
from .versions import find_problems, refuse_unsafe, refuse_unsafe_start, release


@checks.register(checks.Tags.database)
def check_versions(databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """Return an error for each definition that was edited or taken away, and a warning for what newer code began."""
    if home() not in (databases or ()) or not is_migrated():
        return []
    return [
        checks.Error(problem.told, hint=problem.hint, id="sagas.E003")
        if problem.unsafe
        else checks.Warning(problem.told, hint=problem.hint, id="sagas.W001")
        for problem in find_problems()
    ]


def is_migrated() -> bool:
    """Whether the table of releases stands."""
    return SagaRelease._meta.db_table in connections[home()].introspection.table_names()


def refuse_unsafe_migration(using: str, **_: Any) -> None:
    """A migration is the first act of a new release: what must not start is stopped here, before anything changed."""
    if using == home() and is_migrated():
        try:
            refuse_unsafe(find_problems())
        except DomainError as error:
            raise CommandError(error.message) from error


def release_definitions(using: str, **_: Any) -> None:
    """Once the database of the sagas is migrated, the definitions of this code are released."""
    if using == home() and is_migrated():
        release()


def refuse_unsafe_worker(**_: Any) -> None:
    """
    Celery goes on after any error here but the end of the process.

    A participant's worker, which does not have the database of the sagas, works on none.
    """
    if home() not in connections:
        return
    try:
        refuse_unsafe_start()
    except DomainError as error:
        raise SystemExit(error.message) from None


pre_migrate.connect(refuse_unsafe_migration, sender=apps.get_app_config("sagas"))
post_migrate.connect(release_definitions, sender=apps.get_app_config("sagas"))
worker_init.connect(refuse_unsafe_worker)
