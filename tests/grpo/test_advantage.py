"""Advantages: the published numbers, and what may not change them."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.grpo import draws
from tests.grpo.draws import tensor
from verienv.grpo import advantage
from verienv.grpo.advantage import ADVANTAGES

NAMES = sorted(ADVANTAGES)
TWO = tensor([[1, 0, 0, 0], [1, 1, 1, 0]])


@pytest.mark.parametrize(
    ("name", "one", "rest", "one_of_three", "last"),
    [
        ("group_norm", 1.4997, -0.4999, 0.4999, -1.4997),
        ("mean", 0.75, -0.25, 0.25, -0.75),
        ("rloo", 1, -0.3333, 0.3333, -1),
        ("batch_norm", 1.4029, -0.4676, 0.4676, -1.4029),
        ("maxrl", 3, -1, 0.3333, -1),
        ("reinforce_pp", 1.6202, -0.5401, 0.5401, -1.6202),
        ("passk", 1.9996, 0, 0, 0),
        ("pairwise", 1.5, -0.5, 0.5, -1.5),
    ],
)
def test_two_groups_of_four(name, one, rest, one_of_three, last):
    got = ADVANTAGES[name](TWO, draws.everyone(TWO))
    want = tensor([[one, rest, rest, rest], [one_of_three] * 3 + [last]])
    torch.testing.assert_close(got, want, atol=6e-5, rtol=0)


def test_a_group_of_two_is_a_contrast_of_the_root_of_a_half():
    rewards = tensor([[1, 0], [0.3, 0.1]])
    got = advantage.group_norm(rewards, draws.everyone(rewards), advantage_epsilon=0.0)
    torch.testing.assert_close(got, tensor([[1, -1], [1, -1]]) * 0.5**0.5)


def test_preferences_as_published():
    strengths = torch.zeros(1, 4, 4, dtype=torch.float64)
    for (i, j), value in {(0, 1): 2, (0, 2): 1, (0, 3): 3, (1, 2): -1, (1, 3): 1, (2, 3): 2}.items():
        strengths[0, i, j], strengths[0, j, i] = value, -value
    got = advantage.preferences(strengths, torch.ones(1, 4, dtype=torch.bool))
    torch.testing.assert_close(got, tensor([[1.1619, -0.3873, 0.3873, -1.1619]]), atol=5e-5, rtol=0)


@pytest.mark.parametrize(("length", "best"), [(100, 1.0502), (1000, 0.6124), (3000, 0.2433), (8000, 0.0934)])
def test_preferences_as_weak_as_one_over_a_judgements_length_shrink(length, best):
    order = torch.arange(4, 0, -1, dtype=torch.float64)
    strengths = (order[:, None] - order[None, :]).sign()[None] / length
    got = advantage.preferences(strengths, torch.ones(1, 4, dtype=torch.bool))
    assert got.max().item() == pytest.approx(best, abs=5e-5)
    exact = advantage.preferences(strengths, torch.ones(1, 4, dtype=torch.bool), advantage_epsilon=0.0)
    assert exact.max().item() == pytest.approx(1.0607, abs=5e-5)


def test_a_circle_of_preferences_says_nothing():
    strengths = tensor([[[0, 2, -2], [-2, 0, 2], [2, -2, 0]]])
    assert not advantage.preferences(strengths, torch.ones(1, 3, dtype=torch.bool)).any()


def test_long_replies_weigh_more_in_reinforce_pp():
    rewards, lengths = tensor([[1, 0], [1, 0]]), torch.tensor([[3, 1], [2, 2]])
    got = advantage.reinforce_pp(rewards, draws.everyone(rewards), lengths)
    tokens = torch.repeat_interleave(tensor([0.5, -0.5, 0.5, -0.5]), lengths.flatten())
    want = (tensor([[0.5, -0.5], [0.5, -0.5]]) - tokens.mean()) / tokens.std()
    torch.testing.assert_close(got, want, atol=1e-6, rtol=0)


@given(draws.rewards())
def test_rloo_is_the_reward_less_the_mean_of_the_others(rewards):
    got = advantage.rloo(rewards, draws.everyone(rewards))
    others = (rewards.sum(1, keepdim=True) - rewards) / (rewards.shape[1] - 1)
    torch.testing.assert_close(got, rewards - others)


@given(draws.rewards())
def test_pairwise_among_scalar_rewards_is_group_norm(rewards):
    scorable = draws.everyone(rewards)
    got = advantage.pairwise(rewards, scorable, advantage_epsilon=0.0)
    want = advantage.group_norm(rewards, scorable, advantage_epsilon=0.0)
    spread = advantage.spread(rewards, scorable) > 0
    torch.testing.assert_close(got[spread], want[spread])


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"reinforce_pp", "passk"}))
@given(draws.rewards(least=0.0))
def test_a_groups_advantages_add_up_to_nothing(name, rewards):
    got = ADVANTAGES[name](rewards, draws.everyone(rewards))
    torch.testing.assert_close(got.sum(1), torch.zeros_like(got[:, 0]), atol=1e-9, rtol=0)


@given(draws.rewards(), st.lists(st.integers(1, 9), min_size=30, max_size=30))
def test_reinforce_pp_is_white_over_tokens(rewards, lengths):
    counts = torch.tensor(lengths[: rewards.numel()]).view(rewards.shape)
    got = advantage.reinforce_pp(rewards, draws.everyone(rewards), counts)
    tokens = torch.repeat_interleave(got.flatten(), counts.flatten())
    assert tokens.mean().item() == pytest.approx(0, abs=1e-9)
    if advantage.spread(rewards, draws.everyone(rewards)).any():
        assert tokens.var().item() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"maxrl", "batch_norm"}))
@given(draws.rewards(), st.integers(-8, 8))
def test_a_constant_added_to_a_group_changes_nothing(name, rewards, shift):
    moved = rewards + tensor(shift) / 4 * torch.arange(rewards.shape[0])[:, None]
    same(ADVANTAGES[name](moved, draws.everyone(rewards)), ADVANTAGES[name](rewards, draws.everyone(rewards)))


@given(draws.rewards(), st.integers(-8, 8))
def test_a_constant_added_to_all_rewards_changes_nothing_in_batch_norm(rewards, shift):
    scorable = draws.everyone(rewards)
    same(advantage.batch_norm(rewards + shift / 4, scorable), advantage.batch_norm(rewards, scorable))


def same(got: torch.Tensor, want: torch.Tensor) -> None:
    torch.testing.assert_close(got, want, atol=1e-9, rtol=1e-9)


@pytest.mark.parametrize("name", ["group_norm", "batch_norm", "passk", "pairwise", "reinforce_pp", "maxrl"])
@given(draws.rewards(least=0.0), st.sampled_from([0.5, 3.0, 16.0]))
def test_a_positive_factor_on_all_rewards_changes_nothing(name, rewards, factor):
    scorable = draws.everyone(rewards)
    free = {} if name in ("reinforce_pp", "maxrl") else {"advantage_epsilon": 1e-12}
    want = ADVANTAGES[name](rewards, scorable, **free)
    torch.testing.assert_close(ADVANTAGES[name](rewards * factor, scorable, **free), want, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("name", ["mean", "rloo"])
@given(draws.rewards(), st.sampled_from([0.5, 3.0, 16.0]))
def test_a_factor_on_all_rewards_is_one_on_advantages_not_scaled(name, rewards, factor):
    scorable = draws.everyone(rewards)
    torch.testing.assert_close(
        ADVANTAGES[name](rewards * factor, scorable), ADVANTAGES[name](rewards, scorable) * factor
    )


@pytest.mark.parametrize("name", NAMES)
@given(draws.rewards(least=0.0), st.randoms(use_true_random=False), st.data())
def test_order_does_not_matter(name, rewards, random, data):
    prompts, group = rewards.shape
    scorable = data.draw(masks(prompts, group))
    lengths = torch.randint(1, 9, rewards.shape, generator=torch.Generator().manual_seed(random.randrange(2**31)))
    rows = torch.tensor(random.sample(range(prompts), prompts))
    columns = torch.tensor(random.sample(range(group), group))

    def shuffled(values: torch.Tensor) -> torch.Tensor:
        return values[rows][:, columns]

    got = ADVANTAGES[name](shuffled(rewards), shuffled(scorable), shuffled(lengths))
    want = shuffled(ADVANTAGES[name](rewards, scorable, lengths))
    same(got, want)


def masks(prompts: int, group: int) -> st.SearchStrategy[torch.Tensor]:
    row = st.lists(st.booleans(), min_size=group, max_size=group)
    return st.lists(row, min_size=prompts, max_size=prompts).map(torch.tensor)


@pytest.mark.parametrize("name", NAMES)
@given(draws.rewards(least=0.0), st.data(), st.sampled_from([0.0, 1e9, float("nan"), float("inf"), -float("inf")]))
def test_an_attempt_that_is_not_scorable_gets_nothing_and_changes_nothing(name, rewards, data, junk):
    scorable = data.draw(masks(*rewards.shape))
    lengths = torch.full(rewards.shape, 2)
    got = ADVANTAGES[name](rewards.masked_fill(~scorable, junk), scorable, lengths)
    assert not got[~scorable].any()
    torch.testing.assert_close(got, ADVANTAGES[name](rewards, scorable, lengths), atol=0, rtol=0)


@pytest.mark.parametrize("name", NAMES)
@given(draws.rewards(least=0.0), st.data())
def test_a_group_with_an_attempt_missing_is_the_smaller_group(name, rewards, data):
    missing = data.draw(st.integers(0, rewards.shape[1] - 1))
    left = [at for at in range(rewards.shape[1]) if at != missing]
    scorable = draws.everyone(rewards)
    scorable[:, missing] = False
    lengths = torch.arange(1, rewards.numel() + 1).view(rewards.shape)
    got = ADVANTAGES[name](rewards, scorable, lengths)[:, left]
    smaller = rewards[:, left]
    same(got, ADVANTAGES[name](smaller, draws.everyone(smaller), lengths[:, left]))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@given(st.floats(-3, 3), st.integers(2, 9))
def test_equal_rewards_teach_nothing_not_even_by_rounding(name, dtype, value, group):
    rewards = torch.full((3, group), value, dtype=dtype)
    assert not ADVANTAGES[name](rewards, draws.everyone(rewards)).any()


@pytest.mark.parametrize("name", NAMES)
def test_an_attempt_alone_has_nobody_to_be_better_than(name):
    rewards = tensor([[1.0, 0.0], [5.0, 2.0]])
    scorable = torch.tensor([[True, False], [False, False]])
    assert not ADVANTAGES[name](rewards, scorable).any()
    lonely = tensor([[1.0]])
    assert not ADVANTAGES[name](lonely, draws.everyone(lonely)).any()


def test_spread_is_the_greatest_less_the_least():
    rewards = tensor([[1, 0, 0.5], [1, 1, 9], [3, 0, 0]])
    scorable = torch.tensor([[True, True, True], [True, True, False], [True, False, False]])
    assert advantage.spread(rewards, scorable).tolist() == [1, 0, 0]
