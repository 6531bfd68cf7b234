"""A staircase with broken steps is shown; climb it in strides of 1 to 3 steps, one a reply, treading on none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from verienv import parsing
from verienv.knobs import KnobSet, knob
from verienv.parsing import say
from verienv.score import Score, right, unreadable, wrong
from verienv.task import Game, Part, Player


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """How high the staircase is."""

    steps: int = knob(12, low=6, high=40, doc="steps to the top")


@dataclass(frozen=True, slots=True)
class Problem:
    """The staircase."""

    steps: int
    broken: tuple[int, ...]  # ascending, never three in a row


@dataclass(frozen=True, slots=True)
class State:
    """Where the climber stands, and why the climb is over, if it is."""

    at: int = 0
    fallen: str = ""


class Stairs(Game[Knobs, Problem, int, State]):
    """Climb without a slip."""

    name = "stairs"
    title = "Stairs"
    max_steps = 60
    levels = (Knobs(steps=10), Knobs(steps=20))

    def generate(self, rng: Random, knobs: Knobs) -> Problem:
        """Break steps at random, never three in a row and never the top."""
        broken: list[int] = []
        for step in range(1, knobs.steps):
            if rng.random() < 0.6 and not {step - 1, step - 2} <= set(broken):
                broken.append(step)
        return Problem(knobs.steps, tuple(broken))

    def start(self, problem: Problem) -> State:
        """At the bottom."""
        return State()

    def view(self, problem: Problem, state: State) -> list[Part]:
        """The staircase and the place on it."""
        broken = ", ".join(map(str, problem.broken)) or "none"
        return [
            f"You stand on step {state.at} of {problem.steps}. Broken steps: {broken}.\n"
            + parsing.ask("how many steps you take next, 1 to 3", "2")
        ]

    def parse(self, problem: Problem, text: str) -> int:
        """A stride."""
        return parsing.integer(text, low=1, high=3)

    def move(self, problem: Problem, state: State, action: int) -> State:
        """Tread; on a broken step the climb is over."""
        to = state.at + action
        return State(to, "broken_step" if to in problem.broken or to > problem.steps else "")

    def over(self, problem: Problem, state: State) -> bool:
        """At the top, or fallen."""
        return bool(state.fallen) or state.at == problem.steps

    def unread(self, problem: Problem, state: State, reason: str) -> State:
        """What cannot be read is a slip."""
        return State(state.at, "unread")

    def verify(self, problem: Problem, final: State) -> Score:
        """The top, or nothing."""
        if final.fallen == "unread":
            return unreadable("unread")
        return right() if final.at == problem.steps and not final.fallen else wrong(final.fallen or "not_at_the_top")

    def solve(self, problem: Problem) -> list[str]:
        """The longest stride that holds, but for those that lead nowhere: from the top down."""
        reach = {problem.steps: 0}
        for step in range(problem.steps - 1, -1, -1):
            onward = [stride for stride in (3, 2, 1) if step + stride in reach]
            if onward and step not in problem.broken:
                reach[step] = onward[0]
        moves, at = [], 0
        while at < problem.steps:
            moves.append(say(str(reach[at])))
            at += reach[at]
        return moves

    def players(self) -> Mapping[str, Player]:
        """Always the same stride."""
        return {
            f"always {stride}": lambda problem, rng, stride=stride: [say(str(stride))] * 60  # type: ignore[misc]
            for stride in (1, 2, 3)
        }


task = Stairs()
