"""Supervised learning on the oracle's replies: the warm start that GRPO needs, since a blind policy earns nothing.

Demonstrations come from a limited pool, met again and again, or are made anew for each step. Only the reply is
learnt, its end token with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from verienv import rng
from verienv.episode import begin
from verienv.errors import ContractError, UsageError
from verienv.grpo.optimizer import AdamW
from verienv.grpo.policy import Policy, Prompt
from verienv.grpo.tokenizer import Tokenizer
from verienv.task import Instance

if TYPE_CHECKING:
    from verienv.task import Part


@dataclass(frozen=True, slots=True, eq=False)
class Demonstration:
    """One turn of the oracle: what it saw, what it replied. `setting` names the family and its knobs."""

    setting: str
    parts: tuple[Part, ...]
    reply: str


class Lesson(NamedTuple):
    """A demonstration as a policy reads it: the prompt, and the reply's ids [t] with the end token."""

    prompt: Prompt
    reply: Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to fit: AdamW without weight decay, a linear warm-up, then a constant rate. Raises UsageError."""

    steps: int = 240
    batch: int = 128
    learning_rate: float = 2e-3
    warmup: int = 20
    clip_gradient: float = 1.0
    micro_batch: int = 128

    def __post_init__(self) -> None:
        for each in fields(self):
            low = 0 if each.name in ("steps", "warmup", "learning_rate") else 1e-9
            if not (math.isfinite(getattr(self, each.name)) and getattr(self, each.name) >= low):
                raise UsageError(f"sft.{each.name} = {getattr(self, each.name)!r}: out of range")


class Fitted(NamedTuple):
    """One step: mean loss of a reply token in nats, reply tokens, norm of the gradient before clipping."""

    step: int
    loss: float
    tokens: int
    gradient: float


def demonstrations(instance: Instance[Any]) -> list[Demonstration]:
    """The oracle's turns at an instance: one for a question, one for each move of a game.

    Raises ContractError when the oracle's replies do not end the episode with 1.
    """
    oracle = instance.task.oracle(instance)
    setting = f"{instance.task.name} {instance.knobs.to_text()}"
    episode = begin(instance)
    turns = []
    for reply in [oracle] if isinstance(oracle, str) else oracle:
        if episode.done:
            break
        turns.append(Demonstration(setting, tuple(episode.prompt), reply))
        episode = episode.step(reply)
    if episode.score is None or episode.score.value < 1:
        raise ContractError(f"{instance.address}: the oracle's replies end with {episode.score}")
    return turns


def vocabulary(demonstrations: Iterable[Demonstration]) -> Tokenizer:
    """The tokenizer made for these demonstrations' wording; see Tokenizer.train."""
    groups: dict[tuple[str, str], list[str]] = {}
    for each in demonstrations:
        groups.setdefault((each.setting, "prompt"), []).append("".join(p for p in each.parts if isinstance(p, str)))
        groups.setdefault((each.setting, "reply"), []).append(each.reply)
    return Tokenizer.train(groups.values())


def lesson(policy: Policy, demonstration: Demonstration) -> Lesson:
    """A demonstration as `policy` reads it."""
    return Lesson(policy.encode(demonstration.parts), torch.tensor(policy.encode_reply(demonstration.reply)))


def from_pool(pool: Sequence[Lesson], size: int, seed: int) -> Callable[[int], list[Lesson]]:
    """Batches of `size` lessons by step: the pool in an order drawn by lot, drawn anew each time it is through."""
    if not pool:
        raise UsageError("a pool has at least one lesson")
    orders: dict[int, list[int]] = {}

    def batch(step: int) -> list[Lesson]:
        chosen = []
        for place in range(step * size, (step + 1) * size):
            turn, at = divmod(place, len(pool))
            if turn not in orders:
                orders.clear()
                orders[turn] = rng.stream("verienv.grpo.sft", seed, turn).sample(range(len(pool)), len(pool))
            chosen.append(pool[orders[turn][at]])
        return chosen

    return batch


def fit(policy: Policy, batch: Callable[[int], Sequence[Lesson]], settings: Settings) -> Iterator[Fitted]:
    """Take `settings.steps` optimiser steps, step by step as the iterator is drawn; `batch(step)` gives its lessons."""
    optimiser = AdamW(policy.parameters())
    policy.train()
    for step in range(settings.steps):
        for group in optimiser.param_groups:
            group["lr"] = settings.learning_rate * min(1.0, (step + 1) / max(settings.warmup, 1))
        lessons = batch(step)
        tokens = sum(len(each.reply) for each in lessons)
        loss = 0.0
        for start in range(0, len(lessons), settings.micro_batch):
            part = lessons[start : start + settings.micro_batch]
            scored = policy.logprobs([each.prompt for each in part], [each.reply for each in part])
            share = -scored.logprobs.sum() / tokens  # 0 beyond each reply
            share.backward()
            loss += share.item()
        norm = torch.nn.utils.clip_grad_norm_(policy.parameters(), settings.clip_gradient)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        yield Fitted(step, loss, tokens, float(norm))
