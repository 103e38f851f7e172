"""What may lie over a thing: tiles that repeat, in one paint."""

from collections.abc import Callable

from .drawing import ellipse, group, line, path, rect

Tile = tuple[int, int, str]


def pattern(name: str, colour: str) -> str:
    """Return the definition of the pattern `decor`; PATTERNS has the names."""
    width, height, content = PATTERNS[name](colour)
    return f'<pattern id="decor" width="{width}" height="{height}" patternUnits="userSpaceOnUse">{content}</pattern>'


def stripes(colour: str) -> Tile:
    return 60, 44, rect(0, 0, 60, 16, colour, opacity=0.85)


def bands(colour: str) -> Tile:
    return 60, 150, rect(0, 30, 60, 34, colour, opacity=0.85) + rect(0, 76, 60, 10, colour, opacity=0.85)


def pinstripes(colour: str) -> Tile:
    return 26, 60, rect(0, 0, 5, 60, colour, opacity=0.8)


def waves(colour: str) -> Tile:
    return 80, 40, line("M-20 20q20 -24 40 0t40 0t40 0", colour, 7, opacity=0.8)


def dots(colour: str) -> Tile:
    spots = ((14, 14), (42, 42))
    return 56, 56, group(*(ellipse(x, y, 7, 7, colour) for x, y in spots), opacity=0.85)


def speckle(colour: str) -> Tile:
    spots = ((12, 18, 3), (47, 9, 2), (71, 36, 4), (30, 52, 2.5), (88, 70, 3), (58, 78, 2), (14, 84, 3.5), (84, 14, 2))
    return 96, 96, group(*(ellipse(x, y, r, r, colour) for x, y, r in spots), opacity=0.7)


def checks(colour: str) -> Tile:
    across = rect(0, 0, 72, 30, colour, opacity=0.45)
    return 72, 72, across + rect(0, 0, 30, 72, colour, opacity=0.45)


def herringbone(colour: str) -> Tile:
    return 48, 28, line("M0 22l24 -16l24 16", colour, 5, opacity=0.75)


def ribs(colour: str) -> Tile:
    return 18, 60, rect(0, 0, 6, 60, colour, opacity=0.35)


def leaves(colour: str) -> Tile:
    leaf = "M0 0q22 -26 44 0q-22 26 -44 0"
    return (
        90,
        90,
        group(
            path(leaf, colour, transform="translate(8 26) rotate(-30)"),
            path(leaf, colour, transform="translate(48 74) rotate(24)"),
            opacity=0.8,
        ),
    )


PATTERNS: dict[str, Callable[[str], Tile]] = {
    "bands": bands,
    "checks": checks,
    "dots": dots,
    "herringbone": herringbone,
    "leaves": leaves,
    "pinstripes": pinstripes,
    "ribs": ribs,
    "speckle": speckle,
    "stripes": stripes,
    "waves": waves,
}
