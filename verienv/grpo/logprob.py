"""Log-probabilities of chosen tokens from hidden states: dense for a small vocabulary, in tiles for a large one.

The tiled form never holds more than one tile of logits: [tokens, tile] of the vocabulary at a time, forwards and
again backwards. Value and gradient are those of the dense form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional as F

DENSE_LIMIT: Final = 1 << 24
"""Logits (tokens * vocabulary) up to which the dense form is taken."""


def padded(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Rows of 1 to T numbers as one [B, T], 0 beyond the end of each, and which of the places are theirs [B, T]."""
    lengths = torch.tensor([each.numel() for each in rows])
    mask = torch.arange(int(lengths.max())) < lengths[:, None]
    flat = torch.cat(list(rows)).cpu()
    return torch.zeros(mask.shape, dtype=flat.dtype).masked_scatter_(mask, flat), mask


def selected(
    hidden: Tensor,
    weight: Tensor,
    targets: Tensor,
    temperature: float = 1.0,
    *,
    tokens: int = 1024,
    vocabulary: int = 16_384,
    dense: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """Log-probability [N] of each target, and the entropy [N] (without gradient), of softmax(hidden weight' / T).

    hidden: [N, d]; weight: [V, d]; targets: [N] int64; temperature above 0. Logits are float32 at least, whatever
    the inputs. `dense` None takes the dense form up to DENSE_LIMIT logits.
    """
    if dense if dense is not None else hidden.shape[0] * weight.shape[0] <= DENSE_LIMIT:
        return _dense(logits(hidden, weight, temperature), targets)
    logp, entropy = _Tiled.apply(hidden, weight, targets, temperature, tokens, vocabulary)
    return logp, entropy


def logits(hidden: Tensor, weight: Tensor, temperature: float = 1.0) -> Tensor:
    """hidden [N, d] weight' [d, V] / temperature, in float32 at least; products of half precision are summed in it."""
    with torch.autocast(hidden.device.type, enabled=False):
        kind = torch.promote_types(torch.float32, torch.promote_types(hidden.dtype, weight.dtype))
        if hidden.is_cuda and hidden.dtype == weight.dtype and hidden.dtype != kind:
            out = torch.mm(hidden, weight.T, out_dtype=kind)
        else:
            out = hidden.to(kind) @ weight.to(kind).T
        return out if temperature == 1.0 else out / temperature


def _dense(scores: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    logp = F.log_softmax(scores, -1)
    with torch.no_grad():
        entropy = -(logp.exp() * logp).sum(-1)
    return logp.gather(-1, targets[:, None]).squeeze(-1), entropy


class _Tiled(torch.autograd.Function):
    """Online log-sum-exp over tiles of the vocabulary; the backward pass makes each tile's softmax again."""

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor, temperature: float, tokens: int, vocabulary: int
    ) -> tuple[Tensor, Tensor]:
        kind = torch.promote_types(torch.float32, hidden.dtype)
        logp = torch.empty(len(hidden), dtype=kind, device=hidden.device)
        whole = torch.empty_like(logp)
        entropy = torch.empty_like(logp)
        for rows in _tiles(len(hidden), tokens):
            part = hidden[rows]
            peak = torch.full((len(part),), -torch.inf, dtype=kind, device=hidden.device)
            mass, moment, chosen = torch.zeros_like(peak), torch.zeros_like(peak), torch.zeros_like(peak)
            for columns in _tiles(len(weight), vocabulary):
                scores = logits(part, weight[columns], temperature)
                higher = torch.maximum(peak, scores.amax(-1))
                share = torch.exp(scores - higher[:, None])
                fade = torch.exp(peak - higher)
                mass = mass * fade + share.sum(-1)
                moment = moment * fade + (share * scores).sum(-1)
                peak = higher
                inside = (targets[rows] >= columns.start) & (targets[rows] < columns.stop)
                at = torch.where(inside, targets[rows] - columns.start, 0)
                chosen = torch.where(inside, scores.gather(-1, at[:, None]).squeeze(-1), chosen)
            whole[rows] = peak + mass.log()
            logp[rows] = chosen - whole[rows]
            entropy[rows] = whole[rows] - moment / mass
        ctx.save_for_backward(hidden, weight, targets, whole)
        ctx.settings = temperature, tokens, vocabulary
        ctx.mark_non_differentiable(entropy)
        return logp, entropy

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        hidden, weight, targets, whole = ctx.saved_tensors
        temperature, tokens, vocabulary = ctx.settings
        by_hidden = torch.zeros_like(hidden, dtype=whole.dtype) if ctx.needs_input_grad[0] else None
        by_weight = torch.zeros_like(weight, dtype=whole.dtype) if ctx.needs_input_grad[1] else None
        for rows in _tiles(len(hidden), tokens):
            part, slope = hidden[rows], grads[0][rows] / temperature
            for columns in _tiles(len(weight), vocabulary):
                tile = weight[columns]
                by_logits = torch.exp(logits(part, tile, temperature) - whole[rows, None]).mul_(-slope[:, None])
                inside = ((targets[rows] >= columns.start) & (targets[rows] < columns.stop)).nonzero().squeeze(-1)
                by_logits[inside, targets[rows][inside] - columns.start] += slope[inside]
                by_logits = by_logits.to(part.dtype)
                if by_hidden is not None:
                    by_hidden[rows] += by_logits @ tile.to(part.dtype)
                if by_weight is not None:
                    by_weight[columns] += by_logits.T @ part
        return (
            None if by_hidden is None else by_hidden.to(hidden.dtype),
            None if by_weight is None else by_weight.to(weight.dtype),
            *(None,) * 4,
        )


def _tiles(length: int, size: int) -> list[slice]:
    return [slice(start, min(start + size, length)) for start in range(0, length, size)]
