"""Motifs of paper: what is written in, hung up, sent and given."""

from .drawing import Look, ellipse, group, line, moved, paint, path, rect, rounded, shadow, turned
from .motif import Motif
from .wear import boat


def notebook(look: Look) -> str:
    cover = look.solid(rounded(250, 170, 310, 440, 18), patterned=True, light="flat")
    book = (
        rect(266, 186, 310, 440, paint("paper"), 14)
        + rect(262, 180, 310, 440, "#e9e0cc", 14)
        + cover
        + look.solid("M268 170h34v440h-34q-18 0 -18 -18v-404q0 -18 18 -18z", look.deep)
        + rect(506, 170, 16, 440, look.accent)
        + rect(346, 270, 126, 92, paint("paper"), 8)
        + line("M366 304h86M366 330h56", look.deep, 6)
    )
    return shadow(420, 380, 640) + turned(-7, book, around=(400, 400))


def pencils(look: Look) -> str:
    colours = (look.main, look.accent, look.main, paint("honey"), look.accent)
    fan = ((-22, -8), (-11, 6), (0, -4), (11, 8), (22, -6))
    drawn = (
        turned(angle, moved(400, 170 + drop, pencil(c)), around=(400, 760))
        for (angle, drop), c in zip(fan, colours, strict=True)
    )
    band = look.solid("M300 520q100 -34 200 0v70q-100 -34 -200 0z", paint("paper"))
    return shadow(400, 320) + "".join(drawn) + band + line("M360 546q40 -10 80 0", look.deep, 6)


def pencil(colour: str) -> str:
    return (
        path("M0 -70l26 74h-52z", "#e8cfa3")
        + path("M0 -70l9 26h-18z", paint("ink"))
        + rect(-26, 2, 52, 470, colour)
        + rect(-26, 2, 17, 470, "#ffffff", opacity=0.22)
        + rect(9, 2, 17, 470, "#1c2733", opacity=0.2)
    )


def lighthouse(look: Look) -> str:
    sky = rect(260, 170, 280, 380, look.pale)
    tower = path("M376 300h48l22 214h-92z", paint("paper"))
    bands = path("M372 340h56l5 44h-66zM362 430h76l5 44h-86z", paint("rust"))
    lamp = rect(378, 262, 44, 40, "#ffe9a8") + path("M370 264l30 -34l30 34z", paint("rust"))
    beam = path("M420 272l120 -50v96zM380 272l-120 -40v76z", "#fff6d8", opacity=0.75)
    sea = path("M260 500q35 -22 70 0t70 0t70 0t70 0v50h-280z", look.main)
    rock = path("M320 520q30 -30 80 -26t90 26z", look.deep)
    return framed(sky + ellipse(480, 390, 34, 34, look.accent) + beam + tower + bands + lamp + rock + sea)


def chart(look: Look) -> str:
    lands = path("M260 170h150q-10 70 -60 90q-10 60 -90 70zM540 550h-120q-20 -70 40 -100q0 -70 80 -80z", look.accent)
    depths = line(
        "M260 360q90 -10 120 -80q60 -30 70 -110M400 550q-24 -100 50 -130q20 -70 90 -90", look.deep, 4, opacity=0.5
    )
    lines = line("M260 250h280M260 340h280M260 430h280M330 170v380M420 170v380M500 170v380", look.deep, 2, opacity=0.35)
    course = line("M300 500q60 -70 100 -110t90 -160", paint("rust"), 6, stroke_dasharray="4 15")
    rose = moved(306, 476, path("M0 -52l12 40l40 12l-40 12l-12 40l-12 -40l-40 -12l40 -12z", look.deep))
    return framed(rect(260, 170, 280, 380, look.pale) + lands + depths + lines + course + rose)


def framed(content: str) -> str:
    frame = rect(214, 124, 372, 472, paint("wood"), 6) + rect(226, 136, 348, 448, paint("paper"))
    return group(rect(226, 140, 372, 472, "#1c2733", 6, opacity=0.16) + frame + content)


def cards(look: Look) -> str:
    faces = (
        rect(0, 0, 190, 260, look.main) + ellipse(95, 110, 54, 54, look.accent) + waves_on(190, 190, look.deep),
        rect(0, 0, 190, 260, paint("slate")) + rain(),
        rect(0, 0, 190, 260, paint("fog")) + fog_bands(),
        rect(0, 0, 190, 260, paint("ink"))
        + ellipse(120, 84, 30, 30, paint("foam"))
        + waves_on(190, 190, paint("slate")),
    )
    places = ((190, 190, -12), (420, 170, 9), (210, 390, 6), (430, 380, -7))
    drawn = (
        turned(angle, moved(x, y, card(face)), around=(x + 95, y + 130))
        for face, (x, y, angle) in zip(faces, places, strict=True)
    )
    return shadow(400, 420, 676) + "".join(drawn)


