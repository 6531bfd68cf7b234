"""Smooth shapes as mode "L" masks, from whole-number arithmetic on a finer grid: the same everywhere.

Every mask is kept and never written to again, so threads may share them.
"""

from __future__ import annotations

import functools
import itertools
import math
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

FINE: Final = 4
"""Grid points per pixel and side."""

Bits = npt.NDArray[np.bool_]
Grid = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]  # x and y of every point


@functools.lru_cache(maxsize=512)
def disc(diameter: int) -> Image.Image:
    """A filled circle."""
    return _reduced(_disc(diameter * FINE, diameter * FINE))


@functools.lru_cache(maxsize=512)
def ring(diameter: int, width: int) -> Image.Image:
    """A circle's outline, `width` pixels thick."""
    side = diameter * FINE
    return _reduced(_disc(side, side) & ~_disc(side, side - 2 * width * FINE))


@functools.lru_cache(maxsize=512)
def corner(radius: int, left: bool, top: bool) -> Image.Image:
    """A corner of a rounded box, `radius` pixels on each side."""
    return _reduced(_corner(radius * FINE, radius * FINE, left, top))


@functools.lru_cache(maxsize=512)
def bend(radius: int, width: int, left: bool, top: bool) -> Image.Image:
    """The outline, `width` pixels thick, of the same corner."""
    side = radius * FINE
    return _reduced(_corner(side, side, left, top) & ~_corner(side, max(0, side - width * FINE), left, top))


Piece = tuple[Image.Image, int, int]  # a mask, and where its corner lies from the whole's


@functools.lru_cache(maxsize=256)
def shadow(width: int, height: int, blur: int, strength: int, drop: int, radius: int) -> tuple[Piece, ...]:
    """A soft shadow below a box of `width` x `height` with corners of `radius`, in pieces.

    It is `blur` pixels larger on every side and lies `drop` pixels lower; `strength` is its darkest. What the box hides
    is left out.
    """
    across, down = _ramp(width, blur), _ramp(height, blur)
    plane = (down[:, None] * across[None, :] * strength // (255 * 255)).astype(np.uint8)
    high, wide = plane.shape
    thin = blur + drop  # what shows beside a straight edge
    edge = min(thin + radius, min(high, wide) // 2)  # and at a corner
    thin = min(thin, edge)
    spans = (
        (0, 0, edge, edge),
        (wide - edge, 0, wide, edge),
        (0, high - edge, edge, high),
        (wide - edge, high - edge, wide, high),
        (edge, 0, wide - edge, thin),
        (edge, high - thin, wide - edge, high),
        (0, edge, thin, high - edge),
        (wide - thin, edge, wide, high - edge),
    )
    return tuple(
        [(Image.fromarray(plane[y1:y2, x1:x2].copy()), x1, y1) for x1, y1, x2, y2 in spans if x1 < x2 and y1 < y2]
    )


@functools.lru_cache(maxsize=64)
def arc(diameter: int, width: int, start: int, sweep: int) -> Image.Image:
    """A piece of a ring, degrees clockwise from the top."""
    side = diameter * FINE
    whole = _disc(side, side) & ~_disc(side, side - 2 * width * FINE)
    middle = side / 2
    kept = np.zeros_like(whole)
    y, x = np.indices(whole.shape) + 0.5
    for part in range(0, sweep, 30):  # wedges of at most 30 degrees
        a, b = start + part, start + min(sweep, part + 30)
        ax, ay = _spoke(a)
        bx, by = _spoke(b)
        dx, dy = x - middle, y - middle
        kept |= (ax * dy - ay * dx >= 0) & (bx * dy - by * dx <= 0)
    return _reduced(whole & kept)


def polygon(points: list[tuple[float, float]], grid: Grid) -> Bits:
    """Which points of `grid` (x, y) lie inside a polygon."""
    x, y = grid
    inside = np.zeros(x.shape, np.bool_)
    for at, (x2, y2) in enumerate(points):
        x1, y1 = points[at - 1]
        if y1 == y2:
            continue
        crosses = (y1 > y) != (y2 > y)
        inside ^= crosses & (
            (x - x1) * (y2 - y1) < (y - y1) * (x2 - x1) if y2 > y1 else (x - x1) * (y2 - y1) > (y - y1) * (x2 - x1)
        )
    return inside


def stroke(points: list[tuple[float, float]], width: float, grid: Grid) -> Bits:
    """Which points of `grid` lie within half a `width` of a line through `points`: round ends and joints."""
    x, y = grid
    reach = width * width / 4
    near = np.zeros(x.shape, np.bool_)
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        dx, dy = x2 - x1, y2 - y1
        length = dx * dx + dy * dy
        along = np.clip(((x - x1) * dx + (y - y1) * dy) / length, 0.0, 1.0) if length else np.zeros(x.shape)
        ex, ey = x - x1 - along * dx, y - y1 - along * dy
        near |= ex * ex + ey * ey <= reach
    return near


def reduced(bits: Bits) -> Image.Image:
    """A grid of FINE x FINE points per pixel as a mask."""
    return _reduced(bits)


def _spoke(degrees: int) -> tuple[float, float]:
    """A direction, clockwise from the top, to three decimals: the last bits of sine differ between machines."""
    angle = math.radians(degrees)
    return round(math.sin(angle), 3), round(-math.cos(angle), 3)


def _reduced(bits: Bits) -> Image.Image:
    height, width = bits.shape[0] // FINE, bits.shape[1] // FINE
    count = bits.reshape(height, FINE, width, FINE).sum(axis=(1, 3), dtype=np.uint16)
    return Image.fromarray((count * 255 // (FINE * FINE)).astype(np.uint8))


def _disc(side: int, diameter: int) -> Bits:
    """A disc in the middle of a square of `side` grid points."""
    offsets = 2 * np.arange(side) + 1 - side
    return np.asarray(offsets[None, :] ** 2 + offsets[:, None] ** 2 <= max(0, diameter) ** 2)


def _corner(side: int, radius: int, left: bool, top: bool) -> Bits:
    """What a quarter of a disc covers of a square of `side` grid points, its middle in the corner that lies inside."""
    offsets = 2 * np.arange(side) + 1
    bits = offsets[None, :] ** 2 + offsets[:, None] ** 2 <= (2 * radius) ** 2
    bits = bits[::-1] if top else bits
    return np.asarray(bits[:, ::-1] if left else bits)


def _ramp(length: int, blur: int) -> npt.NDArray[np.int64]:
    """0 to 255 over twice the blur, smooth at both ends, and back."""
    total = length + 2 * blur
    distance = np.minimum(np.arange(total), np.arange(total)[::-1]) + 1
    share = np.minimum(distance * 256 // (2 * blur + 1), 256)
    eased: npt.NDArray[np.int64] = np.minimum(255, share * share * (768 - 2 * share) // (256 * 256))
    return eased
