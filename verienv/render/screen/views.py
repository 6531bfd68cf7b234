"""What stands for photos: small flat landscapes, towns and still lifes."""

from __future__ import annotations

import functools

import numpy as np
from PIL import Image

from verienv.render.screen.brush import WHITE
from verienv.render.screen.themes import PALETTE, mix


@functools.lru_cache(maxsize=96)
def view(seed: int, size: tuple[int, int], dark: bool) -> Image.Image:
    """A small flat landscape or still life: what stands for a photo."""
    width, height = 2 * size[0], 2 * size[1]
    fine_x, fine_y = (
        (np.arange(width) * 2 + 1) * 500 // max(1, width),
        (np.arange(height) * 2 + 1) * 500 // max(1, height),
    )
    kind, hue = seed % 4, PALETTE[(seed * 7 + seed // 4) % len(PALETTE)]
    sky, ground = mix(hue, WHITE, 55), mix(hue, (24, 30, 36), 35)
    plane = np.empty((height, width, 3), np.uint8)
    low, high = mix(hue, WHITE, 78), sky
    share = fine_y[:, None] * 100 // 1000
    plane[:] = ((np.array(high) * (100 - share) + np.array(low) * share) // 100)[:, None, :]
    y, x = fine_y[:, None], fine_x[None, :]
    tall = 1000 * height // max(1, width)
    if kind in (0, 1):  # hills under a sun
        sun_x, sun_y = 200 + seed * 131 % 600, 230
        near = (x - sun_x) ** 2 + ((y - sun_y) * tall // 1000) ** 2 < 90**2
        plane[near] = mix((255, 214, 92), WHITE, 20)
        for layer, (peak, spread) in enumerate(((300 + seed * 57 % 400, 620), (650 - seed * 91 % 400, 760))):
            ridge = 420 + layer * 170 + abs(x - peak) * (380 + seed * 17 % 200) // spread
            plane[np.broadcast_to(y > ridge, (height, width))] = mix(ground, sky, 46 - layer * 36)
    elif kind == 2:  # rooms of a town
        plane[:] = low
        for at in range(7):
            top = 300 + (seed * (at + 3) * 37) % 380
            tower = (x >= at * 145) & (x < at * 145 + 128) & (y > top)
            plane[tower] = mix(ground, sky, 12 + at * 9 % 40)
            lit = tower & (x % 42 < 17) & (y % 90 < 38) & (y > top + 40)
            plane[lit] = mix((255, 226, 140), sky, 15)
    else:  # a thing on a table
        plane[:] = mix(hue, WHITE, 82)
        plane[np.broadcast_to(y > 720, (height, width))] = mix(hue, WHITE, 62)
        round_x, wide = 500, 190 + seed * 23 % 90
        body = ((x - round_x) ** 2 * tall // 1000 + (y - 560) ** 2 * tall // 1000) < (wide * wide * tall // 1000)
        plane[np.broadcast_to(body, (height, width))] = hue
        shine = ((x - 430) ** 2 + (y - 480) ** 2 * tall // 1000 * tall // 1000) < 60**2
        plane[np.broadcast_to(shine, (height, width))] = mix(hue, WHITE, 55)
    if dark:
        plane = (plane.astype(np.uint16) * 82 // 100).astype(np.uint8)
    return Image.fromarray(plane).reduce(2)
