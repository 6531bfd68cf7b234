"""What can be earned blind: constants, chance, the identity, the prompt's example, priors, and the brightest on top."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random

import numpy as np

from verienv import parsing
from verienv.families.jigsaw import drawing, layout, orders, wording
from verienv.families.jigsaw.problem import LETTERS, Problem
from verienv.task import Player


def everyone() -> Mapping[str, Player]:
    """The blind players by name."""
    return {
        "constant": lambda problem, rng: parsing.say(_constant(problem)),
        "second letter": lambda problem, rng: parsing.say(_letter(problem, 1)),
        "random": lambda problem, rng: parsing.say(_random(problem, rng)),
        "as shown": lambda problem, rng: parsing.say(_as_shown(problem)),
        "example": lambda problem, rng: parsing.say(wording.EXAMPLES[problem.question].split(" (")[0]),
        "same content": lambda problem, rng: parsing.say(_same_content(problem)),
        "brightest on top": lambda problem, rng: parsing.say(_brightest(problem)),
    }


def zeros(problem: Problem) -> list[int]:
    """As many slots as lack a piece, the empty ones first."""
    lacking = list(problem.hatched)
    for slot in range(problem.pieces, 0, -1):
        if len(lacking) < problem.order.count(0) and slot not in lacking:
            lacking.append(slot)
    return lacking


def grid(problem: Problem, order: list[int] | tuple[int, ...]) -> str:
    """An answer to the question full."""
    return wording.grid(order, problem.cols, "\n")


def shown(problem: Problem, region: int) -> str:
    """The rectangle of a region, as an answer to the question box."""
    return ", ".join(map(str, problem.boxes[region - 1]))


def _letter(problem: Problem, number: int) -> str:
    return LETTERS[min(number, len(problem.choices) - 1)] if problem.choices else _constant(problem)


def _constant(problem: Problem) -> str:
    if problem.question == "full":
        lacking = zeros(problem)
        rest = iter(range(problem.pieces, 0, -1))
        return grid(problem, [0 if slot in lacking else next(rest) for slot in range(1, problem.pieces + 1)])
    if problem.question == "single":
        return "1"
    if problem.question == "box":
        width, height = problem.shown_size
        return f"0, 0, {width}, {height}"
    return "A"


def _random(problem: Problem, rng: Random) -> str:
    if problem.question == "full":
        lacking = zeros(problem)
        rest = iter(rng.sample(range(1, problem.pieces + 1), problem.pieces))
        return grid(problem, [0 if slot in lacking else next(rest) for slot in range(1, problem.pieces + 1)])
    if problem.question == "single":
        return str(rng.randint(1, problem.pieces))
    if problem.question == "box":
        return shown(problem, rng.choice([r for r in range(1, problem.pieces + 1) if r != problem.asked[0]]))
    return rng.choice(LETTERS[: len(problem.choices)])


def _as_shown(problem: Problem) -> str:
    if problem.question == "full":
        lacking = zeros(problem)
        return grid(problem, [0 if slot in lacking else slot for slot in range(1, problem.pieces + 1)])
    if problem.question == "single":
        return str(problem.asked[0])
    if problem.question == "box":
        return shown(problem, problem.asked[0])
    if problem.question == "pair":
        first, second = problem.asked
        return LETTERS[problem.choices.index((orders.relation(first, second, problem.cols),))]
    return "A" if problem.question == "multiple" else _same_content(problem)


def _same_content(problem: Problem) -> str:
    """Always the same thing said, whichever letter it has."""
    return LETTERS[problem.choices.index(min(problem.choices))] if problem.choices else _constant(problem)


def _brightest(problem: Problem) -> str:
    """Where the light is, there is up."""
    light = drawing.pixels(problem).sum(axis=2, dtype=np.int64)
    if problem.question == "rotation":
        down, right = np.indices(light.shape) * 2 - light.shape[0] + 1
        inside = down * down + right * right <= light.shape[0] ** 2
        weight = (light - light[inside].mean()) * inside
        angle = math.atan2(float((weight * right).sum()), float(-(weight * down).sum())) / math.tau * problem.turns
        return LETTERS[problem.choices.index((round(angle) % problem.turns,))]
    if problem.question == "box":
        return shown(problem, 1 if problem.asked[0] != 1 else 2)
    ranks = layout.cut(np.repeat(light[:, :, None], 3, axis=2), problem.rows, problem.cols).sum(axis=(1, 2, 3))
    lacking = zeros(problem)
    by_light = sorted((s for s in range(1, problem.pieces + 1) if s not in lacking), key=lambda s: -int(ranks[s - 1]))
    place = {slot: at for at, slot in enumerate(by_light, 1)}
    order = [place.get(slot, 0) for slot in range(1, problem.pieces + 1)]
    if problem.question == "full":
        return grid(problem, order)
    if problem.question == "single":
        return str(order[problem.asked[0] - 1])
    if problem.question == "multiple":
        agree = [orders.cells(choice, order) for choice in problem.choices]
        return LETTERS[agree.index(max(agree))]
    first, second = (max(1, order[slot - 1]) for slot in problem.asked)
    told = orders.relation(first, second, problem.cols) if first != second else problem.choices[0][0]
    return LETTERS[problem.choices.index((told,))]
