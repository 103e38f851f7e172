"""What payments does: charge orders, undo charges, give up what cannot be undone."""

from .attempts import AskedCharge, Attempt
from .auditing import check_gateway
from .calling import charge
from .charging import AnotherChargeHasThisKey, note_charges, record_charges
from .refunding import AskedUndoing, Undoing, Undone, note_undoings, record_undoings, undo
from .waiving import AskedWaiver, Waived, Waiving, close, note_waivers, record_waivers

__all__ = [
    "AnotherChargeHasThisKey",
    "AskedCharge",
    "AskedUndoing",
    "AskedWaiver",
    "Attempt",
    "Undoing",
    "Undone",
    "Waived",
    "Waiving",
    "charge",
    "check_gateway",
    "close",
    "note_charges",
    "note_undoings",
    "note_waivers",
    "record_charges",
    "record_undoings",
    "record_waivers",
    "undo",
]
