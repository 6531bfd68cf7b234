"""Recipes: what to train on and what to pay for, in one TOML file whose every word is checked when it is loaded.

    title = "…"   doc = "…"   source = "…"
    [[mix]]         task = "sat"   levels = "0:3"   weight = 1   knobs = { most = 4 }
    [reward]        score = 1.0                  # term = weight; [reward.sat] holds one task's own
                    format = [[0, 0.5], [50, 0]] # a weight that moves: steps and weights, straight lines between them
    [curriculum]    kind = "promotion"   epsilon = 0.5   by = "level"
    [train]         steps = 100   group = 8   algorithm = "dapo"

A `[[mix]]` shares its weight evenly among its levels. The curriculum's stages are what `by` says: level, task, modality
or cell; by default the levels, or the cells where one has no level. In a checkout recipes are read from tasks/recipes,
from the wheel otherwise.
"""

from __future__ import annotations

import itertools
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from verienv import curriculum, mixture, registry, reward
from verienv.curriculum import Schedule
from verienv.errors import UnknownName, UsageError
from verienv.grpo import presets, schedule, settings
from verienv.mixture import Cell
from verienv.reward import RewardFunction

Table = Mapping[str, Any]

KEYS: Final = ("title", "doc", "source", "mix", "reward", "curriculum", "train")
TABLES: Final = ("reward", "curriculum", "train")
MIX: Final = ("task", "levels", "weight", "knobs")
BY: Final = ("level", "task", "modality", "cell")
# What a [train] table may say, and what it means; the loop's settings and the algorithm's axes declare their own.
TRAIN: Final[Mapping[str, tuple[type, str]]] = {
    "algorithm": (str, "the preset: grpo, dapo, dr_grpo, rloo, gspo, cispo or reinforce_pp"),
    "epochs": (int, "passes over the pool, where no steps are given"),
    **settings.KEYS,
    **presets.KEYS,
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """A checked recipe. `stages` are the cells, in the groups that the curriculum weighs."""

    name: str
    title: str
    doc: str
    source: str
    cells: tuple[Cell, ...]
    stages: tuple[tuple[Cell, ...], ...]
    reward: Table
    curriculum: Schedule
    train: Table

    @property
    def tasks(self) -> tuple[str, ...]:
        """The names of its tasks, each once."""
        return tuple(dict.fromkeys(each.task for each in self.cells))

    @property
    def moving(self) -> bool:
        """Whether a weight of the reward moves with the step."""
        tables = [each for each in self.reward.values() if isinstance(each, Mapping)]
        return any(isinstance(each, list) for table in (self.reward, *tables) for each in table.values())

    def reward_of(self, task: str, step: int = 0) -> RewardFunction:
        """The reward function of one of its tasks, with the weights of a training step."""
        return RewardFunction(registry.load(task), weights_of(self.reward, task, step))

    def highest(self, task: str, step: int = 0) -> float:
        """The most that a task's reward can be: all terms of positive weight full, all others 0."""
        return math.fsum(weight for weight in weights_of(self.reward, task, step).values() if weight > 0)

    def stage_of(self, label: str) -> int:
        """The stage of the cell with that label. Raises UnknownName."""
        of = {cell.label: at for at, stage in enumerate(self.stages) for cell in stage}
        if label not in of:
            raise UnknownName("cell", label, of)
        return of[label]


def names() -> tuple[str, ...]:
    """The recipes that ship with verienv, sorted."""
    return tuple(sorted(path.stem for path in folder().glob("*.toml")))


def folder() -> Path:
    """Where recipes lie: in the wheel beside this file, in a checkout in tasks/recipes."""
    here = Path(__file__).parent
    shipped = here / "_recipes"
    return shipped if shipped.is_dir() else here.parent / "tasks" / "recipes"


def is_path(name: str) -> bool:
    """Whether a name means a file of the user's own."""
    return name.endswith(".toml")


def load(name: str, changes: Mapping[str, str] = MappingProxyType({})) -> Recipe:
    """The recipe of that name, or of that file when it ends in .toml; see `parse`. Raises UnknownName, UsageError."""
    if is_path(name):
        path = Path(name)
    elif name in names():
        path = folder() / f"{name}.toml"
    else:
        raise UnknownName("recipe", name, names())
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the recipe {path}: {error}") from error
    return parse(text, path.stem, changes)


def parse(text: str, name: str = "recipe", changes: Mapping[str, str] = MappingProxyType({})) -> Recipe:
    """A recipe from TOML. Every error says which key is wrong and, for a name, the nearest right one.

    `changes` puts other values in its tables: {"train.steps": "50", "curriculum.kind": "uniform"}; an empty text takes
    the key away, so that the default or the preset holds.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"recipe {name}: not TOML: {error}") from error
    for key, value in changes.items():
        _change(name, values, key, value)
    for key in values:
        _known(name, "key", key, KEYS)
    mixes = values.get("mix", [])
    if not isinstance(mixes, list) or not mixes:
        raise UsageError(f"recipe {name}: needs at least one [[mix]]")
    cells = mixture.merge([cell for each in mixes for cell in _cells(name, each)])
    climb = dict(_table(name, values, "curriculum"))
    stages = _stages(name, cells, climb.pop("by", None))
    weights = _table(name, values, "reward") or {"score": 1.0}
    _check_reward(name, weights, cells)
    if climb.get("kind", "fixed") in curriculum.BY_SHARE and not {"shares", "stage"} & set(climb):
        climb["shares"] = [sum(cell.weight for cell in stage) for stage in stages]
    return Recipe(
        name=name,
        title=_text(name, values, "title"),
        doc=_text(name, values, "doc"),
        source=_text(name, values, "source"),
        cells=cells,
        stages=stages,
        reward=weights,
        curriculum=curriculum.build(climb, len(stages)),
        train=_train(name, _table(name, values, "train"), weights, cells),
    )


def _change(name: str, values: dict[str, Any], key: str, text: str) -> None:
    """Put what `text` writes (TOML, or plain text) in the place that `key` names; nothing takes the key away."""
    table, *path = key.split(".")
    _known(name, "table to change", table, TABLES)
    if not path or not all(path):
        raise UsageError(f"recipe {name}: a change is written {table}.key=value, not {key!r}")
    held: Any = values.setdefault(table, {})
    for each in path[:-1]:
        held = held.setdefault(each, {}) if isinstance(held, dict) else None
    if not isinstance(held, dict):
        raise UsageError(f"recipe {name}: {key} is no place in its [{table}]")
    if not text:
        held.pop(path[-1], None)
        return
    try:
        read = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        read = {}
    held[path[-1]] = read["value"] if len(read) == 1 else text


def weights_of(weights: Table, task: str, step: int = 0) -> dict[str, float]:
    """The terms and weights that hold for a task: its own table where there is one, else the common ones.

    A weight that moves has the value of the training step `step`.
    """
    return {term: _at(weight, step) for term, weight in _held(weights, task).items()}


def _held(weights: Table, task: str) -> Table:
    """As the recipe wrote them."""
    own = weights.get(task)
    if isinstance(own, Mapping):
        return own
    return {term: weight for term, weight in weights.items() if not isinstance(weight, Mapping)}


def _at(weight: Any, step: int) -> float:
    """A weight at a step: on straight lines between its points, and as at the nearest one outside them."""
    if not isinstance(weight, list):
        return float(weight)
    for (start, low), (end, high) in itertools.pairwise(weight):
        if start <= step < end:
            return float(low + (high - low) * (step - start) / (end - start))
    return float(weight[0][1] if step < weight[0][0] else weight[-1][1])


def _cells(name: str, mix: object) -> list[Cell]:
    if not isinstance(mix, dict):
        raise UsageError(f"recipe {name}: mix is written as [[mix]] tables")
    for key in mix:
        _known(name, "key of [[mix]]", key, MIX)
    task = mix.get("task")
    if not isinstance(task, str):
        raise UsageError(f'recipe {name}: a [[mix]] needs task = "…"')
    family = registry.load(task)
    weight, knobs, levels = mix.get("weight", 1.0), mix.get("knobs", {}), mix.get("levels")
    if type(weight) not in (int, float) or not weight > 0:
        raise UsageError(f"recipe {name}: weight = {weight!r} of {task}: a positive number")
    if not isinstance(knobs, dict):
        raise UsageError(f"recipe {name}: knobs of {task} are a table, like knobs = {{ n = 3 }}")
    if levels is None and knobs:
        return [mixture.cell(task, None, knobs, float(weight))]
    if isinstance(levels, int):
        levels = [levels]
    if not (levels is None or isinstance(levels, (str, list))):
        raise UsageError(f'recipe {name}: levels = {levels!r} of {task}: a number, a list of numbers, or "0:3"')
    chosen = mixture.read_levels(levels, len(family.levels), task)
    return [mixture.cell(task, level, knobs, weight / len(chosen)) for level in chosen]


def _stages(name: str, cells: tuple[Cell, ...], by: object) -> tuple[tuple[Cell, ...], ...]:
    """The cells in groups: levels in their order, text before pictures, tasks and cells as the recipe names them."""
    graded = all(cell.level is not None for cell in cells)
    if by is None:
        by = "level" if graded else "cell"
    _known(name, "curriculum by", str(by), BY)
    if by == "level" and not graded:
        raise UsageError(f'recipe {name}: curriculum by = "level", but a [[mix]] spells its knobs out without levels')
    keys: list[Any] = list(cells)
    if by == "level":
        keys = [cell.level for cell in cells]
    elif by == "task":
        keys = [cell.task for cell in cells]
    elif by == "modality":
        keys = [_shows_pictures(cell) for cell in cells]
    order = sorted(set(keys)) if by in ("level", "modality") else list(dict.fromkeys(keys))
    return tuple(tuple(cell for cell, of in zip(cells, keys, strict=True) if of == key) for key in order)


def _shows_pictures(cell: Cell) -> bool:
    return any(not isinstance(part, str) for part in cell.instance(0, 0, "train").prompt)


def _check_reward(name: str, weights: Table, cells: tuple[Cell, ...]) -> None:
    tasks = list(dict.fromkeys(cell.task for cell in cells))
    common = {term for term, weight in weights.items() if not isinstance(weight, Mapping)}
    for term in weights.keys() - common:
        _known(name, "task in [reward]", term, tasks)
    for task in tasks:
        held = _held(weights, task)
        if not held:
            raise UsageError(f"recipe {name}: [reward] has no term for {task}")
        for term, weight in held.items():
            _known(name, f"reward term of {task}", term, reward.term_names(registry.load(task)))
            if not (_is_number(weight) or _are_points(weight)):
                raise UsageError(
                    f"recipe {name}: reward {term} = {weight!r}: a number, or a weight that moves as a list of "
                    "[step, weight], the steps rising"
                )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _are_points(value: object) -> bool:
    """A list of [step, weight], steps rising from 0 or more."""
    if not isinstance(value, list) or not value:
        return False
    if not all(isinstance(each, list) and len(each) == 2 and all(map(_is_number, each)) for each in value):
        return False
    return value[0][0] >= 0 and all(before[0] < after[0] for before, after in itertools.pairwise(value))


def _train(name: str, values: Table, weights: Table, cells: tuple[Cell, ...]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key, value in values.items():
        _known(name, "key of [train]", key, TRAIN)
        kind, meaning = TRAIN[key]
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise UsageError(f"recipe {name}: train.{key} = {value!r}: needs {kind.__name__} ({meaning})")
        read[key] = value
    algorithm = presets.of(read)
    _known(name, "learning-rate schedule", settings.of(read).schedule, schedule.names())
    if algorithm.difficulty != "none" and algorithm.difficulty_term != "score":
        for task in dict.fromkeys(cell.task for cell in cells):
            _known(
                name,
                f"term of {task} in [reward], for difficulty_term",
                algorithm.difficulty_term,
                weights_of(weights, task),
            )
    return read


def _table(name: str, values: Table, key: str) -> Table:
    table = values.get(key, {})
    if not isinstance(table, dict):
        raise UsageError(f"recipe {name}: {key} is written as a [{key}] table")
    return table


def _text(name: str, values: Table, key: str) -> str:
    text = values.get(key, "")
    if not isinstance(text, str):
        raise UsageError(f"recipe {name}: {key} = {text!r}: a text")
    return text


def _known(name: str, kind: str, given: str, known: Any) -> None:
    if given not in known:
        raise UnknownName(f"{kind} in recipe {name}" if " in " not in kind else kind, given, known)
