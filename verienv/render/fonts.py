"""The bundled fonts: text that has the same pixels on every machine.

Four DejaVu faces, subset to Latin-1, Latin Extended-A, Greek, punctuation, arrows, mathematics,
box drawing, geometric shapes and check marks. Raqm is never used: its shaping depends on what
the machine has installed.
"""

from __future__ import annotations

import functools
import math
import pathlib
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from verienv.errors import UnknownName, UsageError

FONTS: dict[str, str] = {
    "sans": "DejaVuSans.ttf",
    "bold": "DejaVuSans-Bold.ttf",
    "mono": "DejaVuSansMono.ttf",
    "serif": "DejaVuSerif.ttf",
}
SIZES = (4, 1024)  # pixels per em, both ends allowed

_DIRECTORY = pathlib.Path(__file__).with_name("fonts")


def font(name: str = "sans", size: int = 14) -> ImageFont.FreeTypeFont:
    """The bundled face `name` ("sans", "bold", "mono", "serif") at `size` pixels per em.

    Loaded faces are kept; they are never changed, so threads may share them.
    Raises `UnknownName`, or `UsageError` for a size outside 4..1024.
    """
    if name not in FONTS:
        raise UnknownName("font", name, FONTS)
    if not SIZES[0] <= size <= SIZES[1]:
        raise UsageError(f"font size {size} is outside {SIZES[0]}..{SIZES[1]} pixels")
    return _load(name, size)


def text(
    draw: ImageDraw.ImageDraw,
    xy: tuple[float, float],
    words: str,
    *,
    name: str = "sans",
    size: int = 14,
    fill: tuple[int, int, int] | int = 0,
    anchor: str = "la",
) -> tuple[int, int, int, int]:
    """Write one line at the whole pixel nearest `xy`; `anchor` as Pillow spells it (left/ascender).

    `fill` is an RGB triple, or a grey for mode "L". Returns the box of the ink, half-open
    `(left, top, right, bottom)` in pixels.
    """
    face = font(name, size)
    at = (math.floor(xy[0] + 0.5), math.floor(xy[1] + 0.5))  # between pixels, releases differ
    draw.text(at, words, fill=fill, font=face, anchor=anchor)
    left, top, right, bottom = draw.textbbox(at, words, font=face, anchor=anchor)
    return int(left), int(top), int(right), int(bottom)


@dataclass(frozen=True)
class Stamp:
    """Words as they lie on a line: grey ink, where its corner is from the pen, how far the pen moves (pixels)."""

    ink: Image.Image  # mode L, not to be changed
    left: int
    top: int  # from the baseline, downwards
    advance: int


@functools.lru_cache(maxsize=1024)
def stamp(words: str, name: str, size: int, glow: bool = False) -> Stamp:
    """Words in the face `name` at `size` pixels per em, drawn once and kept for the next time.

    With `glow` the letters are spread by a pixel to all sides.
    """
    face, rim = font(name, size), int(glow)
    left, top, right, bottom = (int(side) for side in face.getbbox(words, anchor="ls"))
    ink = Image.new("L", (max(1, right - left) + 2 * rim, max(1, bottom - top) + 2 * rim))
    ImageDraw.Draw(ink).text((rim - left, rim - top), words, fill=255, font=face, anchor="ls")
    if glow:
        ink = ink.filter(ImageFilter.MaxFilter(3))
    return Stamp(ink, left - rim, top - rim, math.floor(face.getlength(words) + 0.5))


@functools.lru_cache(maxsize=128)
def metrics(name: str, size: int) -> tuple[int, int]:
    """How far a face reaches above and below the baseline, in pixels."""
    return font(name, size).getmetrics()


def fit(words: str | tuple[str, ...], width: float, *, name: str = "sans", largest: int = 64) -> int:
    """The largest size in 4..`largest` at which `words` (or pieces in a row) are at most `width` pixels wide; or 4."""
    unit = sum([_unit(piece, name) for piece in ((words,) if isinstance(words, str) else words)])
    if unit <= 0:
        return max(SIZES[0], largest)
    return max(SIZES[0], min(largest, int(width * 64 / unit)))


@functools.lru_cache(maxsize=1024)
def _unit(words: str, name: str) -> float:
    return font(name, 64).getlength(words)


@functools.lru_cache(maxsize=128)
def _load(name: str, size: int) -> ImageFont.FreeTypeFont:
    path = str(_DIRECTORY / FONTS[name])
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
