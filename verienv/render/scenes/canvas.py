"""What every scene is made with: supersampled drawing, smooth fields, and the grain of the paper.

Only integer arithmetic, tables and Pillow's fixed-point resizing touch pixels, so a scene has the
same bytes on every machine. Random bytes come from `PCG64.random_raw`, whose stream numpy
guarantees.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterable, Sequence
from math import floor

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

RGB = tuple[int, int, int]
Plane = npt.NDArray[np.uint8]  # [H, W]
Point = tuple[float, float]  # pixels, origin top left

BILINEAR = Image.Resampling.BILINEAR
BICUBIC = Image.Resampling.BICUBIC
NEAREST = Image.Resampling.NEAREST

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
    return 4 if area <= 80 * 80 else 2 if area <= 200 * 200 else 1


class Pen(ImageDraw.ImageDraw):
    """Shapes with the same pixels in every release of Pillow, and none where there is no room.

    Releases before 11.2 draw other pixels than later ones where two flat edges of a polygon meet
    in a point. `area` therefore ends every edge in a point of its own: all corners are one pixel
    wide. Coordinates are pixels, rounded half up.
    """

    def __init__(self, picture: Image.Image) -> None:
        super().__init__(picture)

    def area(self, points: Iterable[Point], fill: RGB | int) -> None:
        """A filled polygon."""
        corners: list[tuple[int, int]] = []
        for x, y in points:
            column, row = floor(x + 0.5), floor(y + 0.5)
            corners += ((column, row), (column + 1, row))
        self.polygon(corners, fill=fill)

    def box(
        self, box: Sequence[float], fill: RGB | None = None, outline: RGB | None = None, width: int = 1
    ) -> None:
        """A rectangle (left, top, right, bottom), right and bottom included."""
        left, top, right, bottom = (floor(side + 0.5) for side in box)
        if left <= right and top <= bottom:
            self.rectangle((left, top, right, bottom), fill=fill, outline=outline, width=width)

    def disc(
        self, box: Sequence[float], fill: RGB | int | None = None, outline: RGB | None = None, width: int = 1
    ) -> None:
        """An ellipse inside (left, top, right, bottom)."""
        left, top, right, bottom = (floor(side + 0.5) for side in box)
        if left <= right and top <= bottom:
            self.ellipse((left, top, right, bottom), fill=fill, outline=outline, width=width)

    def write(
        self, xy: Point, words: str, fill: RGB, face: ImageFont.FreeTypeFont, anchor: str = "la"
    ) -> None:
        """One line of text at a whole pixel: FreeType's releases differ between pixels."""
        x, y = xy
        self.text((floor(x + 0.5), floor(y + 0.5)), words, fill=fill, font=face, anchor=anchor)

    def slab(self, box: Sequence[float], radius: float, fill: RGB) -> None:
        """A rectangle with round corners."""
        left, top, right, bottom = box
        self.box((left + radius, top, right - radius, bottom), fill=fill)
        self.box((left, top + radius, right, bottom - radius), fill=fill)
        for x in (left, right - 2 * radius):
            for y in (top, bottom - 2 * radius):
                self.disc((x, y, x + 2 * radius, y + 2 * radius), fill=fill)


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
            across = min(size[0], (cells[0] << octave) + 1)
            down = min(size[1], (cells[1] << octave) + 1)
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
    return Image.fromarray(table[rows]).resize(size, NEAREST)


def grain(noise: Noise, size: tuple[int, int]) -> tuple[Plane, Plane, Plane]:
    """The fine structure that makes every patch unlike every other: three flat planes, [H * W].

    Values lie in -26..26, modulo 256: a grey part in -16..16 and, in red and blue, a broader
    part of their own in -10..10. Neighbouring pixels agree (the grey correlates 3/4 at one pixel
    and 0 at four), so that a border says which piece lay beside it.
    """
    row, count = size[0], size[0] * size[1]
    soft = noise.plane(row, size[1] + 40).reshape(-1)
    np.bitwise_and(soft, 2, out=soft)
    np.subtract(soft, 1, out=soft)
    _box(soft, 1, row)
    _box(soft, 2, 2 * row)
    green = soft[:count].copy()
    _box(soft, 4, 4 * row)
    signed: npt.NDArray[np.int8] = soft.view(np.int8)
    np.right_shift(signed, 1, out=signed)
    tint: Plane = np.clip(signed, -10, 10, out=signed).view(np.uint8)
    red = green + tint[11 * row + 19 :][:count]
    blue = green + tint[29 * row + 7 :][:count]
    return red, green, blue


def finish(
    picture: Image.Image,
    noise: Noise,
    light: Sequence[Plane] = (),
    *,
    soft: bool = False,
    clip: bool = False,
) -> Image.Image:
    """Lay the grain, and the light where it is given, on an RGB picture drawn with inks.

    `light` holds one [H, W] plane per channel, added modulo 256: 250 means 6 darker. With `clip`
    the sum saturates instead of wrapping; then light must lie within -104..103. `soft` first
    averages each pixel with its right and lower neighbours, the cheap stand-in for supersampling.
    """
    planes = []
    for index, (band, veil) in enumerate(
        zip(picture.split(), grain(noise, picture.size), strict=True)
    ):
        if light:
            veil = veil + light[index].reshape(-1)
        values: Plane = np.frombuffer(band.tobytes(), np.uint8)
        if soft:
            values = np.right_shift(values, 2, dtype=np.uint8)
            rim = values[picture.width - 1 :: picture.width] << 2
            _box(values, 1, picture.width)
            values[picture.width - 1 :: picture.width] = rim
        planes.append(_saturated(values, veil) if clip else values + veil)
    bands = [Image.frombuffer("L", picture.size, plane, "raw", "L", 0, 1) for plane in planes]
    return Image.merge("RGB", bands)


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


def _box(flat: Plane, across: int, down: int) -> None:
    """Add to each value of a flat plane those `across` and `down` places on, in place.

    The plane is taken as one long row: the end of a row spills into the next, which is not seen
    in noise. The last places, which have none after them, are doubled.
    """
    for step in (across, down):
        later = flat[step:].copy()
        np.add(flat[:-step], later, out=flat[:-step])
        np.add(flat[-step:], flat[-step:], out=flat[-step:])


def _saturated(values: Plane, veil: Plane) -> Plane:
    """Values plus a veil in -128..127 (modulo 256), held within 0..255."""
    biased = veil + np.uint8(128)
    more = np.maximum(biased, 128) - np.uint8(128)
    less = np.uint8(128) - np.minimum(biased, 128)
    raised = np.minimum(values, ~more) + more
    lowered: Plane = np.maximum(raised, less) - less
    return lowered


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
