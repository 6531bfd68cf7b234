"""Scenes as HOPE draws them: a slot between neighbours before a wall, an aisle, and what stands beyond it.

Bays stand across the street or at an angle to it, parallel slots along it. All measures become whole centimetres and
tenths of a degree, so that a scene is what its numbers say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from verienv.families.parking import car, trig, world
from verienv.families.parking.car import Pose
from verienv.families.parking.world import Quad

Place = tuple[int, int, int]
"""Centimetres and tenths of a degree."""
Shape = tuple[tuple[float, float], ...]
TENTH: Final = trig.PI / 1800
TILT, STEEPEST = 50, 150
"""Tenths of a degree that neighbours and slots are askew: the spread, and the most."""
TRIES: Final = 60


@dataclass(frozen=True, slots=True)
class Kind:
    """What to draw. Metres; `slack` is the room in the slot beyond the car's width, or length where it is parallel."""

    slot: str
    slack: tuple[float, float]
    aisle: tuple[float, float]
    far: int
    half: float = 15.0


@dataclass(frozen=True, slots=True)
class Scene:
    """A start, a target, what stands around, and the room in the slot in centimetres."""

    start: Place
    target: Place
    quads: tuple[Quad, ...]
    slack: int = 0


def pose(place: Place) -> Pose:
    """A place in metres and radians."""
    return place[0] / 100.0, place[1] / 100.0, place[2] * TENTH


def draw(rng: Random, kind: Kind) -> Scene | None:
    """A scene with the street along the x axis and the slot's rear axle at 0; None where a draw does not fit."""
    lean = 900 if kind.slot == "bay" else 0 if kind.slot == "parallel" else rng.randint(450, 700)
    tilt = _tilt(rng) // (5 if kind.slot == "angled" else 1)
    target_pose = (0.0, 0.0, (lean + tilt) * TENTH)
    body = car.corners(target_pose)
    gap = 0.1 + min(0.8, max(0.0, 0.4 + 0.2 * trig.normal(rng)))
    low = min(y for _, y in body) - gap
    slack = rng.uniform(*kind.slack)
    left = slack * rng.uniform(0.2, 0.8)
    quads: list[Quad] = [_box(-kind.half - 2, low - 0.4, kind.half + 2, low)]
    tops = [max(y for _, y in body)]
    for side, room in ((-1, left), (1, slack - left)):
        count = 1 + sum(rng.random() < 0.7 for _ in range(2 if kind.slot == "parallel" else 3))
        shape = _neighbour(rng, kind.slot, lean, low)
        placed = _beside(body, shape, side, room)
        quads.append(_whole(placed))
        tops.append(max(y for _, y in placed))
        for _ in range(count - 1):
            shape = _neighbour(rng, kind.slot, lean, low)
            placed = _next_to(placed, shape, side, rng.uniform(0.4, 1.0))
            quads.append(_whole(placed))
            tops.append(max(y for _, y in placed))
    front = max(tops)
    aisle = rng.uniform(*kind.aisle)
    quads += _beyond(rng, kind, front + aisle)
    around = tuple([quad for quad in quads if _convex(quad)])
    if len(around) != len(quads):
        return None
    target = (0, 0, lean + tilt)
    if not world.stands_free(around, pose(target), 0.02):
        return None
    for _ in range(TRIES):
        start = _start(rng, kind, front, aisle, lean)
        if world.stands_free(around, pose(start), 0.1):
            return Scene(start, target, around, round(100 * slack))
    return None


def moved(rng: Random, scene: Scene) -> Scene:
    """The scene turned by some quarters, perhaps mirrored, and moved by up to 20 m."""
    found = _placed(scene, rng.randrange(4), rng.random() < 0.5)
    return _shifted(found, rng.randrange(-2000, 2001), rng.randrange(-2000, 2001))


def canonical(start: Place, target: Place, quads: Sequence[Quad]) -> bytes:
    """What a scene has in common with itself turned by quarters, mirrored or moved."""
    scene = _shifted(Scene(start, target, tuple(quads)), -target[0], -target[1])
    forms = [_placed(scene, quarters, mirrored) for quarters in range(4) for mirrored in (False, True)]
    return min([repr((each.start, each.target, sorted(map(_from_least, each.quads)))) for each in forms]).encode()


def seen_from(start: Place, target: Place, quads: Sequence[Quad], slot: str) -> Scene:
    """The scene turned so that the slot opens upwards and is at 0; which way the street goes is told by the wall."""
    scene = _shifted(Scene(start, target, tuple(quads)), -target[0], -target[1])
    wall = scene.quads[0]  # the first that is drawn
    across, up = sum(x for x, _ in wall), sum(y for _, y in wall)
    long = max(x for x, _ in wall) - min(x for x, _ in wall)
    high = max(y for _, y in wall) - min(y for _, y in wall)
    if long > high:
        return _placed(scene, 2 if up > 0 else 0, False)
    return _placed(scene, 3 if across > 0 else 1, False)


def _placed(scene: Scene, quarters: int, mirrored: bool) -> Scene:
    """Mirrored at the y axis, then turned about 0 against the clock."""

    def point(x: int, y: int) -> tuple[int, int]:
        x = -x if mirrored else x
        for _ in range(quarters):
            x, y = -y, x
        return x, y

    def place(each: Place) -> Place:
        heading = (1800 - each[2] if mirrored else each[2]) + 900 * quarters
        return (*point(each[0], each[1]), heading % 3600)

    def quad(each: Quad) -> Quad:
        a, b, c, d = [point(x, y) for x, y in each]
        return (d, c, b, a) if mirrored else (a, b, c, d)

    return Scene(place(scene.start), place(scene.target), tuple([quad(each) for each in scene.quads]), scene.slack)


