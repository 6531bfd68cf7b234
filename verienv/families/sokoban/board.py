"""A board as bit masks, the moves of the player, and the XSB format in which boards are written.

A cell is y * width + x, a set of cells an int with those bits. The outer cells of a board are walls, so that a shift
by one step never leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

WORDS: Final = {"U": "Up", "D": "Down", "L": "Left", "R": "Right"}
DIRECTIONS: Final = "UDLR"

Reach = tuple[tuple[int, int], ...]
"""The goals that a box can be pushed to: (bit of the goal, pushes)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What never moves, and what follows from it."""

    width: int
    height: int
    floor: int
    goals: int
    live: int  # cells from which a lone box can be pushed to some goal
    reach: tuple[Reach, ...]  # by cell

    @property
    def steps(self) -> tuple[int, int, int, int]:
        """What a move up, down, left and right adds to a cell."""
        return -self.width, self.width, -1, 1


@dataclass(frozen=True, slots=True)
class Board:
    """A level: the floor that the player can reach, and what stands on it at first."""

    width: int
    height: int
    floor: int
    goals: int
    boxes: int
    player: int  # a cell

    @property
    def ground(self) -> Ground:
        """What does not move."""
        return ground(self.width, self.height, self.floor, self.goals)


def shift(cells: int, step: int) -> int:
    """The cells one step on."""
    return cells << step if step > 0 else cells >> -step


def each(cells: int) -> Iterator[int]:
    """The cells of a set, ascending."""
    while cells:
        low = cells & -cells
        yield low.bit_length() - 1
        cells ^= low


def flood(start: int, free: int, width: int) -> int:
    """The cells of `free` that are joined to those of `start`."""
    reached, grown = 0, start
    while grown != reached:
        reached = grown
        grown |= (grown << 1 | grown >> 1 | grown << width | grown >> width) & free
    return reached


@lru_cache(maxsize=256)
def ground(width: int, height: int, floor: int, goals: int) -> Ground:
    """Push distances to every goal, from pulling a lone box away from it: lower bounds, whoever stands where."""
    steps = (-width, width, -1, 1)
    pushable = [(step, floor & shift(floor, step)) for step in steps]  # the player has room behind
    reach: list[list[tuple[int, int]]] = [[] for _ in range(width * height)]
    live = 0
    for goal in each(goals):
        bit = seen = layer = 1 << goal
        pushes = 0
        while layer:
            for cell in each(layer):
                reach[cell].append((bit, pushes))
            before = 0
            for step, cells in pushable:
                before |= shift(layer, -step) & cells
            layer = before & ~seen
            seen |= layer
            pushes += 1
        live |= seen
    return Ground(width, height, floor, goals, live, tuple([tuple(found) for found in reach]))


def after(ground: Ground, boxes: int, player: int, step: int) -> tuple[int, int]:
    """The boxes and the player after one move; as before where a wall or a second box is in the way."""
    ahead = 1 << player + step
    if not ahead & ground.floor:
        return boxes, player
    if ahead & boxes:
        beyond = shift(ahead, step)
        if beyond & boxes or not beyond & ground.floor:
            return boxes, player
        boxes ^= ahead | beyond
    return boxes, player + step


def text(board: Board, boxes: int | None = None, player: int | None = None) -> str:
    """The board in XSB, perhaps with boxes and player elsewhere."""
    boxes = board.boxes if boxes is None else boxes
    player = board.player if player is None else player
    floor, goals = board.floor, board.goals
    marks = []
    for cell in range(board.width * board.height):
        bit = 1 << cell
        if not floor & bit:
            mark = "#"
        elif boxes & bit:
            mark = "*" if goals & bit else "$"
        elif cell == player:
            mark = "+" if goals & bit else "@"
        else:
            mark = "." if goals & bit else " "
        marks.append(mark)
    plain = "".join(marks)
    return "\n".join([plain[at : at + board.width] for at in range(0, len(plain), board.width)])


def orientations(rows: str) -> Iterator[str]:
    """A board in XSB, turned and mirrored in all eight ways."""
    lines = rows.split("\n")
    for _ in range(4):
        yield "\n".join(lines)
        yield "\n".join([line[::-1] for line in lines])
        lines = ["".join(column) for column in zip(*lines[::-1], strict=True)]
