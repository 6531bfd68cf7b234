"""Episodes a second (reset, then steps to the end) through Gymnasium, beside an environment that does nothing.

One core. The text episodes of sat level 0 are generated, shown, read and verified one by one; the no-op environment
has the same spaces and returns the same text each time, so the ratio says what the task itself costs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium
import measure
import numpy as np

import verienv
from verienv.env import ACTION_CHARS, PROMPT_CHARS
from verienv.spaces import UnicodeText

REPLY = "<answer>01101</answer>"
BATCH, MANY = 200, 64


class NoOp(gymnasium.Env[str, str]):
    """The same text each time, and no reward."""

    def __init__(self) -> None:
        self.observation_space = UnicodeText(PROMPT_CHARS)
        self.action_space = UnicodeText(ACTION_CHARS)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        return "a prompt", {}

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        return "", 0.0, True, False, {}


def one_step(env: Any, action: Any) -> Callable[[], int]:
    """BATCH episodes of one step."""

    def run() -> int:
        for _ in range(BATCH):
            env.reset()
            env.step(action)
        return BATCH

    return run


def edited(env: Any) -> Callable[[], int]:
    """BATCH episodes of three edits, then submitted."""

    def run() -> int:
        for _ in range(BATCH):
            env.reset()
            for number in (0, 1, 2, env.edits):
                env.step(number)
        return BATCH

    return run


def many(env: Any) -> Callable[[], int]:
    """MANY episodes, each ended and begun anew in one step of a vector environment."""
    env.reset(seed=0)
    replies = [REPLY] * MANY

    def run() -> int:
        env.step(replies)
        return MANY

    return run


def plain() -> int:
    """BATCH episodes without Gymnasium."""
    for index in range(BATCH):
        verienv.reset("sat", 0, 0, index).step(REPLY)
    return BATCH


def main() -> None:
    """Measure and report."""
    args = measure.arguments(__doc__ or "")
    gymnasium.register("noop-v0", NoOp, order_enforce=False, disable_env_checker=True)
    gymnasium.register("wrapped-noop-v0", NoOp)

    def make(**kwargs: Any) -> Any:
        return gymnasium.make("verienv/sat-v0", seed=0, **kwargs)

    wrapped = gymnasium.wrappers.OrderEnforcing(gymnasium.wrappers.PassiveEnvChecker(make()))
    wrapped.reset()
    work: dict[str, Callable[[], int]] = {
        "no-op text environment": one_step(gymnasium.make("noop-v0"), REPLY),
        "no-op in Gymnasium's default wrappers": one_step(gymnasium.make("wrapped-noop-v0"), REPLY),
        "sat level 0, text": one_step(make(), REPLY),
        "sat level 0, text, in Gymnasium's default wrappers": one_step(wrapped, REPLY),
        "sat level 0, text, two weighted terms": one_step(make(reward={"score": 1.0, "format": 0.1}), REPLY),
        f"sat level 0, text, vector of {MANY}": many(gymnasium.make_vec("verienv/sat-v0", num_envs=MANY)),
        "sat level 0, without Gymnasium": plain,
        "sat level 0, native": one_step(make(view="native"), np.array([0, 1, 1, 0, 1], np.int8)),
        "sat level 0, step (three edits, submit)": edited(make(view="step")),
        "sat level 2, text": one_step(make(level=2), REPLY),
    }
    rates = {name: measure.rate(each, args.seconds, args.repeats) for name, each in work.items()}
    base = rates["no-op text environment"]
    rows = [[name, rate, 1e6 / rate, rate / base] for name, rate in rates.items()]
    measure.report("episodes, one core", ["episode", "per second", "microseconds", "of no-op"], rows, args.out)


if __name__ == "__main__":
    main()
