"""Players that do not plan around anything; other ways of writing arcs; drives that go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING

from verienv import parsing
from verienv.families.parking import car, curves, making, search, wording
from verienv.families.parking.car import Arc

if TYPE_CHECKING:
    from verienv.families.parking import Problem
    from verienv.task import Player


def named() -> Mapping[str, Player]:
    """Every player by name."""
    return {
        "straight back": lambda problem, rng: say([(0.0, -_far(problem))]),
        "one turn": lambda problem, rng: say([(rng.choice((-1.0, 1.0)), rng.choice((-1, 1)) * _far(problem))]),
        "arbitrary arcs": lambda problem, rng: say(arbitrary(rng, rng.randint(2, min(6, problem.arcs)))),
        "shortest curve": lambda problem, rng: say(_curve(problem, 0, rng)),
        "a curve": lambda problem, rng: say(_curve(problem, None, rng)),
    }


def say(arcs: list[Arc] | tuple[Arc, ...]) -> str:
    """Arcs as a reply."""
    return parsing.say(wording.write([(steer, round(length, search.PLACES)) for steer, length in arcs]))


def arbitrary(rng: Random, count: int) -> list[Arc]:
    """Arcs left, straight and right, forwards and backwards, of up to 6 metres."""
    return [(rng.choice((-1.0, 0.0, 1.0)), rng.choice((-1, 1)) * rng.uniform(0.2, 6.0)) for _ in range(count)]


def _far(problem: Problem) -> float:
    return max(0.1, car.apart(making.pose(problem.start), making.pose(problem.target))[0])


def _curve(problem: Problem, which: int | None, rng: Random) -> tuple[Arc, ...]:
    """A path of Reeds and Shepp into the slot as if nothing stood in the way: the shortest, or one of those near it."""
    found = curves.paths(making.pose(problem.start), making.pose(problem.target), 1.6)
    return (found[which] if which is not None else rng.choice(found))[1]


def rendered(arcs: tuple[Arc, ...]) -> list[str]:
    """The same arcs in every form that is read."""
    return [
        wording.write(arcs).replace(" ", ""),
        "; ".join([f"{steer:g} {length:g}" for steer, length in arcs]),
        "\n".join([f"{steer:.1f}, {length:.3f}" for steer, length in arcs]),
        "\n".join([f"[{steer:+.1f}, {length:+.3f}]" for steer, length in arcs]),
        f"({', '.join([f'({steer:g}, {length:.4f})' for steer, length in arcs])})",
    ]


def wrong(arcs: tuple[Arc, ...], rng: Random) -> list[tuple[Arc, ...]]:
    """Drives that look like the right one: mirrored, backwards in time or in gear, one arc left out or cut short."""
    at = rng.randrange(len(arcs))
    return [
        tuple([(-steer, length) for steer, length in arcs]),
        tuple([(steer, -length) for steer, length in arcs]),
        arcs[::-1],
        arcs[:at] + arcs[at + 1 :],
        (*arcs[:at], (arcs[at][0], arcs[at][1] / 2), *arcs[at + 1 :]),
        (*arcs, (0.0, 1.0 if arcs[-1][1] > 0 else -1.0)),
        tuple([(steer / 2, length) for steer, length in arcs]),
    ]
