"""Where an environment stands among a task's instances, and how `reset` moves it.

A place is a level (or knobs), a split, a seed and an index: an address in parts. `reset(seed=s)` goes to index 0 of
seed `s`; `reset()` goes to the next index; `options` move any part, and what they set stays set. An index that is not
given is the next one, or 0 under a seed that is. So every `reset(seed=7)` plays `…/s7/0` and the `reset()` after it
`…/s7/1`; `reset(options={"address": …})` jumps to one instance, and goes on from there. `info["address"]` tells.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from verienv import address as addresses
from verienv.errors import UnknownName, UsageError
from verienv.knobs import KnobSet
from verienv.task import Instance, Task

OPTIONS: Final = ("address", "index", "knobs", "level", "seed", "split")


@dataclass(frozen=True, slots=True)
class Place:
    """One instance's place. `level` is None when the knobs are spelt out, and the other way round."""

    task: Task[Any, Any, Any]
    level: int | None
    knobs: KnobSet | None
    split: str
    seed: int
    index: int

    def instance(self) -> Instance[Any]:
        """What lives here. Raises GenerationError."""
        return self.task.instance(self.level, self.seed, self.index, self.split, knobs=self.knobs)

    @property
    def setting(self) -> KnobSet:
        """The knobs, of the level or spelt out."""
        return self.knobs if self.level is None and self.knobs is not None else self.task.at_level(self.level or 0)

    def next(self) -> Place:
        """The next index."""
        return Place(self.task, self.level, self.knobs, self.split, self.seed, self.index + 1)

    def moved(self, options: Mapping[str, object]) -> Place:
        """The place that `options` name, starting from here. Raises UsageError, UnknownName, AddressError."""
        if not isinstance(options, Mapping):
            raise UsageError(f"reset options are a dict with keys from {', '.join(OPTIONS)}; not {options!r:.100}")
        for name in options:
            if name not in OPTIONS:
                raise UnknownName("reset option", name, OPTIONS)
        if "address" in options:
            if len(options) > 1:
                raise UsageError("an address says everything: give no other option and no seed with it")
            return self._at(options["address"])
        if "level" in options and "knobs" in options:
            raise UsageError("give a level or knobs, not both")
        level, knobs = self.level, self.knobs
        if "level" in options:
            level, knobs = whole("level", options["level"]), None
            self.task.at_level(level)  # refuses levels that are not there
        if "knobs" in options:
            level, knobs = None, self.task.knobs.of(options["knobs"])
        split = self.split
        if "split" in options:
            split = addresses.split_named(options["split"])  # type: ignore[arg-type]  # refuses what is no split
        seed = whole("seed", options["seed"]) if "seed" in options else self.seed
        following = 0 if "seed" in options else self.index + 1
        index = whole("index", options["index"]) if "index" in options else following
        if index < 0:
            raise UsageError(f"index={index}: a whole number from 0 up")
        return Place(self.task, level, knobs, split, seed, index)

    def _at(self, address: object) -> Place:
        if not isinstance(address, str):
            raise UsageError(f"an address is text, not {address!r:.100}")
        where = addresses.parse(address)
        if (where.name, where.version) != (self.task.name, self.task.version):
            self.task.at(where)  # raises the AddressError that says so
        level = where.level
        if level is not None:
            self.task.at_level(level)
        knobs = None if level is not None else self.task.knobs.from_text(where.setting)
        return Place(self.task, level, knobs, where.split, where.seed, where.index)


def before_first(task: Task[Any, Any, Any], level: int | None, knobs: object, split: str, seed: int) -> Place:
    """The place whose next is index 0; level 0 unless a level or knobs are given. Raises UsageError, UnknownName."""
    options = {"level": level, "knobs": knobs, "split": split, "seed": seed}
    given = {name: value for name, value in options.items() if value is not None}
    start = Place(task, 0, None, split, 0, -1).moved(given)
    return Place(task, start.level, start.knobs, start.split, start.seed, -1)


def whole(name: str, value: object) -> int:
    """A whole number as a plain int, numpy's among them. Raises UsageError."""
    try:
        if isinstance(value, bool):
            raise TypeError
        return operator.index(value)  # type: ignore[arg-type]  # what is no whole number is the except clause's
    except TypeError:
        raise UsageError(f"{name}={value!r:.100}: a whole number") from None
