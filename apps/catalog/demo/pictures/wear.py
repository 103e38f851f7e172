"""Motifs of what is worn, most of it on a hanger."""

from .drawing import Look, ellipse, line, moved, paint, path, rect, rounded, shadow
from .motif import Motif

BODY = (
    "M310 210q90 70 180 0l96 36q20 8 28 30l56 150l-92 42l-42 -88v282q0 18 -18 18h-236q-18 0 -18 -18v-282l-42 88l-92 -42"
    "l56 -150q8 -22 28 -30z"
)
SLEEVED = (
    "M312 206q88 66 176 0l84 34q26 10 34 36l74 334l-84 24l-58 -236v262q0 20 -20 20h-236q-20 0 -20 -20v-262"
    "l-58 236l-84 -24l74 -334q8 -26 34 -36z"
)


def hanger() -> str:
    hook = line("M400 190v-26q0 -22 20 -30q22 -12 8 -34q-14 -16 -34 0", paint("ink"), 8)
    return hook + line("M290 232L400 186L510 232", paint("wood"), 16)


def tee(look: Look) -> str:
    neck = line("M312 212q88 70 176 0", look.deep, 13)
    return hanger() + look.solid(BODY, patterned=True, light="cloth") + neck + folds(look)


def folds(look: Look) -> str:
    return line("M300 420q8 90 -4 200M500 430q-10 90 6 190", look.deep, 6, opacity=0.25)


def sweater(look: Look) -> str:
    cuffs = look.solid("M120 580l84 24l-8 38q-44 2 -86 -22z", look.deep) + look.solid(
        "M680 580l-84 24l8 38q44 2 86 -22z", look.deep
    )
    hem = look.solid(rounded(262, 650, 276, 40, 14), look.deep)
    collar = "M304 204q96 -40 192 0q-14 66 -96 70q-82 -4 -96 -70z"
    return (
        hanger()
        + look.solid(SLEEVED, patterned=True, light="cloth")
        + cuffs
        + hem
        + look.solid(collar, look.deep)
        + path("M330 212q70 -26 140 0q-14 34 -70 36q-56 -2 -70 -36z", look.accent, opacity=0.55)
        + cable()
    )


def cable() -> str:
    twist = "M-14 0q28 26 28 52t-28 52q28 26 28 52t-28 52q28 26 28 52t-28 52"
    other = "M14 0q-28 26 -28 52t28 52q-28 26 -28 52t28 52q-28 26 -28 52t28 52"
    braid = line(twist, "#ffffff", 9, opacity=0.3) + line(other, "#1c2733", 9, opacity=0.14)
    return "".join(moved(x, 306, braid) for x in (350, 450))


def raincoat(look: Look) -> str:
    hood = "M290 230q0 -110 110 -110t110 110q-30 60 -110 64q-80 -4 -110 -64z"
    poppers = "".join(ellipse(418, y, 10, 10, look.accent) for y in range(340, 640, 70))
    pockets = line("M296 540h76M444 540h60", look.deep, 12)
    drops = "".join(path(f"M{x} {y}q-14 22 0 30q14 -8 0 -30z", "#ffffff", opacity=0.75) for x, y in DROPS)
    return (
        hanger()
        + look.solid(SLEEVED, light="cloth")
        + look.solid(hood, patterned=True)
        + path("M324 236q0 -76 76 -76t76 76q-24 34 -76 36q-52 -2 -76 -36z", look.deep)
        + line("M400 274v414", look.deep, 6)
        + poppers
        + pockets
        + drops
    )


DROPS = ((90, 200), (140, 330), (690, 190), (720, 330), (640, 250), (60, 470), (740, 500), (160, 180))


def beanie(look: Look) -> str:
    dome = "M210 500c0 -190 80 -290 190 -290s190 100 190 290z"
    brim = rounded(184, 480, 432, 130, 46)
    ribs = "".join(line(f"M{x} 496v98", look.deep, 7, opacity=0.45) for x in range(220, 600, 26))
    return (
        shadow(400, 420, 628)
        + ellipse(400, 200, 56, 54, look.accent)
        + look.solid(dome, patterned=True)
        + look.solid(brim)
        + ribs
        + rect(520, 520, 56, 46, paint("paper"), 4)
        + line("M534 552q14 -26 28 0", look.deep, 5)
    )


