"""Small families that show what sat does not: moves, pictures, Box actions, and bugs."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from gymnasium import spaces
from PIL import Image

from verienv import parsing
from verienv.knobs import KnobSet, knob
from verienv.score import Score, partial, right, wrong
from verienv.task import Game, Question
from verienv.views import Stepwise, Turnwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """How large."""

    size: int = knob(4, low=2, high=64, doc="how large")
    count: int = knob(2, low=0, high=4, doc="how many pictures")
    uneven: bool = knob(False, doc="pictures of different sizes")


@dataclass(frozen=True, slots=True)
class Number:
    """A number to find."""

    target: int
    knobs: Knobs


class Guess(Game[Knobs, Number, int, tuple[int, ...]], Turnwise[Knobs, Number, int, tuple[int, ...]]):
    """A number is to be guessed; each guess is told higher or lower."""

    name = "guess"
    parts = ("quick",)
    max_steps = 5
    levels = (Knobs(size=4), Knobs(size=8))

    def generate(self, rng: Random, knobs: Knobs) -> Number:
        return Number(rng.randrange(knobs.size) * 1000 + rng.randrange(1000), knobs)

    def players(self) -> dict[str, Any]:
        return {}

    def start(self, problem: Number) -> tuple[int, ...]:
        return ()

    def view(self, problem: Number, state: tuple[int, ...]) -> list[Any]:
        hint = "" if not state else f"Higher than {state[-1]}. " if state[-1] < problem.target else "Lower. "
        return [hint + "Guess a number."]

    def parse(self, problem: Number, text: str) -> int:
        return parsing.integer(text, high=10**6)

    def move(self, problem: Number, state: tuple[int, ...], action: int) -> tuple[int, ...]:
        return (*state, action)

    def unread(self, problem: Number, state: tuple[int, ...], reason: str) -> tuple[int, ...]:
        return (*state, -1)

    def over(self, problem: Number, state: tuple[int, ...]) -> bool:
        return bool(state) and state[-1] == problem.target

    def verify(self, problem: Number, final: tuple[int, ...]) -> Score:
        if not self.over(problem, final):
            return wrong("not_found", {"quick": 0.0})
        return right({"quick": 1 / len(final)})

    def solve(self, problem: Number) -> list[str]:
        return [parsing.say("0"), parsing.say(str(problem.target))] if problem.target else [parsing.say("0")]

    def observation_space(self, knobs: Knobs) -> spaces.Box:
        return spaces.Box(-1, 1, (2,), np.int64)

    def observe(self, problem: Number, state: tuple[int, ...]) -> Any:
        higher = (state[-1] < problem.target) - (state[-1] > problem.target) if state else 0
        return np.array([higher, bool(state)], np.int64)

    def action_space(self, knobs: Knobs) -> spaces.Discrete:
        return spaces.Discrete(64_001)

    def act(self, problem: Number, state: tuple[int, ...], action: Any) -> int:
        if action == 64_000:
            raise parsing.Unparsable("no_guess")
        return int(action)

    def encode(self, problem: Number, state: tuple[int, ...], move: int) -> Any:
        return move


class Grey(Question[Knobs, Number, int], Stepwise[Knobs, Number, int]):
    """Grey pictures are shown; answer with their grey."""

    name = "grey"
    tags = ("picture",)
    levels = (Knobs(), Knobs(size=6), Knobs(uneven=True), Knobs(count=0))

    def generate(self, rng: Random, knobs: Knobs) -> Number:
        return Number(rng.randrange(256) * 256 + rng.randrange(256), knobs)

    def players(self) -> dict[str, Any]:
        return {}

    def prompt(self, problem: Number) -> list[Any]:
        knobs, grey = problem.knobs, problem.target >> 8
        grow = problem.target % 3 if knobs.uneven else 0
        widths = [knobs.size + grow + at * knobs.uneven for at in range(knobs.count)]
        shown = [Image.new("L", (width, knobs.size + 1), grey) for width in widths]
        return ["How grey are", *shown, "these?", parsing.ask("a number", "17")]

    def parse(self, problem: Number, text: str) -> int:
        return parsing.integer(text, high=255)

    def verify(self, problem: Number, answer: int) -> Score:
        far = abs(answer - (problem.target >> 8))
        return right() if not far else partial(1 - far / 256, "off")

    def solve(self, problem: Number) -> str:
        return parsing.say(str(problem.target >> 8))

    def observation_space(self, knobs: Knobs) -> spaces.Dict:
        return spaces.Dict(image=spaces.Box(0, 255, (4, 4, 3), np.uint8), size=spaces.Discrete(65))

    def observe(self, problem: Number) -> dict[str, Any]:
        return {"image": np.full((4, 4, 3), problem.target >> 8, np.uint8), "size": problem.knobs.size}

    def action_space(self, knobs: Knobs) -> spaces.Box:
        return spaces.Box(-1, 1, (1,), np.float32)

    def act(self, problem: Number, action: Any) -> int:
        return round((float(action[0]) + 1) * 127.5)

    def encode(self, problem: Number, answer: int) -> Any:
        return np.array([answer / 127.5 - 1], np.float32)

    def draft(self, problem: Number) -> int:
        return 0

    def edits(self, knobs: Knobs) -> int:
        return 2

    def edit(self, problem: Number, draft: int, number: int) -> int:
        return max(draft - 1, 0) if number else min(draft + 16, 255)


class Broken(Guess):
    """Guess, with a rule that fails on 13."""

    name = "broken"

    def move(self, problem: Number, state: tuple[int, ...], action: int) -> tuple[int, ...]:
        if action == 13:
            raise ZeroDivisionError("a bug")
        return super().move(problem, state, action)


class BrokenGrey(Grey):
    """Grey, with a verifier that fails on 13."""

    name = "broken_grey"

    def verify(self, problem: Number, answer: int) -> Score:
        return right() if 1 / (answer - 13) else wrong("off")


GUESS, GREY, BROKEN, BROKEN_GREY = Guess(), Grey(), Broken(), BrokenGrey()
