"""Drawing boards: rooms of three kinds, goals of three arrangements, and boxes pulled away from their goals.

Pulling is pushing backwards, so every board can be solved by the way it was made.
"""

from __future__ import annotations

from random import Random
from typing import Final

from verienv.families.sokoban import search
from verienv.families.sokoban.board import Board, each, flood, ground, shift

SHAPES: Final = ("hall", "rooms", "corridors")
ARRANGEMENTS: Final = ("apart", "line", "room")
TRIES: Final = 200
"""Boards begun for one that is wanted, before None."""


def draw(
    rng: Random, width: int, height: int, boxes: int, shape: str, goals: str, band: tuple[int, int]
) -> Board | None:
    """A board that needs pushes from `band` at least, by the bound of `search`, or None where none was found."""
    for _ in range(TRIES):
        floor = carve(rng, width, height, rng.choice(SHAPES) if shape == "any" else shape)
        if floor.bit_count() < 3 * boxes + 4:
            continue
        placed = arrange(rng, floor, width, boxes, rng.choice(ARRANGEMENTS) if goals == "any" else goals)
        found = placed and pull(rng, width, height, floor, placed, band)
        if found:
            return found
    return None


def carve(rng: Random, width: int, height: int, shape: str) -> int:
    """The floor of a room, in one piece, inside a rim of walls."""
    inside = sum((1 << width - 2) - 1 << y * width + 1 for y in range(1, height - 1))
    if shape == "hall":
        return _largest(inside & ~_scattered(rng, inside, rng.uniform(0.05, 0.25)), width)
    if shape == "corridors":
        return _dug(rng, inside, width, rng.uniform(0.45, 0.65))
    return _largest(_parted(rng, inside, width, height), width)


def arrange(rng: Random, floor: int, width: int, count: int, how: str) -> int:
    """That many goals: anywhere, in a row, or side by side in a cluster; 0 where they do not fit."""
    cells = [*each(floor)]
    if how == "apart":
        return sum(1 << cell for cell in rng.sample(cells, count))
    if how == "line":
        step = rng.choice((1, width))
        rows = [sum(1 << cell + step * at for at in range(count)) for cell in cells]
        whole = [row for row in rows if not row & ~floor]
        return rng.choice(whole) if whole else 0
    goals = 1 << rng.choice(cells)
    while goals.bit_count() < count:
        rim = (goals << 1 | goals >> 1 | goals << width | goals >> width) & floor & ~goals
        if not rim:
            return 0
        near = [*each(rim)]  # cells that touch more of the cluster are likelier, so that it is a room and no snake
        weights = [(_around(cell, width) & goals).bit_count() ** 2 for cell in near]
        goals |= 1 << rng.choices(near, weights)[0]
    return goals


def pull(rng: Random, width: int, height: int, floor: int, goals: int, band: tuple[int, int]) -> Board | None:
    """Boxes pulled from the goals until a number of pushes is needed that is drawn from the band, or from the best
    state on the way that lies in it; and a place for the player. None where there is none.
    """
    least, wanted = band[0], rng.randint(*band)
    best: tuple[int, int, int] | None = None  # bound, boxes, region
    base = ground(width, height, floor, goals)
    steps = base.steps
    nearest = [min([cost for _, cost in found], default=0) for found in base.reach]
    boxes = goals
    player = 1 << rng.choice([*each(floor & ~boxes)])
    region = flood(player, floor & ~boxes, width)
    last = farthest = 0  # the box that was pulled before; the greatest sum of distances to the nearest goals
    for count in range(8 * wanted + 20):
        free = floor & ~boxes
        pulls: list[tuple[int, int]] = []
        weights: list[float] = []
        for step in steps:
            beside = boxes & shift(region, -step) & shift(free, -2 * step)
            for cell in each(beside):
                gain = nearest[cell + step] - nearest[cell]
                pulls.append((cell, step))
                weights.append((4.0 if gain > 0 else 1.0) * (3.0 if cell == last else 1.0))
        if not pulls:
            break
        cell, step = rng.choices(pulls, weights)[0]
        boxes ^= 1 << cell | 1 << cell + step
        last = cell + step
        region = flood(1 << last + step, floor & ~boxes, width)
        far = sum([nearest[box] for box in each(boxes)])
        if far < least // 2 or (far <= farthest and count % 4):
            continue  # the bound costs as much as a pull, and is seldom twice as much
        farthest = max(far, farthest)
        found = search.bound(base, boxes) or 0
        if found >= least and (best is None or found > best[0]):
            best = found, boxes, region
            if found >= wanted:
                break
    return best and _begun(rng, width, height, floor, goals, *best[1:])


def _begun(rng: Random, width: int, height: int, floor: int, goals: int, boxes: int, region: int) -> Board | None:
    """The board with the player somewhere in its region, no goal under it and not all boxes at home."""
    places = [*each(region & ~goals)]
    if not places or (boxes & goals).bit_count() * 2 > goals.bit_count():
        return None
    return Board(width, height, floor, goals, boxes, rng.choice(places))


def _around(cell: int, width: int) -> int:
    bit = 1 << cell
    return bit << 1 | bit >> 1 | bit << width | bit >> width


def _scattered(rng: Random, inside: int, share: float) -> int:
    """Pillars."""
    return sum(1 << cell for cell in each(inside) if rng.random() < share)


def _parted(rng: Random, inside: int, width: int, height: int) -> int:
    """Two to four rooms, by one or two walls with a door or two in each part, and a few pillars."""
    floor = inside
    across = [*range(3, width - 3)]
    along = [*range(3, height - 3)]
    upright = rng.choice(across) if across and (not along or rng.random() < 0.7) else 0
    level = rng.choice(along) if along and (not upright or rng.random() < 0.6) else 0
    for y in range(1, height - 1):
        if upright:
            floor &= ~(1 << y * width + upright)
    for x in range(1, width - 1):
        if level:
            floor &= ~(1 << level * width + x)
    if upright:
        for low, high in ((1, level - 1), (level + 1, height - 2)) if level else ((1, height - 2),):
            for _ in range(rng.choice((1, 1, 2))):
                floor |= 1 << rng.randint(low, high) * width + upright
    if level:
        for low, high in ((1, upright - 1), (upright + 1, width - 2)) if upright else ((1, width - 2),):
            for _ in range(rng.choice((1, 1, 2))):
                floor |= 1 << level * width + rng.randint(low, high)
    return floor & ~_scattered(rng, inside, rng.uniform(0.0, 0.1))


def _dug(rng: Random, inside: int, width: int, share: float) -> int:
    """What a digger leaves that often goes straight on and sometimes opens two by two cells."""
    wanted = int(share * inside.bit_count())
    cell = rng.choice([*each(inside)])
    step = rng.choice((-width, width, -1, 1))
    floor = 1 << cell
    for _ in range(40 * wanted):
        if floor.bit_count() >= wanted:
            break
        if rng.random() < 0.35:
            step = rng.choice((-width, width, -1, 1))
        if not 1 << cell + step & inside:
            step = rng.choice((-width, width, -1, 1))
            continue
        cell += step
        floor |= 1 << cell
        if rng.random() < 0.15:
            floor |= (1 << cell + 1 | 1 << cell + width | 1 << cell + width + 1) & inside
    return floor


def _largest(floor: int, width: int) -> int:
    """The largest part of a floor whose cells are joined."""
    best = 0
    while floor:
        part = flood(floor & -floor, floor, width)
        floor &= ~part
        if part.bit_count() > best.bit_count():
            best = part
    return best
