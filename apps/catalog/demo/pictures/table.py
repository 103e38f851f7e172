"""Motifs of the kitchen: tableware, and what hangs beside the stove."""

from .drawing import Look, ellipse, line, moved, paint, path, rect, rounded, shadow, turned
from .motif import Motif


def bowl(look: Look) -> str:
    outline = "M190 440h420c0 130 -80 190 -130 204q-10 6 -24 6h-112q-14 0 -24 -6c-50 -14 -130 -74 -130 -204z"
    return (
        shadow(400, 360)
        + look.solid(outline, patterned=True)
        + ellipse(400, 440, 210, 46, look.pale)
        + ellipse(400, 446, 186, 35, look.deep)
        + ellipse(392, 440, 150, 22, look.main)
    )


def plate(look: Look) -> str:
    rim = ellipse(400, 400, 226, 226, look.main) + ellipse(400, 400, 226, 226, "url(#volume)")
    decor = ellipse(400, 400, 226, 226, "url(#decor)") if look.is_patterned else ""
    return (
        shadow(400, 300, 640)
        + rim
        + decor
        + ellipse(400, 400, 156, 156, look.deep, opacity=0.25)
        + ellipse(400, 400, 148, 148, look.pale)
        + path("M264 430q50 -34 92 0t92 0t88 0q-20 118 -136 118t-136 -118z", look.accent, opacity=0.75)
        + path("M270 470q46 -30 88 0t88 0t82 0q-34 78 -128 78t-130 -78z", look.accent)
    )


def cellar(look: Look) -> str:
    pot = "M266 490h268v110q0 50 -50 50h-168q-50 0 -50 -50z"
    salt = "M290 490q40 -60 110 -62t110 62z"
    lid = look.solid(rounded(560, 596, 176, 44, 20), paint("wood")) + ellipse(648, 588, 22, 18, paint("wood"))
    return (
        shadow(400, 300)
        + shadow(640, 180, 646)
        + lid
        + path(salt, "#ffffff")
        + look.solid(pot, patterned=True)
        + ellipse(400, 490, 134, 22, look.pale, opacity=0.45)
        + turned(
            24, rect(440, 296, 26, 190, paint("wood"), 13), ellipse(453, 470, 30, 40, paint("wood")), around=(453, 400)
        )
    )


def board(look: Look) -> str:
    outline = (
        "M360 130h80q22 0 22 24v96q0 26 34 40q66 26 66 90v220q0 50 -50 50h-224q-50 0 -50 -50v-220"
        "q0 -64 66 -90q34 -14 34 -40v-96q0 -24 22 -24z"
    )
    grain = "".join(
        line(f"M{x} {top}q{bend} 160 0 {650 - top - 22}", look.deep, 5, opacity=0.35) for x, top, bend in GRAIN
    )
    return (
        shadow(400, 360)
        + look.solid(outline, light="flat")
        + grain
        + ellipse(400, 186, 17, 17, look.deep)
        + ellipse(430, 470, 24, 38, "none", stroke=look.deep, stroke_width=5, opacity=0.35)
    )


GRAIN = ((280, 340, 14), (330, 290, -10), (384, 250, 16), (474, 320, -18), (520, 360, 8))


def spoons(look: Look) -> str:
    tall = spoon(look.main) + spoon_holes(look.deep)
    jar = "M300 460h200l-14 170q-2 20 -24 20h-124q-22 0 -24 -20z"
    return (
        shadow(400, 240)
        + turned(-14, moved(352, 210, spoon(look.deep)), around=(400, 620))
        + turned(13, moved(452, 190, spoon(paint("honey"))), around=(400, 620))
        + moved(402, 160, tall)
        + look.solid(jar, look.accent, patterned=True)
        + ellipse(400, 460, 100, 10, paint("ink"), opacity=0.25)
    )


def spoon(colour: str) -> str:
    outline = "M0 -60c50 0 62 60 52 110c-8 38 -32 48 -36 70v220h-32v-220c-4 -22 -28 -32 -36 -70c-10 -50 2 -110 52 -110z"
    return path(outline, colour) + path(outline, "url(#volume)")


def spoon_holes(colour: str) -> str:
    return "".join(rect(x, -20, 8, 90, colour, 4) for x in (-24, -4, 16))


def towel(look: Look) -> str:
    cloth = "M262 170q138 -34 276 0l22 470q-160 34 -320 0z"
    fold = "M400 156q70 2 138 14l22 470q-60 14 -120 17z"
    fringe = "".join(line(f"M{x} {646 + (6 if 300 < x < 500 else 0)}v26", look.deep, 5) for x in range(250, 560, 17))
    return (
        line("M400 116q-40 40 -60 54M400 116q40 40 60 54", look.deep, 8)
        + fringe
        + look.solid(cloth, patterned=True, light="cloth")
        + path(fold, "#1c2733", opacity=0.12)
        + line("M330 166q-10 230 -22 486", "#ffffff", 8, opacity=0.18)
    )


def apron(look: Look) -> str:
    bib = "M320 210h160q6 90 92 130l18 330q-190 40 -380 0l18 -330q86 -40 92 -130z"
    pocket = rounded(304, 460, 192, 120, 20)
    return (
        line("M330 214q-20 -90 70 -98q90 8 70 98", look.accent, 14)
        + line("M230 350q-70 20 -96 90M570 350q70 20 96 90", look.accent, 12)
        + look.solid(bib, patterned=True, light="cloth")
        + look.solid(pocket, look.deep, light="flat")
        + line("M400 462v116", look.main, 5, stroke_dasharray="12 10")
        + line("M330 228h140", look.accent, 6, stroke_dasharray="14 10")
    )


TABLE = {
    "apron": Motif(apron, hangs=True),
    "board": Motif(board),
    "bowl": Motif(bowl),
    "cellar": Motif(cellar),
    "plate": Motif(plate),
    "spoons": Motif(spoons),
    "towel": Motif(towel, hangs=True),
}
