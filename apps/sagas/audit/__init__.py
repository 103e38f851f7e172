"""
The auditor: looks at what is, says what should not be, and changes nothing of it.

A **subject** is a kind of thing that is judged (a saga, a variant of a product, an event). Its **sources** give the ids
of what is to be judged next, page by page: those that ended lately, and round and round all there are. A **check** gets
a page of subjects and returns findings. Engine and shop register checks alike; the engine knows no app, so what
compares several apps is registered in the composition root.

Nothing is judged half. What is read first is the saga, and every effect is committed before the saga moves on; so
whatever the saga says is done must be found. What else may be found is asked of finished sagas only. Whatever is found
is looked at a second time, all read anew, before it counts.
"""

from . import asked, due, engine, inboxes, outboxes
from .registry import INVARIANTS, SUBJECTS, Check, Finding, Page, Source, Subject, audits
from .subjects import AuditedSaga, of

__all__ = [
    "INVARIANTS",
    "SUBJECTS",
    "AuditedSaga",
    "Check",
    "Finding",
    "Page",
    "Source",
    "Subject",
    "asked",
    "audits",
    "due",
    "engine",
    "inboxes",
    "of",
    "outboxes",
]
