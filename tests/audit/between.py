"""A small family whose checker is mutated: any whole number between two others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from verienv import parsing
from verienv.knobs import KnobSet, knob
from verienv.score import RIGHT, Score, wrong
from verienv.task import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    room: int = knob(5, low=3, high=99, doc="from one bound to the other")


@dataclass(frozen=True, slots=True)
class Problem:
    low: int
    high: int


class Between(Question[Knobs, Problem, int]):
    name = "between"
    title = "Between"
    levels = (Knobs(room=5), Knobs(room=9))

    def generate(self, rng, knobs):
        low = rng.randrange(100, 10_000)
        return Problem(low, low + knobs.room)

    def prompt(self, problem):
        return [f"Between {problem.low} and {problem.high}?\n" + parsing.ask("one whole number", "12")]

    def parse(self, problem, text) -> int:
        return parsing.integer(text)

    def verify(self, problem, answer) -> Score:
        if answer <= problem.low:
            return wrong("too_low")
        return RIGHT if below(answer, problem.high) else wrong("too_high")

    def solve(self, problem):
        return parsing.say(str(problem.low + 2))

    def players(self):
        return {"low": lambda problem, rng: parsing.say(str(problem.low))}

    def mutants(self, problem, rng):
        return [str(problem.low - 50), str(problem.high + 50)]


@cache
def below(answer: int, high: int) -> bool:
    return answer < high


task = Between()
