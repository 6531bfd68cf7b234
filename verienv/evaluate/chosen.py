"""Which problems a model is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from verienv import dataset, recipe, registry
from verienv.dataset import reading
from verienv.errors import UnknownName, UsageError


def problems(
    sources: Sequence[str],
    levels: str | None = None,
    *,
    count: int = 50,
    seed: int = 0,
    split: str = "test",
    overrides: Mapping[str, object] | None = None,
) -> list[str]:
    """Addresses: `count` of each level of each task, of each mixture of a recipe, or a finished data set's own.

    No problem twice. Raises UnknownName, UsageError, GenerationError.
    """
    found: dict[str, None] = {}
    for source in sources:
        if source in registry.names():
            for level in _levels(source, levels):
                settings: dict[str, Any] = {"count": count, "seed": seed, "split": split, "oracle": False}
                plan = dataset.plan(source, [level], overrides=overrides, **settings)
                found |= dict.fromkeys(row.address for row in dataset.rows(plan))
        elif Path(source).is_dir():
            if levels is not None or overrides:
                raise UsageError(f"{source} is a data set: it holds its problems itself, so no level or knob is chosen")
            found |= dict.fromkeys(reading.spec(record)[0] for record in dataset.read(source))
        elif source in recipe.names() or recipe.is_path(source):
            plan = dataset.plan(source, levels, count=count, seed=seed, split=split, oracle=False, overrides=overrides)
            found |= dict.fromkeys(row.address for row in dataset.rows(plan))
        else:
            raise UnknownName("task, recipe or data set", source, (*registry.names(), *recipe.names()))
    return list(found)


def _levels(task: str, levels: str | None) -> list[int]:
    from verienv import mixture

    return mixture.read_levels(levels, len(registry.load(task).levels), task)
