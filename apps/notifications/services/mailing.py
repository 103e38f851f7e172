"""
Mailing a batch: note the intent, hand over in small chunks, note what became of each.

A mail leaves at most once. Before it is handed over its row says `sending`, in a commit of its own; whoever finds a row
so can never know whether the mail left, and does not send it again. Chunks are small because a worker that dies leaves
its whole chunk unknown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from apps.core.failpoints import failpoint
from apps.core.ids import new_id
from apps.notifications.statements import DATABASE, SQL

from .handing_over import NOT_HANDED_OVER, Mail, Outcome, hand_over, in_one_line, not_marked
from .rendering import Rendered

CHUNK = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedMail:
    """One mail about one order, or one return; `recipient` is an e-mail address."""

    about_id: UUID
    recipient: str
    words: Rendered


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMail:
    """Where a mail stands; `state` is `queued` where it is to be sent."""

    mail: Mail
    state: str


def note_messages(*, about: Literal["order", "return"], kind: str, asked: Sequence[AskedMail]) -> list[QueuedMail]:
    """
    Queue a mail for each order, or each return, in the caller's transaction; in one statement.

    Args:
        about: whether it is orders or returns that `about_id` names.
        kind: of all these mails; each thing has one of a kind at most, and the one written first is kept.
        asked: each thing once.

    Returns:
        Where each mail stands, in the order asked; one that was found `sending` is `unknown` from here on.

    Source: rule message_is_handed_over_once, statements sql/note_messages.sql and sql/note_return_messages.sql.
    """
    rows = SQL.rows(
        "note_messages" if about == "order" else "note_return_messages",
        kind=kind,
        ids=[new_id() for _ in asked],
        about_ids=[ask.about_id for ask in asked],
        recipients=[ask.recipient for ask in asked],
        subjects=[ask.words.subject for ask in asked],
        texts=[ask.words.text for ask in asked],
        htmls=[ask.words.html for ask in asked],
    )
    queued = {row.pop("about_id"): QueuedMail(state=row.pop("state"), mail=Mail(**row)) for row in rows}
    return [queued[ask.about_id] for ask in asked]


def send(*, mails: Sequence[Mail]) -> list[Outcome]:
    """
    Hand mails to the mail server over one connection, with no transaction open.

    Each chunk is marked in a commit of its own before it is handed over, and that commit notes the chunk before.

    Args:
        mails: queued ones.

    Returns:
        What became of each, in order; the last chunk's is not noted yet, which is what record_messages does.
    """
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        away = not_marked(f"the mail server cannot be reached: {in_one_line(error)}", is_reachable=False)
        return [away for _ in mails]
    try:
        outcomes = _sent_in_chunks(connection, mails)
    finally:
        _close(connection)
    return [outcomes[mail.id] for mail in mails]


def _close(connection: BaseEmailBackend) -> None:
    """Say good-bye; a server that is gone need not hear it."""
    try:
        connection.close()
    except OSError:
        return


def _sent_in_chunks(connection: BaseEmailBackend, mails: Sequence[Mail]) -> dict[UUID, Outcome]:
    """Return what became of each mail, by its id."""
    outcomes = {mail.id: not_marked("the mail server was lost before this mail") for mail in mails}
    previous: dict[UUID, Outcome] = {}
    for chunk in _chunks(mails):
        if not all(outcome.is_connected for outcome in previous.values()):
            break
        marked = _mark_sending(chunk, previous)
        failpoint("mails_marked_sending")
        previous = _handed_over(connection, [mail for mail in chunk if mail.id in marked])
        failpoint("mails_handed_over")
        outcomes |= {mail.id: not_marked("another worker is sending it") for mail in chunk} | previous
    return outcomes


def _chunks(mails: Sequence[Mail]) -> Iterator[Sequence[Mail]]:
    for start in range(0, len(mails), CHUNK):
        yield mails[start : start + CHUNK]


def _mark_sending(chunk: Sequence[Mail], previous: dict[UUID, Outcome]) -> set[UUID]:
    """Commit that a chunk is being sent, and what became of the one before; return the mails that are ours to send."""
    with transaction.atomic(using=DATABASE):
        rows = SQL.rows(
            "mark_sending",
            ids=[mail.id for mail in chunk],
            noted_ids=list(previous),
            noted_states=[outcome.fate.value for outcome in previous.values()],
            noted_errors=[outcome.error for outcome in previous.values()],
        )
    return {row["id"] for row in rows}


def _handed_over(connection: BaseEmailBackend, mails: Sequence[Mail]) -> dict[UUID, Outcome]:
    """Hand over mail by mail until the connection is gone."""
    outcomes: dict[UUID, Outcome] = {}
    is_connected = True
    for mail in mails:
        outcomes[mail.id] = hand_over(connection, mail) if is_connected else NOT_HANDED_OVER
        is_connected = outcomes[mail.id].is_connected
    return outcomes


def record_messages(*, mails: Sequence[Mail], outcomes: Sequence[Outcome]) -> None:
    """
    Note what became of the mails that were marked as sending, in the caller's transaction; in one statement.

    What is noted already stays.

    Args:
        mails: as they were given to send.
        outcomes: one a mail, as send returned them.
    """
    marked = [(mail.id, outcome) for mail, outcome in zip(mails, outcomes, strict=True) if outcome.is_marked]
    SQL.run(
        "record_messages",
        ids=[message_id for message_id, _ in marked],
        states=[outcome.fate.value for _, outcome in marked],
        errors=[outcome.error for _, outcome in marked],
    )
