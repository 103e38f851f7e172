"""
The test cards. A card's number decides what becomes of a charge; docs/payments.md lists them for people.

What a card does beside approving or declining, it does to the first request under a key only: a retry meets a gateway
that has recovered, and finds what the first request left behind.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What goes wrong with the first request under a key."""

    TIMEOUT_WITH_EFFECT = "timeout_with_effect"
    TIMEOUT_WITHOUT_EFFECT = "timeout_without_effect"
    LANDS_LATE = "lands_late"
    """No answer and no effect; `seconds` later the charge happens after all, unless it was cancelled."""
    SUCCEEDS_LATE = "succeeds_late"
    """Declined; `seconds` later the charge happens after all, unless it was cancelled."""
    SAVED_ERROR = "saved_error"
    """An error of the gateway's own, without effect, saved and repeated for the same request key."""
    SLOW = "slow"
    """The answer takes `seconds`."""


@dataclass(frozen=True)
class Card:
    """`decline` is the reason for which the card is declined; None where it is approved."""

    decline: str | None = None
    trouble: Trouble | None = None
    seconds: float = 0


CARDS = {
    "4242424242424242": Card(),
    "5555555555554444": Card(),
    "4000000000000002": Card("card_declined"),
    "4000000000009995": Card("insufficient_funds"),
    "4000000000000069": Card("expired_card"),
    "4000000000000127": Card("incorrect_cvc"),
    "4000000000004080": Card(trouble=Trouble.TIMEOUT_WITH_EFFECT),
    "4000000000004081": Card(trouble=Trouble.TIMEOUT_WITHOUT_EFFECT),
    "4000000000004082": Card(trouble=Trouble.LANDS_LATE, seconds=1),
    "4000000000005000": Card(trouble=Trouble.SAVED_ERROR),
    "4000000000004020": Card(trouble=Trouble.SUCCEEDS_LATE),
    "4000000000004021": Card(trouble=Trouble.SUCCEEDS_LATE, seconds=1),
}
SLOW = re.compile(r"40000000000070(\d\d)")
TOKEN = "test_"  # noqa: S105 - the prefix of tokens that anybody may make
UNKNOWN_CARD = Card("incorrect_number")
UNKNOWN_TOKEN = Card("unknown_payment_method")


def card_of(number: str) -> Card:
    """Return how a card number behaves; one that is no test card is declined."""
    slow = SLOW.fullmatch(number)
    return Card(trouble=Trouble.SLOW, seconds=int(slow[1])) if slow else CARDS.get(number, UNKNOWN_CARD)


def brand_of(number: str) -> str:
    """Return the brand by the first digit, as far as test cards need it."""
    return {"4": "visa", "5": "mastercard", "3": "amex"}.get(number[:1], "unknown")
