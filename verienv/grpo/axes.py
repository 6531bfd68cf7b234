"""The axes of the algorithm, and what can be chosen on each by name.

Third parties add advantages and objectives in packages of their own:

    [project.entry-points."verienv.advantages"]
    mine = "my_package.rl:advantage"          # (rewards, scorable, lengths) -> advantages: see advantage.py

    [project.entry-points."verienv.objectives"]
    mine = "my_package.rl:objective"          # (log_ratio, logp, advantages, mask) -> loss [B, T]: see objective.py

A keyword-only parameter of such a function is filled from the recipe's key of that name, where Algorithm has one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from verienv import plugins
from verienv.grpo import advantage, aggregate, correction, emphasis, filters, kl, objective, ratio, shaping


class Axis(NamedTuple):
    """What it is called in messages, the built-in choices, and the entry-point group of further ones ("": none)."""

    kind: str
    choices: Mapping[str, Any]
    group: str = ""


AXES: Final[Mapping[str, Axis]] = {
    "advantage": Axis("advantage", advantage.ADVANTAGES, "verienv.advantages"),
    "ratio": Axis("ratio level", ratio.LEVELS),
    "objective": Axis("objective", objective.OBJECTIVES, "verienv.objectives"),
    "loss": Axis("way to average the loss", aggregate.AGGREGATES),
    "kl_estimator": Axis("KL estimator", kl.ESTIMATORS),
    "kl_place": Axis("place of the KL", {"loss": "a term of the loss", "reward": "taken off the reward"}),
    "kl_factor": Axis("KL factor", emphasis.KL_FACTORS),
    "difficulty": Axis("difficulty weight", emphasis.DIFFICULTY),
    "shaping": Axis("shaping of a group's rewards", shaping.SHAPING),
    "correction": Axis("correction for the sampler", correction.CORRECTIONS),
    "zero_spread": Axis("way with groups without spread", filters.ZERO_SPREAD),
    "overlong": Axis("way with replies cut off", filters.OVERLONG),
}


def names(axis: str) -> tuple[str, ...]:
    """What can be chosen on an axis, third parties' too."""
    _, choices, group = AXES[axis]
    return plugins.names(group, choices) if group else tuple(sorted(choices))


def load(axis: str, name: str) -> Any:
    """The function of that name (for kl_place, zero_spread and overlong: what the word means). Raises UnknownName."""
    kind, choices, group = AXES[axis]
    return plugins.load(group, choices, kind, name)


def parameters(axis: str, name: str) -> tuple[str, ...]:
    """The names of a function's keyword-only parameters: the recipe's numbers that it reads."""
    function = load(axis, name)
    if not callable(function) or isinstance(function, aggregate.Aggregate):
        return ()
    signature = inspect.signature(function).parameters.values()
    return tuple(each.name for each in signature if each.kind is each.KEYWORD_ONLY)


def bind(axis: str, name: str, numbers: Mapping[str, Any]) -> Callable[..., Any]:
    """The function with those of the numbers that it reads."""
    read = {each: numbers[each] for each in parameters(axis, name) if each in numbers}
    return partial(load(axis, name), **read)
