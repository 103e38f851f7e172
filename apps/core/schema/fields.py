"""What adding or changing a column does to a table in use."""

from collections.abc import Iterator
from typing import Any

from django.db import connections, models
from django.db.models import NOT_PROVIDED

from .owned import database_aliases
from .verdicts import Verdict

INDEX_LOCK = Verdict("its index is built while nobody can write", "the field first, then its index concurrently")


def added_field_dangers(field: Any) -> Iterator[Verdict]:
    """Yield what is dangerous about a new column."""
    if field.many_to_many:
        return
    if field.generated:
        yield Verdict("the table is written anew under a lock", "a plain column, filled in batches, kept by a trigger")
    elif not field.null and field.db_default is NOT_PROVIDED:
        yield Verdict("the release that still runs inserts rows without it", "give it db_default, or let it be null")
    if field.unique or (field.db_index and not field.remote_field):
        yield INDEX_LOCK
    if field.remote_field and field.db_constraint:
        yield Verdict(
            "its index and key are made under locks on both tables", "db_constraint=False, db_index=False first"
        )


def altered_field_dangers(old: Any, new: Any) -> Iterator[Verdict]:
    """Yield what is dangerous about a column's change."""
    if changes_type(old, new):
        yield Verdict("the table may be written anew under a lock", "a new column, filled in batches; then change over")
    if old.null and not new.null:
        yield Verdict(
            "the whole table is read under a lock, and the running release may write NULL",
            "a check constraint, not valid first and then validated",
        )
    if (new.unique and not old.unique) or (new.db_index and not old.db_index and not new.remote_field):
        yield INDEX_LOCK


def changes_type(old: Any, new: Any) -> bool:
    """Tell whether the column's type changes in a way that is not a mere widening of text."""
    if old.remote_field or new.remote_field:
        return bool(old.remote_field) != bool(new.remote_field)
    connection = connections[database_aliases()[0]]
    before, after = old.db_type(connection), new.db_type(connection)
    if before == after:
        return False
    if isinstance(old, models.CharField) and isinstance(new, models.CharField):
        return (new.max_length or float("inf")) < (old.max_length or float("inf"))
    return not (isinstance(old, models.CharField) and isinstance(new, models.TextField))
