"""Objectives and ratio levels: the published numbers, who is silenced, and that all agree where nothing has moved."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.grpo import draws
from tests.grpo.draws import tensor
from verienv.grpo import aggregate, objective, ratio
from verienv.grpo.objective import OBJECTIVES

NAMES = sorted(OBJECTIVES)
ONE = torch.ones(1, 1, dtype=torch.bool)


def surrogate(name: str, log_ratio: float, advantage: float, logp: float = -1.0, **numbers: float) -> float:
    """The loss of one token."""
    loss = OBJECTIVES[name](tensor([[log_ratio]]), tensor([[logp]]), tensor([advantage]), ONE, **numbers)
    return float(loss)


TABLE = {
    -1.0: [(-0.3679, 0.8), (-0.3679, 0.8), (-0.3679, 0.8), (-1.3881, 1.2949), (-0.3679, 0.6703)],
    -0.1: [(-0.9048, 0.9048), (-0.9048, 0.9048), (-0.9048, 0.9048), (-1.9049, 1.8097), (-0.9048, 0.9048)],
    0.0: [(-1, 1), (-1, 1), (-1, 1), (-2.0, 1.9048), (-1, 1)],
    0.3: [(-1.2, 1.3499), (-1.28, 1.3499), (-1.2, 1.3499), (-2.3463, 2.2507), (-1.3499, 1.3499)],
    2.0: [(-1.2, 7.3891), (-1.28, 7.3891), (-1.2, 3.0), (-3.9933, 3.8049), (-1.4918, 7.3891)],
}
COLUMNS = [("ppo", {}), ("ppo", {"clip_high": 0.28}), ("dual_clip", {}), ("sapo", {}), ("gmpo", {})]


@pytest.mark.parametrize("log_ratio", TABLE)
def test_the_published_surrogates(log_ratio):
    for (name, numbers), (up, down) in zip(COLUMNS, TABLE[log_ratio], strict=True):
        assert surrogate(name, log_ratio, 1, **numbers) == pytest.approx(up, abs=5e-5), name
        assert surrogate(name, log_ratio, -1, **numbers) == pytest.approx(down, abs=5e-5), name


@pytest.mark.parametrize(
    ("name", "log_ratio", "weight"),
    [("cispo_cap", 2, 5), ("cispo_cap", -1, 0.3679), ("cispo_band", 2, 1.2), ("cispo_band", -1, 0.8)],
)
def test_cispos_weight_in_both_published_forms(name, log_ratio, weight):
    for advantage, logp in ((1, -1), (-2, -0.5)):
        assert surrogate(name, log_ratio, advantage, logp) == pytest.approx(-weight * advantage * logp, abs=1e-4)


@pytest.mark.parametrize(
    ("ratio_", "up", "down"),
    [(0.25, 0.593, 0.070), (0.5, 1.120, 0.340), (1, 1, 1), (2, 0.199, 1.083), (4, 0.002, 0.159)],
)
def test_vespos_weight(ratio_, up, down):
    assert surrogate("vespo", math.log(ratio_), 1) == pytest.approx(up, abs=5e-4)
    assert surrogate("vespo", math.log(ratio_), -1) == pytest.approx(-down, abs=5e-4)


@given(st.floats(-6, 6), st.sampled_from([-2.0, -1.0, 0.5, 3.0]), st.floats(1.3, 9))
def test_the_dual_clip_is_the_two_sided_one(log_ratio, advantage, cap):
    rho = min(math.exp(log_ratio), cap)  # held at the cap before the minimum is taken
    two_sided = -min(rho * advantage, min(max(rho, 0.8), 1.2) * advantage)
    assert surrogate("dual_clip", log_ratio, advantage, dual_clip=cap) == pytest.approx(two_sided)


def gradient(name: str, batch: draws.Batch, level: str = "token", loss: str = "sequence") -> torch.Tensor:
    """Of the aggregated loss by logp, [B, T]."""
    logp = batch.logp.clone().requires_grad_()
    log_ratio = ratio.LEVELS[level](logp, batch.old_logp, batch.mask)
    mean, count = aggregate.AGGREGATES[loss]
    values = OBJECTIVES[name](log_ratio, logp, batch.advantages, batch.mask)
    mean(values, batch.mask, count(batch.mask, 10)).backward()
    assert logp.grad is not None
    return logp.grad


@pytest.mark.parametrize("name", NAMES)
@given(st.sampled_from(sorted(ratio.LEVELS)), draws.batches())
def test_where_nothing_has_moved_every_gradient_is_reinforces(name, level, batch):
    if name in objective.OF_TOKENS and level != "token":
        return
    batch = batch._replace(old_logp=batch.logp)
    want = gradient("reinforce", batch)
    got = gradient(name, batch, level)
    if level == "trajectory" and name not in ("cispo_cap", "cispo_band", "reinforce"):
        want = want * batch.mask.sum(1, keepdim=True)  # the sum over a reply is its length times the mean
    torch.testing.assert_close(got, want, atol=1e-12, rtol=1e-9)


@pytest.mark.parametrize("name", NAMES)
@given(st.sampled_from(sorted(ratio.LEVELS)), draws.batches(), st.sampled_from([0.0, -1e4, 1e4]))
def test_padding_changes_neither_loss_nor_gradient(name, level, batch, junk):
    loss = "sequence"
    want = gradient(name, batch, level, loss)
    assert not want[~batch.mask].any()
    spoilt = batch._replace(logp=batch.logp.masked_fill(~batch.mask, junk))
    torch.testing.assert_close(gradient(name, spoilt, level, loss), want, atol=0, rtol=0)
    longer = gradient(name, draws.padded(batch, 3), level, loss)
    torch.testing.assert_close(longer[:, :-3], want, atol=1e-12, rtol=1e-12)


@pytest.mark.parametrize("name", objective.OF_TOKENS)
@given(draws.batches(), st.sampled_from([-7.0, 7.0]))
def test_an_objective_of_whole_replies_leaves_the_padding_out_itself(name, batch, junk):
    log_ratio = ratio.token(batch.logp, batch.old_logp, batch.mask)
    want = OBJECTIVES[name](log_ratio, batch.logp, batch.advantages, batch.mask)
    spoilt = log_ratio.masked_fill(~batch.mask, junk)
    got = OBJECTIVES[name](spoilt, batch.logp, batch.advantages, batch.mask)
    torch.testing.assert_close(got[batch.mask], want[batch.mask], atol=0, rtol=0)


@pytest.mark.parametrize(
    ("name", "log_ratio", "advantage", "silent"),
    [
        ("ppo", 0.3, 1, True), ("ppo", -0.3, -1, True), ("ppo", 0.3, -1, False), ("ppo", -0.3, 1, False),
        ("dual_clip", 2, -1, True), ("dual_clip", 0.3, 1, True), ("dual_clip", 0.3, -1, False),
        ("gmpo", 0.5, 1, True), ("gmpo", -0.5, -1, True), ("gmpo", 0.5, -1, False), ("gmpo", -0.5, 1, False),
        ("cispo_cap", 9, 1, False), ("cispo_band", 9, 1, False), ("cispo_band", -9, -1, False),
        ("reinforce", 9, 1, False), ("sapo", 0.5, 1, False), ("vespo", 0.5, 1, False),
        ("ppo", 21, -1, True), ("ppo", 0, 0, True), ("cispo_cap", 0, 0, True),
    ],
)  # fmt: skip
def test_a_clipped_token_has_no_gradient(name, log_ratio, advantage, silent):
    assert (float(gradient(name, draws.one_token(log_ratio, advantage))) == 0) is silent


@given(st.floats(-3, 3), st.sampled_from([-2.0, -1.0, 1.0, 2.0]))
def test_sapos_gate_as_published(log_ratio, advantage):
    tau = 1.0 if advantage > 0 else 1.05
    rho = math.exp(log_ratio)
    gate = 1 / (1 + math.exp(-tau * (rho - 1)))
    assert float(gradient("sapo", draws.one_token(log_ratio, advantage))) == pytest.approx(
        -4 * gate * (1 - gate) * rho * advantage
    )


@pytest.mark.parametrize("level", ["token", "sequence", "trajectory"])
@pytest.mark.parametrize("name", NAMES)
def test_no_ratio_overflows(name, level):
    logp = torch.tensor([[0.0, 0.0, 0.0], [-900.0, -900.0, -900.0]], requires_grad=True)
    mask = torch.ones(2, 3, dtype=torch.bool)
    for sign in (1.0, -1.0):
        log_ratio = ratio.LEVELS[level](logp, logp.detach().flip(0), mask)
        loss = OBJECTIVES[name](log_ratio, logp, torch.tensor([sign, sign]), mask)
        assert loss.isfinite().all()
        (grad,) = torch.autograd.grad(loss.sum(), logp)
        assert grad.isfinite().all()


def test_ratio_levels():
    logp, old = tensor([[-1, -2, -9], [-1, -1, -1]]), tensor([[-2, -1.5, 0], [-1, -1, -4]])
    mask = torch.tensor([[True, True, False], [True, True, True]])
    assert ratio.token(logp, old, mask).tolist() == [[1, -0.5, 0], [0, 0, 3]]
    assert ratio.sequence(logp, old, mask).tolist() == [[0.25, 0.25, 0], [1, 1, 1]]
    assert ratio.trajectory(logp, old, mask).tolist() == [[0.5, 0.5, 0], [3, 3, 3]]


def test_gspo_clips_whole_replies():
    logp = tensor([[0.0, 0.0], [0.0, 0.0]]).requires_grad_()
    old = tensor([[-1.0, 0.9999], [-0.0002, -0.0002]])  # means 5e-5 and 2e-4 above 0
    mask = torch.ones(2, 2, dtype=torch.bool)
    log_ratio = ratio.sequence(logp, old, mask)
    loss = objective.ppo(log_ratio, logp, tensor([1, 1]), mask, clip_low=3e-4, clip_high=1e-4)
    (grad,) = torch.autograd.grad(aggregate.by_sequence(loss, mask, 2), logp)
    assert (grad != 0).tolist() == [[True, True], [False, False]]


def test_the_clips_are_counted():
    log_ratio = tensor([[-1, 0, 1], [-1, 0, 1]])
    mask = torch.tensor([[True, True, True], [True, True, False]])
    low, high = ratio.clipped(log_ratio, tensor([-1, -1]), mask, 0.2, 0.2)
    assert (int(low), int(high)) == (2, 0)
    low, high = ratio.clipped(log_ratio, tensor([1, 1]), mask, 0.2, 0.2)
    assert (int(low), int(high)) == (0, 1)
