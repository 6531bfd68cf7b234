"""A climb: the next stage once validations of this one go well, and back when they go badly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from verienv.curriculum import schedule
from verienv.curriculum.schedule import Schedule, State
from verienv.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion(Schedule):
    """SATURN's: the next stage once the mean of the last `window` validations is above `epsilon` (arXiv 2505.16368).

    Below `epsilon_low` (0: never) it goes back a stage. `review` is the share that the stages passed keep, evenly.
    """

    epsilon: float = 0.5
    epsilon_low: float = 0.0
    window: int = 1
    review: float = 0.0
    first: int = 0

    kind: ClassVar[str] = "promotion"

    def check(self) -> None:
        """Refuse thresholds out of order."""
        if not 0 <= self.epsilon_low < self.epsilon <= 1:
            raise UsageError(
                f"curriculum epsilon={self.epsilon!r}, epsilon_low={self.epsilon_low!r}: 0 <= low < epsilon <= 1"
            )
        if type(self.window) is not int or self.window < 1:
            raise UsageError(f"curriculum window={self.window!r}: a whole number of validations from 1 up")
        if not 0 <= self.review < 1:
            raise UsageError(f"curriculum review={self.review!r}: a share in [0, 1)")
        schedule.check_stage("first", self.first, self.stages)

    def start(self) -> State:
        """At the first stage."""
        return State(stage=self.first)

    def weights(self, state: State) -> tuple[float, ...]:
        """The stage itself, and `review` spread over those before it."""
        schedule.check_stage("stage", state.stage, self.stages)
        if not state.stage or not self.review:
            return schedule.only(state.stage, self.stages)
        past = self.review / state.stage
        return tuple(
            past if at < state.stage else 1 - self.review if at == state.stage else 0.0 for at in range(self.stages)
        )

    def after(self, state: State, score: float) -> State:
        """Promoted, demoted, or the same stage with one validation more; a move forgets the validations."""
        schedule.check_stage("stage", state.stage, self.stages)
        recent = (*state.recent, schedule.check_score(score))[-self.window :]
        mean = math.fsum(recent) / len(recent)
        if len(recent) == self.window:
            if mean > self.epsilon and state.stage + 1 < self.stages:
                return State(state.stage + 1, (), state.promotions + 1, state.demotions)
            if mean < self.epsilon_low and state.stage > 0:
                return State(state.stage - 1, (), state.promotions, state.demotions + 1)
        return State(state.stage, recent, state.promotions, state.demotions)
