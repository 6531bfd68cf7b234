"""What stands in a landscape: trees, houses, fences; each from its foot (x, y) and its height."""

from __future__ import annotations

import random

from verienv.render.scenes.canvas import RGB, Pen, ink, mix, shade

ROOFS = (ink(150, 66, 52), ink(112, 78, 64), ink(84, 88, 104), ink(164, 92, 56))
SNOW = ink(226, 229, 229)


def conifer(
    pen: Pen, leaf: RGB, x: float, y: float, tall: float, *, snow: bool
) -> None:
    """A fir of three tiers, darker on its right side."""
    half = tall * 0.24
    if tall < 12:  # so far away, no more is seen of it
        pen.area([(x - half, y), (x, y - tall), (x + half, y)], fill=leaf)
        return
    trunk = tall * 0.035
    pen.box((x - trunk, y - tall * 0.14, x + trunk, y), fill=mix(leaf, ink(70, 48, 36), 0.7))
    dark = shade(leaf, 0.78)
    left, right = [(x, y - tall)], [(x, y - tall)]
    for tier in (2, 1, 0):
        base, wide = y - tall * (0.12 + 0.25 * tier), half * (1 - 0.26 * tier)
        left += ((x - wide, base), (x - wide * 0.42, base))
        right += ((x + wide, base), (x + wide * 0.42, base))
    pen.area([*left, *right[::-1]], fill=leaf)
    pen.area([*right, (x + half * 0.1, right[-1][1])], fill=dark)
    if snow:
        for tier in range(3):
            tip, wide = y - tall * (0.52 + 0.24 * tier), half * (1 - 0.26 * tier)
            cap = tip + tall * 0.15
            pen.area([(x - wide * 0.38, cap), (x, tip), (x + wide * 0.3, cap)], fill=SNOW)


def broadleaf(
    pen: Pen,
    rng: random.Random,
    leaf: RGB,
    lit: RGB,
    x: float,
    y: float,
    tall: float,
) -> None:
    """A round tree: a shadow, a trunk, a crown of four balls, lit from the upper left."""
    half = tall * 0.3
    if tall < 12:
        pen.disc((x - half, y - tall, x + half, y - tall * 0.2), fill=leaf)
        return
    dark = shade(leaf, 0.8)
    pen.disc((x - half, y - tall * 0.04, x + half * 1.5, y + tall * 0.04), fill=dark)
    trunk = tall * 0.045
    bark = mix(leaf, ink(76, 54, 42), 0.75)
    pen.area(
        [(x - trunk, y), (x - trunk * 0.5, y - tall * 0.5), (x + trunk, y - tall * 0.5), (x + trunk, y)],
        fill=bark,
    )
    for across, up, size, colour in (
        (0.42, 0.52, 0.8, dark),
        (-0.5, 0.5, 0.78, leaf),
        (0.05, 0.68, 1.0, leaf),
        (-0.22, 0.76, 0.6, lit),
    ):
        cx, cy = x + across * half * rng.uniform(0.8, 1.2), y - up * tall
        radius = half * size * rng.uniform(0.85, 1.1)
        pen.disc((cx - radius, cy - radius * 0.9, cx + radius, cy + radius * 0.9), fill=colour)


def house(
    pen: Pen,
    rng: random.Random,
    wall: RGB,
    lamp: RGB,
    x: float,
    y: float,
    tall: float,
    *,
    snow: bool,
) -> None:
    """A house with its gable to the viewer and one side in shade."""
    gable, side = tall * 0.62, tall * rng.uniform(0.7, 1.2)
    left, right, end = x - gable / 2, x + gable / 2, x + gable / 2 + side
    eaves, top, back = y - tall * 0.55, y - tall, y - tall * 0.06
    roof = SNOW if snow else mix(rng.choice(ROOFS), wall, 0.12)
    pen.area(
        [(right, eaves), (end, eaves + tall * 0.03), (end, back), (right, y)],
        fill=shade(wall, 0.74),
    )
    pen.area([(left, y), (left, eaves), (x, top), (right, eaves), (right, y)], fill=wall)
    stack = x + side * 0.75
    pen.box((stack, top - tall * 0.1, stack + tall * 0.09, eaves), fill=shade(roof, 0.7))
    over = tall * 0.05
    pen.area(
        [
            (x, top - over), (x + side, top + over * 0.5),
            (end + over, eaves + over), (right + over, eaves + over),
        ],
        fill=roof,
    )
    pen.area(
        [
            (x, top - over), (x, top + over), (left - over * 0.4, eaves + over * 1.4),
            (left - over * 1.4, eaves + over),
        ],
        fill=shade(roof, 0.8),
    )
    pane = tall * 0.15
    pen.box((x - pane / 2, eaves - pane * 0.3, x + pane / 2, eaves + pane * 0.8), fill=lamp)
    pen.box((x - pane * 1.3, y - tall * 0.3, x - pane * 0.4, y), fill=shade(roof, 0.6))
    for share in (0.2, 0.6):
        at, low = right + side * share, y - tall * 0.26 - tall * 0.04 * share
        pen.box((at, low - pane, at + pane, low), fill=shade(lamp, 0.9))


def fence(
    pen: Pen,
    wall: RGB,
    width: int,
    height: int,
    level: float,
    vanish: float,
    foot: float,
) -> None:
    """Posts and two rails running to the vanishing point (x / width) from `foot` (x / width)."""
    deep = height - level
    post, rail = shade(wall, 0.82), shade(wall, 0.68)
    tall = deep * 0.26
    rows = []
    near = 1.08
    for _ in range(11):
        x = (vanish + (foot - vanish) * near) * width
        rows.append((x, level + deep * near, near))
        near *= 0.74
    (ax, ay, an), (bx, by, bn) = rows[0], rows[-1]
    for up in (0.45, 0.85):
        thick = tall * 0.07
        pen.area(
            [
                (ax, ay - tall * up * an), (bx, by - tall * up * bn),
                (bx, by - tall * up * bn + thick * bn), (ax, ay - tall * up * an + thick * an),
            ],
            fill=rail,
        )
    for x, y, near in reversed(rows):
        half = max(0.6, width * 0.008 * near)
        pen.box((x - half, y - tall * near, x + half, y), fill=post)
