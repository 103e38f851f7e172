"""A motif before its backdrop, as one SVG document."""

from hashlib import sha256

from .colours import PAINTS, WALLS, darker, distance, lighter, mix
from .drawing import SIZE, Look, ellipse, group, path, rect
from .home import HOME
from .kitchen import KITCHEN
from .motif import Motif
from .paper import PAPER
from .patterns import pattern
from .wear import WEAR

MOTIFS: dict[str, Motif] = KITCHEN | HOME | WEAR | PAPER

LIGHTS = (
    '<linearGradient id="volume"><stop offset="0" stop-color="#fff" stop-opacity=".26"/>'
    '<stop offset=".42" stop-color="#fff" stop-opacity="0"/>'
    '<stop offset="1" stop-color="#1c2733" stop-opacity=".26"/></linearGradient>'
    '<linearGradient id="cloth" x2="0.25" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".2"/>'
    '<stop offset=".5" stop-color="#fff" stop-opacity="0"/>'
    '<stop offset="1" stop-color="#1c2733" stop-opacity=".2"/></linearGradient>'
    '<linearGradient id="flat" x2="1" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".14"/>'
    '<stop offset="1" stop-color="#1c2733" stop-opacity=".1"/></linearGradient>'
)


def draw(motif: str, *, colour: str, accent: str, decor: str | None, title: str) -> str:
    """
    Draw one picture; the same arguments give the same text.

    Args:
        motif: one of MOTIFS; `colour` and `accent` are of PAINTS, `decor` of PATTERNS or None.
        title: what the picture shows, for those who hear it.
    """
    drawn = MOTIFS[motif]
    look = Look(PAINTS[colour], PAINTS[accent], is_patterned=decor is not None)
    digest = sha256(f"{title}/{colour}".encode()).digest()
    wall = wall_for(look.main, digest[0])
    defs = LIGHTS + (pattern(decor, look.accent) if decor else "")
    room = backdrop(wall, digest[1], hangs=drawn.hangs)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img">'
        f"<title>{escaped(title)}</title><defs>{defs}</defs>{room}{drawn.draw(look)}</svg>\n"
    )


def wall_for(main: str, number: int) -> str:
    """Return one of the walls that the thing stands out from most."""
    tints = sorted((lighter(PAINTS[name], 0.4) for name in WALLS), key=lambda tint: -distance(tint, main))
    return tints[number % 5]


def backdrop(wall: str, number: int, *, hangs: bool) -> str:
    """Return the room: a wall with something on it, and, for what does not hang, a table."""
    glow = lighter(wall, 0.38)
    shapes = (
        ellipse(400, 350, 262, 262, glow),
        path("M150 800V370a250 250 0 0 1 500 0v430z", glow),
        path("M0 800V420Q200 250 420 400T800 330V800z", glow),
        ellipse(560, 250, 170, 170, glow) + path("M0 800V520Q240 400 480 500T800 480V800z", mix(wall, glow, 0.5)),
        group(rect(130, 90, 540, 440, glow), rect(394, 90, 12, 440, wall), rect(130, 300, 540, 12, wall)),
        path("M400 70L680 560H120z", glow) + path("M400 70L400 560H120z", lighter(wall, 0.22)),
    )
    shape = shapes[number % (len(shapes) if not hangs else 4)]
    room = rect(0, 0, SIZE, SIZE, wall) + shape
    return room + (rail(wall) if hangs else table(wall))


def table(wall: str) -> str:
    top = mix(darker(wall, 0.12), PAINTS["wood"], 0.45)
    return rect(0, 590, SIZE, 210, top) + rect(0, 590, SIZE, 8, lighter(top, 0.35))


def rail(wall: str) -> str:
    wood = mix(darker(wall, 0.1), PAINTS["wood"], 0.7)
    return rect(0, 96, SIZE, 34, wood) + rect(0, 96, SIZE, 7, lighter(wood, 0.35)) + ellipse(400, 116, 13, 13, wood)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
