"""Schedules that follow the results of every training step."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from verienv.curriculum import schedule
from verienv.curriculum.schedule import Results, Schedule, State
from verienv.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Dads(Schedule):
    """RuleReasoner's domain-aware dynamic sampling as published, arXiv 2506.08672: what goes badly is drawn more.

    A stage is a domain. Its reward is smoothed, r ← alpha·r + (1 - alpha)·mean of the step, from 0; its weight is
    proportional to exp((target - r) / tau) + epsilon. A domain not drawn in a step keeps its r. tau = 0.5 is the 8B
    model's, 0.8 the 4B model's.
    """

    alpha: float = 0.5
    tau: float = 0.5
    epsilon: float = 0.1
    target: float = 1.0

    kind: ClassVar[str] = "dads"

    def check(self) -> None:
        """Refuse numbers out of range."""
        if not (0 <= self.alpha < 1 and self.tau > 0 and self.epsilon >= 0):
            raise UsageError(
                f"curriculum alpha={self.alpha!r}, tau={self.tau!r}, epsilon={self.epsilon!r}: "
                "0 <= alpha < 1, tau > 0, epsilon >= 0"
            )

    def start(self) -> State:
        """Every domain's smoothed reward is 0."""
        return State(memory=(0.0,) * self.stages)

    def weights(self, state: State) -> tuple[float, ...]:
        """In proportion to exp((target - r) / tau) + epsilon."""
        smoothed = self._smoothed(state)
        return schedule.normal([math.exp((self.target - each) / self.tau) + self.epsilon for each in smoothed])

    def seen(self, state: State, results: Results) -> State:
        """Each domain's reward smoothed with the step's."""
        smoothed = [
            self.alpha * each + (1 - self.alpha) * schedule.mean(results[at]) if at in results else each
            for at, each in enumerate(self._smoothed(state))
        ]
        return replace(state, steps=state.steps + 1, memory=tuple(smoothed))

    def _smoothed(self, state: State) -> tuple[float, ...]:
        memory = schedule.memory_of(state, self.stages)
        return tuple(0.0 if each is None else each for each in memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class DadsReleased(Schedule):
    """Dads as its release runs it (bigai-nlco/RuleReasoner): from one batch, without a floor, and without a way back.

    Every `every` steps the weights become proportional to exp(v / tau), v = max(0, t - mean of that one step) and
    t = base / buffer · (1 + 1/2 + … + 1/buffer), which is 0.52 and not 1; the release's epsilon stands inside the
    exponent, where it cancels. A domain not drawn in that step has weight 0 from then on. Until the first update the
    weights are `shares`.
    """

    tau: float = 0.3
    every: int = 8
    buffer: int = 4
    base: float = 1.0
    shares: tuple[float, ...] = ()

    kind: ClassVar[str] = "dads_released"

    def check(self) -> None:
        """Refuse numbers out of range."""
        for name in ("every", "buffer"):
            if type(getattr(self, name)) is not int or getattr(self, name) < 1:
                raise UsageError(f"curriculum {name}={getattr(self, name)!r}: a whole number from 1 up")
        if not self.tau > 0:
            raise UsageError(f"curriculum tau={self.tau!r}: a positive number")
        if self.shares:
            schedule.check_shares("shares", self.shares, self.stages)

    @property
    def target(self) -> float:
        """The mean reward above which a domain asks for nothing."""
        return self.base / self.buffer * math.fsum(1 / at for at in range(1, self.buffer + 1))

    def weights(self, state: State) -> tuple[float, ...]:
        """From the last update's step; `shares` before there was one."""
        if not state.memory:
            return schedule.normal(self.shares or (1.0,) * self.stages)
        memory = schedule.memory_of(state, self.stages)
        return schedule.normal(
            [0.0 if each is None else math.exp(max(0.0, self.target - each) / self.tau) for each in memory]
        )

    def seen(self, state: State, results: Results) -> State:
        """The step's means, every `every` steps; a step without results changes nothing."""
        state = replace(state, steps=state.steps + 1)
        if state.steps % self.every or not results:
            return state
        return replace(
            state, memory=tuple(schedule.mean(results[at]) if at in results else None for at in range(self.stages))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaRFT(Schedule):
    """A target difficulty that follows the success, as AdaRFT's (arXiv 2504.05520), on stages in place of scores.

    t ← t + rate·(stages - 1)·tanh(sensitivity·(mean of the step - goal)), held within the stages; the numbers are the
    paper's (a rate of 50 on its scale of 0 to 100). Where t lies between two stages both are drawn, so that the mean
    difficulty is t; the paper draws the problems nearest to t.
    """

    rate: float = 0.5
    sensitivity: float = 2.0
    goal: float = 0.5
    first: float = 0.0

    kind: ClassVar[str] = "adarft"

    def check(self) -> None:
        """Refuse numbers out of range."""
        if not (self.rate > 0 and self.sensitivity > 0 and 0 < self.goal < 1):
            raise UsageError(
                f"curriculum rate={self.rate!r}, sensitivity={self.sensitivity!r}, goal={self.goal!r}: "
                "rate and sensitivity above 0, goal in (0, 1)"
            )
        if not 0 <= self.first <= self.stages - 1:
            raise UsageError(f"curriculum first={self.first!r}: a difficulty from 0 to {self.stages - 1}")

    def start(self) -> State:
        """At the first difficulty."""
        return State(stage=round(self.first), memory=(float(self.first),))

    def weights(self, state: State) -> tuple[float, ...]:
        """The two stages around the target, the nearer one more."""
        target = self._target(state)
        return tuple(max(0.0, 1.0 - abs(at - target)) for at in range(self.stages))

    def seen(self, state: State, results: Results) -> State:
        """The target moved; `stage` is the nearest one. A step without results changes nothing."""
        if not results:
            return state
        mean = schedule.mean([score for scores in results.values() for score in scores])
        move = self.rate * (self.stages - 1) * math.tanh(self.sensitivity * (mean - self.goal))
        target = min(max(self._target(state) + move, 0.0), float(self.stages - 1))
        return replace(state, steps=state.steps + 1, stage=round(target), memory=(target,))

    def _target(self, state: State) -> float:
        (target,) = schedule.memory_of(state, 1)
        if target is None or not 0 <= target <= self.stages - 1:
            raise UsageError(f"not a state of this curriculum: target {target!r}, of {self.stages} stages")
        return target
