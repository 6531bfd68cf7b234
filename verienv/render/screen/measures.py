"""Units to pixels: the sizes of text, how density counts, where a slider ends."""

from __future__ import annotations

from typing import Final

from verienv.render.screen import lettering
from verienv.render.screen.boxes import Box

ROLES: Final[dict[str, tuple[str, float]]] = {  # of a text: face, units per em
    "display": ("bold", 26),
    "title": ("bold", 17),
    "heading": ("bold", 15),
    "body": ("sans", 14),
    "soft": ("sans", 14),
    "strong": ("bold", 14),
    "accent": ("sans", 14),
    "faint": ("sans", 14),
    "inverse": ("sans", 13),
    "small": ("sans", 12),
    "error": ("sans", 12),
    "faint_small": ("sans", 12),
    "mono": ("mono", 13),
    "overline": ("bold", 12),
    "caption": ("sans", 11),
    "button": ("bold", 13),
    "label": ("sans", 13),
    "key": ("sans", 18),
}
DENSITIES: Final = {"roomy": 1.15, "regular": 1.0, "compact": 0.8}


class Measures:
    """Units to pixels for one screen."""

    def __init__(self, scale: float, density: str) -> None:
        self.scale = scale
        self.tight = DENSITIES[density]

    def px(self, units: float) -> int:
        """Whole pixels, at least one for anything above nothing."""
        return max(1, int(units * self.scale + 0.5)) if units else 0

    def tall(self, units: float) -> int:
        """Pixels of a height that density changes."""
        return self.px(units * self.tight)

    def face(self, role: str) -> tuple[str, int]:
        """The face and the pixels per em of a role."""
        face, size = ROLES[role]
        return face, max(6, int(size * self.scale + 0.5))

    def line(self, role: str) -> int:
        """Pixels from one line to the next."""
        return self.face(role)[1] * 27 // 20

    def words(self, label: str, role: str) -> int:
        """Pixels across a line."""
        face, size = self.face(role)
        return lettering.width(label, face, size)

    def track(self, box: Box) -> tuple[int, int]:
        """The x of a slider's ends."""
        return box[0] + self.px(10), box[2] - self.px(10)
