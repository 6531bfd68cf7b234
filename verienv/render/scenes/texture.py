"""A texture that changes over the whole picture: marble, cells, waves, clouds of ink, wood.

It never repeats: colour drifts from one corner to the other, the pattern grows coarser along the
way, and the rims are darker than the middle, so each part has its own place.
"""

from __future__ import annotations

import math
import random

import numpy as np
import numpy.typing as npt
from PIL import Image

from verienv.render.scenes import canvas
from verienv.render.scenes.canvas import RGB, Noise, Plane, ink

Stops = tuple[tuple[int, RGB], ...]

RAMPS: tuple[Stops, ...] = (
    (  # lagoon
        (0, ink(32, 48, 84)), (80, ink(34, 104, 128)), (140, ink(86, 160, 158)),
        (200, ink(180, 200, 180)), (255, ink(214, 210, 190)),
    ),
    (  # ember
        (0, ink(40, 34, 52)), (70, ink(108, 40, 62)), (140, ink(184, 76, 54)),
        (205, ink(206, 146, 76)), (255, ink(214, 204, 160)),
    ),
    (  # moss
        (0, ink(34, 50, 44)), (90, ink(66, 98, 62)), (160, ink(134, 148, 86)),
        (215, ink(194, 192, 140)), (255, ink(214, 212, 192)),
    ),
    (  # stone
        (0, ink(46, 50, 58)), (100, ink(98, 104, 112)), (170, ink(160, 158, 154)),
        (230, ink(206, 200, 190)), (255, ink(214, 210, 204)),
    ),
    (  # orchid
        (0, ink(44, 38, 78)), (90, ink(98, 66, 130)), (160, ink(176, 104, 150)),
        (210, ink(210, 160, 168)), (255, ink(214, 206, 200)),
    ),
    (  # oak
        (0, ink(66, 42, 32)), (90, ink(114, 74, 48)), (170, ink(164, 116, 74)),
        (255, ink(208, 168, 118)),
    ),
)
KINDS = ("marble", "cells", "waves", "cloud", "rings")
_SINE = np.array([int(127.5 + 127.5 * math.sin(2 * math.pi * at / 256)) for at in range(256)], np.int32)


def draw(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """An RGB texture of `size` (width, height) pixels; `scene` checks the size."""
    noise = Noise(rng)
    kind = rng.choice(KINDS)
    stops = rng.choice(RAMPS)
    coarse = canvas.quarter(size)
    if kind == "cells":
        field = _cells(rng, noise, coarse)
    elif kind == "cloud":
        field = noise.field((3, 2), 5, coarse)
    else:
        field = _bands(rng, noise, kind, coarse)
    sheet = canvas.Sheet(size)
    sheet.blocks(canvas.seen(canvas.doubled(field, size), canvas.ramp(stops)))
    across = [rng.randint(-26, 26) for _ in range(3)]
    return canvas.finish(sheet, noise, *canvas.veil(size, 44, across, rng.randint(-26, 26)))


def _bands(rng: random.Random, noise: Noise, kind: str, coarse: tuple[int, int]) -> Plane:
    """Sine bands bent by noise: veins across, waves that swell, or the rings of a tree."""
    width, height = coarse
    bend = noise.field((3, 2), 4, coarse).astype(np.int32)
    x = np.arange(width, dtype=np.int32)[None, :] * 256 // width
    y = np.arange(height, dtype=np.int32)[:, None] * 256 // height
    if kind == "marble":
        turn = rng.choice((-1, 1))
        phase = (x * rng.randint(3, 5) + turn * y * rng.randint(1, 3)) // 2 + bend * 3
    elif kind == "waves":
        phase = (y * y * rng.randint(8, 14)) // 512 + x * rng.randint(-1, 1) + bend
    else:
        cx, cy = rng.randrange(-40, 297), rng.randrange(-40, 297)
        far = (x - cx) * (x - cx) + (y - cy) * (y - cy)
        phase = _root(far) * rng.randint(5, 8) + bend * 2
    return canvas.stretch(_SINE[phase & 255] * 3 + bend * 2)


def _root(square: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Integer square roots, rounded down: IEEE 754 rounds them the same way everywhere."""
    return np.sqrt(square.astype(np.float64)).astype(np.int32)


def _cells(rng: random.Random, noise: Noise, coarse: tuple[int, int]) -> Plane:
    """Voronoi cells, small in one corner and large in the opposite one."""
    width, height = coarse
    x = np.arange(width, dtype=np.int32)[None, :]
    y = np.arange(height, dtype=np.int32)[:, None]
    first = np.full((height, width), 1 << 30, np.int32)
    second = first.copy()
    shade = np.zeros((height, width), np.int32)
    flip_x, flip_y = rng.random() < 0.5, rng.random() < 0.5
    for _ in range(30):
        u, v = rng.random() ** 1.7, rng.random() ** 1.3
        px = int((1 - u if flip_x else u) * width)
        py = int((1 - v if flip_y else v) * height)
        tone = rng.randrange(70, 256)
        far = (x - px) ** 2 + (y - py) ** 2
        nearer = far < first
        second = np.minimum(second, np.maximum(first, far))
        first = np.minimum(first, far)
        shade[nearer] = tone
    rim = np.minimum(_root(second) - _root(first), 12)
    bend = noise.field((4, 3), 4, coarse).astype(np.int32)
    dome = np.minimum(_root(first), 40)
    mixed = (shade * 2 + bend - dome * 3) * (rim + 6)
    return canvas.stretch(mixed)
