"""What people type, made plain text: no markup in it, however often it is unescaped."""

import html
import re

import nh3

from apps.core.exceptions import InvalidInput

# Each round takes away one layer of escaping; honest text has none or one.
ROUNDS = 10
ANGLES = re.compile(r"[<>]")
# Controls, but for tabs and line ends; and marks that turn the direction of what stands around them.
UNSEEN = re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
# PostgreSQL stores neither.
UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")
BLANKS = re.compile(r"\s+")


def plain_text(text: str, *, field: str) -> str | None:
    """
    Return a text without tags, comments, scripts, controls and blanks around it; None when nothing is left. Idempotent.

    What is no markup stays as it is: `I <3 it`, `size < 40`, `Tom & Co`. Line ends stay.

    Raises:
        InvalidInput: the text has U+0000 or half of a surrogate pair; `field` names it in the error.
    """
    if UNSTORABLE.search(text):
        wrong = {field: ["U+0000 and halves of surrogate pairs are no text."]}
        raise InvalidInput("A text has characters that cannot be stored.", errors=wrong)
    text = UNSEEN.sub("", text.replace("\r\n", "\n"))
    for _ in range(ROUNDS):
        cleaned = UNSEEN.sub("", html.unescape(nh3.clean(text, tags=set(), attributes={})))
        if cleaned == text:
            return text.strip() or None
        text = cleaned
    return ANGLES.sub("", text).strip() or None


def plain_line(text: str, *, field: str) -> str | None:
    """Return a text as `plain_text` does, on one line with single blanks. Raises InvalidInput."""
    plain = plain_text(text, field=field)
    return BLANKS.sub(" ", plain) if plain else None
