"""Small flat signs, drawn from a centre (x, y) and a reach in pixels."""

from __future__ import annotations

from verienv.render.scenes.canvas import RGB, Pen

ICONS = ("star", "leaf", "boat", "cup", "moon", "fish", "house", "bell")


def draw(
    pen: Pen, kind: str, x: float, y: float, reach: float, fill: RGB, back: RGB
) -> None:
    """One of `ICONS`; `back` is the colour of the holes in it."""
    r = reach
    if kind == "star":
        spokes = ((0, -1), (0.22, -0.31), (0.95, -0.31), (0.36, 0.12), (0.59, 0.81), (0, 0.38),
                  (-0.59, 0.81), (-0.36, 0.12), (-0.95, -0.31), (-0.22, -0.31))
        pen.area([(x + dx * r, y + dy * r) for dx, dy in spokes], fill=fill)
    elif kind == "leaf":
        pen.chord((x - r * 1.2, y - r, x + r * 0.8, y + r), 300, 120, fill=fill)
        pen.chord((x - r * 0.8, y - r, x + r * 1.2, y + r), 120, 300, fill=fill)
        pen.line((x - r * 0.5, y + r * 0.8, x + r * 0.4, y - r * 0.6), fill=back,
                 width=max(1, int(r / 8)))
    elif kind == "boat":
        pen.area([(x - r, y + r * 0.3), (x + r, y + r * 0.3), (x + r * 0.6, y + r * 0.8),
                     (x - r * 0.6, y + r * 0.8)], fill=fill)
        pen.area([(x - r * 0.06, y - r), (x - r * 0.06, y + r * 0.18), (x - r * 0.8, y + r * 0.18)],
                    fill=fill)
        pen.area([(x + r * 0.06, y - r * 0.8), (x + r * 0.06, y + r * 0.18),
                     (x + r * 0.6, y + r * 0.18)], fill=fill)
    elif kind == "cup":
        pen.disc((x + r * 0.2, y - r * 0.3, x + r, y + r * 0.5), outline=fill,
                    width=max(1, int(r / 6)))
        pen.area([(x - r * 0.8, y - r * 0.5), (x + r * 0.6, y - r * 0.5), (x + r * 0.4, y + r * 0.8),
                     (x - r * 0.6, y + r * 0.8)], fill=fill)
        for shift in (-0.4, 0.0):
            pen.line((x + shift * r, y - r, x + (shift + 0.2) * r, y - r * 0.62), fill=fill,
                     width=max(1, int(r / 8)))
    elif kind == "moon":
        pen.disc((x - r, y - r, x + r, y + r), fill=fill)
        pen.disc((x - r * 0.4, y - r * 1.1, x + r * 1.3, y + r * 0.6), fill=back)
    elif kind == "fish":
        pen.disc((x - r, y - r * 0.5, x + r * 0.6, y + r * 0.5), fill=fill)
        pen.area([(x + r * 0.4, y), (x + r, y - r * 0.5), (x + r, y + r * 0.5)], fill=fill)
        pen.disc((x - r * 0.7, y - r * 0.2, x - r * 0.5, y), fill=back)
    elif kind == "house":
        pen.area([(x - r, y), (x, y - r), (x + r, y)], fill=fill)
        pen.box((x - r * 0.7, y, x + r * 0.7, y + r * 0.8), fill=fill)
        pen.box((x - r * 0.18, y + r * 0.25, x + r * 0.18, y + r * 0.8), fill=back)
    else:
        pen.pieslice((x - r * 0.7, y - r * 0.9, x + r * 0.7, y + r * 0.5), 180, 360, fill=fill)
        pen.area([(x - r * 0.7, y - r * 0.2), (x + r * 0.7, y - r * 0.2), (x + r, y + r * 0.6),
                     (x - r, y + r * 0.6)], fill=fill)
        pen.disc((x - r * 0.25, y + r * 0.5, x + r * 0.25, y + r), fill=fill)


def arrow(
    pen: Pen, turn: str, x: float, y: float, reach: float, fill: RGB
) -> None:
    """An arrow to the "left", "right" or "up"."""
    outline = ((0, -1), (0.8, -0.15), (0.27, -0.15), (0.27, 1), (-0.27, 1), (-0.27, -0.15),
               (-0.8, -0.15))
    points = []
    for dx, dy in outline:
        if turn == "left":
            dx, dy = dy, -dx
        elif turn == "right":
            dx, dy = -dy, dx
        points.append((x + dx * reach, y + dy * reach))
    pen.area(points, fill=fill)