def _shifted(scene: Scene, dx: int, dy: int) -> Scene:
    def quad(each: Quad) -> Quad:
        a, b, c, d = [(x + dx, y + dy) for x, y in each]
        return a, b, c, d

    start, target = scene.start, scene.target
    return Scene(
        (start[0] + dx, start[1] + dy, start[2]),
        (target[0] + dx, target[1] + dy, target[2]),
        tuple([quad(each) for each in scene.quads]),
        scene.slack,
    )


def _from_least(quad: Quad) -> Quad:
    """The corners in the same order, the least first."""
    at = quad.index(min(quad))
    a, b, c, d = quad[at:] + quad[:at]
    return a, b, c, d


def _tilt(rng: Random) -> int:
    return min(STEEPEST, max(-STEEPEST, round(TILT * trig.normal(rng))))


def _neighbour(rng: Random, slot: str, lean: int, low: float) -> Shape:
    """A parked car, or something as large, standing before the wall; across the street it is anywhere."""
    if rng.random() < 0.5:
        shape = car.corners((0.0, 0.0, (lean + _tilt(rng) // (5 if slot == "angled" else 1)) * TENTH))
    else:
        long, wide = rng.uniform(3.8, 5.0), rng.uniform(1.7, 2.2)
        shape = _block(rng, long, wide, lean * TENTH)
    lift = low + rng.uniform(0.1, 0.5) - min(y for _, y in shape)
    return tuple([(x, y + lift) for x, y in shape])


def _block(rng: Random, long: float, wide: float, heading: float) -> Shape:
    """A rectangle with its corners moved by up to 15 cm."""
    c, s = trig.turns(heading)
    made = []
    for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        u, v = a * long / 2 + rng.uniform(-0.15, 0.15), b * wide / 2 + rng.uniform(-0.15, 0.15)
        made.append((c * u - s * v, s * u + c * v))
    return tuple(made)


def _beside(body: Shape, shape: Shape, side: int, room: float) -> Shape:
    """The shape pushed along the street until nothing of it is nearer than `room`, measured along the street."""
    here = [(side * x, y) for x, y in body]
    there = [(side * x, y) for x, y in shape]
    levels = [y for _, y in (*here, *there)]
    low = max(min(y for _, y in here), min(y for _, y in there))
    high = min(max(y for _, y in here), max(y for _, y in there))
    move = max(
        [_edge(here, y, max) - _edge(there, y, min) for y in (*levels, low, high) if low <= y <= high],
        default=max(x for x, _ in here) - min(x for x, _ in there),
    )
    return tuple([(x + side * (move + room), y) for x, y in shape])


def _edge(shape: Sequence[tuple[float, float]], level: float, pick: Callable[[Iterable[float]], float]) -> float:
    """Where the outline crosses a level, the least or the greatest."""
    found = []
    for at in range(4):
        (ax, ay), (bx, by) = shape[at - 1], shape[at]
        if min(ay, by) <= level <= max(ay, by):
            found += [ax, bx] if ay == by else [ax + (bx - ax) * (level - ay) / (by - ay)]
    return pick(found)


def _next_to(placed: Shape, shape: Shape, side: int, room: float) -> Shape:
    """The shape after the one that is placed, along the street."""
    if side > 0:
        move = max(x for x, _ in placed) + room - min(x for x, _ in shape)
    else:
        move = min(x for x, _ in placed) - room - max(x for x, _ in shape)
    return tuple([(x + move, y) for x, y in shape])


def _beyond(rng: Random, kind: Kind, line: float) -> list[Quad]:
    """What stands beyond the aisle: a wall, or several things in a strip of 8 m."""
    if rng.random() < 0.2 or kind.far == 0:
        return [_box(-kind.half - 2, line, kind.half + 2, line + 0.3)]
    made: list[Quad] = []
    for at in range(kind.far):
        x = -kind.half + 2 * kind.half * (at + rng.uniform(0.2, 0.8)) / kind.far
        heading = rng.uniform(-0.5, 0.5) + trig.HALF * rng.randrange(2)
        shape = _block(rng, rng.uniform(3.6, 5.0), rng.uniform(1.7, 2.2), heading)
        lift = line + rng.uniform(0.0, 1.0) ** 2 * 4 - min(y for _, y in shape)
        made.append(_whole(tuple([(px + x, py + lift) for px, py in shape])))
    return made


def _start(rng: Random, kind: Kind, front: float, aisle: float, lean: int) -> Place:
    x = rng.uniform(-kind.half / 2, kind.half / 2)
    y = front + rng.uniform(1.0, max(1.01, aisle - 1.0))
    heading = min(900, max(-900, round(300 * trig.normal(rng))))
    if kind.slot != "parallel" and rng.random() < 0.5:
        heading += 1800
    return round(100 * x), round(100 * y), heading


def _box(left: float, low: float, right: float, high: float) -> Quad:
    return _whole(((left, low), (right, low), (right, high), (left, high)))


def _whole(shape: Shape) -> Quad:
    a, b, c, d = [(round(100 * x), round(100 * y)) for x, y in shape]
    return a, b, c, d


def _convex(quad: Quad) -> bool:
    for at in range(4):
        (ax, ay), (bx, by), (cx, cy) = quad[at], quad[(at + 1) % 4], quad[(at + 2) % 4]
        if (bx - ax) * (cy - by) - (by - ay) * (cx - bx) <= 0:
            return False
    return True
