"""How a chronicle is drawn: anchors that are dated outright, and events told by their distance from others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Final

from verienv.families.temporal import days, solving, words
from verienv.families.temporal.solving import Fact
from verienv.families.temporal.words import Point

FIRST_YEAR, LAST_YEAR = 1880, 2045
_LOW, _HIGH = days.month(FIRST_YEAR, 1), days.month(LAST_YEAR, 12)
_FIRST_DAY, _LAST_DAY = days.first_of(_LOW), days.first_of(_HIGH + 1) - 1
MONTH, YEAR, WEEKDAY = 0, 1, 2
"""What a mask hides."""
PLACES: Final = (1, 2, 3, 4, days.LAST)


class OutOfRange(Exception):
    """A draw that left the calendar's window or its own bounds; it is drawn again."""


class Chronicle:
    """Points with their values, and the facts told of them; it lives only while one problem is drawn."""

    __slots__ = ("depths", "facts", "monthly", "names", "points", "rng", "span", "start", "values")

    def __init__(self, rng: Random, monthly: bool, span: int) -> None:
        self.rng, self.monthly, self.span = rng, monthly, span
        self.start = rng.randrange(FIRST_YEAR + 15, LAST_YEAR - 15 - span)
        self.points: list[Point] = []
        self.values: list[int] = []
        self.depths: list[int] = []
        self.facts: list[Fact] = []
        self.names: set[int] = set()

    def name(self) -> int:
        """A name not used yet."""
        name = self.rng.randrange(len(words.NAMES))
        while name in self.names:
            name = self.rng.randrange(len(words.NAMES))
        self.names.add(name)
        return name

    def add(self, value: int, depth: int, point: Point | None = None) -> int:
        """A point at that value; a new event unless the point is given."""
        if not (_LOW <= value <= _HIGH if self.monthly else _FIRST_DAY <= value <= _LAST_DAY):
            raise OutOfRange
        self.points.append(point or (self.rng.randrange(len(words.EVENTS)), self.name()))
        self.values.append(value)
        self.depths.append(depth)
        return len(self.points) - 1

    def month(self, at: int) -> int:
        """The month a point lies in."""
        return self.values[at] if self.monthly else days.month_of(self.values[at])

    def draw_value(self) -> int:
        """A day or month inside the chronicle's span."""
        month = days.month(self.start, 1) + self.rng.randrange(12 * self.span)
        return month if self.monthly else days.first_of(month) + self.rng.randrange(days.length(month))

    def anchor(self, point: Point | None = None) -> int:
        """A point that is dated outright: by its date, or as "the third Tuesday of May 2013"."""
        at = self.add(self.draw_value(), 0, point)
        self.date(at)
        return at

    def date(self, at: int) -> None:
        """Tell a point's date outright."""
        value = self.values[at]
        if not self.monthly and self.rng.random() < 0.25:
            month = days.month_of(value)
            place = (value - days.first_of(month)) // 7 + 1
            if place == 5 or (value + 7 >= days.first_of(month + 1) and self.rng.random() < 0.5):
                place = days.LAST
            self.facts.append(("nth", at, month, days.weekday(value), place))
        else:
            self.facts.append(("on", at, value))

    def shift(self, parent: int, point: Point | None = None) -> int:
        """A new point told by its distance from another, or the other by its distance from the new one."""
        rng = self.rng
        if not self.monthly and point is None and rng.random() < 0.2:
            which, place = rng.randrange(7), rng.randrange(1, 4)
            value = self.values[parent]
            ahead = (which - days.weekday(value) - 1) % 7 + 1 + 7 * (place - 1)
            child = self.add(value + ahead, self.depths[parent] + 1)
            self.facts.append(("next", child, parent, which, place))
            return child
        if self.monthly:
            unit, count = ("years", rng.randrange(1, 6)) if rng.random() < 0.2 else ("months", rng.randrange(1, 30))
            if unit == "months" and count % 12 == 0:
                count += 1
        else:
            unit, count = ("weeks", rng.randrange(1, 31)) if rng.random() < 0.45 else ("days", rng.randrange(1, 200))
        if rng.random() < 0.5:
            count = -count
        child = self.add(self.values[parent] + count * solving.UNITS[unit], self.depths[parent] + 1, point)
        if rng.random() < 0.5:
            self.facts.append(("shift", child, parent, count, unit))
        else:
            self.facts.append(("shift", parent, child, -count, unit))
        return child

    def bridge(self, parent: int) -> int:
        """A new point told by a midpoint or by an equal gap, where that can be drawn; else by its distance."""
        rng = self.rng
        others = [at for at in range(len(self.points)) if at != parent and self.depths[at] <= self.depths[parent]]
        if not others:
            return self.shift(parent)
        other = rng.choice(others)
        gap = self.values[other] - self.values[parent]
        reach = 60 if self.monthly else 1500
        depth = self.depths[parent] + 1
        if not 2 <= abs(gap) <= reach:
            return self.shift(parent)
        style = rng.randrange(3)
        if style == 0 and gap % 2 == 0:
            child = self.add(self.values[parent] + gap // 2, depth)
            self.facts.append(("half", child, *rng.sample((parent, other), 2)))
        elif style == 1:
            child = self.add(self.values[parent] - gap, depth)
            self.facts.append(("half", parent, *rng.sample((other, child), 2)))
        else:
            base = rng.choice(others)
            later, earlier = (other, parent) if gap > 0 else (parent, other)
            if base in (later, earlier):
                return self.shift(parent)
            child = self.add(self.values[base] + abs(gap), max(depth, self.depths[base] + 1))
            self.facts.append(("same", child, base, later, earlier))
        return child

    def chain(self, hops: int, bridges: bool, last: Point | None = None) -> int:
        """A point that follows from an anchor in `hops` steps, or in one or two more where a step has two sources."""
        if not hops:
            return self.anchor(last)
        starts = [at for at, depth in enumerate(self.depths) if depth < hops]
        at = self.rng.choice(starts) if starts and self.rng.random() < 0.4 else self.anchor()
        while self.depths[at] < hops - 1:
            at = self.bridge(at) if bridges and self.rng.random() < 0.4 else self.shift(at)
        if last is None and bridges and self.rng.random() < 0.3:
            return self.bridge(at)
        return self.shift(at, last)

    def distract(self, count: int, leave: Sequence[int] = ()) -> None:
        """Events that lead nowhere: dated outright, or hung on one of the others."""
        for _ in range(count):
            places = [at for at in range(len(self.points)) if at not in leave]
            if not places or self.rng.random() < 0.4:
                self.anchor()
            else:
                self.shift(self.rng.choice(places))


def mask(chronicle: Chronicle, hops: int, bridges: bool) -> tuple[int, int]:
    """A point one part of whose date is hidden; the rest of the chronicle, or the calendar, gives it away."""
    rng, monthly = chronicle.rng, chronicle.monthly
    if not monthly and rng.random() < 0.5:
        return _mask_by_calendar(chronicle)
    at = chronicle.chain(max(1, hops), bridges)
    value = chronicle.values[at]
    month = chronicle.month(at)
    year, number = month // 12, month % 12 + 1
    what = rng.choice((MONTH, YEAR) if monthly else (MONTH, YEAR, WEEKDAY))
    of_month = -1 if monthly else value - days.first_of(month) + 1
    if what == MONTH:
        shown = (year, -1, of_month)
    elif what == YEAR:
        shown = (-1, number, of_month)
    else:
        shown = (-1, -1, -1)
    chronicle.facts.append(("mask", at, *shown, -1, 0, 0))
    return at, what


def _mask_by_calendar(chronicle: Chronicle) -> tuple[int, int]:
    """The weekday and bounds leave one month or year; or the date leaves one weekday."""
    rng = chronicle.rng
    value = chronicle.draw_value()
    month = days.month_of(value)
    year, number, of_month = month // 12, month % 12 + 1, value - days.first_of(month) + 1
    which = days.weekday(value)
    what = rng.choice((MONTH, YEAR, WEEKDAY))
    if what == YEAR and rng.random() < 0.25:
        number, of_month = 2, 29
        year -= year % 4
        leap_day = days.day(year, 2, 29)
        if leap_day is None:
            raise OutOfRange
        value, which = leap_day, days.weekday(leap_day)
    at = chronicle.add(value, 1)
    if what == WEEKDAY:
        chronicle.facts.append(("mask", at, year, number, of_month, -1, 0, 0))
        return at, what
    if what == MONTH:
        fits = [each for each in range(1, 13) if _falls(year, each, of_month, which)]
        low, high = _between(fits, number, 1, 12)
        bounds = (days.month(year, low), days.month(year, high))
        shown = (year, -1, of_month)
    else:
        fits = [each for each in range(year - 14, year + 15) if _falls(each, number, of_month, which)]
        low, high = _between(fits, year, year - 14, year + 14)
        bounds = (days.month(low, 1), days.month(high, 12))
        shown = (-1, number, of_month)
    if high - low < 4:
        raise OutOfRange
    chronicle.facts.append(("mask", at, *shown, which, *bounds))
    return at, what


def _falls(year: int, number: int, of_month: int, which: int) -> bool:
    found = days.day(year, number, of_month)
    return found is not None and days.weekday(found) == which


def _between(fits: Sequence[int], mine: int, low: int, high: int) -> tuple[int, int]:
    """The widest bounds around `mine` that hold none of the other values."""
    return max([low, *(each + 1 for each in fits if each < mine)]), min(
        [high, *(each - 1 for each in fits if each > mine)]
    )


def series(chronicle: Chronicle, hops: int, bridges: bool) -> int:
    """A series that recurs by rule, some dated editions, and a later edition that is asked for."""
    rng = chronicle.rng
    which, name = rng.randrange(len(words.SERIES)), chronicle.name()
    rule, p, q, needed = "steady", rng.randrange(2, 20), 0, 1
    if not chronicle.monthly:
        rule, p, q = "weekday", rng.randrange(1, 10), rng.randrange(7) + 7 * rng.choice(PLACES)
    elif (kind := rng.randrange(4)) == 1:
        needed = 2
    elif kind == 2:
        rule, needed = "growing", 2
    elif kind == 3:
        q = rng.randrange(1, 13)
        if p % 12 == 0:
            p += 1
    numbers = sorted(rng.sample(range(1, 7), needed))
    asked = rng.randrange(numbers[-1] + 2, numbers[-1] + (6 if rule == "growing" else 14))
    step = rng.randrange(2, 10) if rule == "growing" else p
    gap = rng.randrange(1, 4) if rule == "growing" else p
    point = words.edition(which, numbers[0], name)
    at = chronicle.chain(hops, bridges, point)
    month = chronicle.month(at)
    start = month - step * (numbers[0] - 1)
    if rule == "growing":
        start -= gap * (numbers[0] - 1) * (numbers[0] - 2) // 2
    if q and rule == "steady" and month % 12 + 1 == q:
        raise OutOfRange  # no edition is ever held in that month
    held = [at]
    if rule == "weekday":
        value = days.nth_weekday(month, q % 7, q // 7)
        if value is None:
            raise OutOfRange
        _move(chronicle, at, value)
    for number in (*numbers[1:], asked):
        value = solving.edition(rule, start, number, step, gap, q)
        held.append(chronicle.add(value, hops + 1, words.edition(which, number, name)))
    if needed == 2:
        chronicle.date(held[1])
    told = 0 if rule == "steady" and needed == 2 else gap
    chronicle.facts.append(("series", tuple(held), (*numbers, asked), rule, told, q))
    return held[-1]


def _move(chronicle: Chronicle, at: int, value: int) -> None:
    """Put a point on another day of the same month and tell it anew."""
    delta = value - chronicle.values[at]
    chronicle.values[at] = value
    for place, fact in enumerate(chronicle.facts):
        if fact[0] in ("on", "nth") and fact[1] == at:
            chronicle.facts[place] = ("on", at, value)
        elif fact[0] == "shift" and at in fact[1:3]:
            unit = solving.UNITS[fact[4]]
            count = fact[3] * unit + (delta if fact[1] == at else -delta)
            if count == 0:
                raise OutOfRange
            chronicle.facts[place] = ("shift", fact[1], fact[2], count, "days")


def sequence(chronicle: Chronicle, events: int, distractors: int) -> tuple[int, ...]:
    """Events without dates whose order follows from gaps and from what came before what."""
    rng = chronicle.rng
    chronicle.add(chronicle.draw_value(), 0)
    while len(chronicle.points) < events + distractors:
        if rng.random() < 0.55:
            chronicle.shift(rng.randrange(len(chronicle.points)))
        else:
            chronicle.add(chronicle.values[0] + rng.randrange(-200, 200), 0)
    everyone = list(range(len(chronicle.points)))
    everyone.sort(key=lambda at: chronicle.values[at])
    if len(set(chronicle.values)) < len(everyone):
        raise OutOfRange
    asked = sorted(rng.sample(everyone, events), key=lambda at: chronicle.values[at])
    bound = solving.gaps(len(everyone), chronicle.facts, [None] * len(everyone))
    for one, two in pairwise(asked):
        if solving.compare(bound, one, two) is None:
            between = [at for at in everyone if chronicle.values[one] < chronicle.values[at] < chronicle.values[two]]
            steps = [one, rng.choice(between), two] if between and rng.random() < 0.4 else [one, two]
            chronicle.facts.extend(("before", x, y) for x, y in pairwise(steps))
    rng.shuffle(asked)
    return tuple(asked)


def periods(chronicle: Chronicle, hops: int) -> tuple[int, int, int, int]:
    """Two periods in a drawn relation of Allen's, their ends told by gaps and dates."""
    rng = chronicle.rng
    which = rng.randrange(13)
    low, high = chronicle.draw_value(), 0
    marks = sorted(rng.sample(range(2, 160), 4))
    a, b, c, d = _ends(which, marks)
    ends = []
    for start, end in ((a, b), (c, d)):
        row, name = rng.randrange(len(words.PERIODS)), chronicle.name()
        ends.append(chronicle.add(low + start, 0, (words.START + row, name)))
        ends.append(chronicle.add(low + end, 0, (words.END + row, name)))
    for _ in range(hops):
        chronicle.add(low + rng.randrange(0, 165), 0)
    order = list(range(len(chronicle.points)))
    rng.shuffle(order)
    for place, at in enumerate(order):
        if place == 0 or rng.random() < 0.25:
            chronicle.date(at)
            continue
        other = rng.choice(order[:place])
        high = chronicle.values[at] - chronicle.values[other]
        unit = "weeks" if high and high % 7 == 0 else "days"
        count = high // solving.UNITS[unit]
        chronicle.facts.append(
            ("shift", at, other, count, unit) if rng.random() < 0.5 else ("shift", other, at, -count, unit)
        )
    return ends[0], ends[1], ends[2], ends[3]


def relations(chronicle: Chronicle, count: int) -> tuple[int, int, int, int]:
    """Periods told only by their relations; the relation asked for follows from the others."""
    rng = chronicle.rng
    which = rng.randrange(13)
    a, b, c, d = _ends(which, sorted(rng.sample(range(12), 4)))
    spans = [(a, b)]
    for _ in range(count - 2):
        start, end = sorted(rng.sample(range(12), 2))
        spans.append((start, end))
    spans.append((c, d))
    ends = []
    for row, (start, end) in zip(rng.sample(range(len(words.PERIODS)), count), spans, strict=True):
        name = chronicle.name()
        ends.append(
            (
                chronicle.add(days.first_of(_LOW) + start, 0, (words.START + row, name)),
                chronicle.add(days.first_of(_LOW) + end, 0, (words.END + row, name)),
            )
        )
    pairs = [(i, j) for i in range(count) for j in range(count) if i != j and {i, j} != {0, count - 1}]
    rng.shuffle(pairs)
    told: set[frozenset[int]] = set()
    asked = (*ends[0], *ends[-1])
    for i, j in pairs:
        if frozenset((i, j)) not in told:
            told.add(frozenset((i, j)))
            chronicle.facts.append(("relation", *ends[i], *ends[j], solving.relation(*spans[i], *spans[j])))
            if len(told) >= count - 1:
                bound = solving.gaps(2 * count, chronicle.facts, [None] * (2 * count))
                if solving.allen(bound, asked) is not None:
                    return asked
    raise OutOfRange


def _ends(which: int, marks: Sequence[int]) -> tuple[int, int, int, int]:
    """Ends of two periods in that relation, on ascending marks."""
    w, x, y, z = marks
    return (
        (w, x, y, z), (w, x, x, y), (w, y, x, z), (w, x, w, y), (x, y, w, z), (x, z, w, z), (w, z, w, z),
        (w, z, x, z), (w, z, x, y), (w, y, w, x), (x, z, w, y), (x, y, w, x), (y, z, w, x),
    )[which]  # fmt: skip
