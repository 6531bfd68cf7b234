"""What a constraint is: drawn, told, checked, and built into the plan of a text that keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from verienv.families.instruction.composing import Plan
from verienv.families.instruction.reading import Text, listed
from verienv.families.instruction.subjects import Subject

Args = tuple[Any, ...]  # of numbers and texts
WHOLE: Final = (
    "body words sentences paragraphs layout start end marks many sizes ordinal letters digits brackets quotes case"
)
"""Slots of a constraint that says how every word of a text has to be."""
APART: Final = "prefix suffix keyword mention starred nested spread"
"""Tags that it cannot live with."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One drawn constraint; `scope` is the paragraph it speaks of, from 1, or 0 for the whole text."""

    kind: str
    args: Args
    scope: int = 0
    style: int = 0  # which wording


@dataclass(frozen=True, slots=True)
class Setting:
    """What a constraint may be drawn from; `size` in 1 to 5 scales the counts."""

    rng: Random
    subject: Subject
    request: str
    size: int

    def count(self, low: int, high: int) -> int:
        """A number from `low` up to the part of the range that the size opens."""
        return self.rng.randint(low, low + max(1, (high - low) * self.size // 5))


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of constraint. Two rules can stand together if they share no slot and neither avoids a tag of the other.

    `check(text, args)` is total and linear in the text; `build(plan, args)` asks the plan for what the check wants.
    """

    kind: str
    draw: Callable[[Setting], Args]
    tell: Callable[[Args], tuple[str, ...]]
    check: Callable[[Text, Args], bool]
    build: Callable[[Plan, Args], None]
    slots: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    avoid: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()  # the definitions that it needs
    local: bool = False  # can be asked of one paragraph
    spreads: bool = False  # kept by the whole once every paragraph keeps it


def rule(
    kind: str,
    draw: Callable[[Setting], Args],
    tell: Callable[..., tuple[str, ...]],
    check: Callable[..., bool],
    build: Callable[..., None],
    *,
    slots: str = "",
    tags: str = "",
    avoid: str = "",
    notes: str = "",
    local: bool = False,
    spreads: bool = False,
) -> Rule:
    """A Rule from functions that take the arguments one by one, and sets written as words."""
    return Rule(
        kind,
        draw,
        lambda args: tell(*args),
        lambda text, args: check(text, *args),
        lambda plan, args: build(plan, *args),
        frozenset(slots.split()),
        frozenset(tags.split()),
        frozenset(avoid.split()),
        tuple(notes.split()),
        local,
        spreads,
    )


def together(one: Rule, other: Rule) -> bool:
    """Whether two rules may be asked of the same text."""
    clash = one.slots & other.slots or one.avoid & (other.slots | other.tags) or other.avoid & (one.slots | one.tags)
    return one.kind != other.kind and not clash


def holds(found: int, relation: str, wanted: int) -> bool:
    """Whether a count stands in the relation to what is wanted."""
    if relation == "at least":
        return found >= wanted
    return found < wanted if relation == "fewer than" else found == wanted


def within(relation: str, wanted: int) -> tuple[int, int]:
    """The least and the greatest count that stand in the relation."""
    if relation == "at least":
        return wanted, 10**6
    return (0, wanted - 1) if relation == "fewer than" else (wanted, wanted)


def times(count: int, noun: str) -> str:
    """3 words, 1 word."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def nth(number: int) -> str:
    """first, second … twelfth, then 13th."""
    return (
        _NTH[number - 1]
        if number <= len(_NTH)
        else f"{number}{_SUFFIX.get(number % 10, 'th') if number > 20 else 'th'}"
    )


_NTH: Final = listed("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
_SUFFIX: Final = {1: "st", 2: "nd", 3: "rd"}  # codespell:ignore
