"""
What goods that come back are worth: their share of what was paid. Pure: no database.

What was paid but for the shipping, that is prices and tax less discounts, is parted among the lines by their price, and
a line's share among its pieces, both by the largest remainder. So the returns of an order add up to what was paid, to
the last cent, in however many parts the goods come back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from apps.core.money import minor_units, rounded, split, total

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What the buyer paid for an order, in `currency` (ISO 4217): in all, and how much of it is shipping."""

    total: Decimal
    shipping: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtLine:
    """
    A line of an order and what became of it in other returns: pieces that came back, and what was granted for them.

    `price` is what all its pieces cost, after the line's own discount.
    """

    line_id: UUID
    quantity: int
    price: Decimal
    returned: int
    granted: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What goes back for one return: for each line that comes back, for all of them, and for the shipping."""

    lines: dict[UUID, Decimal]
    goods: Decimal
    shipping: Decimal

    @property
    def total(self) -> Decimal:
        return self.goods + self.shipping


def worth_of(
    *,
    paid: Paid,
    lines: Sequence[BoughtLine],
    arrived: dict[UUID, int],
    shipping_granted: Decimal,
    refunds_shipping: bool,
) -> Worth:
    """
    Return what goes back for the pieces that arrived.

    Args:
        lines: all lines of the order, in its own order, which decides who gets the odd cent.
        arrived: pieces by line; what is not named did not come.
        shipping_granted: what other returns of the order gave back for shipping.
        refunds_shipping: give the shipping back although not all came.

    Returns:
        Amounts of zero or more. The shipping goes back with the last of the goods, or where it is asked for, once.
    """
    currency = paid.currency
    shipping_paid = min(paid.shipping, paid.total)
    shares = split(paid.total - shipping_paid, [line.price for line in lines], currency)
    granted = {
        line.line_id: _worth_of_line(line, share, arrived[line.line_id], currency)
        for line, share in zip(lines, shares, strict=True)
        if arrived.get(line.line_id)
    }
    all_came = all(line.returned + arrived.get(line.line_id, 0) == line.quantity for line in lines)
    shipping = max(shipping_paid - shipping_granted, NOTHING) if all_came or refunds_shipping else NOTHING
    return Worth(lines=granted, goods=total(granted.values(), currency), shipping=rounded(shipping, currency))


def _worth_of_line(line: BoughtLine, share: Decimal, arrived: int, currency: str) -> Decimal:
    """Return what all pieces that came back are worth, less what other returns were granted for theirs."""
    back = _worth_of_pieces(share, line.returned + arrived, line.quantity, currency)
    return rounded(max(back - line.granted, NOTHING), currency)


def _worth_of_pieces(share: Decimal, pieces: int, quantity: int, currency: str) -> Decimal:
    """Return what the first so many pieces of a line are worth: each the same, the first ones a minor unit more."""
    digits = minor_units(currency)
    each, odd = divmod(int(share.scaleb(digits)), quantity)
    return Decimal(each * pieces + min(pieces, odd)).scaleb(-digits)
