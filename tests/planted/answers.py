"""Faults in what a family answers, pays and survives."""

from __future__ import annotations

import dataclasses
import random
import re
from typing import Any

from tests.planted.sound import CALLS, Problem, Sound, fault
from verienv import parsing
from verienv.parsing import Unparsable, say
from verienv.score import Score, partial, right, wrong


@fault("oracle", "the oracle scores 0")
class OracleIsWrong(Sound):
    def solve(self, problem):
        return say("7")


@fault("oracle", "changes its mind")
class OracleIsMoody(Sound):
    def solve(self, problem):
        return super().solve(problem) + " " * random.randrange(1000)  # noqa: TID251  # the fault


@fault("oracle", "ContractError")
class VerifyRaises(Sound):
    def verify(self, problem, answer):
        raise KeyError(answer)


@fault("renderings", "bold scores 0")
class ReadsByHand(Sound):
    def parse(self, problem, text):
        inner = parsing.answer(text) if "**" not in text else "?"
        if not inner.isdecimal():
            raise Unparsable("not_a_number")
        return int(inner[:12])


@fault("mutants", "a mutant scores 1")
class TakesAnyEnding(Sound):
    def verify(self, problem, answer):
        return right({"last": 1.0}) if str(answer).startswith(str(problem.number)[::-1]) else wrong("w", {"last": 0.0})


@fault("mutants", "offers none")
class NoMutants(Sound):
    def mutants(self, problem, rng):
        return ()


@fault("others", "another instance's answer earns")
class PaysAnyNumber(Sound):
    def verify(self, problem, answer):
        return right({"last": 1.0}) if answer > 10**6 else wrong("w", {"last": 0.0})


@fault("floor", "blind player 'same' earns 1.00")
class PaysTheCopy(Sound):
    def verify(self, problem, answer):
        digits = sorted(str(answer)) == sorted(str(problem.number))
        return right({"last": 1.0}) if digits else wrong("w", {"last": 0.0})


@fault("floor", "no blind player of its own")
class NobodyPlays(Sound):
    def players(self):
        return {}


@fault("floor", "'empty' earns 1.000")
class PaysSilence(Sound):
    def judge(self, problem, reply):
        return right({"last": 1.0}) if reply == "" else super().judge(problem, reply)


@fault("parts", "declared ['last']")
class ForgetsItsParts(Sound):
    def verify(self, problem, answer):
        return right() if str(answer) == str(problem.number)[::-1] else wrong("w", {"last": 0.0})


@fault("repeatable", "and then")
class Remembers(Sound):
    def verify(self, problem, answer):
        CALLS.append(answer)
        first = CALLS.count(answer) % 2
        return super().verify(problem, answer) if first else wrong("seen", {"last": 0.0})


@fault("repeatable", "changed the problem")
class WritesIntoTheProblem(Sound):
    def verify(self, problem, answer):
        object.__setattr__(problem, "extra", answer)
        return super().verify(problem, answer)


@fault("catalogue", "EXT-02")
class PaysTheHedge(Sound):
    def parse(self, problem, text):
        found = re.findall(r"[0-9]{8,12}", text[:10_000], re.ASCII)
        wanted = str(problem.number)[::-1]
        return int(wanted) if wanted in found else parsing.integer(text, high=10**12)


@fault("catalogue", "EXT-04")
class ReadsTheLastOfTwo(Sound):
    def parse(self, problem, text):
        at = text[:60_000].rfind("<answer>")
        return parsing.integer(text[at:] if at > 0 and "think" not in text else text, high=10**12)


@fault("catalogue", "EXT-11")
class ReadsInsideThoughts(Sound):
    def parse(self, problem, text):
        inside = "</think>" not in text and len(text) < 9_000
        return parsing.integer(text.replace("<think>", "") if inside else text, high=10**12)


@fault("catalogue", "SAT-03")
class TakesForeignDigits(Sound):
    def parse(self, problem, text):
        inner = parsing.answer(text)
        return int(inner) if inner.isdecimal() and len(inner) < 13 else parsing.integer(text, high=10**12)


@fault("catalogue", "raised ContractError")
class ConvertsEveryDigit(Sound):
    def parse(self, problem, text):
        inner = parsing.answer(text)
        return int(inner) if inner.isascii() and inner.isdecimal() else parsing.integer(text, high=10**12)


@fault("catalogue", "of CPU time")
class Backtracks(Sound):
    def parse(self, problem, text):
        re.search(r"<answer>(.*?)</answer>", text[:30_000], re.DOTALL)
        return parsing.integer(text, high=10**12)


@fault("injections", "the reply was run")
class Evaluates(Sound):
    def parse(self, problem, text):
        try:
            return int(eval(parsing.answer(text)))  # noqa: S307  # the fault
        except (SyntaxError, NameError, TypeError, ValueError, ZeroDivisionError, AttributeError):
            raise Unparsable("no") from None


@fault("not_text", "raised ContractError")
class TrustsItsCaller(Sound):
    def judge(self, problem: Problem, reply: Any) -> Score:
        return self.verify(problem, self.parse(problem, reply))


@fault("not_text", "scores 1")
class PaysNone(Sound):
    def judge(self, problem, reply):
        return right({"last": 1.0}) if reply is None else super().judge(problem, reply)


@fault("fuzz", "blind noise earns")
class PaysNoise(Sound):
    def judge(self, problem, reply):
        return right({"last": 1.0}) if type(reply) is str and "nan" in reply else super().judge(problem, reply)


@fault("fuzz", "an unreadable reply earns")
class PaysTheUnreadable(Sound):
    def judge(self, problem, reply):
        score = super().judge(problem, reply)
        return score if score.readable else Score(0.01, score.parts, score.reason, readable=False)


@fault("terms", "term 'wild'")
class WildTerm(Sound):
    terms = {"wild": lambda problem, reply: len(reply) / 100}  # noqa: RUF012


@fault("episodes", "step by step")
class StepsElsewhere(Sound):
    def step(self, problem, before, reply):
        step = super().step(problem, before, reply)
        return dataclasses.replace(step, score=partial(0.5, "half"))
