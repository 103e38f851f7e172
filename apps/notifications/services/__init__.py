"""What notifications does: mails about orders."""

from .handing_over import Fate, Mail, Outcome
from .mailing import AskedMail, QueuedMail, note_messages, record_messages, send
from .rendering import Rendered, TemplateBroken, Wording, render
from .wordings import default_wording, get_wording

__all__ = [
    "AskedMail",
    "Fate",
    "Mail",
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
    "send",
]
