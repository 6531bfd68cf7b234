"""What every scene is made with: shapes on a sheet, smooth fields, and the grain of the paper.

Only whole numbers and tables touch pixels, so a scene has the same bytes on every machine. Random
bytes come from `PCG64.random_raw`, whose stream numpy guarantees.

Shapes are drawn at full size. What is smooth (clouds, heights, light, grain) is worked out at half
the size, one value for each block of 2 by 2 pixels. `finish` then averages every pixel with its
right and lower neighbours, which rounds the edges of shapes and the corners of blocks alike.
"""

from __future__ import annotations

import functools
import random
import threading
from collections.abc import Iterable, Sequence
from math import floor

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from verienv.render import fonts

RGB = tuple[int, int, int]
Plane = npt.NDArray[np.uint8]  # [H, W]
Light = npt.NDArray[np.int8]  # [h, w * 4], or of that shape by broadcasting: per block red, green, blue, one not used
Words = npt.NDArray[np.uint32]  # [H, W], in memory red, green, blue, and a byte that is not used
Numbers = npt.NDArray[np.float64]
Point = tuple[float, float]  # pixels, origin top left

LOWEST, HIGHEST = 26, 229  # inks inside this range never wrap around under the grain


def ink(red: float, green: float, blue: float) -> RGB:
    """A colour that the grain can be laid on: each channel rounded into 26..229."""
    return (
        LOWEST if red < LOWEST else HIGHEST if red > HIGHEST else int(red + 0.5),
        LOWEST if green < LOWEST else HIGHEST if green > HIGHEST else int(green + 0.5),
        LOWEST if blue < LOWEST else HIGHEST if blue > HIGHEST else int(blue + 0.5),
    )


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """`first` with `share` (in [0, 1]) of `second` in it, as an ink."""
    rest = 1.0 - share
    red, green, blue = first
    other_red, other_green, other_blue = second
    return ink(red * rest + other_red * share, green * rest + other_green * share, blue * rest + other_blue * share)


