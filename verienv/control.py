"""Environments over questions whose answer is come to under control: one, and many simulated together.

Both drive a family's simulator, the one with a single place, so they agree to the last bit. Each step pays the wages
of the family, or the weighted sum of `reward`: its names are terms of the steps, paid step by step, and the terms that
a score decides (score, right, readable, part:<name>), paid when the episode ends; the score is `verify`'s, of the
answer that the actions come to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from gymnasium import Space
from gymnasium.vector import VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from verienv import env, placement, taskenv
from verienv.errors import StepError, UnknownName, UsageError
from verienv.native import QuestionEnv
from verienv.task import Instance, Task
from verienv.vector import MODES
from verienv.views import Controlled, Progress, Simulator
from verienv.weights import ScoreReward

TOLD: Final = ("address", "digest", "level")
"""What `infos` says of every environment after every step."""


class Wages:
    """What steps and ends are paid. Raises UnknownName, UsageError for a term that is neither."""

    def __init__(self, task: Task[Any, Any, Any], reward: Mapping[str, float] | None) -> None:
        if not isinstance(task, Controlled):
            raise UsageError(f"{task.name} has no view under control")
        given = task.wages if reward is None else reward
        self.steps = {name: float(weight) for name, weight in given.items() if name in task.wages}
        ends = {name: weight for name, weight in given.items() if name not in task.wages}
        self.end = ScoreReward(task, ends) if ends else None

    def of(self, progress: Progress) -> NDArray[np.float64]:
        """[N]: what a step earns at each place."""
        total = np.zeros(len(progress.ended))
        for name, weight in self.steps.items():
            total += weight * progress.terms[name]
        return total


class ControlEnv(QuestionEnv):
    """A question under control.

    Observation and action: the family's own spaces. Reward: see above. `terminated` where the actions came to an end
    of the family's, `truncated` where no more count; info then tells the score, as in every view, and after every step
    the `terms`.
    """

    def __init__(
        self, task: Task[Any, Any, Any], *args: Any, reward: Mapping[str, float] | None = None, **kwargs: Any
    ) -> None:
        self.wages = Wages(task, reward)
        super().__init__(task, *args, **kwargs)
        self._view: Controlled[Any, Any, Any] = self.task  # type: ignore[assignment]  # Wages has looked
        self.observation_space: Space[Any] = self._view.control_observation_space(self._knobs)
        self.action_space: Space[Any] = self._view.control_space(self._knobs)
        self._simulator = self._view.simulator(self._knobs, 1)

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """The next instance, or the one that seed and options choose. Raises UsageError, UnknownName, StepError."""
        instance = self._next_instance(seed, options)
        self._simulator.put(0, instance.problem)
        return _row(self._simulator.observe(), 0), self._info()

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Act. Raises UsageError outside the action space, StepError out of order, ContractError for a bug."""
        if not self._open:
            raise self._out_of_order()
        given = self._checked(action)
        progress = self._blaming(lambda: self._simulator.step(given[None]))
        reward = float(self.wages.of(progress)[0])
        ended, cut = bool(progress.ended[0]), bool(progress.cut[0])
        if ended or cut:
            extra, info = self.close_with(self._simulator, 0)
            reward += extra
        else:
            info = self._info()
        info["terms"] = {**info.get("terms", {}), **{name: float(each[0]) for name, each in progress.terms.items()}}
        return _row(self._simulator.observe(), 0), reward, ended, cut, info

    def begin(self, seed: int | None, options: Mapping[str, Any] | None) -> Instance[Any]:
        """Move to the next instance without simulating it: what a vector environment asks of its seats."""
        found: Instance[Any] = self._next_instance(seed, options)
        return found

    def adopt(self, instance: Instance[Any]) -> None:
        """Play an instance that was played before."""
        self._instance, self._open = instance, True

    def told(self) -> dict[str, Any]:
        """What info says of the instance."""
        return self._info()

    @property
    def knobs(self) -> Any:
        """The knobs that it keeps."""
        return self._knobs

    def close_with(self, simulator: Simulator[Any, Any], at: int) -> tuple[float, dict[str, Any]]:
        """What the end of an episode at a place of a simulator earns by its score, and info."""
        score = simulator.score(at) or self._score(lambda: simulator.answer(at))
        self._open = False
        info = taskenv.tell(self._info(), score)
        if self.wages.end is None:
            return 0.0, info
        earned = self.wages.end(score)
        info["terms"] = dict(earned.terms)
        return earned.value, info


