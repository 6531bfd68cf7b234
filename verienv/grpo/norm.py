"""RMSNorm whose gradient is written out: torch's own on a CPU takes two to three times as long backwards."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


class Norm(nn.RMSNorm):
    """w · x / √(mean of x² + ε) along the last dimension, ε the smallest step of x's numbers from 1."""

    def __init__(self, width: int) -> None:
        super().__init__(width)

    def forward(self, x: Tensor) -> Tensor:
        """x: [..., width]."""
        out: Tensor = _Normalised.apply(x, self.weight)
        return out


class _Normalised(torch.autograd.Function):
    """With n = x / √(…) and h = ∂n: the gradient of x is (h - n · mean of n·h) / √(…)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor) -> Tensor:
        length = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
        scale = torch.rsqrt(length.square_().div_(x.shape[-1]).add_(torch.finfo(x.dtype).eps))
        unit = x * scale
        ctx.save_for_backward(unit, scale, weight)
        return unit * weight

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor]:
        unit, scale, weight = ctx.saved_tensors
        by_unit = grads[0] * unit
        along = by_unit @ weight.to(by_unit.dtype)
        by_x = (grads[0] * weight).addcmul_(unit, along[..., None], value=-1 / unit.shape[-1]).mul_(scale)
        return by_x, by_unit.reshape(-1, unit.shape[-1]).sum(0)
