"""A weighted mix of tasks and levels: which cell an index belongs to is a pure function of the index.

Two readings of the same weights: `pick` is for an endless stream (position 1,000,000 costs what position 0 costs),
`quotas` and `interleave` are for a data set of known size (exact shares, evenly mixed).
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import accumulate
from typing import Any

from verienv import address as addresses
from verienv import registry
from verienv.address import Address, Split
from verienv.errors import UsageError
from verienv.knobs import KnobSet
from verienv.task import Instance, Task


@dataclass(frozen=True, slots=True)
class Cell:
    """One ingredient: a task at one setting ("L3", or knobs spelt out), with its weight.

    `level` is the stage it belongs to: the level the setting was made from, or None.
    """

    task: str
    setting: str
    level: int | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.weight) and self.weight > 0):
            raise UsageError(f"the weight of {self.label} is a positive number, not {self.weight!r}")

    @property
    def label(self) -> str:
        """How the cell is called in messages and tables: "sat L3" or "sat n=3,k=5"."""
        return f"{self.task} {self.setting}"

    @property
    def family(self) -> Task[Any, Any, Any]:
        """The task itself."""
        return registry.load(self.task)

    def address(self, seed: int, index: int, split: Split) -> Address:
        """Where the cell's instance of that index lives."""
        return Address(self.task, self.family.version, self.setting, split, seed, index)

    def instance(self, seed: int, index: int, split: Split) -> Instance[Any]:
        """The cell's instance of that index."""
        return self.family.at(self.address(seed, index, split))

    @property
    def knobs(self) -> KnobSet:
        """The knobs of the setting."""
        family = self.family
        level = addresses.level_of(self.setting)
        knobs: KnobSet = family.knobs.from_text(self.setting) if level is None else family.at_level(level)
        return knobs

    def changed(self, overrides: Mapping[str, object]) -> Cell:
        """The cell with some knobs changed. Raises UnknownName, KnobError."""
        return replace(self, setting=self.knobs.replace(**overrides).to_text()) if overrides else self


def cell(
    task: str, level: int | None = None, overrides: Mapping[str, object] | None = None, weight: float = 1.0
) -> Cell:
    """A cell from a level, with some knobs changed if `overrides` says so. Raises UsageError and its kin."""
    family = registry.load(task)
    if level is None and overrides:
        return Cell(task, family.knobs.from_mapping(overrides).to_text(), None, weight)
    family.at_level(level or 0)
    return Cell(task, f"L{level or 0}", level or 0, weight).changed(overrides or {})


def merge(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The same cells, each once: the weights of equal ones are added."""
    merged: dict[tuple[str, str], Cell] = {}
    for each in cells:
        before = merged.get((each.task, each.setting))
        weight = each.weight + (before.weight if before else 0.0)
        merged[each.task, each.setting] = replace(before or each, weight=weight)
    return tuple(merged.values())


def pick(cells: Sequence[Cell], seed: int, index: int) -> Cell:
    """The cell of position `index` in the endless stream of `seed`, in proportion to the weights."""
    ends = list(accumulate(each.weight for each in cells))
    return cells[min(bisect_right(ends, fraction("pick", seed, index) * ends[-1]), len(cells) - 1)]


def instance(cells: Sequence[Cell], seed: int, index: int, split: Split) -> Instance[Any]:
    """The instance at position `index` of the endless stream; the position is its index in its cell, too."""
    return pick(cells, seed, index).instance(seed, index, split)


def quotas(weights: Sequence[float], count: int) -> list[int]:
    """How many of `count` each weight gets: whole numbers that add up to `count` (largest remainder, first on ties)."""
    total = math.fsum(weights)
    exact = [count * weight / total for weight in weights]
    given = [math.floor(share) for share in exact]
    rest = sorted(range(len(weights)), key=lambda at: (given[at] - exact[at], at))
    for at in rest[: count - sum(given)]:
        given[at] += 1
    return given


def interleave(shares: Sequence[int], seed: int) -> Iterator[int]:
    """Which of the shares each position belongs to, every one spread evenly over the whole length.

    The i-th of share c stands at (i + h) / shares[c], with h in [0, 1) hashed from (seed, c, i): no random state.
    """

    def at(which: int, number: int) -> tuple[float, int, int]:
        return (number + fraction("interleave", seed, which, number)) / shares[which], which, number

    queue = [at(which, 0) for which, share in enumerate(shares) if share]
    heapq.heapify(queue)
    while queue:
        _, which, number = queue[0]
        yield which
        if number + 1 < shares[which]:
            heapq.heapreplace(queue, at(which, number + 1))
        else:
            heapq.heappop(queue)


def read_levels(levels: str | Sequence[int] | None, there_are: int, task: str) -> list[int]:
    """Levels from "2", "0,2,5" or "0:3" (inclusive), in that order, each once; None means all."""
    if levels is None:
        return list(range(there_are))
    if isinstance(levels, str):
        read: list[int] = []
        for item in levels.split(","):
            low, colon, high = item.strip().partition(":")
            bounds = (low, high if colon else low)
            if not all(each.isdecimal() and each.isascii() and len(each) <= 4 for each in bounds):
                raise UsageError(f"levels {levels!r}: written 2, 0,2,5 or 0:3 (which includes 3)")
            first, last = int(bounds[0]), int(bounds[1])
            if first > last:
                raise UsageError(f"levels {item!r}: the first is above the last")
            if last >= there_are:
                raise UsageError(f"{task} has levels 0 to {there_are - 1}, not {last}")
            read.extend(range(first, last + 1))
    else:
        read = list(levels)
    for level in read:
        if type(level) is not int or not 0 <= level < there_are:
            raise UsageError(f"{task} has levels 0 to {there_are - 1}, not {level!r}")
    if not read:
        raise UsageError("no levels were given")
    return list(dict.fromkeys(read))


def fraction(*key: str | int) -> float:
    """A number in [0, 1) hashed from the key: 53 bits, the same everywhere."""
    digest = blake2b("/".join(map(str, key)).encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2.0**53
