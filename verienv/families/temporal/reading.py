"""The oracle's eyes: reads a prompt's reports back into facts, by its own patterns of the sentences.

It knows the language (the words and phrases) and nothing of the problem but the text that the player sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from verienv.families.temporal import days, telling, words
from verienv.families.temporal.solving import Fact
from verienv.families.temporal.words import Point

_NUMBER = r"[a-z]+|[0-9]+"
_MONTH = r"[A-Z][a-z]+ [0-9]{4}"
_P = r"#([0-9]+)#"
_SUBJECT: Final = re.compile(_P)
_REPORT: Final = re.compile(r"^[0-9]+\. (.*)$", re.M)
_SERIES: Final = re.compile(rf"(?:The|one|each) ([A-Z][a-z]+ (?:{'|'.join(each[3:] for each in words.SERIES)})) ")
_ORDINALS: Final = "|".join(days.ORDINALS[1:])


class Unread(Exception):
    """A sentence that the reader does not know: a fault of the wording."""


class Reader:
    """What has been read: points in order of first mention, and facts over them."""

    __slots__ = ("facts", "monthly", "points")

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.facts: list[Fact] = []
        self.monthly = False

    def at(self, point: Point) -> int:
        """The point's number."""
        if point not in self.points:
            self.points.append(point)
        return self.points.index(point)

    def reports(self, prompt: str) -> None:
        """Read every numbered report of a prompt."""
        self.monthly = "Time is reckoned in whole calendar months" in prompt
        reports = [_without_aside(text) for text in _REPORT.findall(prompt)]
        schedules = []
        for text in reports:
            if _SERIES.search(text) and "editions are numbered" in text:
                schedules.append(text)
            elif (relation := self._relation(text)) is not None:
                self.facts.append(relation)
            else:
                self.facts.append(self._placed(text))
        self.mentioned(prompt[prompt.rfind("\n\n") :])
        for text in schedules:
            self.facts.append(self._schedule(text))

    def mentioned(self, text: str) -> list[int]:
        """The points that a text names, in order."""
        return [int(found) for found in _SUBJECT.findall(self._tokens(text))]

    def _tokens(self, text: str) -> str:
        """The text with every phrase of a point replaced by #number#."""

        def replace(row: int) -> Callable[[re.Match[str]], str]:
            return lambda found: f"#{self.at((row, _NAME_OF[found[1]]))}#"

        for pattern, row in _phrases():
            text = pattern.sub(replace(row), text)
        return _EDITION.sub(
            lambda found: (
                f"#{self.at(words.edition(_SERIES_OF[found[3]], days.ORDINAL_OF[found[1]], _NAME_OF[found[2]]))}#"
            ),
            text,
        )

    def _placed(self, text: str) -> Fact:
        tokens = self._tokens(text)
        for pattern, read in _WHEN:
            found = pattern.search(tokens)
            if found is not None:
                rest = _SUBJECT.findall(tokens[: found.start()] + tokens[found.end() :])
                if len(rest) != 1:
                    raise Unread(text)
                return read(int(rest[0]), found)
        raise Unread(text)

    def _relation(self, text: str) -> Fact | None:
        for pattern, which, flipped in _relations():
            found = pattern.fullmatch(text)
            if found is not None:
                one, two = found["a"], found["b"]
                if flipped:
                    one, two = two, one
                ends = [self.at(point) for each in (one, two) for point in _period(each)]
                return ("relation", *ends, which)
        return None

    def _schedule(self, text: str) -> Fact:
        found = _SERIES.search(text)
        if found is None:
            raise Unread(text)
        name = found[1]
        editions = [
            (words.edition_number(point), at)
            for at, point in enumerate(self.points)
            if point[0] >= words.EDITION and words.series(point) == name
        ]
        editions.sort()
        numbers, points = tuple(number for number, _ in editions), tuple(at for _, at in editions)
        if (rule := re.search(rf"each is ({_NUMBER}) months? longer", text)) is not None:
            return "series", points, numbers, "growing", days.read_count(rule[1]), 0
        if "same number of months" in text:
            return "series", points, numbers, "steady", 0, 0
        every = re.search(rf"every (?:({_NUMBER}) months|month)", text)
        if every is None:
            raise Unread(text)
        p = days.read_count(every[1] or "one")
        if (rule := re.search(r"on the ([a-z]+) ([A-Z][a-z]+) of the month", text)) is not None:
            return "series", points, numbers, "weekday", p, days.WEEKDAY_OF[rule[2]] + 7 * _place(rule[1])
        if (rule := re.search(r"due in ([A-Z][a-z]+) is put off to the month after", text)) is not None:
            return "series", points, numbers, "steady", p, days.MONTH_OF[rule[1]]
        return "series", points, numbers, "steady", p, 0


