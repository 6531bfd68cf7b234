"""Lettering: a shop front, a poster, a road sign, or the front page of a paper.

Lines of text are read from the top left, borders close the rim, arrows and icons have their side.
"""

from __future__ import annotations

import random

from PIL import Image

from verienv.render import fonts
from verienv.render.scenes import canvas, icons, words
from verienv.render.scenes.canvas import RGB, Point, ink, mix, shade

PAPER = ink(229, 222, 200)
DARK = ink(40, 40, 48)
_POSTERS = (
    # ground, band, title, accent
    (ink(34, 62, 92), ink(214, 84, 60), ink(229, 216, 180), ink(229, 172, 76)),
    (ink(229, 206, 150), ink(52, 92, 92), ink(150, 52, 48), ink(206, 110, 58)),
    (ink(88, 42, 60), ink(222, 150, 88), ink(229, 220, 196), ink(206, 96, 84)),
    (ink(216, 226, 214), ink(46, 96, 74), ink(36, 60, 56), ink(208, 146, 60)),
    (ink(42, 44, 58), ink(92, 152, 160), ink(226, 222, 206), ink(222, 176, 92)),
)
_AWNINGS = (ink(176, 58, 54), ink(44, 104, 92), ink(52, 86, 140), ink(196, 130, 50), ink(112, 62, 104))
_BRICKS = (ink(156, 92, 74), ink(178, 132, 104), ink(126, 110, 106), ink(196, 178, 150))


