"""What a group adds to its own rewards: UI-R1-E's length reward as published, and that no wrong reply is paid."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tests.grpo.draws import everyone, tensor
from verienv.grpo import compare, shaping
from verienv.grpo.presets import Algorithm, of
from verienv.grpo.rollout import Outcome
from verienv.grpo.settings import Settings
from verienv.recipe import load


def added(lengths: list[int], right: list[bool], scorable: list[bool] | None = None) -> Tensor:
    """By `dast`, to one group."""
    given = torch.ones(1, len(right), dtype=torch.bool) if scorable is None else torch.tensor([scorable])
    return shaping.dast(tensor([right]), given, torch.tensor([right]), torch.tensor([lengths]))[0]


@pytest.mark.parametrize(
    ("lengths", "right", "expected"),
    [
        # budget 0.5 · 30 + 0.5 · 80 = 55
        ([20, 40, 60, 80], [True, True, False, False], [0.5 + 17.5 / 55, 0.5 + 7.5 / 55, -0.1, -0.1]),
        ([10, 90], [False, False], [0.9 * -80 / 90 - 0.1, -0.1]),  # none right: the budget is the longest
        ([30, 30], [True, True], [0.5, 0.5]),  # all right, of one length: λ = 0
        ([1, 10_000], [True, True], [0.5 + 0.5 * 4999.5 / 5000.5, 0.1]),  # the floor of what is right
        ([1, 1000, 1000], [False, True, True], [0.9 * -0.999 - 0.1, 0.5, 0.5]),  # failing quickly costs most
        ([0, 0], [True, False], [0.5, -0.1]),
    ],
)
def test_ui_r1_es_length_reward(lengths, right, expected):
    assert added(lengths, right).tolist() == pytest.approx(expected)


def test_the_example_of_the_documentation():
    found = added([20, 40, 60, 80], [True, True, False, False])
    assert [round(each, 4) for each in found.tolist()] == [0.8182, 0.6364, -0.1, -0.1]


@given(st.data(), st.integers(1, 8), st.integers(1, 4))
def test_no_wrong_reply_is_ever_paid_and_no_right_one_fined(data, group, prompts):
    flags = st.lists(st.lists(st.booleans(), min_size=group, max_size=group), min_size=prompts, max_size=prompts)
    right, scorable = torch.tensor(data.draw(flags)), torch.tensor(data.draw(flags))
    number = st.lists(st.integers(0, 99_999), min_size=group, max_size=group)
    lengths = torch.tensor(data.draw(st.lists(number, min_size=prompts, max_size=prompts)))
    for name, function in shaping.SHAPING.items():
        found = function(tensor(right.tolist()), scorable, right, lengths)
        assert found.shape == right.shape
        assert found.isfinite().all()
        assert not found[~scorable].any()
        assert (found[scorable & ~right] <= (-0.1 if name == "dast" else 0)).all()
        assert (found[scorable & right] >= (0.1 if name == "dast" else 0)).all()
        assert found.abs().max() <= 1 + 1e-12


def test_a_group_is_shaped_by_itself_and_without_what_could_not_be_scored():
    alone = added([20, 40], [True, False])
    rewards, right = tensor([[1, 0], [0, 0]]), torch.tensor([[True, False], [False, False]])
    both = shaping.dast(rewards, everyone(rewards), right, torch.tensor([[20, 40], [9999, 1]]))
    assert both[0].tolist() == alone.tolist()
    assert added([20, 40, 9999], [True, False, True], [True, True, False]).tolist() == [*alone.tolist(), 0]


def outcome(reward: float | None, tokens: int, right: bool) -> Outcome:
    """One attempt at one problem."""
    return Outcome("a", "gui L0", ("",), tokens, tokens, 9, False, reward, {}, float(right), right)


def test_additions_are_made_before_groups_are_compared():
    settings = Settings(group=2, prompts=1, max_reply=100)
    short_and_long = [outcome(3.0, 10, True), outcome(3.0, 30, True)]
    shaped = Algorithm(shaping="dast", advantage="mean", zero_spread="keep")
    assert compare.worth(shaped, settings, short_and_long, 3.0, ()).advantages.tolist() == [0.25, -0.25]
    plain = Algorithm(advantage="mean", zero_spread="keep")
    assert compare.worth(plain, settings, short_and_long, 3.0, ()).advantages.tolist() == [0, 0]
    # The full published reward of a reply that the checker refuses buys no addition.
    decoy = [outcome(3.0, 10, False), outcome(3.0, 10, True)]
    assert compare.worth(shaped, settings, decoy, 3.0, ()).advantages.tolist() == pytest.approx([-0.3, 0.3])


def test_the_recipe_of_ui_r1_e_is_shaped_so():
    assert of(load("ui-r1-e").train).shaping == "dast"
    assert of(load("ui-r1").train).shaping == "none"
