"""What every scene is made with: supersampled drawing, smooth fields, and the grain of the paper.

Only integer arithmetic, tables and Pillow's fixed-point resizing touch pixels, so a scene has the
same bytes on every machine. Random bytes come from `PCG64.random_raw`, whose stream numpy
guarantees.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops

RGB = tuple[int, int, int]
Plane = npt.NDArray[np.uint8]  # [H, W]
Point = tuple[float, float]  # pixels, origin top left

BILINEAR = Image.Resampling.BILINEAR
BICUBIC = Image.Resampling.BICUBIC
NEAREST = Image.Resampling.NEAREST

LUMA, CHROMA = 32, 16  # the grain's range: grey, and what each channel adds to it
LOWEST, HIGHEST = 26, 229  # inks inside this range never wrap around under the grain


def ink(red: float, green: float, blue: float) -> RGB:
    """A colour that the grain can be laid on: each channel rounded into 26..229."""
    return _clip(red), _clip(green), _clip(blue)


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """`first` with `share` (in [0, 1]) of `second` in it, as an ink."""
    rest = 1.0 - share
    return ink(
        first[0] * rest + second[0] * share,
        first[1] * rest + second[1] * share,
        first[2] * rest + second[2] * share,
    )


def shade(colour: RGB, factor: float) -> RGB:
    """`colour` made darker (factor < 1) or lighter (factor > 1), as an ink."""
    return ink(colour[0] * factor, colour[1] * factor, colour[2] * factor)


def supersampling(size: tuple[int, int]) -> int:
    """How many times larger a picture of this size is drawn, per side, before it is reduced."""
    area = size[0] * size[1]
    if area <= 128 * 128:
        return 4
    return 2 if area <= 1 << 20 else 1


class Noise:
    """A stream of random bytes, seeded by one draw from `rng`."""

    def __init__(self, rng: random.Random) -> None:
        self._bits = np.random.PCG64(rng.getrandbits(128))

    def plane(self, width: int, height: int) -> Plane:
        """[height, width] independent bytes."""
        words = self._bits.random_raw(width * height // 8 + 1)
        flat: Plane = words.astype("<u8", copy=False).view(np.uint8)
        return flat[: width * height].reshape(height, width)

    def image(self, width: int, height: int) -> Image.Image:
        """The same as a mode "L" picture."""
        return Image.fromarray(self.plane(width, height))

    def field(self, cells: tuple[int, int], octaves: int, size: tuple[int, int]) -> Plane:
        """Fractal noise, [H, W] over the full range 0..255, of `size` (width, height) pixels.

        `cells` is the number of bumps across and down in the coarsest octave; each next octave
        has twice as many and half the height.
        """
        total = np.zeros((size[1], size[0]), np.int32)
        for octave in range(octaves):
            across = min(size[0], cells[0] << octave) + 1
            down = min(size[1], cells[1] << octave) + 1
            layer = self.image(across, down).resize(size, BICUBIC)
            total += np.asarray(layer).astype(np.int32) << (octaves - octave)
        return stretch(total)


def stretch(values: npt.NDArray[np.int32]) -> Plane:
    """Integers of any range, shifted and scaled to fill 0..255."""
    low, high = int(values.min()), int(values.max())
    scaled = (values - low) * 255 // max(1, high - low)
    return scaled.astype(np.uint8)


def grown(plane: Plane, size: tuple[int, int], method: Image.Resampling = BILINEAR) -> Plane:
    """A small plane enlarged to `size` (width, height)."""
    return np.asarray(Image.fromarray(plane).resize(size, method))


def ramp(stops: Sequence[tuple[int, RGB]]) -> list[int]:
    """A palette of 256 colours, flat, interpolated between `stops` (index 0..255, ascending)."""
    return list(_ramp(tuple(stops)))


def coloured(plane: Plane, palette: list[int]) -> Image.Image:
    """The RGB picture of a plane seen through a palette of 256 colours."""
    picture = Image.fromarray(plane)
    picture = Image.frombytes("P", picture.size, picture.tobytes())
    picture.putpalette(palette)
    return picture.convert("RGB")


def column(stops: Sequence[tuple[int, RGB]], size: tuple[int, int]) -> Image.Image:
    """A vertical gradient of `size` (width, height) through `stops` (index 0..255 down)."""
    table = np.array(_ramp(tuple(stops)), np.uint8).reshape(256, 1, 3)
    rows = (np.arange(size[1]) * 255 + (size[1] - 1) // 2) // max(1, size[1] - 1)
    return Image.fromarray(np.ascontiguousarray(table[rows])).resize(size, NEAREST)


def grain(noise: Noise, size: tuple[int, int]) -> tuple[Plane, Plane, Plane]:
    """The fine structure that makes every patch unlike every other: three [H, W] planes.

    Values lie in 0..LUMA+CHROMA with mean 24. Neighbouring pixels agree (correlation 3/4 at one
    pixel, 0 at four), so that a border says which piece lay beside it.
    """
    width, height = size
    bits = noise.plane(width + 3 + 29, height + 3 + 17)
    bits &= 1
    soft = bits[:, :-1] + bits[:, 1:]
    soft = soft[:-1] + soft[1:]
    soft = soft[:, :-2] + soft[:, 2:]
    soft = soft[:-2] + soft[2:]
    grey = soft[:height, :width] << 1
    red = grey + soft[17 : height + 17, :width]
    green = grey + 8
    blue = grey + soft[:height, 29 : width + 29]
    return red, green, blue


def finish(
    picture: Image.Image,
    noise: Noise,
    light: tuple[Plane, Plane, Plane] | None = None,
    *,
    clip: bool = False,
) -> Image.Image:
    """Lay the grain, and the light where it is given, on an RGB picture drawn with inks.

    `light` is added modulo 256 per channel, so 250 means 6 darker. With `clip` the sum
    saturates instead of wrapping; then light is centred on 0 within -104..103.
    """
    planes = grain(noise, picture.size)
    if light is not None:
        planes = tuple(plane + extra for plane, extra in zip(planes, light, strict=True))  # type: ignore[assignment]
    shift = 104 if clip else 232  # -24 modulo 256, and 128 more where ImageChops takes it off
    veil = Image.merge("RGB", [Image.fromarray(plane + np.uint8(shift)) for plane in planes])
    if clip:
        return ImageChops.add(picture, veil, 1, -128)
    return ImageChops.add_modulo(picture, veil)


def vignette(size: tuple[int, int], depth: int) -> Plane:
    """[H, W] light: 0 in the middle, up to `depth` darker (modulo 256) towards the corners."""
    across = _bowl(size[0], depth)
    down = _bowl(size[1], depth)
    return across[None, :] + down[:, None]


def slope(length: int, change: int) -> Plane:
    """[length] light rising by `change` over the length, 0 in the middle, modulo 256."""
    rise = np.arange(length) * change // length - change // 2
    return (rise % 256).astype(np.uint8)


def ridge(rng: random.Random, steps: int, roughness: float) -> list[float]:
    """`steps`+1 heights in about [-1, 1] by midpoint displacement; `steps` is a power of two."""
    heights = [0.0] * (steps + 1)
    heights[0], heights[steps] = rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5)
    stride, reach = steps, 0.6
    while stride > 1:
        half = stride // 2
        for at in range(half, steps, stride):
            middle = (heights[at - half] + heights[at + half]) / 2
            heights[at] = middle + rng.uniform(-reach, reach)
        stride, reach = half, reach * roughness
    return heights


def _clip(channel: float) -> int:
    return LOWEST if channel < LOWEST else HIGHEST if channel > HIGHEST else int(channel + 0.5)


def _bowl(length: int, depth: int) -> Plane:
    middle = max(1, length - 1)
    offsets = np.abs(2 * np.arange(length) - (length - 1))
    drop = offsets * offsets * (depth // 2) // (middle * middle)
    return (256 - drop).astype(np.uint8)


@functools.lru_cache(maxsize=256)
def _ramp(stops: tuple[tuple[int, RGB], ...]) -> tuple[int, ...]:
    colours: list[int] = []
    where = 0
    for index in range(256):
        while where + 2 < len(stops) and index >= stops[where + 1][0]:
            where += 1
        (start, first), (end, second) = stops[where], stops[where + 1]
        share = min(max(index - start, 0), end - start)
        span = max(1, end - start)
        for a, b in zip(first, second, strict=True):
            colours.append((a * (span - share) + b * share + span // 2) // span)
    return tuple(colours)
