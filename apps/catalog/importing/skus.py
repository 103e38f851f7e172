"""Stock-keeping units for variants that come without one, or with one that another variant has."""

import hashlib
from collections.abc import Sequence

from django.utils.text import slugify

LONGEST = 100
DIGITS = 8


def derived_sku(handle: str, options: Sequence[str | None]) -> str:
    """
    Return the SKU of a variant that has none: the same for the same handle and options, for ever.

    Handle and options can be read in it; the digits at its end keep apart what reads alike.
    """
    identity = "\0".join([handle, *(option or "" for option in options)])
    digest = hashlib.sha256(identity.encode()).hexdigest()[:DIGITS]
    words = slugify(" ".join([handle, *(option for option in options if option)]))[: LONGEST - DIGITS - 1]
    return f"{words}-{digest}" if words else digest
