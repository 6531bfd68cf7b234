"""How far from a reference policy: estimators of KL(π ‖ π_ref) at the sampled tokens, [B, T].

Each takes (logp, ref_logp, old_logp), float [B, T]; x is log π - log π_ref. Where it stands decides which gradient is
taken. In the *reward*, k1 is right: its expectation is the KL, and the policy gradient does the rest. In the *loss*, on
tokens that π itself sampled, k2 and k3_ratio have the gradient of KL(π ‖ π_ref); k3 has that of KL(π_ref ‖ π), and k1
none at all in expectation, so presets.Algorithm refuses it there. tests/grpo/test_kl.py shows all four exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from torch import Tensor

LIMIT: Final = 20.0  # of the exponents


def k1(logp: Tensor, ref_logp: Tensor, old_logp: Tensor) -> Tensor:
    """x: its mean is the KL; single values may be negative."""
    return logp - ref_logp


def k2(logp: Tensor, ref_logp: Tensor, old_logp: Tensor) -> Tensor:
    """x² / 2: biased, and as a loss on tokens that π sampled, of exactly the right gradient."""
    return (logp - ref_logp).square() / 2


def k3(logp: Tensor, ref_logp: Tensor, old_logp: Tensor) -> Tensor:
    """e^(-x) + x - 1: its mean is the KL, it is never negative, and spikes where π << π_ref; GRPO, arXiv 2402.03300."""
    x = logp - ref_logp
    return (-x).clamp(max=LIMIT).exp() + x - 1


def k3_ratio(logp: Tensor, ref_logp: Tensor, old_logp: Tensor) -> Tensor:
    """k3 · π/π_old: also right when the tokens are an older policy's, in value and gradient; DeepSeek-V3.2's."""
    return (logp - old_logp).clamp(-LIMIT, LIMIT).exp() * k3(logp, ref_logp, old_logp)


ESTIMATORS: Final[Mapping[str, Callable[..., Any]]] = {each.__name__: each for each in (k1, k2, k3, k3_ratio)}


def of_replies(values: Tensor, mask: Tensor) -> Tensor:
    """An estimate's sum over each reply, [B], without gradient: subtract weight times it from the rewards."""
    return values.detach().masked_fill(~mask, 0.0).sum(1)
