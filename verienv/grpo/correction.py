"""Replies sampled by another program than the one that trains: weights [B, T] by which each token's loss is multiplied.

Each function takes (old_logp, sampler_logp, mask, *, correction_cap): what the trainer's policy, as it was when the
replies were sampled, says of them, and what the sampler said; float [B, T]. q is e to their difference. Weights have no
gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from torch import Tensor

LIMIT: Final = 20.0


def none(old_logp: Tensor, sampler_logp: Tensor, mask: Tensor) -> Tensor:
    """1: the sampler is believed."""
    return mask.to(old_logp.dtype)


def token_truncate(old_logp: Tensor, sampler_logp: Tensor, mask: Tensor, *, correction_cap: float = 2.0) -> Tensor:
    """min(q, cap) for each token: truncated importance sampling, verl's cap."""
    return _token(old_logp, sampler_logp, mask).exp().clamp(max=correction_cap) * mask


def token_mask(old_logp: Tensor, sampler_logp: Tensor, mask: Tensor, *, correction_cap: float = 2.0) -> Tensor:
    """q for each token, 0 above cap and below 1 / cap: IcePop's rule."""
    ratio = _token(old_logp, sampler_logp, mask).exp()
    return ratio * (mask & (ratio <= correction_cap) & (ratio * correction_cap >= 1))


def sequence_mask(old_logp: Tensor, sampler_logp: Tensor, mask: Tensor, *, correction_cap: float = 3.0) -> Tensor:
    """The product of q over the reply, 0 for a reply where it is above cap: TRL's rule and cap."""
    ratio = _token(old_logp, sampler_logp, mask).sum(1, keepdim=True).clamp(-LIMIT, LIMIT).exp()
    return (ratio * (ratio <= correction_cap)).expand(mask.shape) * mask


CORRECTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    each.__name__: each for each in (none, token_truncate, token_mask, sequence_mask)
}


def mismatch(old_logp: Tensor, sampler_logp: Tensor, mask: Tensor) -> dict[str, float]:
    """How far the sampler is from the trainer, over the tokens not masked.

    `logp_difference/mean` and `/max` of |log q|; `ratio/min`, `/mean` and `/max` of q; `kl`, the k3 estimate of
    KL(sampler ‖ trainer), in nats a token. All 0 or 1 where the two agree.
    """
    if not mask.any():
        return {}
    log_ratio = _token(old_logp, sampler_logp, mask)[mask]
    ratio = log_ratio.exp()
    return {
        "logp_difference/mean": float(log_ratio.abs().mean()),
        "logp_difference/max": float(log_ratio.abs().max()),
        "ratio/min": float(ratio.min()),
        "ratio/mean": float(ratio.mean()),
        "ratio/max": float(ratio.max()),
        "kl": float((ratio - log_ratio - 1).mean()),
    }


def _token(old_logp: Tensor, sampler_logp: Tensor, mask: Tensor) -> Tensor:
    return (old_logp - sampler_logp).detach().masked_fill(~mask, 0.0).clamp(-LIMIT, LIMIT)
