"""Reeds and Shepp's curves: the shortest paths of a car that drives both ways and turns on circles of radius 1.

Every word of the paper's list (Pacific J. Math. 145, 1990, section 8) is tried, with its mirror images in time and in
space; a word is steers and lengths. The shortest of all is a shortest path.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Final

from verienv.families.parking import car, trig
from verienv.families.parking.car import Arc, Pose
from verienv.families.parking.trig import HALF, PI

Word = tuple[tuple[int, float], ...]
"""Steer 1, 0 or -1 and length in radii, negative backwards."""
Found = tuple[float, float, float] | None
Formula = Callable[[float, float, float, float, float], Found]

_SLACK: Final = 1e-10
NOTHING: Final = 1e-9


def paths(start: Pose, goal: Pose, within: float | None = None) -> list[tuple[float, tuple[Arc, ...]]]:
    """Every word that leads from one pose to another, shortest first: metres, and arcs.

    `within`: no longer than so many times the shortest.
    """
    x, y, turn = seen(start, goal)
    found = {}
    for word in words(x, y, turn):
        arcs = tuple([(float(steer), length * car.RADIUS) for steer, length in word if abs(length) > NOTHING])
        found[arcs] = sum(abs(length) for _, length in arcs)
    ordered = sorted((length, arcs) for arcs, length in found.items())
    return ordered if within is None else [each for each in ordered if each[0] <= within * ordered[0][0]]


def shortest(start: Pose, goal: Pose) -> float:
    """The length of a shortest path in metres."""
    x, y, turn = seen(start, goal)
    return min(sum(abs(length) for _, length in word) for word in words(x, y, turn)) * car.RADIUS


def seen(start: Pose, goal: Pose) -> tuple[float, float, float]:
    """The goal as the start sees it: ahead and to the left, in radii, and the turn."""
    c, s = trig.turns(start[2])
    dx, dy = (goal[0] - start[0]) * car.CURVE, (goal[1] - start[1]) * car.CURVE
    return c * dx + s * dy, c * dy - s * dx, trig.wrapped(goal[2] - start[2])


def words(x: float, y: float, turn: float) -> Iterator[Word]:
    """Every word to a goal in radii, ahead and to the left."""
    c, s = trig.turns(turn)
    back_x, back_y = x * c + y * s, x * s - y * c  # the start as the goal sees it
    for formula, steers, lengths, reversed_too in _FORMULAS:
        for time in (1, -1):
            for side in (1, -1):
                found = formula(time * x, side * y, time * side * turn, time * side * s, c)
                if found:
                    yield _word(steers, lengths(*found), time, side)
                if reversed_too:
                    found = formula(time * back_x, side * back_y, time * side * turn, time * side * s, c)
                    if found:
                        yield _word(steers[::-1], lengths(*found)[::-1], time, side)


def _word(steers: tuple[int, ...], lengths: tuple[float, ...], time: int, side: int) -> Word:
    return tuple([(side * steer, time * length) for steer, length in zip(steers, lengths, strict=True)])


def _polar(x: float, y: float) -> tuple[float, float]:
    return math.sqrt(x * x + y * y), trig.angle_of(x, y)


def _left_straight_left(x: float, y: float, turn: float, s: float, c: float) -> Found:
    u, t = _polar(x - s, y - 1.0 + c)
    v = trig.wrapped(turn - t)
    return (t, u, v) if t >= -_SLACK and v >= -_SLACK else None


def _left_straight_right(x: float, y: float, turn: float, s: float, c: float) -> Found:
    far, t1 = _polar(x + s, y - 1.0 - c)
    if far < 2.0:
        return None
    u = math.sqrt(far * far - 4.0)
    t = trig.wrapped(t1 + trig.angle_of(u, 2.0))
    v = trig.wrapped(t - turn)
    return (t, u, v) if t >= -_SLACK and v >= -_SLACK else None


def _left_right_left(x: float, y: float, turn: float, s: float, c: float) -> Found:
    far, angle = _polar(x - s, y - 1.0 + c)
    if far > 4.0:
        return None
    u = -2.0 * (HALF - trig.arc_cosine(0.25 * far))
    t = trig.wrapped(angle + 0.5 * u + PI)
    v = trig.wrapped(turn - t + u)
    return (t, u, v) if t >= -_SLACK and u <= _SLACK else None


def _outer(u: float, v: float, xi: float, eta: float, turn: float) -> tuple[float, float]:
    delta = trig.wrapped(u - v)
    (cu, su), (cd, sd) = trig.turns(u), trig.turns(delta)
    a, b = su - sd, cu - cd - 1.0
    angle = trig.angle_of(xi * a + eta * b, eta * a - xi * b)
    other = 2.0 * (cd - trig.turns(v)[0] - cu) + 3.0
    t = trig.wrapped(angle + PI) if other < 0 else angle
    return t, trig.wrapped(t - u + v - turn)


def _there_on_back_back(x: float, y: float, turn: float, s: float, c: float) -> Found:
    xi, eta = x + s, y - 1.0 - c
    rho = 0.25 * (2.0 + math.sqrt(xi * xi + eta * eta))
    if rho > 1.0:
        return None
    u = trig.arc_cosine(rho)
    t, v = _outer(u, -u, xi, eta, turn)
    return (t, u, v) if t >= -_SLACK and v <= _SLACK else None


def _there_back_back_there(x: float, y: float, turn: float, s: float, c: float) -> Found:
    xi, eta = x + s, y - 1.0 - c
    rho = (20.0 - xi * xi - eta * eta) / 16.0
    if not 0.0 <= rho <= 1.0:
        return None
    u = -trig.arc_cosine(rho)
    t, v = _outer(u, u, xi, eta, turn)
    return (t, u, v) if t >= -_SLACK and v >= -_SLACK else None


def _left_right_straight_left(x: float, y: float, turn: float, s: float, c: float) -> Found:
    rho, angle = _polar(x - s, y - 1.0 + c)
    if rho < 2.0:
        return None
    r = math.sqrt(rho * rho - 4.0)
    u = 2.0 - r
    t = trig.wrapped(angle + trig.angle_of(-2.0, r))
    v = trig.wrapped(turn - HALF - t)
    return (t, u, v) if t >= -_SLACK and u <= _SLACK and v <= _SLACK else None


def _left_right_straight_right(x: float, y: float, turn: float, s: float, c: float) -> Found:
    rho, t = _polar(-(y - 1.0 - c), x + s)
    if rho < 2.0:
        return None
    u = 2.0 - rho
    v = trig.wrapped(t + HALF - turn)
    return (t, u, v) if t >= -_SLACK and u <= _SLACK and v <= _SLACK else None


def _two_each_side(x: float, y: float, turn: float, s: float, c: float) -> Found:
    xi, eta = x + s, y - 1.0 - c
    rho = math.sqrt(xi * xi + eta * eta)
    if rho < 2.0:
        return None
    u = 4.0 - math.sqrt(rho * rho - 4.0)
    if u > _SLACK:
        return None
    t = trig.angle_of(-2.0 * xi + (u - 4.0) * eta, (4.0 - u) * xi - 2.0 * eta)
    v = trig.wrapped(t - turn)
    return (t, u, v) if t >= -_SLACK and v >= -_SLACK else None


Lengths = Callable[[float, float, float], tuple[float, ...]]

_FORMULAS: Final[tuple[tuple[Formula, tuple[int, ...], Lengths, bool], ...]] = (
    (_left_straight_left, (1, 0, 1), lambda t, u, v: (t, u, v), False),
    (_left_straight_right, (1, 0, -1), lambda t, u, v: (t, u, v), False),
    (_left_right_left, (1, -1, 1), lambda t, u, v: (t, u, v), True),
    (_there_on_back_back, (1, -1, 1, -1), lambda t, u, v: (t, u, -u, v), False),
    (_there_back_back_there, (1, -1, 1, -1), lambda t, u, v: (t, u, u, v), False),
    (_left_right_straight_left, (1, -1, 0, 1), lambda t, u, v: (t, -HALF, u, v), True),
    (_left_right_straight_right, (1, -1, 0, -1), lambda t, u, v: (t, -HALF, u, v), True),
    (_two_each_side, (1, -1, 0, 1, -1), lambda t, u, v: (t, -HALF, u, -HALF, v), False),
)
