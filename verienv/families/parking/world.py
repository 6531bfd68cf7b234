"""What stands around: convex quadrilaterals, and whether the body of a car on its way touches one.

The body is grown by `TOUCH` on every side and tested at poses so near one another that no point of it moves further
than that between two: what passes has touched nothing anywhere on its way, not only where it was tested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from verienv.families.parking import car, trig
from verienv.families.parking.car import Arc, Floats, Pose

Quad = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]
"""Corners in centimetres, against the clock."""

TOUCH: Final = 0.01
"""Metres that count as touching."""
PIECE: Final = 0.13
"""Metres of an arc that are tested together, at most."""
FINE: Final = 12
"""Intervals between the poses tested of a piece: PIECE / FINE / 2 * SWING < TOUCH."""
NOTHING: Final = -1e6
"""The reach of a quad that is not there."""
_ROUND: Final = 1e-6
_REACH: Final = ((car.LENGTH / 2) ** 2 + (car.WIDTH / 2) ** 2) ** 0.5


@dataclass(frozen=True, slots=True)
class World:
    """Quads of several worlds as arrays: corners [4, W, O], the middle [W, O] and how far corners are from it.

    Where a world has fewer than O quads, the reach is below nothing.
    """

    x: Floats
    y: Floats
    middle_x: Floats
    middle_y: Floats
    reach: Floats


def stacked(worlds: Sequence[Sequence[Quad]], least: int = 1) -> World:
    """Worlds as arrays, in metres, with room for `least` quads at least."""
    count = max(least, *[len(quads) for quads in worlds]) if worlds else least
    corners = np.zeros((len(worlds), count, 4, 2))
    there = np.zeros((len(worlds), count), bool)
    for at, quads in enumerate(worlds):
        if quads:
            corners[at, : len(quads)] = np.array(quads, np.float64) / 100.0
            there[at, : len(quads)] = True
    x, y = (np.ascontiguousarray(np.moveaxis(corners[..., at], 2, 0)) for at in (0, 1))
    middle_x, middle_y = (x[0] + x[1] + x[2] + x[3]) / 4, (y[0] + y[1] + y[2] + y[3]) / 4
    far = (x - middle_x) ** 2 + (y - middle_y) ** 2
    reach = np.where(there, np.sqrt(far.max(0)), NOTHING)
    return World(x, y, middle_x, middle_y, reach)


@lru_cache(maxsize=512)
def alone(quads: tuple[Quad, ...]) -> World:
    """One world; nobody may write in it."""
    made = stacked([quads])
    for each in (made.x, made.y, made.middle_x, made.middle_y, made.reach):
        each.flags.writeable = False
    return made


def meets(
    x: Floats, y: Floats, heading: tuple[Floats, Floats], qx: Floats, qy: Floats, grown: Any
) -> NDArray[np.bool_]:
    """Whether bodies grown by so much meet quads: poses [M] with cosines and sines of headings, corners [4, M].

    By separating lines: two convex shapes are apart exactly if a side of one of them has the other beyond it.
    """
    c, s = heading
    ahead, side = car.LENGTH / 2 + grown, car.WIDTH / 2 + grown
    dx, dy = qx - x, qy - y
    bx, by = c * dx + s * dy - car.MIDDLE, c * dy - s * dx  # [4, M], as the body sees them
    met: NDArray[np.bool_] = (_least(bx) <= ahead) & (_least(-bx) <= ahead) & (_least(by) <= side)
    met &= _least(-by) <= side
    left = np.flatnonzero(met)
    if left.size == 0:
        return met
    bx, by = bx[:, left], by[:, left]
    if np.ndim(grown):
        ahead, side = ahead[left], side[left]
    beyond = np.zeros(left.size, bool)
    for at in range(4):
        ex, ey = bx[at - 3] - bx[at], by[at - 3] - by[at]
        # outward normal (ey, -ex): the body is beyond the side if its nearest corner is
        beyond |= -(np.abs(ey) * ahead + np.abs(ex) * side) > ey * bx[at] - ex * by[at]
    met[left[beyond]] = False
    return met


def _least(rows: Floats) -> Floats:
    least: Floats = np.minimum(np.minimum(rows[0], rows[1]), np.minimum(rows[2], rows[3]))
    return least


def _pairs(
    world: World, owner: NDArray[np.int64] | int, x: Floats, y: Floats, c: Floats, s: Floats, grown: Any
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64] | int]:
    """Which bodies and quads may meet, by circles around both: their places, and the world of each."""
    fx = world.middle_x[owner] - (x + car.MIDDLE * c)[:, None]
    fy = world.middle_y[owner] - (y + car.MIDDLE * s)[:, None]
    near = world.reach[owner] + (_REACH + 1.5 * grown if np.ndim(grown) == 0 else (_REACH + 1.5 * grown)[:, None])
    at, quad = np.nonzero((fx * fx + fy * fy <= near * near) & (near > 0))
    return at, quad, owner if isinstance(owner, int) else owner[at]


def stands(
    world: World, owner: NDArray[np.int64] | int, x: Floats, y: Floats, heading: Floats, grown: float
) -> NDArray[np.bool_]:
    """Which bodies, at poses [M] in world `owner`, come within `grown` of a quad where they stand."""
    c, s = trig.turned(heading)
    at, quad, own = _pairs(world, owner, x, y, c, s, grown)
    met = meets(x[at], y[at], (c[at], s[at]), world.x[:, own, quad], world.y[:, own, quad], grown)
    out = np.zeros(x.shape, bool)
    out[at[met]] = True
    return out


def blocked(
    world: World,
    owner: NDArray[np.int64] | int,
    pose: tuple[Floats, Floats, Floats],
    curve: Floats,
    length: Floats,
    grown: float = TOUCH,
    fine: int = FINE,
) -> NDArray[np.bool_]:
    """Which pieces of way, [M] of at most PIECE metres each in world `owner`, come within `grown` of a quad.

    First each piece as a whole, with the body grown by all its motion; then what may touch, pose by pose, `fine`
    intervals a piece.
    """
    x, y, heading = pose
    mx, my, mh = car.along(x, y, heading, curve, 0.5 * length)
    c, s = trig.turned(mh)
    whole = grown + 0.5 * np.abs(length) * car.SWING + _ROUND
    at, quad, own = _pairs(world, owner, mx, my, c, s, whole)
    may = meets(mx[at], my[at], (c[at], s[at]), world.x[:, own, quad], world.y[:, own, quad], whole[at])
    at, quad = at[may], quad[may]
    out = np.zeros(x.shape, bool)
    out[at[_touches(world, np.broadcast_to(owner, x.shape)[at], quad, at, pose, curve, length, grown, fine)]] = True
    return out


def stopped(
    world: World, pose: tuple[Floats, Floats, Floats], curve: Floats, way: Floats, parts: int, grown: float
) -> NDArray[np.int64]:
    """Of cars [W], one a world, that drive `parts` pieces of `way` metres: how many each drives before it touches.

    As `blocked` for each piece, after a look at all of them together.
    """
    x, y, heading = pose
    mx, my, mh = car.along(x, y, heading, curve, 0.5 * parts * way)
    c, s = trig.turned(mh)
    whole = grown + 0.5 * parts * np.abs(way) * car.SWING + _ROUND
    every = np.arange(x.size)
    at, quad, _ = _pairs(world, every, mx, my, c, s, whole)
    may = meets(mx[at], my[at], (c[at], s[at]), world.x[:, at, quad], world.y[:, at, quad], whole[at])
    at, quad = at[may], quad[may]
    done = np.full(x.shape, parts)
    if at.size == 0:
        return done
    which, place = np.unique(at, return_inverse=True)
    begun = car.along(
        x[which, None], y[which, None], heading[which, None], curve[which, None], np.arange(parts) * way[which, None]
    )
    begun = (begun[0].ravel(), begun[1].ravel(), begun[2].ravel())
    curves, ways = np.repeat(curve[which], parts), np.repeat(way[which], parts)
    mx, my, mh = car.along(*begun, curves, 0.5 * ways)
    c, s = trig.turned(mh)
    piece = (place[:, None] * parts + np.arange(parts)).ravel()
    quad, own = np.repeat(quad, parts), np.repeat(at, parts)
    each = grown + 0.5 * np.abs(ways[piece]) * car.SWING + _ROUND
    may = meets(mx[piece], my[piece], (c[piece], s[piece]), world.x[:, own, quad], world.y[:, own, quad], each)
    piece, quad, own = piece[may], quad[may], own[may]
    hit = np.zeros(which.size * parts, bool)
    hit[piece[_touches(world, own, quad, piece, begun, curves, ways, grown, FINE)]] = True
    rows = hit.reshape(-1, parts)
    done[which] = np.where(rows.any(1), rows.argmax(1), parts)
    return done


def _touches(
    world: World,
    own: NDArray[np.int64],
    quad: NDArray[np.int64],
    at: NDArray[np.int64],
    pose: tuple[Floats, Floats, Floats],
    curve: Floats,
    length: Floats,
    grown: float,
    fine: int,
) -> NDArray[np.bool_]:
    """Of pairs of pieces and quads, which touch at one of the poses along the piece."""
    if at.size == 0:
        return np.zeros(0, bool)
    which, place = np.unique(at, return_inverse=True)
    share = (np.arange(fine + 1) / fine)[:, None]
    x, y, heading = car.along(pose[0][which], pose[1][which], pose[2][which], curve[which], share * length[which])
    c, s = trig.turned(heading)
    turned = (c[:, place].ravel(), s[:, place].ravel())
    own, quad = np.tile(own, fine + 1), np.tile(quad, fine + 1)
    hit = meets(x[:, place].ravel(), y[:, place].ravel(), turned, world.x[:, own, quad], world.y[:, own, quad], grown)
    touching: NDArray[np.bool_] = np.any(hit.reshape(fine + 1, -1), axis=0)
    return touching


def pieces(start: Pose, arcs: Sequence[Arc]) -> tuple[tuple[Floats, Floats, Floats], Floats, Floats, list[int]]:
    """The arcs driven from a pose as pieces of at most PIECE metres: poses, curvatures, lengths, each arc's first."""
    counts, poses, pose = [], [], start
    for arc in arcs:
        counts.append(max(1, int(-(-abs(arc[1]) // PIECE))))
        poses.append(pose)
        pose = car.driven(pose, arc)
    many = np.array(counts)
    first = np.cumsum(many) - many
    which = np.repeat(np.arange(len(counts)), many)
    each = np.array([arc[1] for arc in arcs]) / many
    curve = (np.array([arc[0] for arc in arcs]) * car.CURVE)[which]
    length = each[which]
    done = (np.arange(which.size) - first[which]) * length
    begun = np.array(poses)[which]
    return car.along(begun[:, 0], begun[:, 1], begun[:, 2], curve, done), curve, length, first.tolist()


def touched(quads: tuple[Quad, ...], start: Pose, arcs: Sequence[Arc], grown: float = TOUCH) -> int | None:
    """The first arc on which the car comes within `grown` of something, or None."""
    if not arcs or not quads:
        return None
    poses, curve, length, first = pieces(start, arcs)
    hit = np.flatnonzero(blocked(alone(quads), 0, poses, curve, length, grown))
    return int(np.searchsorted(first, hit[0], "right")) - 1 if hit.size else None


def stands_free(quads: tuple[Quad, ...], pose: Pose, grown: float = TOUCH) -> bool:
    """Whether a standing car keeps so far from everything."""
    return touched(quads, pose, [(0.0, 0.0)], grown) is None
