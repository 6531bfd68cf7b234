"""What the driver of the step view senses: beams to what stands around, the slot as seen from the car, what is safe.

Arrays over many cars at once. Beams and the mask are in the car's own frame; they are not part of any verdict.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from verienv.families.parking import car, trig
from verienv.families.parking.car import Floats
from verienv.families.parking.world import TOUCH, World

BEAMS: Final = 120
FAR: Final = 10.0
"""Metres that a beam reaches, from the rear axle."""
STEERS: Final = 21
"""Of the mask: from full left to full right, each forwards and then each backwards."""
ACTIONS: Final = 2 * STEERS
HORIZON: Final = 1.25
"""Metres that an action drives at most, and that the mask looks ahead."""
STEPS: Final = 25
SHORT, SHORT_STEPS, FINER = 0.5, 10, 10
"""HOPE's mask: metres, poses, and beams that are interpolated for one."""

_ANGLES: Final[Floats] = np.arange(BEAMS, dtype=np.float64) * (trig.FULL / BEAMS)
_U, _V = trig.turned(_ANGLES)
_PER_ANGLE: Final = BEAMS / trig.FULL
_CELL: Final = 0.04
_LOW_X, _HIGH_X, _HIGH_Y = -2.4, 5.3, 2.0
_WIDE, _HIGH = round((_HIGH_X - _LOW_X) / _CELL), round(2 * _HIGH_Y / _CELL)

Edges = tuple[NDArray[np.int64], Floats, Floats, Floats, Floats]
"""Whose they are, and where they begin and end, as that car sees them."""


def boundary(angles: Floats) -> Floats:
    """How far the body reaches from the rear axle in each direction."""
    c, s = trig.turned(angles)
    ahead = np.where(c > 0, car.FRONT, car.REAR) / np.maximum(np.abs(c), 1e-9)
    out: Floats = np.minimum(ahead, car.WIDTH / 2 / np.maximum(np.abs(s), 1e-9))
    return out


_OWN: Final = boundary(_ANGLES)


def edges(world: World, places: NDArray[np.int64], x: Floats, y: Floats, heading: Floats) -> Edges:
    """The sides of what may be within FAR, ordered by car; `places` are the worlds of the cars."""
    dx, dy = world.middle_x[places] - x[:, None], world.middle_y[places] - y[:, None]
    near = world.reach[places] + FAR
    at, quad = np.nonzero((dx * dx + dy * dy <= near * near) & (near > 0))
    c, s = trig.turned(heading)
    own = places[at]
    qx, qy = world.x[:, own, quad] - x[at], world.y[:, own, quad] - y[at]
    bx, by = (c[at] * qx + s[at] * qy).T, (c[at] * qy - s[at] * qx).T  # [M, 4]
    nx, ny = np.roll(bx, -1, 1), np.roll(by, -1, 1)
    return np.repeat(at, 4), bx.ravel(), by.ravel(), nx.ravel(), ny.ravel()


def lidar(sides: Edges, count: int) -> NDArray[np.float32]:
    """[count, BEAMS]: metres from the body to what stands there, at most FAR from the axle."""
    own, px, py, qx, qy = sides
    cross = px * qy - py * qx
    seen = np.flatnonzero(cross < -1e-9)  # those that face the axle: their ends come with the clock
    out = np.full(count * BEAMS, 1 / FAR)
    if seen.size:
        own = own[seen]
        px, py, qx, qy, cross = (each[seen] for each in (px, py, qx, qy, cross))
        begin = np.ceil(np.arctan2(qy, qx) * _PER_ANGLE).astype(np.int64)
        end = np.floor(np.arctan2(py, px) * _PER_ANGLE).astype(np.int64)
        many = end - begin + 1
        many = np.where(many < 0, many + BEAMS, many)  # across the back
        which = np.repeat(np.arange(own.size), many)
        first = np.cumsum(many) - many
        beam = (begin[which] + np.arange(which.size) - first[which]) % BEAMS
        inverse = _U[beam] * ((qy - py) / cross)[which] - _V[beam] * ((qx - px) / cross)[which]  # of the way to it
        np.maximum.at(out, own[which] * BEAMS + beam, inverse)
    ranges: NDArray[np.float32] = (1 / out.reshape(count, BEAMS) - _OWN).astype(np.float32)
    return ranges


