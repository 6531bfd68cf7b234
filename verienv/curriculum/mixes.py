"""Schedules that no result moves: one mix from beginning to end, or one mix after another."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from verienv.curriculum import schedule
from verienv.curriculum.schedule import Results, Schedule, State
from verienv.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed(Schedule):
    """The recipe's own weights (`shares`, one for each stage), or one `stage` alone, from beginning to end."""

    shares: tuple[float, ...] = ()
    stage: int | None = None

    kind: ClassVar[str] = "fixed"

    def check(self) -> None:
        """Refuse shares that do not fit, and a stage that is not there."""
        if self.shares:
            schedule.check_shares("shares", self.shares, self.stages)
        if self.stage is not None:
            schedule.check_stage("stage", self.stage, self.stages)

    def weights(self, state: State) -> tuple[float, ...]:
        """The same at all times."""
        if self.stage is not None:
            return schedule.only(self.stage, self.stages)
        return schedule.normal(self.shares or (1.0,) * self.stages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform(Schedule):
    """Every stage alike, from beginning to end."""

    kind: ClassVar[str] = "uniform"

    def weights(self, state: State) -> tuple[float, ...]:
        """1 / stages each."""
        return (1.0 / self.stages,) * self.stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged(Schedule):
    """One mix after another: `phases` holds each phase's weights, `lengths` how many steps each but the last takes.

    For mixes by modality, text first and pictures later, put `by = "modality"` beside it in the recipe.
    """

    phases: tuple[tuple[float, ...], ...] = ()
    lengths: tuple[int, ...] = ()

    kind: ClassVar[str] = "staged"

    def check(self) -> None:
        """Refuse phases and lengths that do not fit."""
        if not self.phases:
            raise UsageError("curriculum phases: at least one list of weights, like phases = [[1, 0], [1, 1]]")
        for phase in self.phases:
            schedule.check_shares("phases", phase, self.stages)
        if len(self.lengths) != len(self.phases) - 1 or any(type(at) is not int or at < 1 for at in self.lengths):
            raise UsageError(
                f"curriculum lengths={self.lengths!r}: whole numbers of steps, one for each of the "
                f"{len(self.phases)} phases but the last"
            )

    def weights(self, state: State) -> tuple[float, ...]:
        """Those of the phase that the steps observed have reached."""
        return schedule.normal(self.phases[self._phase(state.steps)])

    def seen(self, state: State, results: Results) -> State:
        """One step further; `stage` is the phase."""
        return replace(state, steps=state.steps + 1, stage=self._phase(state.steps + 1))

    def _phase(self, steps: int) -> int:
        return sum(steps >= math.fsum(self.lengths[: at + 1]) for at in range(len(self.lengths)))
