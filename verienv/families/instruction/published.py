"""What IFEval and IFBench report of a text: the strict and the loose rate, by prompt and by instruction.

Their checkers see what stands between the answer tags, or all that follows the thought where there are none. Kinds that
neither has are checked strictly. A text of more than 20,000 characters passes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from verienv.families.instruction import (
    drawing,
    ifbench,
    ifeval,
)
from verienv.families.instruction.reading import Text
from verienv.families.instruction.rules import Constraint

if TYPE_CHECKING:
    from verienv.families.instruction import Problem

CHECKS: Final[Mapping[str, Callable[..., bool]]] = MappingProxyType({**ifeval.CHECKS, **ifbench.CHECKS})


LONGEST: Final = 20_000
"""Characters above which a text is not looked at, and passes nothing."""


def said(reply: str) -> str:
    """What released checkers are shown of a reply; empty where that is longer than LONGEST."""
    text = reply.split("</think>")[-1].strip()
    start, end = text.find("<answer>"), text.rfind("</answer>")
    text = text[start + len("<answer>") : end].strip() if 0 <= start < end else text
    return text if len(text) <= LONGEST else ""


def passes(constraint: Constraint, text: str) -> bool:
    """Whether the released checker of that kind accepts a text."""
    if constraint.scope:
        text = Text(text).part(constraint.scope).raw
    check = CHECKS.get(constraint.kind)
    if check is None:
        return drawing.check(Constraint(constraint.kind, constraint.args), Text(text))
    return check(text, *constraint.args)


def strict(problem: Problem, reply: str) -> list[bool]:
    """The verdict on each constraint; a blank text keeps none."""
    text = said(reply)
    return [bool(text.strip()) and passes(each, text) for each in problem.constraints]


def loose(problem: Problem, reply: str) -> list[bool]:
    """The same, where each constraint may be kept by another of eight variants of the text."""
    found = variants(said(reply))
    return [any(each.strip() and passes(constraint, each) for each in found) for constraint in problem.constraints]


def variants(text: str) -> list[str]:
    """The text, without its first line, its last line, both; and each of these without asterisks."""
    lines = text.split("\n")
    cut = [text, *["\n".join(part).strip() for part in (lines[1:], lines[:-1], lines[1:-1])]]
    return list(dict.fromkeys([*cut, *[each.replace("*", "") for each in cut]]))


def _all(problem: Problem, reply: str) -> float:
    """1 where the released checkers accept the text for every constraint: IFEval's and IFBench's strict prompt rate"""
    return float(all(strict(problem, reply)))


def _share(problem: Problem, reply: str) -> float:
    """The share of constraints that they accept: the strict instruction rate"""
    found = strict(problem, reply)
    return sum(found) / len(found)


def _loose_all(problem: Problem, reply: str) -> float:
    """The same for all, each by any of eight variants of the text: the loose prompt rate"""
    return float(all(loose(problem, reply)))


def _loose_share(problem: Problem, reply: str) -> float:
    """The share accepted by any variant: the loose instruction rate"""
    found = loose(problem, reply)
    return sum(found) / len(found)


TERMS: Final[Mapping[str, Callable[[Any, Any], float]]] = MappingProxyType(
    {"ifeval": _all, "ifeval_share": _share, "ifeval_loose": _loose_all, "ifeval_loose_share": _loose_share}
)