def target(
    x: Floats, y: Floats, heading: Floats, goal: tuple[Floats, Floats, Floats], twice: bool = False
) -> NDArray[np.float32]:
    """[N, 5]: metres to the slot, cosine and sine of its direction, of its heading; with `twice` HOPE's slip."""
    dx, dy = goal[0] - x, goal[1] - y
    far = np.sqrt(dx * dx + dy * dy)
    c, s = trig.turned(heading)
    some = np.maximum(far, 1e-9)
    gc, gs = trig.turned(goal[2] - heading)
    return np.stack([far, (c * dx + s * dy) / some, (c * dy - s * dx) / some, gc, gc if twice else gs], axis=1).astype(
        np.float32
    )


def mask(sides: Edges, count: int) -> NDArray[np.float32]:
    """[count, ACTIONS]: the share of HORIZON that each action drives without contact; 0.01 each where none goes.

    Sound: sides are sampled so finely, and what each point forbids is known with so much allowance, that an action of
    value 1 touches nothing.
    """
    own, px, py, qx, qy = sides
    begin, end = _inside(px, py, qx, qy)
    kept = np.flatnonzero(begin < end)
    free = np.full((count, ACTIONS), STEPS, np.uint8)
    if kept.size:
        own, begin, end = own[kept], begin[kept], end[kept]
        px, py, ex, ey = px[kept], py[kept], (qx - px)[kept], (qy - py)[kept]
        many = np.ceil((end - begin) * np.sqrt(ex * ex + ey * ey) / _CELL).astype(np.int64) + 1
        which = np.repeat(np.arange(own.size), many)
        first = np.cumsum(many) - many
        share = begin[which] + (np.arange(which.size) - first[which]) * ((end - begin) / np.maximum(many - 1, 1))[which]
        column = np.clip(((px[which] + share * ex[which] - _LOW_X) / _CELL).astype(np.int64), 0, _WIDE - 1)
        row = np.clip(((py[which] + share * ey[which] + _HIGH_Y) / _CELL).astype(np.int64), 0, _HIGH - 1)
        table = _table()
        per = np.minimum.reduceat(table[column * _HIGH + row], first, axis=0)
        start = np.flatnonzero(np.r_[True, own[1:] != own[:-1]])
        free[own[start]] = np.minimum.reduceat(per, start, axis=0)
    return _never_nothing(free.astype(np.float32) / np.float32(STEPS))


def short_mask(ranges: NDArray[np.float32]) -> NDArray[np.float32]:
    """[N, ACTIONS], as HOPE's: 0.5 m ahead, by beams, neighbours considered; 1 may still touch."""
    beams = ranges + _OWN.astype(np.float32)
    ahead = np.concatenate([beams[:, 1:], beams[:, :1]], axis=1)
    share = np.arange(FINER, dtype=np.float32) / FINER
    fine = (beams[:, :, None] * (1 - share) + ahead[:, :, None] * share).reshape(len(beams), -1)
    needed = _needed()
    out = np.empty((len(beams), ACTIONS), np.float32)
    for at, line in enumerate(fine):
        near = line < needed[:, :, -1].max(1)
        hit = (line[near, None, None] < needed[near]).any(0)  # [ACTIONS, SHORT_STEPS]
        out[at] = np.where(hit.any(1), hit.argmax(1), SHORT_STEPS)
    for gear in (out[:, :STEERS], out[:, STEERS:]):
        gear[:, [0, -1]] = np.maximum(gear[:, [0, -1]] - 1, 0)
        wide = np.pad(gear, ((0, 0), (2, 2)), mode="edge")
        gear[:] = np.min([wide[:, at : at + STEERS] for at in range(5)], axis=0)
    return _never_nothing(out / np.float32(SHORT_STEPS))


