"""The oracle: hybrid A* from the slot outwards, with Reeds and Shepp's curves to the start as soon as one is free.

Driving is the same forwards and backwards in time, so a way out of the slot is a way into it. From a pose six arcs are
driven, left, straight and right both ways, as far as they go; poses along them are the next ones. The way that is found
is driven in full lock or straight, and is short, not shortest.
"""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from verienv.families.parking import car, curves, trig, world
from verienv.families.parking.car import Arc, Pose
from verienv.families.parking.world import Quad

EFFORT: Final = 32
"""Poses from which the search goes on, at most; scenes that take more are not used."""
CLEAR: Final = 0.045
ROUGH: Final = 4
"""With so many poses tested of a piece, planned ways keep 1.5 cm from everything."""
SPARSE: Final = 3
"""Of a curve, one piece in so many is looked at first."""
GREED: Final = 4.0
"""Weight of the estimated rest of the way."""
STEP: Final = 0.12
"""Metres."""
REACH: Final = 24
"""An arc is driven for so many steps at most."""
STOPS: Final = (3, 8, 24)
"""Steps after which an arc may end, besides where it is blocked."""
BATCH: Final = 4
"""Poses that are gone on from together; the nearest to the start is tried for curves."""
SHOTS: Final = 3
"""Curves tried, the shortest first."""
TAKEOVER: Final = 1.6
PLACES: Final = 3
"""Decimals of a plan's lengths."""
_STEER: Final = np.repeat(np.array([1.0, 0.0, -1.0, 1.0, 0.0, -1.0]), REACH)
_DONE: Final = np.concatenate([np.arange(REACH) * STEP] * 3 + [np.arange(REACH) * -STEP] * 3)
_LENGTH: Final = np.repeat(np.array([STEP] * 3 + [-STEP] * 3), REACH)
_SIX: Final = [(steer, gear) for gear in (1.0, -1.0) for steer in (1.0, 0.0, -1.0)]


@dataclass(frozen=True, slots=True)
class Plan:
    """Arcs from the start into the slot, and how many poses the search went on from."""

    arcs: tuple[Arc, ...]
    poses: int

    @property
    def length(self) -> float:
        """Metres driven."""
        return sum(abs(length) for _, length in self.arcs)

    @property
    def changes(self) -> int:
        """Changes between driving forwards and backwards."""
        return sum(one[1] * other[1] < 0 for one, other in itertools.pairwise(self.arcs))


@dataclass(frozen=True, slots=True)
class _Node:
    pose: Pose
    cost: float
    arc: Arc | None
    before: _Node | None


@lru_cache(maxsize=512)
def solve(quads: tuple[Quad, ...], start: Pose, goal: Pose, effort: int = EFFORT) -> Plan | None:
    """A way from start to goal that keeps CLEAR of everything, or None where none is found within the effort."""
    ticket = itertools.count()
    queue: list[tuple[float, int, _Node]] = [(0.0, 0, _Node(goal, 0.0, None, None))]
    closed: set[tuple[int, int, int]] = set()
    poses = 0
    while queue and poses < effort:
        batch: list[_Node] = []
        while queue and len(batch) < (BATCH if poses else 1):
            node = heapq.heappop(queue)[2]
            key = _cell(node.pose)
            if key not in closed:
                closed.add(key)
                batch.append(node)
        if not batch:
            break
        poses += len(batch)
        way = _shot(quads, min(batch, key=lambda each: _bound(each.pose, start)), start)
        if way is not None:
            plan = Plan(_backwards(*way), poses)
            if world.touched(quads, start, plan.arcs) is None:
                return plan
        for node in _grown(quads, batch):
            if _cell(node.pose) not in closed:
                heapq.heappush(queue, (node.cost + GREED * _bound(node.pose, start), next(ticket), node))
    return None


@lru_cache(maxsize=512)
def unhindered(quads: tuple[Quad, ...], start: Pose, goal: Pose) -> tuple[Arc, ...] | None:
    """The shortest single curve that touches nothing, of those that HOPE tries: up to TAKEOVER times the shortest."""
    for _, arcs in curves.paths(start, goal, TAKEOVER):
        if world.touched(quads, start, arcs) is None:
            return arcs
    return None


def _cell(pose: Pose) -> tuple[int, int, int]:
    return round(pose[0] * 5), round(pose[1] * 5), round(trig.wrapped(pose[2]) * 10)


def _bound(pose: Pose, start: Pose) -> float:
    far, turn = car.apart(pose, start)
    return max(far, car.RADIUS * turn)


def _grown(quads: tuple[Quad, ...], batch: list[_Node]) -> list[_Node]:
    """The poses along the six arcs from each node."""
    many = len(batch)
    x, y, heading = (np.repeat([node.pose[at] for node in batch], _STEER.size) for at in range(3))
    curve, length = np.tile(_STEER, many) * car.CURVE, np.tile(_LENGTH, many)
    around = world.alone(quads)
    at = car.along(x, y, heading, curve, np.tile(_DONE, many) + length)
    hit = world.stands(around, 0, *at, CLEAR).reshape(many, 6, REACH)
    before = np.flatnonzero(np.cumsum(hit, 2).ravel() == 0)  # pieces before one that surely is blocked
    begun = car.along(x[before], y[before], heading[before], curve[before], np.tile(_DONE, many)[before])
    more = world.blocked(around, 0, begun, curve[before], length[before], CLEAR, ROUGH)
    hit.ravel()[before] |= more
    free = np.where(hit.any(2), hit.argmax(2), REACH).tolist()
    found = []
    for node, reached in zip(batch, free, strict=True):
        for (steer, gear), steps in zip(_SIX, reached, strict=True):
            if not steps:
                continue
            for stop in sorted({*[each for each in STOPS if each <= steps], steps}):
                arc = (steer, gear * stop * STEP)
                found.append(_Node(car.driven(node.pose, arc), node.cost + _price(node.arc, arc), arc, node))
    return found


def _price(before: Arc | None, arc: Arc) -> float:
    """Metres, and what an arc more or a change of gear counts for."""
    turns = before is not None and before[1] * arc[1] < 0
    return abs(arc[1]) + 0.3 + 0.8 * turns


def _shot(quads: tuple[Quad, ...], node: _Node, start: Pose) -> tuple[_Node, tuple[Arc, ...]] | None:
    """The shortest free curve from a node to the start, of the first few."""
    around = world.alone(quads)
    for _, arcs in curves.paths(node.pose, start, 1.6)[:SHOTS]:
        poses, curve, length, _ = world.pieces(node.pose, arcs)
        x, y, heading = (each[::SPARSE] for each in poses)
        if world.stands(around, 0, x, y, heading, CLEAR).any():
            continue
        if not world.blocked(around, 0, poses, curve, length, CLEAR, ROUGH).any():
            return node, arcs
    return None


def _backwards(node: _Node, arcs: tuple[Arc, ...]) -> tuple[Arc, ...]:
    """The arcs from the start: the curve and then the way to the node, each turned round, joined and rounded."""
    out: list[Arc] = []
    at: _Node | None = node
    while at is not None and at.arc is not None:
        out.append(at.arc)
        at = at.before
    whole: list[Arc] = []
    for steer, length in [*arcs[::-1], *out]:
        if whole and whole[-1][0] == steer and whole[-1][1] * -length > 0:
            whole[-1] = (steer, whole[-1][1] - length)
        else:
            whole.append((steer, -length))
    rounded = [(steer, round(length, PLACES)) for steer, length in whole]
    return tuple([each for each in rounded if each[1]])
