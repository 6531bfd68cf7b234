"""The fewest pushes that solve a board, and states from which none do.

A* over the boxes and the part of the floor that the player can reach. Its lower bound is the cheapest matching of boxes
to goals by push distances; that bound is consistent, so the first solution found has the fewest pushes of all. Pruned
are pushes onto cells from which no goal can be reached, boxes that can never move again beside a goal, and boxes that
compete for too few goals.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from verienv.families.sokoban.board import DIRECTIONS, Board, Ground, each, flood, shift

State = tuple[int, int]  # the boxes, and the player
Came = tuple[int, State, int, int]  # pushes, the state before, the box that was pushed, the step

EFFORT: Final = 100_000
"""States that the oracle looks at, at most; boards drawn here are solved in far fewer."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A way with the fewest pushes; the walks between them are shortest ones."""

    moves: str  # of U, D, L, R
    pushes: int
    states: int  # that were looked at


def bound(ground: Ground, boxes: int) -> int | None:
    """Pushes needed at least: the cheapest matching of boxes to goals. None where there is none."""
    reach = ground.reach
    costs = {0: 0}  # goals taken → the least cost of the boxes so far
    rest = boxes
    while rest:
        low = rest & -rest
        rest ^= low
        further: dict[int, int] = {}
        for bit, pushes in reach[low.bit_length() - 1]:
            for taken, cost in costs.items():
                if not taken & bit:
                    key, total = taken | bit, cost + pushes
                    if further.get(key, total) >= total:
                        further[key] = total
        costs = further
    return min(costs.values(), default=None)


def frozen(ground: Ground, boxes: int, box: int) -> int:
    """The boxes that can never move again because `box` cannot, itself among them; 0 where it can. Masks throughout."""
    return _frozen(ground, boxes, box, ~ground.floor)


def _frozen(ground: Ground, boxes: int, box: int, solid: int) -> int:
    """As `frozen`, with `solid` for walls and for the boxes that were asked before."""
    held = box
    for step in (1, ground.width):
        before, behind = box >> step, box << step
        if (before | behind) & solid:
            continue
        if not (before | behind) & (ground.live | boxes):
            continue
        for side in (before, behind):
            if side & boxes:
                more = _frozen(ground, boxes, side, solid | box)
                if more:
                    held |= more
                    break
        else:
            return 0
    return held


def deadlock(ground: Ground, boxes: int) -> str:
    """Why no solution can follow, as far as it is detected: dead_square, frozen_box or too_few_goals; else ""."""
    if boxes & ~ground.live:
        return "dead_square"
    for cell in each(boxes & ~ground.goals):
        if frozen(ground, boxes, 1 << cell):
            return "frozen_box"
    return "" if bound(ground, boxes) is not None else "too_few_goals"


@lru_cache(maxsize=128)
def solve(board: Board, effort: int = EFFORT) -> Solution | None:
    """A solution with the fewest pushes, or None where there is none or it takes more than `effort` states."""
    ground = board.ground
    floor, goals, live, width = ground.floor, ground.goals, ground.live, ground.width
    steps = ground.steps
    least = bound(ground, board.boxes)
    if least is None:
        return None
    bounds: dict[int, int | None] = {board.boxes: least}
    start = (board.boxes, 1 << board.player)
    came: dict[State, Came] = {start: (0, start, 0, 0)}
    queues: list[list[tuple[int, int, int]]] = [[(*start, 0)]]  # by half of what the estimate exceeds `least`
    closed: set[State] = set()
    states = at = 0
    while at < len(queues):
        if not queues[at]:
            at += 1
            continue
        boxes, player, pushes = queues[at].pop()
        if boxes == goals:
            return _told(board, came, (boxes, player), states)
        free = floor & ~boxes
        region = flood(player, free, width)
        key = (boxes, region & -region)
        if key in closed:
            continue
        closed.add(key)
        states += 1
        if states > effort:
            return None
        room = free & live
        pushes += 1
        for step in steps:
            movable = boxes & shift(region, step) & shift(room, -step)
            while movable:
                box = movable & -movable
                movable ^= box
                moved = shift(box, step)
                then = boxes ^ box ^ moved
                state = (then, box)  # the player stands where the box stood
                if state in came and came[state][0] <= pushes:
                    continue
                if then in bounds:
                    estimate = bounds[then]
                else:
                    held = frozen(ground, then, moved)
                    estimate = bounds[then] = None if held & ~goals else bound(ground, then)
                if estimate is None:
                    continue
                came[state] = (pushes, (boxes, player), box, step)
                place = (pushes + estimate - least) // 2  # a push changes the estimate by 0 or by 2
                while place >= len(queues):
                    queues.append([])
                queues[place].append((then, box, pushes))
    return None


def walk(start: int, end: int, free: int, steps: tuple[int, int, int, int]) -> str:
    """The moves of a shortest walk over `free` between two masks of one cell. Raises ValueError where there is none."""
    layers = [end]
    seen = end
    while not layers[-1] & start:
        last = layers[-1]
        near = (shift(last, steps[0]) | shift(last, steps[1]) | last >> 1 | last << 1) & free & ~seen
        if not near:
            raise ValueError("no walk")
        seen |= near
        layers.append(near)
    moves = []
    here = start
    for layer in reversed(layers[:-1]):
        for mark, step in zip(DIRECTIONS, steps, strict=True):
            if shift(here, step) & layer:
                moves.append(mark)
                here = shift(here, step)
                break
    return "".join(moves)


def _told(board: Board, came: dict[State, Came], state: State, states: int) -> Solution:
    """The moves that lead to a state."""
    made: list[tuple[int, int, int]] = []  # boxes before, box, step
    while came[state][0]:
        _, state, box, step = came[state]
        made.append((state[0], box, step))
    steps = board.ground.steps
    player = 1 << board.player
    moves = []
    for boxes, box, step in reversed(made):
        moves.append(walk(player, shift(box, -step), board.floor & ~boxes, steps))
        moves.append(DIRECTIONS[steps.index(step)])
        player = box
    return Solution("".join(moves), len(made), states)
