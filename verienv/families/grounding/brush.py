"""A brush that draws an object from a few parts, in units of the object's own box.

Only whole-pixel polygons, ellipses and arcs at a fixed large size touch pixels, and Pillow's fixed-point resizing makes
them small, so that an object has the same pixels on every machine.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

RGB = tuple[int, int, int]
Point = tuple[float, float]

UNIT: Final = 2.4  # pixels of the large drawing per unit; an object's longer side is about 100 units
RIM: Final = 4  # pixels of dark outline in the large drawing

COLOURS: Final[dict[str, RGB]] = {
    "red": (214, 48, 49),
    "orange": (243, 139, 32),
    "yellow": (248, 214, 62),
    "green": (64, 160, 74),
    "blue": (48, 110, 206),
    "purple": (136, 74, 178),
    "pink": (246, 150, 190),
    "white": (246, 246, 242),
    "black": (54, 54, 60),
}
PATTERNS: Final = ("plain", "striped", "spotted")

WOOD: Final = (158, 108, 66)
DARK_WOOD: Final = (112, 74, 48)
METAL: Final = (176, 184, 194)
DARK: Final = (52, 52, 60)
PALE: Final = (250, 248, 240)
GLASS: Final = (190, 222, 238)
LEAF: Final = (72, 148, 70)
GOLD: Final = (226, 178, 62)
SHADE: Final = (38, 30, 34)


def shade(colour: RGB, factor: float) -> RGB:
    """`colour` darker (below 1) or lighter (above 1), each channel in 0..255."""
    if factor <= 1:
        return _rgb([channel * factor for channel in colour])
    share = min(1.0, factor - 1)
    return _rgb([channel + (255 - channel) * share for channel in colour])


class Brush:
    """A pen in units; `main` is the object's colour, `dark` and `light` its shades."""

    def __init__(self, size: Point, main: RGB) -> None:
        self.main = main
        self.dark = shade(main, 0.72)
        self.light = shade(main, 1.4) if main != COLOURS["white"] else (222, 222, 220)
        side = (int(size[0] * UNIT) + 4 * RIM, int(size[1] * UNIT) + 4 * RIM)
        self.image = Image.new("RGBA", side, (0, 0, 0, 0))
        self.pen = ImageDraw.Draw(self.image)

    def rect(self, x1: float, y1: float, x2: float, y2: float, fill: RGB, round: float = 0) -> None:
        """A rectangle, with rounded corners of that radius."""
        box = (*self._at(x1, y1), *self._at(x2, y2))
        if round:
            self.pen.rounded_rectangle(box, int(round * UNIT), fill=fill)
        else:
            self.pen.rectangle(box, fill=fill)

    def oval(self, x1: float, y1: float, x2: float, y2: float, fill: RGB) -> None:
        """An ellipse in that box."""
        self.pen.ellipse((*self._at(x1, y1), *self._at(x2, y2)), fill=fill)

    def poly(self, points: list[Point], fill: RGB) -> None:
        """A polygon; every corner is a pixel wide, as releases of Pillow differ where flat edges meet in a point."""
        corners: list[int] = []  # x, y, x, y, ...
        for x, y in points:
            column, row = self._at(x, y)
            corners += (column, row, column + 1, row)
        self.pen.polygon(corners, fill=fill)

    def line(self, points: list[Point], fill: RGB, width: float) -> None:
        """A line with round ends and joints."""
        spots = [self._at(x, y) for x, y in points]
        thick = max(1, int(width * UNIT))
        self.pen.line(spots, fill=fill, width=thick)
        reach = thick // 2
        for x, y in spots:
            self.pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=fill)

    def arc(self, x1: float, y1: float, x2: float, y2: float, start: int, end: int, fill: RGB, width: float) -> None:
        """A piece of an ellipse's outline, in degrees clockwise from the right."""
        self.pen.arc((*self._at(x1, y1), *self._at(x2, y2)), start, end, fill=fill, width=max(1, int(width * UNIT)))

    def pie(self, x1: float, y1: float, x2: float, y2: float, start: int, end: int, fill: RGB) -> None:
        """A slice of an ellipse."""
        self.pen.pieslice((*self._at(x1, y1), *self._at(x2, y2)), start, end, fill=fill)

    def _at(self, x: float, y: float) -> tuple[int, int]:
        return int(x * UNIT) + 2 * RIM, int(y * UNIT) + 2 * RIM


Draw = Callable[[Brush], None]


