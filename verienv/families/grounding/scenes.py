"""Scenes as data: what stands where on shelves, a table, the floor of a room or a street."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
from PIL import Image

from verienv.families.grounding import objects
from verienv.families.grounding.brush import COLOURS, PATTERNS
from verienv.families.grounding.objects import KINDS

SIZES: Final = (0.76, 1.0, 1.3)
VARIANTS: Final = 6
HEIGHTS: Final = (
    8, 12, 16, 18, 21, 24, 28, 32, 37, 43, 50, 58, 67, 78, 90, 104, 120, 139, 161, 187, 217, 251, 291, 337
)  # pixels; few, so that an object once drawn is soon needed again


@dataclass(frozen=True, slots=True)
class Thing:
    """One object: what it is, and its box in pixels, origin top left."""

    kind: str
    colour: str
    pattern: str
    x: int
    y: int
    w: int
    h: int
    flip: bool = False

    @property
    def item(self) -> tuple[str, str, str]:
        """Its kind, colour and pattern."""
        return self.kind, self.colour, self.pattern

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Half-open `(x1, y1, x2, y2)`."""
        return self.x, self.y, self.x + self.w, self.y + self.h


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture as data; things are in the order they are painted, the furthest first."""

    layout: str
    variant: int
    width: int
    height: int
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line that things stand on; all lengths are shares of the picture's sides."""

    place: str
    base: float
    left: float
    right: float
    scale: float
    room: float  # height there is above the line
    weight: int  # how many things it takes, relative to the others


LAYOUTS: Final[dict[str, tuple[Row, ...]]] = {
    "shelf": (
        Row("shelf", 0.250, 0.06, 0.94, 1.0, 0.20, 8),
        Row("shelf", 0.485, 0.06, 0.94, 1.0, 0.19, 8),
        Row("shelf", 0.720, 0.06, 0.94, 1.0, 0.19, 8),
        Row("shelf", 0.955, 0.06, 0.94, 1.0, 0.19, 8),
    ),
    "table": (
        Row("wall", 0.25, 0.06, 0.52, 1.0, 0.2, 1),
        Row("table", 0.54, 0.14, 0.86, 0.82, 0.3, 6),
        Row("table", 0.68, 0.10, 0.90, 0.96, 0.3, 7),
        Row("table", 0.82, 0.06, 0.94, 1.1, 0.3, 7),
        Row("table", 0.955, 0.02, 0.98, 1.22, 0.3, 7),
    ),
    "room": (
        Row("wall", 0.24, 0.06, 0.44, 1.0, 0.2, 1),
        Row("floor", 0.56, 0.04, 0.96, 0.8, 0.34, 6),
        Row("floor", 0.76, 0.04, 0.96, 0.98, 0.34, 6),
        Row("floor", 0.965, 0.02, 0.98, 1.16, 0.34, 6),
    ),
    "street": (
        Row("sky", 0.20, 0.04, 0.96, 0.85, 0.18, 4),
        Row("lawn", 0.50, 0.02, 0.98, 0.92, 0.3, 5),
        Row("kerb", 0.685, 0.03, 0.97, 0.95, 0.2, 6),
        Row("road", 0.820, 0.02, 0.98, 0.9, 0.16, 3),
        Row("road", 0.970, 0.02, 0.98, 1.05, 0.16, 4),
    ),
}
PHOTO: Final = "photo"
"""The layout of a user's picture: its things are what a file says of it."""
CAPACITY: Final = {"shelf": 40, "table": 32, "room": 26, "street": 26}


Item = tuple[str, str, str]  # kind, colour, pattern


