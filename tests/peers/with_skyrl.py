"""SkyRL-gym's own registry and environment loop on our rows."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable
from pathlib import Path

import skyrl_gym

from tests.peers import answers
from verienv.adapters import skyrl, specs


def version() -> str:
    """The version that ran."""
    return importlib.metadata.version("skyrl-gym")


def run(ran: Callable[[str, str], None], scratch: Path) -> None:
    """A question, a recipe's rewards, a game."""
    skyrl_gym.register(id=skyrl.ID, entry_point="verienv.adapters.skyrl:Env")
    for source, reward in (("sat", None), ("saturn-7b", "saturn-7b"), ("stairs", {"score": 1.0, "readable": 0.5})):
        rows = [json.loads(json.dumps(row)) for row in skyrl.rows(source, count=12, reward=reward)]
        turns, metrics, rewards = 0, [], set()
        for at, row in enumerate(rows):
            spec = row["reward_spec"]["ground_truth"]
            instance = specs.instance(spec)
            oracle = answers.right(instance, boxed=source == "saturn-7b")
            replies = [oracle] if isinstance(oracle, str) else list(oracle)
            replies = replies if at % 2 else ["no idea"]
            env = skyrl_gym.make(row["env_class"], env_config={}, extras={**row, "max_turns": 8})
            prompt, _ = env.init(row["prompt"])
            assert prompt == row["prompt"]
            total, done = 0.0, False
            for reply in replies:
                assert not done
                step = env.step(reply)
                total, done, turns = total + step["reward"], step["done"], turns + 1
                assert bool(step["observations"]) is not done
            assert done
            paid = specs.rewards(reward)(spec, replies[0] if isinstance(oracle, str) else replies)
            assert total == paid.value
            rewards.add(total)
            metrics.append(env.get_metrics())
            env.close()
        assert len(rewards) > 1
        told = skyrl.Env.aggregate_metrics(metrics)
        assert 0 < told["score"] < 1
        ran(f"`skyrl_gym.make`, {source}", f"{len(rows)} episodes, {turns} turns; metrics {', '.join(told)}")