def card(face: str) -> str:
    return rect(-8, -4, 214, 284, "#1c2733", 6, opacity=0.2) + rect(-12, -12, 214, 284, paint("paper"), 6) + face


def waves_on(width: int, top: int, colour: str) -> str:
    return path(f"M0 {top}q24 -22 47 0t48 0t47 0t48 0v{260 - top}h-{width}z", colour)


def rain() -> str:
    slants = "".join(
        line(f"M{x} {y}l-12 30", "#ffffff", 6, opacity=0.8) for x in range(30, 190, 44) for y in range(100, 230, 56)
    )
    return path("M34 90q0 -34 36 -34q16 -30 48 -18q36 -2 38 32q20 20 -8 34h-96q-20 -2 -18 -14z", paint("foam")) + slants


def fog_bands() -> str:
    return "".join(
        line(f"M{20 + shift} {y}h120", "#ffffff", 16, opacity=0.75)
        for y, shift in ((70, 0), (112, 24), (154, 6), (196, 30))
    )


def gift_card(look: Look) -> str:
    face = (
        look.solid(rounded(170, 260, 460, 290, 26), patterned=True, light="flat")
        + rect(170, 376, 460, 40, look.accent)
        + rect(280, 260, 40, 290, look.accent)
        + path(
            "M300 396c-90 -110 -130 -10 -100 10c24 16 70 6 100 -10z"
            "M300 396c90 -110 130 -10 100 10c-24 16 -70 6 -100 -10z",
            look.deep,
        )
        + path("M300 396l-70 96l44 -8l16 34zM300 396l70 96l-44 -8l-16 34z", look.deep)
        + ellipse(300, 396, 24, 22, look.accent)
    )
    behind = turned(9, rect(180, 264, 460, 290, look.deep, 26), around=(400, 400))
    cards = behind + turned(-5, face + moved(510, 506, boat(0, 0, paint("paper")), scale=0.55), around=(400, 400))
    return shadow(400, 440, 640) + moved(0, 62, cards)


def guide(look: Look) -> str:
    tablet = rect(214, 150, 372, 480, paint("ink"), 30) + rect(236, 176, 328, 428, look.pale, 8)
    page = (
        rect(236, 176, 328, 150, look.main)
        + needle(look)
        + "".join(
            rect(264, y, width, 14, look.deep, 7, opacity=0.55) for y, width in ((356, 240), (388, 270), (420, 200))
        )
        + rect(264, 460, 130, 112, look.accent, 10)
        + line("M282 548l40 -46l28 26l30 -36", paint("paper"), 8)
        + "".join(rect(414, y, 120, 12, look.deep, 6, opacity=0.45) for y in (470, 500, 530))
    )
    return shadow(400, 400, 640) + turned(-4, tablet + page, around=(400, 400))


def needle(look: Look) -> str:
    thread = line("M280 290c40 -110 80 40 120 -40s70 -60 110 -40", look.accent, 7)
    return line("M450 290l90 -80", paint("paper"), 9) + thread + ellipse(532, 217, 5, 5, look.main)


def pattern_sheet(look: Look) -> str:
    squares = "".join(
        rect(
            276 + column * 31,
            210 + row * 31,
            29,
            29,
            look.main if (row * 3 + column * 5 + row * column) % 4 else look.accent,
        )
        for row in range(8)
        for column in range(8)
    )
    sheet = rect(246, 156, 316, 470, "#1c2733", 6, opacity=0.16) + rect(240, 146, 316, 470, paint("paper"), 6)
    words = "".join(
        rect(276, y, width, 12, look.deep, 6, opacity=0.5) for y, width in ((490, 230), (518, 200), (546, 160))
    )
    yarn = ellipse(590, 596, 78, 78, look.main) + line(
        "M520 580q70 -50 140 0M516 606q70 -50 150 4M540 640q40 -60 110 -20M560 530q-20 60 10 130M600 522q40 60 10 144",
        look.deep,
        6,
    )
    return shadow(440, 420, 660) + turned(-5, sheet + squares + words, around=(400, 400)) + yarn


PAPER = {
    "cards": Motif(cards),
    "chart": Motif(chart),
    "gift_card": Motif(gift_card),
    "guide": Motif(guide),
    "lighthouse": Motif(lighthouse),
    "notebook": Motif(notebook),
    "pattern_sheet": Motif(pattern_sheet),
    "pencils": Motif(pencils),
}
