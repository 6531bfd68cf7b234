"""What the checks share: a level of a family on the bench, with its first instances and their oracle's replies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

from verienv import baselines
from verienv import rng as rngs
from verienv.baselines import Floor
from verienv.task import Instance, Task

if TYPE_CHECKING:
    from verienv.task import Part


class Broken(Exception):
    """A promise is broken; the message says how, and on which address and reply."""


@dataclass(frozen=True, slots=True)
class Check:
    """One promise in words, and the test of it: what it saw as a line, or Broken."""

    name: str
    promise: str
    test: Callable[[Bench], str]
    once: bool = False  # a promise of the whole family, tested on its first level only


@dataclass
class Bench:
    """One level of a task; everything is made once and on demand."""

    task: Task[Any, Any, Any]
    level: int
    size: int

    @cached_property
    def instances(self) -> list[Instance[Any]]:
        """Instances 0 to size - 1 of seed 0, train."""
        return [self.task.instance(self.level, index=index) for index in range(self.size)]

    @cached_property
    def oracles(self) -> list[Any]:
        """The oracle's replies, in the same order."""
        return [self.task.oracle(instance) for instance in self.instances]

    @cached_property
    def wrongs(self) -> list[Any]:
        """For each instance, a reply of the right form that does not earn everything."""
        return [self._wrong(at) for at in range(self.size)]

    @cached_property
    def floor(self) -> Floor:
        """What the blind players earn, over at least 24 instances."""
        return baselines.floor(self.task, self.level, max(24, 2 * self.size))

    def rng(self, *key: str | int) -> Random:
        """A stream of this level's own."""
        return rngs.stream("contract", self.task.name, self.level, *key)

    def demand(self, kept: bool, why: str) -> None:
        """Raise Broken unless `kept`."""
        if not kept:
            raise Broken(why)

    def _wrong(self, at: int) -> Any:
        instance, right = self.instances[at], self.oracles[at]
        others = [self.oracles[(at + step) % self.size] for step in range(1, min(self.size, 8))]
        mutants = self.task.mutants(instance.problem, self.rng("wrong", at))
        for other in [*others, *(tagged for mutant in mutants for tagged in forms(mutant))]:
            score = self.task.score(instance, other)
            if score.value < 1 and score.readable and other != right:
                return other
        return each_reply(right, lambda reply: reply.replace("</answer>", "?</answer>") + " ")


def forms(mutant: Any) -> tuple[Any, ...]:
    """A mutant as a reply: as it is when it has tags or is a game's list of replies, else in tags."""
    if type(mutant) is not str:
        return (mutant,)
    return (mutant,) if "<answer>" in mutant else (f"<answer>{mutant}</answer>",)


def each_reply(reply: Any, change: Callable[[str], Any]) -> Any:
    """`change` applied to a reply, or to every move of a game."""
    return change(reply) if type(reply) is str else [change(each) for each in reply]


def paired(right: Any, wrong: Any, change: Callable[[str, str], Any]) -> Any:
    """`change(right, wrong)`, or the same for every move of a game; None where it does not apply."""
    if type(right) is str:
        return change(right, wrong if type(wrong) is str else "")
    others = list(wrong) if type(wrong) in (list, tuple) and wrong else [""]
    made = [change(each, others[at % len(others)]) for at, each in enumerate(right)]
    return None if None in made else made


def seen(prompt: list[Part]) -> str:
    """A digest of what the player sees: the text, and the size and raw pixels of every picture."""
    hashed = hashlib.sha256()
    for part in prompt:
        if isinstance(part, str):
            hashed.update(f"text {len(part)}\n{part}\n".encode("utf-8", "surrogatepass"))
        else:
            hashed.update(f"image {part.mode} {part.size}\n".encode())
            hashed.update(part.tobytes())
    return hashed.hexdigest()


def shown(reply: object, limit: int = 120) -> str:
    """A reply for a message."""
    try:
        text = repr(reply)
    except RuntimeError:  # the hostile objects of the catalogue raise this
        return f"a {type(reply).__name__}"
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"
