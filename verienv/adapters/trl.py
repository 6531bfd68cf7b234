"""TRL's GRPOTrainer: a reward function for each term, so that each is logged by name, and games as environments.

    functions, weights = trl.rewards({"score": 1.0, "format": 0.1})            # or a recipe: trl.rewards("saturn-7b")
    GRPOTrainer(model, functions, GRPOConfig(reward_weights=weights, …), train_dataset=load_dataset("data/sat"))

The rows are those of `verienv generate --format trl`; of their columns only `spec` is read. Made for TRL 1.x.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from verienv import episode
from verienv.adapters import specs
from verienv.adapters.specs import Rewards, Weights
from verienv.episode import Episode
from verienv.errors import ContractError
from verienv.reward import Reward
from verienv.task import Part

Function = Callable[..., list[float | None]]
Block = dict[str, Any]

log = logging.getLogger(__name__)


def rewards(weights: Weights | str | None = None) -> tuple[list[Function], list[float]]:
    """Functions for `reward_funcs` and their weights for `reward_weights`, one for each term.

    A term in a task's own table is called "task:term" and gives None for the rows of other tasks. An attempt on which a
    task itself fails gives None everywhere, is logged, and counted in the metric `verienv/broken`.
    Raises UnknownName, UsageError.
    """
    paid = Rewards(weights)
    batch = _Batch(paid)
    functions: list[Function] = []
    amounts: list[float] = []
    for name, weight in paid.weights.items():
        if isinstance(weight, Mapping):
            functions += [_term(batch, term, name) for term in weight]
            amounts += [float(each) for each in weight.values()]
        else:
            functions.append(_term(batch, name, None, first=not functions))
            amounts.append(float(weight))
    return functions, amounts


class Environment:
    """For `environment_factory`: an episode that the model plays by calling the tool `play`, one reply a call.

    The rewards stay with the functions of `rewards`, which look at the replies that were played.
    """

    def __init__(self) -> None:
        self._spec = ""
        self._episode: Episode | None = None
        self._bug: ContractError | None = None

    def reset(self, spec: str, prompt: object = None, **row: object) -> str | list[Block] | None:
        """Begin the row's episode. What the player sees is given back only where the row has no prompt of its own."""
        self._spec, self._bug = spec, None
        self._episode = episode.begin(specs.instance(spec))
        return None if prompt else _content(self._episode.prompt)

    def play(self, reply: str) -> str | list[Block]:
        """
        Play one move and see what comes of it.

        Args:
            reply: The whole reply that the task asks for, with the move between its answer tags.

        Returns:
            What is to be seen after the move, or that the episode is over.
        """
        if self._episode is None or self._episode.done:
            return "The episode is over."
        try:
            self._episode = self._episode.step(reply)
        except ContractError as bug:  # the trainer turns what a tool raises into text: keep it for the rewards
            self._bug = bug
            raise
        return "The episode is over." if self._episode.done else _content(self._episode.prompt)


def _played(environment: Environment) -> list[str]:
    """The replies of an episode so far. Raises ContractError when the task failed on one of them."""
    if environment._bug is not None:
        raise environment._bug
    return [] if environment._episode is None else list(environment._episode.replies)


class _Batch:
    """The rewards of the batch seen last: every term's function is called with the same one."""

    def __init__(self, paid: Rewards) -> None:
        self._paid = paid
        self._last: tuple[Sequence[Any], Sequence[str]] | None = None
        self._earned: list[Reward | None] = []

    def __call__(
        self, completions: Sequence[Any], spec: Sequence[str], environments: Sequence[Environment] | None
    ) -> list[Reward | None]:
        if self._last is None or self._last[0] is not completions or self._last[1] is not spec:
            self._earned = [
                self._one(where, completion, environments[at] if environments else None)
                for at, (where, completion) in enumerate(zip(spec, completions, strict=True))
            ]
            self._last = completions, spec
        return self._earned

    def _one(self, spec: str, completion: Any, environment: Environment | None) -> Reward | None:
        try:
            return self._paid(spec, _reply(completion) if environment is None else _played(environment))
        except ContractError as bug:
            log.error("left out of the batch: %s", bug)
            return None


def _term(batch: _Batch, term: str, task: str | None, first: bool = False) -> Function:
    own = {name for name, weight in batch._paid.weights.items() if isinstance(weight, Mapping)}

    def function(
        completions: Sequence[Any],
        spec: Sequence[str],
        environments: Sequence[Environment] | None = None,
        log_metric: Callable[[str, float], None] | None = None,
        **columns: object,
    ) -> list[float | None]:
        earned = batch(completions, spec, environments)
        if first and log_metric is not None:
            log_metric("verienv/broken", float(sum(each is None for each in earned)))
        names = [specs.instance(each).task.name for each in spec]
        return [
            None if reward is None or (name != task if task else name in own) else reward.terms[term]
            for name, reward in zip(names, earned, strict=True)
        ]

    function.__name__ = term if task is None else f"{task}:{term}"
    return function


def _reply(completion: Any) -> str:
    """The text of the last message that is the model's, or a completion that is text already."""
    if isinstance(completion, str):
        return completion
    for message in reversed(completion):
        if message.get("role") == "assistant":
            content = message.get("content")
            if isinstance(content, str):
                return content
            return "".join(part.get("text", "") for part in content or () if part.get("type") == "text")
    return ""


def _content(prompt: Sequence[Part]) -> str | list[Block]:
    """Parts of a prompt as TRL's content: a text, or blocks where there are pictures."""
    if all(isinstance(part, str) for part in prompt):
        return "\n\n".join(map(str, prompt))
    return [
        {"type": "text", "text": part} if isinstance(part, str) else {"type": "image", "image": part} for part in prompt
    ]
