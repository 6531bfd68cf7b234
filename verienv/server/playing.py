"""A person's play, as plain JSON values: an episode is told by its address and the replies so far, and nothing is kept.

What leaves here before an episode ends is what the player sees: no answer, no digest, no measure of the problem.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from verienv import episode, reward
from verienv.episode import Episode
from verienv.errors import StepError, UsageError
from verienv.score import Score
from verienv.server import gallery
from verienv.task import Game, Instance


def turn(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be seen after `replies` at `address`, or the verdict once the episode is over.

    Raises UsageError and its kin, StepError for a reply after the end, ContractError.
    """
    if given.keys() - {"address", "replies"}:
        raise UsageError("a play is an address and the replies so far")
    where, replies = given.get("address"), given.get("replies", [])
    if not isinstance(where, str) or not isinstance(replies, list):
        raise UsageError("a play is an address and the replies so far")
    if not all(isinstance(reply, str) for reply in replies):
        raise UsageError("a reply is a text")
    return _told(_after(where, tuple(replies)))


def published(instance: Instance[Any], reply: str | Sequence[str], score: Score) -> dict[str, float]:
    """The family's published terms on an attempt."""
    if not instance.task.terms:
        return {}
    paid = reward.RewardFunction(instance.task, dict.fromkeys(instance.task.terms, 1.0))
    return dict(paid.of(instance, reply, score).terms)


@lru_cache(maxsize=128)
def _after(where: str, replies: tuple[str, ...]) -> Episode:
    """The episode after the replies: from the one before where that is kept, else from the start."""
    begun = episode.begin(gallery.instance_at(where))
    if not replies:
        return begun
    if len(replies) > getattr(begun.instance.task, "max_steps", 1):
        raise StepError(f"{where} is over before so many replies")
    if len(replies) > 400:  # deeper than Python recurses: from the start
        for reply in replies:
            begun = begun.step(reply)
        return begun
    return _after(where, replies[:-1]).step(replies[-1])


def _told(now: Episode) -> dict[str, Any]:
    instance = now.instance
    told: dict[str, Any] = {
        "address": instance.address,
        "task": instance.task.name,
        "title": instance.task.title,
        "level": instance.level,
        "game": isinstance(instance.task, Game),
        "turn": len(now.replies),
        "done": now.done,
    }
    if now.score is None:
        return {**told, "prompt": [_part(part) for part in now.prompt]}
    replies = now.replies[0] if len(now.replies) == 1 else now.replies
    return {
        **told,
        "verdict": gallery.verdict(now.score),
        "published": published(instance, replies, now.score),
    }


def _part(part: Any) -> dict[str, Any]:
    if isinstance(part, str):
        return {"text": part}
    body = base64.b64encode(gallery.png(part)).decode("ascii")
    return {"image": f"data:image/png;base64,{body}", "width": part.width, "height": part.height}
