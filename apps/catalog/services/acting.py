"""Who writes: the history of products names them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connections, transaction

from apps.catalog.statements import DATABASE

# What stands in the settings of the transaction under way.
NOBODY = ("", "")
SAID: ContextVar[tuple[str, str]] = ContextVar("said", default=NOBODY)


@contextmanager
def acting(*, actor_id: UUID | None, source: str) -> Iterator[None]:
    """
    Let the history of products name somebody as the writer of what is written in the block.

    The block is a transaction, or a savepoint of the one under way; what it says ends with it. Behind a pooler of
    transactions too, since the settings are the transaction's. Two statements at most, whatever is written. Blocks may
    stand in each other: the inner one counts.

    Args:
        actor_id: the user; None where it is nobody's doing, as of a beat job.
        source: by what way, one word: `admin`, `api`, `import`, `bulk`.

    Source: rule product_changes_are_recorded.
    """
    outer = SAID.get()
    connection = connections[DATABASE]
    said = (str(actor_id) if actor_id else "", source)
    is_outermost = not connection.in_atomic_block
    token = SAID.set(said)
    try:
        with transaction.atomic(using=DATABASE):
            _say(said)
            yield
            if not (is_outermost or connection.needs_rollback):
                _say(outer)
    finally:
        SAID.reset(token)


def _say(said: tuple[str, str]) -> None:
    with connections[DATABASE].cursor() as cursor:
        cursor.execute("SELECT set_config('app.actor', %s, true), set_config('app.source', %s, true)", said)
