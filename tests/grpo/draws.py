"""What the tests of the axes draw: rewards, and padded batches of log-probabilities, in float64."""

from __future__ import annotations

from typing import NamedTuple

import torch
from hypothesis import strategies as st
from torch import Tensor


def tensor(values: object) -> Tensor:
    """In float64."""
    return torch.tensor(values, dtype=torch.float64)


def everyone(rewards: Tensor) -> Tensor:
    """A mask that leaves nobody out."""
    return torch.ones(rewards.shape, dtype=torch.bool)


@st.composite
def rewards(draw: st.DrawFn, least: float = -2.0) -> Tensor:
    """[P, G] in quarters, so that equal rewards are common and differences are exact."""
    prompts, group = draw(st.integers(1, 5)), draw(st.integers(2, 6))
    row = st.lists(st.integers(int(4 * least), 8), min_size=group, max_size=group)
    return tensor(draw(st.lists(row, min_size=prompts, max_size=prompts))) / 4


class Batch(NamedTuple):
    """Replies of one policy update; all float64 [B, T] but mask (bool [B, T]) and advantages [B]."""

    logp: Tensor
    old_logp: Tensor
    ref_logp: Tensor
    sampler_logp: Tensor
    mask: Tensor
    advantages: Tensor

    def rows(self, which: Tensor | slice) -> Batch:
        """Some of the replies."""
        return Batch(*(each[which] for each in self))


def one_token(log_ratio: float, advantage: float) -> Batch:
    """One reply of one token, certain now, and less so when it was sampled by that much."""
    now = tensor([[0.0]])
    then = tensor([[-float(log_ratio)]])
    return Batch(now, then, now, then, torch.ones(1, 1, dtype=torch.bool), tensor([float(advantage)]))


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """Ragged replies, some of no token at all, with whatever in the padding."""
    seed = draw(st.integers(0, 2**32 - 1))
    lengths = torch.tensor(draw(st.lists(st.integers(0, 6), min_size=1, max_size=6)))
    random = torch.Generator().manual_seed(seed)
    shape = (len(lengths), max(int(lengths.max()), 1))
    logp, old, ref, sampler = (-torch.rand(shape, generator=random, dtype=torch.float64) * 3 for _ in range(4))
    mask = torch.arange(shape[1]) < lengths[:, None]
    advantages = torch.randn(shape[0], generator=random, dtype=torch.float64)
    return Batch(logp, old, ref, sampler, mask, advantages)


def padded(batch: Batch, columns: int) -> Batch:
    """The same replies with more padding on the right."""
    logp, old, ref, sampler, mask = (torch.nn.functional.pad(each, (0, columns)) for each in batch[:5])
    return Batch(logp, old, ref, sampler, mask, batch.advantages)
