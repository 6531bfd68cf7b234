"""A landscape: sky, mountains that pale with distance, fields, a road or river to the horizon.

Everything shrinks towards one vanishing point on the horizon, so a piece shows how far up, and on
which side of the road, it belongs.
"""

from __future__ import annotations

import functools
import itertools
import random
from dataclasses import dataclass

import numpy as np
from PIL import Image

from verienv.render.scenes import canvas, growth
from verienv.render.scenes.canvas import RGB, Noise, ink, mix, shade


@dataclass(frozen=True)
class Palette:
    """The colours of one hour and season."""

    high: RGB  # the sky overhead
    low: RGB  # the sky at the horizon
    cloud: RGB
    far: RGB  # the nearest mountain; farther ones fade to `low`
    field: RGB
    near: RGB  # the ground at the viewer's feet
    leaf: RGB
    road: RGB
    wall: RGB
    lamp: RGB  # lit or dark windows
    light: RGB  # sun or moon
    snow: bool = False
    stars: bool = False


PALETTES: tuple[Palette, ...] = (
    Palette(  # summer noon
        ink(58, 128, 205), ink(186, 216, 229), ink(229, 229, 229), ink(66, 100, 112),
        ink(150, 178, 88), ink(84, 130, 56), ink(46, 98, 52), ink(196, 180, 150),
        ink(226, 214, 190), ink(70, 84, 104), ink(229, 229, 200),
    ),
    Palette(  # dusk
        ink(50, 52, 110), ink(229, 142, 90), ink(214, 112, 116), ink(74, 56, 96),
        ink(122, 88, 78), ink(58, 48, 60), ink(44, 42, 54), ink(164, 118, 108),
        ink(140, 104, 106), ink(229, 200, 104), ink(229, 208, 130),
    ),
    Palette(  # night
        ink(28, 32, 62), ink(66, 84, 128), ink(86, 98, 136), ink(38, 48, 78),
        ink(46, 66, 78), ink(30, 42, 50), ink(27, 36, 42), ink(94, 102, 122),
        ink(74, 80, 100), ink(229, 196, 96), ink(229, 229, 210), stars=True,
    ),
    Palette(  # autumn afternoon
        ink(104, 150, 190), ink(229, 212, 180), ink(229, 222, 208), ink(96, 92, 110),
        ink(204, 168, 92), ink(146, 104, 52), ink(182, 90, 40), ink(204, 184, 156),
        ink(229, 216, 194), ink(80, 78, 86), ink(229, 222, 176),
    ),
    Palette(  # winter
        ink(118, 154, 188), ink(220, 224, 226), ink(229, 229, 229), ink(92, 112, 136),
        ink(222, 227, 229), ink(196, 208, 220), ink(50, 80, 76), ink(170, 182, 196),
        ink(176, 124, 100), ink(229, 206, 128), ink(229, 226, 206), snow=True,
    ),
    Palette(  # spring morning
        ink(112, 172, 202), ink(229, 220, 208), ink(229, 226, 224), ink(98, 124, 132),
        ink(170, 196, 112), ink(112, 160, 84), ink(92, 146, 86), ink(214, 200, 176),
        ink(229, 220, 206), ink(84, 94, 112), ink(229, 225, 190),
    ),
)
FIR = ink(44, 78, 60)


