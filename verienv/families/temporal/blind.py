"""Blind players: what can be earned by constants, by chance, and by copying what the prompt mentions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, Final

from verienv import parsing
from verienv.families.temporal import answers, days

if TYPE_CHECKING:
    from verienv.families.temporal import Problem
    from verienv.families.temporal.answers import Values

SMALL: Final = 40
"""Random whole numbers are drawn below this, or below what the longest stated date span allows."""


def players() -> Mapping[str, Callable[[Problem, Random], str]]:
    """The players by name."""
    return {
        "constant": lambda problem, rng: _say(problem, _filled(problem, [days.month(1985, 6)], 12)),
        "example": lambda problem, rng: parsing.say(answers.example(problem.form, len(problem.ask))),
        "random": _random,
        "first mentioned": lambda problem, rng: _say(problem, _filled(problem, mentioned(problem)[:1], 1)),
        "last mentioned": lambda problem, rng: _say(problem, _filled(problem, mentioned(problem)[-1:], 1)),
        "in order of mention": lambda problem, rng: _say(problem, _filled(problem, mentioned(problem), 1)),
        "majority": lambda problem, rng: _say(problem, _filled(problem, _commonest(problem), 0)),
        "shown year": _shown_year,
    }


def mentioned(problem: Problem) -> list[int]:
    """The months that the prompt states outright, in order."""
    found = []
    for fact in problem.facts:
        if fact[0] == "on":
            found.append(fact[2] if problem.monthly else days.month_of(fact[2]))
        elif fact[0] == "nth":
            found.append(fact[2])
        elif fact[0] == "notice":
            found.extend(days.month_of(each) for each in fact[3:] if 690_000 < each < 770_000)
        elif fact[0] == "leg":
            found.extend(days.month_of(each // 1440) for each in fact[5:] if each > 1_000_000)
    return found or [days.month(1985, 6)]


def _commonest(problem: Problem) -> list[int]:
    months = mentioned(problem)
    return [max(sorted(set(months)), key=months.count)]


def _filled(problem: Problem, months: Sequence[int], number: int) -> Values:
    """An answer of the problem's form around those months; what is not a month is a constant."""
    form = problem.form
    one, two, three = (months[place % len(months)] for place in range(3))
    if form == "month":
        return (one,)
    if form == "day":
        return (days.first_of(one) + 13,)
    if form == "moment":
        return days.first_of(one) + 13, 720
    if form == "integer":
        return (abs(two - one) or number,)
    if form in ("weekday", "relation"):
        return (number % 7,)
    if form == "order":
        return tuple(range(1, len(problem.ask) + 1))
    if form == "difference":
        return one, two, abs(two - one)
    if form == "ordering":
        claimed = (one, two, three)
        return *claimed, *sorted((1, 2, 3), key=lambda place: claimed[place - 1])
    if form == "completion month":
        return one, one % 12 + 1
    return (one, one // 12) if form == "completion year" else (one, number % 7)


def _random(problem: Problem, rng: Random) -> str:
    """A random answer of the form, near what is mentioned."""
    months = [each + rng.randrange(-18, 19) for each in rng.choices(mentioned(problem), k=3)]
    values = _filled(problem, months, 0)
    form = problem.form
    if form == "integer":
        values = (rng.randrange(1, SMALL),)
    elif form == "weekday":
        values = (rng.randrange(7),)
    elif form == "relation":
        values = (rng.randrange(13),)
    elif form == "order":
        values = tuple(rng.sample(values, len(values)))
    elif form == "moment":
        values = values[0], rng.randrange(1440)
    elif form == "completion weekday":
        values = values[0], rng.randrange(7)
    return _say(problem, values)


def _shown_year(problem: Problem, rng: Random) -> str:
    """Where a date is masked, what is shown of it, and chance for the rest; else a random answer."""
    for fact in problem.facts:
        if fact[0] == "mask":
            _, _, year, number, _, _, low, high = fact
            months = [
                month
                for month in (range(low, high + 1) if low else range(days.month(1850, 1), days.month(2060, 1)))
                if year in (-1, month // 12) and number in (-1, month % 12 + 1)
            ]
            return _say(problem, _filled(problem, [rng.choice(months)], rng.randrange(7)))
    return _random(problem, rng)


def _say(problem: Problem, values: Values) -> str:
    return parsing.say(answers.write(problem.form, values))
