"""How facts and questions are told: short reports, each a sentence of one of many shapes and perhaps an aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from verienv.families.temporal import days, words
from verienv.families.temporal.solving import Fact
from verienv.families.temporal.words import Point

FRAMES: Final = (
    "{clause} {when}.",
    "{when}, {clause}.",
    "According to {source}, {clause} {when}.",
    "{noun} came {when}, according to {source}.",
    "It was {when} that {clause}.",
    "{clause} {when}, as {source} noted.",
)
RELATION_TEXTS: Final = (
    ("{a} was over some time before {b} began.", "{b} began some time after {a} had come to an end."),
    ("{b} began at the very moment {a} came to an end.", "{a} ended at the very moment {b} began."),
    ("{a} began before {b} did and ended while the latter was still under way.",
     "{b} began while {a} was still under way and outlasted it."),
    ("{a} and {b} began at the same moment, but {a} ended first.",
     "{b} began together with {a} and outlasted it."),
    ("{a} began after {b} had begun and was over before the latter ended.",
     "{b} had begun before {a} did and outlasted it."),
    ("{a} began after {b} did, but the two ended at the same moment.",
     "{b} was already under way when {a} began, and they ended together."),
    ("{a} and {b} began at the same moment and ended at the same moment.",
     "{b} began together with {a}, and they ended together as well."),
)  # fmt: skip
"""For the relations from "before" to "equals" of a to b; the others are told with a and b exchanged."""

DEFINITIONS: Final = (
    "For two periods A and B the relation of A to B has one of thirteen names. Before: A ends before B starts. Meets: "
    "A ends exactly when B starts. Overlaps: A starts first, B starts before A ends, and A ends before B ends. Starts: "
    "they start together and A ends first. During: A starts later and ends earlier. Finishes: A starts later and they "
    "end together. Equals: they start together and end together. After, Met-by, Overlapped-by, Started-by, Contains, "
    "Finished-by: the first six in the same order, with A and B exchanged. Every period ends after it starts."
)
_SERIES_RULE = "The editions are numbered in order, and none is skipped."


def report(fact: Fact, style: int, points: Sequence[Point], monthly: bool) -> str:
    """One report."""
    bits = _Bits(style)
    if fact[0] == "relation":
        return _relation(fact, bits, points)
    if fact[0] == "series":
        return _series(fact, bits, points)
    frame = FRAMES[bits.take(len(FRAMES))]
    source = words.SOURCES[bits.take(len(words.SOURCES))].format(words.NAMES[bits.take(len(words.NAMES))])
    subject = points[fact[1]]
    told = frame.format(
        clause=words.clause(subject), noun=words.noun(subject), when=when(fact, bits, points, monthly), source=source
    )
    told = f"Exactly {told}" if told[0].isdigit() else told[0].upper() + told[1:]
    if bits.take(3) == 0:
        told += " " + words.ASIDES[bits.take(len(words.ASIDES))]
    return told


def when(fact: Fact, bits: _Bits, points: Sequence[Point], monthly: bool) -> str:
    """The part of a sentence that places its subject in time."""
    kind = fact[0]
    if kind == "on":
        value = fact[2]
        if monthly:
            return f"in {days.month_words(value)}"
        return ("on {1}", "on {0}, {1}")[bits.take(2)].format(days.WEEKDAYS[days.weekday(value)], days.day_words(value))
    if kind == "shift":
        return _shift(fact, bits, points, monthly)
    if kind == "next":
        return f"on the {days.ORDINALS[fact[4]]} {days.WEEKDAYS[fact[3]]} after {words.noun(points[fact[2]])}"
    if kind == "nth":
        place = "last" if fact[4] == days.LAST else days.ORDINALS[fact[4]]
        return f"on the {place} {days.WEEKDAYS[fact[3]]} of {days.month_words(fact[2])}"
    if kind == "half":
        one, two = words.noun(points[fact[2]]), words.noun(points[fact[3]])
        return f"exactly {('halfway', 'midway')[bits.take(2)]} between {one} and {two}"
    if kind == "same":
        f, g, h = (words.noun(points[at]) for at in fact[2:])
        return f"just as many {'months' if monthly else 'days'} after {f} as {g} came after {h}"
    if kind == "before":
        return f"some time before {words.noun(points[fact[2]])}"
    return _mask(fact, monthly)


def question(kind: str, ask: Sequence[int], points: Sequence[Point], monthly: bool) -> str:
    """What is asked of a chronicle, with the rules it needs."""
    if kind in ("allen", "relate"):
        one, two = words.period(points[ask[0]]), words.period(points[ask[2]])
        days_meant = " Starts and ends are compared as days." if kind == "allen" else ""
        return f"{DEFINITIONS}{days_meant}\n\nWhat is the relation of {one} to {two}?"
    nouns = [words.noun(points[at]) for at in (ask[:1] if kind == "complete" else ask)]
    listed = "E" + "; ".join(f"event {place} is {noun}" for place, noun in enumerate(nouns, 1))[1:] + "."
    if kind == "gap":
        return f"How many days apart are {nouns[0]} and {nouns[1]}?"
    if kind == "difference":
        return (
            f"{listed} Give the month of each, and how many months apart they are, counted from calendar month to "
            "calendar month: March 1990 and May 1990 are two months apart, whatever the days."
        )
    if kind == "order":
        return f"{listed} Give the month of each, and the numbers of the events in order of time, the earliest first."
    if kind == "sequence":
        return f"{listed} Put the events in order of time, the earliest first."
    if kind == "complete":
        missing = ("<MONTH>", "<YEAR>", "<WEEKDAY>")[ask[1]]
        return (
            f"One word of a date has become illegible and is shown as {missing}. In which month did {nouns[0]} take "
            "place, and what is the missing word?"
        )
    if kind == "forecast":
        return f"{'In which month' if monthly else 'On which date'} is {nouns[0]} held?"
    return f"{'On which date' if kind == 'date' else 'In which month'} did {nouns[0]} take place?"


def rules(facts: Sequence[Fact], monthly: bool) -> str:
    """How amounts of time are meant."""
    kinds = {fact[0] for fact in facts}
    told = []
    if monthly:
        told.append(
            "Time is reckoned in whole calendar months: one month after an event in March means April, and one year "
            "after it means March of the next year."
        )
    elif kinds & {"shift", "half", "same"}:
        told.append("Amounts of time are exact: one week after a Tuesday means the next Tuesday.")
    if "next" in kinds:
        told.append("The first Monday after an event is the first one later than the event, never its own day.")
    if "half" in kinds:
        unit = "months" if monthly else "days"
        told.append(f"Halfway between two events means as many {unit} from the one as from the other.")
    return " ".join(told)


class _Bits:
    """Choices taken one after the other from a number."""

    __slots__ = ("rest",)

    def __init__(self, number: int) -> None:
        self.rest = number

    def take(self, choices: int) -> int:
        self.rest, taken = divmod(self.rest, choices)
        return taken


def _shift(fact: Fact, bits: _Bits, points: Sequence[Point], monthly: bool) -> str:
    _, _, f, count, unit = fact
    noun = words.noun(points[f])
    style = bits.take(4)
    if count == 0:
        return f"{'in the same month as' if monthly else 'on the same day as'} {noun}"
    side = "after" if count > 0 else "before"
    number = abs(count)
    if number == 1:
        if unit == "days" and style < 2:
            return f"on the day {side} {noun}"
        return f"exactly one {unit[:-1]} {side} {noun}"
    if unit == "weeks" and number == 2 and style == 0:
        return f"a fortnight {side} {noun}"
    return f"{'exactly ' if style == 2 else ''}{days.count_words(number)} {unit} {side} {noun}"


def _mask(fact: Fact, monthly: bool) -> str:
    _, _, year, number, of_month, which, low, high = fact
    shown_year = str(year) if year >= 0 else "<YEAR>"
    shown_month = days.MONTHS[number - 1] if number >= 0 else "<MONTH>"
    if monthly:
        return f"in {shown_month} {shown_year}"
    if year < 0 and number < 0:
        return "on a <WEEKDAY>"
    date = f"{of_month} {shown_month} {shown_year}"
    if which >= 0:
        date = f"{days.WEEKDAYS[which]}, {date}"
    elif year >= 0 and number >= 0:
        date = f"<WEEKDAY>, {date}"
    if not low:
        return f"on {date}"
    if number < 0:
        first, last = days.MONTHS[low % 12], days.MONTHS[high % 12]
        return f"on {date} (in one of the months from {first} to {last}, both included)"
    return f"on {date} (in one of the years from {low // 12} to {high // 12}, both included)"


def _relation(fact: Fact, bits: _Bits, points: Sequence[Point]) -> str:
    a, _, c, _, which = fact[1:]
    one, two = words.period(points[a]), words.period(points[c])
    if which > 6:
        one, two, which = two, one, 12 - which
    told = RELATION_TEXTS[which][bits.take(2)].format(a=one, b=two)
    if bits.take(3) == 0:
        told += " " + words.ASIDES[bits.take(len(words.ASIDES))]
    return told[0].upper() + told[1:]


def _series(fact: Fact, bits: _Bits, points: Sequence[Point]) -> str:
    _, ends, _, rule, p, q = fact
    name = words.series(points[ends[0]])
    if rule == "weekday":
        place = "last" if q // 7 == days.LAST else days.ORDINALS[q // 7]
        every = "every month" if p == 1 else f"every {days.count_words(p)} months"
        told = f"The {name} is held {every}, always on the {place} {days.WEEKDAYS[q % 7]} of the month."
    elif rule == "growing":
        more = "one month" if p == 1 else f"{days.count_words(p)} months"
        told = f"The wait from one {name} to the next grows: each is {more} longer than the one before."
    elif not p:
        told = (
            f"The {name} keeps a steady rhythm: the same number of months lies between any edition and the next.",
            f"The same number of months always passes from one {name} to the next.",
        )[bits.take(2)]
    else:
        every = f"every {days.count_words(p)} months"
        told = (f"The {name} is held {every}.", f"The {name} comes round {every}.")[bits.take(2)]
        if q:
            month = days.MONTHS[q - 1]
            told = (
                f"The {name} is due {every}; an edition due in {month} is put off to the month after, "
                "which does not shift the later ones."
            )
    return f"{told} {_SERIES_RULE}"
