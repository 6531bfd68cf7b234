"""SkyRL-gym: one environment for every task, and the rows that name it.

    skyrl_gym.register(id="verienv", entry_point="verienv.adapters.skyrl:Env")
    verienv.adapters.skyrl.rows("sat", "0:3", count=1000)           # to be written as parquet or JSONL

A row's `reward_spec.ground_truth` is its spec, and `reward_spec.reward` what is paid (a recipe, or JSON of weights).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from verienv import chat, dataset, episode
from verienv.adapters import specs
from verienv.adapters.specs import MissingPeer
from verienv.episode import Episode
from verienv.errors import StepError
from verienv.reward import Reward

try:
    from skyrl_gym.envs.base_text_env import BaseTextEnv, BaseTextEnvStepOutput
except ImportError as absent:
    raise MissingPeer("skyrl-gym", "skyrl-gym>=0.4") from absent

ID = "verienv"


class Env(BaseTextEnv):
    """One episode. SkyRL-gym's prompts are text: what a picture task shows cannot be said in it."""

    def __init__(self, env_config: Any = None, extras: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        given = (extras or {})["reward_spec"]
        self._spec: str = given["ground_truth"]
        self._paid = specs.rewards(given.get("reward"))
        instance = specs.instance(self._spec)
        self.max_turns = int(getattr(instance.task, "max_steps", 1))
        self._episode: Episode = episode.begin(instance)
        self._earned: Reward | None = None

    def step(self, action: str) -> BaseTextEnvStepOutput:
        """Reply. Reward 0 until the end. Raises StepError after it, ContractError for a bug of a task."""
        if self._episode.done:
            raise StepError(f"{self._episode.address} is over")
        self.turns += 1
        after = self._episode = self._episode.step(action)
        seen, reward, told = [], 0.0, {"address": after.address}
        if after.score is None:
            seen = [{"role": "user", "content": chat.text_only(after.prompt)}]
        else:
            replies = after.replies[0] if len(after.replies) == 1 else list(after.replies)
            self._earned = self._paid(self._spec, replies)
            reward, told = self._earned.value, told | {"reason": after.score.reason}
        return BaseTextEnvStepOutput(
            observations=seen, reward=reward, done=after.done, metadata=told, postprocessed_action=None
        )

    def get_metrics(self) -> dict[str, float]:
        """The terms and the strict score of a finished episode."""
        if self._earned is None:
            return {}
        score = self._earned.score
        terms = self._paid.columns(self._spec, self._earned)
        told = {"score": score.value, "readable": float(score.readable)}
        return told | {f"term/{name}": value for name, value in terms.items()}


def rows(
    source: str, levels: str | None = None, *, count: int, reward: str | Mapping[str, Any] | None = None, **plan: Any
) -> Iterator[dict[str, Any]]:
    """Rows of a task or recipe; `plan` are Plan's other fields (seed, split, …). Raises UsageError and its kin."""
    drawn = dataset.plan(source, levels, count=count, oracle=False, **plan)
    paid = json.dumps(reward) if isinstance(reward, Mapping) else reward
    for row in dataset.rows(drawn):
        yield {
            "data_source": f"verienv/{row.task}",
            "prompt": [dict(message) for message in row.messages],
            "env_class": ID,
            "reward_spec": {"method": "rule", "ground_truth": row.spec, "reward": paid},
            "extra_info": {"address": row.address, "level": row.level, "split": row.split, "index": row.index},
        }
