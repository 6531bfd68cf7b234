"""Stable-Baselines3's own PPO on array views, and a single-file PPO in CleanRL's manner, until both pass blind play."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_checker import check_env
from stable_baselines3.common.vec_env import DummyVecEnv

import verienv
from verienv import baselines

torch.set_num_threads(1)

KNOBS = "n=2,k=4,l=6"  # six clauses of two literals over four variables; majority and greedy flips solve none
PAID = {"score": 1.0, "part:clauses": 1.0}
HELD_OUT: dict[str, Any] = {"seed": 999, "split": "test"}
EPISODES = 300


def version() -> str:
    """The versions that ran."""
    return f"{importlib.metadata.version('stable-baselines3')}, gymnasium {gymnasium.__version__}"


def run(ran: Callable[[str, str], None], scratch: Path) -> None:
    """The views that it accepts, then learning."""
    accept(ran)
    floor, player = blind()
    envs = DummyVecEnv([partial(make, "native", seed=seed, reward=PAID) for seed in range(16)])
    model = PPO(
        "MlpPolicy",
        envs,
        n_steps=64,
        batch_size=256,
        learning_rate=1e-3,
        ent_coef=0.003,
        n_epochs=4,
        gamma=1.0,
        seed=0,
        policy_kwargs={"net_arch": [256, 256]},
    )
    before = score("native", lambda seen: model.predict(seen, deterministic=True)[0])
    model.learn(65_536)
    after = score("native", lambda seen: model.predict(seen, deterministic=True)[0])
    assert after > 2 * floor, (before, after, floor)
    ran(
        f"`PPO`, sat {KNOBS}, native view, 65,536 episodes",
        f"mean score on unseen problems {before:.2f} → {after:.2f}; best blind player ({player}) {floor:.2f}",
    )


def accept(ran: Callable[[str, str], None]) -> None:
    """Its own checks of an environment, and a policy of its own on pictures and numbers."""
    for task, view, level in (("sat", "native", 2), ("sat", "step", 2), ("jigsaw", "native", 1), ("jigsaw", "step", 1)):
        check_env(gymnasium.make(f"verienv/{task}-v0", view=view, level=level), warn=False)
    env = gymnasium.make("verienv/jigsaw-v0", view="native")
    pictures = PPO("MultiInputPolicy", env, n_steps=16, batch_size=8, n_epochs=1)
    pictures.learn(32)
    ran("`check_env`, `MultiInputPolicy`", "sat and jigsaw, native and step; 32 steps on pictures")


def make(view: str, **settings: Any) -> Any:
    """One environment with a flat observation."""
    return gymnasium.wrappers.FlattenObservation(gymnasium.make("verienv/sat-v0", knobs=KNOBS, view=view, **settings))


def score(view: str, act: Callable[[Any], Any]) -> float:
    """The mean strict score on problems of another split."""
    env = make(view, **HELD_OUT)
    total = 0.0
    for _ in range(EPISODES):
        seen, done, info = env.reset()[0], False, {}
        while not done:
            seen, _, terminated, truncated, info = env.step(act(seen))
            done = terminated or truncated
        total += info["score"]
    return total / EPISODES


def blind() -> tuple[float, str]:
    """The best blind player's mean score on the same problems."""
    task = verienv.load("sat")
    knobs = task.knobs.of(KNOBS)
    instances = [task.instance(knobs=knobs, index=index, **HELD_OUT) for index in range(EPISODES)]
    means = {
        player: float(np.mean([task.score(each, baselines.reply(task, each, player)).value for each in instances]))
        for player in baselines.players(task)
    }
    best = max(means, key=lambda player: means[player])
    return means[best], best