def _place(word: str) -> int:
    return days.LAST if word == "last" else days.ORDINAL_OF[word]


def _without_aside(text: str) -> str:
    for aside in words.ASIDES:
        if text.endswith(" " + aside):
            return text[: -len(aside) - 1]
    return text


_NAME_OF: Final = {name: place for place, name in enumerate(words.NAMES)}
_SERIES_OF: Final = {series.removeprefix("{} "): place for place, series in enumerate(words.SERIES)}
_EDITION: Final = re.compile(
    rf"[Tt]he ({_ORDINALS}) ([A-Z][a-z]+) ({'|'.join(map(re.escape, _SERIES_OF))})(?: was held)?"
)


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[re.Pattern[str], int], ...]:
    """Patterns of every phrase but those of editions; clauses first, for a noun phrase may open a clause."""
    found = []
    for side in (1, 0):
        for row in range(words.EDITION):
            phrase = words.phrases()[row][side]
            if not phrase.startswith("{}"):
                phrase = f"[{phrase[0].upper()}{phrase[0].lower()}]{phrase[1:]}"
            found.append((re.compile(phrase.replace("{}", "([A-Z][a-z]+)")), row))
    return tuple(found)


@lru_cache(maxsize=1)
def _relations() -> tuple[tuple[re.Pattern[str], int, bool], ...]:
    found = []
    for which, texts in enumerate(telling.RELATION_TEXTS):
        for text in texts:
            pattern = re.escape(text).replace(r"\{a\}", "{a}").replace(r"\{b\}", "{b}")
            for side in "ab":
                pattern = pattern.replace(f"{{{side}}}", f"(?P<{side}>[Tt]he [A-Za-z ]+?)", 1)
                pattern = pattern.replace(f"{{{side}}}", f"(?P={side})")
            pattern = pattern.replace("(?P=a)", "[Tt]he [A-Za-z ]+?").replace("(?P=b)", "[Tt]he [A-Za-z ]+?")
            found.append((re.compile(pattern), which, False))
    return tuple(found)


def _period(text: str) -> tuple[Point, Point]:
    for row, period in enumerate(words.PERIODS):
        found = re.fullmatch("[Tt]" + period[1:].replace("{}", "([A-Z][a-z]+)"), text)
        if found is not None:
            name = _NAME_OF[found[1]]
            return (words.START + row, name), (words.END + row, name)
    raise Unread(text)


def periods(text: str) -> tuple[Point, ...]:
    """The starts and ends of the two periods that a question names."""
    found = re.search(r"What is the relation of (the [A-Za-z ]+?) to (the [A-Za-z ]+)\?", text)
    if found is None:
        raise Unread(text)
    return (*_period(found[1]), *_period(found[2]))


def _sign(side: str) -> int:
    return 1 if side == "after" else -1


_UNIT_OF: Final = {"day": "days", "week": "weeks", "month": "months", "year": "years"}


