"""What follows from stated facts: candidate sets for points in time, and bounds on the gaps between them.

A point's candidates are None while nothing is known, else every value that the facts leave it; a step never drops a
value that some reading of the facts allows, so one candidate means one answer. Gaps are closed as a system of
difference constraints x_j - x_i <= w (Floyd and Warshall), which decides every question of order.

Facts, over points numbered from 0 (values are days, or months where a problem counts in months):

    ("on", e, value)                        e is that day or month
    ("shift", e, f, count, unit)            e = f + count units (negative: before)
    ("next", e, f, weekday, k)              e is the k-th such weekday strictly after f
    ("nth", e, month, weekday, k)           e is the k-th (LAST: last) such weekday of the month
    ("half", e, f, g)                       e lies exactly midway between f and g
    ("same", e, f, g, h)                    e - f = g - h
    ("before", e, f)                        e < f
    ("mask", e, year, month, day, weekday, low, high)   the parts of e that are shown (-1: hidden or not given);
                                            low, high: months that bound e (0: none)
    ("series", points, numbers, rule, p, q) the numbered editions of one series, see `_editions`
    ("relation", a, b, c, d, r)             the period from a to b is in Allen's relation r to that from c to d
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from verienv.families.temporal import days

Fact = tuple[Any, ...]
Candidates = frozenset[int] | None

UNITS: Final = {"days": 1, "weeks": 7, "months": 1, "years": 12}
RELATIONS: Final = (
    "before", "meets", "overlaps", "starts", "during", "finishes", "equals",
    "finished-by", "contains", "started-by", "overlapped-by", "met-by", "after",
)  # fmt: skip
SIGNS: Final = (
    (-1, -1, -1, -1), (-1, -1, 0, -1), (-1, -1, 1, -1), (0, -1, 1, -1), (1, -1, 1, -1), (1, -1, 1, 0), (0, -1, 1, 0),
    (-1, -1, 1, 0), (-1, -1, 1, 1), (0, -1, 1, 1), (1, -1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1),
)  # fmt: skip
"""For each relation of a period A to B, how A's start compares with B's start and end, then A's end with both."""


def relation(start: int, end: int, other_start: int, other_end: int) -> int:
    """Allen's relation of one period to another; each ends after it starts."""
    signs = tuple((mine > theirs) - (mine < theirs) for mine in (start, end) for theirs in (other_start, other_end))
    return SIGNS.index(signs)


def candidates(count: int, facts: Sequence[Fact], monthly: bool) -> list[Candidates]:
    """The values that the facts leave each of `count` points."""
    known: list[Candidates] = [None] * count
    waiting = list(facts)
    changed = True
    while changed and waiting:
        changed = False
        for fact in waiting:
            for at, values in _consequences(fact, known, monthly):
                before = known[at]
                after = values if before is None else before & values
                if after != before:
                    known[at] = after
                    changed = True
        waiting = [fact for fact in waiting if not _spent(fact, known)]
    return known


def gaps(count: int, facts: Sequence[Fact], known: Sequence[Candidates]) -> list[list[float]]:
    """The least w with x_j - x_i <= w that follows, at [i][j]; infinite where nothing bounds the gap."""
    size = count + 1  # the last node is the origin of the calendar
    far = float("inf")
    bound = [[0.0 if i == j else far for j in range(size)] for i in range(size)]

    def at_most(j: int, i: int, width: int) -> None:
        if width < bound[i][j]:
            bound[i][j] = width

    for at, values in enumerate(known):
        if values:
            at_most(at, count, max(values))
            at_most(count, at, -min(values))
    for fact in facts:
        if fact[0] == "shift":
            width = fact[3] * UNITS[fact[4]]
            at_most(fact[1], fact[2], width)
            at_most(fact[2], fact[1], -width)
        elif fact[0] == "next":
            at_most(fact[1], fact[2], 7 * fact[4])
            at_most(fact[2], fact[1], -7 * (fact[4] - 1) - 1)
        elif fact[0] == "before":
            at_most(fact[1], fact[2], -1)
        elif fact[0] == "relation":
            a, b, c, d, which = fact[1:]
            at_most(a, b, -1)
            at_most(c, d, -1)
            for sign, (x, y) in zip(SIGNS[which], ((a, c), (a, d), (b, c), (b, d)), strict=True):
                if sign <= 0:
                    at_most(x, y, sign)
                if sign >= 0:
                    at_most(y, x, -sign)
    for k in range(size):
        through = bound[k]
        for row in bound:
            head = row[k]
            if head < far:
                for j, tail in enumerate(through):
                    if head + tail < row[j]:
                        row[j] = head + tail
    return bound


