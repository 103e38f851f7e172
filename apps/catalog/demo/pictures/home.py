"""Motifs of the home: light, cloth, and what grows."""

from .drawing import Look, ellipse, group, line, moved, paint, path, rect, rounded, shadow
from .motif import Motif


def lantern(look: Look) -> str:
    glow = ellipse(400, 430, 240, 240, "#ffe9a8", opacity=0.38) + ellipse(400, 430, 150, 160, "#ffe9a8", opacity=0.5)
    glass = "M300 320h200q40 110 0 230h-200q-40 -120 0 -230z"
    bars = line("M300 320q-40 110 0 230M500 320q40 110 0 230M400 320v230", look.deep, 9)
    return (
        shadow(400, 320)
        + glow
        + line("M310 280c-10 -190 190 -190 180 0", look.deep, 14)
        + path(glass, "#fff3cf", opacity=0.8)
        + flame(400, 520)
        + bars
        + look.solid("M290 330l40 -66h140l40 66z")
        + look.solid(rounded(352, 226, 96, 42, 10), look.deep)
        + look.solid("M282 548h236l22 84q4 18 -18 18h-244q-22 0 -18 -18z", patterned=True)
    )


def flame(x: float, y: float) -> str:
    outer = f"M{x} {y - 130}c50 60 54 84 46 104c-10 26 -82 26 -92 0c-8 -20 -4 -44 46 -104z"
    inner = f"M{x} {y - 70}c22 28 24 38 20 50c-6 12 -34 12 -40 0c-4 -12 -2 -22 20 -50z"
    return path(outer, "#f3a63b") + path(inner, "#fff1c4")


def table_lamp(look: Look) -> str:
    shade = "M300 180h200l86 220h-372z"
    stem = "M400 400c70 60 70 120 40 160q-16 30 -16 60h-48q0 -30 -16 -60c-30 -40 -30 -100 40 -160z"
    return (
        shadow(400, 280)
        + path("M214 400h372l120 250h-612z", "#fff1c4", opacity=0.3)
        + look.solid(stem, look.accent)
        + look.solid(rounded(310, 618, 180, 32, 16), look.accent)
        + look.solid(shade, patterned=True)
        + path("M300 180h200l8 20h-216z", look.deep, opacity=0.5)
        + ellipse(400, 400, 186, 14, "#fff1c4")
    )


def candle(look: Look) -> str:
    jar = "M286 400h228v214q0 36 -36 36h-156q-36 0 -36 -36z"
    return (
        shadow(400, 270)
        + ellipse(400, 320, 130, 130, "#ffe9a8", opacity=0.45)
        + line("M400 420v-44", paint("ink"), 7)
        + flame(400, 390)
        + look.solid(jar, patterned=True)
        + ellipse(400, 400, 114, 22, look.pale)
        + ellipse(400, 402, 98, 16, "#f7ead0")
        + rect(328, 470, 144, 110, paint("paper"), 6)
        + line("M356 520q22 -22 44 0t44 0M356 548q22 -22 44 0t44 0", look.deep, 6)
        + line("M400 402v-26", paint("ink"), 6)
    )


def tapers(look: Look) -> str:
    places = ((300, 230), (400, 170), (500, 270))
    return "".join(shadow(x, 120) for x, _ in places) + "".join(taper(look, x, top) for x, top in places)


def taper(look: Look, x: int, top: int) -> str:
    stick = f"M{x - 16} {top}h32l6 {580 - top}h-44z"
    holder = look.solid(f"M{x - 26} 570h52v46h34v34h-120v-34h34z", look.accent)
    wick = line(f"M{x} {top}v-18", paint("ink"), 5)
    return moved(0, 0, look.solid(stick), wick, flame_small(x, top - 10), holder)


def flame_small(x: int, y: int) -> str:
    return moved(x, y, flame(0, 0), scale=0.5)


def blanket(look: Look) -> str:
    layers = []
    for index, width in enumerate((400, 384, 396)):
        top = 500 - index * 96
        outline = rounded(400 - width / 2, top, width, 104, 48)
        layers.append(look.solid(outline, patterned=True))
        layers.append(line(f"M{400 + width / 2 - 60} {top + 52}h40", look.deep, 6, opacity=0.5))
    fringe = "".join(line(f"M{212 + i * 16} 604l-6 40", look.pale, 6) for i in range(24))
    band = path("M352 306h72v298h-72z", paint("paper"), opacity=0.92) + leaf_mark(388, 450, look.deep)
    return shadow(400, 440) + fringe + "".join(layers) + band


def leaf_mark(x: float, y: float, colour: str) -> str:
    return (
        line(f"M{x} {y + 34}v-60", colour, 5)
        + path(f"M{x} {y}q-30 -8 -28 -38q30 4 28 38z", colour)
        + path(f"M{x} {y + 8}q30 -8 28 -38q-30 4 -28 38z", colour)
    )


