"""verifiers ≥ 0.4 and prime-rl: an endless taskset over a task or a recipe, each term a reward of its own.

verifiers finds a taskset by the name of a top-level module, so `verienv export verifiers -o DIR` writes one to install:

    vf-eval verienv-vf -m MODEL -n 50 -r 4 --env.taskset.source sat --env.taskset.levels 0:3
    vf-eval verienv-vf -m MODEL -n 50 -r 4 --env.taskset.source saturn-7b --env.taskset.task.reward saturn-7b
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from verienv import dataset, episode, mixture
from verienv.adapters import specs
from verienv.adapters.specs import MissingPeer
from verienv.task import Game, Instance

try:
    import verifiers.v1 as vf
except ImportError as absent:
    raise MissingPeer("verifiers", "verifiers>=0.4") from absent

__all__ = ["Data", "One", "OneConfig", "Play", "PlayConfig", "Tasks", "TasksConfig"]


class Data(vf.TaskData):
    """A row: `prompt`, `id` (the address), and the spec."""

    spec: str


class OneConfig(vf.TaskConfig):
    """What is paid: a recipe's name or file, or a JSON object of term → weight; by default the score."""

    reward: str = ""


class One(vf.Task[Data, vf.State, OneConfig]):
    """One problem. A task's own failure raises, so that verifiers records an error and no reward."""

    @property
    def key(self) -> str:
        """The address: what the problem is, wherever it stands in the stream."""
        return str(self.data.id)

    @vf.reward
    async def terms(self, trace: vf.Trace) -> Mapping[str, float]:
        """Each term by its name, with its weight."""
        earned = specs.rewards(self.config.reward)
        spec = self.data.spec
        paid = earned(spec, self._replied(trace))
        weights = earned.of(specs.instance(spec).task).weights
        for name, value in paid.terms.items():
            trace.record_reward(name, value, weights[name])
        return {}

    @vf.metric
    async def verdict(self, trace: vf.Trace) -> Mapping[str, float]:
        """The strict score and its parts, whatever is paid."""
        score = specs.score(self.data.spec, self._replied(trace))
        told = {"verienv_score": score.value, "verienv_readable": float(score.readable)}
        return told | {f"verienv_part_{name}": value for name, value in score.parts.items()}

    def _replied(self, trace: vf.Trace) -> str | list[str]:
        replies = [message.content or "" for message in trace.assistant_messages]
        if isinstance(specs.instance(self.data.spec).task, Game):
            return replies
        return replies[-1] if replies else ""


class TasksConfig(vf.TasksetConfig):
    """Which problems: a task or a recipe, levels such as "0:3" (a task's alone), and the stream."""

    source: str = "sat"
    levels: str | None = None
    seed: int = 0
    split: str = "train"
    task: OneConfig = OneConfig()


class Tasks(vf.Taskset[One, TasksConfig]):
    """An endless stream, mixed by weight; position 1,000,000 costs what position 0 costs. Bound it with -n or take."""

    INFINITE = True

    def load(self) -> Iterator[One]:
        """The stream. Raises UnknownName, UsageError, GenerationError."""
        given = self.config
        plan = dataset.plan(given.source, given.levels, count=1, seed=given.seed, split=given.split)
        for index in count():
            yield One(_data(mixture.instance(plan.cells, plan.seed, index, plan.split)), given.task)


class PlayConfig(vf.SingleAgentEnvConfig):
    """A plain chat, without tools and in this process's own environment, unless said otherwise."""

    agent: vf.AgentConfig = vf.AgentConfig(harness={"id": "null"}, runtime={"type": "subprocess"})


class Play(vf.SingleAgentEnv, vf.Env[PlayConfig]):
    """One agent; a game answers each of its replies with what is to be seen then, until it is over."""

    config: PlayConfig

    async def run(self, task: Any, agents: Any) -> None:
        """One episode."""
        begun = episode.begin(specs.instance(task.data.spec))
        if not isinstance(begun.instance.task, Game):
            await agents.agent.run(task)
            return
        async with agents.agent.interaction(task) as interaction:
            segment = await interaction.turn()
            while not segment.terminated:
                begun = begun.step(segment.messages[-1].content or "")
                if begun.done:
                    break
                segment = await interaction.turn(begun.messages)


def _data(instance: Instance[Any]) -> Data:
    messages = instance.messages
    content = messages[0]["content"]
    prompt = content if isinstance(content, str) else messages
    return Data(id=instance.address, prompt=prompt, spec=specs.of(instance))
