"""Sets of constraints that can stand together, and the text that proves it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from verienv.families.instruction import catalogue
from verienv.families.instruction.composing import Plan, compose
from verienv.families.instruction.maker import Stuck
from verienv.families.instruction.reading import Text
from verienv.families.instruction.rules import Constraint, Rule, Setting, nth, together
from verienv.families.instruction.subjects import Subject

PARAGRAPHS: Final = "length_constraints:blank_line_paragraphs"
ATTEMPTS: Final = 12
AROUND: Final = frozenset(
    (
        "change_case:english_capital",
        "change_case:english_lowercase",
        "format:title_case",
        "startend:quotation",
    )
)
"""Kinds that may be asked of the whole where paragraphs have constraints of their own; so may all that spread."""


def draw(setting: Setting, pool: Sequence[str], count: int, nested: int, inner: int) -> tuple[Constraint, ...] | None:
    """So many constraints of the whole, and `inner` of each of `nested` paragraphs; None where too few go together."""
    rng = setting.rng
    kinds = [catalogue.RULES[kind] for kind in pool]
    if nested:
        whole = [catalogue.RULES[PARAGRAPHS]]
        number = max(2, nested + rng.randint(0, 1))
        found = [Constraint(PARAGRAPHS, (number,), 0, rng.randrange(6))]
        kinds_of_whole = [rule for rule in kinds if rule.spreads or rule.kind in AROUND]
        local = [rule for rule in kinds if rule.local]
        found += _pick(setting, kinds_of_whole, whole, count, 0) or ()
        for paragraph in sorted(rng.sample(range(1, number + 1), nested)):
            chosen = _pick(setting, local, list(whole), inner, paragraph)
            if chosen is None:
                return None
            found += chosen
        return tuple(found)
    chosen = _pick(setting, kinds, [], count, 0)
    return None if chosen is None else tuple(chosen)


def _pick(
    setting: Setting, kinds: Sequence[Rule], taken: list[Rule], count: int, scope: int
) -> list[Constraint] | None:
    """So many constraints that go with those taken, which grows by them."""
    rng = setting.rng
    found: list[Constraint] = []
    for rule in rng.sample(kinds, len(kinds)):
        if len(found) == count:
            break
        if all(together(rule, other) for other in taken):
            taken.append(rule)
            found.append(Constraint(rule.kind, rule.draw(setting), scope, rng.randrange(6)))
    return found if len(found) == count else None


def check(constraint: Constraint, text: Text) -> bool:
    """Whether a text keeps a constraint."""
    rule = catalogue.RULES[constraint.kind]
    return rule.check(text.part(constraint.scope) if constraint.scope else text, constraint.args)


def tell(constraint: Constraint) -> str:
    """The constraint in words."""
    wordings = catalogue.RULES[constraint.kind].tell(constraint.args)
    said = wordings[constraint.style % len(wordings)]
    if not constraint.scope:
        return said
    said = said.replace("The text", "It").replace("the text", "it")
    return f"In the {nth(constraint.scope)} paragraph, taken by itself: {said}"


def prove(subject: Subject, constraints: Sequence[Constraint], rng: Random) -> str | None:
    """A text that keeps all constraints, or None where none is found in a bounded number of attempts."""
    for _ in range(ATTEMPTS):
        try:
            text = _construct(subject, constraints, rng)
        except Stuck:
            continue
        seen = Text(text)
        if text == text.strip() and all(check(constraint, seen) for constraint in constraints):
            return text
    return None


def _construct(subject: Subject, constraints: Sequence[Constraint], rng: Random) -> str:
    whole = [each for each in constraints if each.scope == 0]
    if len(whole) == len(constraints):
        return compose(_plan(subject, whole, rng))
    (number,) = next(each.args for each in whole if each.kind == PARAGRAPHS)
    spread = [each for each in whole if catalogue.RULES[each.kind].spreads]
    paragraphs = []
    for place in range(1, number + 1):
        plan = _plan(subject, [*spread, *[each for each in constraints if each.scope == place]], rng)
        plan.paragraphs = 1
        paragraphs.append(compose(plan))
    text = "\n\n".join(paragraphs)
    around = _plan(subject, [each for each in whole if each.kind in AROUND], rng)
    for _, change in sorted(around.finish, key=lambda each: each[0]):
        text = change(text)
    return text


def _plan(subject: Subject, constraints: Sequence[Constraint], rng: Random) -> Plan:
    plan = Plan(subject, rng)
    for constraint in constraints:
        catalogue.RULES[constraint.kind].build(plan, constraint.args)
    return plan