def compare(bound: Sequence[Sequence[float]], x: int, y: int) -> int | None:
    """-1, 0 or 1 as x is certainly earlier than, equal to or later than y; None where it is open."""
    if bound[y][x] < 0:
        return -1
    if bound[x][y] < 0:
        return 1
    return 0 if bound[x][y] == 0 == bound[y][x] else None


def sequence(bound: Sequence[Sequence[float]], points: Sequence[int]) -> tuple[int, ...] | None:
    """The places (from 1) of the points in their only order in time, or None."""
    later = []
    for x in points:
        signs = [compare(bound, x, y) for y in points if y != x]
        if None in signs or 0 in signs:
            return None
        later.append(signs.count(1))
    return tuple(sorted(range(1, len(points) + 1), key=lambda place: later[place - 1]))


def allen(bound: Sequence[Sequence[float]], ends: Sequence[int]) -> int | None:
    """The only relation that the period from point 0 to 1 of `ends` can have to that from 2 to 3, or None."""
    a, b, c, d = ends
    left = [
        which
        for which, signs in enumerate(SIGNS)
        if all(
            sign in ({compare(bound, x, y)} if compare(bound, x, y) is not None else _open(bound, x, y))
            for sign, (x, y) in zip(signs, ((a, c), (a, d), (b, c), (b, d)), strict=True)
        )
    ]
    return left[0] if len(left) == 1 else None


def _open(bound: Sequence[Sequence[float]], x: int, y: int) -> set[int]:
    """The comparisons of x with y that are still possible."""
    allowed = {-1, 0, 1}
    if bound[y][x] <= 0:
        allowed.discard(1)
    if bound[x][y] <= 0:
        allowed.discard(-1)
    return allowed


def _spent(fact: Fact, known: Sequence[Candidates]) -> bool:
    """Whether nothing more can follow from the fact."""
    if fact[0] == "on":
        return True
    if fact[0] in ("shift", "next"):
        return _one(known[fact[1]]) is not None and _one(known[fact[2]]) is not None
    return False


def _one(values: Candidates) -> int | None:
    return next(iter(values)) if values is not None and len(values) == 1 else None


