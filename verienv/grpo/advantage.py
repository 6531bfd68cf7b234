"""How much better than its fellows an attempt was: rewards [P, G] → advantages [P, G].

Each function takes (rewards, scorable, lengths): rewards float [P, G], one row for each prompt; scorable bool [P, G],
False for an attempt that could not be scored; lengths int [P, G], tokens in each reply (None: one each). An attempt
that is not scorable gets 0 and changes nothing for the others, whatever stands in its place, NaN included. In a group
whose rewards are all equal, or with fewer than two scorable attempts, there is nothing to compare: all get 0, exactly
(except from `reinforce_pp`, which shifts every token alike).

Means and deviations are those of a whole step: with several ranks, gather the rewards first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from torch import Tensor


def group_norm(
    rewards: Tensor, scorable: Tensor, lengths: Tensor | None = None, *, advantage_epsilon: float = 1e-4
) -> Tensor:
    """(r - mean) / (deviation + epsilon), both of the group, ddof = 1: GRPO, arXiv 2402.03300."""
    centred, count = _centred(rewards, scorable)
    return centred / (_deviation(centred, count) + advantage_epsilon)


def mean(rewards: Tensor, scorable: Tensor, lengths: Tensor | None = None) -> Tensor:
    """r - mean of the group: Dr. GRPO, arXiv 2503.20783."""
    return _centred(rewards, scorable)[0]


def batch_norm(
    rewards: Tensor, scorable: Tensor, lengths: Tensor | None = None, *, advantage_epsilon: float = 1e-4
) -> Tensor:
    """(r - mean of the group) / (deviation of all rewards of the step + epsilon), ddof = 1: arXiv 2508.08221."""
    centred, _ = _centred(rewards, scorable)
    row, count = _centred(rewards.reshape(1, -1), scorable.reshape(1, -1))
    return centred / (_deviation(row, count) + advantage_epsilon)


def rloo(rewards: Tensor, scorable: Tensor, lengths: Tensor | None = None) -> Tensor:
    """r - mean of the others in the group, which is count / (count - 1) · (r - mean): arXiv 2402.14740."""
    centred, count = _centred(rewards, scorable)
    return centred * count / (count - 1).clamp(min=1)


def reinforce_pp(rewards: Tensor, scorable: Tensor, lengths: Tensor | None = None) -> Tensor:
    """r - mean of the group, then whitened over all tokens of the step (unbiased): REINFORCE++-baseline, 2501.03262.

    A long reply therefore weighs more in the mean and the deviation. Where the token-weighted mean is not 0, attempts
    of a group without spread get the same small shift as all others.
    """
    centred, _ = _centred(rewards, scorable)
    tokens = (scorable if lengths is None else lengths * scorable).to(centred.dtype)
    total = tokens.sum()
    shifted = centred - (tokens * centred).sum() / total.clamp(min=1)
    variance = (tokens * shifted.square()).sum() / (total - 1).clamp(min=1)
    return (shifted / (variance + 1e-8).sqrt()).masked_fill(~scorable, 0.0)


def maxrl(rewards: Tensor, scorable: Tensor, lengths: Tensor | None = None) -> Tensor:
    """(r - mean) / mean, or 0 where the mean is not positive. A prompt solved with chance p weighs 1/p."""
    centred, count = _centred(rewards, scorable)
    average = rewards.masked_fill(~scorable, 0.0).sum(1, keepdim=True) / count.clamp(min=1)
    return (centred / average.where(average > 0, 1.0)).where(average > 0, 0.0)


def passk(
    rewards: Tensor, scorable: Tensor, lengths: Tensor | None = None, *, advantage_epsilon: float = 1e-4
) -> Tensor:
    """The best gets (best - second best) / (deviation + epsilon), the others 0: pass@k training, arXiv 2503.19595."""
    centred, count = _centred(rewards, scorable)
    ranked = centred.masked_fill(~scorable, -float("inf")).sort(1, descending=True).values
    second = ranked[:, :2][:, -1:]
    lead = (centred - second).clamp(min=0.0).where(scorable & (count > 1), 0.0)
    return lead / (_deviation(centred, count) + advantage_epsilon)


def pairwise(
    rewards: Tensor, scorable: Tensor, lengths: Tensor | None = None, *, advantage_epsilon: float = 1e-6
) -> Tensor:
    """`preferences` among scalar rewards, d_ij = r_i - r_j: then it is (r - mean) / deviation."""
    values = rewards.masked_fill(~scorable, 0.0)
    return preferences(values[:, :, None] - values[:, None, :], scorable, advantage_epsilon=advantage_epsilon)


def preferences(strengths: Tensor, scorable: Tensor, *, advantage_epsilon: float = 1e-6) -> Tensor:
    """From strengths float [P, G, G], d_ij = -d_ji > 0 where i is better: Think-RM's RLHF, arXiv 2505.16265.

    (Σ_j d_ij / G) / √(Σ d² / (2G(G - 1)) + epsilon), with G the scorable attempts; no reward is needed. Strengths count
    relative to each other only, as long as they stay well above √epsilon.
    """
    compared = scorable[:, :, None] & scorable[:, None, :]
    strengths = strengths.masked_fill(~compared, 0.0)
    count = scorable.sum(1, keepdim=True)
    square = strengths.square().sum((1, 2)).unsqueeze(1) / (2 * count * (count - 1)).clamp(min=1)
    return strengths.sum(2) / count.clamp(min=1) / (square + advantage_epsilon).sqrt()


ADVANTAGES: Final[Mapping[str, Callable[..., Any]]] = {
    each.__name__: each for each in (group_norm, mean, batch_norm, rloo, reinforce_pp, maxrl, passk, pairwise)
}


def spread(rewards: Tensor, scorable: Tensor) -> Tensor:
    """Greatest minus least scorable reward of each group, [P]; 0 where fewer than two are scorable."""
    most = rewards.masked_fill(~scorable, -float("inf")).amax(1)
    least = rewards.masked_fill(~scorable, float("inf")).amin(1)
    return (most - least).where(scorable.sum(1) > 1, 0.0)


def _centred(rewards: Tensor, scorable: Tensor) -> tuple[Tensor, Tensor]:
    """r - mean of the group, exactly 0 without spread and where not scorable, [P, G]; scorable attempts, [P, 1]."""
    count = scorable.sum(1, keepdim=True)
    values = rewards.masked_fill(~scorable, 0.0)
    centred = values - values.sum(1, keepdim=True) / count.clamp(min=1)
    return centred.where(scorable & (spread(rewards, scorable) > 0)[:, None], 0.0), count


def _deviation(centred: Tensor, count: Tensor) -> Tensor:
    return (centred.square().sum(1, keepdim=True) / (count - 1).clamp(min=1)).sqrt()
