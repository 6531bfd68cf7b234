"""The one contract under every adapter: a row's `spec`, a JSON text, and a reply give a score and a reward.

A framework carries the spec as a column and hands it back beside what the model wrote. Two kinds of spec are read:
`{"address": …, "digest": …}`, which `verienv generate` writes, and that of a problem read from a file
(`verienv.files`). Everything here is pure and may be called from any thread or process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from verienv import files, recipe, registry
from verienv.errors import UsageError, VerienvError
from verienv.reward import Reward, RewardFunction
from verienv.score import Score
from verienv.task import Instance, Task

KEPT: Final = 256
"""Instances kept from one call to the next: a group's replies, and a batch's, share theirs."""

Weights = Mapping[str, Any]
"""term → weight; a table under a task's name holds for that task alone, as in a recipe's [reward]."""


class MissingPeer(VerienvError, ImportError):
    """Somebody else's package is absent; the message holds the line that installs it."""

    def __init__(self, package: str, requirement: str) -> None:
        super().__init__(f'this adapter needs {package!r}. Install it with:  pip install "{requirement}"')
        self.package, self.requirement = package, requirement

    def __reduce__(self) -> tuple[object, ...]:
        """So that a worker process can raise it."""
        return type(self), (self.package, self.requirement)


def of(instance: Instance[Any]) -> str:
    """The spec of a generated instance, as data sets hold it."""
    return json.dumps({"address": instance.address, "digest": instance.digest})


def instance(spec: str) -> Instance[Any]:
    """The problem of a row. Raises UsageError for what is no spec, or means another problem than it did."""
    if not isinstance(spec, str):
        raise UsageError(f"a spec is the JSON text of a row, not a {type(spec).__name__}")
    return _instance(spec)


def score(spec: str, reply: object) -> Score:
    """The strict verdict on a reply: a text, or a game's list of texts. Raises UsageError, ContractError."""
    found = instance(spec)
    return found.task.score(found, reply)


def rewards(weights: Weights | str | None = None) -> Rewards:
    """Rewards, made once for each set of weights; a text is a recipe's name or file, or a JSON object of weights."""
    given = weights if isinstance(weights, str | None) else json.dumps({**weights}, default=dict)
    return _rewards(given or "")


class Rewards:
    """What each task's replies earn: by term → weight, by a recipe's [reward] (its name or file), or by the score.

    Raises UnknownName, UsageError for weights that cannot be; those of a task that was not named, when it is met.
    """

    def __init__(self, weights: Weights | str | None = None) -> None:
        given = recipe.load(weights).reward if isinstance(weights, str) else weights
        self.weights: Weights = {"score": 1.0} if given is None else dict(given)
        self._functions: dict[str, RewardFunction] = {}
        for name, inner in self.weights.items():
            if isinstance(inner, Mapping):
                self.of(registry.load(name))

    def of(self, task: Task[Any, Any, Any]) -> RewardFunction:
        """The reward function of a task."""
        found = self._functions.get(task.name)
        if found is None:
            weights = recipe.weights_of(self.weights, task.name)
            found = RewardFunction(task, weights)
            self._functions[task.name] = found
        return found

    def __call__(self, spec: str, reply: object) -> Reward:
        """The reward of a reply. Raises UsageError for a bad spec or weight, ContractError for a bug in a task."""
        found = instance(spec)
        return self.of(found.task)(found, reply)  # type: ignore[arg-type]  # whatever it is, it is scored

    def columns(self, spec: str, earned: Reward) -> dict[str, float]:
        """The terms of an attempt by name, with the same names for every task.

        A term in a task's own table is called "task:term" and is 0 for the other tasks; so is, for a task with a table
        of its own, every common term.
        """
        name = instance(spec).task.name
        own = isinstance(self.weights.get(name), Mapping)
        told: dict[str, float] = {}
        for term, weight in self.weights.items():
            if isinstance(weight, Mapping):
                told |= {f"{term}:{each}": earned.terms[each] if term == name else 0.0 for each in weight}
            else:
                told[term] = 0.0 if own else earned.terms[term]
        return told


@lru_cache(maxsize=32)
def _rewards(given: str) -> Rewards:
    if not given.lstrip().startswith("{"):
        return Rewards(given or None)
    try:
        weights = json.loads(given)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"reward weights are a JSON object of term and weight: {error!s:.200}") from None
    return Rewards(weights)


@lru_cache(maxsize=KEPT)
def _instance(spec: str) -> Instance[Any]:
    try:
        held = json.loads(spec) if len(spec) <= files.MAX_SPEC else None
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, dict) or "address" not in held:
        return files.instance(spec)
    found = registry.instance(held["address"])
    if held.get("digest", found.digest) != found.digest:
        raise UsageError(f"{found.address} means another problem now than when its row was made")
    return found
