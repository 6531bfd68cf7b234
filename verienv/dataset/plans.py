"""Plan: everything that decides what a dataset holds, byte for byte; and how it is read from a user's words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import verienv
from verienv import address, mixture, recipe, registry
from verienv.address import Split
from verienv.errors import UnknownName, UsageError
from verienv.mixture import Cell

FORMATS = (
    "jsonl",
    "parquet",
    "webdataset",
    "trl",
    "verl",
    "openrlhf",
    "trl-parquet",
    "verl-parquet",
    "openrlhf-parquet",
)
IMAGES = ("jpeg", "png")
PART_ROWS = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """What to draw. Raises UsageError for what cannot be.

    order: "level" (easy to hard), "mixed" (by weight), or the name of a measure that the tasks describe, ascending.
    shard: (i, N) with 1 <= i <= N: the i-th of N stretches of the whole plan.
    """

    cells: tuple[Cell, ...]
    count: int
    seed: int = 0
    split: Split = "train"
    format: str = "jsonl"
    order: str = "level"
    oracle: bool = True
    image: str = "jpeg"
    shard: tuple[int, int] = (1, 1)
    part_rows: int = PART_ROWS

    def __post_init__(self) -> None:
        if not self.cells:
            raise UsageError("a plan needs at least one task and level")
        if type(self.count) is not int or not 1 <= self.count <= 10**12:
            raise UsageError(f"count={self.count!r}: a whole number of rows from 1 up")
        if type(self.seed) is not int or abs(self.seed) >= 2**63:
            raise UsageError(f"seed={self.seed!r}: a whole number below 2**63")
        address.split_named(self.split)
        _one_of("format", self.format, FORMATS)
        _one_of("image format", self.image, IMAGES)
        which, of = self.shard
        if not (type(which) is int and type(of) is int and 1 <= which <= of):
            raise UsageError(f"shard {which}/{of}: written i/N with 1 <= i <= N, like 1/4")
        if self.part_rows < 1:
            raise UsageError(f"part_rows={self.part_rows!r}: at least 1")
        names = [(each.task, each.setting) for each in self.cells]
        if len(set(names)) != len(names):
            raise UsageError("a plan names each task and setting once; mixture.merge adds up their weights")

    @property
    def sorted_by(self) -> str | None:
        """The measure that rows are sorted by, if any."""
        return None if self.order in ("level", "mixed") else self.order

    def quotas(self) -> list[int]:
        """How many rows each cell gives to the whole plan."""
        return mixture.quotas([each.weight for each in self.cells], self.count)

    def slots(self) -> Iterator[int]:
        """The cell of each row of the whole plan, in the order in which rows are drawn."""
        shares = self.quotas()
        if self.order == "mixed":
            return mixture.interleave(shares, self.seed)
        by_level = sorted(range(len(self.cells)), key=lambda at: _stage(self.cells[at]))
        return (at for at in by_level for _ in range(shares[at]))

    def stretch(self) -> tuple[int, int]:
        """The half-open range of slots that this shard draws."""
        which, of = self.shard
        return self.count * (which - 1) // of, self.count * which // of

    def shard_slots(self) -> Iterator[int]:
        """The cell of each row of this shard."""
        return islice(self.slots(), *self.stretch())

    def starts(self) -> list[int]:
        """The first index this shard draws of each cell."""
        starts = [0] * len(self.cells)
        for at in islice(self.slots(), self.stretch()[0]):
            starts[at] += 1
        return starts

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON values, with the versions that decide what an address means."""
        values: dict[str, Any] = asdict(self)
        values["cells"] = [asdict(each) for each in self.cells]
        values["shard"] = list(self.shard)
        values["tasks"] = {each.task: each.family.version for each in self.cells}
        values["verienv"] = verienv.__version__
        return values

    @property
    def digest(self) -> str:
        """sha256 of everything that decides the rows."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()


def plan(
    what: str,
    levels: str | Sequence[int] | None = None,
    *,
    count: int,
    overrides: Mapping[str, object] | None = None,
    **settings: Any,
) -> Plan:
    """The plan for a task at some levels (all of them by default), or for a recipe.

    `overrides` changes knobs of every cell; `settings` are Plan's other fields. A recipe is mixed unless an order is
    given. Raises UnknownName for what is neither a task nor a recipe, KnobError, UsageError.
    """
    if what in registry.names():
        family = registry.load(what)
        chosen = mixture.read_levels(levels, len(family.levels), what)
        cells = [mixture.cell(what, level, overrides) for level in chosen]
    else:
        if what not in recipe.names() and not recipe.is_path(what):
            raise UnknownName("task or recipe", what, (*registry.names(), *recipe.names()))
        if levels is not None:
            raise UsageError(f"{what!r} is a recipe: it says its levels itself, so none can be given")
        cells = [each.changed(overrides or {}) for each in recipe.load(what).cells]
        settings.setdefault("order", "mixed")
    settings["split"] = address.split_named(settings.get("split", "train"))
    return Plan(mixture.merge(cells), count, **settings)


def _stage(cell: Cell) -> float:
    return float("inf") if cell.level is None else cell.level


def _one_of(kind: str, given: str, known: Sequence[str]) -> None:
    if given not in known:
        raise UnknownName(kind, given, known)
