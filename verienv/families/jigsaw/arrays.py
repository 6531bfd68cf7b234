"""The native and step views: the sheet as an array, what is asked as numbers, answers as arrays, and small edits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from verienv.families.jigsaw import drawing, orders, players
from verienv.families.jigsaw.problem import LETTERS, QUESTIONS, Answer, Knobs, Problem
from verienv.parsing import Unparsable
from verienv.views import Stepwise

if TYPE_CHECKING:
    from gymnasium import Space

NUDGES = (-32, -8, -1, 1, 8, 32)  # pixels, for each edge of a box


class Arrays(Stepwise[Knobs, Problem, Answer]):
    """Shapes depend on the knobs alone: a smaller sheet lies at the top left of the array, the rest is black."""

    def observation_space(self, knobs: Knobs) -> Space[Any]:
        """image [H, W, 3] uint8; asked: question, rows, columns, two slots, a rectangle's size, every choice."""
        from gymnasium import spaces

        side = min(knobs.width, knobs.height)
        width, height = (side, side) if knobs.question == "rotation" else (knobs.width, knobs.height)
        return spaces.Dict(
            asked=spaces.Box(0, 1024, (7 + _told(knobs),), np.int32),
            image=spaces.Box(0, 255, (height, width, 3), np.uint8),
        )

    def observe(self, problem: Problem) -> Any:
        """What the prompt shows and says."""
        width, height = problem.shown_size if problem.question == "rotation" else problem.size
        image = np.zeros((height, width, 3), np.uint8)
        drawn = drawing.pixels(problem)
        image[: drawn.shape[0], : drawn.shape[1]] = drawn
        slots = (*problem.asked, 0, 0)[:2]
        x1, y1, x2, y2 = problem.boxes[0] if problem.boxes else (0, 0, 0, 0)
        told = [number for choice in problem.choices for number in choice]
        head = (QUESTIONS.index(problem.question), problem.rows, problem.cols, *slots, x2 - x1, y2 - y1)
        return {"asked": np.array([*head, *told], np.int32), "image": image}

    def action_space(self, knobs: Knobs) -> Space[Any]:
        """full: a position per slot, 0 for none where pieces are missing; box: four edges; else one number."""
        from gymnasium import spaces

        if knobs.question == "full":
            return spaces.MultiDiscrete([knobs.pieces + (knobs.missing > 0)] * knobs.pieces)
        if knobs.question == "box":
            return spaces.MultiDiscrete([knobs.width + 1, knobs.height + 1] * 2)
        return spaces.MultiDiscrete([knobs.pieces if knobs.question == "single" else _letters(knobs)])

    def act(self, problem: Problem, action: Any) -> Answer:
        """The answer of an action. Raises Unparsable for an edge beyond the sheet."""
        numbers = [int(number) for number in action]
        if problem.question == "full":
            first = 0 if 0 in problem.order else 1
            return tuple([number + first for number in numbers])
        if problem.question == "box":
            width, height = problem.shown_size
            if max(numbers[0], numbers[2]) > width or max(numbers[1], numbers[3]) > height:
                raise Unparsable("out_of_range")
            return tuple(numbers)
        return numbers[0] + 1 if problem.question == "single" else LETTERS[numbers[0]]

    def encode(self, problem: Problem, answer: Answer) -> Any:
        """The action that `act` reads back."""
        if isinstance(answer, str):
            return np.array([LETTERS.index(answer)], np.int64)
        if isinstance(answer, int):
            return np.array([answer - 1], np.int64)
        first = 1 if problem.question == "full" and 0 not in problem.order else 0
        return np.array([number - first for number in answer], np.int64)

    def draft(self, problem: Problem) -> Answer:
        """Every piece where it is; the middle of the sheet; the first choice."""
        if problem.question == "full":
            lacking = players.zeros(problem)
            return tuple([0 if slot in lacking else slot for slot in range(1, problem.pieces + 1)])
        if problem.question == "box":
            width, height = problem.shown_size
            return (width // 4, height // 4, width * 3 // 4, height * 3 // 4)
        return 1 if problem.question == "single" else LETTERS[0]

    def edits(self, knobs: Knobs) -> int:
        """full: exchange two slots, and with missing pieces give a slot the next number nobody has; box: nudge an edge;
        else the choice before or after.
        """
        if knobs.question == "full":
            return knobs.pieces * (knobs.pieces - 1) // 2 + (knobs.pieces if knobs.missing else 0)
        return 4 * len(NUDGES) if knobs.question == "box" else 2

    def edit(self, problem: Problem, draft: Answer, number: int) -> Answer:
        """The draft after one of them."""
        if isinstance(draft, str):
            return LETTERS[(LETTERS.index(draft) + (1, -1)[number]) % len(problem.choices)]
        if isinstance(draft, int):
            return (draft - 1 + (1, -1)[number]) % problem.pieces + 1
        changed = list(draft)
        if problem.question == "box":
            edge, nudge = divmod(number, len(NUDGES))
            changed[edge] = min(max(0, changed[edge] + NUDGES[nudge]), problem.shown_size[edge % 2])
            return tuple(changed)
        exchanges = problem.pieces * (problem.pieces - 1) // 2
        if number >= exchanges:
            slot = number - exchanges
            spare = sorted({0, *range(1, problem.pieces + 1)} - {each for each in draft if each})
            later = [each for each in spare if each > draft[slot]]
            changed[slot] = later[0] if later else spare[0]
            return tuple(changed)
        first = 0
        while number >= problem.pieces - 1 - first:
            number -= problem.pieces - 1 - first
            first += 1
        second = first + 1 + number
        changed[first], changed[second] = changed[second], changed[first]
        return tuple(changed)


def _letters(knobs: Knobs) -> int:
    if knobs.question == "pair":
        return len(orders.relations(knobs.rows, knobs.cols))
    return knobs.choices if knobs.question == "multiple" else knobs.turns


def _told(knobs: Knobs) -> int:
    """How many numbers the choices have."""
    if knobs.question in ("full", "single", "box"):
        return 0
    return _letters(knobs) * (knobs.pieces if knobs.question == "multiple" else 1)
