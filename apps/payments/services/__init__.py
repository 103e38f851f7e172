"""What payments does: charge orders, undo charges."""

from .attempts import AskedCharge, Attempt
from .calling import charge
from .charging import AnotherChargeHasThisKey, note_charges, record_charges
from .refunding import AskedUndoing, Undoing, Undone, note_undoings, record_undoings, undo

__all__ = [
    "AnotherChargeHasThisKey",
    "AskedCharge",
    "AskedUndoing",
    "Attempt",
    "Undoing",
    "Undone",
    "charge",
    "note_charges",
    "note_undoings",
    "record_charges",
    "record_undoings",
    "undo",
]
