"""Every family, level and view once, as the environments see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gymnasium
import pytest

import verienv
from tests.env import toys
from verienv import env

TASKS: dict[str, Any] = {name: verienv.load(name) for name in verienv.names()}
TASKS |= {task.name: task for task in (toys.GUESS, toys.GREY)}


def cases(*views: str, levels: int = 1000) -> list[Any]:
    """Every family, each of its first `levels` levels, and every view among `views` that it has, as parameters."""
    return [
        pytest.param(name, level, view, id=f"{name}-L{level}-{view}")
        for name, task in TASKS.items()
        for level in range(min(levels, len(task.levels)))
        for view in env.views(task)
        if view in (views or env.VIEWS)
    ]


@pytest.fixture(autouse=True, scope="session")
def _register_toys() -> Iterator[None]:
    for task in (toys.GUESS, toys.GREY):
        gymnasium.register(
            id=f"verienv/{task.name}-v0",
            entry_point=lambda task=task.name, **kwargs: env.make(TASKS[task], **kwargs),
            vector_entry_point=lambda task=task.name, **kwargs: env.make_vector(task=TASKS[task], **kwargs),
            order_enforce=False,
            disable_env_checker=True,
        )
    yield
    for task in (toys.GUESS, toys.GREY):
        del gymnasium.registry[f"verienv/{task.name}-v0"]


def made(name: str, **kwargs: Any) -> Any:
    """An environment as gymnasium.make gives it."""
    return gymnasium.make(f"verienv/{name}-v0", **kwargs)


def played(one: Any, replies: str | list[str]) -> tuple[Any, ...]:
    """The last step of an episode in which `replies` are given."""
    steps: list[tuple[Any, ...]] = [one.step(reply) for reply in ([replies] if isinstance(replies, str) else replies)]
    return steps[-1]
