"""What the Gymnasium environments of every view share: placing, the order of calls, info and rendering."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

import gymnasium
import numpy as np

from verienv import chat, pictures, placement
from verienv.errors import GenerationError, StepError, UnknownName, UsageError
from verienv.score import Score
from verienv.task import Instance, Task

if TYPE_CHECKING:
    from verienv.task import Part

ObsType = TypeVar("ObsType")
ActType = TypeVar("ActType")

RENDER_MODES: Final = ("ansi", "rgb_array")
SEEDS: Final = 2**31  # what an unseeded environment draws its seed from


class TaskEnv(gymnasium.Env[ObsType, ActType]):
    """An environment that stands at a place among a task's instances (see `verienv.placement`).

    info after `reset` and `step`: `address`, `digest`, and `level` unless the knobs are spelt out. After the last
    step also `score` in [0, 1], `parts` (name → [0, 1]), `reason`, `readable`, and `terms` when a reward is given.
    Neither the problem nor its answer is in it.
    """

    def __init__(
        self,
        task: Task[Any, Any, Any],
        level: int | None,
        knobs: object,
        seed: int | None,
        split: str,
        render_mode: str | None,
    ) -> None:
        self.task = task
        self._place = placement.before_first(task, level, knobs, split, 0 if seed is None else seed)
        self._seeded = seed is not None
        self._line_ups = pictures.shown(task, self._place.setting)
        with_pictures = any(self._line_ups)
        modes = [mode for mode in RENDER_MODES if with_pictures or mode != "rgb_array"]
        if render_mode is not None and render_mode not in modes:
            raise UnknownName(f"render mode of {task.name}", render_mode, modes)
        self.metadata = {"render_modes": modes, "render_fps": 1}
        self.render_mode = render_mode
        self._instance: Instance[Any] | None = None
        self._open = False  # whether `step` may be called
        self._closed = False

    @property
    def instance(self) -> Instance[Any]:
        """The instance being played. Raises StepError before the first reset."""
        if self._instance is None:
            raise StepError(f"no instance of {self.task.name} yet: call reset first")
        return self._instance

    def close(self) -> None:
        """Nothing can be played afterwards; closing twice is allowed."""
        self._open, self._closed = False, True

    def render(self) -> Any:
        """What the player sees: text ("ansi"), or every picture on one canvas, [H, W, 3] uint8 ("rgb_array").

        Raises StepError before the first reset. None without a render mode.
        """
        prompt = self._seen()
        if self.render_mode == "ansi":
            return chat.text_only(prompt)
        if self.render_mode == "rgb_array":
            return pictures.montage(pictures.arrays(prompt))
        return None

    def _seen(self) -> list[Part]:
        return self.instance.prompt

    def _next_instance(self, seed: int | None, options: Mapping[str, Any] | None) -> Instance[Any]:
        """Move and generate; a refused option leaves everything as it was. Raises UsageError, GenerationError."""
        if self._closed:
            raise StepError(f"this {self.task.name} environment is closed: make another")
        moves = self._moves(seed, options)
        place = self._place.moved(moves) if moves else self._place.next()
        if seed is not None:
            gymnasium.Env.reset(self, seed=place.seed)
        try:
            instance = place.instance()
        except GenerationError:
            self._place = place  # so that the next reset goes on to another instance
            raise
        self._place, self._seeded = place, True
        self._instance, self._open = instance, True
        return instance

    def _moves(self, seed: int | None, options: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """The options, and the seed among them when it is given or has still to be drawn."""
        if seed is None and not options and self._seeded:
            return {}
        if not isinstance(options, Mapping | None):
            raise UsageError(f"reset options are a dict, not {options!r:.100}")
        moves = dict(options or {})
        if seed is not None:
            if placement.whole("seed", seed) < 0:
                raise UsageError(f"seed={seed}: reset takes a seed from 0 up; negative ones are reached by options")
            if moves.setdefault("seed", seed) != seed:
                raise UsageError(f"reset got seed={seed!r} and, among the options, seed={moves['seed']!r}")
        elif not self._seeded and "seed" not in moves and "address" not in moves:
            moves["seed"] = int(self.np_random.integers(SEEDS))
        return moves

    def _out_of_order(self) -> StepError:
        what = "is closed: make another" if self._closed else "needs reset before step"
        return StepError(f"this {self.task.name} environment {what}")

    def _info(self) -> dict[str, Any]:
        instance, level = self.instance, self._place.level
        info: dict[str, Any] = {"address": instance.address, "digest": instance.digest}
        if level is not None:
            info["level"] = level
        return info


def tell(info: dict[str, Any], score: Score) -> dict[str, Any]:
    """`info` with a score told in plain values."""
    info["score"] = score.value
    info["parts"] = dict(score.parts)
    info["reason"] = score.reason
    info["readable"] = score.readable
    return info


def fresh(value: Any) -> Any:
    """A copy of an observation: what was handed out before must not change."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {name: fresh(each) for name, each in value.items()}
    return copy.deepcopy(value)
