"""Colours: light and dark, each with one accent."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

from verienv.errors import UnknownName

RGB = tuple[int, int, int]

ACCENTS: Final[dict[str, tuple[RGB, RGB]]] = {  # in light, in dark
    "blue": ((26, 100, 210), (138, 180, 248)),
    "teal": ((0, 121, 107), (94, 204, 190)),
    "violet": ((103, 70, 178), (196, 172, 252)),
    "green": ((36, 124, 58), (132, 206, 140)),
    "orange": ((194, 88, 10), (255, 178, 108)),
    "rose": ((190, 40, 92), (250, 152, 180)),
    "slate": ((58, 74, 96), (168, 186, 210)),
}
PALETTE: Final[tuple[RGB, ...]] = (
    *((66, 133, 244), (219, 68, 55), (244, 160, 0), (15, 157, 88), (171, 71, 188), (0, 150, 167)),
    *((255, 112, 67), (92, 107, 192), (124, 142, 36), (141, 110, 99), (84, 110, 122), (216, 27, 96)),
)
"""Colours of avatars and tiles."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Every colour that a screen is drawn with."""

    dark: bool
    ground: RGB  # behind cards
    surface: RGB  # cards, bars
    raised: RGB  # menus, dialogs
    sunken: RGB  # fields, tracks
    ink: RGB
    soft: RGB  # second lines, icons
    faint: RGB  # disabled
    line: RGB
    edge: RGB  # outlines of fields and boxes
    accent: RGB
    on_accent: RGB
    tint: RGB  # what is chosen, behind accent-coloured words
    danger: RGB
    good: RGB
    warn: RGB


def mix(first: RGB, second: RGB, per_cent: int) -> RGB:
    """`first` with so much of `second` in it."""
    red, green, blue = ((a * (100 - per_cent) + b * per_cent + 50) // 100 for a, b in zip(first, second, strict=True))
    return red, green, blue


@functools.lru_cache(maxsize=64)
def theme(dark: bool, accent: str) -> Theme:
    """The colours of a mode and an accent. Raises UnknownName."""
    if accent not in ACCENTS:
        raise UnknownName("accent", accent, ACCENTS)
    colour = ACCENTS[accent][dark]
    if dark:
        surface = (30, 31, 35)
        return Theme(
            dark=True,
            ground=(18, 19, 22),
            surface=surface,
            raised=(44, 46, 52),
            sunken=(52, 54, 61),
            ink=(232, 234, 238),
            soft=(166, 171, 181),
            faint=(96, 100, 108),
            line=(53, 55, 61),
            edge=(110, 114, 124),
            accent=colour,
            on_accent=(22, 24, 30),
            tint=mix(surface, colour, 24),
            danger=(242, 139, 130),
            good=(129, 201, 149),
            warn=(253, 214, 99),
        )
    white = (255, 255, 255)
    return Theme(
        dark=False,
        ground=(243, 244, 247),
        surface=white,
        raised=white,
        sunken=(234, 236, 240),
        ink=(31, 34, 40),
        soft=(95, 101, 112),
        faint=(176, 181, 190),
        line=(224, 227, 232),
        edge=(140, 146, 156),
        accent=colour,
        on_accent=white,
        tint=mix(white, colour, 14),
        danger=(200, 38, 38),
        good=(30, 130, 76),
        warn=(176, 112, 0),
    )
