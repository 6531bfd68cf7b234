"""The oracle's eyes for notices and journeys: reads the shown text back into facts, by its own patterns."""

from __future__ import annotations

import re
from typing import Final

from verienv.families.temporal import clocks, days
from verienv.families.temporal.reading import Unread
from verienv.families.temporal.solving import Fact

_DATE: Final = re.compile(r"[0-9]+ (?:[A-Z][a-z]+) [0-9]{4}")
_MOMENT: Final = re.compile(r"([0-9]{2}):([0-9]{2}) on ([0-9]+ [A-Z][a-z]+ [0-9]{4})")
_DURATION: Final = r"(?:([0-9]+) hours?)?(?: and )?(?:([0-9]+) minutes?)?"
_PLACE: Final = re.compile(r"([A-Z][a-z]+) \(UTC([+-])([0-9]{2}):([0-9]{2})\)")


def notice(text: str) -> Fact:
    """The fact of a notice, its name left out."""
    dates = [days.read_day(found) for found in _DATE.findall(text)]

    def numbers(pattern: str) -> tuple[int, ...]:
        found = re.search(pattern, text)
        if found is None:
            raise Unread(text)
        return tuple(map(int, found.groups()))

    def word(pattern: str) -> str:
        found = re.search(pattern, text)
        if found is None:
            raise Unread(text)
        return found[1]

    if "On which weekday is that?" in text:
        return "notice", "adjourned", 0, dates[0], *numbers(r"exactly (\d+) days later")
    if "How many days after the first date is the second?" in text:
        return "notice", "works", 0, dates[0], dates[1]
    if "both days included" in text:
        return "notice", "market", 0, days.WEEKDAY_OF[word(r"How many such (\w+)s are there")], dates[0], dates[1]
    if "are the papers due?" in text or "does the letter bear?" in text:
        (count,) = numbers(r"exactly (\d+) days (?:after|before)")
        return "notice", "deadline", 0, dates[0], count if "days after" in text else -count
    if "Working days are Monday to Friday" in text:
        return "notice", "working", 0, dates[0], days.read_count(word(r"(\w+) working days later"))
    if "Which date is that in" in text:
        place = word(r"n the (\w+) \w+ of every month")
        return (
            *("notice", "meeting", 0, days.read_month(word(r"is that in (\w+ \d{4})\?"))),
            days.WEEKDAY_OF[word(r"n the \w+ (\w+) of every month")],
            days.LAST if place == "last" else days.ORDINAL_OF[place],
        )
    if "How many such days fall in those years" in text:
        return "notice", "festival", 0, *numbers(r"(\d+) to (\d+), both years")
    if "of the same year fall" in text:
        found = re.search(r"(\d+) ([A-Z]\w+) (?:a|was a) (\w+)\.", text)
        asked = re.search(r"did (\d+) (\w+) of the same year", text)
        if found is None or asked is None:
            raise Unread(text)
        leap = int("not a leap year" not in text and "was set up in a year that is not" not in text)
        return (
            *("notice", "almanac", 0, leap, days.WEEKDAY_OF[found[3]]),
            *(days.MONTH_OF[found[2]], int(found[1]), days.MONTH_OF[asked[2]], int(asked[1])),
        )
    day, year = numbers(r"on day (\d+) of (\d+)")
    return "notice", "yearday", 0, year, day


def journey(text: str) -> tuple[tuple[Fact, ...], int]:
    """The facts of a journey (places numbered as they come), and what is asked."""
    told, _, question = text.rpartition("\n\n")
    if "on arrival?" in question:
        asked = clocks.ARRIVAL
    elif "on departure?" in question:
        asked = clocks.DEPARTURE
    else:
        asked = clocks.DURATION
    offsets = [(1 if found[2] == "+" else -1) * (60 * int(found[3]) + int(found[4])) for found in _PLACE.finditer(told)]
    facts: list[Fact] = []
    leg = 0
    for sentence in told.split(". "):
        moment = _MOMENT.search(sentence)
        value = -1
        if moment is not None:
            value = clocks.DAY * days.read_day(moment[3]) + 60 * int(moment[1]) + int(moment[2])
        if "UTC" in sentence and "(UTC)" not in sentence:
            if leg:
                found = re.search(rf"(?:stop|wait) of {_DURATION},? (?:the next|and then)", sentence)
                if found is None:
                    raise Unread(sentence)
                facts.append(("stop", _minutes(found)))
            flight = re.search(rf"a journey of {_DURATION}", sentence)
            took = -1 if flight is None else _minutes(flight)
            facts.append(("leg", leg, offsets[leg], leg + 1, offsets[leg + 1], value, took, -1))
            leg += 1
        elif moment is not None:
            facts[-1] = (*facts[-1][:7], value)
    return tuple(facts), asked


def _minutes(found: re.Match[str]) -> int:
    return 60 * int(found[1] or 0) + int(found[2] or 0)