@functools.lru_cache(maxsize=48)
def large(draw: Draw, size: Point, colour: str, pattern: str) -> Image.Image:
    """The large RGBA drawing, outlined and cut to its ink."""
    brush = Brush(size, COLOURS[colour])
    draw(brush)
    pixels = np.array(brush.image)
    if pattern != "plain":
        _pattern(pixels, brush, pattern)
    ink = pixels[:, :, 3] > 0
    words = pixels.view(np.uint32)[:, :, 0]
    words[_grown(ink) & ~ink] = _word(_rgb([channel * 0.34 for channel in brush.main]))
    image = Image.fromarray(pixels)
    return image.crop(image.getchannel("A").getbbox())


@functools.lru_cache(maxsize=1536)  # every kind in every colour and pattern: about 60 MB when all have been drawn
def half(draw: Draw, size: Point, colour: str, pattern: str) -> Image.Image:
    """The large drawing at half its size, alpha premultiplied: what most objects are made of."""
    return large(draw, size, colour, pattern).reduce(2).convert("RGBa")


def small(draw: Draw, size: Point, colour: str, pattern: str, side: tuple[int, int], flip: bool) -> Image.Image:
    """The drawing at `side` (width, height) pixels, which its ink fills from edge to edge; alpha premultiplied."""
    whole = half(draw, size, colour, pattern)
    if side[1] > whole.height:
        whole = large(draw, size, colour, pattern).convert("RGBa")
    image = _resized(whole, side, Image.Resampling.BOX if side[1] * 2 <= whole.height else Image.Resampling.BILINEAR)
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if flip else image


@functools.lru_cache(maxsize=512)
def shadow(width: int, height: int) -> Image.Image:
    """What lies under an object, `width` by `height` pixels; alpha premultiplied."""
    mask = Image.new("L", (width * 2, height * 2), 0)
    ImageDraw.Draw(mask).ellipse((width // 5, height // 3, width * 2 - width // 5, height * 2 - height // 3), fill=104)
    image = Image.new("RGBA", (width, height), SHADE)
    image.putalpha(mask.filter(ImageFilter.BoxBlur(max(1, height // 3))).reduce(2))
    return image.convert("RGBa")


@functools.lru_cache(maxsize=2048)
def stencil(draw: Draw, size: Point, side: tuple[int, int], flip: bool) -> tuple[Image.Image, int]:
    """The mode "L" mask of where the drawing covers what is behind it, and of how many pixels that is."""
    mask = _resized(half(draw, size, "red", "plain").getchannel("a"), side, Image.Resampling.BOX)
    mask = mask.point([255 if value >= 128 else 0 for value in range(256)])
    if flip:
        mask = mask.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return mask, mask.histogram()[255]


def _resized(image: Image.Image, side: tuple[int, int], method: Image.Resampling) -> Image.Image:
    """The picture at another size; across, then down, as releases of Pillow differ in which they do first."""
    return image.resize((side[0], image.height), method).resize(side, method)


def _grown(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What lies within RIM pixels of ink, across and down."""
    for axis in (0, 1):
        lines = np.moveaxis(ink, axis, 0)
        wide = lines.copy()
        for step in range(1, RIM + 1):
            wide[step:] |= lines[:-step]
            wide[:-step] |= lines[step:]
        ink = np.moveaxis(wide, 0, axis)
    return ink


def _pattern(pixels: NDArray[np.uint8], brush: Brush, pattern: str) -> None:
    """Stripes or spots on whatever has the main colour."""
    words = pixels.view(np.uint32)[:, :, 0]
    marked = words == _word(brush.main)
    marked &= _marks(pattern, *marked.shape)
    words[marked] = _word(PALE if sum(brush.main) < 600 else (96, 96, 110))


@functools.lru_cache(maxsize=128)
def _marks(pattern: str, height: int, width: int) -> NDArray[np.bool_]:
    """[height, width]: where stripes or spots lie."""
    down, across = np.arange(height)[:, None], np.arange(width)[None, :]
    marks: NDArray[np.bool_]
    if pattern == "striped":
        marks = (down + across) // 20 % 2 == 0
    else:
        row = down // 30
        x, y = (across + row % 2 * 17) % 34 - 17, down % 30 - 15
        marks = x * x + y * y < 82
    return marks


def _word(colour: RGB) -> np.uint32:
    """An opaque colour as it lies in memory."""
    return np.uint32(np.array([*colour, 255], np.uint8).view(np.uint32)[0])


def _rgb(channels: list[float]) -> RGB:
    red, green, blue = (max(0, min(255, int(channel + 0.5))) for channel in channels)
    return red, green, blue
