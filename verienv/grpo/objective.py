"""What is minimised: (log_ratio [B, T], logp [B, T], advantages [B], mask [B, T]) → loss of each token [B, T].

ρ is e to the log ratio, A the advantage of the token's reply. What stands where the mask is False means nothing. The
log ratio is held within ±20 before it is raised, so that no loss overflows; a token beyond that has no gradient. At
ρ = 1 every objective has the gradient of -A·log π.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from torch import Tensor

LIMIT: Final = 20.0  # of |log ratio|
LEAST: Final = -18.420680743952367  # log 1e-8, of VESPO's log W


def ppo(
    log_ratio: Tensor, logp: Tensor, advantages: Tensor, mask: Tensor, *, clip_low: float = 0.2, clip_high: float = 0.2
) -> Tensor:
    """-min(ρA, clip(ρ, 1 - low, 1 + high)·A): PPO; DAPO raises the upper bound to 0.28, arXiv 2503.14476."""
    ratio, advantage = _ratio(log_ratio), advantages[:, None]
    return -(ratio * advantage).minimum(ratio.clamp(1 - clip_low, 1 + clip_high) * advantage)


def dual_clip(
    log_ratio: Tensor,
    logp: Tensor,
    advantages: Tensor,
    mask: Tensor,
    *,
    clip_low: float = 0.2,
    clip_high: float = 0.2,
    dual_clip: float = 3.0,
) -> Tensor:
    """`ppo`, and no more than dual_clip·|A| where A < 0: arXiv 1912.09729.

    The same as holding ρ at dual_clip before the minimum is taken, which INTELLECT-2 calls two-sided clipping, as long
    as dual_clip >= 1 + clip_high.
    """
    advantage = advantages[:, None]
    loss = ppo(log_ratio, logp, advantages, mask, clip_low=clip_low, clip_high=clip_high)
    return loss.where(advantage >= 0, loss.minimum(-dual_clip * advantage))


def cispo_cap(log_ratio: Tensor, logp: Tensor, advantages: Tensor, mask: Tensor, *, clip_cap: float = 5.0) -> Tensor:
    """-w·A·log π with w = min(ρ, cap), held constant; cap is a ratio itself, and no lower bound: CISPO in TRL."""
    return -_ratio(log_ratio).detach().clamp(max=clip_cap) * advantages[:, None] * logp


def cispo_band(
    log_ratio: Tensor, logp: Tensor, advantages: Tensor, mask: Tensor, *, clip_low: float = 0.2, clip_high: float = 0.2
) -> Tensor:
    """-w·A·log π with w = clip(ρ, 1 - low, 1 + high), held constant: CISPO, arXiv 2506.13585, and in verl."""
    return -_ratio(log_ratio).detach().clamp(1 - clip_low, 1 + clip_high) * advantages[:, None] * logp


def reinforce(log_ratio: Tensor, logp: Tensor, advantages: Tensor, mask: Tensor) -> Tensor:
    """-A·log π, whatever the ratio: for one update on each batch."""
    return -advantages[:, None] * logp


def sapo(
    log_ratio: Tensor,
    logp: Tensor,
    advantages: Tensor,
    mask: Tensor,
    *,
    tau_positive: float = 1.0,
    tau_negative: float = 1.05,
) -> Tensor:
    """-(4/τ)·sigmoid(τ(ρ - 1))·A, with a τ for A > 0 and one for the rest: a soft gate, arXiv 2511.20347."""
    ratio, advantage = _ratio(log_ratio), advantages[:, None]
    positive = 4 / tau_positive * (tau_positive * (ratio - 1)).sigmoid()
    negative = 4 / tau_negative * (tau_negative * (ratio - 1)).sigmoid()
    return -positive.where(advantage > 0, negative) * advantage


def gmpo(
    log_ratio: Tensor, logp: Tensor, advantages: Tensor, mask: Tensor, *, clip_low: float = 0.4, clip_high: float = 0.4
) -> Tensor:
    """-A·exp(mean over the reply of log ρ, each clipped on the side that A pushes to): arXiv 2507.20673.

    The bounds are in log space. Takes log ratios of tokens; every token holds its reply's loss.
    """
    advantage = advantages[:, None]
    kept = log_ratio.clamp(max=clip_high).where(advantage > 0, log_ratio.clamp(min=-clip_low)).masked_fill(~mask, 0.0)
    average = kept.sum(1, keepdim=True) / mask.sum(1, keepdim=True).clamp(min=1)
    return (-advantage * average.clamp(-LIMIT, LIMIT).exp()).expand(mask.shape)


def vespo(log_ratio: Tensor, logp: Tensor, advantages: Tensor, mask: Tensor) -> Tensor:
    """-φ(W)·A·log π, W the ratio of the whole replies; φ = e^λ·W^k·e^(-λW), held constant, is 1 at W = 1.

    (k, λ) is (2, 3) for A >= 0 and (3, 2) for the rest, as in TRL. Takes log ratios of tokens.
    """
    advantage = advantages[:, None]
    log_weight = log_ratio.masked_fill(~mask, 0.0).sum(1, keepdim=True).detach().clamp(LEAST, LIMIT)
    rising = 3 + 2 * log_weight - 3 * log_weight.exp()
    falling = 2 + 3 * log_weight - 2 * log_weight.exp()
    return -rising.where(advantage >= 0, falling).exp() * advantage * logp


OBJECTIVES: Final[Mapping[str, Callable[..., Any]]] = {
    each.__name__: each for each in (ppo, dual_clip, cispo_cap, cispo_band, reinforce, sapo, gmpo, vespo)
}
OF_TOKENS: Final = ("gmpo", "vespo")  # they sum over the reply themselves


def _ratio(log_ratio: Tensor) -> Tensor:
    return log_ratio.clamp(-LIMIT, LIMIT).exp()
