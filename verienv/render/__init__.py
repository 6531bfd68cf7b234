"""Drawing that is the same everywhere: scenes, text in bundled fonts, the user's own pictures."""

from verienv.render.fonts import font, text
from verienv.render.scenes import SCENES, scene

__all__ = ["SCENES", "font", "scene", "text"]
