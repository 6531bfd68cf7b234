"""A sound family, and the list of those that spoil it in one place."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from verienv import parsing
from verienv.knobs import KnobSet, knob
from verienv.parsing import say
from verienv.score import Score, right, wrong
from verienv.task import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """How long the number is."""

    digits: int = knob(10, low=8, high=12, doc="digits of the number")


@dataclass(frozen=True, slots=True)
class Problem:
    """The number."""

    number: int
    extra: Any = None


class Sound(Question[Any, Problem, int]):
    """Say the number backwards: the family that every other one here spoils in one place."""

    name = "sound"
    title = "Backwards"
    parts = ("last",)
    levels: tuple[KnobSet, ...] = (Knobs(digits=8), Knobs(digits=10))

    def generate(self, rng: random.Random, knobs: Any) -> Problem:
        return Problem(rng.randrange(10 ** (knobs.digits - 1), 10**knobs.digits) // 10 * 10 + rng.randrange(1, 10))

    def prompt(self, problem: Problem) -> list[Any]:
        return [f"Write the number {problem.number} backwards.\n{parsing.ask('a number', '321 (for 123)')}"]

    def parse(self, problem: Problem, text: str) -> int:
        return parsing.integer(text, high=10**12)

    def verify(self, problem: Problem, answer: int) -> Score:
        parts = {"last": float(answer % 10 == problem.number // 10 ** (len(str(problem.number)) - 1))}
        return right(parts) if str(answer) == str(problem.number)[::-1] else wrong("not_it", parts)

    def solve(self, problem: Problem) -> str:
        return say(str(problem.number)[::-1])

    def players(self):
        return {"same": lambda problem, rng: say(str(problem.number)), "one": lambda problem, rng: say("1")}

    def mutants(self, problem, rng):
        return (str(problem.number)[::-1] + "1", "0")

    def describe(self, problem):
        return {"digits": len(str(problem.number))}


CALLS: list[int] = []
"""What a family with a fault may remember."""
FAULTS: list[tuple[str, str, type[Sound]]] = []


def fault(check: str, message: str):
    """Register a planted family, the check that must find it, and what that check must say."""

    def register(family: type[Sound]) -> type[Sound]:
        family.__doc__ = family.__doc__ or "Broken."
        FAULTS.append((check, message, family))
        return family

    return register
