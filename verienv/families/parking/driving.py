"""Many cars driven at once, as HOPE drives one: half a second an action, 200 actions at most, paid step by step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from verienv import rng as rngs
from verienv.families.parking import car, judging, making, published, search, sensing, trig, world
from verienv.families.parking.car import Arc, Floats
from verienv.score import Score
from verienv.views import Progress, Simulator

if TYPE_CHECKING:
    from verienv.families.parking import Problem

ACTIONS: Final = 200
SUBSTEPS: Final = 10
MINI: Final = 20
"""Of Euler's method, a substep."""
WAY: Final = car.SPEED * 0.05
"""Metres of a substep at full speed."""
MARGIN: Final = 2 * world.TOUCH
"""The body keeps so far from everything, so that what is driven here passes whoever tests it at other poses."""
QUADS: Final = 20
PASSED: Final = 0.95
TRAIL: Final = 20
RIM: Final = 0.2
"""Whoever came nearer to the bounds is judged anew."""
NEAR: Final = 10.0
"""Metres within which a takeover is tried."""


class Cars(Simulator["Problem", tuple[Arc, ...]]):
    """Cars side by side, each in a world of its own."""

    def __init__(self, count: int, faults: frozenset[str], image: bool) -> None:
        self.count, self.faults, self.image = count, faults, image
        self.problems: list[Problem | None] = [None] * count
        self.world = world.stacked([[]] * count, QUADS)
        self.x, self.y, self.heading, self.far, self.best = (np.zeros(count) for _ in range(5))
        self.first = np.ones(count)
        self.goal = (np.zeros(count), np.zeros(count), np.zeros(count))
        self.bounds = np.zeros((4, count))
        self.near, self.askew = np.zeros(count), np.zeros(count)
        self.actions = np.zeros(count, np.int64)
        self.driven: list[list[Arc]] = [[] for _ in range(count)]
        self.rim = np.zeros(count)
        self.trail = np.zeros((count, TRAIL, 3))
        self.queues: list[list[tuple[float, float]]] = [[] for _ in range(count)]
        self.kicks: list[Any] = [None] * count
        self.told: NDArray[np.float32] = np.full((count, 5), np.nan, np.float32)
        self.every = np.arange(count)

    def put(self, at: int, problem: Problem) -> None:
        """A car at its start."""
        self.problems[at] = problem
        one, all_of = world.alone(problem.quads), self.world
        count = one.reach.shape[1]
        all_of.reach[at] = world.NOTHING
        all_of.x[:, at, :count], all_of.y[:, at, :count] = one.x[:, 0], one.y[:, 0]
        all_of.middle_x[at, :count], all_of.middle_y[at, :count] = one.middle_x[0], one.middle_y[0]
        all_of.reach[at, :count] = one.reach[0]
        start, target = making.pose(problem.start), making.pose(problem.target)
        self.x[at], self.y[at], self.heading[at] = start
        for mine, its in zip(self.goal, target, strict=True):
            mine[at] = its
        self.far[at] = car.apart(start, target)[0]
        self.first[at] = max(self.far[at], 10.0)
        self.best[at] = 0.0
        self.bounds[:, at] = np.array(problem.bounds) / 100
        self.near[at], self.askew[at] = problem.near / 100, 10 * problem.askew * making.TENTH
        self.actions[at] = 0
        self.driven[at] = []
        self.rim[at] = np.inf
        self.trail[at] = start
        self.queues[at] = []
        self.told[at] = np.nan
        if "kick" in self.faults:
            self.kicks[at] = rngs.stream("kick", repr(problem.start), repr(problem.target))

    def step(self, actions: Any) -> Progress:
        """Drive each by steering and speed in [-1, 1], [N, 2]."""
        steer, speed = (np.clip(actions[:, at].astype(np.float64), -1.0, 1.0) for at in (0, 1))
        self.actions += 1
        if "kick" in self.faults:
            self._kick(steer, speed)
        if "takeover" in self.faults:
            self._take_over(steer, speed)
        share = np.clip(sensing.curvatures(steer) / car.CURVE, -1.0, 1.0)
        curve, way, shift = self._ways(share * car.CURVE, speed * WAY)
        steps = world.stopped(self.world, (self.x, self.y, self.heading - shift), curve, way, SUBSTEPS, MARGIN)
        collided = steps < SUBSTEPS
        arrived = np.zeros(self.count, bool)
        if "passing" in self.faults:
            steps, arrived = self._passing(curve, way, shift, steps)
        self._move(curve, way, shift, steps)
        return self._told(arrived, collided & ~arrived, collided)

    def observe(self, places: NDArray[np.int64] | None = None) -> dict[str, Any]:
        """lidar [M, 120], target [M, 5], action_mask [M, 42], and img [M, 64, 64, 3] where it is wanted."""
        at = self.every if places is None else places
        x, y, heading = self.x[at], self.y[at], self.heading[at]
        sides = sensing.edges(self.world, at, x, y, heading)
        ranges = sensing.lidar(sides, at.size)
        goal = (self.goal[0][at], self.goal[1][at], self.goal[2][at])
        seen: dict[str, Any] = {
            "action_mask": sensing.short_mask(ranges) if "short_mask" in self.faults else sensing.mask(sides, at.size),
            "lidar": ranges,
            "target": sensing.target(x, y, heading, goal, "cos_twice" in self.faults),
        }
        if self.image:
            from verienv.families.parking import viewing

            seen["img"] = np.stack([self._image(int(each), viewing) for each in at])
        return seen

    def score(self, at: int) -> Score | None:
        """What was driven kept twice TOUCH from everything, so only where the car stands is left to judge."""
        problem = self.problems[at]
        if problem is None or self.rim[at] < RIM or "euler" in self.faults:
            return None
        pose = (float(self.x[at]), float(self.y[at]), float(self.heading[at]))
        return judging.standing(problem, pose, sum([abs(length) for _, length in self.driven[at]]))

    def answer(self, at: int) -> tuple[Arc, ...]:
        """What was driven, as arcs."""
        return tuple(self.driven[at])

    # -- how ---------------------------------------------------------------------------------------------------

    def _ways(self, curve: Floats, way: Floats) -> tuple[Floats, Floats, Floats]:
        """The curvature and the metres of a substep, and how far the heading lags; by Euler's method a wider circle."""
        if "euler" not in self.faults:
            return curve, way, np.zeros(self.count)
        half = curve * way / MINI / 2
        sine = trig.turned(half)[1]
        wider = np.where(np.abs(half) < 1e-9, 1.0, half / np.where(np.abs(half) < 1e-9, 1.0, sine))
        return curve / wider, way * wider, half

    def _move(self, curve: Floats, way: Floats, shift: Floats, steps: NDArray[np.int64]) -> None:
        length = steps * way
        x, y, heading = car.along(self.x, self.y, self.heading - shift, curve, length)
        self.x, self.y, self.heading = x, y, np.where(length == 0, self.heading, heading + shift)
        share = np.clip(curve / car.CURVE, -1.0, 1.0).tolist()
        for driven, steer, metres in zip(self.driven, share, length.tolist(), strict=True):
            if metres:
                driven.append((steer, metres))
        if self.image:
            self.trail[:, 1:] = self.trail[:, :-1]
            self.trail[:, 0] = np.stack([self.x, self.y, self.heading], 1)

    def _told(self, arrived: NDArray[np.bool_], stopped: NDArray[np.bool_], collided: NDArray[np.bool_]) -> Progress:
        """The terms of HOPE's reward, and who is done."""
        dx, dy = self.x - self.goal[0], self.y - self.goal[1]
        far = np.sqrt(dx * dx + dy * dy)
        covered = np.zeros(self.count)
        close = np.flatnonzero(far < car.LENGTH + 1)
        if close.size:
            pose = (self.x[close], self.y[close], self.heading[close])
            covered[close] = overlaps(pose, (self.goal[0][close], self.goal[1][close], self.goal[2][close]))
        if "passing" not in self.faults:
            turn = self.heading - self.goal[2]
            turn = np.abs(turn - trig.FULL * np.floor(turn / trig.FULL + 0.5))
            arrived = (far <= self.near) & (turn <= self.askew) & ~collided
        low_x, low_y, high_x, high_y = self.bounds
        rim = np.minimum(np.minimum(self.x - low_x, high_x - self.x), np.minimum(self.y - low_y, high_y - self.y))
        self.rim = np.minimum(self.rim, rim)
        outside = (rim < 0) & ~arrived
        crashed = np.zeros(self.count, bool) if "bounce" in self.faults else stopped & ~outside
        ended = arrived | outside | crashed
        late = (self.actions >= ACTIONS) & ~ended
        going = ~(ended | late)
        iou = covered / (2 - covered)
        gain = np.maximum(0.0, iou - self.best)
        self.best = np.maximum(self.best, iou)
        nearer = (self.far - far) / self.first
        self.far = far
        ticks = np.array([math.tanh(each / 2000) for each in self.actions.tolist()])
        terms = {
            "hope_time": going * ticks / published.TIME,
            "hope_nearer": going * np.minimum(1.0, np.maximum(0.0, nearer) / published.WAY),
            "hope_farther": going * np.minimum(1.0, np.maximum(0.0, -nearer) / published.WAY),
            "hope_overlap": going * gain,
            "hope_arrived": arrived.astype(np.float64),
            "hope_outside": outside.astype(np.float64),
            "hope_collided": crashed.astype(np.float64),
            "hope_timeout": late.astype(np.float64),
        }
        return Progress(terms, ended, late)

    def _passing(
        self, curve: Floats, way: Floats, shift: Floats, steps: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The first substep that ends over the slot, where there is one, and who is there."""
        dx, dy = self.x - self.goal[0], self.y - self.goal[1]
        close = np.flatnonzero(dx * dx + dy * dy < 4.0)
        arrived = np.zeros(self.count, bool)
        if close.size:
            done = (np.arange(SUBSTEPS) + 1) * way[close, None]
            begun = (self.heading - shift)[close, None]
            x, y, heading = car.along(self.x[close, None], self.y[close, None], begun, curve[close, None], done)
            goal = tuple([np.repeat(each[close], SUBSTEPS) for each in self.goal])
            shares = overlaps((x.ravel(), y.ravel(), heading.ravel()), goal).reshape(-1, SUBSTEPS)  # type: ignore[arg-type]
            over = (shares > PASSED) & (np.arange(SUBSTEPS) < steps[close, None])
            there = over.any(1)
            steps[close[there]] = over.argmax(1)[there] + 1
            arrived[close[there]] = True
        return steps, arrived

    def _kick(self, steer: Floats, speed: Floats) -> None:
        """HOPE's evaluation: an arbitrary action, drawn in radians and metres, clipped to 1 and scaled again."""
        goal = self.goal
        now = sensing.target(self.x, self.y, self.heading, goal, "cos_twice" in self.faults)
        same = (now == self.told).all(1) | np.isnan(self.told).any(1)
        self.told = now
        for at in np.flatnonzero(same):
            kick = self.kicks[at]
            steer[at] = kick.uniform(-car.STEER, car.STEER)
            speed[at] = min(1.0, max(-1.0, kick.uniform(-car.SPEED, car.SPEED)))

    def _take_over(self, steer: Floats, speed: Floats) -> None:
        """Drive a single free curve into the slot, cut into actions, once there is one and until its end."""
        for at in range(self.count):
            problem = self.problems[at]
            if problem is None:
                continue
            if not self.queues[at] and self.actions[at] > 1 and self.far[at] < NEAR:
                pose = (float(self.x[at]), float(self.y[at]), float(self.heading[at]))
                arcs = search.unhindered(problem.quads, pose, making.pose(problem.target))
                self.queues[at] = published.cut(arcs) if arcs else []
            if self.queues[at]:
                steer[at], speed[at] = self.queues[at].pop(0)

    def _image(self, at: int, viewing: Any) -> Any:
        problem = self.problems[at]
        pose = (float(self.x[at]), float(self.y[at]), float(self.heading[at]))
        if problem is None:
            return viewing.nothing()
        return viewing.image(pose, problem.quads, making.pose(problem.target), self.trail[at])


def overlaps(pose: tuple[Floats, Floats, Floats], goal: tuple[Floats, Floats, Floats]) -> Floats:
    """What `judging.overlap` gives, of many: the body's outline is followed, cut off at the slot's sides."""
    c, s = trig.turned(goal[2])
    dx, dy = pose[0] - goal[0], pose[1] - goal[1]
    x, y = c * dx + s * dy, c * dy - s * dx
    c, s = trig.turned(pose[2] - goal[2])
    half = car.WIDTH / 2
    corners = [
        (x + c * a - s * b, y + s * a + c * b)
        for a, b in ((-car.REAR, -half), (car.FRONT, -half), (car.FRONT, half), (-car.REAR, half))
    ]
    area = np.zeros(x.shape)
    for at in range(4):
        (ax, ay), (bx, by) = corners[at - 1], corners[at]
        lean = np.where(np.abs(bx - ax) < 1e-12, 1.0, bx - ax)
        one, other = np.clip((-car.REAR - ax) / lean, 0, 1), np.clip((car.FRONT - ax) / lean, 0, 1)
        begin, end = np.minimum(one, other), np.maximum(one, other)
        begin = np.where(bx < ax, np.maximum(begin, 0), begin)
        rise = np.where(np.abs(by - ay) < 1e-12, 1.0, by - ay)
        knots = [np.clip((level - ay) / rise, begin, end) for level in (-half, half)]
        points = [begin, np.minimum(*knots), np.maximum(*knots), end]
        heights = [np.clip(ay + t * (by - ay), -half, half) for t in points]
        for k in range(3):
            area -= (heights[k] + heights[k + 1]) / 2 * (points[k + 1] - points[k]) * (bx - ax)
    share: Floats = np.clip(area / (car.LENGTH * car.WIDTH), 0.0, 1.0)
    return share
