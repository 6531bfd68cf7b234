"""Episodes without Gymnasium: `reset` begins one, and each `step` gives the next, leaving the one before as it was.

    episode = verienv.reset("sat", level=3, seed=7)
    while not episode.done:
        episode = episode.step(model(episode.messages))
    episode.score

An episode is a value: stepping it twice branches it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verienv import registry
from verienv.errors import ContractError, StepError, UsageError
from verienv.knobs import KnobSet
from verienv.score import Score
from verienv.task import Instance, Step, Task

if TYPE_CHECKING:
    from verienv.task import Part

    Setting = Mapping[str, object] | str | KnobSet


@dataclass(frozen=True, slots=True)
class Episode:
    """One instance and how far it has been played: a value, so an episode can be branched by stepping it twice."""

    instance: Instance[Any]
    now: Step
    replies: tuple[Any, ...] = ()

    @property
    def prompt(self) -> list[Part]:
        """What the player sees now, in reading order; empty once the episode is over."""
        return self.now.prompt

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The same as chat messages, pictures inlined as data URLs."""
        from verienv import chat

        return chat.messages(self.now.prompt)

    @property
    def address(self) -> str:
        """Where the instance lives."""
        return self.instance.address

    @property
    def done(self) -> bool:
        """Whether the episode is over."""
        return self.now.score is not None

    @property
    def score(self) -> Score | None:
        """The verdict; None until the episode is over."""
        return self.now.score

    def step(self, reply: object) -> Episode:
        """The episode after a reply; a reply that cannot be read, of any type, counts as one.

        Raises StepError when the episode is over, ContractError when the family fails: a bug, not a bad answer.
        """
        instance, before = self.instance, self.now
        if before.score is not None:
            raise StepError(f"{instance.address} is over (score {before.score.value:g}): begin another with reset")
        try:
            after = instance.task.step(instance.problem, before, reply)  # type: ignore[arg-type]  # any reply counts
        except Exception as bug:  # renamed, never paid: see Task.score
            raise ContractError(
                f"{instance.address}: {type(bug).__name__}: {bug} on reply {len(self.replies)}"
            ) from bug
        return Episode(instance, after, (*self.replies, reply))


def begin(instance: Instance[Any]) -> Episode:
    """The episode of an instance, before the first reply."""
    return Episode(instance, instance.task.begin(instance.problem))


def reset(
    what: str | Task[Any, Any, Any] | Instance[Any],
    level: int | None = None,
    seed: int = 0,
    index: int = 0,
    split: str = "train",
    *,
    knobs: Setting | None = None,
) -> Episode:
    """Begin an episode: of a task (or its name) at a place, of an address, or of an instance.

    The level is 0 unless a level or knobs are given; knobs are a mapping, a KnobSet, or text such as "n=3,k=5".
    Raises UsageError, UnknownName, AddressError, GenerationError.
    """
    if isinstance(what, Instance) or (isinstance(what, str) and "/" in what):
        if (level, seed, index, split, knobs) != (None, 0, 0, "train", None):
            raise UsageError("an address or an instance says everything: give no level, knobs, seed, index or split")
        return begin(what if isinstance(what, Instance) else registry.instance(what))
    task = registry.load(what) if isinstance(what, str) else what
    return begin(task.instance(level, seed, index, split, knobs=knobs))
