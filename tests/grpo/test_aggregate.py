"""The loss of a step does not depend on how the step is split, nor on what stands in the padding."""

from __future__ import annotations

import dataclasses
import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.grpo import draws
from tests.grpo.draws import tensor
from verienv.grpo import aggregate, axes, loss
from verienv.grpo.aggregate import AGGREGATES
from verienv.grpo.presets import PRESETS, Algorithm

LONGEST = 10
LOSS = tensor([[1, 2, 9], [4, 9, 9], [9, 9, 9]])
MASK = torch.tensor([[True, True, False], [True, False, False], [False, False, False]])


@pytest.mark.parametrize(
    ("name", "want", "count"),
    [("token", 7 / 3, 3), ("sequence", (1.5 + 4) / 2, 2), ("constant", 7 / 20, 20), ("sequence_sum", 7 / 2, 2)],
)
def test_what_is_averaged(name, want, count):
    mean, counted = AGGREGATES[name]
    assert counted(MASK, LONGEST) == count
    assert float(mean(LOSS, MASK, count)) == pytest.approx(want)


@pytest.mark.parametrize("name", sorted(AGGREGATES))
def test_nothing_to_average_is_0(name):
    mean, count = AGGREGATES[name]
    nobody = torch.zeros_like(MASK)
    assert float(mean(LOSS, nobody, count(nobody, LONGEST))) == 0


FULL = Algorithm(kl=0.1, kl_estimator="k3_ratio", kl_factor="adversarial", difficulty="exp", entropy=0.01)
ALGORITHMS = {
    **PRESETS,
    "everything": FULL,
    **{name: Algorithm(objective=name) for name in axes.names("objective") if name != "ppo"},
}


def step(algorithm: Algorithm, batch: draws.Batch, parts: list[slice]) -> tuple[torch.Tensor, torch.Tensor]:
    """The loss and its gradient by logp, found in parts that know of each other only how many they are."""
    mean, count = axes.load("loss", algorithm.loss)
    logp = batch.logp.clone().requires_grad_()
    total = sum(count(batch.mask[part], LONGEST) for part in parts)
    losses = []
    for part in parts:
        mine = batch._replace(logp=logp).rows(part)
        extra = torch.linspace(0, 1, len(batch.mask), dtype=torch.float64)[part]
        values = loss.of_tokens(
            algorithm, *mine[:2], mine.mask, mine.advantages, sampler_logp=mine.sampler_logp, ref_logp=mine.ref_logp,
            weight=1 + extra, kl_factor=extra, entropy=-mine.logp,
        )  # fmt: skip
        losses.append(mean(values, mine.mask, total))
        losses[-1].backward()
    assert logp.grad is not None
    return torch.stack([each.detach() for each in losses]).sum(), logp.grad


@pytest.mark.parametrize("name", sorted(ALGORITHMS))
@given(draws.batches(), st.lists(st.integers(0, 6), max_size=4), st.sampled_from(sorted(AGGREGATES)))
def test_a_step_split_into_micro_batches_is_the_same_step(name, batch, cuts, aggregation):
    algorithm = ALGORITHMS[name]
    if algorithm.objective != "gmpo":
        algorithm = dataclasses.replace(algorithm, loss=aggregation)
    size = len(batch.mask)
    ends = [0, *sorted(min(cut, size) for cut in cuts), size]
    parts = [slice(start, end) for start, end in itertools.pairwise(ends) if end > start]
    whole, split = step(algorithm, batch, [slice(0, size)]), step(algorithm, batch, parts)
    torch.testing.assert_close(split, whole, atol=1e-12, rtol=1e-12)


@given(st.sampled_from(sorted(ALGORITHMS)), draws.batches(), st.randoms(use_true_random=False))
def test_the_order_of_replies_changes_nothing(name, batch, random):
    algorithm = dataclasses.replace(ALGORITHMS[name], kl=0.0, entropy=0.0, kl_factor="none")
    order = torch.tensor(random.sample(range(len(batch.mask)), len(batch.mask)))

    def found(batch: draws.Batch) -> torch.Tensor:
        mean, count = axes.load("loss", algorithm.loss)
        values = loss.of_tokens(algorithm, *batch[:2], batch.mask, batch.advantages)
        return torch.as_tensor(mean(values, batch.mask, count(batch.mask, LONGEST)))

    torch.testing.assert_close(found(batch.rows(order)), found(batch), atol=1e-12, rtol=1e-12)


@given(st.sampled_from(sorted(ALGORITHMS)), draws.batches())
def test_a_masked_reply_changes_nothing(name, batch):
    algorithm = ALGORITHMS[name]
    size = len(batch.mask)
    masked = draws.Batch(*(torch.cat([each, each[:1].flip(-1)]) for each in batch))
    masked.mask[size:] = False
    ranks = [slice(0, size), slice(size, size + 1)]
    alone = dataclasses.replace(algorithm, entropy=0.0, kl=0.0, kl_factor="none")

    def found(batch: draws.Batch) -> tuple[torch.Tensor, torch.Tensor]:
        mean, count = axes.load("loss", alone.loss)
        logp = batch.logp.clone().requires_grad_()
        value = mean(
            loss.of_tokens(alone, logp, batch.old_logp, batch.mask, batch.advantages, sampler_logp=batch.sampler_logp),
            batch.mask, count(batch.mask, LONGEST),
        )  # fmt: skip
        value.backward()
        assert logp.grad is not None
        return value.detach(), logp.grad

    value, grad = found(masked)
    assert not grad[size:].any()
    torch.testing.assert_close((value, grad[:size]), found(batch), atol=1e-12, rtol=1e-12)
    assert step(algorithm, masked, ranks)[1][size:].abs().sum() == 0


def test_token_and_constant_do_not_care_which_reply_a_token_is_in():
    batch = torch.arange(6.0).view(2, 3)
    for name in ("token", "constant", "sequence_sum"):
        mean, _ = AGGREGATES[name]
        logits = batch.clone().requires_grad_()
        mean(logits, torch.tensor([[True, True, True], [True, False, False]]), 4).backward()
        assert logits.grad is not None
        assert logits.grad[0, 0] == logits.grad[1, 0]
    logits = batch.clone().requires_grad_()
    aggregate.by_sequence(logits, torch.tensor([[True, True, True], [True, False, False]]), 2).backward()
    assert logits.grad is not None
    assert logits.grad[1, 0] == pytest.approx(3 * logits.grad[0, 0].item())
