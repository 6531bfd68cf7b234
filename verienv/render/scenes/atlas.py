"""A map: coast, heights in contours, rivers that widen downstream, roads, towns, grid and legend."""

from __future__ import annotations

import functools
import random
from dataclasses import dataclass
from math import sqrt

import numpy as np
from PIL import Image

from verienv.render.scenes import canvas, words
from verienv.render.scenes.canvas import RGB, Light, Noise, Plane, Point, ink, mix, shade

COAST = 104  # heights below are sea

_STYLES = (
    # deep sea, shallow sea, shore, low land, hills, mountains, peaks, ink
    (ink(84, 142, 178), ink(158, 200, 214), ink(229, 222, 186), ink(172, 200, 142),
     ink(214, 204, 150), ink(186, 148, 110), ink(228, 222, 216), ink(52, 58, 66)),
    (ink(118, 148, 158), ink(184, 202, 200), ink(229, 216, 180), ink(222, 206, 164),
     ink(204, 178, 132), ink(168, 132, 96), ink(222, 206, 180), ink(74, 52, 40)),
    (ink(60, 96, 140), ink(120, 164, 196), ink(226, 226, 206), ink(148, 186, 152),
     ink(196, 208, 160), ink(170, 164, 150), ink(229, 229, 229), ink(36, 44, 58)),
)


@dataclass(frozen=True)
class Heights:
    """The land on a coarse grid; a place is row * columns + column."""

    level: bytes  # row by row
    columns: int

    def at(self, x: float, y: float) -> int:
        """The height at (x, y), both in [0, 1)."""
        rows = len(self.level) // self.columns
        return self.level[int(y * rows) * self.columns + int(x * self.columns)]

    def middle(self, place: int, size: tuple[int, int]) -> Point:
        """Where the middle of a place lies on a picture of `size`, in pixels."""
        row, column = divmod(place, self.columns)
        rows = len(self.level) // self.columns
        return (column + 0.5) * size[0] / self.columns, (row + 0.5) * size[1] / rows

    def area(self, place: int) -> int:
        """The number of the 4 by 4 places that hold this one."""
        return place // self.columns // 4 << 10 | place % self.columns // 4