def draw(
    rng: Random, layout: str, count: int, size: tuple[int, int], patterned: bool, visible: float, kinds: int
) -> Scene | None:
    """A scene of `count` things of about `kinds` kinds, or None where they cover each other too much."""
    rows = LAYOUTS[layout]
    shares = _shares(rng, rows, count)
    palette = _palette(rng, rows, shares, kinds)
    colours = rng.sample(sorted(COLOURS), min(len(COLOURS), 4 + count // 10))
    standing: list[list[Item]] = []
    for row, share in zip(rows, shares, strict=True):
        fitting = [kind for kind in palette if row.place in KINDS[kind].places]
        standing.append([_item(rng, rng.choice(fitting), colours, patterned) for _ in range(share)])
    return _build(rng, layout, rng.randrange(VARIANTS), standing, size, visible)


def arranged(rng: Random, layout: str, items: Sequence[Item], size: tuple[int, int], visible: float) -> Scene | None:
    """A scene of just these items, each somewhere it may stand, or None as `draw`."""
    rows = LAYOUTS[layout]
    standing: list[list[Item]] = [[] for _ in rows]
    for item in items:
        fitting = [at for at, row in enumerate(rows) if row.place in KINDS[item[0]].places]
        load = [rows[at].weight / (1 + len(standing[at])) for at in fitting]
        standing[rng.choices(fitting, load)[0]].append(item)
    return _build(rng, layout, rng.randrange(VARIANTS), standing, size, visible)


def _item(rng: Random, kind: str, colours: Sequence[str], patterned: bool) -> Item:
    colour = rng.choice([each for each in colours if each != KINDS[kind].avoids])
    return kind, colour, rng.choice(PATTERNS) if patterned and KINDS[kind].patterned else "plain"


def _build(
    rng: Random, layout: str, variant: int, standing: Sequence[Sequence[Item]], size: tuple[int, int], visible: float
) -> Scene | None:
    things: list[Thing] = []
    for row, items in zip(LAYOUTS[layout], standing, strict=True):
        things += _stand(rng, row, items, size)
    return Scene(layout, variant, *size, tuple(things)) if clear(things, visible) else None


def repainted(rng: Random, thing: Thing) -> Thing:
    """The same thing in another colour."""
    colours = [each for each in sorted(COLOURS) if each not in (thing.colour, KINDS[thing.kind].avoids)]
    return Thing(thing.kind, rng.choice(colours), thing.pattern, thing.x, thing.y, thing.w, thing.h, thing.flip)


def clear(things: Sequence[Thing], visible: float) -> bool:
    """Whether no box is covered by later boxes for more than the rest of `visible`: quick, before the proof."""
    boxes = [each.box for each in things]
    for at, (x1, y1, x2, y2) in enumerate(boxes):
        hidden = 0
        for a1, b1, a2, b2 in boxes[at + 1 :]:
            if a1 < x2 and x1 < a2 and b1 < y2 and y1 < b2:
                hidden += (min(x2, a2) - max(x1, a1)) * (min(y2, b2) - max(y1, b1))
        if hidden > (1 - visible) * (x2 - x1) * (y2 - y1):
            return False
    return True


def proven(scene: Scene, visible: float) -> bool:
    """Whether of each thing's pixels at least the share `visible` is seen, and all four sides of its box are.

    Everything is painted in order with its number; what is left of each number is what is seen. A side is seen
    when the seen pixels reach to within a twentieth of the box's length (or two pixels) of it.
    """
    canvas = Image.new("L", (scene.width, scene.height), 255)
    covers = []
    for number, each in enumerate(scene.things):
        mask, pixels = objects.stencil(each.kind, (each.w, each.h), each.flip)
        canvas.paste(number, (each.x, each.y), mask)
        covers.append(pixels)
    plane = np.asarray(canvas)
    seen = canvas.histogram()
    for number, each in enumerate(scene.things):
        if seen[number] == covers[number]:
            continue
        if seen[number] < visible * covers[number]:
            return False
        own = plane[each.y : each.y + each.h, each.x : each.x + each.w] == number
        across, down = np.flatnonzero(own.any(0)), np.flatnonzero(own.any(1))
        if across[0] > _slack(each.w) or across[-1] < each.w - 1 - _slack(each.w):
            return False
        if down[0] > _slack(each.h) or down[-1] < each.h - 1 - _slack(each.h):
            return False
    return True


def _slack(length: int) -> int:
    return max(2, length // 20)


def _shares(rng: Random, rows: Sequence[Row], count: int) -> list[int]:
    """How many things stand in each row; on walls at most two."""
    shares = [0] * len(rows)
    total = sum(row.weight for row in rows)
    for _ in range(count):
        free = [
            max(0.0, row.weight * (1 + count / total) - share) if row.place != "wall" or share < 2 else 0.0
            for row, share in zip(rows, shares, strict=True)
        ]
        shares[rng.choices(range(len(rows)), free)[0]] += 1
    return shares


def _palette(rng: Random, rows: Sequence[Row], shares: Sequence[int], kinds: int) -> list[str]:
    """The kinds of a scene: at least one for each place that is used."""
    places = sorted({row.place for row, share in zip(rows, shares, strict=True) if share})
    fitting = [kind for kind, each in KINDS.items() if set(each.places) & set(places)]
    chosen = rng.sample(fitting, min(kinds, len(fitting)))
    for place in places:
        if not any(place in KINDS[kind].places for kind in chosen):
            chosen.append(rng.choice([kind for kind in fitting if place in KINDS[kind].places]))
    return chosen


def _stand(rng: Random, row: Row, items: Sequence[Item], size: tuple[int, int]) -> list[Thing]:
    if not items:
        return []
    picked = [kind for kind, _, _ in items]
    width, height = size
    left, right = int(row.left * width), int(row.right * width)
    unit = row.scale * min(width, height) / 448
    tall = [min(KINDS[kind].scale * unit * rng.choice(SIZES), row.room * height) for kind in picked]
    wide = [h * KINDS[kind].width / KINDS[kind].height for kind, h in zip(picked, tall, strict=True)]
    shrink = min(1.0, (right - left) * 0.97 / sum(wide))
    sides = [_side(kind, h * shrink) for kind, h in zip(picked, tall, strict=True)]
    free = max(0, right - left - sum(w for w, _ in sides))
    cuts = sorted(rng.randint(0, free) for _ in picked)
    made = []
    at = left
    for (kind, colour, pattern), (w, h), cut in zip(items, sides, cuts, strict=True):
        x = max(0, min(at + cut, width - w))
        lift = rng.randint(0, int(0.05 * height)) if row.place in ("sky", "wall") else rng.randint(-2, 2)
        y = max(0, min(int(row.base * height) - h - max(0, lift), height - h))
        if row.place in ("table", "floor", "lawn"):
            y = max(0, min(y + rng.randint(-6, 6) * height // 448, height - h))
        flip = KINDS[kind].faces and rng.random() < 0.5
        made.append(Thing(kind, colour, pattern, x, y, w, h, flip))
        at += w
    return sorted(made, key=lambda thing: (thing.y + thing.h, thing.x))


def _side(kind: str, height: float) -> tuple[int, int]:
    """Whole pixels, the height one of HEIGHTS that is hardly more than asked for."""
    h = HEIGHTS[max(0, bisect.bisect(HEIGHTS, height * 1.05) - 1)]
    return max(8, int(h * KINDS[kind].width / KINDS[kind].height + 0.5)), h
