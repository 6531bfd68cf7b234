"""What the viewer shows of families and of instances, as plain JSON values; answers only where they are asked for."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from verienv import address as addresses
from verienv import baselines, registry
from verienv.card import SAMPLE_LEVEL
from verienv.errors import UsageError
from verienv.score import Score
from verienv.task import Game, Instance, Task

if TYPE_CHECKING:
    from PIL.Image import Image

    from verienv.task import Part

PICTURED: Final = frozenset({"image", "pictures", "vision"})
"""Tags of families whose prompts hold pictures."""
PROBLEMS: Final = 24
"""Problems that blind players are tried on, at most."""
SECONDS: Final = 2.0
"""Time after which they are tried on no further one."""
WANTED: Final = ("address", "task", "level", "knobs", "seed", "index", "split")

instance_at = lru_cache(maxsize=256)(registry.instance)
"""The instance of an address, the last few kept."""


def family(task: Task[Any, Any, Any]) -> dict[str, Any]:
    """A family without its instances: what it is, its knobs with their bounds, its levels."""
    told = (sys.modules[type(task).__module__].__doc__ or "").strip().partition("\n\n")[0]
    return {
        "name": task.name,
        "version": task.version,
        "title": task.title,
        "summary": " ".join(told.split()),
        "tags": list(task.tags),
        "modality": "pictures" if PICTURED & set(task.tags) else "text",
        "game": isinstance(task, Game),
        "sample": min(SAMPLE_LEVEL, len(task.levels) - 1),
        "levels": [level.to_dict() for level in task.levels],
        "terms": list(task.terms),
        "knobs": [
            {
                "name": knob.name,
                "type": knob.type.__name__,
                "low": knob.low,
                "high": knob.high,
                "choices": list(knob.choices),
                "doc": knob.doc,
            }
            for knob in task.knobs.knobs()
        ],
    }


def find(wanted: Mapping[str, str]) -> Instance[Any]:
    """The instance at an address, or of a task at a level or at knobs spelt out, a seed, an index and a split.

    Knobs that are a level's give the level's address. Raises UsageError and its kin, GenerationError.
    """
    unknown = [name for name in wanted if name not in WANTED]
    if unknown:
        raise UsageError(f"an instance is found by {', '.join(WANTED)}, not by {unknown[0]!r:.80}")
    if "address" in wanted:
        return instance_at(wanted["address"])
    task = registry.load(wanted.get("task", ""))
    setting = f"L{_whole(wanted, 'level')}"
    if "knobs" in wanted:
        knobs = task.knobs.from_text(wanted["knobs"])
        setting = f"L{task.levels.index(knobs)}" if knobs in task.levels else knobs.to_text()
    split = addresses.split_named(wanted.get("split", "train"))
    seed, index = _whole(wanted, "seed"), _whole(wanted, "index")
    return instance_at(str(addresses.Address(task.name, task.version, setting, split, seed, index)))


def facts(instance: Instance[Any]) -> dict[str, Any]:
    """What is known of an instance, its answer apart; pictures by number and size."""
    where = addresses.parse(instance.address)
    return {
        "address": instance.address,
        "task": where.name,
        "level": where.level,
        "split": where.split,
        "seed": where.seed,
        "index": where.index,
        "knobs": instance.knobs.to_dict(),
        "measures": dict(instance.task.describe(instance.problem)),
        "prompt": parts(instance.address),
    }


def parts(address: str) -> list[dict[str, Any]]:
    """The first prompt of an instance: texts, and pictures by number and size."""
    told: list[dict[str, Any]] = []
    for part in _prompt(address):
        if isinstance(part, str):
            told.append({"text": part})
        else:
            number = sum("picture" in each for each in told)
            told.append({"picture": number, "width": part.width, "height": part.height})
    return told


@lru_cache(maxsize=256)
def picture(address: str, number: int, width: int = 0) -> bytes:
    """A picture of the first prompt as PNG; with `width`, no wider than that. Raises UsageError for one too many."""
    shown = [part for part in _prompt(address) if not isinstance(part, str)]
    if not 0 <= number < len(shown):
        raise UsageError(f"{address} shows {len(shown)} pictures; there is no number {number}")
    return png(shown[number], width)


def png(image: Image, width: int = 0) -> bytes:
    """A picture as PNG; with `width`, no wider than that."""
    from PIL import Image as images

    plain = image.convert("RGB")
    if 0 < width < plain.width:
        height = max(1, round(plain.height * width / plain.width))
        plain = plain.resize((width, height), images.Resampling.LANCZOS)
    stream = io.BytesIO()
    plain.save(stream, "PNG", compress_level=3)
    return stream.getvalue()


def oracle(address: str) -> dict[str, Any]:
    """A reply that scores 1, or a game's replies, with the verdict on it."""
    instance = instance_at(address)
    reply = instance.task.oracle(instance)
    replies = [reply] if isinstance(reply, str) else list(reply)
    return {"replies": replies, "verdict": verdict(instance.task.score(instance, reply))}


def blind(address: str) -> dict[str, Any]:
    """What blind players say and earn here, and on as many problems of the same setting as there is time for."""
    here = instance_at(address)
    task, where = here.task, addresses.parse(address)
    names = baselines.players(task)
    replies = {name: baselines.reply(task, here, name) for name in names}
    earned = {name: [task.score(here, replies[name]).value] for name in names}
    began, count = time.monotonic(), 1
    for index in range(PROBLEMS):
        if time.monotonic() - began > SECONDS:
            break
        if index == where.index:
            continue
        other = task.instance(index=index, seed=where.seed, split=where.split, knobs=here.knobs)
        for name in names:
            earned[name].append(task.score(other, baselines.reply(task, other, name)).value)
        count += 1
    players = [
        {"name": name, "here": earned[name][0], "mean": sum(earned[name]) / count, "reply": _line(replies[name])}
        for name in names
    ]
    return {"problems": count, "players": sorted(players, key=lambda each: -each["mean"]), "note": task.floor_note}


def verdict(score: Score) -> dict[str, Any]:
    """A score as plain values."""
    return {
        "value": score.value,
        "parts": dict(score.parts),
        "reason": score.reason,
        "readable": score.readable,
    }


@lru_cache(maxsize=64)
def _prompt(address: str) -> tuple[Part, ...]:
    return tuple(instance_at(address).prompt)


def _whole(wanted: Mapping[str, str], name: str) -> int:
    text = wanted.get(name, "0")
    if not (text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= 19):
        raise UsageError(f"{name} is a whole number, not {text!r:.40}")
    return int(text)


def _line(reply: Any) -> str:
    text = " ".join((reply if isinstance(reply, str) else " ".join(map(str, reply))).split())
    return text if len(text) <= 120 else text[:119] + "…"
