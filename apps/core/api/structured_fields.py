"""
Strings of structured header fields.

Source: RFC 9651 (obsoletes RFC 8941), sections 3.3.3 and 4.2.5.
"""

import re

# A quote or a backslash stands behind a backslash; everything else is a printable ASCII character that is neither.
STRING = re.compile(r'"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
PARAMETERS = re.compile(r'(?:; *[a-z*][a-z0-9_\-.*]*(?:=(?:"(?:[^"\\]|\\.)*"|[^";,\s]+))?)*')
BARE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+")


class NotAString(ValueError):
    """The message says what is wrong with the header."""


def text_of(header: str) -> str:
    """
    Return the string in a header: quoted, as the RFC has it, or bare, as most clients send it.

    Bare means printable ASCII without space, quote, backslash, comma and semicolon. Parameters after a quoted string
    are ignored. Raises NotAString.
    """
    value = header.strip(" ")
    if BARE.fullmatch(value):
        return value
    match = STRING.match(value)
    if not match:
        raise NotAString('give a quoted string, such as "8e03978e-40d5-43e8-bc93-6894a57f9324"')
    if not PARAMETERS.fullmatch(value, match.end()):
        raise NotAString("something follows the closing quote")
    return re.sub(r"\\(.)", r"\1", match[1])