def draw(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """An RGB landscape of `size` (width, height) pixels; `scene` checks the size."""
    noise = Noise(rng)
    palette = rng.choice(PALETTES)
    horizon = rng.uniform(0.42, 0.58)
    vanish = rng.uniform(0.3, 0.7)
    times = canvas.supersampling(size)
    width, height = size[0] * times, size[1] * times
    level = horizon * height
    sheet = canvas.Sheet((width, height))
    _sky(sheet, rng, noise, palette, int(level) + 2)
    sheet.column(
        ((0, mix(palette.field, palette.low, 0.45)), (60, palette.field), (255, palette.near)), int(level) + 2
    )
    pen = sheet.pen
    _mountains(pen, rng, palette, width, height, level)
    _fields(pen, rng, palette, width, height, level, vanish * width)
    side = _way(pen, rng, palette, width, height, level, vanish * width)
    _standing(pen, rng, palette, width, height, level, vanish, side)
    if times > 1:
        sheet = sheet.reduced(times)
    return canvas.finish(sheet, noise, soft=times == 1)


def _sky(sheet: canvas.Sheet, rng: random.Random, noise: Noise, palette: Palette, height: int) -> None:
    """From above down: paler, with clouds and the glow around the sun that thin out towards the horizon."""
    width = sheet.size[0]
    sheet.column(((0, palette.high), (150, mix(palette.high, palette.low, 0.62)), (255, palette.low)), 0, height)
    if palette.stars:
        for _ in range(60):
            x, y = rng.uniform(0, width), rng.uniform(0, height * 0.8)
            sheet.pen.point((x, y), mix(palette.high, palette.light, rng.uniform(0.3, 0.55)))
    size = (width, height)
    cover = rng.randrange(96, 150)
    puffs = noise.field((4, 5), 4, canvas.quarter(size)).astype(np.int32)
    puffs = np.minimum(np.maximum(puffs - cover, 0) * 4, 230).astype(np.uint8)
    clouds = canvas.doubled(puffs, size)
    x, y = rng.uniform(0.12, 0.88) * width, rng.uniform(0.25, 0.7) * height
    radius = min(width, height * 2) * rng.uniform(0.035, 0.06)
    _glow(clouds, (int(x / 2), int(y / 2)), min(size) // 5)
    thin = np.minimum(255, np.arange(len(clouds)) * 270 // len(clouds)).astype(np.uint8)[:, None]
    clouds = np.maximum(clouds, thin) - thin  # as the sky grows paler, so that nothing passes HIGHEST
    sheet.lift(canvas.seen(clouds, _whiter(palette)), height)
    sheet.pen.disc((x - radius, y - radius, x + radius, y + radius), fill=palette.light)


def _glow(clouds: canvas.Plane, at: tuple[int, int], reach: int) -> None:
    """Make clouds at least as dense as a soft glow around `at`."""
    x, y = at
    left, top = max(0, x - reach), max(0, y - reach)
    part = clouds[top : y + reach, left : x + reach]
    halo = _halo(reach)[top - y + reach :, left - x + reach :][: part.shape[0], : part.shape[1]]
    np.maximum(part, halo, out=part)


@functools.lru_cache(maxsize=16)
def _halo(reach: int) -> canvas.Plane:
    """[2 reach, 2 reach]: a soft round glow, 200 in the middle."""
    ramp = 2 * np.arange(2 * reach) - 2 * reach + 1
    near = np.maximum(0, 4 * reach * reach - ramp[None, :] ** 2 - ramp[:, None] ** 2) * 255 // (4 * reach * reach)
    halo: canvas.Plane = (near * near * 200 // 65025).astype(np.uint8)
    return halo


@functools.lru_cache(maxsize=16)
def _whiter(palette: Palette) -> canvas.Words:
    """[256]: what a cloud so dense adds to the sky."""
    add = [cloud - sky for cloud, sky in zip(palette.cloud, palette.high, strict=True)]
    table = np.array([[max(0, part) * at // 255 for part in (*add, 0)] for at in range(256)], np.uint8)
    return table.view(np.uint32).reshape(256)


def _mountains(
    pen: canvas.Pen,
    rng: random.Random,
    palette: Palette,
    width: int,
    height: int,
    level: float,
) -> None:
    """Two to four ranges, the farther the taller and the paler."""
    ranges = rng.randint(2, 4)
    steep = rng.uniform(0.5, 0.68)
    for index in range(ranges):
        near = (index + 1) / ranges
        colour = mix(palette.low, palette.far, 0.4 + 0.55 * near)
        tall = level * (0.62 - 0.42 * near) * rng.uniform(0.8, 1.15)
        profile = canvas.ridge(rng, 32, steep)
        tops = [
            (at * width / 32, level - max(0.12, 0.6 + 0.62 * rise) * tall)
            for at, rise in enumerate(profile)
        ]
        pen.area([(0, level + 2), *tops, (width, level + 2)], fill=colour)
        if index + 1 < ranges:
            snow = palette.snow or (index == 0 and tall > level * 0.4)
            _faces(pen, tops, colour, level, mix(colour, palette.cloud, 0.75) if snow else None)


def _faces(
    pen: canvas.Pen,
    tops: list[tuple[float, float]],
    colour: RGB,
    level: float,
    snow: RGB | None,
) -> None:
    """The side of each peak that lies in shade, and the snow on it."""
    dark = shade(colour, 0.9)
    for at in range(1, len(tops) - 1):
        x, y = tops[at]
        if y >= tops[at - 1][1] or y > tops[at + 1][1]:
            continue
        end = at + 1
        while end + 1 < len(tops) and tops[end + 1][1] > tops[end][1]:
            end += 1
        low_x, low_y = tops[end]
        drop = (level - y) * 0.75
        pen.area(
            [*tops[at : end + 1], (low_x - (low_x - x) * 0.3, min(level, low_y + drop * 0.25)),
             (x + (low_x - x) * 0.05, y + drop * 0.8), (x - (low_x - x) * 0.12, y + drop * 0.45)],
            fill=dark,
        )
        if snow is None or level - y < level * 0.24:
            continue
        (ax, ay), (bx, by) = tops[at - 1], tops[at + 1]
        left, right = (x + (ax - x) * 0.8, y + (ay - y) * 0.8), (x + (bx - x) * 0.8, y + (by - y) * 0.8)
        foot = max(left[1], right[1]) + (level - y) * 0.06
        pen.area(
            [(x, y), left, (x + (left[0] - x) * 0.45, foot), (x, (y + foot) / 2),
             (x + (right[0] - x) * 0.5, foot), right],
            fill=snow,
        )


def _fields(
    pen: canvas.Pen,
    rng: random.Random,
    palette: Palette,
    width: int,
    height: int,
    level: float,
    vanish: float,
) -> None:
    """Bands of crops between the horizon and the viewer, with furrows to the vanishing point."""
    deep = height - level
    edge, bands = 0.0, 5
    for band in range(bands):
        nextedge = ((band + 1) / bands) ** 2 * rng.uniform(0.85, 1.0) if band + 1 < bands else 1.1
        colour = mix(palette.field, palette.near, (band + 0.5) / bands)
        colour = mix(colour, palette.leaf, rng.uniform(0, 0.22))
        colour = mix(shade(colour, rng.uniform(0.93, 1.08)), palette.low, 0.4 / (1 + 2 * band))
        tilt = rng.uniform(-0.03, 0.03) * deep
        top, foot = level + edge * deep, min(float(height), level + (nextedge + 0.04) * deep)
        pen.area(
            [(0, top + tilt), (width, top - tilt), (width, foot), (0, foot)], fill=colour
        )
        if rng.random() < 0.6:
            _furrows(pen, rng, colour, width, level, vanish, top, level + nextedge * deep)
        edge = nextedge
    pen.line((0, level, width, level), fill=mix(palette.low, palette.leaf, 0.5), width=2)


def _furrows(
    pen: canvas.Pen,
    rng: random.Random,
    colour: RGB,
    width: int,
    level: float,
    vanish: float,
    top: float,
    bottom: float,
) -> None:
    dark = shade(colour, 0.93)
    gap = width * rng.uniform(0.13, 0.2)
    slant = rng.uniform(-0.4, 0.4) * width
    upper = (top - level) / max(1.0, bottom - level)
    focus = vanish + slant
    first, last = int(-focus / gap / max(upper, 0.3)) - 1, int((width - focus) / gap / max(upper, 0.3))
    for row in range(max(first, -14), min(last, 14) + 1):
        x, end = row * gap, (row + 0.35) * gap
        high, low = focus + x * upper, focus + x
        if max(high + gap, low + gap) < 0 or min(high, low) > width:
            continue
        pen.area([(high, top), (focus + end * upper, top), (focus + end, bottom), (low, bottom)], fill=dark)


def _way(
    pen: canvas.Pen,
    rng: random.Random,
    palette: Palette,
    width: int,
    height: int,
    level: float,
    vanish: float,
) -> float:
    """A road or a river from the horizon to the lower rim; returns its foot's x / width."""
    foot = rng.uniform(0.25, 0.75)
    bend = rng.uniform(-0.22, 0.22) * width
    broad = rng.uniform(0.13, 0.22) * width
    river = rng.random() < 0.4
    left, right, middle = [], [], []
    for step in range(13):
        near = (step / 12) ** 2
        swing = bend * near * (1 - near) * (1.8 if river else 1.0) * 2
        x = vanish + (foot * width - vanish) * near + swing
        y = level + (height - level) * near * 1.03
        half = broad * (near + 0.006)
        left.append((x - half, y))
        right.append((x + half, y))
        middle.append((x, y, near))
    surface = mix(palette.high, palette.low, 0.45) if river else palette.road
    bank = mix(palette.near, palette.road, 0.4)
    wide = [(x - broad * 0.12 * (y - level) / (height - level), y) for x, y in left]
    wide += [(x + broad * 0.12 * (y - level) / (height - level), y) for x, y in reversed(right)]
    pen.area(wide, fill=bank)
    pen.area([*left, *reversed(right)], fill=surface)
    if river:
        bright = mix(surface, palette.light, 0.35)
        for step in range(3, 12):
            x, y, near = middle[step]
            reach = broad * near * rng.uniform(0.2, 0.5)
            shift = broad * near * rng.uniform(-0.4, 0.4)
            thick = max(1, int(height * 0.006 * near))
            pen.line((x + shift - reach, y, x + shift + reach, y), fill=bright, width=thick)
        return foot
    line = mix(surface, ink(229, 229, 229), 0.75)
    for (ax, ay, near), (bx, by, nearer) in itertools.pairwise(middle[2:]):
        a, b = broad * 0.035 * near, broad * 0.035 * nearer
        bx, by = ax + (bx - ax) * 0.55, ay + (by - ay) * 0.55
        pen.area([(ax - a, ay), (ax + a, ay), (bx + b, by), (bx - b, by)], fill=line)
    return foot


def _standing(
    pen: canvas.Pen,
    rng: random.Random,
    palette: Palette,
    width: int,
    height: int,
    level: float,
    vanish: float,
    foot: float,
) -> None:
    """Trees, houses and a fence, the farthest first."""
    deep = height - level
    spots = sorted(rng.uniform(0.03, 1.0) ** 2 for _ in range(rng.randint(20, 27)))
    fence = rng.random() < 0.7
    rail = rng.choice((-1, 1)) * rng.uniform(0.32, 0.4)
    if fence:
        growth.fence(pen, palette.wall, width, height, level, vanish, foot + rail)
    for near in spots:
        near = max(near, 0.012)
        way = vanish + (foot - vanish) * near
        side = rng.choice((-1, 1))
        away = rng.uniform(0.36, 1.6) * near + rng.uniform(0.0, 0.55) * (1 - near)
        x = (way + side * away) * width
        y = level + deep * near * 0.98
        tall = deep * near * rng.uniform(0.75, 1.15) + deep * 0.03
        if not -0.2 * width < x < 1.2 * width or near > 0.8:
            continue
        haze = max(0.0, 0.5 - near * 2.2)
        leaf = mix(shade(palette.leaf, rng.uniform(0.85, 1.2)), palette.low, haze)
        kind = rng.random()
        if kind < 0.26 and near < 0.45:
            wall = mix(palette.wall, palette.low, haze)
            growth.house(pen, rng, wall, palette.lamp, x, y, tall * 0.62, snow=palette.snow)
        elif kind < 0.62:
            growth.conifer(pen, mix(leaf, FIR, 0.5), x, y, tall, snow=palette.snow)
        else:
            growth.broadleaf(pen, rng, leaf, mix(leaf, palette.light, 0.22), x, y, tall * 0.85)