def _never_nothing(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    shares[~shares.any(1)] = 0.01
    return shares


def _inside(px: Floats, py: Floats, qx: Floats, qy: Floats) -> tuple[Floats, Floats]:
    """From where to where, as shares, each side runs through the box that the table knows."""
    begin, end = np.zeros(px.shape), np.ones(px.shape)
    for start, stop, low, high in ((px, qx, _LOW_X, _HIGH_X), (py, qy, -_HIGH_Y, _HIGH_Y)):
        step = stop - start
        flat = np.abs(step) < 1e-12
        some = np.where(flat, 1.0, step)
        one, other = (low - start) / some, (high - start) / some
        out = flat & ((start < low) | (start > high))
        begin = np.maximum(begin, np.where(flat, 0.0, np.minimum(one, other)))
        end = np.where(out, -1.0, np.minimum(end, np.where(flat, 1.0, np.maximum(one, other))))
    return begin, end


def curvatures(steer: Any) -> Any:
    """Of steering angles from -1 to 1."""
    c, s = trig.turned(np.asarray(steer, np.float64) * car.STEER)
    return s / c / car.WHEELBASE


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint8]:
    """[cells, ACTIONS]: steps of HORIZON that are free if something stands in the cell, or a sample beside it."""
    xs = _LOW_X + (np.arange(_WIDE) + 0.5) * _CELL
    ys = -_HIGH_Y + (np.arange(_HIGH) + 0.5) * _CELL
    finer = 4
    motion = HORIZON / STEPS / finer / 2 * car.SWING
    grown = 0.71 * _CELL + 0.5 * _CELL + motion + 2 * TOUCH + 1e-3
    rear, front, side = -car.REAR - grown, car.FRONT + grown, car.WIDTH / 2 + grown
    table = np.full((_WIDE, _HIGH, ACTIONS), STEPS, np.uint8)
    zero = np.zeros(1)
    for gear in (1, -1):
        for at in range(STEERS // 2 + 1):
            curve = curvatures(1 - at / (STEERS // 2))
            action = at if gear > 0 else STEERS + at
            for step in range(STEPS * finer, -1, -1):
                length = np.array([gear * step * HORIZON / (STEPS * finer)])
                x, y, heading = car.along(zero, zero, zero, curve, length)
                c, s = trig.turned(heading)
                dx, dy = (xs - x)[:, None], (ys - y)[None, :]
                ahead, left = c * dx + s * dy, c * dy - s * dx
                hit = (ahead >= rear) & (ahead <= front) & (np.abs(left) <= side)
                table[hit, action] = max(0, -(-step // finer) - 1)
            mirrored = STEERS - 1 - at if gear > 0 else ACTIONS - 1 - at
            table[:, :, mirrored] = table[:, ::-1, action]
    return table.reshape(-1, ACTIONS)


@lru_cache(maxsize=1)
def _needed() -> NDArray[np.float32]:
    """[fine beams, ACTIONS, SHORT_STEPS]: how far from the axle the body reaches along each beam, once moved so far."""
    angles: Floats = np.arange(BEAMS * FINER, dtype=np.float64) * (trig.FULL / (BEAMS * FINER))
    u, v = trig.turned(angles)
    made = np.empty((angles.size, ACTIONS, SHORT_STEPS), np.float32)
    zero = np.zeros(1)
    corners = ((-car.REAR, -1), (car.FRONT, -1), (car.FRONT, 1), (-car.REAR, 1))
    for action in range(ACTIONS):
        curve = curvatures(1 - action % STEERS / (STEERS // 2))
        gear = 1 if action < STEERS else -1
        for step in range(SHORT_STEPS):
            x, y, heading = car.along(zero, zero, zero, curve, np.array([gear * (step + 1) * SHORT / SHORT_STEPS]))
            c, s = trig.turned(heading)
            points = [(x + c * a - s * b * 0.97, y + s * a + c * b * 0.97) for a, b in corners]
            reach = np.zeros(angles.size)
            for at in range(4):
                (px, py), (qx, qy) = points[at - 1], points[at]
                ex, ey = qx - px, qy - py
                below = u * ey - v * ex
                ray = (px * ey - py * ex) / np.where(np.abs(below) < 1e-12, 1e-12, below)
                part = ((ray * u - px) * ex + (ray * v - py) * ey) / (ex * ex + ey * ey)
                reach = np.where((ray > 0) & (part >= 0) & (part <= 1), np.maximum(reach, ray), reach)
            made[:, action, step] = reach
    return np.maximum.accumulate(made, axis=2)
