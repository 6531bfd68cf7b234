"""The rewards of UI-R1, UI-R1-E and GuirlVG, as released or described, beside the strict one.

UI-R1 (arXiv 2503.21620, its released reward functions): three terms of 0 or 1, summed. Reproduced with their faults:
the first `<answer>` block counts, a decoy inside the reasoning too; keys and names are read in single quotes only; the
point is the first `[int, int]` without inner padding, and (0, 0) where there is none; for every action but a click the
coordinates count as right, and no text, direction or name is ever checked; a truth box includes its borders.

UI-R1-E adds a length reward within each group of replies; no term of one reply can say it: see verienv/grpo/shaping.py.

GuirlVG (arXiv 2508.04389) has no released code; its soft format is built from its description: a half for each tag of
the reasoning, a third for each tag of the answer and for the right number of coordinates, halved to lie in [0, 1].
Tags count once, in any order: the description does not say otherwise.

Numbers of more than 12 digits and replies above the common limit earn nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verienv.families.gui.wording import NAMES
from verienv.parsing import MAX_CHARS

if TYPE_CHECKING:
    from verienv.families.gui import Problem

_QUOTED: Final = re.compile(r"'action':\s{0,64}'(\w{1,64})'")
_BARE: Final = re.compile(r"'action':\s{0,64}(\w{1,64})")
_POINT: Final = re.compile(r"\[(\d{1,12}),\s{0,64}(\d{1,12})\]")
_NUMBER: Final = re.compile(r"(?<![\w.])[-+]?\d{1,12}(?:\.\d{1,12})?(?![\w.]*\w)")
_JOINT: Final = re.compile(r"</think>\s*<answer>")
_OPEN, _CLOSE = "<answer>", "</answer>"

Found = tuple[str | None, tuple[int, int]]


def ui_r1_action(problem: Problem, reply: str) -> float:
    """1 when the word after `'action':` is that of the right action."""
    return float(ui_r1_read(reply)[0] == _truth(problem))


def ui_r1_coordinate(problem: Problem, reply: str) -> float:
    """1 when the action is the right one and, for a click, the point lies in the target's box, borders included."""
    word, point = ui_r1_read(reply)
    if word != _truth(problem):
        return 0.0
    if word != "click":
        return 1.0
    return float(any(in_box(_pixels(problem, point), area) for area in problem.rights[0].areas))


def ui_r1_format(problem: Problem, reply: str) -> float:
    """1 when the whole reply is reasoning in tags, white space, an answer in tags."""
    return float(well_formed(reply))


def guirlvg_point(problem: Problem, reply: str) -> float:
    """1 when the answer's numbers are one point, in whatever brackets, and it lies in the target's box."""
    numbers = numbers_of(reply)
    first = problem.rights[0]
    if len(numbers) != 2 or first.kind != "click":
        return 0.0
    return float(any(in_box(_pixels(problem, (numbers[0], numbers[1])), area) for area in first.areas))


def guirlvg_format(problem: Problem, reply: str) -> float:
    """The soft format, in [0, 1]."""
    return soft_format(reply)


def guirlvg_strict_format(problem: Problem, reply: str) -> float:
    """What it replaced: 1 when all tags are there and the answer is a list of two numbers, else 0."""
    if not well_formed(reply):
        return 0.0
    inner = reply[reply.rfind(_OPEN) + len(_OPEN) : -len(_CLOSE)].strip()
    return float(inner.startswith("[") and inner.endswith("]") and len(_bounded(inner)) == 2)


def ui_r1_read(reply: str) -> Found:
    """The word after `'action':` and the point, as released: the first of each in the first answer block."""
    inner = _first_block(reply)
    if inner is None:
        return None, (0, 0)
    word = _QUOTED.search(inner) or _BARE.search(inner)
    point = _POINT.search(inner)
    return (
        None if word is None else word.group(1),
        (0, 0) if point is None else (int(point.group(1)), int(point.group(2))),
    )


def well_formed(reply: str) -> bool:
    r"""What `<think>.*?</think>\s*<answer>.*?</answer>` finds when it must match a whole reply; linear in the reply."""
    if len(reply) > MAX_CHARS or not reply.startswith("<think>") or not reply.endswith(_CLOSE):
        return False
    joint = _JOINT.search(reply, len("<think>"))  # the first ends first
    return joint is not None and joint.end() <= len(reply) - len(_CLOSE)


def soft_format(reply: str) -> float:
    """Half for each tag of the reasoning, a third for each of the answer and for two numbers in it; all halved."""
    if len(reply) > MAX_CHARS:
        return 0.0
    sixths = 3 * (("<think>" in reply) + ("</think>" in reply)) + 2 * ((_OPEN in reply) + (_CLOSE in reply))
    return (sixths + 2 * (len(numbers_of(reply)) == 2)) / 12


def numbers_of(reply: str) -> list[float]:
    """The numbers of the answer: after its first tag, or after the reasoning where there is none."""
    if len(reply) > MAX_CHARS:
        return []
    start = reply.find(_OPEN)
    start = start + len(_OPEN) if start >= 0 else max(0, reply.rfind("</think>"))
    end = reply.find(_CLOSE, start)
    return _bounded(reply[start : end if end >= 0 else len(reply)])


def in_box(point: tuple[float, float], box: tuple[int, int, int, int]) -> bool:
    """Whether a point, cut to whole pixels, lies in a box with its borders."""
    x, y = int(point[0]), int(point[1])
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _truth(problem: Problem) -> str:
    kind = problem.rights[0].kind
    return NAMES.get(kind, kind)


def _pixels(problem: Problem, point: tuple[float, float]) -> tuple[float, float]:
    if problem.units == "pixels":
        return point
    return point[0] * problem.size[0] / 1000, point[1] * problem.size[1] / 1000


def _bounded(text: str) -> list[float]:
    return [float(each) for each in _NUMBER.findall(text[:4096])]


def _first_block(reply: str) -> str | None:
    if len(reply) > MAX_CHARS:
        return None
    start = reply.find(_OPEN)
    end = reply.find(_CLOSE, start + len(_OPEN)) if start >= 0 else -1
    return None if end < 0 else reply[start + len(_OPEN) : end]
