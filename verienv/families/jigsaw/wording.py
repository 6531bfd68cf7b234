"""What is said: the grid, the question, the choices, and how to answer, in the order of Jigsaw-R1's prompts."""

from __future__ import annotations

from collections.abc import Sequence

from verienv import parsing
from verienv.families.jigsaw import orders
from verienv.families.jigsaw.problem import LETTERS, Problem

EXAMPLES = {
    "full": "4 2 1 3 (for two rows of two)",
    "box": "40, 25, 96, 70",
    "single": "3",
    "pair": "B",
    "multiple": "B",
    "rotation": "B",
}

_GRID = {
    orders.LEFT: "to the left of it, in the same row",
    orders.RIGHT: "to the right of it, in the same row",
    orders.ABOVE: "above it, in the same column",
    orders.BELOW: "below it, in the same column",
    orders.UP_LEFT: "above it and to the left",
    orders.UP_RIGHT: "above it and to the right",
    orders.DOWN_LEFT: "below it and to the left",
    orders.DOWN_RIGHT: "below it and to the right",
}
_STRIP = {
    orders.LEFT: "to the left of it",
    orders.RIGHT: "to the right of it",
    orders.ABOVE: "above it",
    orders.BELOW: "below it",
}


def prompt(problem: Problem) -> str:
    """Everything but the picture."""
    if problem.question == "rotation":
        return "\n\n".join([_turned(problem), _choices(problem), _form(problem)])
    told = [_setting(problem), _index(problem), _question(problem)]
    if problem.choices:
        told.append(_choices(problem))
    return "\n\n".join([*told, _form(problem)])


def choice(problem: Problem, number: int) -> str:
    """What choice `number` (from 0) says."""
    held = problem.choices[number]
    if problem.question == "pair":
        return (_STRIP if min(problem.rows, problem.cols) == 1 else _GRID)[held[0]]
    if problem.question == "rotation":
        return f"{held[0] * 360 // problem.turns} degrees clockwise" if held[0] else "not at all"
    return grid(held, problem.cols, " / ")


def grid(numbers: Sequence[int], cols: int, between: str) -> str:
    """Numbers row by row."""
    rows = [numbers[at : at + cols] for at in range(0, len(numbers), cols)]
    return between.join(" ".join(map(str, row)) for row in rows)


def _setting(problem: Problem) -> str:
    if problem.question == "box":
        width, height = problem.shown_size
        x1, y1, x2, y2 = problem.boxes[0]
        told = (
            f"The picture, {width} pixels wide and {height} pixels high, is divided into {problem.rows}x{problem.cols} "
            f"regions of equal size. In each region lies one rectangle, {x2 - x1} pixels wide and {y2 - y1} pixels "
            "high, anywhere in it. What the rectangles show has been exchanged among them; the rest is as it was."
        )
    else:
        grid = f"{_count(problem.rows, 'row')}, {_count(problem.cols, 'column')}"
        order = "an order drawn by lot" if problem.pieces == 2 else "another order"
        told = (
            f"A picture was cut into {problem.rows}x{problem.cols} pieces of equal size ({grid}), and the pieces were "
            f"laid out in {order}. Put it together again in your mind."
        )
    empty = len(problem.hatched)
    strange = problem.order.count(0) - empty
    if empty:
        told += f" {_count(empty, 'place is', 'places are')} empty and hatched: the piece that was laid there is lost."
    if strange:
        shows = _count(strange, "place shows", "places show")
        told += f" {shows} a piece of a different picture, where another lost piece was laid."
    if problem.mask:
        told += f" The borders of the {'regions' if problem.question == 'box' else 'pieces'} are blackened."
    return told


def _index(problem: Problem) -> str:
    last = problem.pieces
    index = grid(range(1, last + 1), problem.cols, "\n")
    if problem.rows == 1:
        corners = f"1 is at the left and {last} at the right"
    elif problem.cols == 1:
        corners = f"1 is at the top and {last} at the bottom"
    else:
        corners = f"1 is at the top left and {last} at the bottom right"
    return f"Places are numbered row by row:\n```\n{index}\n```\nwhere {corners}."


def _question(problem: Problem) -> str:
    if problem.question == "pair":
        first, second = problem.asked
        return (
            f"Look at the piece now at place {first} and at the piece now at place {second}. In the original picture, "
            f"where did the piece now at {first} lie, as seen from the piece now at {second}?"
        )
    if problem.question == "single":
        return f"Look at the piece now at place {problem.asked[0]}. At which place did it lie in the original picture?"
    if problem.question == "box":
        return (
            f"Look at what the rectangle in region {problem.asked[0]} shows now. In which rectangle was it in the "
            "original picture? Coordinates are pixels from the top left corner of the picture; x grows to the right, "
            "y downwards. An overlap (intersection over union) with the right rectangle of 0.9 earns full marks, "
            "one of 0.5 or less nothing."
        )
    zero = "" if not problem.order.count(0) else ", or 0 where no piece of this picture is"
    what = f"for each place, the number of the place where the piece shown there lay in the original picture{zero}"
    if problem.question == "multiple":
        return f"Which of these grids says, {what}? Rows are separated by slashes."
    return f"Write the grid that says, {what}."


def _turned(problem: Problem) -> str:
    shape = "round picture" if 4 % problem.turns else "picture"
    step = 360 // problem.turns
    return (
        f"This {shape} has been turned about its middle, clockwise, by a multiple of {step} degrees (perhaps by none). "
        "By how much was it turned from its upright position?"
    )


def _choices(problem: Problem) -> str:
    return "\n".join(f"({LETTERS[at]}) {choice(problem, at)}" for at in range(len(problem.choices)))


def _form(problem: Problem) -> str:
    form = {
        "full": f"{problem.pieces} whole numbers, row by row ({_count(problem.rows, 'row')} of {problem.cols})",
        "box": "four whole numbers x1, y1, x2, y2: the left, top, right and bottom edge",
        "single": f"one whole number from 1 to {problem.pieces}",
    }.get(problem.question, "the letter of one choice")
    return parsing.ask(form, EXAMPLES[problem.question])


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"
