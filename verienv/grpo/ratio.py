"""How far the policy has moved from the one that sampled: log-probabilities [B, T] → log ratio [B, T], 0 where masked.

One log ratio for each token, so that every objective takes any level; at the levels of a sequence all tokens of a reply
hold the same number, and the gradient reaches each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from torch import Tensor


def token(logp: Tensor, old_logp: Tensor, mask: Tensor) -> Tensor:
    """log π - log π_old of each token."""
    return (logp - old_logp).masked_fill(~mask, 0.0)


def sequence(logp: Tensor, old_logp: Tensor, mask: Tensor) -> Tensor:
    """Their mean over the reply, so e to it is the geometric mean of the ratios: GSPO, arXiv 2507.18071."""
    return _spread(token(logp, old_logp, mask).sum(1, keepdim=True) / mask.sum(1, keepdim=True).clamp(min=1), mask)


def trajectory(logp: Tensor, old_logp: Tensor, mask: Tensor) -> Tensor:
    """Their sum over the reply: the ratio of the whole replies' chances, as RLOO takes it, arXiv 2402.14740."""
    return _spread(token(logp, old_logp, mask).sum(1, keepdim=True), mask)


LEVELS: Final[Mapping[str, Callable[..., Any]]] = {each.__name__: each for each in (token, sequence, trajectory)}


def clipped(
    log_ratio: Tensor, advantages: Tensor, mask: Tensor, clip_low: float, clip_high: float
) -> tuple[Tensor, Tensor]:
    """How many tokens the lower and the upper clip silence: two counts, scalars. advantages [B]."""
    ratio, sign = log_ratio.exp(), advantages[:, None]
    low = (ratio < 1 - clip_low) & (sign < 0) & mask
    high = (ratio > 1 + clip_high) & (sign > 0) & mask
    return low.sum(), high.sum()


def _spread(values: Tensor, mask: Tensor) -> Tensor:
    return values.expand(mask.shape).masked_fill(~mask, 0.0)