def draw(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """An RGB map of `size` (width, height) pixels; `scene` checks the size."""
    noise = Noise(rng)
    style = rng.choice(_STYLES)
    across, down = canvas.quarter(size)
    twice = (2 * across, 2 * down)
    low = canvas.doubled(_heights(rng, noise, canvas.quarter(twice)), twice)
    height = canvas.doubled(low, size)
    heights = Heights(low.tobytes(), low.shape[1])
    sheet = canvas.Sheet(size)
    sheet.blocks(canvas.seen(height, _palette(style)))
    pen = sheet.pen
    unit = min(size[0], size[1] * 4 / 3) / 640  # lines and letters grow with the picture
    water = mix(style[0], style[1], 0.35)
    _rivers(pen, rng, heights, size, unit, water)
    legend_left, rose_left = rng.random() < 0.5, rng.random() < 0.5
    towns = _towns(rng, heights, size, legend_left, rose_left)
    _roads(pen, rng, towns, heights, size, unit, style[7])
    frame = _grid(pen, rng, size, style[7])
    _labels(pen, rng, towns, heights, size, unit, style, frame)
    if min(size) >= 128:
        _legend(pen, rng, size, unit, style, frame, left=legend_left)
        far = frame + 48 * unit
        x = far if rose_left else size[0] - far
        _compass(pen, x, frame + 54 * unit, 34 * unit, style[7], ink(229, 224, 206))
    return canvas.finish(sheet, noise, _relief(height), faint=True)


def _heights(rng: random.Random, noise: Noise, coarse: tuple[int, int]) -> Plane:
    """Land rising away from one or two rims of the picture, [H, W] 0..255."""
    width, height = coarse
    field = noise.field((3, 2), 5, coarse).astype(np.int32)
    x = np.arange(width, dtype=np.int32)[None, :] * 255 // (width - 1)
    y = np.arange(height, dtype=np.int32)[:, None] * 255 // (height - 1)
    tilt = x * rng.randint(-4, 4) + y * rng.randint(-3, 3)
    land = canvas.stretch(field * 5 + tilt).astype(np.int32)
    rise = land - COAST  # a steeper shore, so that the coast is a line and not a marsh
    return canvas.stretch(rise + np.clip(rise, -14, 14) * 2)


@functools.lru_cache(maxsize=len(_STYLES))
def _palette(style: tuple[RGB, ...]) -> canvas.Words:
    """[256]: the colour of each height."""
    deep, shallow, shore, plain, hill, rock, peak, _ = style
    stops = (
        (0, deep), (COAST - 16, shallow), (COAST - 6, mix(shallow, ink(229, 229, 229), 0.45)),
        (COAST - 3, shade(deep, 0.66)), (COAST + 2, shade(deep, 0.66)), (COAST + 5, shore),
        (COAST + 12, plain), (160, mix(plain, hill, 0.55)), (190, hill), (228, rock), (255, peak),
    )
    colours = canvas.ramp(stops).copy()
    channels = colours.view(np.uint8).reshape(256, 4)
    for contour in range(COAST + 18, 250, 18):
        for at, share in ((contour, 13), (contour + 1, 14)):
            channels[at, :3] = [max(canvas.LOWEST, int(level) * share // 16) for level in channels[at, :3]]
    return colours


def _relief(height: Plane) -> Light:
    """Light from the upper left on the slopes: a difference held within -8..8."""
    step = max(1, len(height) // 200)
    light = np.zeros(height.shape, np.int8)
    np.subtract(height[step:, step:], height[:-step, :-step], out=light[step:, step:].view(np.uint8))
    return canvas.grey(np.clip(light, -8, 8, out=light))


def _rivers(
    pen: canvas.Pen,
    rng: random.Random,
    heights: Heights,
    size: tuple[int, int],
    unit: float,
    water: RGB,
) -> None:
    """Water runs down the steepest way to the sea, a lake or another river, ever wider."""
    taken: set[int] = set()
    ways = []
    for _ in range(rng.randint(5, 8)):
        path = _stream(rng, heights, taken)
        if len(path) > 5:
            taken.update([heights.area(at) for at in path])
            way = _smooth([heights.middle(at, size) for at in path])
            ways.append([*way[:-1:2], way[-1]])
    banks = [_banks(way) for way in ways]
    for more, colour in ((2.0, shade(water, 0.8)), (0.0, water)):
        for bank in banks:
            wide = [min(1.4 + more + 0.64 * index, 9 + more) * unit / 2 for index in range(len(bank))]
            left = [(x + u * half, y + v * half) for (x, y, u, v), half in zip(bank, wide, strict=True)]
            right = [(x - u * half, y - v * half) for (x, y, u, v), half in zip(bank, wide, strict=True)]
            pen.area(left + right[::-1], fill=colour)


def _stream(rng: random.Random, heights: Heights, taken: set[int]) -> list[int]:
    """Places from a high one downhill to water, a pit, or the rim."""
    level, columns = heights.level, heights.columns
    rows = len(level) // columns
    across, down, draw = columns - 6, rows - 6, rng.random
    tries = [int(draw() * across) + 3 + columns * (int(draw() * down) + 3) for _ in range(10)]
    at = max(tries, key=level.__getitem__)
    around = (3, -3, 3 * columns, -3 * columns, 2 * columns + 2, 2 * columns - 2, 2 - 2 * columns, -2 - 2 * columns)
    path = [at]
    while level[at] > COAST - 3 and len(path) < 200:
        if not (2 < at % columns < columns - 3 and 2 < at // columns < rows - 3):
            break
        lowest = min([level[at + step] << 20 | at + step for step in around])
        if lowest >> 20 > level[at] + 9 or lowest & 0xFFFFF in path:
            break
        at = lowest & 0xFFFFF
        path.append(at)
        if heights.area(at) in taken:
            break
    return path


def _banks(way: list[Point]) -> list[tuple[float, float, float, float]]:
    """Each point of a way, and the direction across it, one pixel long."""
    found = []
    for (ax, ay), (x, y), (bx, by) in zip([way[0], *way], way, [*way[1:], way[-1]], strict=False):
        u, v = by - ay, ax - bx
        far = sqrt(u * u + v * v) or 1.0
        found.append((x, y, u / far, v / far))
    return found


def _smooth(line: list[Point]) -> list[Point]:
    """The same way with its corners cut off: means of three neighbours, twice."""
    for _ in range(2):
        inner = [
            ((a[0] + 2 * b[0] + c[0]) / 4, (a[1] + 2 * b[1] + c[1]) / 4)
            for a, b, c in zip(line, line[1:], line[2:], strict=False)
        ]
        line = [line[0], *inner, line[-1]]
    return line


def _towns(
    rng: random.Random, heights: Heights, size: tuple[int, int], legend_left: bool, rose_left: bool
) -> list[Point]:
    """Places on dry land, off the legend and the rose, not too near to each other, in pixels."""
    found: list[Point] = []
    for _ in range(160):
        x, y = rng.uniform(0.09, 0.91), rng.uniform(0.1, 0.88)
        if not COAST + 4 < heights.at(x, y) < 205:
            continue
        under = (y > 0.7 and (x < 0.32 if legend_left else x > 0.58)) or (
            y < 0.25 and (x < 0.22 if rose_left else x > 0.7)
        )
        if not under and all(abs(x - u) * 0.6 + abs(y - v) > 0.17 for u, v in found):
            found.append((x, y))
        if len(found) == 9:
            break
    return [(x * size[0], y * size[1]) for x, y in found]


def _roads(
    pen: canvas.Pen,
    rng: random.Random,
    towns: list[Point],
    heights: Heights,
    size: tuple[int, int],
    unit: float,
    dark: RGB,
) -> None:
    """Each town is joined to the nearest earlier one, around the sea where that is near enough."""

    def toll(x: float, y: float, u: float, v: float) -> float:
        wet = 0
        for share in (0.25, 0.5, 0.75):
            wet += heights.at((x + (u - x) * share) / size[0], (y + (v - y) * share) / size[1]) < COAST
        return ((x - u) ** 2 + (y - v) ** 2) * (1 + 4 * wet)

    ways = []
    for index, (x, y) in enumerate(towns[1:], 1):
        near = sorted(towns[:index], key=lambda town: (town[0] - x) ** 2 + (town[1] - y) ** 2)[:3]
        _, u, v = min([(toll(x, y, u, v), u, v) for u, v in near])
        sway = rng.uniform(-0.18, 0.18)
        mx, my = (x + u) / 2 - (v - y) * sway, (y + v) / 2 + (u - x) * sway
        curve = [
            (
                x * (1 - t) ** 2 + 2 * mx * t * (1 - t) + u * t * t,
                y * (1 - t) ** 2 + 2 * my * t * (1 - t) + v * t * t,
            )
            for t in (step / 7 for step in range(8))
        ]
        ways.append((index % 3 == 1, curve))
    for layer in range(2):
        for main, curve in ways:
            wide = (6.0 if main else 4.0) if layer == 0 else (3.6 if main else 1.8)
            core = ink(222, 120, 70) if main else ink(229, 226, 206)
            thick = max(1, int(wide * unit + 0.5))
            pen.line(curve, fill=mix(dark, core, 0.15) if layer == 0 else core, width=thick)


def _grid(
    pen: canvas.Pen, rng: random.Random, size: tuple[int, int], dark: RGB
) -> int:
    """Grid lines, and a rim with letters along the top and numbers down the side."""
    width, height = size
    rim = max(3, min(size) // 26)
    columns, rows = rng.randint(6, 9), rng.randint(4, 7)
    paper, line = ink(229, 222, 200), mix(dark, ink(200, 200, 190), 0.55)
    inner_x, inner_y = width - 2 * rim, height - 2 * rim
    for column in range(1, columns):
        x = rim + inner_x * column // columns
        pen.line((x, rim, x, height - rim), fill=line)
    for row in range(1, rows):
        y = rim + inner_y * row // rows
        pen.line((rim, y, width - rim, y), fill=line)
    for box in (
        (0, 0, width, rim - 1), (0, height - rim, width, height),
        (0, 0, rim - 1, height), (width - rim, 0, width, height),
    ):
        pen.box(box, fill=paper)
    pen.box((rim - 1, rim - 1, width - rim, height - rim), outline=dark)
    face = ("bold", max(5, rim * 3 // 4))
    for column in range(columns):
        x = rim + inner_x * (2 * column + 1) // (2 * columns)
        pen.write((x, rim // 2), "ABCDEFGHI"[column], dark, face, "mm")
    for row in range(rows):
        y = rim + inner_y * (2 * row + 1) // (2 * rows)
        pen.write((rim // 2, y), str(row + 1), dark, face, "mm")
    return rim


def _labels(
    pen: canvas.Pen,
    rng: random.Random,
    towns: list[Point],
    heights: Heights,
    size: tuple[int, int],
    unit: float,
    style: tuple[RGB, ...],
    rim: int,
) -> None:
    dark, pale = style[7], ink(229, 226, 214)
    for index, (x, y) in enumerate(towns):
        dot = (5.5 if index == 0 else 3.6) * unit
        name = words.town(rng)
        letters = max(6, int((19 if index == 0 else 14) * unit))
        pen.disc((x - dot - 1, y - dot - 1, x + dot + 1, y + dot + 1), fill=dark)
        pen.disc((x - dot, y - dot, x + dot, y + dot), fill=ink(206, 66, 54) if index == 0 else pale)
        right = x + sum(map(len, name)) * letters * 0.72 < size[0] - rim
        at = (x + dot + 3 * unit, y) if right else (x - dot - 3 * unit, y)
        face = ("bold" if index == 0 else "sans", letters)
        anchor = "lm" if right else "rm"
        if unit >= 0.4:
            pen.write(at, name, pale, face, anchor, glow=True)
        pen.write(at, name, dark, face, anchor)
    grid = [(x / 14, y / 14) for y in range(3, 10) for x in range(3, 12)]
    at = min(grid, key=lambda place: heights.at(*place))
    if heights.at(*at) < COAST - 25:
        face = ("serif", max(6, int(20 * unit)))
        pen.write((at[0] * size[0], at[1] * size[1]), rng.choice(words.SEAS), shade(style[0], 0.55), face, "mm")


def _legend(
    pen: canvas.Pen,
    rng: random.Random,
    size: tuple[int, int],
    unit: float,
    style: tuple[RGB, ...],
    rim: int,
    *,
    left: bool,
) -> None:
    """The legend with its scale bar in a lower corner."""
    width, height = size
    dark, paper = style[7], ink(229, 224, 206)
    wide, tall = 148 * unit, 106 * unit
    x = rim + 6 * unit if left else width - rim - 6 * unit - wide
    y = height - rim - 6 * unit - tall
    pen.box((x, y, x + wide, y + tall), fill=paper, outline=dark)
    letters = max(6, int(12 * unit))
    face, small = ("sans", letters), ("sans", letters - 1)
    pen.write((x + 8 * unit, y + 5 * unit), "LEGEND", dark, ("bold", letters), "la")
    rows = (("main road", ink(222, 120, 70)), ("road", ink(206, 200, 180)),
            ("river", mix(style[0], style[1], 0.35)))
    for index, (name, colour) in enumerate(rows):
        line = y + (30 + 17 * index) * unit
        pen.line((x + 8 * unit, line, x + 36 * unit, line), fill=colour, width=max(2, int(4 * unit)))
        pen.write((x + 44 * unit, line), name, dark, face, "lm")
    bar = y + 84 * unit
    for block in range(4):
        fill = dark if block % 2 == 0 else paper
        a = x + (8 + 28 * block) * unit
        pen.box((a, bar, a + 28 * unit, bar + 5 * unit), fill=fill, outline=dark)
    far = rng.choice((2, 4, 8, 10, 20, 40))
    pen.write((x + 8 * unit, bar + 7 * unit), "0", dark, small, "la")
    pen.write((x + 120 * unit, bar + 7 * unit), f"{far} km", dark, small, "ra")


def _compass(
    pen: canvas.Pen, x: float, y: float, reach: float, dark: RGB, pale: RGB
) -> None:
    ring = reach * 0.72
    pen.disc((x - ring, y - ring, x + ring, y + ring), outline=dark, width=max(1, int(reach / 18)))
    for far, axes in ((0.6, ((1, 1), (1, -1), (-1, -1), (-1, 1))), (1.0, ((0, 1), (1, 0), (0, -1), (-1, 0)))):
        for dx, dy in axes:
            scale = far * reach / (abs(dx) + abs(dy)) ** 0.5
            tip = (x + dx * scale, y + dy * scale)
            side = reach * 0.16
            pen.area([tip, (x - dy * side, y + dx * side), (x, y)], fill=dark)
            bright = [tip, (x + dy * side, y - dx * side), (x, y)]
            pen.area(bright, fill=pale)
            pen.line([*bright, tip], fill=dark)
    face = ("bold", max(6, int(reach * 0.45)))
    pen.write((x, y - reach * 1.02), "N", dark, face, "ms")