def shade(colour: RGB, factor: float) -> RGB:
    """`colour` made darker (factor < 1) or lighter (factor > 1), as an ink."""
    red, green, blue = colour
    return ink(red * factor, green * factor, blue * factor)


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
        corners: list[int] = []  # x, y, x, y, ...
        for x, y in points:
            column, row = floor(x + 0.5), floor(y + 0.5)
            corners += (column, row, column + 1, row)
        self.polygon(corners, fill=fill)

    def box(
        self, box: Sequence[float], fill: RGB | None = None, outline: RGB | None = None, width: int = 1
    ) -> None:
        """A rectangle (left, top, right, bottom), right and bottom included."""
        left, top, right, bottom = box
        left, top, right, bottom = floor(left + 0.5), floor(top + 0.5), floor(right + 0.5), floor(bottom + 0.5)
        if left <= right and top <= bottom:
            self.rectangle((left, top, right, bottom), fill=fill, outline=outline, width=width)

    def disc(
        self, box: Sequence[float], fill: RGB | int | None = None, outline: RGB | None = None, width: int = 1
    ) -> None:
        """An ellipse inside (left, top, right, bottom)."""
        left, top, right, bottom = box
        left, top, right, bottom = floor(left + 0.5), floor(top + 0.5), floor(right + 0.5), floor(bottom + 0.5)
        if left <= right and top <= bottom:
            self.ellipse((left, top, right, bottom), fill=fill, outline=outline, width=width)

    def write(
        self,
        xy: Point,
        words: str | tuple[str, ...],
        fill: RGB,
        face: tuple[str, int],
        anchor: str = "ls",
        *,
        glow: bool = False,
    ) -> None:
        """One line in a bundled face (name, pixels per em), from whole pixels; pieces of it are kept.

        `anchor` is where `xy` lies on it: left, middle or right (l, m, r), then ascender, middle,
        baseline or descender (a, m, s, d). Words given in pieces are set without kerning between them.
        With `glow` all that is near the letters is filled.
        """
        name, size = face
        stamps = [fonts.stamp(piece, name, size, glow) for piece in ((words,) if isinstance(words, str) else words)]
        x, y = floor(xy[0] + 0.5), floor(xy[1] + 0.5)
        if anchor[0] != "l":
            wide = sum([stamp.advance for stamp in stamps])
            x -= wide if anchor[0] == "r" else wide // 2
        if anchor[1] != "s":
            up, down = fonts.metrics(name, size)
            y += {"a": up, "m": (up - down) // 2, "d": -down}[anchor[1]]
        for stamp in stamps:
            self.bitmap((x + stamp.left, y + stamp.top), stamp.ink, fill=fill)
            x += stamp.advance

    def slab(self, box: Sequence[float], radius: float, fill: RGB) -> None:
        """A rectangle with round corners."""
        left, top, right, bottom = box
        self.box((left + radius, top, right - radius, bottom), fill=fill)
        self.box((left, top + radius, right, bottom - radius), fill=fill)
        for x in (left, right - 2 * radius):
            for y in (top, bottom - 2 * radius):
                self.disc((x, y, x + 2 * radius, y + 2 * radius), fill=fill)


class Sheet:
    """A picture that Pillow draws on and numpy counts on, in one memory."""

    def __init__(self, size: tuple[int, int], colour: RGB | None = None) -> None:
        """Of one colour, or to be filled before anything is drawn on it."""
        self.size = size  # width, height
        self._memory, self._spare = _DESK.take(size)
        self.words: Words = self._memory[: size[0] * size[1]].reshape(size[1], size[0])
        if colour:
            self.words[:] = word(colour)
        self.image = Image.frombuffer("RGBX", size, self.words, "raw", "RGBX", 0, 1)
        self.image.readonly = 0  # what is drawn on it goes into `words`, not into a copy
        self.pen = Pen(self.image)

    @property
    def bytes(self) -> Plane:
        """[H, W * 4]: red, green, blue, and a byte that is not used."""
        return self.words.view(np.uint8)

    def column(self, stops: Sequence[tuple[int, RGB]], top: int = 0, bottom: int | None = None) -> None:
        """Fill the rows from `top` to `bottom` with a gradient through `stops` (index 0..255 down)."""
        rows = self.words[top:bottom]
        last = max(1, len(rows) - 1)
        rows[:] = ramp(tuple(stops))[(np.arange(len(rows)) * 255 + last // 2) // last][:, None]

    def blocks(self, colours: Words) -> None:
        """Fill the sheet with one colour ([h, w]) for each block."""
        pairs = self._pairs(colours)
        self.bytes[0::2] = pairs
        self.bytes[1::2] = pairs[: self.size[1] // 2]

    def lift(self, colours: Words, rows: int | None = None) -> None:
        """Add one colour ([h, w]) for each block of the uppermost `rows`, modulo 256 in each channel."""
        pairs, values = self._pairs(colours), self.bytes[:rows]
        twins = values[: len(values) // 2 * 2].reshape(-1, 2, values.shape[1])
        twins += pairs[: len(twins), None]
        if len(values) % 2:
            values[-1] += pairs[len(twins)]

    def blur(self) -> None:
        """Make every pixel the sum of itself and its right and lower neighbours, modulo 256.

        On the rims, pixels stand for the neighbours that they lack.
        """
        values, row = self.bytes, 4 * self.size[0]
        sums = self._spare.view(np.uint8)[: values.size].reshape(values.shape)
        flat, beside = values.reshape(-1), sums.reshape(-1)
        np.add(flat[:-4], flat[4:], out=beside[:-4])
        np.add(values[:, -4:], values[:, -4:], out=sums[:, -4:])
        np.add(beside[:-row], beside[row:], out=flat[:-row])
        np.add(sums[-1], sums[-1], out=values[-1])

    def picture(self) -> Image.Image:
        """The RGB picture. The sheet is at its end: its memory goes to the next one."""
        made = Image.frombytes("RGB", self.size, self.words.data, "raw", "RGBX")
        _DESK.give(self._memory, self._spare)
        return made

    def _pairs(self, colours: Words) -> Plane:
        """[h, W * 4] bytes: every word twice, in spare memory."""
        down, across = colours.shape
        pairs = self._spare.view(np.uint64)[: down * across].reshape(down, across)
        pairs[:] = colours
        pairs *= np.uint64(0x1_0000_0001)
        return pairs.view(np.uint8)[:, : 4 * self.size[0]]

    def reduced(self, times: int) -> Sheet:
        """A sheet so many times smaller, each pixel the mean of those that it stands for."""
        small = self.image.reduce(times)
        sheet = Sheet(small.size)
        sheet.words[:] = np.frombuffer(small.tobytes(), np.uint32).reshape(sheet.words.shape)
        return sheet


_LOUDNESS = (0.0, 3.0, 5.0, 10.0, 20.0, 40.0)  # of an octave, by how many are left: the last is not softened further


class Noise:
    """A stream of random bytes, seeded by one draw from `rng`."""

    def __init__(self, rng: random.Random) -> None:
        self._bits = np.random.PCG64(rng.getrandbits(128))

    def plane(self, width: int, height: int) -> Plane:
        """[height, width] independent bytes."""
        words = self._bits.random_raw(width * height // 8 + 1)
        flat: Plane = words.astype("<u8", copy=False).view(np.uint8)
        return flat[: width * height].reshape(height, width)

    def field(self, cells: tuple[int, int], octaves: int, size: tuple[int, int]) -> Plane:
        """Fractal noise, [H, W] over nearly the full range 0..255, of `size` (width, height).

        `cells` is the number of bumps across and down in the coarsest octave; each next octave
        has twice as many and half the height.
        """
        total: Numbers = np.zeros((0, 0))
        for octave in range(octaves):
            down, across = (cells[1] << octave) + 3, (cells[0] << octave) + 3
            layer = self.plane(across, down).astype(np.float64) * _LOUDNESS[octaves - octave]
            total = layer + _finer(total, (across, down)) if octave else layer
        sizes = [size]
        while max(sizes[-1]) > 96:
            sizes.append((sizes[-1][0] // 2 + 2, sizes[-1][1] // 2 + 2))
        found = stretch(_finer(total, sizes.pop()).astype(np.int32))
        for across, down in reversed(sizes):
            found = doubled(found, (2 * across, 2 * down))
        return found


def word(colour: RGB) -> np.uint32:
    """A colour as it lies in `Words`."""
    return np.uint32(np.array([*colour, 255], np.uint8).view(np.uint32)[0])


def half(size: tuple[int, int]) -> tuple[int, int]:
    """How many blocks across and down cover a picture of `size` (width, height)."""
    return (size[0] + 1) // 2, (size[1] + 1) // 2


def quarter(size: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a plane that `doubled` turns into one value for each block of a picture."""
    across, down = half(size)
    return (across + 1) // 2 + 1, (down + 1) // 2 + 1


def doubled(plane: Plane, size: tuple[int, int]) -> Plane:
    """A plane of `quarter(size)` enlarged to `half(size)`: smooth, by cutting corners in both directions."""
    across, down = half(size)
    upper, lower = _quarters(plane)
    rows = np.empty((2 * len(upper), plane.shape[1]), np.uint8)
    rows[0::2], rows[1::2] = upper, lower
    upper, lower = _quarters(rows.T)
    found = np.empty((len(rows), 2 * len(upper)), np.uint8)
    found[:, 0::2], found[:, 1::2] = upper.T, lower.T
    return found[:down, :across]


def stretch(values: npt.NDArray[np.int32]) -> Plane:
    """Integers in -32768..32767, shifted and scaled to fill 0..255."""
    low, high = int(values.min()), int(values.max())
    return ((values - low) * ((255 << 15) // max(1, high - low)) >> 15).astype(np.uint8)


@functools.lru_cache(maxsize=256)
def ramp(stops: tuple[tuple[int, RGB], ...]) -> Words:
    """[256], read-only: colours interpolated between `stops` (index 0..255, ascending)."""
    colours = []
    where = 0
    for index in range(256):
        while where + 2 < len(stops) and index >= stops[where + 1][0]:
            where += 1
        (start, first), (end, second) = stops[where], stops[where + 1]
        share = min(max(index - start, 0), end - start)
        span = max(1, end - start)
        colours.append(
            [(a * (span - share) + b * share + span // 2) // span for a, b in zip(first, second, strict=True)] + [255]
        )
    table: Words = np.array(colours, np.uint8).view(np.uint32).reshape(256)
    table.flags.writeable = False
    return table


def seen(plane: Plane, colours: Words) -> Words:
    """A plane through a table of 256 colours."""
    found = np.empty(plane.shape, np.uint32)
    for top in range(0, len(plane), 32):  # numpy turns what it looks up by into eight bytes each
        colours.take(plane[top : top + 32], out=found[top : top + 32], mode="clip")
    return found


def grey(light: npt.NDArray[np.int8]) -> Light:
    """Light [h, w] that is the same in every channel."""
    words = light.view(np.uint8).astype(np.uint32)
    words *= np.uint32(0x01010101)
    return words.view(np.int8)


def finish(sheet: Sheet, noise: Noise, *lights: Light, faint: bool = False, soft: bool = True) -> Image.Image:
    """The RGB picture of a sheet drawn with inks: softened, lit, and with the grain of paper on it.

    `lights` are levels for each block, together from -100 to 100; beyond black and white nothing
    changes. Where they are `faint`, together from -8 to 8, that needs no looking after. Without
    `soft`, the edges of shapes are left as they are (they were supersampled).

    The grain is what makes every patch unlike every other. It lies within -16..16: each block has a
    grey of its own and a little colour, neighbours blend, so that a border tells which piece lay
    beside it, and faint stripes run through the whole, so that no two plain pieces look alike.
    """
    grains = _grains(noise, half(sheet.size))
    levels = grains.view(np.int8)
    for light in lights:
        levels += light
    levels >>= 2
    if not soft:
        sheet = _veiled(sheet, grains)
    else:
        values = sheet.bytes
        values >>= 2
        sheet.lift(grains)
        if lights and not faint:
            signed = values.view(np.int8)
            np.clip(signed, 0, 63, out=signed)
        sheet.blur()
    return sheet.picture()


def veil(size: tuple[int, int], depth: int, across: Sequence[int] = (0, 0, 0), down: int = 0) -> tuple[Light, Light]:
    """Lights that fade towards the rims by up to `depth` and rise by `across` (of each channel) and `down`.

    A rise is 0 in the middle.
    """
    columns, rows = half(size)
    x, dark = _bowl(columns, depth)
    light = np.zeros((columns, 4), np.int8)
    for channel, rise in enumerate(across):
        light[:, channel] = x * rise // (2 * columns) - dark
    y, dark = _bowl(rows, depth)
    return light.reshape(1, -1), (y * down // (2 * rows) - dark).astype(np.int8).reshape(-1, 1)


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


def _grains(noise: Noise, size: tuple[int, int]) -> Words:
    """For each of `size` blocks the levels that the grain adds to it, four times too fine to be seen as steps.

    Of every random byte, four bits give a block its grey, and one bit each a channel of four blocks its tint.
    """
    across, down = size
    count = -(-across * down // 32) * 32
    bits = noise.plane(count, 1)[0]
    words = (bits >> 4).astype(np.uint32)
    words *= np.uint32(0x01010101)
    tints, parts = bits.view(np.uint64), words.view(np.uint64).reshape(4, -1)
    for part, turn in enumerate((2, 1)):
        parts[part] += tints << np.uint64(turn) & _TINT
    parts[2] += tints & _TINT
    parts[3] += tints >> np.uint64(1) & _TINT
    found: Words = words[: across * down].reshape(down, across)
    found += _stain(noise, across)
    found += _stain(noise, down)[:, None]
    values = words.view(np.uint8)
    values -= np.uint8(16)
    return found


_TINT = np.uint64(0x0404040404040404)


def _stain(noise: Noise, length: int) -> Words:
    """[length]: a smooth curve within 0..8 for each channel, ten bends long."""
    curves = _splines(13, length) @ (noise.plane(4, 13) >> 7).astype(np.float64)
    curves *= 0.125
    found: Words = curves.astype(np.uint8).view(np.uint32)[:, 0]
    return found


def _bowl(length: int, depth: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """How far each of `length` blocks is from the middle, twice, and how much darker for it."""
    offsets = 2 * np.arange(length) - (length - 1)
    return offsets, offsets * offsets * (depth // 2) // max(1, length - 1) ** 2


def _veiled(sheet: Sheet, grains: Words) -> Sheet:
    """A sheet under the grain alone, its edges left as they are."""
    veil = Sheet(sheet.size)
    veil.words[:] = 0
    veil.lift(grains)
    veil.blur()
    lit = sheet.bytes + veil.bytes.view(np.int8).astype(np.int16)
    veil.bytes[:] = np.clip(lit, 0, 255)
    return veil


class _Desk(threading.local):
    """The memory of a thread's last sheet. Pages fresh from the system cost more than what is drawn on them."""

    def __init__(self) -> None:
        self.free: list[tuple[Words, Words]] = []

    def take(self, size: tuple[int, int]) -> tuple[Words, Words]:
        """Words for every pixel, twice, and for the blocks at the rims."""
        across, down = half(size)
        count = 4 * across * down
        if self.free and len(self.free[-1][0]) == count:
            return self.free.pop()
        return np.empty(count, np.uint32), np.empty(count, np.uint32)

    def give(self, memory: Words, spare: Words) -> None:
        """Keep the memory of one sheet."""
        self.free = [(memory, spare)]


_DESK = _Desk()


def _quarters(rows: Plane) -> tuple[Plane, Plane]:
    """Between each row and the next, what lies a quarter and three quarters of the way."""
    first, second = rows[:-1], rows[1:]
    middle = _mean(first, second)
    return _mean(first, middle), _mean(middle, second)


def _mean(first: Plane, second: Plane) -> Plane:
    """The mean of two planes, rounded down."""
    found: Plane = (first & second) + ((first ^ second) >> 1)
    return found


def _finer(values: Numbers, size: tuple[int, int]) -> Numbers:
    """Whole numbers [h, w] below 2^32 as control points of a smooth surface, [H, W] at `size` (width, height).

    The sums are of whole numbers below 2^53, so they are exact in whatever order a machine adds them.
    """
    found = _splines(values.shape[0], size[1]) @ values @ _splines(values.shape[1], size[0]).T
    found *= 2.0**-12
    np.floor(found, out=found)
    return found


@functools.lru_cache(maxsize=64)
def _splines(count: int, length: int) -> Numbers:
    """[length, count], read-only: how much each of `count` control points of a cubic B-spline adds, in 64ths."""
    found = np.zeros((length, count))
    for at in range(length):
        first, over = divmod((2 * at + 1) * (count - 3), 2 * length)
        u, one = over, 2 * length  # the place between control points is u / one
        parts = (
            (one - u) ** 3,
            3 * u**3 - 6 * u**2 * one + 4 * one**3,
            -3 * u**3 + 3 * u**2 * one + 3 * u * one**2 + one**3,
            u**3,
        )
        shares = [(64 * part + 3 * one**3) // (6 * one**3) for part in parts]
        shares[1 if 2 * u < one else 2] += 64 - sum(shares)
        found[at, first : first + 4] = shares
    found.flags.writeable = False
    return found
