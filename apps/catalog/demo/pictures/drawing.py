"""The pen: shapes as SVG text, and the look that a motif is drawn with. The paper is 800 by 800."""

from dataclasses import dataclass

from .colours import PAINTS, darker, lighter

SIZE = 800
FLOOR = 650
"""Where things stand."""


def path(d: str, fill: str = "none", **attributes: object) -> str:
    """Return a path; a `stroke_width` becomes the attribute `stroke-width`."""
    return f'<path d="{d}" fill="{fill}"{told(attributes)}/>'


def line(d: str, stroke: str, width: float, **attributes: object) -> str:
    """Return a path that is a line with round ends."""
    ends = told({"stroke_linecap": "round", "stroke_linejoin": "round"} | attributes)
    return f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{width:g}"{ends}/>'


def ellipse(cx: float, cy: float, rx: float, ry: float, fill: str, **attributes: object) -> str:
    return f'<ellipse cx="{cx:g}" cy="{cy:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"{told(attributes)}/>'


def rect(x: float, y: float, width: float, height: float, fill: str, radius: float = 0, **attributes: object) -> str:
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {place} rx="{radius:g}" fill="{fill}"{told(attributes)}/>'


def group(*parts: str, **attributes: object) -> str:
    return f"<g{told(attributes)}>{''.join(parts)}</g>"


def turned(degrees: float, *parts: str, around: tuple[float, float] = (400, 400)) -> str:
    return group(*parts, transform=f"rotate({degrees:g} {around[0]:g} {around[1]:g})")


def moved(x: float, y: float, *parts: str, scale: float = 1) -> str:
    """Return parts drawn around 0, 0 at another place."""
    return group(*parts, transform=f"translate({x:g} {y:g}) scale({scale:g})")


def rounded(x: float, y: float, width: float, height: float, radius: float) -> str:
    """Return the outline of a rectangle with round corners."""
    r = radius
    return (
        f"M{x + r:g} {y:g}h{width - 2 * r:g}a{r:g} {r:g} 0 0 1 {r:g} {r:g}v{height - 2 * r:g}"
        f"a{r:g} {r:g} 0 0 1 {-r:g} {r:g}h{2 * r - width:g}a{r:g} {r:g} 0 0 1 {-r:g} {-r:g}"
        f"v{2 * r - height:g}a{r:g} {r:g} 0 0 1 {r:g} {-r:g}z"
    )


def shadow(cx: float, width: float, cy: float = FLOOR) -> str:
    """Return what a thing that stands on the table throws upon it."""
    return ellipse(cx + 14, cy, width / 2, width / 16 + 6, "#1c2733", opacity=0.22)


def told(attributes: dict[str, object]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())


@dataclass(frozen=True)
class Look:
    """How one motif is painted: its colour, an accent, and whether a pattern lies over it."""

    main: str
    accent: str
    is_patterned: bool = False

    @property
    def deep(self) -> str:
        return darker(self.main, 0.32)

    @property
    def pale(self) -> str:
        return lighter(self.main, 0.45)

    def solid(self, outline: str, fill: str | None = None, *, patterned: bool = False, light: str = "volume") -> str:
        """Return a filled outline under a light: `volume` rounds it, `cloth` lets it hang, `flat` tilts it a little."""
        layers = [path(outline, fill or self.main)]
        if patterned and self.is_patterned:
            layers.append(path(outline, "url(#decor)"))
        layers.append(path(outline, f"url(#{light})"))
        return "".join(layers)


def paint(name: str) -> str:
    return PAINTS[name]
