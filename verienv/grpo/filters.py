"""What is not trained on: groups from which nothing is learnt, and replies that were cut off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from verienv.grpo import advantage

if TYPE_CHECKING:
    from torch import Tensor

# What happens to a group whose rewards are all equal.
ZERO_SPREAD: Final[Mapping[str, str]] = {
    "drop": "left out of the step, and counted",
    "keep": "trained on: its advantages are 0, but its tokens count and its KL holds",
    "resample": "left out, and further problems sampled until the step is full: DAPO, arXiv 2503.14476",
}
# What happens to a reply that reached the greatest length without an end.
OVERLONG: Final[Mapping[str, str]] = {
    "keep": "trained on, with the reward it got",
    "mask": "scored, and left out of the loss",
    "penalty": "fined, as are those that come close: DAPO, arXiv 2503.14476",
}


def informative(rewards: Tensor, scorable: Tensor) -> Tensor:
    """Which groups have two scorable rewards that differ, bool [P]; equality, not a small deviation, is what counts."""
    return advantage.spread(rewards, scorable) > 0


def missing(kept: Tensor, wanted: int) -> int:
    """How many more groups dynamic sampling has to find, given which of those sampled are kept, bool [P]."""
    return max(wanted - int(kept.sum()), 0)


def without_truncated(mask: Tensor, truncated: Tensor) -> Tensor:
    """The mask [B, T] without the replies that were cut off, truncated bool [B]."""
    return mask & ~truncated[:, None]


def overlong_penalty(lengths: Tensor, longest: int, buffer: int) -> Tensor:
    """What is added to the rewards, [B], in [-1, 0]: 0 up to longest - buffer tokens, falling from there to -1.

    lengths int [B], in tokens. With longest 20480 and buffer 4096, a reply of 18432 tokens is fined 0.5.
    """
    return ((longest - buffer - lengths) / buffer).clamp(-1.0, 0.0)
