"""The axes put together: the loss of every token of some replies, [B, T], ready to be averaged by `aggregate`.

    loss = weight · correction · objective  +  kl · factor · estimate  -  entropy · H

Everything of one reply depends on that reply alone, so a step may be split into micro-batches anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verienv.grpo.presets import Algorithm

if TYPE_CHECKING:
    from torch import Tensor


def of_tokens(
    algorithm: Algorithm,
    logp: Tensor,
    old_logp: Tensor,
    mask: Tensor,
    advantages: Tensor,
    *,
    sampler_logp: Tensor | None = None,
    ref_logp: Tensor | None = None,
    weight: Tensor | None = None,
    kl_factor: Tensor | None = None,
    entropy: Tensor | None = None,
) -> Tensor:
    """The loss of every token, [B, T].

    `logp` and `old_logp` [B, T] are the policy's now and when the replies were sampled; `sampler_logp` is given where
    another program sampled, `ref_logp` where the KL stands in the loss. `weight` and `kl_factor` [B] come from
    `emphasis`, `entropy` [B, T] from the policy. Raises ValueError where the algorithm needs one that is not given.
    """
    log_ratio = algorithm.function("ratio")(logp, old_logp, mask)
    loss = algorithm.function("objective")(log_ratio, logp, advantages, mask)
    if sampler_logp is not None:
        loss = loss * algorithm.function("correction")(old_logp, sampler_logp, mask)
    if weight is not None:
        loss = loss * weight[:, None]
    if algorithm.kl and algorithm.kl_place == "loss":
        estimate = algorithm.function("kl_estimator")(logp, _given("ref_logp", ref_logp), old_logp)
        factor = algorithm.kl if kl_factor is None else algorithm.kl * kl_factor[:, None]
        loss = loss + factor * estimate
    if algorithm.entropy:
        loss = loss - algorithm.entropy * _given("entropy", entropy)
    return loss


def _given(name: str, value: Tensor | None) -> Tensor:
    if value is None:
        raise ValueError(f"this algorithm needs {name}")
    return value
