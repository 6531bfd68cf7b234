"""Where things stand, drawn: a book case, a table by a window, a room, a street; and the whole picture of a scene."""

from __future__ import annotations

import functools
from random import Random
from typing import Final

from PIL import Image, ImageDraw

from verienv import rng as rngs
from verienv.families.grounding import objects
from verienv.families.grounding.brush import RGB, shade
from verienv.families.grounding.scenes import LAYOUTS, Scene

Box = tuple[float, float, float, float]

WALLS: Final[tuple[RGB, ...]] = (
    (232, 222, 200),
    (206, 220, 214),
    (224, 206, 198),
    (208, 214, 230),
    (226, 224, 206),
    (196, 212, 222),
)
WOODS: Final[tuple[RGB, ...]] = (
    (186, 140, 96),
    (150, 104, 70),
    (206, 170, 126),
    (122, 84, 62),
    (170, 132, 104),
    (196, 150, 92),
)
SKIES: Final[tuple[tuple[RGB, RGB], ...]] = (
    ((120, 182, 230), (214, 236, 246)),
    ((96, 160, 220), (250, 226, 190)),
    ((150, 196, 226), (232, 240, 236)),
    ((132, 170, 222), (246, 214, 204)),
    ((104, 190, 226), (206, 240, 236)),
    ((168, 190, 214), (226, 230, 236)),
)
RUGS: Final[tuple[RGB, ...]] = (
    (150, 80, 76),
    (84, 108, 138),
    (116, 132, 94),
    (148, 116, 148),
    (190, 150, 92),
    (94, 130, 134),
)


