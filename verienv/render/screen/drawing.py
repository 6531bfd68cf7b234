"""Screens as pictures: every widget by its kind, in the order of the layout."""

from __future__ import annotations

from typing import Final

from PIL import Image

from verienv.render.screen.brush import Brush, Drawn
from verienv.render.screen.controls import CONTROLS
from verienv.render.screen.placing import Layout, layout
from verienv.render.screen.surfaces import SURFACES
from verienv.render.screen.themes import theme
from verienv.render.screen.widgets import Screen


def draw(screen: Screen, placed: Layout | None = None) -> Image.Image:
    """The screen as an RGB picture; give its `layout` where it is known already."""
    placed = layout(screen) if placed is None else placed
    look = theme(screen.dark, screen.accent)
    brush = Brush(Image.new("RGB", (screen.width, screen.height), look.ground), look, placed.measures, screen.corners)
    layer = 0
    for place in placed.places:
        if place.layer != layer:
            layer = place.layer
            if place.widget.kind in ("dialog", "sheet", "busy"):
                brush.dim()
        work = _DRAWN.get(place.widget.kind)
        if work is not None:
            brush.clip = place.clip
            work(brush, place.widget, place.box)
    return brush.picture


_DRAWN: Final[dict[str, Drawn]] = {**CONTROLS, **SURFACES}
