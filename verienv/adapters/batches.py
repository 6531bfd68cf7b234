"""Batches for engines of many machines (Ray Data, Spark, Dask): drawing and scoring as pure functions of columns.

    import ray
    from verienv import dataset
    from verienv.adapters import batches

    plan = dataset.plan("sat", "5", count=1_000_000)
    ray.data.range(plan.count).map_batches(batches.Rows(plan)).write_parquet("s3://…/sat")
    replies.map_batches(batches.score, fn_kwargs={"reward": "saturn-7b"})          # columns spec and response

Nothing here imports an engine. A batch is a mapping of columns; what comes back is one of lists. The functions have no
state, so an engine may run a batch anywhere, again, or twice.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from verienv.adapters import specs
from verienv.dataset import draw
from verienv.dataset.plans import Plan
from verienv.dataset.row import dumps
from verienv.errors import ContractError, UsageError

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows(plan): ids 0 … count − 1 → columns `id`, `address`, `digest`, `line` and `images`.

    Id i is the plan's i-th candidate: `line` is the row as JSON, the very line that `verienv generate --format jsonl`
    writes for a task without pictures; `images` are a picture task's files, whose names no line can know. A candidate
    that cannot be drawn has no row. Duplicates are left to the engine: keep the least id of each digest.
    Raises UsageError for a mixed order, in which no id can be found without the ones before it.
    """

    plan: Plan

    def __post_init__(self) -> None:
        if self.plan.order != "level":
            raise UsageError(f'order={self.plan.order!r}: batches draw a plan of order "level"')

    def __call__(self, batch: Columns) -> dict[str, list[Any]]:
        """The rows of a batch of ids."""
        made: dict[str, list[Any]] = {name: [] for name in ("id", "address", "digest", "line", "images")}
        for each in batch["id"]:
            cell, index = place(self.plan, int(each))
            row = draw.candidate(self.plan, cell, index)
            if row is not None:
                held = (int(each), row.address, row.digest, dumps(row.columns()), list(row.images))
                for name, value in zip(made, held, strict=True):
                    made[name].append(value)
        return made


def score(batch: Columns, reward: str | None = None) -> dict[str, list[Any]]:
    """Columns `spec`, `response` → the same, and `value`, `score`, `readable`, `reason`, `terms` (JSON) and `broken`.

    `reward`: a recipe's name or file, or JSON of term → weight; by default the score. A response that is a JSON array
    of texts plays a game. Where a task itself fails, `broken` says how, and there is no value. Raises UsageError.
    """
    paid = specs.rewards(reward)
    told: dict[str, list[Any]] = {name: list(values) for name, values in batch.items()}
    told |= {name: [] for name in ("value", "score", "readable", "reason", "terms", "broken")}
    for spec, response in zip(told["spec"], told["response"], strict=True):
        try:
            earned = paid(spec, _replies(spec, response))
        except ContractError as bug:
            held: Sequence[Any] = (None, None, None, None, None, str(bug))
        else:
            found = earned.score
            terms = dumps(dict(earned.terms))
            held = (earned.value, found.value, found.readable, found.reason, terms, None)
        for name, value in zip(("value", "score", "readable", "reason", "terms", "broken"), held, strict=True):
            told[name].append(value)
    return told


def place(plan: Plan, number: int) -> tuple[int, int]:
    """The cell and the index of the plan's `number`-th candidate, from 0. Raises UsageError beyond its count."""
    if not 0 <= number < plan.count:
        raise UsageError(f"id {number}: the plan has candidates 0 to {plan.count - 1}")
    quotas = plan.quotas()
    order = sorted(range(len(plan.cells)), key=lambda at: _stage(plan, at))
    ends = list(accumulate(quotas[at] for at in order))
    which = bisect_right(ends, number)
    return order[which], number - (ends[which] - quotas[order[which]])


def _stage(plan: Plan, at: int) -> float:
    level = plan.cells[at].level
    return float("inf") if level is None else level


def _replies(spec: str, response: Any) -> Any:
    from verienv.task import Game

    if isinstance(response, str) and response.startswith("[") and isinstance(specs.instance(spec).task, Game):
        try:
            return json.loads(response)
        except (ValueError, RecursionError):
            return response
    return response