def _consequences(fact: Fact, known: Sequence[Candidates], monthly: bool) -> list[tuple[int, frozenset[int]]]:
    """What the fact says of single points, given what is known of the others."""
    kind, e = fact[0], fact[1]
    if kind == "on":
        return [(e, frozenset((fact[2],)))]
    if kind == "shift":
        f, width = fact[2], fact[3] * UNITS[fact[4]]
        found = []
        if (values := known[f]) is not None:
            found.append((e, frozenset([value + width for value in values])))
        if (values := known[e]) is not None:
            found.append((f, frozenset([value - width for value in values])))
        return found
    if kind == "next":
        return _next(fact, known)
    if kind == "nth":
        value = days.nth_weekday(fact[2], fact[3], fact[4])
        return [(e, frozenset(() if value is None else (value,)))]
    if kind == "half":
        mine, one, two = (_one(known[at]) for at in fact[1:])
        if one is not None and two is not None:
            return [(e, frozenset(() if (one + two) % 2 else ((one + two) // 2,)))]
        if mine is not None and one is not None:
            return [(fact[3], frozenset((2 * mine - one,)))]
        if mine is not None and two is not None:
            return [(fact[2], frozenset((2 * mine - two,)))]
        return []
    if kind == "same":
        return _same(fact, known)
    if kind == "mask":
        return _mask(fact, known[e], monthly)
    if kind == "series":
        return _editions(fact, known)
    if kind == "before":
        f = fact[2]
        mine_, theirs = known[e], known[f]
        if not mine_ or not theirs:
            return []
        return [
            (e, frozenset(value for value in mine_ if value < max(theirs))),
            (f, frozenset(value for value in theirs if value > min(mine_))),
        ]
    return []  # relations bound gaps alone


def _next(fact: Fact, known: Sequence[Candidates]) -> list[tuple[int, frozenset[int]]]:
    _, e, f, which, place = fact
    found = []
    if (values := known[f]) is not None:
        found.append(
            (e, frozenset(value + (which - days.weekday(value) - 1) % 7 + 1 + 7 * (place - 1) for value in values))
        )
    if (values := known[e]) is not None:
        found.append(
            (
                f,
                frozenset(
                    value - back
                    for value in values
                    if days.weekday(value) == which
                    for back in range(7 * (place - 1) + 1, 7 * place + 1)
                ),
            )
        )
    return found


def _same(fact: Fact, known: Sequence[Candidates]) -> list[tuple[int, frozenset[int]]]:
    """e - f - g + h = 0: three known points give the fourth."""
    signs = (1, -1, -1, 1)
    values = [_one(known[at]) for at in fact[1:]]
    open_places = [place for place, value in enumerate(values) if value is None]
    if len(open_places) != 1:
        return []
    place = open_places[0]
    rest = sum(sign * value for sign, value in zip(signs, values, strict=True) if value is not None)
    return [(fact[1 + place], frozenset((-signs[place] * rest,)))]


def _mask(fact: Fact, values: Candidates, monthly: bool) -> list[tuple[int, frozenset[int]]]:
    """The days or months that agree with every part shown."""
    _, e, year, number, of_month, which, low, high = fact
    if values is None:
        if year >= 0:
            first, last = days.month(year, 1), days.month(year, 12)
        else:
            first, last = low, high
        if low:
            first, last = max(first, low), min(last, high)
        if not last:
            return []  # nothing bounds it yet
        months = range(first, last + 1)
        values = frozenset(months)
        if not monthly:  # the day of the month is shown: only `on a <WEEKDAY>` hides it, and that has no bounds
            values = frozenset(
                days.first_of(month) + of_month - 1 for month in months if of_month <= days.length(month)
            )

    def agrees(value: int) -> bool:
        in_month = value if monthly else days.month_of(value)
        return (
            (year < 0 or in_month // 12 == year)
            and (number < 0 or in_month % 12 + 1 == number)
            and (of_month < 0 or value - days.first_of(in_month) + 1 == of_month)
            and (which < 0 or days.weekday(value) == which)
            and (not low or low <= in_month <= high)
        )

    return [(e, frozenset(filter(agrees, values)))]


def _editions(fact: Fact, known: Sequence[Candidates]) -> list[tuple[int, frozenset[int]]]:
    """Editions by rule, counted in months from the first.

    "steady": every p months; p = 0: always equally far apart. An edition that would fall in the calendar month q
    (0: none) is held one month later, and the others stay where they are.
    "growing": each gap is p months longer than the one before. "weekday": every p months, on weekday q % 7 of the month
    at place q // 7.
    """
    _, points, numbers, rule, p, q = fact
    first: set[int] | None = None
    held = [(number, known[at]) for at, number in zip(points, numbers, strict=True)]
    step = 0
    if rule == "growing" or (rule == "steady" and not p):
        single = [(number - 1, value) for number, values in held if (value := _one(values)) is not None]
        if len(single) < 2:
            return []
        (k, v), (m, w) = single[0], single[1]
        step, rest = divmod(w - v - p * (m * (m - 1) - k * (k - 1)) // 2, m - k)
        if rest:
            return [(at, frozenset()) for at in points]
        first = {v - step * k - p * k * (k - 1) // 2}
    else:
        step = p
        for number, values in held:
            if values is not None:
                starts = set()
                for value in values:
                    month = days.month_of(value) if rule == "weekday" else value
                    for put_off in (0, 1) if q and rule == "steady" else (0,):
                        start = month - put_off - p * (number - 1)
                        if edition(rule, start, number, step, p, q) == value:
                            starts.add(start)
                first = starts if first is None else first & starts
    if first is None:
        return []
    return [
        (at, frozenset(edition(rule, start, number, step, p, q) for start in first))
        for at, number in zip(points, numbers, strict=True)
    ]


def edition(rule: str, start: int, number: int, step: int, p: int, q: int) -> int:
    month = start + step * (number - 1)
    if rule == "growing":
        return month + p * (number - 1) * (number - 2) // 2
    if rule == "weekday":
        found = days.nth_weekday(month, q % 7, q // 7)
        return -1 if found is None else found
    return month + (q > 0 and month % 12 + 1 == q)