class ControlVectorEnv(VectorEnv[Any, Any, Any]):
    """`num_envs` environments of a question under control, simulated together.

    As TaskVectorEnv in its modes of resetting, seeds and infos, but for `terms`, which only the last info of an episode
    has. With `pool` each environment makes so many instances and goes through them again and again.
    """

    def __init__(
        self,
        num_envs: int = 1,
        *,
        seed: int | None = None,
        autoreset_mode: str = "same_step",
        pool: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.num_envs = placement.whole("num_envs", num_envs)
        if self.num_envs < 1:
            raise UsageError(f"num_envs={num_envs}: at least 1")
        if autoreset_mode not in MODES:
            raise UnknownName("autoreset mode", autoreset_mode, MODES)
        if pool is not None and placement.whole("pool", pool) < 1:
            raise UsageError(f"pool={pool}: at least 1")
        self.mode, self.pool = autoreset_mode, pool
        first = None if seed is None else placement.whole("seed", seed)
        seeds = [None if first is None else first + at for at in range(self.num_envs)]
        self.seats: list[ControlEnv] = [_seat(each, kwargs) for each in seeds]
        task: Any = self.seats[0].task
        self.single_observation_space = self.seats[0].observation_space
        self.single_action_space = self.seats[0].action_space
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self.metadata = {**self.seats[0].metadata, "autoreset_mode": MODES[autoreset_mode]}
        self.render_mode = self.seats[0].render_mode
        self._simulator = task.simulator(self.seats[0].knobs, self.num_envs)
        self._pools: list[list[Instance[Any]]] = [[] for _ in self.seats]
        self._turns = [0] * self.num_envs
        self._over = np.ones(self.num_envs, bool)
        self._infos: dict[str, Any] = {}

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Reset all, or those of `options["reset_mask"]`, environment i with seed + i. Raises as each of them does."""
        seeds: list[int | None]
        if isinstance(seed, list | tuple):
            seeds = list(seed)
            if len(seeds) != self.num_envs:
                raise UsageError(f"{len(seeds)} seeds for {self.num_envs} environments")
        elif seed is None:
            seeds = [None] * self.num_envs
        else:
            first = placement.whole("seed", seed)
            seeds = [first + at for at in range(self.num_envs)]
        given = dict(options or {})
        chosen = np.asarray(given.pop("reset_mask", np.ones(self.num_envs, bool)))
        if chosen.dtype != bool or chosen.shape != (self.num_envs,):
            raise UsageError(f"reset_mask is an array of {self.num_envs} bools")
        infos: dict[str, Any] = {}
        for at in np.flatnonzero(chosen).tolist():
            if seeds[at] is not None or given:
                self._pools[at], self._turns[at] = [], 0
            infos = self._add_info(infos, self._begin(at, seeds[at], given or None), at)
        return self._simulator.observe(), infos

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """One action each, [N, …]. Raises UsageError outside the space, StepError where an episode is over."""
        given = self._checked(actions)
        waiting = self._over.copy()
        if waiting.any() and (self.mode != "next_step" or not self._infos):
            raise StepError("an episode is over: reset it before it is stepped")
        progress = self._simulator.step(given)
        rewards = np.where(waiting, 0.0, self.wages.of(progress))
        ended, cut = progress.ended & ~waiting, progress.cut & ~waiting & ~progress.ended
        done = np.flatnonzero(ended | cut)
        infos: dict[str, Any] = {}
        final = self._simulator.observe(done) if done.size and self.mode == "same_step" else None
        for row, at in enumerate(done.tolist()):
            extra, told = self.seats[at].close_with(self._simulator, at)
            told["terms"] = {
                **told.get("terms", {}),
                **{name: float(each[at]) for name, each in progress.terms.items()},
            }
            rewards[at] += extra
            if final is None:
                self._over[at] = True
                infos = self._add_info(infos, {key: told[key] for key in told if key not in TOLD}, at)
            else:
                infos = self._add_info(infos, {"final_obs": _row(final, row), "final_info": told}, at)
                self._begin(at, None, None)
        for at in np.flatnonzero(waiting).tolist():
            self._begin(at, None, None)
        infos.update({key: each.copy() for key, each in self._infos.items()})
        return self._simulator.observe(), rewards, ended, cut, infos

    @property
    def wages(self) -> Wages:
        """What steps and ends are paid."""
        return self.seats[0].wages

    def render(self) -> Any:
        """What each shows, in a tuple; None without a render mode."""
        return None if self.render_mode is None else tuple([seat.render() for seat in self.seats])

    def close_extras(self, **kwargs: Any) -> None:
        """Close them all."""
        for seat in self.seats:
            seat.close()

    def _begin(self, at: int, seed: int | None, options: Mapping[str, Any] | None) -> dict[str, Any]:
        """The next episode at a place; its info."""
        pool, seat = self._pools[at], self.seats[at]
        if self.pool is not None and len(pool) == self.pool:
            seat.adopt(pool[self._turns[at] % self.pool])
        else:
            pool.append(seat.begin(seed, options))
            del pool[: -(self.pool or 1)]
        self._turns[at] += 1
        self._simulator.put(at, seat.instance.problem)
        self._over[at] = False
        told = seat.told()
        for key, value in told.items():
            if key not in self._infos:
                blank = np.zeros(self.num_envs, np.int64 if isinstance(value, int) else object)
                self._infos[key], self._infos[f"_{key}"] = blank, np.zeros(self.num_envs, bool)
            self._infos[key][at] = value
            self._infos[f"_{key}"][at] = True
        return told

    def _checked(self, actions: Any) -> Any:
        space = self.action_space
        count = 1 if isinstance(actions, str | bytes) or not hasattr(actions, "__len__") else len(actions)
        if count != self.num_envs or isinstance(actions, str | bytes):
            raise UsageError(f"{self.num_envs} environments take as many actions, in a list or array; not {count}")
        try:
            given = np.asarray(actions, space.dtype)
        except (TypeError, ValueError):
            given = None
        if given is None or not space.contains(given):
            raise UsageError(f"an action lies outside the action space {self.single_action_space}")
        return given


def _seat(seed: int | None, kwargs: Mapping[str, Any]) -> ControlEnv:
    found = env.make(seed=seed, **kwargs)
    if not isinstance(found, ControlEnv):
        raise UsageError("only a view under control is simulated together")
    return found


def _row(seen: Any, at: int) -> Any:
    """One place's observation, out of arrays over places."""
    return {name: each[at].copy() for name, each in seen.items()} if isinstance(seen, dict) else seen[at].copy()
