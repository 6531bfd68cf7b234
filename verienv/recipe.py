"""Recipes: what to train on and what to pay for, in one TOML file whose every word is checked when it is loaded.

    title = "…"   doc = "…"   source = "…"
    [[mix]]         task = "sat"   levels = "0:3"   weight = 1   knobs = { most = 4 }
    [reward]        score = 1.0                  # term = weight; [reward.sat] holds one task's own
    [curriculum]    kind = "promotion"   epsilon = 0.5
    [train]         steps = 100   group = 8

A `[[mix]]` shares its weight evenly among its levels. In a checkout recipes are read from tasks/recipes, from the
wheel otherwise.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from verienv import curriculum, mixture, registry, reward
from verienv.curriculum import Schedule
from verienv.errors import UnknownName, UsageError
from verienv.mixture import Cell
from verienv.reward import RewardFunction

Table = Mapping[str, Any]

KEYS: Final = ("title", "doc", "source", "mix", "reward", "curriculum", "train")
MIX: Final = ("task", "levels", "weight", "knobs")
TRAIN: Final[Mapping[str, tuple[type, str]]] = {
    "algorithm": (str, "grpo"),
    "model": (str, "which model"),
    "seed": (int, "of the run"),
    "steps": (int, "optimiser steps"),
    "epochs": (int, "passes over the samples"),
    "prompts": (int, "prompts in a step"),
    "group": (int, "replies to each prompt"),
    "updates": (int, "optimiser steps on each batch of replies"),
    "learning_rate": (float, "at its highest"),
    "schedule": (str, "of the learning rate: constant or linear"),
    "warmup": (int, "steps"),
    "weight_decay": (float, "of AdamW"),
    "clip_gradient": (float, "greatest norm"),
    "clip_low": (float, "the ratio's lower clip"),
    "clip_high": (float, "the ratio's upper clip"),
    "kl": (float, "weight of the KL term"),
    "kl_estimator": (str, "k1, k2 or k3"),
    "advantage": (str, "group_norm: by the group's mean and deviation; mean: by its mean alone"),
    "loss": (str, "token or sequence: what is averaged first"),
    "temperature": (float, "when sampling"),
    "top_p": (float, "when sampling"),
    "top_k": (int, "when sampling"),
    "max_prompt": (int, "tokens"),
    "max_reply": (int, "tokens"),
    "sft_steps": (int, "supervised steps on oracle replies first"),
    "save_every": (int, "steps between checkpoints"),
    "validate": (int, "problems in a validation"),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """A checked recipe. `stages` are the cells by difficulty: those of one level together, or one by one."""

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

    def reward_of(self, task: str) -> RewardFunction:
        """The reward function of one of its tasks."""
        return RewardFunction(registry.load(task), weights_of(self.reward, task))


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


def load(name: str) -> Recipe:
    """The recipe of that name, or of that file when it ends in .toml. Raises UnknownName, UsageError."""
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
    return parse(text, path.stem)


def parse(text: str, name: str = "recipe") -> Recipe:
    """A recipe from TOML. Every error says which key is wrong and, for a name, the nearest right one."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"recipe {name}: not TOML: {error}") from error
    for key in values:
        _known(name, "key", key, KEYS)
    mixes = values.get("mix", [])
    if not isinstance(mixes, list) or not mixes:
        raise UsageError(f"recipe {name}: needs at least one [[mix]]")
    cells = mixture.merge([cell for each in mixes for cell in _cells(name, each)])
    stages = _stages(cells)
    weights = _table(name, values, "reward") or {"score": 1.0}
    _check_reward(name, weights, cells)
    settings = dict(_table(name, values, "curriculum"))
    if settings.get("kind", "fixed") == "fixed" and not {"shares", "stage"} & set(settings):
        settings["shares"] = [sum(cell.weight for cell in stage) for stage in stages]
    return Recipe(
        name=name,
        title=_text(name, values, "title"),
        doc=_text(name, values, "doc"),
        source=_text(name, values, "source"),
        cells=cells,
        stages=stages,
        reward=weights,
        curriculum=curriculum.build(settings, len(stages)),
        train=_train(name, _table(name, values, "train")),
    )


def weights_of(weights: Table, task: str) -> dict[str, float]:
    """The terms and weights that hold for a task: its own table where there is one, else the common ones."""
    own = weights.get(task)
    if isinstance(own, Mapping):
        return dict(own)
    return {term: weight for term, weight in weights.items() if not isinstance(weight, Mapping)}


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


def _stages(cells: tuple[Cell, ...]) -> tuple[tuple[Cell, ...], ...]:
    if any(cell.level is None for cell in cells):
        return tuple((cell,) for cell in cells)
    levels = sorted({cell.level for cell in cells if cell.level is not None})
    return tuple(tuple(cell for cell in cells if cell.level == level) for level in levels)


def _check_reward(name: str, weights: Table, cells: tuple[Cell, ...]) -> None:
    tasks = list(dict.fromkeys(cell.task for cell in cells))
    common = {term for term, weight in weights.items() if not isinstance(weight, Mapping)}
    for term in weights.keys() - common:
        _known(name, "task in [reward]", term, tasks)
    for task in tasks:
        held = weights_of(weights, task)
        if not held:
            raise UsageError(f"recipe {name}: [reward] has no term for {task}")
        for term, weight in held.items():
            _known(name, f"reward term of {task}", term, reward.term_names(registry.load(task)))
            if type(weight) not in (int, float) or weight - weight != 0:
                raise UsageError(f"recipe {name}: reward {term} = {weight!r}: a number")


def _train(name: str, values: Table) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key, value in values.items():
        _known(name, "key of [train]", key, TRAIN)
        kind, meaning = TRAIN[key]
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise UsageError(f"recipe {name}: train.{key} = {value!r}: needs {kind.__name__} ({meaning})")
        read[key] = value
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
