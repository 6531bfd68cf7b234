"""Algorithms by name: what each preset is, what a recipe may change, and what is refused."""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import re
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import torch

from tests.grpo import draws
from tests.grpo.draws import tensor
from verienv import curriculum, plugins
from verienv.errors import UnknownName, UsageError
from verienv.grpo import axes, loss, objective, presets, schedule
from verienv.grpo.presets import KEYS, PRESETS, Algorithm


def choices(name: str) -> tuple[str, ...]:
    """What tells the presets apart."""
    chosen = PRESETS[name]
    return (chosen.advantage, chosen.ratio, chosen.objective, chosen.loss)


def test_the_presets():
    assert {name: choices(name) for name in PRESETS} == {
        "grpo": ("group_norm", "token", "ppo", "sequence"),
        "dapo": ("group_norm", "token", "ppo", "token"),
        "dr_grpo": ("mean", "token", "ppo", "constant"),
        "rloo": ("rloo", "trajectory", "ppo", "sequence"),
        "gspo": ("group_norm", "sequence", "ppo", "sequence"),
        "cispo": ("group_norm", "token", "cispo_cap", "token"),
        "reinforce_pp": ("reinforce_pp", "token", "ppo", "token"),
    }
    assert (PRESETS["dapo"].clip_low, PRESETS["dapo"].clip_high) == (0.2, 0.28)
    assert (PRESETS["dapo"].zero_spread, PRESETS["dapo"].overlong) == ("resample", "penalty")
    assert (PRESETS["gspo"].clip_low, PRESETS["gspo"].clip_high) == (3e-4, 4e-4)
    assert all(not each.kl for each in PRESETS.values())  # a reference model is asked for by a number


def test_a_recipes_table_changes_one_axis_and_leaves_the_rest():
    got = presets.of({"algorithm": "dapo", "objective": "dual_clip", "dual_clip": 4.0, "steps": 7, "model": "x"})
    assert got == dataclasses.replace(PRESETS["dapo"], objective="dual_clip", dual_clip=4.0)
    assert presets.of({}) == PRESETS["grpo"]
    for name in PRESETS:
        assert presets.of({"algorithm": name}) == PRESETS[name]


@pytest.mark.parametrize("axis", sorted(axes.AXES))
def test_an_unknown_choice_is_answered_with_the_nearest(axis):
    known = axes.names(axis)[0]
    with pytest.raises(UnknownName, match=f"did you mean '{known}'"):
        presets.of({axis: known + "x"})


@pytest.mark.parametrize(
    ("train", "told"),
    [
        ({"algorithm": "grpp"}, "did you mean 'grpo'"),
        ({"clip_cap": 3.0}, "choose objective = 'cispo_cap'"),
        ({"objective": "sapo", "clip_low": 0.1}, "change nothing"),
        ({"advantage": "mean", "advantage_epsilon": 1e-3}, "choose advantage = 'group_norm' or"),
        ({"correction": "none", "correction_cap": 3.0}, "choose correction = "),
        ({"resample_rounds": 3}, "choose zero_spread = 'resample'"),
        ({"overlong_buffer": 3}, "choose overlong = 'penalty'"),
        ({"difficulty": "exp", "difficulty_power": 2.0}, "choose difficulty = 'power'"),
        ({"kl": -0.1}, "a number from 0 up"),
        ({"kl": float("nan")}, "a number from 0 up"),
        ({"clip_high": float("inf")}, "clip_high"),
        ({"clip_low": 1.5}, "clip_low"),
        ({"objective": "dual_clip", "dual_clip": 0.5}, "a number from 1 up"),
        ({"kl": 0.1, "kl_estimator": "k1"}, "no gradient in the loss"),
        ({"kl": 0.1, "kl_place": "reward", "kl_factor": "adversarial"}, "weighs the KL of the loss"),
        ({"kl_factor": "adversarial"}, "needs a kl above 0"),
        ({"objective": "gmpo", "ratio": "sequence"}, "sums over the reply itself"),
        ({"objective": "vespo", "ratio": "trajectory"}, "sums over the reply itself"),
        ({"objective": "gmpo", "loss": "token"}, "one loss for each reply"),
    ],
)
def test_what_would_not_do_what_it_says_is_refused(train, told):
    with pytest.raises((UsageError, UnknownName), match=told):
        presets.of(train)