def draw(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """An RGB sign of `size` (width, height) pixels; `scene` checks the size."""
    noise = canvas.Noise(rng)
    sheet = canvas.Sheet(size)
    rng.choice((_shop, _poster, _road, _page))(sheet, rng, size)
    across, down = rng.choice((-1, 1)) * rng.randint(10, 22), rng.randint(6, 18)
    return canvas.finish(sheet, noise, *canvas.veil(size, 24, (across,) * 3, -down))


def _shop(sheet: canvas.Sheet, rng: random.Random, size: tuple[int, int]) -> None:
    width, height = size
    brick, paint = rng.choice(_BRICKS), rng.choice(_AWNINGS)
    sheet.words[:] = canvas.word(brick)
    pen = sheet.pen
    board, valance, pavement = height * 0.24, height * 0.46, height * 0.9
    _bricks(pen, rng, brick, width, height)
    left, right = width * 0.05, width * 0.95
    pen.box((left, height * 0.07, right, board), fill=paint)
    rim = max(1, height // 110)
    pen.box(
        (left + rim * 2, height * 0.07 + rim * 2, right - rim * 2, board - rim * 2),
        outline=PAPER, width=rim,
    )
    name, owner = rng.choice(words.SHOPS), words.town(rng)
    icon = height * 0.05
    middle = (height * 0.07 + board) / 2
    for x in (left + icon * 1.9, right - icon * 1.9):
        icons.draw(pen, icons.ICONS[rng.randrange(len(icons.ICONS))], x, middle, icon, PAPER, paint)
    room = right - left - icon * 7.5
    _line(pen, (width / 2, middle - height * 0.022), name, "bold", room, height * 0.088, PAPER)
    _line(pen, (width / 2, middle + height * 0.046), (*owner, " & Daughters"), "serif", room * 0.6,
          height * 0.034, mix(PAPER, paint, 0.2))
    glass = mix(ink(58, 84, 98), paint, 0.15)
    door = rng.random() < 0.5
    pane = (width * 0.34, right) if door else (left, width * 0.66)
    gate = (left, width * 0.31) if door else (width * 0.69, right)
    pen.box((left, board, right, pavement), fill=shade(paint, 0.62))
    _window(pen, rng, glass, paint, pane, (board + height * 0.03, pavement - height * 0.07), size)
    _entrance(pen, rng, glass, paint, gate, (board + height * 0.03, pavement), size)
    _awning(pen, paint, left, right, board, valance, width)
    _pavement(pen, rng, width, height, pavement)


def _bricks(
    pen: canvas.Pen, rng: random.Random, brick: RGB, width: int, height: int
) -> None:
    mortar = mix(brick, PAPER, 0.3)
    tall = height / 26
    for row in range(27):
        pen.line((0, row * tall, width, row * tall), fill=mortar)
        for x in (0.0, width * 0.95):
            shift = width * 0.02 * (row % 2)
            pen.box((x + shift, row * tall + 1, x + shift + width * 0.03, row * tall + tall - 1),
                          fill=shade(brick, rng.uniform(0.86, 1.1)))
    for place in range(1, 24):
        x = width * place / 24
        pen.line((x, 0, x, tall), fill=mortar)


def _window(
    pen: canvas.Pen,
    rng: random.Random,
    glass: RGB,
    paint: RGB,
    x: tuple[float, float],
    y: tuple[float, float],
    size: tuple[int, int],
) -> None:
    (left, right), (top, bottom) = (x[0] + size[0] * 0.02, x[1] - size[0] * 0.02), y
    wide, tall = right - left, bottom - top
    pen.box((left, top, right, bottom), fill=glass)
    for share in (0.05, 0.5):
        a = left + wide * share
        pen.area([(a + wide * 0.22, top), (a + wide * 0.34, top), (a + wide * 0.12, bottom),
                     (a, bottom)], fill=mix(glass, PAPER, 0.13))
    for shelf in (0.72, 1.0):
        floor = top + tall * shelf
        at = left + wide * 0.04
        while at < right - wide * 0.1:
            goods = wide * rng.uniform(0.05, 0.1)
            rise = tall * rng.uniform(0.08, 0.2)
            colour = mix(rng.choice(_AWNINGS), PAPER, rng.uniform(0.1, 0.5))
            if rng.random() < 0.5:
                pen.box((at, floor - rise, at + goods, floor), fill=colour)
                pen.box((at, floor - rise * 0.6, at + goods, floor - rise * 0.35), fill=PAPER)
            else:
                pen.disc((at, floor - goods, at + goods, floor), fill=colour)
            at += goods + wide * rng.uniform(0.015, 0.05)
        pen.box((left, floor - tall * 0.012, right, floor + tall * 0.012),
                      fill=shade(paint, 0.8))
    _line(pen, ((left + right) / 2, top + tall * 0.46), rng.choice(words.LINES), "serif", wide * 0.8,
          tall * 0.11, PAPER)
    pen.box((left, top, right, bottom), outline=shade(paint, 0.85), width=max(2, size[1] // 70))


def _entrance(
    pen: canvas.Pen,
    rng: random.Random,
    glass: RGB,
    paint: RGB,
    x: tuple[float, float],
    y: tuple[float, float],
    size: tuple[int, int],
) -> None:
    left, right = x[0] + size[0] * 0.04, x[1] - size[0] * 0.04
    (top, bottom), wide = y, right - left
    pen.box((left, top, right, bottom), fill=shade(paint, 0.88))
    low = top + (bottom - top) * 0.68
    pen.box((left + wide * 0.14, top + wide * 0.14, right - wide * 0.14, low), fill=glass)
    pen.box((left + wide * 0.14, low + wide * 0.14, right - wide * 0.14, bottom - wide * 0.14),
                  fill=shade(paint, 0.74))
    plate = low - wide * 0.42
    pen.box((left + wide * 0.24, plate, right - wide * 0.24, plate + wide * 0.24), fill=PAPER)
    _line(pen, ((left + right) / 2, plate + wide * 0.12), rng.choice(("OPEN", "CLOSED")), "bold",
          wide * 0.42, wide * 0.16, shade(paint, 0.8))
    pen.disc((right - wide * 0.12, low, right - wide * 0.05, low + wide * 0.07),
                fill=ink(222, 190, 110))


def _awning(
    pen: canvas.Pen,
    paint: RGB,
    left: float,
    right: float,
    top: float,
    low: float,
    width: int,
) -> None:
    stripes, flare = 13, width * 0.035
    drop = (low - top) * 0.62
    for stripe in range(stripes):
        a, b = stripe / stripes, (stripe + 1) / stripes
        up_a, up_b = left + (right - left) * a, left + (right - left) * b
        span = right - left + 2 * flare
        lo_a, lo_b = left - flare + span * a, left - flare + span * b
        colour = paint if stripe % 2 == 0 else PAPER
        pen.area([(up_a, top), (up_b, top), (lo_b, top + drop), (lo_a, top + drop)], fill=colour)
        radius = (lo_b - lo_a) / 2
        pen.pieslice((lo_a, top + drop - radius, lo_b, top + drop + radius), 0, 180,
                     fill=shade(colour, 0.84))


def _pavement(
    pen: canvas.Pen, rng: random.Random, width: int, height: int, top: float
) -> None:
    stone = ink(164, 162, 160)
    pen.box((0, top, width, height), fill=stone)
    focus = width * rng.uniform(0.4, 0.6)
    for place in range(-6, 17):
        x = width * place / 10
        pen.line((focus + (x - focus) * 0.72, top, x, height), fill=shade(stone, 0.84))
    for share in (0.0, 0.3, 0.72):
        y = top + (height - top) * share
        pen.line((0, y, width, y), fill=shade(stone, 0.8), width=max(1, height // 240))


def _poster(sheet: canvas.Sheet, rng: random.Random, size: tuple[int, int]) -> None:
    width, height = size
    ground, band, title, accent = rng.choice(_POSTERS)
    sheet.words[:] = canvas.word(ground)
    pen = sheet.pen
    rim = max(2, min(size) // 28)
    sun_x, sun_y = width * rng.uniform(0.25, 0.75), height * 0.46
    _rays(pen, sun_x, sun_y, width + height, mix(ground, accent, 0.16))
    radius = min(size) * rng.uniform(0.15, 0.2)
    pen.disc((sun_x - radius, sun_y - radius, sun_x + radius, sun_y + radius), fill=accent)
    kind = rng.choice(icons.ICONS)
    icons.draw(pen, kind, sun_x, sun_y, radius * 0.62, ground, accent)
    crest = canvas.ridge(rng, 8, 0.5)
    hills = [(width * at / 8, height * (0.64 + 0.03 * rise)) for at, rise in enumerate(crest)]
    pen.area([(0, height), *hills, (width, height)], fill=band)
    first, _, second = rng.choice(words.EVENTS).partition(" ")
    wide = width - 5 * rim
    _line(pen, (width / 2, height * 0.13), first, "bold", wide * 0.62, height * 0.12, title)
    _line(pen, (width / 2, height * 0.255), second, "bold", wide, height * 0.15, title)
    pale = mix(PAPER, band, 0.08) if sum(band) < 420 else DARK
    notes = rng.sample(words.LINES, 2)
    day = f"{rng.randint(1, 28)} ", rng.choice(("MARCH", "MAY", "JUNE", "AUGUST", "OCTOBER"))
    _line(pen, (width / 2, height * 0.735), day, "bold", wide * 0.7, height * 0.085, pale)
    _line(pen, (width / 2, height * 0.82), (*words.town(rng), ", ", notes[0]), "serif", wide * 0.84,
          height * 0.055, pale)
    _line(pen, (width / 2, height * 0.885), notes[1], "serif", wide * 0.7, height * 0.048, pale)
    for inset, thick in ((rim * 0.6, max(1, rim // 3)), (rim * 1.3, 1)):
        pen.box((inset, inset, width - 1 - inset, height - 1 - inset), outline=title, width=thick)
    for index, (x, y) in enumerate(
        ((rim * 2.6, rim * 2.6), (width - rim * 2.6, rim * 2.6),
         (rim * 2.6, height - rim * 2.6), (width - rim * 2.6, height - rim * 2.6))
    ):
        icons.draw(pen, icons.ICONS[(index + rng.randrange(3)) % len(icons.ICONS)], x, y, rim * 0.9,
                   title if index < 2 else pale, ground if index < 2 else band)


def _rays(pen: canvas.Pen, x: float, y: float, reach: float, colour: RGB) -> None:
    """Sixteen rays around (x, y); their slopes come from a table, not from the sine."""
    around = ((1.0, 0.1), (0.86, 0.5), (0.6, 0.8), (0.22, 0.97))
    for dx, dy in around:
        for _ in range(4):
            dx, dy = -dy, dx
            side = 0.11
            pen.area([(x, y), (x + (dx - dy * side) * reach, y + (dy + dx * side) * reach),
                         (x + (dx + dy * side) * reach, y + (dy - dx * side) * reach)], fill=colour)


def _road(sheet: canvas.Sheet, rng: random.Random, size: tuple[int, int]) -> None:
    width, height = size
    sky = (ink(122, 172, 206), ink(210, 222, 222))
    sheet.column(((0, sky[0]), (255, sky[1])))
    pen = sheet.pen
    crest = canvas.ridge(rng, 16, 0.55)
    for level, colour in ((0.74, ink(128, 158, 150)), (0.84, ink(90, 128, 92))):
        hills = [(width * at / 16, height * (level + 0.06 * h)) for at, h in enumerate(crest)]
        pen.area([(0, height), *hills, (width, height)], fill=colour)
        crest = crest[::-1]
    ground = rng.choice((ink(34, 96, 72), ink(38, 76, 132), ink(110, 70, 46)))
    white = ink(229, 229, 222)
    for x in (0.24, 0.72):
        pen.box((width * x, height * 0.6, width * (x + 0.035), height), fill=ink(116, 122, 126))
        pen.box((width * x, height * 0.6, width * (x + 0.012), height), fill=ink(160, 164, 166))
    left, top, right, bottom = width * 0.06, height * 0.07, width * 0.94, height * 0.78
    radius = min(size) * 0.05
    pen.slab((left, top, right, bottom), radius, fill=white)
    edge = max(1.0, min(size) * 0.012)
    pen.slab((left + edge, top + edge, right - edge, bottom - edge), radius, fill=ground)
    rows = rng.sample(words.PLACES, 3)
    names = ((rows[0],), words.town(rng), (rows[1],), words.town(rng))
    turns = sorted(rng.choice(("left", "up", "right")) for _ in names)
    tall = (bottom - top) / 4
    for index, (name, turn) in enumerate(zip(names, turns, strict=True)):
        y = top + tall * (index + 0.5)
        if index:
            line = y - tall / 2
            pen.box((left + edge * 3, line - edge / 3, right - edge * 3, line + edge / 3), fill=white)
        size_arrow = tall * 0.3
        x = right - tall * 0.55 if turn == "right" else left + tall * 0.55
        icons.arrow(pen, turn, x, y, size_arrow, white)
        start = left + (tall * 1.1 if turn != "right" else tall * 0.3)
        largest = tall * 0.5
        _line(pen, (start, y), name, "bold", (right - left) * 0.58, largest, white, "lm")
        far = right - (tall * 1.05 if turn == "right" else tall * 0.3)
        _line(pen, (far, y), str(rng.randint(1, 98)), "sans", tall, tall * 0.42, white, "rm")


def _page(sheet: canvas.Sheet, rng: random.Random, size: tuple[int, int]) -> None:
    width, height = size
    sheet.words[:] = canvas.word(PAPER)
    pen = sheet.pen
    rim = width * 0.04
    wide = width - 2 * rim
    before, after = rng.choice((("The ", " Post"), ("", " Courier"), ("", " Evening News"), ("The ", " Times")))
    _line(pen, (width / 2, height * 0.085), (before, *words.town(rng), after), "serif", wide, height * 0.11, DARK)
    rule = max(1, height // 220)
    for y in (0.152, 0.205):
        pen.box((rim, height * y, width - rim, height * y + rule), fill=DARK)
    small = height * 0.032
    issue = "No. ", *str(rng.randint(100, 9999))
    _line(pen, (rim, height * 0.181), issue, "serif", wide / 3, small, DARK, "lm")
    _line(pen, (width / 2, height * 0.181), rng.choice(words.LINES), "serif", wide / 3, small, DARK)
    _line(pen, (width - rim, height * 0.181), "one penny", "serif", wide / 3, small, DARK, "rm")
    headline = " ".join(words.sentence(rng, 4))[:-1]
    _line(pen, (rim, height * 0.265), headline, "bold", wide * 0.98, height * 0.085, DARK, "lm")
    columns = rng.randint(2, 3)
    span = wide / columns
    plate = rng.randrange(columns - 1)
    letters = max(5, int(height * 0.037))
    step = letters * 1.42
    top, end = height * 0.34, height * 0.975
    break_y = top + height * 0.32
    for column in range(columns):
        x, y = rim + span * column, top
        if column:
            pen.line((x - span * 0.035, top, x - span * 0.035, end), fill=mix(DARK, PAPER, 0.6))
        if plate <= column <= plate + 1:
            y = break_y + step * 0.5
        _story(pen, rng, (x, y + letters), span * 0.92, int((end - y) / step), step, letters)
    left, right = rim + span * plate, rim + span * (plate + 2) - span * 0.07
    _plate(pen, rng, (left, top, right, break_y))


def _story(
    pen: canvas.Pen, rng: random.Random, xy: Point, width: float, rows: int, step: float, letters: int
) -> None:
    """`rows` lines of prose from the baseline of the first, broken between words."""
    grey, face = mix(DARK, PAPER, 0.34), ("serif", letters)
    space = fonts.stamp(" ", *face).advance
    waiting: list[str] = []
    for row in range(rows):
        line: list[str] = []
        room = width
        while True:
            if not waiting:
                waiting = words.sentence(rng, 7)[::-1]
            advance = fonts.stamp(waiting[-1], *face).advance
            if advance > room and line:
                break
            line += (waiting.pop(), " ")
            room -= advance + space
        pen.write((xy[0], xy[1] + row * step), tuple(line), grey, face)


def _plate(
    pen: canvas.Pen, rng: random.Random, box: tuple[float, float, float, float]
) -> None:
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    grey = mix(ink(176, 172, 162), rng.choice(_AWNINGS), 0.25)
    pen.box(box, fill=grey)
    for level, tone in ((0.5, 0.8), (0.68, 0.6)):
        crest = canvas.ridge(rng, 8, 0.5)
        points = [(left + wide * at / 8, top + tall * (level + 0.12 * h)) for at, h in enumerate(crest)]
        pen.area([(left, bottom), *points, (right, bottom)], fill=shade(grey, tone))
    icons.draw(pen, rng.choice(icons.ICONS), left + wide * rng.uniform(0.25, 0.75), top + tall * 0.6,
               tall * 0.24, DARK, grey)
    pen.box(box, outline=DARK, width=1)


def _line(
    pen: canvas.Pen,
    xy: tuple[float, float],
    line: str | tuple[str, ...],
    name: str,
    width: float,
    tall: float,
    fill: RGB,
    anchor: str = "mm",
) -> None:
    """One line as large as fits `width` and `tall` (pixels)."""
    size = fonts.fit(line, width, name=name, largest=max(4, int(tall)))
    pen.write(xy, line, fill, (name, size), anchor)
