"""Boards as pictures: bricks, floor, rings, crates and a round face, in one of several colourings."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from verienv.families.sokoban.board import Board, shift

if TYPE_CHECKING:
    from PIL.Image import Image

RGB = tuple[int, int, int]

LOOKS: Final[dict[str, tuple[RGB, RGB, RGB, RGB, RGB]]] = {
    # walls, floor, goals, crates, the player
    "brick": ((150, 82, 62), (226, 214, 190), (196, 60, 60), (196, 144, 74), (58, 110, 190)),
    "slate": ((84, 94, 108), (220, 224, 228), (206, 92, 40), (186, 140, 88), (46, 140, 110)),
    "moss": ((92, 112, 76), (230, 226, 206), (176, 52, 96), (170, 118, 66), (70, 92, 178)),
    "night": ((58, 64, 92), (38, 42, 56), (236, 190, 70), (190, 132, 84), (122, 190, 240)),
    "sand": ((176, 144, 96), (246, 238, 220), (50, 124, 178), (150, 104, 70), (190, 74, 60)),
}
PLACED: Final[RGB] = (104, 164, 88)
"""The colour of a crate on a goal, in every look."""
FINE: Final = 4
"""Tiles are drawn this much larger, and scaled down."""


def picture(board: Board, boxes: int, player: int, look: str, side: int) -> Image:
    """The board as RGB, `side` pixels a cell."""
    import numpy as np
    from PIL import Image

    floor, goals, width = board.floor, board.goals, board.width
    rim = floor | floor << 1 | floor >> 1
    rim |= shift(rim, width) | shift(rim, -width)
    places = []
    for cell in range(width * board.height):
        bit = 1 << cell
        if not floor & bit:
            places.append(1 if rim & bit else 0)
        else:
            stands = 2 if boxes & bit else 4 if cell == player else 0
            places.append(2 + stands + bool(goals & bit))
    grid = _tiles(look, side)[np.array(places).reshape(board.height, width)]
    pixels = grid.swapaxes(1, 2).reshape(board.height * side, width * side, 3)
    return Image.fromarray(np.ascontiguousarray(pixels))


@lru_cache(maxsize=32)
def _tiles(look: str, side: int) -> Any:
    """[8, side, side, 3] uint8: nothing, wall, floor, goal, crate, crate on a goal, player, player on a goal."""
    import numpy as np

    made = [_tile(kind, look, side) for kind in range(8)]
    tiles = np.stack([np.asarray(each) for each in made])
    tiles.flags.writeable = False
    return tiles


def _tile(kind: int, look: str, side: int) -> Image:
    from PIL import Image, ImageDraw

    wall, ground, ring, crate, face = LOOKS[look]
    whole = side * FINE
    unit = whole / 32
    image = Image.new("RGB", (whole, whole), _shade(wall, 0.45) if kind == 0 else wall if kind == 1 else ground)
    pen = ImageDraw.Draw(image)

    def box(left: float, top: float, right: float, bottom: float) -> list[float]:
        return [left * unit, top * unit, right * unit - 1, bottom * unit - 1]

    if kind == 1:
        mortar = _shade(wall, 0.7)
        for row in range(4):
            top = 8 * row
            pen.rectangle(box(0, top, 32, top + 1.2), fill=mortar)
            for joint in (0, 16) if row % 2 else (8, 24):
                pen.rectangle(box(joint, top, joint + 1.2, top + 8), fill=mortar)
            pen.rectangle(box(0, top + 1.2, 32, top + 2.2), fill=_shade(wall, 1.15))
    elif kind >= 2:
        pen.rectangle(box(0, 0, 32, 32), outline=_shade(ground, 0.93), width=max(1, round(unit / 2)))
    if kind in (3, 7):
        reach = 7 if kind == 3 else 14
        pen.ellipse(box(16 - reach, 16 - reach, 16 + reach, 16 + reach), outline=ring, width=round(2.6 * unit))
    if kind == 3:
        pen.ellipse(box(14, 14, 18, 18), fill=ring)
    if kind in (4, 5):
        wood = crate if kind == 4 else PLACED
        dark = _shade(wood, 0.62)
        pen.rectangle(box(3, 3, 29, 29), fill=wood, outline=dark, width=round(2.4 * unit))
        if kind == 4:
            pen.line([6 * unit, 6 * unit, 26 * unit, 26 * unit], fill=dark, width=round(2.2 * unit))
            pen.line([26 * unit, 6 * unit, 6 * unit, 26 * unit], fill=dark, width=round(2.2 * unit))
        else:
            pen.ellipse(box(9, 9, 23, 23), outline=(255, 255, 255), width=round(2.4 * unit))
    if kind in (6, 7):
        pen.ellipse(box(6, 6, 26, 26), fill=face, outline=_shade(face, 0.6), width=round(1.6 * unit))
        for left in (10.5, 17.5):
            pen.ellipse(box(left, 11, left + 4, 16), fill=(255, 255, 255))
            pen.ellipse(box(left + 1.2, 12.6, left + 3, 15.2), fill=(20, 24, 30))
        pen.arc(box(11, 13, 21, 22), 25, 155, fill=(255, 255, 255), width=round(1.5 * unit))
    return image.reduce(FINE)


def _shade(colour: RGB, by: float) -> RGB:
    red, green, blue = (min(255, int(each * by)) for each in colour)
    return red, green, blue