def test_numbers_that_are_read_are_taken():
    assert presets.of({"algorithm": "dapo", "overlong_buffer": 9, "resample_rounds": 2}).overlong_buffer == 9
    assert presets.of({"kl": 0.1, "kl_estimator": "k1", "kl_place": "reward"}).kl == 0.1
    assert presets.of({"kl": 1e-4, "kl_factor": "adversarial"}).kl_factor == "adversarial"
    assert presets.of({"difficulty": "power", "difficulty_power": 2.0}).function("difficulty")(
        tensor([0.55])
    ).item() == pytest.approx(0.25)


def test_every_number_that_a_function_reads_is_a_key_of_the_recipe():
    for axis, of in axes.AXES.items():
        for name in of.choices:
            for each in axes.parameters(axis, name):
                assert each in KEYS, f"{axis} {name} reads {each}"


def test_an_algorithms_numbers_reach_its_functions():
    ratio, advantage, mask = tensor([[1.0]]), tensor([1.0]), torch.ones(1, 1, dtype=torch.bool)
    chosen = Algorithm(clip_high=0.5).function("objective")
    assert chosen(ratio, ratio, advantage, mask).item() == -1.5
    assert Algorithm(correction_cap=7.0).function("correction")(ratio * 9, ratio, mask).item() == 7
    assert Algorithm().function("correction")(ratio * 9, ratio, mask).item() == 2  # the function's own
    assert Algorithm(correction="sequence_mask").function("correction")(ratio * 2, ratio, mask).item() < 3


def test_defaults_of_functions_and_of_the_algorithm_agree():
    algorithm = Algorithm()
    for axis, of in axes.AXES.items():
        for name, function in of.choices.items():
            for each in axes.parameters(axis, name):
                default = inspect.signature(function).parameters[each].default
                mine = getattr(algorithm, each)
                assert mine in (default, None) or name == "gmpo", f"{axis} {name} {each}"


