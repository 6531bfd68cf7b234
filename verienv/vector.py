"""Many environments played together in one process: what `gymnasium.make_vec("verienv/<task>-v0", …)` gives.

Gymnasium's SyncVectorEnv steps them; added are the mode that wastes no action on one-step episodes (same_step),
seeds that differ between the environments, and actions that are counted before any is played.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from gymnasium.vector import AutoresetMode, SyncVectorEnv

from verienv import env, placement
from verienv.errors import UnknownName, UsageError

MODES: Final = {
    "same_step": AutoresetMode.SAME_STEP,
    "next_step": AutoresetMode.NEXT_STEP,
    "disabled": AutoresetMode.DISABLED,
}


class TaskVectorEnv(SyncVectorEnv):
    """`num_envs` environments of one task; observations and infos are batched as Gymnasium batches them.

    autoreset_mode "same_step": the step that ends an episode returns the next episode's observation, and the last
    one in `infos["final_obs"]` and `infos["final_info"]`. "next_step": the step after the end ignores its action and
    resets. "disabled": call `reset(options={"reset_mask": …})` (bool [num_envs]).
    """

    def __init__(
        self, num_envs: int = 1, *, seed: int | None = None, autoreset_mode: str = "same_step", **kwargs: Any
    ) -> None:
        count = placement.whole("num_envs", num_envs)
        if count < 1:
            raise UsageError(f"num_envs={num_envs}: at least 1")
        if autoreset_mode not in MODES:
            raise UnknownName("autoreset mode", autoreset_mode, MODES)
        seeds = [None if seed is None else placement.whole("seed", seed) + at for at in range(count)]
        super().__init__(
            [partial(env.make, seed=each, **kwargs) for each in seeds],
            copy=True,
            autoreset_mode=MODES[autoreset_mode],
        )

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Reset all, environment i with seed + i. Raises UsageError, StepError as the environments do."""
        if seed is not None and not isinstance(seed, (list, tuple)):
            seed = placement.whole("seed", seed)
        return super().reset(seed=seed, options=dict(options) if isinstance(options, dict) else options)  # type: ignore[arg-type]

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """One action each. Raises UsageError unless there are num_envs of them."""
        given = 1 if isinstance(actions, (str, bytes)) or not hasattr(actions, "__len__") else len(actions)
        if given != self.num_envs or isinstance(actions, (str, bytes)):
            raise UsageError(f"{self.num_envs} environments take as many actions, in a list or array; not {given}")
        return super().step(actions)
