"""Chronicles: what the solver says is what brute force finds, and the oracle reads what is told."""

from __future__ import annotations

import dataclasses
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.profile import profile_size
from verienv.errors import KnobError
from verienv.families.temporal import KINDS, Knobs, Problem, days, settling, solving, telling, words
from verienv.families.temporal import task as TASK
from verienv.families.temporal.reading import Reader

LEVELS = range(len(TASK.levels))
CHRONICLES = tuple(kind for kind in KINDS["any"] if kind not in ("calendar", "clock"))
WINDOW = 12
ORIGIN = days.first_of(days.month(2003, 2)) + 20  # a stretch that crosses the end of a month


def problems(kind: str, count: int, **knobs: object) -> list[Problem]:
    setting = Knobs(kind=kind).replace(**knobs)
    return [TASK.instance(knobs=setting, index=index).problem for index in range(count)]


def holds(fact: solving.Fact, values: Any) -> Any:
    """Whether the fact holds, for each column of values (days) of the points."""
    kind, rest = fact[0], fact[1:]
    if kind == "on":
        return values[rest[0]] == rest[1]
    if kind == "shift":
        return values[rest[0]] - values[rest[1]] == rest[2] * {"days": 1, "weeks": 7}[rest[3]]
    if kind == "next":
        gap = values[rest[0]] - values[rest[1]]
        return (values[rest[0]] % 7 == (rest[2] + 1) % 7) & (gap > 7 * (rest[3] - 1)) & (gap <= 7 * rest[3])
    if kind == "half":
        return 2 * values[rest[0]] == values[rest[1]] + values[rest[2]]
    if kind == "same":
        return values[rest[0]] - values[rest[1]] == values[rest[2]] - values[rest[3]]
    if kind == "before":
        return values[rest[0]] < values[rest[1]]
    raise AssertionError(kind)


