"""HOPE's measures of slots and aisles, by kind and grade, and its grade of any scene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from verienv.families.parking import car, making
from verienv.families.parking.making import Kind, Place
from verienv.families.parking.world import Quad

SLOTS: Final = ("bay", "parallel", "angled")
GRADES: Final = ("open", "normal", "complex", "extreme")

_L: Final = car.LENGTH
_TABLE: Final = {
    # slack in the slot, depth of the aisle, things beyond it, half the length of the street; open and angled are ours,
    # and so is the extreme bay, which HOPE has not
    ("bay", "open"): ((1.2, 1.8), (8.0, 9.0), 1, 12.0),
    ("bay", "normal"): ((0.85, 1.2), (7.0, 7.0), 3, 15.0),
    ("bay", "complex"): ((0.4, 0.85), (6.0, 6.0), 5, 15.0),
    ("bay", "extreme"): ((0.4, 0.6), (4.0, 4.5), 7, 15.0),
    ("parallel", "open"): ((0.35 * _L, 0.5 * _L), (5.5, 6.5), 1, 14.0),
    ("parallel", "normal"): ((0.25 * _L, 0.25 * _L + 0.5), (4.5, 4.5), 3, 18.0),
    ("parallel", "complex"): ((0.9, 0.25 * _L), (4.0, 4.0), 5, 18.0),
    ("parallel", "extreme"): ((0.6, 0.9), (3.5, 3.5), 8, 18.0),
    ("angled", "open"): ((1.2, 1.8), (6.5, 7.5), 1, 12.0),
    ("angled", "normal"): ((0.85, 1.2), (5.5, 5.5), 3, 15.0),
    ("angled", "complex"): ((0.4, 0.85), (4.5, 4.5), 5, 15.0),
    ("angled", "extreme"): ((0.4, 0.6), (3.4, 3.8), 7, 15.0),
}
_AISLE: Final = {"bay": 7.0, "angled": 7.0, "parallel": 4.5}
_LEAST: Final = {"bay": 0.85, "angled": 0.85, "parallel": 0.25 * _L}


def kind(slot: str, grade: str) -> Kind:
    """What to draw."""
    slack, aisle, far, half = _TABLE[slot, grade]
    return Kind(slot, slack, aisle, far, half)


def graded(slot: str, slack: int, start: Place, target: Place, quads: Sequence[Quad]) -> str:
    """HOPE's grade of a scene.

    extreme: a parallel slot shorter than the lesser of 1.2 lengths and a length and 0.9 m, or more than 30 m to a
    narrow slot. complex: more than 15 m, a slot narrower than a normal one, or something in the rectangle that spans
    slot and start along the street and a normal aisle less 0.5 m across it. Else normal.
    """
    room = slack / 100
    dx, dy = start[0] - target[0], start[1] - target[1]
    far2 = (dx * dx + dy * dy) / 10_000
    narrow = room < _LEAST[slot]
    if (slot == "parallel" and room < min(0.2 * _L, 0.9)) or (far2 > 900 and narrow):
        return "extreme"
    if far2 > 225 or narrow or _cut(slot, start, target, quads):
        return "complex"
    return "normal"


def _cut(slot: str, start: Place, target: Place, quads: Sequence[Quad]) -> bool:
    """Whether something stands in the free rectangle before the slot, seen along the street."""
    first = making.seen_from(start, target, quads, slot)
    here, around = first.start, first.quads
    body = car.corners((0.0, 0.0, first.target[2] * making.TENTH))
    mouth = max(y for _, y in body) * 100
    low, high = mouth + 1, mouth + 100 * (_AISLE[slot] - 0.5)
    left = min(here[0], 100 * min(x for x, _ in body))
    right = max(here[0], 100 * max(x for x, _ in body))
    return any(_crosses(quad, left, low, right, high) for quad in around)


def _crosses(quad: Quad, left: float, low: float, right: float, high: float) -> bool:
    """Whether a convex quad and an upright rectangle share more than an edge."""
    xs, ys = [x for x, _ in quad], [y for _, y in quad]
    if max(xs) <= left or min(xs) >= right or max(ys) <= low or min(ys) >= high:
        return False
    box = ((left, low), (right, low), (right, high), (left, high))
    for at in range(4):
        (ax, ay), (bx, by) = quad[at - 1], quad[at]
        if all((by - ay) * (x - ax) - (bx - ax) * (y - ay) >= 0 for x, y in box):
            return False
    return True