def picture(scene: Scene) -> Image.Image:
    """The RGB picture of a scene."""
    image = _empty(scene.layout, scene.variant, scene.width, scene.height).copy()
    for each in scene.things:
        side = (each.w, each.h)
        if scene.layout == "street" and each.kind in _AIRBORNE:
            body = objects.sprite(each.kind, each.colour, each.pattern, side, each.flip)
            image.paste(body, (each.x, each.y), body)
        else:
            body = objects.standing(each.kind, each.colour, each.pattern, side, each.flip)
            image.paste(body, (each.x - each.w // 12, each.y), body)
    return image


_AIRBORNE: Final = frozenset({"bird", "kite", "balloon"})


@functools.lru_cache(maxsize=32)
def _empty(layout: str, variant: int, width: int, height: int) -> Image.Image:
    """The place without things, drawn at twice its size and reduced."""
    rng = rngs.stream("grounding backdrop", layout, variant)
    image = Image.new("RGB", (2 * width, 2 * height), WALLS[variant])
    pen = _Pen(image)
    {"shelf": _shelf, "table": _table, "room": _room, "street": _street}[layout](pen, rng, variant)
    return image.reduce(2)


class _Pen:
    """A pen in shares of the picture's sides."""

    def __init__(self, image: Image.Image) -> None:
        self.width, self.height = image.size
        self.pen = ImageDraw.Draw(image)

    def rect(self, x1: float, y1: float, x2: float, y2: float, fill: RGB) -> None:
        self.pen.rectangle((*self.at(x1, y1), *self.at(x2, y2)), fill=fill)

    def oval(self, x1: float, y1: float, x2: float, y2: float, fill: RGB) -> None:
        self.pen.ellipse((*self.at(x1, y1), *self.at(x2, y2)), fill=fill)

    def poly(self, points: list[tuple[float, float]], fill: RGB) -> None:
        self.pen.polygon([self.at(x, y) for x, y in points], fill=fill)

    def fade(self, y1: float, y2: float, first: RGB, last: RGB, steps: int = 64) -> None:
        """A vertical gradient over the full width."""
        for step in range(steps):
            share = step / (steps - 1)
            colour = tuple([int(a + (b - a) * share + 0.5) for a, b in zip(first, last, strict=True)])
            top = y1 + (y2 - y1) * step / steps
            self.rect(0, top, 1, y2, (colour[0], colour[1], colour[2]))

    def at(self, x: float, y: float) -> tuple[int, int]:
        return int(x * self.width), int(y * self.height)


def _shelf(pen: _Pen, rng: Random, variant: int) -> None:
    wood = WOODS[variant]
    back = shade(wood, 1.34)
    pen.rect(0, 0, 1, 1, back)
    for board in range(12):
        x = board / 12
        pen.rect(x, 0, x + 1 / 12, 1, shade(back, rng.uniform(0.95, 1.0)))
        pen.rect(x, 0, x + 0.003, 1, shade(back, 0.86))
    for row in LAYOUTS["shelf"]:
        top = row.base - 0.222
        for step in range(10):  # the shadow that a board throws on the wall behind
            pen.rect(0.035, top, 0.965, top + 0.045 - step * 0.0045, shade(back, 0.93 - step * 0.018))
        pen.rect(0, row.base - 0.012, 1, row.base + 0.004, shade(wood, 1.14))
        pen.rect(0, row.base + 0.004, 1, row.base + 0.026, shade(wood, 0.9))
        pen.rect(0, row.base + 0.022, 1, row.base + 0.026, shade(wood, 0.62))
    pen.rect(0, 0, 1, 0.028, shade(wood, 0.84))
    for x in (0.0, 0.963):
        pen.rect(x, 0, x + 0.037, 1, shade(wood, 0.96))
        pen.rect(x + (0.031 if x == 0 else 0.0), 0, x + (0.037 if x == 0 else 0.006), 1, shade(wood, 0.7))


def _table(pen: _Pen, rng: Random, variant: int) -> None:
    _paper(pen, rng, variant, 0.5)
    _window(pen, 0.58, 0.04, 0.92, 0.34, SKIES[variant])
    wood = WOODS[(variant + 2) % len(WOODS)]
    pen.rect(0, 0.452, 1, 1, shade(wood, 0.66))
    planks = 9
    for plank in range(planks):
        top, low = plank / planks, (plank + 1) / planks
        far = 0.1 + 0.8 * top, 0.1 + 0.8 * low
        near = -0.14 + 1.28 * top, -0.14 + 1.28 * low
        tone = shade(wood, rng.uniform(0.96, 1.1))
        pen.poly([(far[0], 0.44), (far[1], 0.44), (near[1], 1), (near[0], 1)], tone)
        pen.poly([(far[0], 0.44), (far[0] + 0.003, 0.44), (near[0] + 0.005, 1), (near[0], 1)], shade(wood, 0.8))
    pen.poly([(0.1, 0.44), (0.9, 0.44), (0.905, 0.448), (0.095, 0.448)], shade(wood, 1.3))


def _room(pen: _Pen, rng: Random, variant: int) -> None:
    _paper(pen, rng, variant, 0.5)
    _window(pen, 0.56, 0.05, 0.88, 0.32, SKIES[variant])
    pen.rect(0, 0.435, 1, 0.462, shade(WALLS[variant], 1.5))
    pen.rect(0, 0.462, 1, 0.468, shade(WALLS[variant], 0.7))
    wood = WOODS[(variant + 4) % len(WOODS)]
    boards = 13
    for board in range(boards):
        a, b = board / boards, (board + 1) / boards
        tone = shade(wood, rng.uniform(0.94, 1.12))
        far, near = (0.08 + 0.84 * a, 0.08 + 0.84 * b), (-0.3 + 1.6 * a, -0.3 + 1.6 * b)
        if board == 0:
            far, near = (-0.4, far[1]), (-0.6, near[1])
        if board == boards - 1:
            far, near = (far[0], 1.4), (near[0], 1.6)
        pen.poly([(far[0], 0.468), (far[1], 0.468), (near[1], 1), (near[0], 1)], tone)
        pen.poly([(far[0], 0.468), (far[0] + 0.002, 0.468), (near[0] + 0.005, 1), (near[0], 1)], shade(wood, 0.76))
    rug = RUGS[variant]
    for inset, colour in ((0.0, shade(rug, 0.8)), (0.02, shade(rug, 1.36)), (0.036, rug)):
        pen.oval(0.12 + inset, 0.6 + inset, 0.88 - inset, 0.96 - inset, colour)


def _street(pen: _Pen, rng: Random, variant: int) -> None:
    pen.fade(0, 0.44, *SKIES[variant])
    for _ in range(4):
        x, y, reach = rng.uniform(0.0, 0.9), rng.uniform(0.02, 0.2), rng.uniform(0.05, 0.08)
        for shift, low in ((0.0, 0.0), (0.6, -0.25), (1.2, 0.0), (1.8, 0.1)):
            pen.oval(
                x + shift * reach, y + low * reach, x + (shift + 1.3) * reach, y + (low + 0.7) * reach, (250, 252, 252)
            )
    hill = (148, 186, 150)
    for _ in range(5):
        x, wide = rng.uniform(-0.3, 0.9), rng.uniform(0.4, 0.7)
        pen.oval(x, rng.uniform(0.3, 0.36), x + wide, 0.62, shade(hill, rng.uniform(0.92, 1.1)))
    pen.fade(0.41, 0.6, (150, 194, 108), (112, 166, 84), 24)
    for _ in range(90):
        x, y = rng.random(), rng.uniform(0.43, 0.58)
        pen.rect(x, y, x + 0.004, y + 0.012, (104, 156, 80))
    pen.rect(0, 0.595, 1, 0.70, (206, 200, 190))
    for slab in range(11):
        x = slab / 10
        pen.poly(
            [(x, 0.595), (x + 0.003, 0.595), (x + 0.003 + (x - 0.5) * 0.1, 0.70), (x + (x - 0.5) * 0.1, 0.70)],
            (180, 174, 166),
        )
    pen.rect(0, 0.645, 1, 0.648, (180, 174, 166))
    pen.rect(0, 0.70, 1, 0.712, (228, 224, 216))
    pen.rect(0, 0.712, 1, 0.724, (150, 146, 142))
    pen.fade(0.724, 1.0, (104, 106, 114), (86, 88, 96), 24)
    for dash in range(7):
        x = dash / 6 - 0.08
        pen.poly([(x, 0.838), (x + 0.09, 0.838), (x + 0.094, 0.85), (x - 0.004, 0.85)], (232, 228, 206))


def _paper(pen: _Pen, rng: Random, variant: int, low: float) -> None:
    """Wallpaper: stripes, dots or plain with a rail."""
    wall = WALLS[variant]
    pen.fade(0, low, shade(wall, 1.12), shade(wall, 0.95))
    if variant % 3 == 0:
        for stripe in range(16):
            pen.rect(stripe / 16, 0, stripe / 16 + 1 / 32, low, shade(wall, 0.955))
    elif variant % 3 == 1:
        for row in range(9):
            for place in range(18):
                x, y = place / 18 + row % 2 / 36, row * low / 9 + 0.02
                pen.oval(x, y, x + 0.012, y + 0.012, shade(wall, 0.9))
    else:
        pen.rect(0, 0.37, 1, 0.378, shade(wall, 0.86))


def _window(pen: _Pen, x1: float, y1: float, x2: float, y2: float, sky: tuple[RGB, RGB]) -> None:
    frame = (250, 248, 242)
    pen.rect(x1 - 0.018, y1 - 0.018, x2 + 0.018, y2 + 0.018, shade(frame, 0.8))
    pen.rect(x1 - 0.014, y1 - 0.014, x2 + 0.014, y2 + 0.014, frame)
    for step in range(32):
        share = step / 31
        tone = [int(a + (b - a) * share) for a, b in zip(*sky, strict=True)]
        pen.rect(x1, y1 + (y2 - y1) * step / 32, x2, y2, (tone[0], tone[1], tone[2]))
    middle = (x1 + x2) / 2
    pen.oval(x1 + 0.02, y2 - 0.07, middle, y2 + 0.0, (158, 190, 150))
    pen.oval(middle - 0.04, y2 - 0.05, x2 - 0.01, y2 + 0.0, (142, 178, 138))
    pen.rect(middle - 0.006, y1, middle + 0.006, y2, frame)
    pen.rect(x1, (y1 + y2) / 2 - 0.005, x2, (y1 + y2) / 2 + 0.005, frame)
    pen.rect(x1 - 0.03, y2 + 0.012, x2 + 0.03, y2 + 0.032, frame)
    pen.rect(x1 - 0.03, y2 + 0.032, x2 + 0.03, y2 + 0.037, shade(frame, 0.74))
