"""What furnishes a room: window, door, pictures, and boxes made into shelves, sofas and tables."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from verienv.render.scenes.canvas import RGB, Pen, Point, ink, mix, shade

if TYPE_CHECKING:
    from verienv.render.scenes.room import Box, Style

SPINES = (ink(176, 70, 60), ink(64, 100, 134), ink(206, 168, 90), ink(84, 122, 88),
          ink(122, 84, 120), ink(214, 206, 186), ink(60, 64, 78))


def block(
    pen: Pen,
    room: Box,
    colour: RGB,
    x: tuple[float, float],
    y: tuple[float, float],
    z: tuple[float, float],
) -> None:
    """A box between two corners: its top, the side the viewer sees, its front."""
    at = room.at
    (left, right), (top, bottom), (near, far) = x, y, z
    if room.eye_y < at(left, top, near)[1]:
        points = [at(left, top, near), at(right, top, near), at(right, top, far), at(left, top, far)]
        pen.area(points, fill=shade(colour, 1.14))
    if room.eye_x < at(left, top, near)[0]:
        points = [at(left, top, near), at(left, top, far), at(left, bottom, far), at(left, bottom, near)]
        pen.area(points, fill=shade(colour, 0.72))
    if room.eye_x > at(right, top, near)[0]:
        points = [at(right, top, near), at(right, top, far), at(right, bottom, far),
                  at(right, bottom, near)]
        pen.area(points, fill=shade(colour, 0.72))
    pen.box((*at(left, top, near), *at(right, bottom, near)), fill=colour)


def window(
    pen: Pen,
    rng: random.Random,
    room: Box,
    style: Style,
    z: tuple[float, float],
    y: tuple[float, float],
    *,
    left: bool,
) -> None:
    """A window in a side wall, with hills outside and curtains."""
    x = 0.0 if left else 1.0

    def part(u: float, v: float) -> Point:
        return room.at(x, y[0] + (y[1] - y[0]) * v, z[0] + (z[1] - z[0]) * u)

    def quad(u: float, v: float, u2: float, v2: float, fill: RGB) -> None:
        pen.area([part(u, v), part(u2, v), part(u2, v2), part(u, v2)], fill=fill)

    quad(-0.06, -0.06, 1.06, 1.08, shade(style.trim, 0.92))
    quad(0, 0, 1, 1, style.sky)
    quad(0, 0.34, 1, 0.7, mix(style.sky, ink(229, 229, 229), 0.3 if not style.night else 0.05))
    hill = mix(style.sky, ink(70, 110, 84), 0.75)
    crest = [part(0, 0.72), part(0.25, 0.58), part(0.5, 0.68), part(0.75, 0.54), part(1, 0.66)]
    pen.area([*crest, part(1, 1), part(0, 1)], fill=hill)
    quad(0, 0.84, 1, 1, shade(hill, 0.8))
    for bar in (0.48, -0.01, 0.97):
        quad(bar, 0, bar + 0.04, 1, style.trim)
    quad(0, 0.46, 1, 0.5, style.trim)
    quad(-0.08, 1.02, 1.08, 1.1, style.trim)
    if rng.random() < 0.75:
        cloth = mix(style.accent, style.trim, 0.25)
        for u, u2 in ((-0.16, 0.1), (0.9, 1.16)):
            quad(u, -0.12, u2, 1.28, cloth)
            fold = (u2 - u) / 4
            for index in range(2):
                at = u + fold * (0.8 + 1.7 * index)
                quad(at, -0.12, at + fold * 0.7, 1.28, shade(cloth, 0.84))
        quad(-0.2, -0.15, 1.2, -0.11, shade(style.wood, 0.8))


def door(
    pen: Pen, rng: random.Random, room: Box, style: Style, *, left: bool
) -> None:
    """A panelled door in a side wall, with a picture beside it."""
    x = 0.0 if left else 1.0
    z = rng.uniform(0.48, 0.6)
    z2 = z + 0.24

    def quad(a: float, top: float, b: float, bottom: float, fill: RGB) -> None:
        at = room.at
        pen.area([at(x, top, a), at(x, top, b), at(x, bottom, b), at(x, bottom, a)], fill=fill)

    leaf = mix(style.wood, style.trim, rng.uniform(0.0, 0.5))
    quad(z - 0.02, 0.26, z2 + 0.02, 1.0, shade(style.trim, 0.86))
    quad(z, 0.285, z2, 1.0, shade(leaf, 0.9))
    for top, bottom in ((0.33, 0.6), (0.66, 0.94)):
        for a in (z + 0.025, z + 0.13):
            quad(a, top, a + 0.085, bottom, shade(leaf, 0.74))
            quad(a + 0.012, top + 0.02, a + 0.085, bottom, shade(leaf, 0.98))
    quad(z + 0.01, 0.63, z + 0.03, 0.645, ink(222, 196, 120))
    picture = mix(style.accent, style.sky, rng.random())
    quad(0.14, 0.3, 0.36, 0.56, shade(style.wood, 0.8))
    quad(0.16, 0.325, 0.34, 0.535, style.trim)
    quad(0.185, 0.35, 0.315, 0.51, picture)
    quad(0.185, 0.44, 0.315, 0.51, shade(picture, 0.7))


def arrange(pen: Pen, rng: random.Random, room: Box, style: Style) -> None:
    """Furniture along the back wall and in the room, the farthest first."""
    _pictures(pen, rng, room, style)
    mirrored = rng.random() < 0.5
    shelf = (0.06, 0.32) if not mirrored else (0.68, 0.94)
    seat = (0.42, 0.9) if not mirrored else (0.1, 0.58)
    _shelf(pen, rng, room, style, shelf)
    if rng.random() < 0.7:
        _sofa(pen, room, style, seat)
    else:
        _bed(pen, room, style, seat)
    _table(pen, rng, room, style, sum(seat) / 2)
    _plant(pen, rng, room, style, 0.9 if rng.random() < 0.5 else 0.1)


def _pictures(pen: Pen, rng: random.Random, room: Box, style: Style) -> None:
    (left, top), (right, bottom) = room.at(0, 0, 1), room.at(1, 1, 1)
    wide, tall = right - left, bottom - top
    x = rng.uniform(0.38, 0.42)
    for _ in range(rng.randint(1, 3)):
        w, h = rng.uniform(0.09, 0.2), rng.uniform(0.13, 0.24)
        if x + w > 0.94:
            break
        y = rng.uniform(0.2, 0.28)
        ax, ay, bx, by = left + wide * x, top + tall * y, left + wide * (x + w), top + tall * (y + h)
        edge = wide * 0.012
        pen.box((ax + edge, ay + edge, bx + edge, by + edge), fill=shade(style.wall, 0.78))
        pen.box((ax, ay, bx, by), fill=shade(style.wood, 0.85))
        pen.box((ax + edge, ay + edge, bx - edge, by - edge), fill=mix(style.sky, style.trim, 0.4))
        middle = (ay + by) / 2
        colour = rng.choice(SPINES)
        pen.area([(ax + edge, middle + edge * 3), ((ax + bx) / 2, middle - edge * 2),
                     (bx - edge, middle + edge * 2), (bx - edge, by - edge), (ax + edge, by - edge)],
                    fill=colour)
        pen.disc((bx - edge * 5, ay + edge * 2, bx - edge * 2.5, ay + edge * 4.5),
                    fill=style.accent)
        x += w + rng.uniform(0.04, 0.08)


def _shelf(
    pen: Pen, rng: random.Random, room: Box, style: Style, x: tuple[float, float]
) -> None:
    block(pen, room, style.wood, x, (0.3, 1.0), (0.82, 0.99))
    (left, top), (right, bottom) = room.at(x[0], 0.3, 0.82), room.at(x[1], 1.0, 0.82)
    wide, tall = right - left, bottom - top
    for row in range(4):
        y, floor = top + tall * (0.04 + 0.24 * row), top + tall * (0.25 + 0.24 * row)
        pen.box((left + wide * 0.05, y, right - wide * 0.05, floor), fill=shade(style.wood, 0.5))
        at = left + wide * 0.07
        while at < right - wide * 0.16:
            thick = wide * rng.uniform(0.05, 0.1)
            rise = (floor - y) * rng.uniform(0.55, 0.9)
            pen.box((at, floor - rise, at + thick, floor), fill=rng.choice(SPINES))
            at += thick + wide * 0.012
            if rng.random() < 0.12:
                at += wide * 0.15


def _sofa(pen: Pen, room: Box, style: Style, x: tuple[float, float]) -> None:
    left, right = x
    colour = style.cloth
    block(pen, room, shade(colour, 0.92), x, (0.62, 0.96), (0.8, 0.92))
    block(pen, room, colour, (left + 0.04, right - 0.04), (0.77, 0.95), (0.56, 0.82))
    for arm in ((left, left + 0.06), (right - 0.06, right)):
        block(pen, room, shade(colour, 0.88), arm, (0.7, 0.96), (0.56, 0.86))
    middle = (left + right) / 2
    pen.line((*room.at(middle, 0.77, 0.56), *room.at(middle, 0.93, 0.56)),
             fill=shade(colour, 0.7), width=2)
    for at, tone in ((left + 0.09, style.accent), (right - 0.17, mix(style.accent, style.trim, 0.5))):
        pen.area([room.at(at, 0.76, 0.66), room.at(at + 0.015, 0.66, 0.7),
                     room.at(at + 0.09, 0.655, 0.7), room.at(at + 0.085, 0.765, 0.66)], fill=tone)


def _bed(pen: Pen, room: Box, style: Style, x: tuple[float, float]) -> None:
    left, right = x
    block(pen, room, style.wood, x, (0.55, 1.0), (0.94, 0.99))
    block(pen, room, shade(style.wood, 0.9), x, (0.86, 0.97), (0.42, 0.95))
    block(pen, room, mix(style.trim, style.wall, 0.2), (left + 0.01, right - 0.01), (0.78, 0.88),
          (0.43, 0.94))
    block(pen, room, style.cloth, (left, right), (0.765, 0.9), (0.42, 0.74))
    middle = (left + right) / 2
    for a, b in ((left + 0.04, middle - 0.02), (middle + 0.02, right - 0.04)):
        block(pen, room, shade(style.trim, 0.95), (a, b), (0.72, 0.78), (0.8, 0.92))


def _table(
    pen: Pen, rng: random.Random, room: Box, style: Style, middle: float
) -> None:
    near, far = 0.2, 0.4
    half = rng.uniform(0.12, 0.16)
    x = (max(0.26, min(0.74, middle)) - half, max(0.26, min(0.74, middle)) + half)
    wood = shade(style.wood, 1.2)
    for z in (far - 0.03, near):
        for leg in (x[0] + 0.01, x[1] - 0.03):
            block(pen, room, shade(wood, 0.7), (leg, leg + 0.02), (0.84, 1.0), (z, z + 0.02))
    block(pen, room, wood, x, (0.82, 0.85), (near, far))
    cx, cy = room.at(x[0] + half * rng.uniform(0.5, 1.5), 0.82, 0.3)
    wide = room.width * 0.02
    pen.area([(cx - wide, cy - wide * 2.6), (cx + wide, cy - wide * 2.6),
                 (cx + wide * 0.7, cy), (cx - wide * 0.7, cy)], fill=style.accent)
    for across, up, tone in ((-1.0, 4.4, 0.9), (1.0, 4.2, 0.8), (0.0, 5.2, 1.0)):
        bloom = mix(ink(206, 84, 96), style.trim, 0.2)
        px, py = cx + across * wide, cy - up * wide
        pen.line((cx, cy - wide * 2.6, px, py), fill=ink(70, 110, 70), width=2)
        pen.disc((px - wide * 0.7, py - wide * 0.7, px + wide * 0.7, py + wide * 0.7),
                    fill=shade(bloom, tone))


def _plant(
    pen: Pen, rng: random.Random, room: Box, style: Style, x: float
) -> None:
    px, py = room.at(x, 1.0, 0.12)
    size = room.height * 0.075
    leaf = ink(66, 116, 72) if not style.night else ink(44, 76, 60)
    for step in range(9):
        lean = (step - 4) / 4
        tip = (px + lean * size * rng.uniform(1.2, 1.9), py - size * (4.6 - abs(lean) * 2.4))
        root = py - size * 1.6
        bend = size * 0.26
        pen.area([(px - bend * 0.4, root), ((px + tip[0]) / 2 - bend, (root + tip[1]) / 2 - bend),
                     tip, ((px + tip[0]) / 2 + bend, (root + tip[1]) / 2 + bend), (px + bend * 0.4, root)],
                    fill=shade(leaf, rng.uniform(0.8, 1.25)))
    pen.area([(px - size, py - size * 1.8), (px + size, py - size * 1.8),
                 (px + size * 0.72, py), (px - size * 0.72, py)], fill=shade(style.accent, 0.9))
    pen.box((px - size * 1.08, py - size * 1.9, px + size * 1.08, py - size * 1.55),
                  fill=style.accent)
