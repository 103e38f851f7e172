"""What an image is, told by its content alone: names and headers are written by strangers."""

import io
import struct
import warnings
from dataclasses import dataclass

from PIL import Image

from .errors import ImageRefused

# What a browser shows and cannot run; a file name of ours ends so.
ENDINGS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}
# What Pillow raises over broken files; it has no class of its own for them.
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that was looked at: its bytes as they came, and what they are."""

    content: bytes
    ending: str
    content_type: str
    width: int
    height: int


def look_at(content: bytes, *, pixels: int) -> Picture:
    """
    Tell what an image is, by decoding it.

    Raises:
        ImageRefused: it is no JPEG, PNG, GIF, WEBP or AVIF, has more pixels than wanted, or is broken or cut off.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return decode(content, pixels)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise too_many(pixels) from None
    except BROKEN:
        raise ImageRefused("It is no JPEG, PNG, GIF, WEBP or AVIF, or a broken one.") from None


def decode(content: bytes, pixels: int) -> Picture:
    with Image.open(io.BytesIO(content), formats=tuple(ENDINGS)) as image:
        width, height = image.size
        # The head says so; nothing of the rest was unpacked yet.
        if width * height > pixels:
            raise too_many(pixels)
        name = str(image.format)
        # A JPEG is read whole at an eighth of its size, too.
        image.draft(None, (1, 1))
        image.load()
    return Picture(content, ENDINGS[name], Image.MIME[name], width, height)


def too_many(pixels: int) -> ImageRefused:
    return ImageRefused(f"The image has more than {pixels:,} pixels.")
