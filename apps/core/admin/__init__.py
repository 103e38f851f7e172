"""What the back office's pages are made of, whichever app they show."""

from .columns import Column, labelled, money, titled
from .filters import among
from .names import calls, named, names_of
from .pages import OfficeAdmin, OfficeChangeList
from .readonly import ReadOnly, ReadOnlyAdmin, ReadOnlyInline

__all__ = [
    "Column",
    "OfficeAdmin",
    "OfficeChangeList",
    "ReadOnly",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "among",
    "calls",
    "labelled",
    "money",
    "named",
    "names_of",
    "titled",
]
