"""What payments does: charge orders, undo charges, give back what returns are worth, give up what cannot be paid."""

from .attempts import AskedCharge, Attempt
from .auditing import check_gateway, list_charges
from .calling import charge
from .charging import AnotherChargeHasThisKey, note_charges, record_charges
from .giving_back import (
    AnotherRefundHasThisReceipt,
    NotedRefund,
    NothingToRefund,
    RefundGivenUp,
    give_back,
    note_refunds,
    record_refunds,
)
from .giving_up import GivenUp, look_for_refunds, note_refund_waivers, record_refund_waivers
from .holding import RefundAlreadyAsked, RefundAlreadyReleased, hold_refunds, release_refunds
from .refunding import AskedUndoing, Undoing, Undone, note_undoings, record_undoings, undo
from .waiving import AskedWaiver, Waived, Waiving, close, note_waivers, record_waivers

__all__ = [
    "AnotherChargeHasThisKey",
    "AnotherRefundHasThisReceipt",
    "AskedCharge",
    "AskedUndoing",
    "AskedWaiver",
    "Attempt",
    "GivenUp",
    "NotedRefund",
    "NothingToRefund",
    "RefundAlreadyAsked",
    "RefundAlreadyReleased",
    "RefundGivenUp",
    "Undoing",
    "Undone",
    "Waived",
    "Waiving",
    "charge",
    "check_gateway",
    "close",
    "give_back",
    "hold_refunds",
    "list_charges",
    "look_for_refunds",
    "note_charges",
    "note_refund_waivers",
    "note_refunds",
    "note_undoings",
    "note_waivers",
    "record_charges",
    "record_refund_waivers",
    "record_refunds",
    "record_undoings",
    "record_waivers",
    "release_refunds",
    "undo",
]
