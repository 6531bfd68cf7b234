"""A reward made of the terms that a score alone decides: `score`, `right`, `readable` and `part:<name>`.

Array views have no text that the other terms of `verienv.reward` could read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verienv import reward
from verienv.errors import UsageError
from verienv.reward import Reward, RewardFunction
from verienv.score import Score
from verienv.task import Task

SCORED = ("score", "right", "readable")


class ScoreReward:
    """A weighted sum of a score's terms. Raises UnknownName or UsageError before anything is scored."""

    def __init__(self, task: Task[Any, Any, Any], weights: Mapping[str, float]) -> None:
        self.weights = RewardFunction(task, weights).weights  # it refuses unknown names and weights
        for name in self.weights:
            if name not in SCORED and not name.startswith("part:"):
                allowed = ", ".join([*SCORED, *(f"part:{part}" for part in task.parts)])
                raise UsageError(
                    f"the term {name!r} of {task.name} reads the text of a reply; "
                    f"where there is none, the terms are {allowed}"
                )

    def __call__(self, score: Score) -> Reward:
        """What a score earns."""
        terms = {
            name: score.parts.get(name.removeprefix("part:"), 0.0)
            if name.startswith("part:")
            else reward.GENERIC[name]((None, "", score))
            for name in self.weights
        }
        return Reward(sum(weight * terms[name] for name, weight in self.weights.items()), terms, score)
