"""The images of a product: one an address, in the order their positions give."""

from collections.abc import Sequence

from .cells import Cells
from .values import Unfit, address, at_most, quantity

LONGEST_ADDRESS = 2000
LONGEST_ALT = 2000
AFTER_ALL = 2**31


def read_images(rows: Sequence[Cells]) -> list[dict[str, str]]:
    """Return the images that the rows name, in the catalogue's shape; those without a position follow, in row order."""
    found: dict[str, tuple[int, dict[str, str]]] = {}
    for row in rows:
        url = row.take("image_src", address(LONGEST_ADDRESS), None)
        if url is not None and url not in found:
            alt = row.take("image_alt", at_most(LONGEST_ALT), None)
            found[url] = (position(row), {"url": url} | ({"alt": alt} if alt else {}))
    return [image for _, image in sorted(found.values(), key=lambda entry: entry[0])]


def position(row: Cells) -> int:
    try:
        return quantity(row.text("image_position"))
    except Unfit:
        return AFTER_ALL
