"""
How long what is known of sagas is kept.

A finished saga moves from the table that workers look through into the archive. There it lies, like its history, in
the partition of the month it was born in; a month goes as a whole, with the requests and the dead letters of its
sagas, and only if every one of them is archived. The inboxes are in other databases and outlive their sagas by days.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from django.db import connections, router, transaction
from psycopg import sql

from apps.core.exceptions import DomainError
from apps.core.ids import FIRST_ID, first_id_of
from apps.core.sql import Statements

from .models import SagaTransaction

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "sql"
HOME = router.db_for_write(SagaTransaction)
SQL = Statements(FOLDER, using=HOME)
BY_MONTH = ("saga_events", "saga_archive")
"""Partitioned by the month of a saga's birth."""
BATCH = 1000
LOCK_WAIT = "1s"
"""A month's end must not hold up the living: whoever waits behind it for a lock waits no longer than this."""


class MonthIsKept(DomainError):
    """A month of sagas was to be dropped, and not every saga in it is archived; nothing was dropped."""

    code = "saga_month_is_kept"


def archive_finished(*, before: datetime, limit: int = BATCH) -> int:
    """
    Move one batch of sagas that finished before that time into the archive; return how many; one statement.

    Sagas that wait for an answer or have an open dead letter stay, and so do those whose row is locked.
    """
    return SQL.run("archive", before=before, limit=limit)


def ensure_months(*, first: date, months: int) -> None:
    """Have the partitions of a month and the next ones ready."""
    SQL.rows("month_ensure", first=first, months=months)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of births, as partitions are named after it: 2026_11."""

    year: int
    number: int

    @classmethod
    def named(cls, name: str) -> "Month":
        """Return the month that a partition's name ends with."""
        year, number = name.split("_")
        return cls(int(year), int(number))

    def __str__(self) -> str:
        return f"{self.year}_{self.number:02}"

    def moved(self, months: int) -> "Month":
        """Return the month that many months later."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    @property
    def first_id(self) -> UUID:
        """The lowest id of a saga born in it."""
        return first_id_of(datetime(self.year, self.number, 1, tzinfo=UTC))

    @property
    def ids(self) -> dict[str, UUID]:
        """The range of ids born in it, for a statement: from `first`, before `end`."""
        return {"first": self.first_id, "end": self.moved(1).first_id}


def oldest_kept(now: datetime, months: int) -> Month:
    """Return the oldest month that is kept when that many are, the current one not counted."""
    return Month(now.year, now.month).moved(-months)


def list_months(parent: str) -> list[Month]:
    """Return the months that a table has partitions for, the oldest first."""
    return [Month.named(name) for name in SQL.column("months", parent=parent)]


def drop_months(*, before: Month) -> list[Month]:
    """
    Drop every month of sagas older than that one; return which.

    Raises:
        MonthIsKept: a month has a saga that is not archived; it and later months are kept, earlier ones are dropped.
        OperationalError: somebody else holds the tables; what is left is dropped the next time.
    """
    old = sorted({month for parent in BY_MONTH for month in list_months(parent) if month < before})
    for month in old:
        drop_month(month)
    return old


def drop_month(month: Month) -> None:
    """Drop one month of sagas, with their histories, dead letters and requests; the same errors as drop_months."""
    with transaction.atomic(using=HOME), connections[HOME].cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LOCK_WAIT))
        partitions = [f"{parent}_{month}" for parent in BY_MONTH if month in list_months(parent)]
        # What is added once this finds nothing keeps no month: at most that an archived saga's row was rebuilt.
        if keepers := SQL.column("month_kept_by", **month.ids):
            raise MonthIsKept(
                f"{month} is kept for sagas that are not archived, or wait for somebody: {named(keepers)}"
            )
        SQL.run("month_forget_letters", **month.ids)
        SQL.run("month_forget_requests", **month.ids)
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.SQL(", ").join(map(sql.Identifier, partitions))))
    logger.info("saga_month_dropped", extra={"month": str(month)})


def named(saga_ids: Sequence[UUID]) -> str:
    """Return ids in a sentence."""
    return ", ".join(map(str, saga_ids))


def forget_inbox(*, using: str, finished_before: datetime, born_before: Month, limit: int = BATCH) -> int:
    """
    Forget what one database did for sagas that finished before that time; return for how many.

    Sagas of months before `born_before` are known nowhere any more, and are forgotten too. Each batch is a commit.
    """
    inbox, after, forgotten = Statements(FOLDER, using=using), FIRST_ID, 0
    # Nothing that finished before that time was born after it.
    while ids := inbox.column("inbox_page", after=after, before=first_id_of(finished_before), limit=limit):
        old = SQL.column(
            "inbox_forgettable", ids=ids, finished_before=finished_before, born_before=born_before.first_id
        )
        if old:
            inbox.run("inbox_forget", ids=old)
        after, forgotten = ids[-1], forgotten + len(old)
    return forgotten


def prune_outbox(*, using: str, before: datetime, limit: int = BATCH) -> int:
    """Prune the published events of one outbox that happened before that time; return how many. Each batch commits."""
    after: UUID | None = FIRST_ID
    outbox, pruned = Statements(FOLDER, using=using), 0
    while after:
        (batch,) = outbox.rows("outbox_prune", after=after, before=first_id_of(before), limit=limit)
        after, pruned = batch["last"], pruned + batch["deleted"] + batch["emptied"]
    return pruned
