"""SATURN's reward as released: +1 solved, 0 not solved, -1 no box (arXiv 2505.16368, its reward function).

As terms in [0, 1]: reward = 1 * saturn_solved - 1 * saturn_no_box. Reproduced with its faults: a short bit string is
read as if zeros followed, a long one is cut, and a character that is not a one counts as zero.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verienv.families.sat import Problem

_BOX = "\\boxed{"


def solved(problem: Problem, reply: str) -> float:
    """1 when the last box, read as released, satisfies every clause."""
    content = last_box(reply)
    if content is None:
        return 0.0
    true = {place for place, mark in enumerate(content[: problem.k], 1) if unicodedata.digit(mark, 0) == 1}
    return float(all(any((abs(literal) in true) == (literal > 0) for literal in clause) for clause in problem.clauses))


def no_box(problem: Problem, reply: str) -> float:
    """1 when the reply holds no box that closes on its own line."""
    return float(last_box(reply) is None)


def last_box(reply: str) -> str | None:
    r"""What the last match of a non-greedy, single-line `\boxed{…}` holds, in time linear in the reply."""
    found = None
    for line in reply.split("\n"):
        at = 0
        while (start := line.find(_BOX, at)) >= 0:
            end = line.find("}", start + len(_BOX))
            if end < 0:
                break
            found = line[start + len(_BOX) : end]
            at = end + 1
    return found
