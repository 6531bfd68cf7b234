"""Rewards: named terms in [0, 1], and their weighted sum. Signs and weights belong to the recipe.

Terms that every family has: `score` (the strict checker's value), `right` (1 only for full marks), `readable`,
`format` (reasoning in `<think>`, then one answer, and nothing else) and each of its parts, `part:<name>`. A family
adds the terms of the published systems it reproduces; those of a game read all its replies in order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from verienv import parsing
from verienv.errors import ContractError, UnknownName, UsageError
from verienv.score import Score
from verienv.task import Game, Instance, Task

Attempt = tuple[Any, Any, Score]  # (problem, reply or a game's tuple of replies, the strict score)

GENERIC: Final[Mapping[str, Callable[[Attempt], float]]] = {
    "score": lambda attempt: attempt[2].value,
    "right": lambda attempt: float(attempt[2].value == 1.0),
    "readable": lambda attempt: float(attempt[2].readable),
    "format": lambda attempt: float(_formed(attempt[1])),
}


@dataclass(frozen=True, slots=True)
class Reward:
    """What an attempt earned: the weighted sum, each term by name, and the strict score behind it."""

    value: float
    terms: Mapping[str, float]
    score: Score


class RewardFunction:
    """A weighted sum of a task's terms. Unknown terms raise UnknownName before anything is scored."""

    def __init__(self, task: Task[Any, Any, Any], weights: Mapping[str, float]) -> None:
        if not weights:
            raise UsageError("a reward needs at least one term")
        known = term_names(task)
        for name, weight in weights.items():
            if name not in known:
                raise UnknownName(f"reward term of {task.name}", name, known)
            if not math.isfinite(weight):
                raise UsageError(f"the weight of {name!r} is {weight!r}; it must be a finite number")
        self.task = task
        self.weights = dict(weights)
        self._terms = [(name, weight, _term(task, name)) for name, weight in weights.items()]

    def __call__(self, instance: Instance[Any], reply: str | Sequence[str]) -> Reward:
        """The reward of a reply, or of a game's replies. Raises ContractError for a bug in the checker or in a term."""
        return self.of(instance, reply, self.task.score(instance, reply))

    def of(self, instance: Instance[Any], reply: str | Sequence[str], score: Score) -> Reward:
        """The reward of what was replied, whose strict score is known. Raises ContractError for a bug in a term."""
        attempt = (instance.problem, _said(self.task, reply), score)
        values: dict[str, float] = {}
        total = 0.0
        for name, weight, term in self._terms:
            try:
                value = float(term(attempt))
            except Exception as bug:  # renamed, never paid: see Task.score
                raise ContractError(f"{instance.address}: term {name!r}: {type(bug).__name__}: {bug}") from bug
            if not 0.0 <= value <= 1.0:
                raise ContractError(f"{instance.address}: term {name!r} gave {value!r}, outside [0, 1]")
            values[name] = value
            total += weight * value
        return Reward(total, values, score)


def term_names(task: Task[Any, Any, Any]) -> tuple[str, ...]:
    """The names of every term a task has."""
    return (*GENERIC, *(f"part:{part}" for part in task.parts), *task.terms)


def think_then_answer(reply: str) -> bool:
    """One `<think>…</think>`, white space, one `<answer>…</answer>` that says something, nothing else."""
    if len(reply) > parsing.MAX_CHARS:
        return False
    text = reply.strip()
    if not text.startswith("<think>") or not text.endswith("</answer>"):
        return False
    if any(text.count(tag) != 1 for tag in ("<think>", "</think>", "<answer>", "</answer>")):
        return False
    thought, opened = text.find("</think>"), text.find("<answer>")
    if thought > opened or text[thought + len("</think>") : opened].strip():
        return False
    return bool(parsing.unwrap(text[opened + len("<answer>") : -len("</answer>")]))


def _said(task: Task[Any, Any, Any], reply: object) -> str | tuple[str, ...]:
    """What terms read: the text of a reply, or of each reply to a game; "" for what is no text."""
    if not isinstance(task, Game):
        return reply if type(reply) is str else ""
    replies = reply if type(reply) is list or type(reply) is tuple else (reply,)
    return tuple([each if type(each) is str else "" for each in replies[: task.max_steps]])


def _formed(said: str | tuple[str, ...]) -> bool:
    """Whether a reply, or each reply to a game, is thought and answer alone."""
    if isinstance(said, str):
        return think_then_answer(said)
    return bool(said) and all(map(think_then_answer, said))


def _term(task: Task[Any, Any, Any], name: str) -> Callable[[Attempt], float]:
    if name in GENERIC:
        return GENERIC[name]
    if name.startswith("part:"):
        part = name.removeprefix("part:")
        return lambda attempt: attempt[2].parts.get(part, 0.0)
    published = task.terms[name]
    return lambda attempt: published(attempt[0], attempt[1])
