"""A sound family whose answer is itself a text, and what can go wrong with one."""

from __future__ import annotations

from typing import Any

from tests.planted.sound import Problem, Sound, fault
from verienv import parsing
from verienv.parsing import Unparsable
from verienv.score import Score, right, wrong


class Prose(Sound):
    """Say the number backwards, in quotes: the text that every other family here misreads."""

    prose = True

    def prompt(self, problem: Problem) -> list[Any]:
        return [f"Write {problem.number} backwards, in quotes, and say it is it.\n{parsing.ask_text()}"]

    def parse(self, problem: Problem, text: str) -> Any:
        return parsing.text(text)

    def verify(self, problem: Problem, answer: Any) -> Score:
        last = {"last": float(answer.endswith("is it"))}
        return right(last) if answer == f'"{str(problem.number)[::-1]}" is it' else wrong("not_it", last)

    def solve(self, problem: Problem) -> str:
        return parsing.say(f'"{str(problem.number)[::-1]}" is it')


@fault("renderings", "spaces inside the tags")
class KeepsBlanks(Prose):
    def parse(self, problem, text):
        parsing.text(text)
        return text.rpartition("</answer>")[0].rpartition("<answer>")[2]


@fault("catalogue", "EXT-04b")
class ReadsTheLastOfTwoTexts(Prose):
    def parse(self, problem, text):
        try:
            return parsing.text(text)
        except Unparsable as unparsable:
            if unparsable.reason != "several_answers":
                raise
            return text.rpartition("</answer>")[0].rpartition("<answer>")[2]
