"""Orders of pieces: how they are drawn, which relation two positions have, and what of a wrong order is right."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

Order = tuple[int, ...]  # per slot: the position (from 1) of the piece shown there, or 0

LEFT, RIGHT, ABOVE, BELOW, UP_LEFT, UP_RIGHT, DOWN_LEFT, DOWN_RIGHT = range(8)
STRIPS: Final = {True: (LEFT, RIGHT), False: (ABOVE, BELOW)}  # by whether there is one row


def relations(rows: int, cols: int) -> tuple[int, ...]:
    """The relations that a grid has: two in a strip, else eight."""
    if min(rows, cols) == 1:
        return STRIPS[rows == 1]
    return tuple(range(8))


def relation(first: int, second: int, cols: int) -> int:
    """Where position `first` lies as seen from position `second`; they differ."""
    down, right = (first - 1) // cols - (second - 1) // cols, (first - 1) % cols - (second - 1) % cols
    if down == 0:
        return LEFT if right < 0 else RIGHT
    if right == 0:
        return ABOVE if down < 0 else BELOW
    return {(True, True): UP_LEFT, (True, False): UP_RIGHT, (False, True): DOWN_LEFT, (False, False): DOWN_RIGHT}[
        (down < 0, right < 0)
    ]


def identity(order: Sequence[int]) -> bool:
    """Whether every piece shown lies where it belongs."""
    return all(position in (0, slot) for slot, position in enumerate(order, 1))


def shuffled(rng: Random, pieces: int, absent: Sequence[int], slots: Sequence[int]) -> Order:
    """A uniform order of the positions but `absent`; the slots named show 0. Not the identity, if there is another."""
    present = [position for position in range(1, pieces + 1) if position not in absent]
    while True:
        rng.shuffle(present)
        rest = iter(present)
        order = tuple([0 if slot in slots else next(rest) for slot in range(1, pieces + 1)])
        if pieces == 2 or not identity(order):
            return order


def mirrored(order: Sequence[int], rows: int, cols: int) -> bool:
    """Whether the order is the picture as it was, or turned over as a whole."""
    flips = [
        [r * cols + c + 1 for r in down for c in across]
        for down in (range(rows), range(rows - 1, -1, -1))
        for across in (range(cols), range(cols - 1, -1, -1))
    ]
    return any(all(p in (0, q) for p, q in zip(order, flip, strict=True)) for flip in flips)


def permutes(answer: Sequence[int], order: Sequence[int]) -> bool:
    """Whether an answer is a legal order: as many zeros as pieces lack, no position twice."""
    named = [position for position in answer if position]
    return len(answer) == len(order) and len(set(named)) == len(named) == len(order) - order.count(0)


def cells(answer: Sequence[int], order: Sequence[int]) -> float:
    """The share of slots answered right."""
    return sum(map(int.__eq__, answer, order)) / len(order)


def connections(answer: Sequence[int], order: Sequence[int], rows: int, cols: int) -> float:
    """Put the pieces where a legal answer says: the share of the picture's inner seams that are closed again."""
    laid = {said: true for said, true in zip(answer, order, strict=True) if said}
    shown = {true for true in order if true}
    kept = total = 0
    for position in range(1, rows * cols + 1):
        for step, inside in ((1, position % cols != 0), (cols, position + cols <= rows * cols)):
            if inside:
                total += position in shown and position + step in shown
                here, there = laid.get(position, 0), laid.get(position + step, 0)
                kept += here > 0 and there == here + step and (step != 1 or here % cols != 0)
    return kept / total if total else 0.0
