"""What notifications does: mails about orders and accounts."""

from .handing_over import Fate, Mail, Outcome
from .mailing import AskedMail, QueuedMail, note_messages, record_messages, send
from .password_reset import MailNotTaken, send_password_reset
from .rendering import Rendered, TemplateBroken, Wording, render
from .samples import render_sample
from .wordings import default_wording, get_wording

__all__ = [
    "AskedMail",
    "Fate",
    "Mail",
    "MailNotTaken",
    "Outcome",
    "QueuedMail",
    "Rendered",
    "TemplateBroken",
    "Wording",
    "default_wording",
    "get_wording",
    "note_messages",
    "record_messages",
    "render",
    "render_sample",
    "send",
    "send_password_reset",
]
