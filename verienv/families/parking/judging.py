"""What a drive comes to: whether it touches something or leaves its bounds, where it ends, how far it overlaps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from verienv.families.parking import car, making, trig, world
from verienv.families.parking.car import Arc, Pose
from verienv.families.parking.world import Quad
from verienv.score import Score, right, wrong

if TYPE_CHECKING:
    from verienv.families.parking import Problem


@dataclass(frozen=True, slots=True)
class Drive:
    """Where a drive ends: after its last arc, or before the first that fails, and why that does."""

    end: Pose
    fault: str  # "", "collided" or "outside"
    arcs: int  # driven without fault


def drive(
    quads: tuple[Quad, ...], bounds: tuple[float, float, float, float], start: Pose, arcs: Sequence[Arc]
) -> Drive:
    """The arcs one after the other, as far as they go; bounds hold wherever pieces of way begin or end."""
    pose = start
    if not arcs:
        return Drive(pose, "", 0)
    poses, curve, length, first = world.pieces(start, arcs)
    hit = world.blocked(world.alone(quads), 0, poses, curve, length) if quads else np.zeros(length.shape, bool)
    x, y, _ = car.along(*poses, curve, length)
    out = (x < bounds[0]) | (x > bounds[2]) | (y < bounds[1]) | (y > bounds[3])
    bad = np.flatnonzero(hit | out)
    if not bad.size:
        return Drive(car.end(start, arcs), "", len(arcs))
    count = int(np.searchsorted(first, bad[0], "right")) - 1
    return Drive(car.end(start, arcs[:count]), "collided" if hit[bad[0]] else "outside", count)


def overlap(one: Pose, other: Pose) -> float:
    """The area that two cars share, as a share of one's: exact to rounding."""
    shape = list(car.corners(one))
    c, s = trig.turns(other[2])
    seen = [(c * (x - other[0]) + s * (y - other[1]), c * (y - other[1]) - s * (x - other[0])) for x, y in shape]
    for axis, low, high in ((0, -car.REAR, car.FRONT), (1, -car.WIDTH / 2, car.WIDTH / 2)):
        seen = _cut(_cut(seen, axis, -1.0, -low), axis, 1.0, high)
    double: float = sum(seen[at - 1][0] * seen[at][1] - seen[at][0] * seen[at - 1][1] for at in range(len(seen)))
    return min(1.0, max(0.0, double / 2 / (car.LENGTH * car.WIDTH)))


def _cut(shape: list[tuple[float, float]], axis: int, sign: float, most: float) -> list[tuple[float, float]]:
    """What of a convex shape lies where sign * coordinate <= most."""
    kept = []
    for at in range(len(shape)):
        here, there = shape[at - 1], shape[at]
        a, b = sign * here[axis] - most, sign * there[axis] - most
        if (a > 0) != (b > 0):
            t = a / (a - b)
            kept.append((here[0] + t * (there[0] - here[0]), here[1] + t * (there[1] - here[1])))
        if b <= 0:
            kept.append(there)
    return kept


def standing(problem: Problem, end: Pose, metres: float) -> Score:
    """The score of a drive without fault that ends so after so many metres."""
    told = parts(problem, end)
    far, turn = car.apart(end, making.pose(problem.target))
    if far > problem.near / 100 or turn > 10 * problem.askew * making.TENTH:
        return wrong("not_parked", told)
    return right({**told, "thrift": min(1.0, problem.length / 1000 / metres) if metres else 1.0})


def parts(problem: Problem, end: Pose) -> dict[str, float]:
    """Where a car stands, in numbers."""
    start, goal = making.pose(problem.start), making.pose(problem.target)
    before, (after, turn) = car.apart(start, goal)[0], car.apart(end, goal)
    return {
        "free": 1.0,
        "approach": max(0.0, 1.0 - after / before) if before > 0 else 0.0,
        "aligned": max(0.0, 1.0 - turn / math.pi),
        "overlap": overlap(end, goal),
        "thrift": 0.0,
    }
