"""
What one cell may hold. Each function takes the text of a cell, never blank, and returns its value or raises `Unfit`
with the sentence for the report. Nothing is guessed: a number with a comma or a currency sign is refused.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from unicodedata import normalize

PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")
# What a spreadsheet makes of a barcode: 671241127544.0
FLOATED_DIGITS = re.compile(r"(\d+)\.0+")
EXCEL_GUARD = re.compile(r"^'(?=\d)")
SCIENTIFIC = re.compile(r"\d+(\.\d+)?[eE]\+?\d+")
# A tag that holds a comma stands between quotation marks, as a cell of the file does.
TAG = re.compile(r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"\s*(?=,|$)|(?P<plain>[^,]*))(?:,|$)')
WEB_ADDRESS = re.compile(r"https?://[^/\s]|/(?!/)", re.IGNORECASE)
HUNDREDTH = Decimal("0.01")
LARGEST_PRICE = Decimal("99999999.99")
HEAVIEST = Decimal("999999.99")
LARGEST_QUANTITY = 2**31 - 1
TRUE = {"true", "yes", "1", "t", "y"}
FALSE = {"false", "no", "0", "f", "n"}
A_MOMENT = "Write a moment with its offset from UTC, like 2026-03-01T09:00:00+00:00."
WEIGHT_UNITS = {"g", "kg", "lb", "oz"}


class Unfit(ValueError):
    """A cell does not hold what its column is for; the message says what it should be."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def price(text: str) -> Decimal:
    """Read an amount of money: 0 or more, at most two decimals, in the shop's currency."""
    number = plain_number(text, example="1299.00")
    if number < 0:
        raise Unfit("A price cannot be negative.")
    if number != number.quantize(HUNDREDTH):
        raise Unfit("A price has at most two decimals; rounding is the merchant's decision.")
    if number > LARGEST_PRICE:
        raise Unfit(f"A price is at most {LARGEST_PRICE}.")
    return number.quantize(HUNDREDTH)


def quantity(text: str) -> int:
    """Read pieces in stock; they may be negative, as in an export after overselling."""
    number = plain_number(text, example="12")
    if number != number.to_integral_value():
        raise Unfit("A quantity is a whole number of pieces.")
    if abs(number) > LARGEST_QUANTITY:
        raise Unfit(f"A quantity is at most {LARGEST_QUANTITY}.")
    return int(number)


def grams(text: str) -> Decimal:
    """Read a weight in grams, rounded half-even to hundredths: exports carry pounds turned into 226.796185 g."""
    number = plain_number(text, example="453.59")
    if number < 0:
        raise Unfit("A weight cannot be negative.")
    rounded = number.quantize(HUNDREDTH, ROUND_HALF_EVEN)
    if rounded > HEAVIEST:
        raise Unfit(f"A weight is at most {HEAVIEST} g.")
    return rounded


def plain_number(text: str, *, example: str) -> Decimal:
    if not PLAIN_NUMBER.fullmatch(text) or not text.isascii() or len(text) > 40:
        raise Unfit(f"Not a plain number. Write it like {example}: no currency sign, no comma, no blanks.")
    return Decimal(text)


def truth(text: str) -> bool:
    word = text.lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise Unfit("Write TRUE or FALSE.")


def continues(text: str) -> bool:
    """Read an inventory policy: does the variant sell below zero? The layout of 2025 also writes TRUE and FALSE."""
    word = text.lower()
    if word in {"continue", "deny"}:
        return word == "continue"
    try:
        return truth(text)
    except Unfit:
        raise Unfit("Write deny or continue.") from None


def status(text: str) -> str:
    """Read a product's status: active, draft, archived or unlisted."""
    word = text.lower()
    if word not in {"active", "draft", "archived", "unlisted"}:
        raise Unfit("Write active, draft, archived or unlisted.")
    return word


def tags(text: str) -> list[str]:
    """Read tags: parted by commas, each once; one with a comma of its own stands between quotation marks."""
    found = (m["plain"] if m["quoted"] is None else m["quoted"].replace('""', '"') for m in TAG.finditer(text))
    return list(dict.fromkeys(tag for text in found if (tag := text.strip())))


def written_tags(found: Iterable[str]) -> str:
    """Return tags as `tags` reads them."""
    return ", ".join(tag if is_plain_tag(tag) else '"{}"'.format(tag.replace('"', '""')) for tag in found)


def is_plain_tag(tag: str) -> bool:
    return "," not in tag and not tag.startswith('"')


def moment(text: str) -> datetime:
    """Read a moment with its offset from UTC, as in 2026-03-01T09:00:00+00:00."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Unfit(A_MOMENT) from None
    if found.tzinfo is None:
        raise Unfit(A_MOMENT)
    return found


def weight_unit(text: str) -> str:
    word = text.lower()
    if word not in WEIGHT_UNITS:
        raise Unfit("Write g, kg, lb or oz.")
    return word


def folded_handle(text: str) -> str:
    """Return the form under which handles are the same: lower case, each letter one character."""
    return normalize("NFC", text).lower()


def slug(text: str) -> str:
    """Read a product's handle, which becomes its slug."""
    if any(character in "/?#%\\" or character.isspace() for character in text):
        raise Unfit("A handle stands in the product's address: no blanks, slashes, question marks, # or %.")
    return at_most(255)(folded_handle(text))


def sku(text: str) -> str:
    """Read a SKU; the apostrophe that keeps a spreadsheet from reading digits as a number is taken off."""
    return at_most(100)(EXCEL_GUARD.sub("", text))


def barcode(text: str) -> str:
    """Read a barcode; the point and zero that a spreadsheet adds, and the apostrophe that guards against it, go."""
    if floated := FLOATED_DIGITS.fullmatch(text):
        return floated[1]
    if SCIENTIFIC.fullmatch(text):
        raise Unfit("A spreadsheet has shortened this barcode and its digits are lost. Write all of them.")
    return at_most(100)(EXCEL_GUARD.sub("", text))


def address(limit: int) -> Callable[[str], str]:
    """Return a reader of the addresses of images, of at most so many characters; a blank becomes %20."""
    short_enough = at_most(limit)

    def read(text: str) -> str:
        if not WEB_ADDRESS.match(text):
            raise Unfit("An image's address begins with https://, http:// or a single slash.")
        return short_enough(text.replace(" ", "%20"))

    return read


def at_most(limit: int) -> Callable[[str], str]:
    """Return a reader of text of at most so many characters."""

    def read(text: str) -> str:
        if len(text) > limit:
            raise Unfit(f"It has {len(text)} characters; at most {limit} fit.")
        return text

    return read
