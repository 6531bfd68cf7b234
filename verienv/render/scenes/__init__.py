"""Pictures drawn from a stream of random numbers, each with a structure of the whole.

A piece cut out of one shows where it came from: skies brighten downwards, roads run to one
vanishing point, maps have rims and rivers that widen, text reads in lines. A fine grain makes
every patch unlike every other, and neighbouring pieces match along their seams.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL import Image

from verienv.errors import UnknownName, UsageError
from verienv.render.scenes import atlas, landscape, room, sign, texture

SMALLEST, LARGEST = 32, 2048  # pixels, per side

_DRAW: dict[str, Callable[[random.Random, tuple[int, int]], Image.Image]] = {
    "landscape": landscape.draw,
    "map": atlas.draw,
    "room": room.draw,
    "sign": sign.draw,
    "texture": texture.draw,
}
SCENES: tuple[str, ...] = tuple(_DRAW)


def scene(kind: str, rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """Draw one RGB picture of `size` (width, height) pixels, every draw taken from `rng`.

    Raises `UnknownName` for a kind that is not in `SCENES`, `UsageError` for a side outside 32..2048.
    """
    if kind not in _DRAW:
        raise UnknownName("scene", kind, SCENES)
    if not all(SMALLEST <= side <= LARGEST for side in size):
        raise UsageError(
            f"scene size {size[0]}x{size[1]}: each side must be {SMALLEST}..{LARGEST} pixels"
        )
    return _DRAW[kind](rng, size)
