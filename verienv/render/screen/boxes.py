"""Boxes of whole pixels."""

from __future__ import annotations

Box = tuple[int, int, int, int]  # left, top, right, bottom, half-open; origin top left


def meet(first: Box, second: Box) -> Box:
    """What two boxes share; maybe empty."""
    return (max(first[0], second[0]), max(first[1], second[1]), min(first[2], second[2]), min(first[3], second[3]))


def empty(box: Box) -> bool:
    """Whether a box holds no pixel."""
    return box[2] <= box[0] or box[3] <= box[1]


def inside(box: Box, x: float, y: float) -> bool:
    """Whether a point is in a box; the right and lower edges are not."""
    return box[0] <= x < box[2] and box[1] <= y < box[3]
