"""What a group adds to the rewards of its own attempts, before they are compared: what none of them can say alone.

Each function takes (rewards, scorable, right, lengths) and returns additions float [P, G]: rewards float [P, G], one
row for each prompt; scorable bool [P, G], False for an attempt that could not be scored; right bool [P, G], by the
checker; lengths int [P, G], tokens in each reply. An attempt that is not scorable gets 0 and changes nothing for the
others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from torch import Tensor


def none(rewards: Tensor, scorable: Tensor, right: Tensor, lengths: Tensor) -> Tensor:
    """Nothing."""
    return rewards.new_zeros(rewards.shape)


def dast(rewards: Tensor, scorable: Tensor, right: Tensor, lengths: Tensor) -> Tensor:
    """Short right replies earn more, wrong ones lose, the shorter the more: UI-R1-E, arXiv 2503.21620, as released.

    With p the share of right replies, their mean length and the greatest length of the group, the budget is p · mean +
    (1 - p) · greatest, and λ = (length - budget) / budget. A right reply gets max(0.5 - 0.5 λ, 0.1), within [0.1, 1]; a
    wrong one min(0.9 λ - 0.1, -0.1), within [-1, -0.1]. The release calls right what has the full reward.
    """
    tokens = lengths.to(rewards.dtype).masked_fill(~scorable, 0.0)
    good = scorable & right
    count, total = good.sum(1, keepdim=True), scorable.sum(1, keepdim=True)
    share = count / total.clamp(min=1)
    mean = tokens.masked_fill(~good, 0.0).sum(1, keepdim=True) / count.clamp(min=1)
    budget = share * mean + (1 - share) * tokens.amax(1, keepdim=True)
    over = (tokens - budget) / budget.where(budget > 0, 1.0)
    paid, fined = (0.5 - 0.5 * over).clamp(min=0.1), (0.9 * over - 0.1).clamp(max=-0.1)
    return paid.where(right, fined).masked_fill(~scorable, 0.0)


SHAPING: Final[Mapping[str, Callable[..., Any]]] = {each.__name__: each for each in (none, dast)}