def scarf(look: Look) -> str:
    back = "M300 150h90l-30 480h-100z"
    front = "M400 150q110 0 110 70q0 40 -30 90l64 350h-104l-76 -400q-50 -60 36 -110z"
    loop = "M284 150q120 -56 232 0q30 60 -30 96q-90 40 -180 0q-52 -36 -22 -96z"
    fringe = "".join(line(f"M{x} 632v44", look.deep, 7) for x in range(268, 364, 15))
    other = "".join(line(f"M{x} 660v44", look.deep, 7) for x in range(450, 546, 15))
    return (
        fringe
        + other
        + look.solid(back, patterned=True, light="cloth")
        + look.solid(front, patterned=True, light="cloth")
        + look.solid(loop, patterned=True)
        + line("M320 170q80 -24 164 4M316 200q80 40 176 6", look.deep, 6, opacity=0.35)
    )


def tote(look: Look) -> str:
    bag = "M220 330h360l24 300q2 20 -18 20h-372q-20 0 -18 -20z"
    return (
        shadow(400, 420)
        + line("M310 340c0 -230 180 -230 180 0", look.deep, 22)
        + look.solid(bag, patterned=True, light="cloth")
        + line("M226 366h348", look.deep, 5, stroke_dasharray="14 10")
        + boat(400, 540, look.accent)
    )


def boat(x: float, y: float, colour: str) -> str:
    sail = path(f"M{x - 8} {y - 130}v100h-76z", colour) + path(f"M{x + 10} {y - 150}q70 60 66 120h-66z", colour)
    hull = path(f"M{x - 100} {y - 14}h200q-20 50 -60 50h-80q-40 0 -60 -50z", colour)
    return sail + hull + line(f"M{x - 110} {y + 60}q28 -20 55 0t55 0t55 0t55 0", colour, 7)


def backpack(look: Look) -> str:
    bag = "M250 300h300v306q0 44 -44 44h-212q-44 0 -44 -44z"
    roll = look.solid(rounded(240, 236, 320, 72, 30), look.deep)
    return (
        shadow(400, 350)
        + line("M262 360q-70 100 -6 240M538 360q70 100 6 240", look.deep, 24)
        + line("M370 240q30 -70 60 0", look.deep, 14)
        + look.solid(bag, patterned=True)
        + roll
        + look.solid(rounded(288, 440, 224, 160, 26), look.deep, light="flat")
        + line("M300 486h200", look.accent, 9)
        + rect(322, 300, 22, 140, look.accent, 6)
        + rect(456, 300, 22, 140, look.accent, 6)
        + rect(316, 356, 34, 28, paint("ink"), 6)
        + rect(450, 356, 34, 28, paint("ink"), 6)
    )


def socks(look: Look) -> str:
    return shadow(380, 420) + moved(120, -20, sock(look, look.deep)) + moved(0, 20, sock(look, look.main))


def sock(look: Look, colour: str) -> str:
    leg = "M300 180h120v270q0 40 -30 66l-100 92q-40 36 -84 8q-50 -34 -10 -84l80 -90q24 -28 24 -60z"
    toe = "M200 540q40 10 76 80q-36 22 -70 -4q-46 -34 -6 -76z"
    heel = "M420 404v46q0 40 -30 66l-12 10q-36 -30 -24 -84q10 -40 66 -38z"
    cuff = look.solid(rounded(290, 164, 140, 66, 18), look.accent)
    ribs = "".join(line(f"M{x} 176v42", "#1c2733", 5, opacity=0.2) for x in range(306, 428, 18))
    return (
        look.solid(leg, colour, patterned=True)
        + path(toe, look.accent)
        + path(heel, look.accent, opacity=0.9)
        + path(leg, "url(#volume)")
        + cuff
        + ribs
    )


WEAR = {
    "backpack": Motif(backpack),
    "beanie": Motif(beanie),
    "raincoat": Motif(raincoat, hangs=True),
    "scarf": Motif(scarf, hangs=True),
    "socks": Motif(socks),
    "sweater": Motif(sweater, hangs=True),
    "tee": Motif(tee, hangs=True),
    "tote": Motif(tote),
}
