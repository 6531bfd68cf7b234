"""The native view, a whole plan as an array, and the step view, HOPE's: steering and speed, lidar, target and mask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np

from verienv.families.parking import driving, published, sensing, viewing
from verienv.families.parking.car import Arc
from verienv.parsing import Unparsable
from verienv.views import Controlled, Simulator

if TYPE_CHECKING:
    from gymnasium import Space

    from verienv.families.parking import Knobs, Problem

QUADS: Final = driving.QUADS
"""Obstacles that there are at most."""
LENGTH: Final = 32.0
"""Metres that 1 stands for in an array; a power of two, so that nothing is rounded."""


class Controls(Controlled["Knobs", "Problem", tuple[Arc, ...]]):
    """A plan in one array, or driven."""

    wages: ClassVar[Mapping[str, float]] = published.WAGES

    def observation_space(self, knobs: Knobs) -> Space[Any]:
        """quads [20, 4, 2], start [3], target [3] int32: centimetres, and tenths of a degree; count: how many quads."""
        from gymnasium import spaces

        return spaces.Dict(
            count=spaces.Box(0, QUADS, (1,), np.int32),
            quads=spaces.Box(-20_000, 20_000, (QUADS, 4, 2), np.int32),
            start=spaces.Box(-20_000, 20_000, (3,), np.int32),
            target=spaces.Box(-20_000, 20_000, (3,), np.int32),
        )

    def observe(self, problem: Problem) -> Any:
        """What the prompt says; where there are fewer quads, zeros."""
        quads = np.zeros((QUADS, 4, 2), np.int32)
        quads[: len(problem.quads)] = problem.quads
        return {
            "count": np.array([len(problem.quads)], np.int32),
            "quads": quads,
            "start": np.array(problem.start, np.int32),
            "target": np.array(problem.target, np.int32),
        }

    def action_space(self, knobs: Knobs) -> Space[Any]:
        """[arcs, 2] float64: steering, and metres in 32nds; arcs of no length are left out."""
        from gymnasium import spaces

        return spaces.Box(-1.0, 1.0, (knobs.arcs, 2), np.float64)

    def act(self, problem: Problem, action: Any) -> tuple[Arc, ...]:
        """The arcs. Raises Unparsable where there are none."""
        arcs = tuple([(float(steer), LENGTH * float(length)) for steer, length in action if length])
        if not arcs:
            raise Unparsable("empty")
        return arcs

    def encode(self, problem: Problem, answer: tuple[Arc, ...]) -> Any:
        """The array of arcs. Raises Unparsable for an arc that is longer than an array can say."""
        if any(abs(length) > LENGTH for _, length in answer):
            raise Unparsable("too_long_an_arc")
        made = np.zeros((problem.arcs, 2))
        made[: len(answer)] = answer
        made[:, 1] /= LENGTH
        return made

    def control_observation_space(self, knobs: Knobs) -> Space[Any]:
        """lidar [120] metres, target [5], action_mask [42] in [0, 1], img [64, 64, 3] uint8 where it is wanted.

        lidar: from the body along beams from the rear axle, the first ahead, against the clock. target: metres, cosine
        and sine of its direction and of its heading, as the car sees them. action_mask: what share of 1.25 m is free
        for 21 steers from full left to full right, forwards, then backwards.
        """
        from gymnasium import spaces

        parts: dict[str, Space[Any]] = {
            "action_mask": spaces.Box(0.0, 1.0, (sensing.ACTIONS,), np.float32),
            "lidar": spaces.Box(-sensing.FAR, sensing.FAR, (sensing.BEAMS,), np.float32),
            "target": spaces.Box(-2.0, 1000.0, (5,), np.float32),
        }
        if knobs.image:
            parts["img"] = spaces.Box(0, 255, (viewing.SIDE, viewing.SIDE, 3), np.uint8)
        return spaces.Dict(parts)

    def control_space(self, knobs: Knobs) -> Space[Any]:
        """[2] float32: the front wheels' angle as a share of 0.75 rad, left positive; speed as a share of 2.5 m/s."""
        from gymnasium import spaces

        return spaces.Box(-1.0, 1.0, (2,), np.float32)

    def simulator(self, knobs: Knobs, count: int) -> Simulator[Problem, tuple[Arc, ...]]:
        """Cars side by side."""
        return driving.Cars(count, published.switches(knobs.faults), knobs.image)
