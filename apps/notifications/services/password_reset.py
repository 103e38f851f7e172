"""The mail with which somebody chooses a new password. Its link is a secret, so no row holds it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.core.exceptions import DomainError
from apps.notifications.statements import DATABASE, SQL

from .handing_over import Fate, Mail
from .mailing import record_messages, send
from .rendering import Rendered, Wording, render
from .wordings import get_wording

CODE = "password_reset"
HIDDEN_LINK = "https://shop.example/[hidden]"
"""What the stored mail shows in place of its link."""


class MailNotTaken(DomainError):
    """The mail server did not take a mail for the time being; it stays queued."""

    code = "mail_not_taken"
    status = 503


def send_password_reset(*, reset_id: UUID, recipient: str, link: str, minutes: int) -> str:
    """
    Send the mail of one password reset, at most once, with no transaction open in this app's database.

    Idempotent: a second call sends only what was never handed over. The stored mail shows another link.

    Args:
        reset_id: names the reset; the mail's row has the same id.
        recipient: an e-mail address.
        link: where the new password is chosen; whoever knows it may choose.
        minutes: how long the link is good.

    Returns:
        `sent`; `unknown` where nobody can know whether it left; `failed` where the address was refused for good.

    Raises:
        MailNotTaken: the mail server is away or refuses for the time being; the mail stays queued, call again.
        TemplateBroken: the words cannot be rendered; nothing is queued.

    Source: rule message_is_handed_over_once, statement sql/note_message.sql.
    """
    wording = get_wording(code=CODE)
    shown, told = (_words(wording, link=each, minutes=minutes) for each in (HIDDEN_LINK, link))
    mail = Mail(id=reset_id, recipient=recipient, subject=shown.subject, text=shown.text, html=shown.html)
    state = _note(mail)
    if state != Fate.QUEUED:
        return state
    secret = replace(mail, subject=told.subject, text=told.text, html=told.html)
    (outcome,) = send(mails=[secret])
    with transaction.atomic(using=DATABASE):
        record_messages(mails=[secret], outcomes=[outcome])
    if outcome.fate is Fate.QUEUED:
        raise MailNotTaken(outcome.error or "The mail server has not taken it.")
    return outcome.fate.value


def _note(mail: Mail) -> str:
    """Commit the intent; return the state of the mail."""
    with transaction.atomic(using=DATABASE):
        (state,) = SQL.column(
            "note_message",
            id=mail.id,
            kind=CODE,
            recipient=mail.recipient,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
        )
    return str(state)


def render_sample(wording: Wording) -> Rendered:
    """Return the mail of a reset that nobody asked for, for trying templates on; raises TemplateBroken."""
    return _words(wording, link=HIDDEN_LINK, minutes=60)


def _words(wording: Wording, *, link: str, minutes: int) -> Rendered:
    values: dict[str, Any] = {"shop": {"name": settings.SHOP_NAME}, "reset": {"link": link, "minutes": minutes}}
    return render(wording, values)
