"""Weights for replies that another program sampled."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.grpo import draws
from tests.grpo.draws import tensor
from verienv.grpo import correction
from verienv.grpo.correction import CORRECTIONS

RATIOS = tensor([[1.5, 4, 0.25, 9], [1.5, 1.5, 9, 9]])
MASK = torch.tensor([[True, True, True, False], [True, True, False, False]])


def weights(name: str, **numbers: float) -> list[list[float]]:
    got = CORRECTIONS[name](RATIOS.log() - 1, torch.full_like(RATIOS, -1), MASK, **numbers)
    return [[round(each, 9) for each in row] for row in got.tolist()]


def test_the_rules():
    assert weights("none") == [[1, 1, 1, 0], [1, 1, 0, 0]]
    assert weights("token_truncate") == [[1.5, 2, 0.25, 0], [1.5, 1.5, 0, 0]]
    assert weights("token_truncate", correction_cap=3) == [[1.5, 3, 0.25, 0], [1.5, 1.5, 0, 0]]
    assert weights("token_mask") == [[1.5, 0, 0, 0], [1.5, 1.5, 0, 0]]
    assert weights("sequence_mask") == [[1.5, 1.5, 1.5, 0], [2.25, 2.25, 0, 0]]
    assert weights("sequence_mask", correction_cap=2) == [[1.5, 1.5, 1.5, 0], [0, 0, 0, 0]]


@pytest.mark.parametrize("name", sorted(CORRECTIONS))
@given(draws.batches(), st.sampled_from([0.0, -1e4, 1e4]))
def test_a_sampler_that_agrees_is_left_alone_and_padding_is_not_read(name, batch, junk):
    old = batch.old_logp.clone().requires_grad_()
    got = CORRECTIONS[name](old, batch.old_logp.masked_fill(~batch.mask, junk), batch.mask)
    assert not got.requires_grad
    torch.testing.assert_close(got, batch.mask.double(), atol=0, rtol=0)


@pytest.mark.parametrize("name", sorted(CORRECTIONS))
@given(draws.batches(), st.floats(1, 5))
def test_weights_are_finite_and_within_the_cap(name, batch, cap):
    numbers = {} if name == "none" else {"correction_cap": cap}
    got = CORRECTIONS[name](batch.old_logp * 100, batch.sampler_logp, batch.mask, **numbers)
    assert torch.isfinite(got).all()
    assert (got >= 0).all()
    assert (got <= cap + 1e-9).all()
    assert not got[~batch.mask].any()


def test_the_mismatch_is_measured():
    got = correction.mismatch(RATIOS.log() - 1, torch.full_like(RATIOS, -1), MASK)
    ratios = [1.5, 4, 0.25, 1.5, 1.5]
    logs = [math.log(each) for each in ratios]
    assert got == pytest.approx(
        {
            "logp_difference/mean": sum(map(abs, logs)) / 5,
            "logp_difference/max": math.log(4),
            "ratio/min": 0.25,
            "ratio/mean": sum(ratios) / 5,
            "ratio/max": 4,
            "kl": sum(ratio - log - 1 for ratio, log in zip(ratios, logs, strict=True)) / 5,
        }
    )
    assert correction.mismatch(RATIOS, RATIOS, torch.zeros_like(MASK)) == {}
