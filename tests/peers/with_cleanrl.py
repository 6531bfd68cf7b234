"""PPO in one file, in CleanRL's manner, on the step view: flat observations, Discrete actions, many environments.

CleanRL itself pins Python below 3.11 and Gymnasium 0.29, so its files are copied, not installed; what they ask of an
environment is asserted here as they do.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical

import verienv
from verienv import baselines

torch.set_num_threads(1)

KNOBS = "n=2,k=4,l=6"
ENVS, STEPS, UPDATES = 32, 64, 100
EPISODES = 300


def version() -> str:
    """The versions that ran."""
    return f"torch {torch.__version__}, gymnasium {gymnasium.__version__}"


def run(ran: Callable[[str, str], None], scratch: Path) -> None:
    """Learn, and hold it against blind play."""
    torch.manual_seed(0)
    makers = [lambda seed=seed: make(seed=seed) for seed in range(ENVS)]
    envs = gymnasium.vector.SyncVectorEnv(makers, autoreset_mode=gymnasium.vector.AutoresetMode.SAME_STEP)
    assert isinstance(envs.single_action_space, gymnasium.spaces.Discrete), "only discrete action space is supported"
    shape = envs.single_observation_space.shape or ()
    agent = Agent(int(np.prod(shape)), int(envs.single_action_space.n))
    before = score(agent)
    learn(agent, envs)
    after = score(agent)
    floor, player = blind()
    assert after > 2 * floor, (before, after, floor)
    ran(
        f"PPO in one file, sat {KNOBS}, step view, {ENVS * STEPS * UPDATES:,} steps",
        f"mean score on unseen problems {before:.2f} → {after:.2f}; best blind player ({player}) {floor:.2f}",
    )


class Clauses(gymnasium.ObservationWrapper[Any, Any, Any]):
    """The formula, the draft, and how many literals of each clause the draft makes true: what a player can count."""

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        rows, columns = env.observation_space["problem"].shape
        self.observation_space = gymnasium.spaces.Box(-1, columns, (rows * columns + columns + rows,), np.float32)

    def observation(self, observation: Any) -> Any:
        """[clauses × variables + variables + clauses] float32."""
        formula, draft = observation["problem"], 2 * observation["draft"].astype(np.int8) - 1
        true = (formula * draft > 0).sum(axis=1)
        return np.concatenate([formula.ravel(), draft, true]).astype(np.float32)


def make(**settings: Any) -> Any:
    """One environment."""
    env = gymnasium.make("verienv/sat-v0", knobs=KNOBS, view="step", **settings)
    return gymnasium.wrappers.RecordEpisodeStatistics(Clauses(env))


class Agent(nn.Module):
    """A policy and a value."""

    def __init__(self, seen: int, actions: int) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(seen, 128), nn.Tanh(), nn.Linear(128, 128), nn.Tanh())
        self.policy, self.value = nn.Linear(128, actions), nn.Linear(128, 1)
        nn.init.normal_(self.policy.weight, std=0.01)

    def forward(self, seen: torch.Tensor) -> tuple[Categorical, torch.Tensor]:
        """The distribution over actions, and the value [n]."""
        hidden = self.body(seen)
        return Categorical(logits=self.policy(hidden)), self.value(hidden).squeeze(-1)


def learn(agent: Agent, envs: Any) -> None:
    """Proximal policy optimisation (Schulman and others 2017) with generalised advantages."""
    optimizer = torch.optim.Adam(agent.parameters(), lr=1e-3, eps=1e-5)
    seen = torch.tensor(envs.reset(seed=0)[0])
    ended = torch.zeros(ENVS)
    for _ in range(UPDATES):
        rows = []
        for _ in range(STEPS):
            with torch.no_grad():
                chances, value = agent(seen)
            action = chances.sample()
            after, reward, terminated, truncated, _ = envs.step(action.numpy())
            rows.append(
                (seen, action, chances.log_prob(action), value, torch.tensor(reward, dtype=torch.float32), ended)
            )
            seen, ended = torch.tensor(after), torch.tensor(terminated | truncated, dtype=torch.float32)
        with torch.no_grad():
            following = agent(seen)[1]
        advantages, gathered = [], torch.zeros(ENVS)
        over = ended
        for *_, value, reward, ended_before in reversed(rows):
            gap = reward + 0.99 * following * (1 - over) - value
            gathered = gap + 0.99 * 0.95 * (1 - over) * gathered
            advantages.append(gathered)
            following, over = value, ended_before
        held = [torch.cat(each) for each in zip(*[row[:4] for row in rows], strict=True)]
        gained = torch.cat(advantages[::-1])
        target = gained + held[3]
        for _ in range(4):
            for batch in torch.randperm(len(gained)).split(512):
                chances, value = agent(held[0][batch])
                ratio = (chances.log_prob(held[1][batch]) - held[2][batch]).exp()
                gain = (gained[batch] - gained[batch].mean()) / (gained[batch].std() + 1e-8)
                loss = -torch.min(ratio * gain, ratio.clamp(0.8, 1.2) * gain).mean()
                loss = loss + 0.5 * (value - target[batch]).square().mean() - 0.01 * chances.entropy().mean()
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(agent.parameters(), 0.5)
                optimizer.step()


def score(agent: Agent) -> float:
    """The mean strict score on problems of another split, actions sampled."""
    env = make(seed=999, split="test")
    total = 0.0
    for _ in range(EPISODES):
        seen, done, info = env.reset()[0], False, {}
        while not done:
            with torch.no_grad():
                action = int(agent(torch.tensor(seen)[None])[0].sample()[0])
            seen, _, terminated, truncated, info = env.step(action)
            done = terminated or truncated
        total += info["score"]
    return total / EPISODES


def blind() -> tuple[float, str]:
    """The best blind player's mean score on the same problems."""
    task = verienv.load("sat")
    knobs = task.knobs.of(KNOBS)
    instances = [task.instance(knobs=knobs, seed=999, index=index, split="test") for index in range(EPISODES)]
    means = {
        player: float(np.mean([task.score(each, baselines.reply(task, each, player)).value for each in instances]))
        for player in baselines.players(task)
    }
    best = max(means, key=lambda player: means[player])
    return means[best], best
