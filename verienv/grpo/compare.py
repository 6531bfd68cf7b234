"""What each attempt of a step is worth beside its fellows: outcomes → advantages, weights, and what is learnt from.

The outcomes are those of the whole step, gathered from all ranks, so every rank finds the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from verienv.grpo import emphasis, filters
from verienv.grpo.presets import Algorithm
from verienv.grpo.rollout import Outcome
from verienv.grpo.settings import Settings


@dataclass(frozen=True, slots=True)
class Worth:
    """Of every attempt, [N]: its advantage, its policy term's weight, its KL's factor, and if it is learnt."""

    advantages: Tensor
    weights: Tensor
    kl_factors: Tensor
    learnt: Tensor  # bool


def rewards_of(outcomes: Sequence[Outcome], group: int) -> tuple[Tensor, Tensor]:
    """Rewards float64 [P, G], 0 where there is none, and which there are, bool [P, G]."""
    rewards = torch.tensor([0.0 if each.reward is None else each.reward for each in outcomes], dtype=torch.float64)
    scorable = torch.tensor([each.reward is not None for each in outcomes])
    return rewards.view(-1, group), scorable.view(-1, group)


def found(outcomes: Sequence[Outcome], group: int) -> int:
    """How many groups have something to learn from."""
    return int(filters.informative(*rewards_of(outcomes, group)).sum())


def worth(
    algorithm: Algorithm, settings: Settings, outcomes: Sequence[Outcome], highest: float, distances: Sequence[float]
) -> Worth:
    """Attempts at one problem stand side by side; of groups with spread, the first `prompts` are learnt from.

    highest: the greatest reward there is. distances: of each attempt, its KL from the reference, where that is taken
    off the reward; else empty. An attempt that could not be scored has advantage 0 and is not learnt.
    """
    group = settings.group
    rewards, scorable = rewards_of(outcomes, group)
    lengths = torch.tensor([each.tokens for each in outcomes]).view(-1, group)
    longest = torch.tensor([each.longest for each in outcomes]).view(-1, group)
    cut = torch.tensor([each.cut for each in outcomes]).view(-1, group)
    sound = torch.tensor([each.right for each in outcomes]).view(-1, group)
    paid = rewards + algorithm.function("shaping")(rewards, scorable, sound, lengths)
    if algorithm.overlong == "penalty":
        buffer = algorithm.overlong_buffer or math.ceil(settings.max_reply / 5)
        paid = paid + filters.overlong_penalty(longest.double(), settings.max_reply, buffer)
    if distances:
        paid = paid - algorithm.kl * torch.tensor(list(distances), dtype=torch.float64).view(-1, group)
    advantages = algorithm.function("advantage")(paid, scorable, lengths)
    right = torch.tensor([each.terms.get(algorithm.difficulty_term, each.score) for each in outcomes]).view(-1, group)
    hard = algorithm.function("difficulty")(emphasis.group_accuracy(right, scorable))
    learnt = scorable & ~cut if algorithm.overlong == "mask" else scorable
    if algorithm.zero_spread != "keep":
        kept = filters.informative(rewards, scorable)
        learnt = learnt & (kept & (kept.cumsum(0) <= settings.prompts))[:, None]
    return Worth(
        advantages.flatten().float(),
        hard[:, None].expand(-1, group).flatten().float(),
        algorithm.function("kl_factor")(rewards.flatten(), highest).float(),
        learnt.flatten(),
    )
