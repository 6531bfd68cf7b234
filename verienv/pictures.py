"""The pictures of a prompt as arrays: how many a level shows, how large, and all of them on one canvas."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from verienv.knobs import KnobSet
from verienv.task import Task

if TYPE_CHECKING:
    from verienv.task import Part

PROBES: Final = 3
"""Instances looked at to learn what a level shows."""

Shape = tuple[int, int, int]  # H, W, 3


def arrays(prompt: Sequence[Part]) -> tuple[NDArray[np.uint8], ...]:
    """The pictures in reading order, each a new [H, W, 3] uint8 array."""
    return tuple([np.array(part.convert("RGB"), np.uint8) for part in prompt if not isinstance(part, str)])


@lru_cache(maxsize=256)
def shown(task: Task[Any, Any, Any], knobs: KnobSet) -> frozenset[tuple[Shape, ...]]:
    """The different line-ups of picture sizes among the first prompts of PROBES instances. Raises GenerationError."""
    found = set()
    for index in range(PROBES):
        prompt = task.instance(index=index, knobs=knobs).prompt
        sizes = [part.size for part in prompt if not isinstance(part, str)]
        found.add(tuple([(height, width, 3) for width, height in sizes]))
    return frozenset(found)


def stackable(line_ups: frozenset[tuple[Shape, ...]]) -> tuple[int, int, int, int] | None:
    """[N, H, W, 3] when every line-up holds the same number of pictures, all of one size; else None."""
    if len(line_ups) != 1:
        return None
    (shapes,) = line_ups
    return (len(shapes), *shapes[0]) if len(set(shapes)) == 1 else None


def montage(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """All pictures one under the other on white, [H, W, 3] uint8; one white pixel when there is none."""
    if not pictures:
        return np.full((1, 1, 3), 255, np.uint8)
    height, width = sum(each.shape[0] for each in pictures), max(each.shape[1] for each in pictures)
    canvas = np.full((height, width, 3), 255, np.uint8)
    top = 0
    for each in pictures:
        canvas[top : top + each.shape[0], : each.shape[1]] = each
        top += each.shape[0]
    return canvas
