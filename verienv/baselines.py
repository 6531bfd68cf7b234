"""Blind players: what can be earned without solving. Their best mean score is the floor of a level.

Three are the same for every family: `empty` says nothing, `echo` gives the prompt back, `tags` fills the answer
form with nothing. A family names its own: a constant, a random legal answer, a majority, a greedy pick …
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from verienv import chat, parsing, rng
from verienv.task import Instance, Task

EVERYONE = ("empty", "echo", "tags")


@dataclass(frozen=True, slots=True)
class Floor:
    """Mean scores of every blind player on one level, and of the oracle, over `count` instances."""

    level: int
    count: int
    players: Mapping[str, float]
    oracle: float

    @property
    def best(self) -> tuple[str, float]:
        """The best blind player and its mean score."""
        name = max(self.players, key=lambda player: self.players[player])
        return name, self.players[name]


def players(task: Task[Any, Any, Any]) -> tuple[str, ...]:
    """The names of a task's blind players."""
    return (*EVERYONE, *task.players())


def reply(task: Task[Any, Any, Any], instance: Instance[Any], player: str) -> Any:
    """What a blind player answers; its own random stream is keyed by the address."""
    if player == "empty":
        return ""
    if player == "echo":
        return chat.text_only(instance.prompt, "")
    if player == "tags":
        return parsing.say("")
    return task.players()[player](instance.problem, rng.stream("blind", player, instance.address))


def floor(task: Task[Any, Any, Any], level: int, count: int = 200, seed: int = 0, split: str = "train") -> Floor:
    """Play `count` instances of a level with every blind player and the oracle."""
    names = players(task)
    totals = dict.fromkeys(names, 0.0)
    oracle = 0.0
    for index in range(count):
        instance = task.instance(level=level, seed=seed, index=index, split=split)
        for name in names:
            totals[name] += task.score(instance, reply(task, instance, name)).value
        oracle += task.score(instance, task.oracle(instance)).value
    return Floor(level, count, {name: total / count for name, total in totals.items()}, oracle / count)