def random_facts(rng: Random, planted: list[int]) -> list[solving.Fact]:
    """Facts of every kind that the planted values meet."""
    found: list[solving.Fact] = []
    while len(found) < 5:
        a, b, c, d = rng.sample(range(4), 4)
        va, vb, vc, vd = (planted[each] for each in (a, b, c, d))
        kind = rng.choice(("on", "shift", "shift", "next", "half", "same", "before"))
        if kind == "on" and rng.random() < 0.5:
            found.append(("on", a, va))
        elif kind == "shift":
            found.append(("shift", a, b, va - vb, "days"))
        elif kind == "next" and va > vb:
            found.append(("next", a, b, days.weekday(va), (va - vb - 1) // 7 + 1))
        elif kind == "half" and 2 * va == vb + vc:
            found.append(("half", a, b, c))
        elif kind == "same" and va - vb == vc - vd:
            found.append(("same", a, b, c, d))
        elif kind == "before" and va < vb:
            found.append(("before", a, b))
    return found


GRID = np.array(list(product(range(ORIGIN, ORIGIN + WINDOW), repeat=4))).T


def test_the_solver_never_drops_a_value_and_never_claims_what_is_open():
    """Against every assignment of four points to twelve days."""
    settled = 0
    for case in range(profile_size(fast=250, ci=10_000, long=30_000)):
        rng = Random(case)
        planted = [rng.randrange(ORIGIN, ORIGIN + WINDOW) for _ in range(4)]
        facts = random_facts(rng, planted)
        fits = GRID[:, np.logical_and.reduce([holds(fact, GRID) for fact in facts])]
        known = solving.candidates(4, facts, False)
        bound = solving.gaps(4, facts, known)
        for point in range(4):
            left = known[point]
            if left is not None:
                assert {int(value) for value in fits[point]} <= left, (facts, point)
                settled += len(left) == 1
        for x, y in ((0, 1), (1, 2), (2, 3), (0, 3)):
            sign = solving.compare(bound, x, y)
            seen = {int(each) for each in np.sign(fits[x] - fits[y])}
            if sign is not None:
                assert seen == {sign}, (facts, x, y)
        order = solving.sequence(bound, range(4))
        if order is not None:
            assert all(tuple(1 + np.argsort(column)) == order for column in fits.T)
    assert settled > 100


MARKS = [(start, end) for start in range(6) for end in range(start + 1, 6)]


def test_allens_relations_compose_as_brute_force_says():
    """Three periods on six marks hold every arrangement there is: the solver must find exactly what follows."""
    table: dict[tuple[int, int], set[int]] = {}
    for one, two, three in product(MARKS, repeat=3):
        key = solving.relation(*one, *two), solving.relation(*two, *three)
        table.setdefault(key, set()).add(solving.relation(*one, *three))
    assert len(table) == 169
    for (first, second), possible in table.items():
        facts = [("relation", 0, 1, 2, 3, first), ("relation", 2, 3, 4, 5, second)]
        found = solving.allen(solving.gaps(6, facts, [None] * 6), (0, 1, 4, 5))
        assert found == (possible.pop() if len(possible) == 1 else None)


@pytest.mark.parametrize("kind", CHRONICLES)
def test_the_oracle_answers_from_the_text_alone(kind):
    size = profile_size(fast=20, ci=1_000, long=3_000)
    for bridges in (False, True):
        for problem in problems(kind, size, bridges=bridges, hops=3, distractors=3):
            assert TASK.judge(problem, TASK.solve(problem)).value == 1


@pytest.mark.parametrize("kind", CHRONICLES)
def test_the_reader_reads_back_exactly_what_is_told(kind):
    for problem in problems(kind, profile_size(fast=15, ci=300, long=1_000), bridges=True, hops=4):
        (text,) = TASK.prompt(problem)
        assert isinstance(text, str)
        reader = Reader()
        reader.reports(text[: text.rfind("\nThe answer is ")])
        number = {point: at for at, point in enumerate(problem.points)}
        numbers = [number[point] for point in reader.points]
        theirs = [_renumbered(fact, numbers) for fact in reader.facts]
        assert sorted(map(_plainly, problem.facts)) == sorted(map(_plainly, theirs))


def _renumbered(fact: solving.Fact, number: list[int]) -> solving.Fact:
    """The fact over the problem's points; which places hold points depends on its kind."""
    kind = fact[0]
    if kind == "series":
        return (kind, tuple(number[at] for at in fact[1]), *fact[2:])
    points = {"shift": 2, "next": 2, "before": 2, "half": 3, "same": 4, "relation": 4}.get(kind, 1)
    return (kind, *(number[at] for at in fact[1 : 1 + points]), *fact[1 + points :])


def _plainly(fact: solving.Fact) -> str:
    """Inverse relations are told from the other side; a shift of nothing has no unit."""
    kind, *rest = fact
    if kind == "relation" and rest[4] > 6:
        rest = [*rest[2:4], *rest[:2], 12 - rest[4]]
    if kind == "shift" and rest[2] == 0:
        rest[3] = "any"
    return repr((kind, *rest))


@pytest.mark.parametrize("kind", ["infer", "date", "gap", "difference", "order", "complete", "forecast"])
def test_every_fact_holds_at_the_values_that_follow(kind):
    """The told facts, worked out again with the standard library's dates."""
    for problem in problems(kind, profile_size(fast=25, ci=1_000, long=3_000), grain="any", bridges=True, hops=3):
        known = solving.candidates(len(problem.points), problem.facts, problem.monthly)
        assert all(left is not None and len(left) == 1 for left in known)
        values = np.array([[next(iter(left))] for left in known if left])
        for fact in problem.facts:
            if fact[0] in ("nth", "mask", "series"):
                continue
            if problem.monthly and fact[0] == "shift":
                fact = (*fact[:3], fact[3] * (12 if fact[4] == "years" else 1), "days")
            assert holds(fact, values).all(), fact


@pytest.mark.parametrize("kind", ["infer", "date", "gap", "difference", "order"])
def test_without_its_dates_a_chronicle_settles_nothing(kind):
    for problem in problems(kind, 30):
        facts = [fact for fact in problem.facts if fact[0] not in ("on", "nth")]
        found = settling.settle(kind, problem.points, facts, problem.ask, problem.monthly)
        assert found is None


def test_masked_dates_fit_exactly_one_day_or_month():
    """Every day of the bounds is tried against what is shown."""
    tried = 0
    for problem in problems("complete", profile_size(fast=60, ci=2_000, long=5_000), grain="day"):
        fact = next(fact for fact in problem.facts if fact[0] == "mask")
        _, _, year, number, of_month, which, low, high = fact
        if not low:
            continue
        tried += 1
        fits = [
            day
            for day in range(days.first_of(low), days.first_of(high + 1))
            if (date := np.datetime64("0001-01-01") + (day - 1)).astype(object).day == of_month
            and date.astype(object).weekday() == which
            and year in (-1, date.astype(object).year)
            and number in (-1, date.astype(object).month)
        ]
        assert [days.month_of(day) for day in fits] == [problem.truth[0]]
    assert tried


def test_forecasts_continue_every_schedule_that_fits_the_dated_editions():
    """All starts and steps of a wide range are tried; those that fit the dated editions agree on the asked one."""
    for problem in problems(
        "forecast", profile_size(fast=15, ci=300, long=2_000), hops=0, distractors=0, grain="month"
    ):
        schedule = next(fact for fact in problem.facts if fact[0] == "series")
        _, points, numbers, rule, p, q = schedule
        dated = {fact[1]: fact[2] for fact in problem.facts if fact[0] == "on"}
        origin = min(dated.values())
        found = set()
        for start in range(origin - 400, origin + 1):
            for step in [p] if p and rule == "steady" else range(1, 60):
                held = []
                for number in numbers:
                    month = start + sum(step + (p * k if rule == "growing" else 0) for k in range(number - 1))
                    held.append(month + (q > 0 and month % 12 == q - 1))
                if all(dated.get(at, month) == month for at, month in zip(points, held, strict=True)):
                    found.add(held[-1])
        assert found == {problem.truth[0]}


def test_a_sequence_has_one_order_only():
    """Every order of the asked events that the facts allow is tried by taking facts as inequalities and equalities."""
    for problem in problems("sequence", profile_size(fast=25, ci=500, long=2_000), events=3, distractors=0):
        rng = Random(0)
        known = [None] * len(problem.points)
        bound = solving.gaps(len(problem.points), problem.facts, known)
        assert solving.sequence(bound, problem.ask) == problem.truth
        for _ in range(20):  # random solutions: shifts fix differences, the rest is drawn and kept if it fits
            values = _random_solution(rng, problem)
            if values is not None:
                seen = sorted((1, 2, 3), key=lambda place: values[problem.ask[place - 1]])
                assert tuple(seen) == problem.truth


def _random_solution(rng: Random, problem: Problem) -> list[int] | None:
    values: list[int | None] = [None] * len(problem.points)
    for at in range(len(values)):
        if values[at] is None:
            values[at] = 700_000 + rng.randrange(400)
            changed = True
            while changed:
                changed = False
                for fact in problem.facts:
                    if fact[0] == "shift":
                        gap = fact[3] * solving.UNITS[fact[4]]
                        for x, y, sign in ((fact[1], fact[2], 1), (fact[2], fact[1], -1)):
                            base = values[y]
                            if values[x] is None and base is not None:
                                values[x] = base + sign * gap
                                changed = True
    column = np.array([[value] for value in values])
    return [value or 0 for value in values] if all(holds(fact, column).all() for fact in problem.facts) else None


def test_every_relation_is_asked_for_about_as_often():
    for kind in ("allen", "relate"):
        asked = [problem.truth[0] for problem in problems(kind, 250, periods=4)]
        assert len(set(asked)) == 13
        assert max(asked.count(each) for each in set(asked)) < 250 * 0.2


def test_phrases_are_all_different_and_names_are_words():
    nouns = [words.noun((row, 0)) for row in range(len(words.phrases()))]
    clauses = [words.clause((row, 0)) for row in range(len(words.phrases()))]
    assert len({*nouns, *clauses}) == len(nouns) + len(clauses)
    assert all(name.isalpha() and name.istitle() for name in words.NAMES)
    assert len(set(words.NAMES)) == len(words.NAMES)


def test_reports_vary_in_shape():
    point = (0, 0)
    shapes = {telling.report(("on", 0, 730_000), style, [point], False) for style in range(0, 200_000, 101)}
    assert len(shapes) > 500


def test_the_wording_is_not_part_of_the_problem():
    problem = TASK.instance(4).problem
    other = dataclasses.replace(problem, told=tuple(each + 1 for each in problem.told), facts=problem.facts[::-1])
    assert TASK.identity(other) == TASK.identity(problem)
    assert TASK.prompt(other) != TASK.prompt(problem)


def test_constants_earn_next_to_nothing_in_the_parts_too():
    """TIME-03: the best of the constant months of a chronicle's whole span."""
    for kind in ("infer", "difference", "order"):
        found = problems(kind, 150)
        for month in range(days.month(1900, 1), days.month(2030, 1), 50):
            total = dict.fromkeys(TASK.parts, 0.0)
            for problem in found:
                constant = {
                    "infer": (month,),
                    "difference": (month, month + 3, 3),
                    "order": (month, month + 3, month + 5, 1, 2, 3),
                }[kind]
                for part, value in TASK.verify(problem, constant).parts.items():
                    total[part] += value
            assert max(total.values()) < 0.05 * len(found)


@pytest.mark.parametrize("level", LEVELS)
def test_steps_reach_the_answer(level):
    instance = TASK.instance(level, index=2)
    problem = instance.problem
    draft = TASK.draft(problem)
    knobs = TASK.at_level(level)
    for number in range(TASK.edits(knobs)):
        moved = TASK.edit(problem, draft, number)
        assert len(moved) == len(draft)
    assert TASK.act(problem, TASK.encode(problem, problem.truth)) == problem.truth


def test_unread_rest_of_the_action_is_no_matter():
    knobs = Knobs(kind="any")
    instance = TASK.instance(knobs=knobs, index=1)
    action = TASK.encode(instance.problem, instance.problem.truth)
    assert TASK.action_space(knobs).contains(action)
    action[len(instance.problem.truth) :] = 1
    assert TASK.act(instance.problem, action) == instance.problem.truth


def test_knobs_refuse_months_where_days_are_counted():
    with pytest.raises(KnobError, match="counts in days"):
        Knobs(kind="allen", grain="month")
