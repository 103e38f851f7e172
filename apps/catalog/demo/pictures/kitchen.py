"""Motifs of the kitchen: what stands on the table."""

from .drawing import Look, ellipse, line, moved, paint, path, rect, rounded, shadow, turned
from .motif import Motif
from .table import TABLE


def mug(look: Look) -> str:
    handle = line("M520 400c110 -20 130 150 0 160", look.deep, 40) + line(
        "M520 400c110 -20 130 150 0 160", look.main, 26
    )
    cup = "M270 330h260c8 110 6 190 -18 270q-14 50 -60 50h-104q-46 0 -60 -50c-24 -80 -26 -160 -18 -270z"
    return (
        shadow(400, 330)
        + handle
        + look.solid(cup, patterned=True)
        + ellipse(400, 330, 130, 26, look.pale)
        + ellipse(400, 334, 112, 19, "#4a2f24")
        + steam(400, 290)
    )


def steam(x: float, y: float) -> str:
    curl = "c-26 -34 26 -56 0 -92c-22 -32 14 -52 4 -74"
    wisps = (f"M{x - 44} {y}{curl}", f"M{x + 4} {y - 6}{curl}", f"M{x + 52} {y}{curl}")
    return "".join(line(wisp, "#ffffff", 11, opacity=0.55) for wisp in wisps)


def cups(look: Look) -> str:
    small = Look(look.accent, look.main)
    return (
        shadow(270, 280, 676)
        + shadow(540, 280, 646)
        + moved(535, 374, beaker(small), scale=1.4)
        + moved(265, 404, beaker(look), scale=1.4)
    )


def beaker(look: Look) -> str:
    cup = "M-98 0h196l-26 186q-6 22 -30 22h-84q-24 0 -30 -22z"
    dipped = "M-89 66q90 -34 178 4l-17 116q-6 22 -30 22h-84q-24 0 -30 -22z"
    return (
        look.solid(cup, paint("foam"))
        + look.solid(dipped, patterned=True)
        + ellipse(0, 0, 98, 20, paint("paper"))
        + ellipse(0, 3, 84, 14, "#3c261d")
    )


def camp_cup(look: Look) -> str:
    handle = line("M535 420h70q26 0 26 30v80q0 36 -36 36h-62", look.accent, 22)
    cup = "M262 370h276l-14 240q-4 40 -44 40h-160q-40 0 -44 -40z"
    return (
        shadow(400, 330)
        + handle
        + look.solid(cup, patterned=True)
        + ellipse(400, 370, 138, 28, look.accent)
        + ellipse(400, 372, 126, 22, look.deep)
    )


def dripper(look: Look) -> str:
    glass = "M300 470h200l22 140q4 40 -36 40h-172q-40 0 -36 -40z"
    coffee = "M286 560h228l8 50q4 40 -36 40h-172q-40 0 -36 -40z"
    cone = "M252 250h296l-92 176q-6 14 -22 14h-68q-16 0 -22 -14z"
    return (
        shadow(400, 300)
        + path(glass, "#ffffff", opacity=0.5)
        + path(coffee, "#5a3524", opacity=0.92)
        + path(glass, "url(#volume)")
        + path("M268 250h264q-30 -66 -132 -66t-132 66z", paint("paper"))
        + line("M548 290c86 -10 80 96 -32 92", look.deep, 24)
        + look.solid(cone, patterned=True)
        + look.solid(rounded(272, 436, 256, 34, 17), look.deep)
        + line("M400 470v70", "#5a3524", 6, stroke_dasharray="16 15")
    )


def teapot(look: Look) -> str:
    pot = "M400 350c150 0 190 90 186 170c-4 84 -70 130 -186 130s-182 -46 -186 -130c-4 -80 36 -170 186 -170z"
    spout = "M540 500c90 10 90 -70 142 -110l30 22c-50 60 -50 180 -160 200z"
    lid = "M300 366q100 -66 200 0q-100 34 -200 0z"
    return (
        shadow(400, 420)
        + line("M230 420c-150 -40 -150 190 0 170", look.deep, 34)
        + look.solid(spout)
        + look.solid(pot, patterned=True)
        + look.solid(lid, look.deep)
        + ellipse(400, 318, 22, 20, look.deep)
        + steam(700, 350)
    )


def kettle(look: Look) -> str:
    body = "M290 430h220l70 200q4 20 -18 20h-324q-22 0 -18 -20z"
    neck = "M246 610c-90 -20 -60 -190 -150 -236"
    return (
        shadow(400, 400)
        + line(neck, look.deep, 30)
        + line(neck, look.main, 20)
        + line("M300 420c-40 -190 240 -190 200 0", paint("wood"), 34)
        + look.solid(body, patterned=True)
        + look.solid(rounded(286, 408, 228, 30, 15), look.deep)
        + ellipse(400, 396, 24, 18, paint("ink"))
        + rect(300, 470, 16, 130, "#ffffff", 8, opacity=0.3)
    )


def coffee_bag(look: Look) -> str:
    bag = "M262 260h276l18 372q0 18 -18 18h-276q-18 0 -18 -18z"
    return (
        shadow(400, 330)
        + look.solid(bag, patterned=True, light="cloth")
        + look.solid("M262 190h276v84h-276z", look.deep)
        + path("M262 190h276v26h-276z", paint("paper"), opacity=0.35)
        + line("M250 232h-20M550 232h20", look.accent, 14)
        + ellipse(400, 450, 98, 98, paint("paper"))
        + bean(400, 450, look.deep)
        + rect(330, 574, 140, 12, paint("paper"), 6)
        + rect(356, 600, 88, 10, paint("paper"), 5, opacity=0.7)
        + loose_beans()
    )


def bean(x: float, y: float, colour: str) -> str:
    return turned(
        -32,
        ellipse(x, y, 38, 58, colour) + line(f"M{x} {y - 52}q26 52 0 104", paint("paper"), 6),
        around=(x, y),
    )


def loose_beans() -> str:
    places = ((190, 690), (228, 716), (580, 702), (622, 676), (150, 724))
    return "".join(moved(x, y, bean(0, 0, "#4a2f24"), scale=0.36) for x, y in places)


def tin(look: Look) -> str:
    body = "M280 340h240v290q0 20 -20 20h-200q-20 0 -20 -20z"
    return (
        shadow(400, 280)
        + look.solid(body, patterned=True)
        + look.solid("M268 290h264v70h-264z", look.deep)
        + ellipse(400, 290, 132, 24, look.pale)
        + rect(310, 430, 180, 130, paint("paper"), 8)
        + leaf(400, 496, look.deep)
    )


def leaf(x: float, y: float, colour: str) -> str:
    blade = path(f"M{x - 60} {y + 30}q10 -74 120 -76q2 96 -120 76z", colour)
    return blade + line(f"M{x - 74} {y + 42}q70 -30 110 -70", paint("paper"), 5)


KITCHEN = {
    "camp_cup": Motif(camp_cup),
    "coffee_bag": Motif(coffee_bag),
    "cups": Motif(cups),
    "dripper": Motif(dripper),
    "kettle": Motif(kettle),
    "mug": Motif(mug),
    "teapot": Motif(teapot),
    "tin": Motif(tin),
} | TABLE
