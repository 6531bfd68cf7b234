"""What a third party adds to training: an advantage, an objective, a learning rate and a sampler of problems."""

from __future__ import annotations

from typing import Any, ClassVar

from verienv.curriculum import Schedule, State


def signed(rewards: Any, scorable: Any, lengths: Any = None, *, clip_high: float = 1.0) -> Any:
    """The reward itself, times one of the recipe's numbers."""
    return rewards * scorable * clip_high


def plain(log_ratio: Any, logp: Any, advantages: Any, mask: Any) -> Any:
    """The log-probability, unclipped."""
    return -logp * advantages


def halves(done: float) -> float:
    """The full rate, then half of it."""
    return 1.0 if done < 0.5 else 0.5


class Hardest(Schedule):
    """The last stage alone."""

    kind: ClassVar[str] = "hardest"

    def weights(self, state: State) -> tuple[float, ...]:
        return (0.0,) * (self.stages - 1) + (1.0,)
