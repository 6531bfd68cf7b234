"""What is left out, what counts more, and how the learning rate runs."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.grpo import draws
from tests.grpo.draws import tensor
from verienv.errors import UnknownName
from verienv.grpo import advantage, emphasis, filters, schedule


def test_groups_without_spread_are_found_by_equality():
    rewards = tensor([[0.1] * 3, [0.1, 0.1, 0.1 + 1e-12], [1, float("nan"), 1], [1, 0, float("nan")], [1, 0, 0]])
    scorable = torch.tensor([[True] * 3, [True] * 3, [True, False, True], [True, True, False], [True, False, False]])
    kept = filters.informative(rewards, scorable)
    assert kept.tolist() == [False, True, False, True, False]
    assert filters.missing(kept, 4) == 2
    assert filters.missing(kept, 1) == 0


@given(draws.rewards())
def test_a_group_that_is_filtered_teaches_nothing_anyway(rewards):
    scorable = draws.everyone(rewards)
    kept = filters.informative(rewards, scorable)
    assert not advantage.group_norm(rewards, scorable)[~kept].any()
    assert advantage.group_norm(rewards, scorable)[kept].abs().amax(1).min() > 0 if kept.any() else True


@pytest.mark.parametrize(
    ("length", "fine"), [(0, 0), (16384, 0), (18432, -0.5), (20480, -1), (20481, -1), (30000, -1), (17408, -0.25)]
)
def test_the_soft_overlong_penalty_as_published(length, fine):
    assert filters.overlong_penalty(torch.tensor([length]), 20480, 4096).tolist() == [fine]


def test_replies_cut_off_are_masked():
    mask = torch.tensor([[True, True], [True, False]])
    got = filters.without_truncated(mask, torch.tensor([True, False]))
    assert got.tolist() == [[False, False], [True, False]]


@pytest.mark.parametrize(
    ("name", "accuracy", "weight"),
    [
        ("none", 0.3, 1), ("exp", 0, math.e), ("exp", 1, 1), ("exp", 0.5, math.exp(0.5)),
        ("power", 0, 1.05), ("power", 1, 0.05), ("log", 0, -math.log(0.02)), ("log", 0.5, -math.log(0.52)),
        ("log", 0.98, 0), ("log", 1, 0),
    ],
)  # fmt: skip
def test_univgs_difficulty_weights(name, accuracy, weight):
    assert emphasis.DIFFICULTY[name](tensor([accuracy])).item() == pytest.approx(weight, abs=1e-12)
    assert emphasis.power(tensor([0.55]), difficulty_power=2.0).item() == pytest.approx(0.25)


@pytest.mark.parametrize("name", ["exp", "power", "log"])
@given(st.lists(st.floats(0, 1), min_size=2, max_size=6))
def test_a_harder_group_never_counts_less(name, accuracies):
    weights = emphasis.DIFFICULTY[name](tensor(sorted(accuracies)))
    assert (weights[:-1] >= weights[1:]).all()
    assert (weights >= 0).all()


def test_a_groups_accuracy_leaves_out_what_was_not_scored():
    values = tensor([[1, 0, float("nan")], [float("nan")] * 3])
    scorable = torch.tensor([[True, True, False], [False, False, False]])
    assert emphasis.group_accuracy(values, scorable).tolist() == [0.5, 0]


def test_guirlvgs_factor_holds_good_replies_closer():
    rewards = tensor([0, 1, 2, 3, -1]).requires_grad_()
    got = emphasis.adversarial(rewards, 2.0)
    assert got.tolist() == [0, 0.5, 1, 1, 0]
    assert not got.requires_grad
    assert emphasis.even(rewards, 2.0).tolist() == [1] * 5


def test_learning_rates():
    def run(name: str, steps: int, warmup: int) -> list[float]:
        return [schedule.share(name, step, steps=steps, warmup=warmup) for step in range(steps)]

    assert run("constant", 4, 2) == [0.5, 1, 1, 1]
    assert run("linear", 4, 0) == [1, 0.75, 0.5, 0.25]
    assert run("linear", 6, 2) == [0.5, 1, 1, 0.75, 0.5, 0.25]
    assert run("cosine", 4, 0) == pytest.approx([1, 0.8536, 0.5, 0.1464], abs=5e-5)
    assert schedule.share("cosine", 9, steps=4) == pytest.approx(0)  # past the end
    with pytest.raises(UnknownName, match="did you mean 'cosine'"):
        schedule.share("cosin", 0, steps=1)


@given(st.sampled_from(schedule.names()), st.integers(1, 50), st.integers(0, 60), st.integers(0, 120))
def test_a_learning_rate_is_a_share_that_is_never_0_within_the_run(name, steps, warmup, step):
    got = schedule.share(name, step, steps=steps, warmup=warmup)
    assert 0 <= got <= 1
    if step < steps:
        assert got > 0
    if step >= warmup:
        assert got >= schedule.share(name, step + 1, steps=steps, warmup=warmup)
