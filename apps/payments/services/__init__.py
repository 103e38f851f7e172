"""What payments does: charge orders, undo charges."""

from .attempts import AskedCharge, Attempt
from .auditing import check_gateway
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
    "check_gateway",
    "note_charges",
    "note_undoings",
    "record_charges",
    "record_undoings",
    "undo",
]
