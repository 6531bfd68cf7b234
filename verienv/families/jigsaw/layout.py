"""Cutting a picture into a grid, laying the pieces out in another order, blackening borders, exchanging rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]  # [H, W, 3]
Box = tuple[int, int, int, int]  # x1, y1, x2, y2 in pixels, origin top left, half-open

PAPER, LINE, RIM = (236, 236, 232), (178, 178, 184), (120, 120, 128)  # of an empty slot


def cropped(picture: Pixels, rows: int, cols: int) -> Pixels:
    """The picture without what is over at the right and at the bottom."""
    height, width = picture.shape[:2]
    return picture[: height // rows * rows, : width // cols * cols]


def cut(picture: Pixels, rows: int, cols: int) -> Pixels:
    """[rows * cols, h, w, 3]: the pieces, row by row."""
    height, width = picture.shape[:2]
    grid = picture.reshape(rows, height // rows, cols, width // cols, 3).transpose(0, 2, 1, 3, 4)
    return grid.reshape(rows * cols, height // rows, width // cols, 3)


def arranged(picture: Pixels, rows: int, cols: int, order: Sequence[int]) -> Pixels:
    """A new sheet that shows in each slot the piece of that position; a slot of order 0 stays black."""
    height, width = picture.shape[0] // rows, picture.shape[1] // cols
    sheet = np.empty((height * rows, width * cols, 3), np.uint8)
    for slot, position in enumerate(order):
        top, left = slot // cols * height, slot % cols * width
        if position:
            y, x = (position - 1) // cols * height, (position - 1) % cols * width
            sheet[top : top + height, left : left + width] = picture[y : y + height, x : x + width]
        else:
            sheet[top : top + height, left : left + width] = 0
    return sheet


def fill(sheet: Pixels, rows: int, cols: int, slot: int, piece: Pixels) -> None:
    """Write a piece into a slot (from 1) of the sheet."""
    height, width = sheet.shape[0] // rows, sheet.shape[1] // cols
    top, left = (slot - 1) // cols * height, (slot - 1) % cols * width
    sheet[top : top + height, left : left + width] = piece


def borders(side: int, count: int, ratio: float) -> list[tuple[int, int]]:
    """The blackened intervals along `count` pieces of `side` pixels: int(side*ratio) at the rim, half beside a seam."""
    full = int(side * ratio)
    half = full // 2
    black = [(0, full)]
    black += [(side * at - half, side * at + half) for at in range(1, count)]
    black.append((side * count - full, side * count))
    return black


def mask(sheet: Pixels, rows: int, cols: int, ratio: float) -> None:
    """Blacken the borders of every piece of a sheet."""
    if not ratio:
        return
    for start, stop in borders(sheet.shape[0] // rows, rows, ratio):
        sheet[start:stop] = 0
    for start, stop in borders(sheet.shape[1] // cols, cols, ratio):
        sheet[:, start:stop] = 0


@lru_cache(maxsize=64)
def hatching(height: int, width: int) -> Pixels:
    """[height, width, 3], read-only: what an empty slot shows."""
    y, x = np.mgrid[:height, :width]
    spacing = max(8, min(height, width) // 6)
    empty = np.empty((height, width, 3), np.uint8)
    empty[:] = PAPER
    empty[(x + y) % spacing < max(2, spacing // 6)] = LINE
    rim = 2 if min(height, width) >= 32 else 1
    for edge in (np.s_[:rim], np.s_[-rim:], np.s_[:, :rim], np.s_[:, -rim:]):
        empty[edge] = RIM
    empty.flags.writeable = False
    return empty


def exchanged(picture: Pixels, boxes: Sequence[Box], order: Sequence[int]) -> Pixels:
    """A new sheet whose rectangle r holds what rectangle `order[r]` (from 1) held."""
    sheet = picture.copy()
    for (x1, y1, x2, y2), origin in zip(boxes, order, strict=True):
        a1, b1, a2, b2 = boxes[origin - 1]
        sheet[y1:y2, x1:x2] = picture[b1:b2, a1:a2]
    return sheet


def overlap(box: Box, other: Box) -> float:
    """Intersection over union, in [0, 1]; 0 for a box without area."""
    if not (box[0] < box[2] and box[1] < box[3] and other[0] < other[2] and other[1] < other[3]):
        return 0.0
    wide = min(box[2], other[2]) - max(box[0], other[0])
    tall = min(box[3], other[3]) - max(box[1], other[1])
    if wide <= 0 or tall <= 0:
        return 0.0
    both = wide * tall
    return both / ((box[2] - box[0]) * (box[3] - box[1]) + (other[2] - other[0]) * (other[3] - other[1]) - both)