@pytest.mark.parametrize("advantage", axes.names("advantage"))
def test_every_combination_of_the_axes_gives_a_finite_loss(advantage):
    logp, old, ref, sampler = -torch.rand(4, 6, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    mask = torch.arange(4) < torch.tensor([4, 1, 2, 3, 0, 4])[:, None]
    rewards = tensor([[1, 0, 0.5], [0, 0, 2]])
    worth = axes.load("advantage", advantage)(rewards, draws.everyone(rewards), mask.sum(1).view(2, 3))
    seen = 0
    for ratio, goal, average, estimate, fix in itertools.product(
        *(axes.names(axis) for axis in ("ratio", "objective", "loss", "kl_estimator", "correction"))
    ):
        try:
            algorithm = Algorithm(
                ratio=ratio, objective=goal, loss=average, kl=0.1, kl_estimator=estimate, correction=fix
            )
        except UsageError:
            assert estimate == "k1" or goal in objective.OF_TOKENS
            continue
        values = loss.of_tokens(algorithm, logp, old, mask, worth.flatten(), ref_logp=ref, sampler_logp=sampler)
        mean, count = axes.load("loss", average)
        assert torch.isfinite(mean(values, mask, count(mask, 4))).all()
        seen += 1
    assert seen > 900


def test_a_loss_that_needs_more_than_it_is_given_says_so():
    batch = torch.zeros(1, 1), torch.zeros(1, 1), torch.ones(1, 1, dtype=torch.bool), torch.ones(1)
    with pytest.raises(ValueError, match="needs ref_logp"):
        loss.of_tokens(Algorithm(kl=0.1), *batch)
    with pytest.raises(ValueError, match="needs entropy"):
        loss.of_tokens(Algorithm(entropy=0.1), *batch)


def test_the_terms_of_the_loss_add_up():
    logp, old, ref = tensor([[-1, -2]]), tensor([[-1.1, -2]]), tensor([[-1.5, -1]])
    mask, worth = torch.ones(1, 2, dtype=torch.bool), tensor([2.0])
    algorithm = Algorithm(objective="reinforce", kl=0.1, kl_estimator="k2", entropy=0.5)
    got = loss.of_tokens(
        algorithm, logp, old, mask, worth, ref_logp=ref, sampler_logp=old - 0.1, weight=tensor([3.0]),
        kl_factor=tensor([0.5]), entropy=tensor([[0.2, 0.4]]),
    )  # fmt: skip
    policy = -2 * logp * 3 * tensor(0.1).exp()
    want = policy + 0.1 * 0.5 * (logp - ref) ** 2 / 2 - 0.5 * tensor([[0.2, 0.4]])
    torch.testing.assert_close(got, want)


def test_a_difficulty_weight_of_0_leaves_the_kl():
    logp = tensor([[-1.0]]).requires_grad_()
    got = loss.of_tokens(
        Algorithm(kl=1.0, kl_estimator="k2"), logp, logp.detach(), torch.ones(1, 1, dtype=torch.bool), tensor([1.0]),
        ref_logp=tensor([[-2.0]]), weight=tensor([0.0]),
    )  # fmt: skip
    (grad,) = torch.autograd.grad(got.sum(), logp)
    assert grad.item() == 1.0


@pytest.mark.parametrize(("reward", "pull"), [(0.0, 0.0), (1.0, 0.5), (2.0, 1.0)])
def test_guirlvgs_kl_pulls_in_proportion_to_the_reward(reward, pull):
    algorithm = Algorithm(kl=1.0, kl_estimator="k2", kl_factor="adversarial")
    logp = tensor([[-1.0]]).requires_grad_()
    factor = algorithm.function("kl_factor")(tensor([reward]), 2.0)
    got = loss.of_tokens(
        algorithm, logp, logp.detach(), torch.ones(1, 1, dtype=torch.bool), tensor([0.0]),
        ref_logp=tensor([[-2.0]]), kl_factor=factor,
    )  # fmt: skip
    (grad,) = torch.autograd.grad(got.sum(), logp)
    assert grad.item() == pull


def halved(rewards, scorable, lengths=None, *, clip_low=0.3, strange=1):
    return rewards * clip_low * strange


def test_third_parties_add_advantages_and_objectives(monkeypatch):
    mine = EntryPoint("halved", "tests.grpo.test_presets:halved", "verienv.advantages")
    broken = EntryPoint("broken", "tests.grpo.nowhere:at_all", "verienv.objectives")
    odd = EntryPoint("odd", "tests.grpo.test_presets:TWO", "verienv.objectives")
    found = {"verienv.advantages": {"halved": mine}, "verienv.objectives": {"broken": broken, "odd": odd}}
    monkeypatch.setattr(plugins, "_found", lambda group: found.get(group, {}))
    assert "halved" in axes.names("advantage")
    algorithm = presets.of({"advantage": "halved", "clip_low": 0.5, "objective": "cispo_cap"})
    assert algorithm.function("advantage")(tensor([[4.0]]), None).item() == 2.0
    with pytest.raises(UnknownName, match="did you mean 'halved'"):
        presets.of({"advantage": "halve"})
    with pytest.raises(UsageError, match="cannot load"):
        presets.of({"objective": "broken"})
    with pytest.raises(UsageError, match="cannot be called"):
        presets.of({"objective": "odd"})
    with pytest.raises(UnknownName):
        axes.load("ratio", "halved")  # no group: nobody can add one


TWO = 2


def test_a_built_in_name_cannot_be_taken_over(monkeypatch):
    theirs = EntryPoint("mean", "tests.grpo.test_presets:halved", "verienv.advantages")
    monkeypatch.setattr(plugins, "_found", lambda group: {"mean": theirs})
    assert axes.load("advantage", "mean") is not halved
    assert axes.names("advantage").count("mean") == 1


def test_the_page_names_every_preset_choice_and_number():
    page = (Path(__file__).parents[2] / "docs" / "algorithms.md").read_text(encoding="utf-8")
    words = {
        *PRESETS,
        *KEYS,
        *curriculum.KINDS,
        *schedule.CURVES,
        *(name for axis in axes.AXES for name in axes.names(axis)),
    }
    assert not sorted(word for word in words if not re.search(f'[`"]{word}(`|"| =)', page))


def test_what_can_be_chosen_is_read_without_torch():
    code = "import sys; from verienv.grpo import presets, schedule; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
