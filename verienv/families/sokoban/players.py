"""Players that do not solve: one direction, arbitrary moves, a varied spam, arbitrary pushes; and wrong plans."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Final

from verienv import parsing
from verienv.families.sokoban import search, wording
from verienv.families.sokoban.board import DIRECTIONS, after, each, flood, shift

if TYPE_CHECKING:
    from verienv.families.sokoban import Problem
    from verienv.task import Player

ARROWS: Final = "↑↓←→"


def named() -> Mapping[str, Player]:
    """Every player by name."""
    return {
        "one direction": lambda problem, rng: say(problem, rng.choice(DIRECTIONS) * problem.limit),
        "arbitrary moves": lambda problem, rng: say(problem, "".join(rng.choices(DIRECTIONS, k=problem.limit))),
        "varied spam": lambda problem, rng: say(problem, ("UURDLLDRRULDDRULURDL" * problem.limit)[: problem.limit]),
        "arbitrary pushes": lambda problem, rng: say(problem, pushing(problem, rng)),
    }


def say(problem: Problem, moves: str) -> list[str]:
    """Moves as replies, as many in each as may be."""
    chunk = problem.chunk if problem.turns > 1 and problem.chunk else max(1, len(moves))
    return [parsing.say(wording.write(moves[at : at + chunk])) for at in range(0, max(1, len(moves)), chunk)]


def pushing(problem: Problem, rng: Random) -> str:
    """The moves of pushes drawn from those that leave no box on a dead square, until all count or none is left."""
    board = problem.board
    ground, boxes, player = board.ground, board.boxes, board.player
    moves = ""
    while len(moves) < problem.limit and boxes != board.goals:
        free = board.floor & ~boxes
        region = flood(1 << player, free, board.width)
        choices = [
            (cell, step)
            for step in ground.steps
            for cell in each(boxes & shift(region, step) & shift(free & ground.live, -step))
        ]
        if not choices:
            break
        cell, step = rng.choice(choices)
        moves += search.walk(1 << player, 1 << cell - step, free, ground.steps) + DIRECTIONS[ground.steps.index(step)]
        boxes, player = after(ground, boxes, cell - step, step)
    return moves[: problem.limit]


def rendered(problem: Problem, moves: str) -> list[list[str]]:
    """The same moves in every form that is read, and after a reply that says nothing where there is a turn for it."""
    whole = [parsing.answer(reply) for reply in say(problem, moves)]
    lists = [wording.read(parsing.say(each)) for each in whole]
    made = [
        [parsing.say(each.lower().replace(", ", " ")) for each in whole],
        [parsing.say(each.upper().replace(", ", ",\n")) for each in whole],
        [parsing.say("; ".join(each.split(", "))) for each in whole],
        [parsing.say(json.dumps(each.split(", "))) for each in whole],
        [parsing.say(" ".join([ARROWS[DIRECTIONS.index(move)] for move in each])) for each in lists],
    ]
    if all(len(each) > 1 for each in lists):
        made += [[parsing.say(each) for each in lists], [parsing.say(each.lower()) for each in lists]]
    return [*made, ["I cannot see it.", *say(problem, moves)]] if len(whole) < problem.turns else made


def wrong(moves: str, rng: Random) -> list[str]:
    """Plans that look like the right one: cut short, one move left out, turned, mirrored, backwards."""
    at = rng.randrange(len(moves))
    other = rng.choice([each for each in DIRECTIONS if each != moves[at]])
    return [
        moves[:-1],
        moves[:at] + moves[at + 1 :],
        moves[:at] + other + moves[at + 1 :],
        moves.translate(str.maketrans("UDLR", "DULR")),
        moves.translate(str.maketrans("UDLR", "UDRL")),
        moves.translate(str.maketrans("UDLR", "LRUD")),
        moves[::-1],
    ]
