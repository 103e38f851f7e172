"""Handing one mail to the mail server, and what its answer means."""

from dataclasses import dataclass
from enum import StrEnum
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

PERMANENT = 500
CLOSING = 421


class Fate(StrEnum):
    """What became of a mail, spelled as the state it is in then."""

    SENT = "sent"
    """The server took it."""
    QUEUED = "queued"
    """It was not handed over, or refused for the time being: it can be tried again."""
    FAILED = "failed"
    """The server will never take it for this address, or it cannot be written at all."""
    UNKNOWN = "unknown"
    """The connection broke while it was being handed over: it may have left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to hand over, as its row in `messages` has it."""

    id: UUID
    recipient: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    What became of a mail.

    `is_connected` tells whether the connection can take another; `is_marked` whether this worker had marked the mail as
    sending: if not, its row is not this worker's to change. `is_reachable` is false where no server was there at all.
    """

    fate: Fate
    error: str | None = None
    is_connected: bool = True
    is_marked: bool = True
    is_reachable: bool = True


NOT_HANDED_OVER = Outcome(fate=Fate.QUEUED, error="the mail server was lost before this mail", is_connected=False)


def not_marked(error: str, *, is_reachable: bool = True) -> Outcome:
    """Return the outcome of a mail that this worker left alone."""
    return Outcome(fate=Fate.QUEUED, error=error, is_marked=False, is_reachable=is_reachable)


def hand_over(connection: BaseEmailBackend, mail: Mail) -> Outcome:
    """
    Give a mail to an open connection, once, and say what became of it.

    Only an answer of the server proves that a mail did not leave; a connection that breaks proves nothing.

    Source: RFC 5321, sections 4.2.1 (4yz is for the time being, 5yz for good), 3.8 (421 closes) and 6.1 (who has the
    mail after the final dot).
    """
    try:
        connection.send_messages([_written(mail)])
    except SMTPRecipientsRefused as error:
        [(code, reply)] = list(error.recipients.values())
        return _refused(code, reply, for_good=code >= PERMANENT)
    except SMTPResponseException as error:
        # The sender or the content is refused: somebody has to mend that, and the address is not to blame.
        return _refused(error.smtp_code, error.smtp_error, for_good=False)
    except (ValueError, SMTPNotSupportedError) as error:
        return Outcome(fate=Fate.FAILED, error=f"it cannot be written to this address: {error}")
    except OSError as error:
        return Outcome(fate=Fate.UNKNOWN, error=f"the connection broke: {in_one_line(error)}", is_connected=False)
    return Outcome(fate=Fate.SENT)


def _written(mail: Mail) -> EmailMultiAlternatives:
    """Return the mail as text and HTML; its Message-ID is a function of its id, so that copies can be told."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[mail.recipient],
        headers={"Message-ID": f"<{mail.id}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(mail.html, "text/html")
    return message


def _refused(code: int, reply: bytes | str, *, for_good: bool) -> Outcome:
    """Return the outcome of a mail that the server refused."""
    said = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return Outcome(
        fate=Fate.FAILED if for_good else Fate.QUEUED,
        error=f"the mail server answered {code} {said}"[:500],
        is_connected=code != CLOSING,
    )


def in_one_line(error: OSError) -> str:
    return f"{type(error).__name__}: {error}".replace("\n", " ")[:200]
