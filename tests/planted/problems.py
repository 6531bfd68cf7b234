"""Faults in what a family declares, generates and shows."""

from __future__ import annotations

import dataclasses
import random
import time
from dataclasses import dataclass

from tests.planted.sound import CALLS, Knobs, Problem, Sound, fault
from verienv.knobs import KnobSet, knob


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


@fault("regenerates", "another")
class DrawsFromAGlobal(Sound):
    def generate(self, rng, knobs):
        CALLS.append(1)
        return Problem(10**7 + len(CALLS))


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