def rug(look: Look) -> str:
    roll = rounded(170, 470, 460, 180, 90)
    end = ellipse(260, 560, 88, 88, look.pale) + "".join(
        ellipse(260, 560, r, r, "none", stroke=look.deep, stroke_width=8) for r in (70, 46, 22)
    )
    straps = look.solid("M380 466h34v188h-34z", paint("wood")) + look.solid("M520 466h34v188h-34z", paint("wood"))
    handle = line("M397 470q70 -110 140 0", paint("wood"), 20)
    return shadow(400, 480) + handle + look.solid(roll, patterned=True) + end + straps


def cushion(look: Look) -> str:
    outline = (
        "M200 280q-14 -34 22 -30q178 34 356 0q36 -4 22 30q-30 150 0 300q14 34 -22 34q-178 -30 -356 0q-36 0 -22 -34"
        "q30 -150 0 -300z"
    )
    seam = line("M226 290q26 140 0 290M574 290q-26 140 0 290", look.deep, 5, opacity=0.4)
    return (
        shadow(400, 440, 624)
        + look.solid(outline, patterned=True)
        + seam
        + line("M330 330q20 10 34 34M470 330q-20 10 -34 34M340 540q20 -6 30 -26", look.deep, 6, opacity=0.35)
    )


def planter(look: Look) -> str:
    pot = "M280 440h240l-28 190q-4 20 -24 20h-136q-20 0 -24 -20z"
    ridges = "".join(line(f"M{x} 480l{(400 - x) * 0.1:g} 164", look.deep, 6, opacity=0.35) for x in range(300, 510, 22))
    return shadow(400, 290) + foliage(400, 430) + look.solid(pot) + ridges + look.solid(rounded(266, 416, 268, 46, 14))


LEAF = "M0 0c-56 -50 -60 -140 0 -220c60 80 56 170 0 220z"
ANGLES = (-74, 72, -48, 50, -24, 26, 0)


def foliage(x: float, y: float) -> str:
    greens = ("#3f6b4f", "#4f8060", "#5f9470")
    blades = (
        group(
            path(LEAF, greens[index % 3]) + line("M0 -8v-180", "#cfe3cd", 4, opacity=0.5),
            transform=f"translate({x} {y}) rotate({angle}) scale({1.1 - index * 0.02:g})",
        )
        for index, angle in enumerate(ANGLES)
    )
    return "".join(blades)


def hanging_pot(look: Look) -> str:
    pot = "M262 430h276q-6 150 -104 170h-68q-98 -20 -104 -170z"
    trailing = (
        "M300 440c-70 60 -80 150 -60 230M340 444c-30 90 -60 120 -40 240"
        "M480 444c40 90 30 150 50 200M510 440c80 40 90 120 80 190"
    )
    dots = "".join(
        ellipse(x, y, 15, 22, "#5f9470", transform=f"rotate({turn} {x} {y})")
        for x, y, turn in (
            (248, 520, 30), (226, 580, -20), (246, 650, 24), (306, 560, -30), (286, 620, 30), (300, 678, -12),
            (520, 560, 24), (508, 610, -30), (534, 646, 20), (572, 510, -24), (602, 570, 26), (588, 630, -16),
        )
    )  # fmt: skip
    return (
        line("M400 116L270 430M400 116L530 430M400 116V430", look.accent, 7)
        + foliage_low(400, 430)
        + look.solid(pot, patterned=True)
        + line(trailing, "#3f6b4f", 7)
        + dots
    )


def foliage_low(x: float, y: float) -> str:
    return moved(x, y, foliage(0, 0), scale=0.62)


def vase(look: Look) -> str:
    bottle = "M366 300h68v70q0 30 40 60q50 40 50 110q0 110 -60 110h-128q-60 0 -60 -110q0 -70 50 -110q40 -30 40 -60z"
    stem = line("M400 320C398 240 380 190 350 110M400 320C410 250 440 210 480 170", "#4f8060", 8)
    return (
        shadow(400, 280)
        + stem
        + moved(350, 110, blossom(paint("coral")), scale=1)
        + moved(486, 164, blossom(paint("honey")), scale=0.7)
        + group(path(LEAF, "#5f9470"), transform="translate(396 270) rotate(56) scale(.5)")
        + look.solid(bottle, patterned=True)
        + ellipse(400, 300, 34, 9, look.deep)
    )


def blossom(colour: str) -> str:
    petals = "".join(ellipse(0, -36, 22, 36, colour, transform=f"rotate({turn})") for turn in range(0, 360, 45))
    return petals + ellipse(0, 0, 22, 22, "#6b4328")


HOME = {
    "blanket": Motif(blanket),
    "candle": Motif(candle),
    "cushion": Motif(cushion),
    "hanging_pot": Motif(hanging_pot, hangs=True),
    "lantern": Motif(lantern),
    "planter": Motif(planter),
    "rug": Motif(rug),
    "table_lamp": Motif(table_lamp),
    "tapers": Motif(tapers),
    "vase": Motif(vase),
}
