"""Jigsaw-R1's reward as released (arXiv 2505.23590): 1.0 * accuracy + 0.5 * format, as terms in [0, 1].

Reproduced with its faults: without tags the whole reply is read; the first of several answers counts; a grid need
not be a permutation; the last capital letter of a reply is its choice; a sign before a number is dropped; boxes
overlap by one pixel less. A slot without a piece cannot be answered, as the released reader refuses 0. Where the
released code ends training, the term is 0: for a number of more than 4,300 digits in a grid (no conversion), and for
a box whose union with the right one is 0 or not a number (a division by zero). All scans are linear in the reply.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

from verienv.families.jigsaw.problem import LETTERS, Problem

ANSWER_TYPE: Final = {
    "full": "grid",
    "pair": "letter",
    "multiple": "letter",
    "single": "digit",
    "box": "box",
    "rotation": "letter",
}
_DIGITS: Final = re.compile(r"\d+")
_LONGEST: Final = 4300  # digits that int() converts
_OPEN, _CLOSE = "<answer>", "</answer>"


def accuracy(problem: Problem, reply: str) -> float:
    """The accuracy reward when reasoning is asked for."""
    return score(ANSWER_TYPE[problem.question], truth(problem), reply, think=True)


def accuracy_direct(problem: Problem, reply: str) -> float:
    """The accuracy reward when a bare answer is asked for."""
    return score(ANSWER_TYPE[problem.question], truth(problem), reply, think=False)


def format_(problem: Problem, reply: str) -> float:
    """The format reward when reasoning is asked for: one span of think and answer, and an answer of the right type."""
    return well_formed(ANSWER_TYPE[problem.question], problem.pieces, reply, think=True)


def format_direct(problem: Problem, reply: str) -> float:
    """The format reward when a bare answer is asked for."""
    return well_formed(ANSWER_TYPE[problem.question], problem.pieces, reply, think=False)


def truth(problem: Problem) -> tuple[int, ...] | str:
    """The stored solution: numbers for a grid or a box, else text."""
    if problem.question == "full":
        return problem.order
    if problem.question == "single":
        return str(problem.order[problem.asked[0] - 1])
    if problem.question == "box":
        return problem.boxes[problem.order[problem.asked[0] - 1] - 1]
    return LETTERS[problem.right_choice]


def score(kind: str, right: tuple[int, ...] | str, reply: str, *, think: bool) -> float:
    """The share of right cells (grid), the overlap (box), or 1 for equality (letter, digit)."""
    content = _content(reply, think)
    if kind == "grid":
        cells = read_grid(content, len(right))
        if cells is None or len(cells) != len(right):
            return 0.0
        return sum(said == held for said, held in zip(cells, right, strict=True)) / len(right)
    if kind == "box":
        box = read_box(content)
        return 0.0 if box is None else released_overlap(box, [float(edge) for edge in right])
    if kind == "digit":
        found = _DIGITS.search(content)
        digits = found[0].lstrip("0") if found and found[0].isascii() else ""
        return float(digits == right)
    return float(_letter(content).lower() == str(right).lower())


def well_formed(kind: str, pieces: int, reply: str, *, think: bool) -> float:
    """1 when the reply has the released form."""
    if think and not spans(reply):
        return 0.0
    if not think and kind == "digit":
        return float(reply.isdigit())
    if not think and kind == "letter":
        return float(len(reply) == 1 and reply.isupper())
    content = _content(reply, think)
    if kind == "grid":
        cells = read_grid(content, pieces)
        return float(cells is not None and len(cells) == pieces)
    if kind == "box":
        return float(read_box(content) is not None)
    if kind == "digit":
        found = _DIGITS.search(content)
        return float((found[0] if found else content).isdigit())
    letter = _letter(content)
    return float(len(letter) == 1 and letter.isupper())


def spans(reply: str) -> bool:
    """Whether the first `<think>…</think>`, white space, `<answer>…</answer>` is the whole reply."""
    if not reply.startswith("<think>"):
        return False
    at = len("<think>")
    while (close := reply.find("</think>", at)) >= 0:
        at = close + len("</think>")
        opened = at
        while opened < len(reply) and reply[opened].isspace():
            opened += 1
        if reply.startswith(_OPEN, opened):
            end = reply.find(_CLOSE, opened + len(_OPEN))
            return end >= 0 and end + len(_CLOSE) == len(reply)
    return False


def read_grid(content: str, pieces: int) -> list[int] | None:
    """The numbers of a grid, or None where one is not a whole number in 1..pieces."""
    for mark in "`,;\n":
        content = content.replace(mark, " ")
    cells: list[int] = []
    for word in _single_spaced(content).split(" "):
        if not (word.isascii() and word.isdigit()) or len(word) > _LONGEST:
            return None
        digits = word.lstrip("0")
        if not digits or len(digits) > 4 or int(digits) > pieces:
            return None
        cells.append(int(digits))
    return cells


def read_box(content: str) -> list[float] | None:
    """The first four numbers joined by commas, anywhere."""
    run: list[re.Match[str]] = []
    for number in _DIGITS.finditer(content):
        if run:
            between = content[run[-1].end() : number.start()]
            if not (between[0] == "," and (len(between) == 1 or between[1:].isspace())):
                run = []
        run.append(number)
        if len(run) == 4:
            return [float(each[0]) for each in run]
    return None


def released_overlap(box: Sequence[float], right: Sequence[float]) -> float:
    """Intersection over union in the released convention, clipped to 0 where that is negative or no number."""
    left, top = max(box[0], right[0]), max(box[1], right[1])
    wide, tall = min(box[2], right[2]) - 1 - left, min(box[3], right[3]) - 1 - top
    both = (wide + 1) * (tall + 1) if wide > 0 and tall > 0 else 0.0
    area = (box[2] - box[0]) * (box[3] - box[1]) + (right[2] - right[0]) * (right[3] - right[1]) - both
    if area == 0 or math.isnan(area):
        return 0.0
    return max(0.0, both / area) + 0.0


def _content(reply: str, think: bool) -> str:
    if think and (start := reply.find(_OPEN)) >= 0:
        end = reply.find(_CLOSE, start + len(_OPEN))
        if end >= 0:
            return reply[start + len(_OPEN) : end].strip()
    return reply.strip()


def _letter(content: str) -> str:
    """The last capital letter A..Z, or the content backwards where there is none."""
    for mark in reversed(content):
        if "A" <= mark <= "Z":
            return mark
    return content[::-1]


def _single_spaced(content: str) -> str:
    """Runs of two or more white-space characters as one space; a lone tab stays what it is."""
    return re.sub(r"\s\s+", " ", content).strip()