def _read_mask(e: int, found: re.Match[str]) -> Fact:
    weekday, of_month, number, year, low, high = found.groups()
    shown_year = -1 if year == "<YEAR>" else int(year)
    shown_month = -1 if number == "<MONTH>" else days.MONTH_OF[number]
    which = -1 if weekday in (None, "<WEEKDAY>") else days.WEEKDAY_OF[weekday]
    bounds = (0, 0)
    if low is not None and low in days.MONTH_OF:
        bounds = days.month(shown_year, days.MONTH_OF[low]), days.month(shown_year, days.MONTH_OF[high])
    elif low is not None:
        bounds = days.month(int(low), 1), days.month(int(high), 12)
    return "mask", e, shown_year, shown_month, int(of_month), which, *bounds


_WHEN: Final[Sequence[tuple[re.Pattern[str], Callable[[int, re.Match[str]], Fact]]]] = [
    (
        re.compile(
            r"[Oo]n (?:([A-Z][a-z]+|<WEEKDAY>), )?([0-9]+) ([A-Z][a-z]+|<MONTH>) ([0-9]{4}|<YEAR>)"
            r"(?: \(in one of the (?:months|years) from (\w+) to (\w+), both included\))?"
        ),
        lambda e, m: ("on", e, days.read_day(f"{m[2]} {m[3]} {m[4]}")) if "<" not in m[0] else _read_mask(e, m),
    ),
    (
        re.compile(r"[Ii]n ([A-Z][a-z]+|<MONTH>) ([0-9]{4}|<YEAR>)"),
        lambda e, m: (
            ("on", e, days.read_month(f"{m[1]} {m[2]}"))
            if "<" not in m[0]
            else (
                "mask",
                e,
                -1 if m[2] == "<YEAR>" else int(m[2]),
                -1 if m[1] == "<MONTH>" else days.MONTH_OF[m[1]],
                *(-1, -1, 0, 0),
            )
        ),
    ),
    (re.compile(r"[Oo]n a <WEEKDAY>"), lambda e, m: ("mask", e, -1, -1, -1, -1, 0, 0)),
    (
        re.compile(rf"[Oo]n the ([a-z]+) ([A-Z][a-z]+) of ({_MONTH})"),
        lambda e, m: ("nth", e, days.read_month(m[3]), days.WEEKDAY_OF[m[2]], _place(m[1])),
    ),
    (
        re.compile(rf"[Oo]n the ([a-z]+) ([A-Z][a-z]+) after {_P}"),
        lambda e, m: ("next", e, int(m[3]), days.WEEKDAY_OF[m[2]], days.ORDINAL_OF[m[1]]),
    ),
    (
        re.compile(rf"(?:[Oo]n the same day|[Ii]n the same month) as {_P}"),
        lambda e, m: ("shift", e, int(m[1]), 0, "days"),
    ),
    (
        re.compile(rf"[Oo]n the day (after|before) {_P}"),
        lambda e, m: ("shift", e, int(m[2]), _sign(m[1]), "days"),
    ),
    (
        re.compile(rf"[Aa] fortnight (after|before) {_P}"),
        lambda e, m: ("shift", e, int(m[2]), 2 * _sign(m[1]), "weeks"),
    ),
    (
        re.compile(rf"[Ee]xactly (?:halfway|midway) between {_P} and {_P}"),
        lambda e, m: ("half", e, int(m[1]), int(m[2])),
    ),
    (
        re.compile(rf"[Jj]ust as many (?:days|months) after {_P} as {_P} came after {_P}"),
        lambda e, m: ("same", e, int(m[1]), int(m[2]), int(m[3])),
    ),
    (re.compile(rf"[Ss]ome time before {_P}"), lambda e, m: ("before", e, int(m[1]))),
    (
        re.compile(rf"(?:[Ee]xactly )?([A-Za-z]+|[0-9]+) (day|week|month|year)s? (after|before) {_P}"),
        lambda e, m: ("shift", e, int(m[4]), days.read_count(m[1].lower()) * _sign(m[3]), _UNIT_OF[m[2]]),
    ),
]
