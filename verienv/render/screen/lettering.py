"""Words as masks, kept: a run of glyphs is rendered once, measured, cut and broken into lines."""

from __future__ import annotations

import functools

from PIL import Image, ImageDraw

from verienv.render import fonts

Run = tuple[Image.Image, int, int]


@functools.lru_cache(maxsize=32_768)
def width(words: str, face: str, size: int) -> int:
    """How many pixels a line of text takes."""
    return int(fonts.font(face, size).getlength(words) + 0.999) if words else 0


def run(words: str, face: str, size: int) -> Run:
    """A line as a mask, cut to its ink, and where that begins from the start of the baseline (right, down)."""
    return _small(words, face, size) if size <= 24 else _large(words, face, size)


def cut(words: str, face: str, size: int, room: int) -> str:
    """The words, or as much of their start as fits with an ellipsis."""
    return words if width(words, face, size) <= room else _cut(words, face, size, room)


@functools.lru_cache(maxsize=4096)
def lines(words: str, face: str, size: int, room: int, most: int = 99) -> tuple[str, ...]:
    """The words broken into lines of at most `room` pixels; the last of `most` lines is cut."""
    found: list[str] = []
    for paragraph in words.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            joined = f"{line} {word}" if line else word
            if line and width(joined, face, size) > room:
                found.append(line)
                line = word
            else:
                line = joined
        found.append(line)
    if len(found) > most:
        found = [*found[: most - 1], " ".join(found[most - 1 :])]
    return tuple([cut(line, face, size, room) for line in found])


@functools.lru_cache(maxsize=4096)
def _cut(words: str, face: str, size: int, room: int) -> str:
    low, high = 0, len(words)
    while low < high:  # the longest start that fits
        middle = (low + high + 1) // 2
        if width(words[:middle].rstrip() + "…", face, size) <= room:
            low = middle
        else:
            high = middle - 1
    return words[:low].rstrip() + "…" if low else ""


def _rendered(words: str, face: str, size: int) -> Run:
    mask = Image.new("L", (width(words, face, size) + 4, size + size * 2 // 5), 0)
    ImageDraw.Draw(mask).text((2, size), words, fill=255, font=fonts.font(face, size), anchor="ls")
    box = mask.getbbox() or (0, 0, 1, 1)
    return mask.crop(box), box[0] - 2, box[1] - size


_small = functools.lru_cache(maxsize=8192)(_rendered)
_large = functools.lru_cache(maxsize=768)(_rendered)
