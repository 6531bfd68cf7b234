"""A picture is cut into a grid and shuffled; say where its pieces belong, how two lie to each other, or what is up.

Reproduces Jigsaw-R1 (arXiv 2505.23590) and all its question types on pictures drawn for the purpose, or on a user's
photos: full, pair, multiple, single, box and rotation, with masked borders, missing pieces and pieces of another
picture. The order shown is never the right one, except among the two orders of two pieces; every answer is proven to
be the only one by a search over seams, wherever the mask leaves any.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from math import factorial, log10
from random import Random
from typing import TYPE_CHECKING, ClassVar

from verienv import parsing
from verienv.families.jigsaw import drawing, layout, making, orders, players, published, seams, wording
from verienv.families.jigsaw.arrays import Arrays
from verienv.families.jigsaw.problem import LETTERS, Answer, Knobs, Picture, Problem
from verienv.score import Score, partial, right, wrong
from verienv.task import Player, Question, Term, canonical

if TYPE_CHECKING:
    from verienv.task import Part

__all__ = ["Answer", "Jigsaw", "Knobs", "Picture", "Problem", "task"]

NOTHING, EVERYTHING = 0.5, 0.9
"""The overlap (intersection over union) of a box up to which it earns nothing, and from which it earns all."""


class Jigsaw(Question[Knobs, Problem, Answer], Arrays):
    """Jigsaw puzzles of pictures."""

    name = "jigsaw"
    title = "Jigsaw puzzles"
    tags = ("image", "vision", "jigsaw-r1")
    parts = ("cells", "connections", "exact", "iou")
    terms: ClassVar[Mapping[str, Term]] = {
        "jigsaw_r1_accuracy": published.accuracy,
        "jigsaw_r1_format": published.format_,
        "jigsaw_r1_direct_accuracy": published.accuracy_direct,
        "jigsaw_r1_direct_format": published.format_direct,
    }
    floor_note = (
        "Level 0 is a coin: two pieces, two orders. `brightest on top` is not blind: it looks at the picture and bets "
        "that light comes from above, which turns half of the scenes of level 5 the right way up; every player that "
        "does not look stays below 0.30 from level 1 on. Rotations and masked sheets leave no seam to search, so "
        "there the oracle says what was drawn; for a box it is told where the rectangles lie, not which was whose."
    )
    levels = (
        Knobs(question="pair", rows=2, cols=1, swap=True),
        Knobs(question="full", rows=2, cols=2),
        Knobs(question="single", rows=2, cols=3, swap=True),
        Knobs(question="pair", rows=3, cols=3),
        Knobs(question="multiple", rows=3, cols=3, choices=6),
        Knobs(question="rotation", turns=8),
        Knobs(question="box", rows=2, cols=3, swap=True),
        Knobs(question="full", rows=3, cols=3, mask=0.12),
        Knobs(question="pair", rows=4, cols=4, mask=0.1),
        Knobs(question="full", rows=4, cols=4, missing=3, distractors=1),
        Knobs(question="rotation", turns=24),
        Knobs(question="full", rows=5, cols=5, missing=3, distractors=1),
        Knobs(question="full", rows=6, cols=6),
    )

    def generate(self, rng: Random, knobs: Knobs) -> Problem:
        """Draw everything but the picture itself, which `admit` looks at."""
        return making.draw(rng, knobs, f"{self.name}@{self.version}\n".encode())

    def admit(self, problem: Problem) -> bool:
        """Pieces that can be told apart, and a proof that seams leave one arrangement."""
        return making.sound(problem)

    def identity(self, problem: Problem) -> bytes:
        """Everything but the order of the choices and the set that a photo was found in."""
        plain = dataclasses.replace(
            problem,
            picture=dataclasses.replace(problem.picture, pictures=""),
            other=problem.other and dataclasses.replace(problem.other, pictures=""),
            choices=tuple(sorted(problem.choices)),
        )
        return canonical(plain)

    def lineage(self, problem: Problem) -> bytes:
        """The picture."""
        return making.lineage(problem.picture)

    def prompt(self, problem: Problem) -> list[Part]:
        """The sheet, then the question."""
        return [drawing.sheet(problem), wording.prompt(problem)]

    def parse(self, problem: Problem, text: str) -> Answer:
        """Whole numbers, one whole number, or a letter."""
        if problem.question == "full":
            low = 0 if 0 in problem.order else 1
            return parsing.integers(text, problem.pieces, low=low, high=problem.pieces)
        if problem.question == "box":
            return parsing.integers(text, 4, low=0, high=max(problem.shown_size))
        if problem.question == "single":
            return parsing.integer(text, low=1, high=problem.pieces)
        return parsing.letter(text, LETTERS[: len(problem.choices)])

    def verify(self, problem: Problem, answer: Answer) -> Score:
        """All slots right, the right choice, or the overlap of boxes re-based so that a guess earns nothing."""
        parts = self.zero_parts()
        if isinstance(answer, str):
            good = LETTERS.index(answer) == problem.right_choice
        elif isinstance(answer, int):
            good = answer == problem.order[problem.asked[0] - 1]
        elif problem.question == "box":
            return self._verify_box(problem, (answer[0], answer[1], answer[2], answer[3]))
        elif not orders.permutes(answer, problem.order):
            return wrong("not_a_permutation", parts)
        else:
            good = answer == problem.order
            parts["cells"] = orders.cells(answer, problem.order)
            parts["connections"] = orders.connections(answer, problem.order, problem.rows, problem.cols)
        parts["exact"] = float(good)
        return right(parts) if good else wrong("wrong_order" if problem.question == "full" else "wrong", parts)

    def solve(self, problem: Problem) -> str:
        """Cut the sheet that is shown and close its seams; where it shows none, what was drawn is said."""
        if problem.question == "rotation":
            return parsing.say(LETTERS[problem.right_choice])
        if problem.question == "box":
            return parsing.say(players.shown(problem, self._origin_by_seams(problem)))
        order = self._order_by_seams(problem)
        if problem.question == "full":
            return parsing.say(players.grid(problem, order))
        if problem.question == "single":
            return parsing.say(str(order[problem.asked[0] - 1]))
        solved = dataclasses.replace(problem, order=order)
        return parsing.say(LETTERS[solved.right_choice])

    def players(self) -> Mapping[str, Player]:
        """See players.py."""
        return players.everyone()

    def renderings(self, problem: Problem) -> Sequence[str]:
        """Brackets, separators and lines that change nothing."""
        plain = parsing.answer(self.solve(problem))
        if problem.question in ("full", "box"):
            numbers = plain.replace(",", " ").split()
            rows = [numbers[at : at + problem.cols] for at in range(0, len(numbers), problem.cols)]
            nested = "[" + ", ".join("[" + ", ".join(row) + "]" for row in rows) + "]"
            return (" ".join(numbers), ", ".join(numbers), ",".join(numbers), f"[{', '.join(numbers)}]", nested)
        if problem.question == "single":
            return (f"[{plain}]", f"({plain})", f"0{plain}")
        return (f"({plain})", plain.lower(), f"{plain})")

    def mutants(self, problem: Problem, rng: Random) -> Sequence[str]:
        """Two slots exchanged, one slot repeated or left out; another number, letter or rectangle."""
        plain = parsing.answer(self.solve(problem))
        numbers = plain.replace(",", " ").split()
        if problem.question == "full":
            first, second = rng.sample([at for at, number in enumerate(numbers) if number != "0"], 2)
            exchanged, repeated = list(numbers), list(numbers)
            exchanged[first], exchanged[second] = numbers[second], numbers[first]
            repeated[first] = numbers[second]
            made = [exchanged, repeated, numbers[:-1], [*numbers, "1"], numbers[::-1], ["1"] * len(numbers)]
            return [" ".join(each) for each in made if each != numbers]
        if problem.question == "box":
            x1, y1, x2, y2 = map(int, numbers)
            now = players.shown(problem, problem.asked[0])
            return (
                now, f"{x2}, {y1}, {x1}, {y2}", f"{x1}, {y1}, {x1}, {y2}", f"-{x1}, {y1}, {x2}, {y2}", f"{plain}, 1",
                f"{x1}, {y1}, {x2}", f"0, 0, {problem.shown_size[0]}, {problem.shown_size[1]}", f"{plain} or {now}",
            )  # fmt: skip
        if problem.question == "single":
            others = [str(number) for number in range(problem.pieces + 2) if str(number) != plain]
            return (*others, f"{plain} {others[1]}", f"-{plain}", f"{plain}.5", f"not {plain}")
        others = [letter for letter in LETTERS[: len(problem.choices) + 1] if letter != plain]
        return (
            *others,
            f"{plain} or {others[0]}",
            f"{plain}{others[0]}",
            f"not {plain}",
            "".join(sorted({plain, *others})),
        )

    def describe(self, problem: Problem) -> Mapping[str, float | int | str | None]:
        """The grid, what is hidden, and the logarithm of how many answers there are."""
        missing = problem.order.count(0)
        strange = missing - len(problem.hatched)
        ways: float | None = None
        if problem.question == "full":
            fitting = factorial(problem.pieces) // factorial(missing)
            slots = problem.pieces - len(problem.hatched)
            ways = log10(fitting * (factorial(slots) // factorial(slots - strange) // factorial(strange)))
        elif problem.question != "box":
            ways = log10(problem.pieces if problem.question == "single" else len(problem.choices))
        return {
            "question": problem.question,
            "picture": problem.picture.kind,
            "pieces": problem.pieces,
            "mask": problem.mask,
            "missing": missing,
            "distractors": strange,
            "log10_answers": None if ways is None else round(ways, 4),
            "cells_in_place": round(orders.cells(range(1, problem.pieces + 1), problem.order), 4),
        }

    def _verify_box(self, problem: Problem, box: layout.Box) -> Score:
        overlap = layout.overlap(box, problem.boxes[problem.order[problem.asked[0] - 1] - 1])
        parts = {**self.zero_parts(), "iou": overlap, "exact": float(overlap == 1.0)}
        if overlap >= EVERYTHING:
            return right(parts)
        if not (box[0] < box[2] and box[1] < box[3]):
            return wrong("no_area", parts)
        value = max(0.0, (overlap - NOTHING) / (EVERYTHING - NOTHING))
        return partial(value, "overlaps", parts) if value else wrong("elsewhere", parts)

    def _order_by_seams(self, problem: Problem) -> orders.Order:
        if problem.mask:
            return problem.order
        drawn = drawing.pixels(problem)
        pieces = layout.cut(drawn, problem.rows, problem.cols)
        empty = layout.hatching(*pieces.shape[1:3])
        shown = [at for at, piece in enumerate(pieces) if not (piece == empty).all()]
        laid = seams.solve(pieces[shown], problem.rows, problem.cols, problem.order.count(0))
        order = [0] * problem.pieces
        for position, piece in enumerate(laid or (), 1):
            if piece >= 0:
                order[shown[piece]] = position
        return tuple(order)

    def _origin_by_seams(self, problem: Problem) -> int:
        """The rectangles are the problem's; which of them the asked content fits is seen."""
        here = problem.boxes[problem.asked[0] - 1]
        return int(seams.fits(drawing.pixels(problem), problem.boxes, here).argmin()) + 1


task = Jigsaw()
