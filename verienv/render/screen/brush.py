"""The brush that every widget is drawn with: flat fills and kept masks, inside a window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PIL import Image

from verienv.render.screen import icons, lettering, masks
from verienv.render.screen.boxes import Box, meet
from verienv.render.screen.measures import Measures
from verienv.render.screen.themes import RGB, Theme, mix
from verienv.render.screen.widgets import Widget

WHITE: Final = (255, 255, 255)


class Brush:
    """Fills and stamps inside a window."""

    def __init__(self, picture: Image.Image, look: Theme, m: Measures, corners: int) -> None:
        self.picture = picture
        self.look = look
        self.m = m
        self.px = m.px
        self.corners = corners
        self.clip: Box = (0, 0, *picture.size)

    def fill(self, box: Box, colour: RGB) -> None:
        """A flat box."""
        left, top, right, bottom = meet(box, self.clip)
        if left < right and top < bottom:
            self.picture.paste(colour, (left, top, right, bottom))

    def stamp(self, mask: Image.Image, x: int, y: int, colour: RGB) -> None:
        """A colour through a mask whose upper left corner is at (x, y)."""
        left, top, right, bottom = self.clip
        if x < left or y < top or x + mask.width > right or y + mask.height > bottom:
            cut = (max(0, left - x), max(0, top - y), min(mask.width, right - x), min(mask.height, bottom - y))
            if cut[0] >= cut[2] or cut[1] >= cut[3]:
                return
            mask, x, y = mask.crop(cut), x + cut[0], y + cut[1]
        self.picture.paste(colour, (x, y), mask)

    def dim(self) -> None:
        """Darken all that is drawn so far."""
        self.picture.paste(self.picture.point(_DIMMED), (0, 0))

    def box(self, box: Box, colour: RGB, radius: int = 0) -> None:
        """A box with round corners; `radius` in pixels."""
        left, top, right, bottom = box
        radius = min(radius, (right - left) // 2, (bottom - top) // 2)
        if radius < 1:
            self.fill(box, colour)
            return
        self._corners(box, colour, radius, 0)
        if bottom - top > 2 * radius:
            self.fill((left, top + radius, left + radius, bottom - radius), colour)
            self.fill((right - radius, top + radius, right, bottom - radius), colour)
        self.fill((left + radius, top, right - radius, bottom), colour)

    def frame(self, box: Box, colour: RGB, radius: int = 0, width: int = 1) -> None:
        """The outline of a box with round corners."""
        left, top, right, bottom = box
        radius = min(radius, (right - left) // 2, (bottom - top) // 2)
        if radius <= width:
            radius = 0
        else:
            self._corners(box, colour, radius, width)
        self.fill((left, top + radius, left + width, bottom - radius), colour)
        self.fill((right - width, top + radius, right, bottom - radius), colour)
        self.fill((left + radius, top, right - radius, top + width), colour)
        self.fill((left + radius, bottom - width, right - radius, bottom), colour)

    def _corners(self, box: Box, colour: RGB, radius: int, width: int) -> None:
        """The four corners of a box, filled, or their outline `width` pixels thick."""
        for left in (True, False):
            for top in (True, False):
                mask = masks.bend(radius, width, left, top) if width else masks.corner(radius, left, top)
                self.stamp(mask, box[0] if left else box[2] - radius, box[1] if top else box[3] - radius, colour)

    def disc(self, x: int, y: int, diameter: int, colour: RGB) -> None:
        """A filled circle around (x, y)."""
        self.stamp(masks.disc(diameter), x - diameter // 2, y - diameter // 2, colour)

    def lift(self, box: Box, height: int, radius: int) -> None:
        """The shadow of a box that lies `height` units above the ground; `radius` of its corners, in pixels."""
        left, top, right, bottom = box
        blur, drop = self.px(height * 1.6), self.px(height * 0.5)
        strength = 96 if self.look.dark else 28 if height < 4 else 70
        for mask, x, y in masks.shadow(right - left, bottom - top, blur, strength, drop, radius):
            self.stamp(mask, left - blur + x, top - blur + drop + y, (0, 0, 0))

    def words(self, label: str, x: int, middle: int, role: str, colour: RGB, room: int, align: str = "start") -> int:
        """One line, its capitals centred on `middle`; gives the x of its end."""
        if not label or room <= 0:
            return x
        face, size = self.m.face(role)
        label = lettering.cut(label, face, size, room)
        if align != "start":
            spare = room - lettering.width(label, face, size)
            x += spare if align == "end" else spare // 2
        mask, right, down = lettering.run(label, face, size)
        self.stamp(mask, x + right, middle + size * 9 // 25 + down, colour)
        return x + lettering.width(label, face, size)

    def icon(self, name: str, x: int, y: int, side: int, colour: RGB) -> None:
        """An icon centred on (x, y)."""
        self.stamp(icons.mask(name, side), x - side // 2, y - side // 2, colour)

    def shade(self, per_cent: int, behind: RGB | None = None) -> RGB:
        """The accent laid thinly on a colour."""
        return mix(behind or self.look.surface, self.look.accent, per_cent)


def middle(box: Box) -> tuple[int, int]:
    return (box[0] + box[2]) // 2, (box[1] + box[3]) // 2


_DIMMED: Final = [value * 55 // 100 for value in range(256)] * 3
Drawn = Callable[[Brush, Widget, Box], None]
"""How a kind of widget is drawn in its box."""
