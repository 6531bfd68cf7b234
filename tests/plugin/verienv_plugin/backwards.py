"""A word of random letters is shown; answer with its letters in reverse order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from verienv import parsing
from verienv.knobs import KnobSet, knob
from verienv.parsing import Unparsable, say
from verienv.score import Score, right, wrong
from verienv.task import Part, Player, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """How long the word is."""

    letters: int = knob(6, low=5, high=30, doc="letters in the word")


@dataclass(frozen=True, slots=True)
class Problem:
    """The word."""

    word: str  # lower case


class Backwards(Question[Knobs, Problem, str]):
    """Say a word backwards."""

    name = "backwards"
    title = "Backwards"
    levels = (Knobs(letters=5), Knobs(letters=8), Knobs(letters=12))

    def generate(self, rng: Random, knobs: Knobs) -> Problem:
        """Random letters that are no palindrome."""
        while True:
            word = "".join(rng.choices("bcdfghjklmnpqrst", k=knobs.letters))
            if word != word[::-1]:
                return Problem(word)

    def prompt(self, problem: Problem) -> list[Part]:
        """The word."""
        return [f"Write the word {problem.word} backwards.\n{parsing.ask('one word', 'cba (for abc)')}"]

    def parse(self, problem: Problem, text: str) -> str:
        """One lower-case word."""
        word = parsing.answer(text)
        if not (word.isascii() and word.isalpha() and word.islower()):
            raise Unparsable("not_a_word")
        return word

    def verify(self, problem: Problem, answer: str) -> Score:
        """Letter by letter."""
        return right() if answer == problem.word[::-1] else wrong("another_word")

    def solve(self, problem: Problem) -> str:
        """Reverse."""
        return say(problem.word[::-1])

    def players(self) -> Mapping[str, Player]:
        """Say the word as it is."""
        return {"copy": lambda problem, rng: say(problem.word)}

    def mutants(self, problem: Problem, rng: Random) -> Sequence[str]:
        """The word itself, and its reverse one letter short."""
        return (problem.word, problem.word[:0:-1])


task = Backwards()
