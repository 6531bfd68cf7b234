"""Drawing: the rows of a plan in order, duplicates left out and made up for, from any point on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Protocol, Self, TypeVar

from verienv.dataset import row as rows_of
from verienv.dataset.dedupe import Seen
from verienv.dataset.plans import Plan
from verienv.dataset.row import Row
from verienv.errors import GenerationError

FRUITLESS, PER_DISTINCT, AT_MOST = 1_000, 20, 100_000
"""A cell is given up after FRUITLESS draws in a row (and PER_DISTINCT for each distinct problem) that gave nothing new.

With d equally likely problems, 20 d draws miss one of them with probability 2e-9.
"""
FAILED = 100
"""How many fruitless draws an instance counts for that could not be drawn at all."""


class Keyed(Protocol):
    """A row, or what it will be written as."""

    @property
    def key(self) -> int:
        """The first 64 bits of its problem's digest."""


R = TypeVar("R", bound=Keyed)
R_co = TypeVar("R_co", bound=Keyed, covariant=True)


class Source(Protocol[R_co]):
    """Where candidates come from: each call gives the cell's next one, None where none could be drawn."""

    def take(self, cell: int) -> R_co | None:
        """The next candidate of that cell."""


@dataclass(slots=True)
class Progress:
    """How far a draw has come; drawing on from here gives what an uninterrupted draw would have given."""

    slots: int
    next: list[int]
    kept: list[int]
    fruitless: list[int]
    spent: list[bool]
    duplicates: int = 0
    failed: int = 0

    @classmethod
    def start(cls, plan: Plan) -> Self:
        """Nothing drawn yet."""
        cells = len(plan.cells)
        return cls(0, plan.starts(), [0] * cells, [0] * cells, [False] * cells)

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


def rows(plan: Plan) -> Iterator[Row]:
    """The rows of a plan, in order: a pure function of the plan. Sorted plans hold the drawn rows in memory."""
    progress = Progress.start(plan)
    drawn = draw(plan, Serial(plan, progress), Seen(), progress)
    if plan.sorted_by is None:
        return drawn
    return iter(sorted(drawn, key=lambda row: sort_key(row, plan)))


def draw(plan: Plan, source: Source[R], seen: Seen, progress: Progress) -> Iterator[R]:
    """The rows from `progress` on, which is kept up to date; `seen` holds the rows before.

    A shard does not make up for its duplicates: what it would draw for them belongs to no shard.
    """
    refill = plan.shard[1] == 1
    for cell in islice(plan.shard_slots(), progress.slots, None):
        progress.slots += 1
        while not progress.spent[cell]:
            row = source.take(cell)
            progress.next[cell] += 1
            if row is not None and seen.add(row.key):
                progress.kept[cell] += 1
                progress.fruitless[cell] = 0
                yield row
                break
            if row is None:
                progress.failed += 1
            else:
                progress.duplicates += 1
            progress.fruitless[cell] += FAILED if row is None else 1
            limit = min(AT_MOST, FRUITLESS + PER_DISTINCT * progress.kept[cell])
            progress.spent[cell] = progress.fruitless[cell] >= limit
            if not refill:
                break


@dataclass(slots=True)
class Serial:
    """Candidates drawn one by one, in this process."""

    plan: Plan
    progress: Progress

    def take(self, cell: int) -> Row | None:
        """The cell's next candidate."""
        return candidate(self.plan, cell, self.progress.next[cell])


def candidate(plan: Plan, cell: int, index: int) -> Row | None:
    """The row of a cell's instance of that index; None when no problem could be drawn for it."""
    chosen = plan.cells[cell]
    try:
        instance = chosen.instance(plan.seed, index, plan.split)
    except GenerationError:
        return None
    return rows_of.of(instance, chosen, oracle=plan.oracle, image=plan.image)


@lru_cache(maxsize=32)
def pictured(plan: Plan) -> bool:
    """Whether the first problems of any cell have pictures: then every part is laid out for pictures."""
    firsts = (candidate(plan, cell, index) for cell in range(len(plan.cells)) for index in range(2))
    return any(row is not None and bool(row.images) for row in firsts)


def sort_key(row: Row, plan: Plan) -> tuple[bool, float]:
    """What a sorted plan sorts a row by: its measure, rows without one last."""
    value = row.difficulty.get(plan.sorted_by or "")
    if isinstance(value, (int, float)):
        return False, float(value)
    return True, 0.0
