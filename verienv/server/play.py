"""One client's episode, as plain JSON values: what OpenEnv's messages carry, whoever carries them.

What leaves here before an episode ends is what the player sees, its task and level, and nothing else: no score, and no
address either, since an address regenerates the problem with its answer.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from verienv import address, chat, dataset, episode, files, mixture, registry
from verienv.adapters import specs
from verienv.adapters.specs import Rewards
from verienv.episode import Episode
from verienv.errors import StepError, UsageError
from verienv.mixture import Cell
from verienv.task import Instance

SIZE: Final = 1_000_000
"""Tasks that a split is said to have; any index up to 10**19 can be asked for."""
SPLITS: Final = address.SPLITS


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be played and scored: cells by weight, and what a reply earns.

    imported: score problems that were read from files, too; what one costs is then up to who sends it.
    """

    cells: tuple[Cell, ...]
    rewards: Rewards
    split: str = "train"
    imported: bool = False

    def instance(self, wanted: Mapping[str, Any]) -> Instance[Any]:
        """The instance asked for by `address`, or by `task`, `level`, `split`, `seed` and `index`, all optional.

        Without an index it is index 0 of a seed that is given, else any. Raises UsageError, UnknownName, AddressError.
        """
        for name in wanted:
            if name not in _WANTED:
                raise UsageError(f"reset knows {', '.join(_WANTED)}, not {name!r:.80}")
        if wanted.get("address") is not None:
            others = [name for name in wanted if name != "address" and wanted[name] is not None]
            if others:
                raise UsageError(f"an address says everything: it leaves no {others[0]} to be chosen")
            return self._offered(str(wanted["address"]))
        split = address.split_named(str(_or(wanted.get("split"), self.split)))
        seed = _whole("seed", _or(wanted.get("seed"), 0))
        fresh = 0 if wanted.get("seed") is not None else secrets.randbelow(SIZE)
        index = _whole("index", _or(wanted.get("index"), fresh), least=0)
        cells = self._chosen(wanted.get("task"), wanted.get("level"))
        return mixture.instance(cells, seed, index, split)

    def holds(self, spec: str) -> bool:
        """Whether the problem of a spec is of a task and setting that are offered. Raises AddressError."""
        try:
            held = json.loads(spec) if len(spec) <= files.MAX_SPEC else None
        except (ValueError, RecursionError):
            held = None
        if not isinstance(held, dict):
            return False
        if "address" in held:
            return self._has(address.parse(held["address"]))
        return self.imported and held.get("task") in {cell.task for cell in self.cells}

    def task(self, split: str, index: int) -> dict[str, Any]:
        """The descriptor of a task of the Task API; nothing is drawn for it. Raises UnknownName, IndexError."""
        named = address.split_named(split)
        if not 0 <= index < SIZE:
            raise IndexError(f"index {index}: a split has {SIZE} tasks")
        cell = mixture.pick(self.cells, 0, index)
        return {"id": f"{named}/{index}", "index": index, "split": named, "task": cell.task, "level": cell.level}

    def tasks(self, split: str, start: int | None = None, stop: int | None = None) -> list[dict[str, Any]]:
        """Descriptors by a slice, at most 1,000 of them."""
        first, last, _ = slice(start, stop).indices(SIZE)
        return [self.task(split, index) for index in range(first, min(last, first + 1_000))]

    def _offered(self, where: str) -> Instance[Any]:
        place = address.parse(where)
        if not self._has(place):
            raise UsageError(f"{place.name} {place.setting:.80} is not served here")
        return registry.instance(where)

    def _has(self, place: address.Address) -> bool:
        return any(cell.task == place.name and cell.setting == place.setting for cell in self.cells)

    def _chosen(self, task: object, level: object) -> Sequence[Cell]:
        cells = [cell for cell in self.cells if task is None or cell.task == task]
        if not cells:
            raise UsageError(f"task {task!r:.80} is not served here")
        if level is None:
            return cells
        at = _whole("level", level, least=0)
        found = [cell for cell in cells if cell.level == at]
        if not found:
            raise UsageError(f"level {at} is not served here")
        return found


def offer(
    sources: Sequence[str],
    levels: str | None = None,
    reward: str | None = None,
    split: str = "train",
    imported: bool = False,
) -> Offer:
    """What tasks or recipes give to play, in equal shares. Raises UnknownName, UsageError."""
    cells = [cell for source in sources for cell in dataset.plan(source, levels, count=1).cells]
    return Offer(mixture.merge(cells), specs.rewards(reward), address.split_named(split), imported)


class Play:
    """One episode after another. Not for two threads at once: a session has a lock of its own."""

    def __init__(self, offered: Offer) -> None:
        self._offer = offered
        self._episode: Episode | None = None
        self._id = ""

    def reset(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Begin; the observation. Raises UsageError and its kin, GenerationError."""
        given = dict(wanted)
        name = given.pop("episode_id", None)
        if name is not None and not (isinstance(name, str) and len(name) <= 255):
            raise UsageError("episode_id is a text of at most 255 characters")
        self._episode = episode.begin(self._offer.instance(given))
        self._id = name or secrets.token_urlsafe(16)
        return self._seen(self._episode, None, {})

    def step(self, action: Mapping[str, Any]) -> dict[str, Any]:
        """Reply; the observation, with reward and verdict once the episode is over. Raises UsageError, StepError."""
        unknown = [name for name in action if name not in ("reply", "metadata")]
        if unknown or not isinstance(action.get("reply"), str):
            raise UsageError('an action is {"reply": "…"}')
        if self._episode is None:
            raise StepError("step before reset")
        after = self._episode = self._episode.step(action["reply"])
        if after.score is None:
            return self._seen(after, 0.0, {})
        replies = after.replies[0] if len(after.replies) == 1 else list(after.replies)
        earned = self._offer.rewards(specs.of(after.instance), replies)
        score = earned.score
        told: dict[str, Any] = {"score": score.value, "parts": dict(score.parts)}
        told |= {"reason": score.reason, "readable": score.readable}
        told |= {"address": after.address, "terms": dict(earned.terms)}
        return self._seen(after, earned.value, told)

    def state(self) -> dict[str, Any]:
        """Which episode, and how many replies it has had."""
        if self._episode is None:
            return {"episode_id": None, "step_count": 0}
        return {"episode_id": self._id, "step_count": len(self._episode.replies)}

    def _seen(self, shown: Episode, reward: float | None, told: Mapping[str, Any]) -> dict[str, Any]:
        from verienv.render import encode  # Pillow, where there may be pictures

        pictures = [encode.data_url(part) for part in shown.prompt if not isinstance(part, str)]
        level = shown.instance.level
        return {
            "text": chat.text_only(shown.prompt),
            "images": pictures,
            "done": shown.done,
            "reward": reward,
            "metadata": {"task": shown.instance.task.name, "level": level, **told},
        }


_WANTED: Final = ("address", "task", "level", "split", "seed", "index")


def _or(given: Any, default: Any) -> Any:
    return default if given is None else given


def _whole(name: str, value: object, least: int = -(10**18)) -> int:
    if type(value) is not int or not least <= value < 10**18:
        raise UsageError(f"{name} is a whole number{' from 0 up' if least == 0 else ''}, not {value!r:.80}")
    return value
