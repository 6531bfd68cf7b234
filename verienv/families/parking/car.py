"""HOPE's car: its measures, and how it drives. Metres and radians; a pose is that of the middle of the rear axle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from verienv.families.parking import trig

WHEELBASE: Final = 2.8
FRONT: Final = 3.76
"""From the rear axle to the front of the body."""
REAR: Final = 0.93
WIDTH: Final = 1.94
LENGTH: Final = FRONT + REAR
MIDDLE: Final = (FRONT - REAR) / 2
"""From the rear axle forward to the middle of the body."""
STEER: Final = 0.75
"""The largest angle of the front wheels."""
SPEED: Final = 2.5
"""Metres a second at most, either way."""
_COS, _SIN = trig.turns(STEER)
CURVE: Final = _SIN / _COS / WHEELBASE
"""The largest curvature."""
RADIUS: Final = 1 / CURVE
"""Of the tightest circle: 3.0056 m."""
SWING: Final = 1.83
"""Metres that no point of the body exceeds while the rear axle drives one metre on the tightest circle."""

Pose = tuple[float, float, float]
Arc = tuple[float, float]
"""Steering from -1 (right) to 1 (left), as a share of the largest curvature, and metres, negative backwards."""
Floats = NDArray[np.float64]

FLAT: Final = 1e-9
"""A smaller curvature is none."""


def driven(pose: Pose, arc: Arc) -> Pose:
    """The pose after an arc, exact to rounding; the heading is not wrapped."""
    x, y, heading = pose
    steer, length = arc
    curve = steer * CURVE
    half = 0.5 * curve * length
    chord = 2.0 * trig.turns(half)[1] / curve if abs(curve) > FLAT else length
    cosine, sine = trig.turns(heading + half)
    return x + chord * cosine, y + chord * sine, heading + 2.0 * half


def along(x: Floats, y: Floats, heading: Floats, curve: Floats, length: Floats) -> tuple[Floats, Floats, Floats]:
    """The same for arrays of one shape, or that broadcast; `curve` is the curvature itself."""
    half = 0.5 * curve * length
    straight = np.abs(curve) <= FLAT
    chord = np.where(straight, length, 2.0 * trig.turned(half)[1] / np.where(straight, 1.0, curve))
    cosine, sine = trig.turned(heading + half)
    return x + chord * cosine, y + chord * sine, heading + 2.0 * half


def end(pose: Pose, arcs: Sequence[Arc]) -> Pose:
    """The pose after all arcs."""
    for arc in arcs:
        pose = driven(pose, arc)
    return pose


def corners(pose: Pose, grown: float = 0.0) -> tuple[tuple[float, float], ...]:
    """Rear right, front right, front left, rear left: against the clock."""
    x, y, heading = pose
    c, s = trig.turns(heading)
    rear, front, side = -REAR - grown, FRONT + grown, WIDTH / 2 + grown
    return tuple(
        [
            (x + c * a - s * b, y + s * a + c * b)
            for a, b in ((rear, -side), (front, -side), (front, side), (rear, side))
        ]
    )


def apart(one: Pose, other: Pose) -> tuple[float, float]:
    """How far two poses are from one another: metres, and radians in [0, pi]."""
    dx, dy = one[0] - other[0], one[1] - other[1]
    return math.sqrt(dx * dx + dy * dy), abs(trig.wrapped(one[2] - other[2]))
