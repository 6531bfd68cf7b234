"""HOPE's reward and its own ways, as its code has them (jiamiya/HOPE, arXiv 2405.20579), each under a name of its own.

    reward = 0.1 (time + 5 distance + 10 box); at the end instead +5 parked, -5 outside, -5 contact, -0.1 late

time: -tanh(t / 2000). distance: metres won to the slot, over those at the start, 10 at least. box: by how much the best
ratio of intersection to union so far is exceeded. In the step view every action is paid so; as terms of a reply its
arcs are cut into actions and driven, and the terms are sums over the drive. Terms lie in [0, 1]: what may grow is
divided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from verienv.errors import KnobError, UnknownName
from verienv.families.parking import car, trig
from verienv.families.parking.car import Arc
from verienv.parsing import Unparsable

if TYPE_CHECKING:
    from verienv.families.parking import Problem
    from verienv.task import Term

TIME, WAY = 16.0, 32.0
"""What times and ways are divided by; powers of two, so that nothing is rounded."""
WAGES: Final[Mapping[str, float]] = MappingProxyType(
    {
        "hope_time": -0.1 * TIME,
        "hope_nearer": 0.5 * WAY,
        "hope_farther": -0.5 * WAY,
        "hope_overlap": 1.0,
        "hope_arrived": 5.0,
        "hope_outside": -5.0,
        "hope_collided": -5.0,
        "hope_timeout": -0.1,
    }
)
"""HOPE's reward as weights of the terms."""
FAULTS: Final = {
    "bounce": "a contact puts the car back by a twentieth of a second, and the episode goes on",
    "passing": "an overlap of more than 0.95 at any moment is parked, at any speed",
    "cos_twice": "the observed target tells the cosine of its heading twice, and not the sine",
    "short_mask": "the mask looks 0.5 m ahead by lidar, where an action drives 1.25 m",
    "kick": "the action is replaced by an arbitrary one on the first step and whenever the target looks as before",
    "euler": "the car moves by Euler's method, 2.5 ms a step",
    "takeover": "once a curve of Reeds and Shepp leads into the slot unhindered within 10 m, it is driven",
}
"""Switches by name, and what each does."""


def switches(text: str) -> frozenset[str]:
    """The switches that a knob names: joined by dots, `all`, or none. Raises KnobError."""
    if text == "all":
        return frozenset(FAULTS)
    names = text.split(".") if text else []
    for name in names:
        if name not in FAULTS:
            raise KnobError(f"faults={text!r}: {UnknownName('switch', name, FAULTS)}")
    if len(set(names)) != len(names):
        raise KnobError(f"faults={text!r} names a switch twice")
    return frozenset(names)


def cut(arcs: Sequence[Arc]) -> list[tuple[float, float]]:
    """Arcs as actions of at most 1.25 m, the last of an arc as long as what is left: steering angle and speed."""
    made = []
    for steer, length in arcs:
        curve = steer * car.CURVE * car.WHEELBASE
        angle = trig.angle_of(1.0, curve) / car.STEER
        count = max(1, int(-(-abs(length) // FULL_ACTION)))
        made += [(angle, length / count / FULL_ACTION)] * count
    return made


FULL_ACTION: Final = 1.25
"""Metres of an action at full speed."""


@lru_cache(maxsize=256)
def driven(problem: Problem, arcs: tuple[Arc, ...]) -> Mapping[str, float]:
    """The terms of a drive by HOPE's rules: contact puts the car back, over the slot is parked."""
    from verienv.families.parking import driving

    cars = driving.Cars(1, frozenset(("bounce", "passing")), False)
    cars.put(0, problem)
    total = dict.fromkeys(WAGES, 0.0)
    for action in cut(arcs)[: driving.ACTIONS]:
        progress = cars.step(np.array([action]))
        for name, each in progress.terms.items():
            total[name] = min(1.0, total[name] + float(each[0]))
        if progress.ended[0] or progress.cut[0]:
            break
    return total


def _term(name: str, says: str) -> Term:
    def term(problem: Problem, reply: str) -> float:
        from verienv.families.parking import wording

        try:
            arcs = wording.read(reply, problem.arcs)
        except Unparsable:
            return 0.0
        return driven(problem, arcs)[name]

    term.__doc__ = says
    return term


TERMS: Final[Mapping[str, Term]] = {
    name: _term(name, says)
    for name, says in (
        ("hope_time", "The time that went by, tanh(t / 2000) for each action, in 16ths."),
        ("hope_nearer", "Way won towards the slot, in 32nds of the way at the start (10 m at least)."),
        ("hope_farther", "Way lost, likewise."),
        ("hope_overlap", "The best ratio of intersection to union on the way, before the end."),
        ("hope_arrived", "1 where the car came to cover the slot by 0.95."),
        ("hope_outside", "1 where it left its bounds."),
        ("hope_collided", "1 where contact ended the drive; in a reply it never does."),
        ("hope_timeout", "1 where 200 actions did not suffice."),
    )
}
"""Terms of a reply."""
