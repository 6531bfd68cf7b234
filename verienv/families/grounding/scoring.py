"""Intersection over union, and what it is worth."""

from __future__ import annotations

from typing import Final

Box = tuple[float, float, float, float]  # x1, y1, x2, y2, half-open, x1 < x2 and y1 < y2

FULL: Final = 0.9
NOTHING: Final = 0.5


def iou(first: Box, second: Box) -> float:
    """The area that two boxes share, over the area they cover together; in [0, 1], no pixel added or taken."""
    across = min(first[2], second[2]) - max(first[0], second[0])
    down = min(first[3], second[3]) - max(first[1], second[1])
    if across <= 0 or down <= 0:
        return 0.0
    shared = across * down
    covered = (first[2] - first[0]) * (first[3] - first[1]) + (second[2] - second[0]) * (second[3] - second[1]) - shared
    return min(1.0, shared / covered)


def worth(overlap: float) -> float:
    """1 from FULL on, 0 up to NOTHING, linear between: no box that ignores the question earns anything to speak of."""
    return min(1.0, max(0.0, (overlap - NOTHING) / (FULL - NOTHING)))
