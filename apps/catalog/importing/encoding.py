"""
How the bytes of a file are to be read: by a rule, never by a guess that turns letters into others.

UTF-16 shows itself by its byte order mark or its zero bytes. What decodes strictly as UTF-8 is UTF-8. What does not is
UTF-8 with damaged bytes where sound sequences outnumber the stray bytes, and else windows-1252, unless it looks like
neither: then the file is refused.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from .errors import UnreadableFile

CHUNK_BYTES = 1 << 20
SOUND_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
HIGH_BYTE = re.compile(rb"[\x80-\xff]")
# In Western text an accented letter stands among plain ones. Three and more in a row are another alphabet; signs alone,
# such as a line of dashes, are not.
HIGH_RUN = re.compile(rb"[\x80-\xff]{3,}")
FIRST_LETTER = 0xC0
NOT_IN_WINDOWS_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
HOW_TO_MEND = "Save it as UTF-8, or name its encoding with --encoding."


@dataclass(frozen=True, slots=True)
class Encoding:
    """`codec` and `errors` as open() takes them; `note` is for the report, where the rule had to choose."""

    codec: str
    errors: str = "strict"
    note: str | None = None


@dataclass(slots=True)
class HighBytes:
    """What the bytes above 127 of a file look like."""

    sound: int = 0
    stray: int = 0
    foreign: int = 0
    undefined: int = 0

    def add(self, line: bytes) -> None:
        rest, sound = SOUND_SEQUENCE.subn(b" ", line)
        self.sound += sound
        self.stray += len(HIGH_BYTE.findall(rest))
        self.foreign += sum(len(run) for run in HIGH_RUN.findall(rest) if max(run) >= FIRST_LETTER)
        self.undefined += len(NOT_IN_WINDOWS_1252.findall(rest))


def detect(path: Path, *, named: str | None = None) -> Encoding:
    """
    Tell how a file is encoded.

    Args:
        named: the codec the caller says it is in; it is checked, and nothing else is tried.

    Raises:
        UnreadableFile: when the rule finds no encoding, or the named one does not fit.
    """
    if path.exists() and not path.is_file():
        raise UnreadableFile(f"{path} is no plain file; a product file is read more than once.")
    if named is not None:
        return checked(path, named)
    codec = codec_by_first_bytes(path)
    if codec.startswith("utf-16"):
        return checked(path, codec)
    if decodes(path, codec):
        return Encoding(codec)
    return by_high_bytes(path, codec)


def checked(path: Path, codec: str) -> Encoding:
    try:
        codecs.lookup(codec)
    except LookupError:
        raise UnreadableFile(f"There is no encoding named {codec}.") from None
    if not decodes(path, codec):
        raise UnreadableFile(f"{path.name} is not {codec} throughout. {HOW_TO_MEND}")
    return Encoding(codec)


def codec_by_first_bytes(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start[1:2] == b"\0":
        return "utf-16-le"
    if start[:1] == b"\0":
        return "utf-16-be"
    return "utf-8-sig"


def decodes(path: Path, codec: str) -> bool:
    """Say whether every byte of the file is sound in a codec."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def by_high_bytes(path: Path, codec: str) -> Encoding:
    bytes_seen = HighBytes()
    with path.open("rb") as file:
        while line := file.readline(CHUNK_BYTES):
            bytes_seen.add(line)
    if bytes_seen.sound > bytes_seen.stray:
        note = f"UTF-8 with damaged bytes ({bytes_seen.stray}): the rows that hold them are refused."
        return Encoding(codec, errors="surrogateescape", note=note)
    if bytes_seen.undefined or bytes_seen.foreign * 2 > bytes_seen.stray:
        raise UnreadableFile(f"{path.name} is neither UTF-8 nor UTF-16 nor windows-1252. {HOW_TO_MEND}")
    return Encoding("cp1252", note="Not UTF-8: read as windows-1252.")
