"""Convex shapes filled on a grid by whole numbers alone, so that every machine paints the same pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

RGB = tuple[int, int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A square of ground as pixels: [size, size, 3] uint8, the first row at the greatest y. Lengths in millimetres."""

    pixels: Any
    left: int
    top: int
    across: int

    def fill(self, shape: Sequence[Point], colour: RGB) -> None:
        """Paint the pixels whose middle lies in a convex shape, its corners in metres against the clock."""
        size = self.pixels.shape[0]
        # in units in which the middle of a pixel is whole: 2 * size to `across`
        xs = [2 * size * (round(1000 * x) - self.left) for x, _ in shape]
        ys = [2 * size * (self.top - round(1000 * y)) for _, y in shape]
        unit = self.across
        first, last = max(0, min(xs) // (2 * unit) - 1), min(size, max(xs) // (2 * unit) + 2)
        upper, lower = max(0, min(ys) // (2 * unit) - 1), min(size, max(ys) // (2 * unit) + 2)
        if first >= last or upper >= lower:
            return
        px = (2 * np.arange(first, last, dtype=np.int64) + 1) * unit
        py = ((2 * np.arange(upper, lower, dtype=np.int64) + 1) * unit)[:, None]
        inside = np.ones((lower - upper, last - first), bool)
        for at in range(len(xs)):
            dx, dy = xs[at] - xs[at - 1], ys[at] - ys[at - 1]
            inside &= dx * (py - ys[at - 1]) <= dy * (px - xs[at - 1])  # y points down here
        self.pixels[upper:lower, first:last][inside] = colour

    def line(self, start: Point, end: Point, width: float, colour: RGB) -> None:
        """A line along an axis, so wide (metres)."""
        (ax, ay), (bx, by), half = start, end, width / 2
        low_x, high_x, low_y, high_y = min(ax, bx) - half, max(ax, bx) + half, min(ay, by) - half, max(ay, by) + half
        self.fill(((low_x, low_y), (high_x, low_y), (high_x, high_y), (low_x, high_y)), colour)


def sheet(left: int, top: int, across: int, size: int, ground: RGB) -> Sheet:
    """A new one, all of one colour."""
    pixels = np.empty((size, size, 3), np.uint8)
    pixels[:] = ground
    return Sheet(pixels, left, top, across)
