"""A gate that was never seen to fail is no gate: one planted fault each, and the check that must find it."""

from __future__ import annotations

import dataclasses
import random
import re
import time
from dataclasses import dataclass
from typing import Any

import pytest

from verienv import contract, parsing
from verienv.knobs import KnobSet, knob
from verienv.parsing import Unparsable, say
from verienv.score import Score, partial, right, wrong
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


def test_the_sound_family_keeps_every_promise():
    assert not list(contract.failures(contract.run(Sound(), size=12)))


FAULTS: list[tuple[str, str, type[Sound]]] = []


def fault(check: str, message: str):
    """Register a planted family, the check that must find it, and what that check must say."""

    def register(family: type[Sound]) -> type[Sound]:
        family.__doc__ = family.__doc__ or "Broken."
        FAULTS.append((check, message, family))
        return family

    return register


@fault("names", "is not lower case")
class BadName(Sound):
    name = "Bad-Name"


@fault("names", "there is no title")
class NoTitle(Sound):
    title = ""


@fault("names", "keeps no attribute")
class KeepsState(Sound):
    def __init__(self):
        self.cache = {}


@fault("levels", "two levels are the same")
class TwinLevels(Sound):
    levels = (Knobs(digits=8), Knobs(digits=8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose(KnobSet):
    digits: int = knob(10, low=8, high=12, doc="digits")

    def __post_init__(self) -> None:
        """Checks nothing."""


@fault("knob_bounds", "is accepted")
class LooseKnobs(Sound):
    levels = (Loose(digits=8),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent(KnobSet):
    digits: int = knob(10, low=8, high=12, doc=" ")


@fault("knob_bounds", "says nothing of its meaning")
class SilentKnobs(Sound):
    levels = (Silent(digits=8),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetful(Knobs):
    def to_text(self) -> str:
        return "digits=9"


@fault("knob_round_trips", "reads back")
class ForgetfulKnobs(Sound):
    levels = (Forgetful(digits=8),)


@fault("knob_fuzz", "raised ZeroDivisionError")
class BreaksAtSomeKnobs(Sound):
    def generate(self, rng, knobs):
        return super().generate(rng, knobs) if knobs.digits != 9 else Problem(1 // 0)


@fault("plain", "which can be changed")
class HoldsAList(Sound):
    def generate(self, rng, knobs):
        return dataclasses.replace(super().generate(rng, knobs), extra=[1])


@dataclass
class Melting:
    number: int


@fault("plain", "is not frozen")
class HoldsAMutable(Sound):
    def generate(self, rng, knobs):
        return dataclasses.replace(super().generate(rng, knobs), extra=Melting(1))


@fault("regenerates", "another")
class DrawsFromTheClock(Sound):
    def generate(self, rng, knobs):
        return Problem(time.perf_counter_ns() % 10**7 + 10**7)


_CALLS: list[int] = []


@fault("regenerates", "another")
class DrawsFromAGlobal(Sound):
    def generate(self, rng, knobs):
        _CALLS.append(1)
        return Problem(10**7 + len(_CALLS))


@fault("threads", "differs when made in a thread")
class DependsOnTheThread(Sound):
    def generate(self, rng, knobs):
        import threading

        main = threading.current_thread() is threading.main_thread()
        return dataclasses.replace(super().generate(rng, knobs), extra=main)


@fault("differs", "repeat others")
class AlwaysTheSame(Sound):
    def generate(self, rng, knobs):
        return Problem(12345678 + rng.randrange(3))


@fault("differs", "of seed 0's problems")
class IgnoresTheSeed(Sound):
    def _make(self, where, knobs):
        return super()._make(dataclasses.replace(where, seed=0), knobs)


@fault("differs", "share")
class IgnoresTheSplit(Sound):
    def _make(self, where, knobs):
        made = super()._make(dataclasses.replace(where, split="train"), knobs)
        return dataclasses.replace(made, address=str(where))


@fault("addresses", "lost its knobs")
class LosesItsKnobs(Sound):
    def _make(self, where, knobs):
        return dataclasses.replace(super()._make(where, knobs), knobs=Knobs(digits=12))


@fault("describes", "not plain")
class DescribesWithObjects(Sound):
    def describe(self, problem):
        return {"digits": (1, 2)}


@fault("describes", "Out of range float")
class DescribesWithNaN(Sound):
    def describe(self, problem):
        return {"digits": float("nan")}


@fault("speed", "of CPU time an instance")
class Slow(Sound):
    def generate(self, rng, knobs):
        stop = time.thread_time() + 0.03
        while time.thread_time() < stop:
            pass
        return super().generate(rng, knobs)


@fault("prompts", "blank")
class BlankPrompt(Sound):
    def prompt(self, problem):
        return ["", *super().prompt(problem)]


@fault("prompts", "changes between calls")
class PromptChanges(Sound):
    def prompt(self, problem):
        return [*super().prompt(problem), f"{random.random()}"]  # noqa: TID251  # the fault


@fault("distinct", "looks like another problem")
class HidesTheQuestion(Sound):
    def prompt(self, problem):
        return ["Guess the number."]


@fault("silent", "stands in prompt")
class LeaksIntoThePrompt(Sound):
    def prompt(self, problem):
        return [*super().prompt(problem), f"debug: {str(problem.number)[::-1]}"]


@fault("silent", "stands in describe")
class LeaksIntoMeasures(Sound):
    def describe(self, problem):
        return {"truth": int(str(problem.number)[::-1])}


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
        _CALLS.append(answer)
        first = _CALLS.count(answer) % 2
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


@pytest.mark.parametrize(("check", "message", "family"), [pytest.param(*row, id=row[2].__name__) for row in FAULTS])
def test_the_fault_is_found(check, message, family, monkeypatch):
    monkeypatch.setattr(contract.instances, "INSTANCE_SECONDS", 0.02)
    result = contract.check(family(), check, 1 if len(family.levels) > 1 else 0, size=8)
    assert not result.ok, f"{check} did not notice: {result.detail}"
    assert message in result.detail


def test_every_check_has_been_seen_to_fail():
    seen = {check for check, _, _ in FAULTS}
    assert {each.name for each in contract.CHECKS} - seen == {"native", "stepwise"}  # these are in the next test


def test_faults_of_native_views_are_found():
    from verienv.families.sat import Sat

    class Encodes(Sat):
        def encode(self, problem, answer):
            return super().encode(problem, answer) ^ 1

    class Observes(Sat):
        def observe(self, problem):
            return super().observe(problem) * 3

    class Edits(Sat):
        def edit(self, problem, draft, number):
            raise IndexError(number)

    for family, check, message in (
        (Encodes, "native", "becomes"),
        (Observes, "native", "observe leaves its space"),
        (Edits, "stepwise", "raised IndexError"),
    ):
        result = contract.check(family(), check, 1, 4)
        assert not result.ok
        assert message in result.detail
