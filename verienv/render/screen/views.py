"""What stands for photos: small flat landscapes, towns and still lifes."""

from __future__ import annotations

import functools
import itertools

import numpy as np
from PIL import Image

from verienv.render.screen.brush import WHITE
from verienv.render.screen.themes import PALETTE, RGB, mix


@functools.lru_cache(maxsize=96)
def view(seed: int, size: tuple[int, int], dark: bool) -> Image.Image:
    """A small flat landscape or still life: what stands for a photo."""
    width, height = 2 * size[0], 2 * size[1]
    x = ((np.arange(width) * 2 + 1) * 500 // max(1, width))[None, :]
    y = ((np.arange(height) * 2 + 1) * 500 // max(1, height))[:, None]
    kind, hue = seed % 4, PALETTE[(seed * 7 + seed // 4) % len(PALETTE)]
    sky, ground = mix(hue, WHITE, 55), mix(hue, (24, 30, 36), 35)
    low, high = mix(hue, WHITE, 78), sky
    colours = [_between(low, high, share) for share in range(100)]  # a pixel is the number of its colour

    def number(colour: RGB) -> int:
        colours.append(colour)
        return len(colours) - 1

    plane = np.zeros((height, width), np.uint8)
    tall = 1000 * height // max(1, width)
    if kind in (0, 1):  # hills under a sun
        plane[:] = y // 10
        sun_x, sun_y = 200 + seed * 131 % 600, 230
        plane[(x - sun_x) ** 2 + ((y - sun_y) * tall // 1000) ** 2 < 90**2] = number(mix((255, 214, 92), WHITE, 20))
        for layer, (peak, spread) in enumerate(((300 + seed * 57 % 400, 620), (650 - seed * 91 % 400, 760))):
            ridge = 420 + layer * 170 + abs(x - peak) * (380 + seed * 17 % 200) // spread
            plane[y > ridge] = number(mix(ground, sky, 46 - layer * 36))
    elif kind == 2:  # rooms of a town
        plane[:] = number(low)
        glow = number(mix((255, 226, 140), sky, 15))
        for at in range(7):
            top = 300 + (seed * (at + 3) * 37) % 380
            across = (x[0] >= at * 145) & (x[0] < at * 145 + 128)
            plane[np.ix_(y[:, 0] > top, across)] = number(mix(ground, sky, 12 + at * 9 % 40))
            lit = (y[:, 0] % 90 < 38) & (y[:, 0] > top + 40)
            plane[np.ix_(lit, across & (x[0] % 42 < 17))] = glow
    else:  # a thing on a table
        plane[:] = number(mix(hue, WHITE, 82))
        plane[y[:, 0] > 720] = number(mix(hue, WHITE, 62))
        wide = 190 + seed * 23 % 90
        body = (x - 500) ** 2 * tall // 1000 + (y - 560) ** 2 * tall // 1000 < wide * wide * tall // 1000
        plane[body] = number(hue)
        shine = (x - 430) ** 2 + (y - 480) ** 2 * tall // 1000 * tall // 1000 < 60**2
        plane[shine] = number(mix(hue, WHITE, 55))
    if dark:
        colours = [(red * 82 // 100, green * 82 // 100, blue * 82 // 100) for red, green, blue in colours]
    image = Image.fromarray(plane)
    image.putpalette(bytes(itertools.chain.from_iterable(colours)))
    return image.convert("RGB").reduce(2)


def _between(low: RGB, high: RGB, share: int) -> RGB:
    """A colour of a sky, so many hundredths of the way."""
    red, green, blue = [(one * (100 - share) + other * share) // 100 for one, other in zip(high, low, strict=True)]
    return red, green, blue
