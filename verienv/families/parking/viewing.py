"""The image of the step view: the place around the car, its nose to the right, 64 pixels for 21.3 m."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from verienv.families.parking import car, trig
from verienv.families.parking.car import Pose
from verienv.families.parking.world import Quad

SIDE: Final = 64
METRES: Final = 256 / 12
"""From side to side."""
GROUND, OBSTACLE, SLOT, TRAIL, OWN = (255, 255, 255), (150, 150, 150), (69, 139, 116), (30, 144, 255), (30, 60, 200)
_MIDDLES: Final = (np.arange(SIDE) + 0.5) * (METRES / SIDE) - METRES / 2
_X: Final = _MIDDLES[None, :]
_Y: Final = -_MIDDLES[:, None]


def nothing() -> NDArray[np.uint8]:
    """No place at all."""
    return np.full((SIDE, SIDE, 3), 255, np.uint8)


def image(pose: Pose, quads: Sequence[Quad], target: Pose, trail: Any) -> NDArray[np.uint8]:
    """[64, 64, 3]: what stands around, the slot, where the car was (fainter the longer ago), the car."""
    drawn = nothing()
    c, s = trig.turns(pose[2])

    def fill(shape: Sequence[tuple[float, float]], colour: tuple[int, int, int]) -> None:
        seen = [(c * (x - pose[0]) + s * (y - pose[1]), c * (y - pose[1]) - s * (x - pose[0])) for x, y in shape]
        xs, ys = [x for x, _ in seen], [y for _, y in seen]
        reach = METRES / 2
        if min(xs) > reach or max(xs) < -reach or min(ys) > reach or max(ys) < -reach:
            return
        inside = np.ones((SIDE, SIDE), bool)
        for at in range(4):
            (ax, ay), (bx, by) = seen[at - 1], seen[at]
            inside &= (bx - ax) * (_Y - ay) >= (by - ay) * (_X - ax)
        drawn[inside] = colour

    for quad in quads:
        fill([(x / 100, y / 100) for x, y in quad], OBSTACLE)
    fill(car.corners(target), SLOT)
    for at in range(len(trail) - 1, 0, -4):
        share = at / len(trail)
        fill(car.corners(tuple(trail[at].tolist())), _faded(TRAIL, share))
    fill(car.corners(pose), OWN)
    return drawn


def _faded(colour: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(each + (255 - each) * share) for each in colour)
    return red, green, blue
