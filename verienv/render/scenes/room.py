"""A room in one-point perspective: floor, walls, a window and the light that falls from it.

Boards, tiles, rug, shelves and ceiling all run to one vanishing point on the back wall.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from PIL import Image

from verienv.render.scenes import canvas, furniture
from verienv.render.scenes.canvas import RGB, Light, Point, ink, mix, shade


@dataclass(frozen=True)
class Style:
    """The colours of one room."""

    wall: RGB
    trim: RGB
    floor: RGB
    floor2: RGB
    cloth: RGB
    accent: RGB
    wood: RGB
    sky: RGB
    night: bool = False


STYLES: tuple[Style, ...] = (
    Style(ink(206, 196, 178), ink(229, 226, 216), ink(156, 112, 74), ink(138, 96, 62),
          ink(74, 104, 128), ink(196, 106, 72), ink(116, 76, 50), ink(176, 212, 228)),
    Style(ink(142, 168, 164), ink(222, 222, 212), ink(182, 150, 110), ink(166, 134, 96),
          ink(196, 138, 90), ink(60, 92, 100), ink(98, 70, 52), ink(196, 220, 226)),
    Style(ink(196, 164, 150), ink(226, 216, 206), ink(168, 168, 164), ink(118, 120, 124),
          ink(104, 70, 88), ink(212, 172, 92), ink(84, 60, 50), ink(229, 206, 168)),
    Style(ink(168, 178, 196), ink(226, 226, 224), ink(128, 92, 70), ink(112, 80, 60),
          ink(170, 72, 66), ink(222, 186, 110), ink(146, 104, 66), ink(204, 222, 229)),
    Style(ink(72, 82, 106), ink(136, 140, 152), ink(92, 72, 62), ink(80, 62, 54),
          ink(126, 78, 84), ink(206, 162, 92), ink(74, 56, 48), ink(38, 48, 84), night=True),
    Style(ink(212, 206, 160), ink(229, 226, 212), ink(190, 190, 182), ink(96, 128, 120),
          ink(86, 122, 84), ink(206, 124, 84), ink(132, 92, 58), ink(186, 218, 226)),
)


@dataclass(frozen=True)
class Box:
    """A room one unit wide, one high and one deep, seen by a viewer at its open side.

    `at(x, y, z)` gives pixels: x from the left wall, y from the ceiling, z in [0, 1] from the
    viewer to the back wall.
    """

    width: float
    height: float
    eye_x: float  # the vanishing point, pixels
    eye_y: float
    depth: float  # how much smaller the back wall is than the front: 1 / (1 + depth)

    def at(self, x: float, y: float, z: float) -> Point:
        scale, eye_x, eye_y = 1.0 / (1.0 + self.depth * z), self.eye_x, self.eye_y
        return eye_x + (x * self.width - eye_x) * scale, eye_y + (y * self.height - eye_y) * scale


def draw(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """An RGB room of `size` (width, height) pixels; `scene` checks the size."""
    noise = canvas.Noise(rng)
    style = rng.choice(STYLES)
    times = canvas.supersampling(size)
    width, height = size[0] * times, size[1] * times
    room = Box(
        width, height, width * rng.uniform(0.36, 0.64), height * rng.uniform(0.38, 0.52),
        rng.uniform(0.9, 1.5),
    )
    sheet = canvas.Sheet((width, height), style.wall)
    pen = sheet.pen
    _walls(pen, rng, room, style)
    _floor(pen, rng, room, style)
    window_left = rng.random() < 0.5
    window = (rng.uniform(0.22, 0.34), rng.uniform(0.56, 0.74))  # z from, to
    sill = (rng.uniform(0.16, 0.24), rng.uniform(0.52, 0.62))  # y from, to
    furniture.window(pen, rng, room, style, window, sill, left=window_left)
    furniture.door(pen, rng, room, style, left=not window_left)
    furniture.arrange(pen, rng, room, style)
    if times > 1:
        sheet = sheet.reduced(times)
    light = _light(rng, room, style, size, window, sill, left=window_left)
    return canvas.finish(sheet, noise, light, *canvas.veil(size, 34), soft=times == 1)


def _walls(pen: canvas.Pen, rng: random.Random, room: Box, style: Style) -> None:
    at = room.at
    paper = rng.random() < 0.55
    ceiling = mix(style.trim, style.wall, 0.15 if not style.night else 0.5)
    pen.area([(0, 0), (room.width, 0), at(1, 0, 1), at(0, 0, 1)], fill=ceiling)
    for x, tone in ((0.0, 0.86), (1.0, 0.78)):
        wall = shade(style.wall, tone)
        pen.area([at(x, 0, 0), at(x, 0, 1), at(x, 1, 1), at(x, 1, 0)], fill=wall)
        if paper:
            stripe = shade(wall, 0.955)
            for band in range(8):
                z, end = band / 8, band / 8 + 0.06
                pen.area([at(x, 0, z), at(x, 0, end), at(x, 1, end), at(x, 1, z)], fill=stripe)
    (left, top), (right, bottom) = at(0, 0, 1), at(1, 1, 1)
    pen.box((left, top, right, bottom), fill=style.wall)
    if paper:
        stripe = shade(style.wall, 0.955)
        for band in range(12):
            x = left + (right - left) * band / 12
            pen.box((x, top, x + (right - left) / 24, bottom), fill=stripe)
    wainscot = rng.random() < 0.4
    for y, tall, colour in (
        (0.0, 0.03, style.trim), (0.955, 0.045, style.trim),
        (0.66, 0.022, style.trim if wainscot else None),
    ):
        if colour is None:
            continue
        for x, tone in ((0.0, 0.88), (1.0, 0.8)):
            points = [at(x, y, 0), at(x, y, 1), at(x, y + tall, 1), at(x, y + tall, 0)]
            pen.area(points, fill=shade(colour, tone))
        pen.box((*at(0, y, 1), *at(1, y + tall, 1)), fill=colour)
    lamp = mix(style.trim, ink(229, 222, 190), 0.8)
    cord, (x, y) = room.height * 0.004, at(0.5, 0.0, 0.55)
    drop, half = room.height * 0.1, room.width * 0.045
    pen.box((x - cord, y, x + cord, y + drop), fill=shade(style.wood, 0.8))
    pen.area(
        [(x - half * 0.4, y + drop), (x + half * 0.4, y + drop), (x + half, y + drop + half),
         (x - half, y + drop + half)],
        fill=style.accent,
    )
    pen.disc((x - half, y + drop + half * 0.8, x + half, y + drop + half * 1.2), fill=lamp)


def _floor(pen: canvas.Pen, rng: random.Random, room: Box, style: Style) -> None:
    at = room.at
    pen.area([at(0, 1, 0), at(0, 1, 1), at(1, 1, 1), at(1, 1, 0)], fill=style.floor)
    if rng.random() < 0.45:
        across, along = rng.choice(((6, 7), (8, 9)))
        for row in range(along):
            for place in range(across):
                if (row + place) % 2:
                    continue
                x, z, x2, z2 = place / across, row / along, (place + 1) / across, (row + 1) / along
                tile = shade(style.floor2, rng.uniform(0.95, 1.05))
                pen.area([at(x, 1, z), at(x2, 1, z), at(x2, 1, z2), at(x, 1, z2)], fill=tile)
    else:
        boards = rng.randint(9, 13)
        for board in range(boards):
            x, x2 = board / boards, (board + 1) / boards
            tone = mix(style.floor, style.floor2, rng.random())
            pen.area([at(x, 1, 0), at(x2, 1, 0), at(x2, 1, 1), at(x, 1, 1)], fill=tone)
            cut = rng.uniform(0.1, 0.9)
            plank = shade(tone, rng.uniform(0.9, 1.1))
            pen.area([at(x, 1, cut), at(x2, 1, cut), at(x2, 1, 1), at(x, 1, 1)], fill=plank)
            pen.line((*at(x, 1, 0), *at(x, 1, 1)), fill=shade(style.floor2, 0.72), width=2)
    x, x2, z, z2 = rng.uniform(0.2, 0.3), rng.uniform(0.7, 0.8), 0.12, rng.uniform(0.55, 0.75)
    for inset, colour in (
        (0.0, shade(style.cloth, 0.8)), (0.03, style.accent), (0.05, style.cloth),
        (0.13, mix(style.cloth, style.trim, 0.35)), (0.145, style.cloth),
    ):
        a, b, c, d = x + inset, x2 - inset, z + inset, z2 - inset
        if c < d:
            pen.area([at(a, 1, c), at(b, 1, c), at(b, 1, d), at(a, 1, d)], fill=colour)


def _light(
    rng: random.Random,
    room: Box,
    style: Style,
    size: tuple[int, int],
    window: tuple[float, float],
    sill: tuple[float, float],
    *,
    left: bool,
) -> Light:
    """Window light on the floor, corners in shade."""
    small = canvas.quarter(size)
    scale = size[0] / 4 / room.width
    lit = Image.new("L", small, 64)
    pen = canvas.Pen(lit)

    def spot(x: float, y: float, z: float) -> Point:
        px, py = room.at(x, y, z)
        return px * scale, py * scale

    back = [spot(0, 0, 1), spot(1, 0, 1), spot(1, 1, 1), spot(0, 1, 1)]
    pen.area(back, fill=76)
    for share, tone in ((0.0, 52), (0.07, 60), (0.15, 69)):
        pen.area([(x, y) for x, y in (
            spot(0, 1, 1), spot(1, 1, 1), spot(1 - share, 1, 1 - share), spot(share, 1, 1 - share)
        )], fill=tone)
        pen.area([spot(0, 1, share), spot(share, 1, share), spot(share, 1, 1 - share),
                     spot(0, 1, 1 - share)], fill=tone)
        pen.area([spot(1, 1, share), spot(1 - share, 1, share), spot(1 - share, 1, 1 - share),
                     spot(1, 1, 1 - share)], fill=tone)
    pen.area([spot(0.2, 1, 0.16), spot(0.8, 1, 0.16), spot(0.8, 1, 0.84), spot(0.2, 1, 0.84)],
                fill=76)
    if not style.night:
        reach, far = rng.uniform(0.14, 0.2), rng.uniform(0.3, 0.42)
        slant = rng.uniform(-0.16, -0.04)
        for pane in range(2):
            z = window[0] + (window[1] - window[0]) * pane / 2 + 0.01
            z2 = window[0] + (window[1] - window[0]) * (pane + 1) / 2 - 0.01
            near, end = reach, reach + far * (sill[1] - sill[0]) / 0.4
            near, end = (near, end) if left else (1 - near, 1 - end)
            pen.area([spot(near, 1, z + slant / 2), spot(end, 1, z + slant),
                         spot(end, 1, z2 + slant), spot(near, 1, z2 + slant / 2)], fill=118)
    plane = canvas.doubled(np.asarray(lit), size)
    plane -= np.uint8(74 if style.night else 70)
    return canvas.grey(plane.view(np.int8))
