"""OpenEnv ≥ 0.10: an environment with its Task API, for OpenEnv's own server.

    app = openenv.app(["sat", "jigsaw"])              # uvicorn module:app; or: verienv export openenv -o DIR

`verienv serve` speaks the same protocol without OpenEnv, with a token, limits and back-pressure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from verienv.adapters.specs import MissingPeer
from verienv.server import play
from verienv.server.play import Offer, Play

try:
    from openenv.core.env_server.http_server import create_app
    from openenv.core.env_server.interfaces import Environment
    from openenv.core.env_server.types import Action, Observation, State
except ImportError as absent:
    raise MissingPeer("openenv", "openenv>=0.10") from absent


class Reply(Action):
    """What the model says."""

    reply: str


class Seen(Observation):
    """What the player sees: `text`, with `<image>` where a picture stands, and `images` as data URLs in that order.

    metadata: `task`, `level`; after the end also `address`, `score`, `parts`, `reason`, `readable` and `terms`.
    """

    text: str
    images: list[str]


class Verienv(Environment[Reply, Seen, State]):
    """Episodes of whatever is on offer."""

    SUPPORTS_CONCURRENT_SESSIONS = True

    def __init__(self, offered: Offer) -> None:
        super().__init__()
        self._offer, self._play = offered, Play(offered)

    def reset(self, seed: int | None = None, episode_id: str | None = None, **wanted: Any) -> Seen:
        """Begin: `address`, or any of `task`, `level`, `split`, `seed`, `index`. Raises UsageError and its kin."""
        return Seen(**self._play.reset({"seed": seed, "episode_id": episode_id, **wanted}))

    def step(self, action: Reply, timeout_s: float | None = None, **kwargs: Any) -> Seen:
        """Reply. Raises StepError before reset and after the end."""
        return Seen(**self._play.step({"reply": action.reply}))

    @property
    def state(self) -> State:
        """Which episode, and how many replies it has had."""
        return State(**self._play.state())

    def list_splits(self) -> list[str]:
        """train, validation, test."""
        return list(play.SPLITS)

    def list_tasks(self, split: str) -> list[dict[str, Any]]:
        """The first thousand."""
        return self._offer.tasks(split)

    def num_tasks(self, split: str) -> int:
        """How many a split is said to have."""
        return play.SIZE

    def get_task(self, split: str, index: int) -> dict[str, Any]:
        """One task's descriptor. Raises IndexError."""
        return self._offer.task(split, index)

    def get_task_range(self, split: str, start: int | None = None, stop: int | None = None) -> list[dict[str, Any]]:
        """Descriptors of [start, stop), at most a thousand."""
        return self._offer.tasks(split, start, stop)


def app(
    sources: Sequence[str], levels: str | None = None, *, reward: str | None = None, sessions: int = 64, **kwargs: Any
) -> Any:
    """OpenEnv's server over tasks or recipes, `sessions` at a time. Raises UnknownName, UsageError."""
    offered = play.offer(sources, levels, reward)
    return create_app(lambda: Verienv(offered), Reply, Seen, env_name="verienv", max_concurrent_envs=sessions, **kwargs)
