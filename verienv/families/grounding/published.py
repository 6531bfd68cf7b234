"""UniVG-R1's reward as released: overlap plus form (arXiv 2505.14231, its reward functions for boxes).

Both are terms in [0, 1], weighted 1 each. Reproduced with their faults: the first `<answer>` block counts, a decoy
inside the reasoning too; only `(x1,y1),(x2,y2)` in whole numbers is read, the first such in the block; the sides of
the overlap lose a pixel and get it back, so an overlap of at most one unit is none; the picture is never looked at.
Coordinates are in the units that the prompt asks for. Numbers of more than 12 digits, and replies above the common
limit, earn nothing here, where the release would compute with them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verienv.families.grounding.scoring import Box
from verienv.parsing import MAX_CHARS

if TYPE_CHECKING:
    from verienv.families.grounding import Problem

_PAIR: Final = re.compile(r"\((\d{1,12}),\s{0,64}(\d{1,12})\),\s{0,64}\((\d{1,12}),\s{0,64}(\d{1,12})\)")
_CLOSING: Final = "</answer>"


def overlap(problem: Problem, reply: str) -> float:
    """The overlap, as released, of the first whole-number pair of points in the first answer block."""
    found = first_box(reply)
    return 0.0 if found is None else released_iou(found, problem.asked_box)


def form(problem: Problem, reply: str) -> float:
    """1 when reasoning in tags, then one answer block of exactly one whole-number box, ends the reply."""
    return float(well_formed(reply))


def released_iou(box: Box, truth: Box) -> float:
    """The released overlap, held within [0, 1]; 0 where it divides by nothing."""
    x1, y1 = max(box[0], truth[0]), max(box[1], truth[1])
    x2, y2 = min(box[2] - 1, truth[2] - 1), min(box[3] - 1, truth[3] - 1)
    shared = (x2 - x1 + 1) * (y2 - y1 + 1) if x1 < x2 and y1 < y2 else 0
    covered = (box[2] - box[0]) * (box[3] - box[1]) + (truth[2] - truth[0]) * (truth[3] - truth[1]) - shared
    return max(0.0, min(1.0, shared / covered)) if covered else 0.0


def first_box(reply: str) -> Box | None:
    """The first `(x1,y1),(x2,y2)` inside the first `<answer>…</answer>`."""
    start = reply.find("<answer>")
    end = reply.find(_CLOSING, start)
    if len(reply) > MAX_CHARS or start < 0 or end < 0:
        return None
    found = _PAIR.search(reply, start + len("<answer>"), end)
    if found is None:
        return None
    x1, y1, x2, y2 = map(float, found.groups())
    return x1, y1, x2, y2


def well_formed(reply: str) -> bool:
    r"""What `<think>.*?</think>\s*<answer>BOX</answer>$` finds when searched for, in time linear in the reply."""
    text = reply.removesuffix("\n")
    if len(reply) > MAX_CHARS or not text.endswith(_CLOSING):
        return False
    start = text.rfind("<answer>")
    if start < 0 or _PAIR.fullmatch(text, start + len("<answer>"), len(text) - len(_CLOSING)) is None:
        return False
    before = text[:start].rstrip()
    opened = before.find("<think>")
    return before.endswith("</think>") and 0 <= opened <= len(before) - len("<think></think>")
