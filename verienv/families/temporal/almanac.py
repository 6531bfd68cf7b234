"""Short notices about the calendar alone: weekdays, working days, leap days, days of the year.

A notice is the fact ("notice", sort, name, numbers …); `answer` gives its answer, `draw` one at random.
"""

from __future__ import annotations

from random import Random
from typing import Final

from verienv.families.temporal import days, words
from verienv.families.temporal.days import LAST, ORDINALS, WEEKDAYS
from verienv.families.temporal.solving import Fact

SORTS: Final = ("adjourned", "works", "market", "deadline", "working", "meeting", "festival", "almanac", "yearday")
FORMS: Final = dict(
    zip(SORTS, ("weekday", "integer", "integer", "day", "day", "day", "integer", "weekday", "day"), strict=True)
)
LONGEST: Final = 5_000
"""No notice counts further than this many days."""


def draw(rng: Random, reach: int) -> Fact:
    """A notice; `reach` bounds its counts in days."""
    sort = rng.choice(SORTS)
    name = rng.randrange(len(words.NAMES))
    start = days.first_of(days.month(rng.randrange(1900, 2090), 1)) + rng.randrange(365)
    count = rng.randrange(20, reach)
    if sort == "adjourned":
        return "notice", sort, name, start, count
    if sort == "works":
        return "notice", sort, name, start, start + count
    if sort == "market":
        return "notice", sort, name, rng.randrange(7), start, start + count
    if sort == "deadline":
        return "notice", sort, name, start, count if rng.random() < 0.6 else -count
    if sort == "working":
        return "notice", sort, name, start, rng.randrange(5, max(6, reach // 4))
    if sort == "meeting":
        place = rng.choice((1, 2, 3, 4, LAST))
        return "notice", sort, name, days.month_of(start), rng.randrange(7), place
    if sort == "festival":
        low = rng.randrange(1780, 2060)
        return "notice", sort, name, low, low + rng.randrange(9, 40 + reach // 4)
    if sort == "almanac":
        one, two = sorted(rng.sample(range(1, 13), 2))
        leap = int(rng.random() < 0.5)
        year = 2000 if leap else 2001
        lengths = [days.length(days.month(year, number)) for number in (one, two)]
        first, second = (rng.randrange(1, length + 1) for length in lengths)
        return "notice", sort, name, leap, rng.randrange(7), one, first, two, second
    year = rng.randrange(1900, 2090)
    return "notice", sort, name, year, rng.randrange(32, 366 + days.leap(year))


def answer(fact: Fact) -> int:
    """The notice's answer: an ordinal, a weekday or a number."""
    sort, numbers = fact[1], fact[3:]
    if sort == "adjourned":
        return days.weekday(numbers[0] + numbers[1])
    if sort == "works":
        return int(numbers[1] - numbers[0])
    if sort == "market":
        which, low, high = numbers
        first = low + (which - days.weekday(low)) % 7
        return (high - first) // 7 + 1 if first <= high else 0
    if sort == "deadline":
        return int(numbers[0] + numbers[1])
    if sort == "working":
        return _working(numbers[0], numbers[1])
    if sort == "meeting":
        return days.nth_weekday(numbers[0], numbers[1], numbers[2]) or 0
    if sort == "festival":
        return _leap_years(numbers[1]) - _leap_years(numbers[0] - 1)
    if sort == "almanac":
        leap, which, one, first, two, second = numbers
        year = 2000 if leap else 2001
        apart = (days.day(year, two, second) or 0) - (days.day(year, one, first) or 0)
        return int(which + apart) % 7
    return days.first_of(days.month(numbers[0], 1)) + int(numbers[1]) - 1


def tell(fact: Fact, style: int) -> tuple[str, str]:
    """The notice and its question."""
    sort, name, numbers = fact[1], words.NAMES[fact[2]], fact[3:]
    on = days.day_words
    if sort == "adjourned":
        told = (
            f"The court at {name} adjourned the case on {on(numbers[0])}. "
            f"It will sit again exactly {numbers[1]} days later.",
            f"On {on(numbers[0])} the judge in {name} sent everybody home. "
            f"The trial resumes exactly {numbers[1]} days later.",
        )
        return told[style % 2], "On which weekday is that?"
    if sort == "works":
        told = (
            f"Work on the {name} tunnel began on {on(numbers[0])} and was finished on {on(numbers[1])}.",
            f"The {name} harbour was closed on {on(numbers[0])}. It opened again on {on(numbers[1])}.",
        )
        return told[style % 2], "How many days after the first date is the second?"
    if sort == "market":
        which = WEEKDAYS[numbers[0]]
        told = (
            f"The {name} market is held every {which}. "
            f"The season runs from {on(numbers[1])} to {on(numbers[2])}, both days included.",
            f"The ferry to {name} sails on every {which} from {on(numbers[1])} to {on(numbers[2])}, both "
            "days included.",
        )
        return told[style % 2], f"How many such {which}s are there?"
    if sort == "deadline":
        later = "after" if numbers[1] > 0 else "before"
        told = (
            f"The {name} council votes on {on(numbers[0])}. "
            f"Papers are due exactly {abs(numbers[1])} days {later} the vote.",
            f"The {name} mill burned down on {on(numbers[0])}. "
            f"A letter in the archive is dated exactly {abs(numbers[1])} days {later} the fire.",
        )
        return told[style % 2], ("On which date are the papers due?", "What date does the letter bear?")[style % 2]
    if sort == "working":
        count = days.count_words(numbers[1])
        told = (
            f"The parcel left {name} on {on(numbers[0])} and is due {count} working days later.",
            f"The {name} registry received the form on {on(numbers[0])}; its answer is due {count} working days later.",
        )
        rule = " Working days are Monday to Friday, there are no holidays, and the day itself is not counted."
        return told[style % 2] + rule, "On which date is that?"
    if sort == "meeting":
        place = "last" if numbers[2] == LAST else ORDINALS[numbers[2]]
        told = (
            f"The {name} council meets on the {place} {WEEKDAYS[numbers[1]]} of every month.",
            f"On the {place} {WEEKDAYS[numbers[1]]} of every month the {name} museum is free.",
        )
        return told[style % 2], f"Which date is that in {days.month_words(numbers[0])}?"
    if sort == "festival":
        told = (
            f"{name} celebrates every 29 February. "
            f"The town book runs from {numbers[0]} to {numbers[1]}, both years included.",
            f"The {name} lantern walk takes place on 29 February and on no other day. "
            f"Its chronicle covers {numbers[0]} to {numbers[1]}, both years included.",
        )
        return told[style % 2], "How many such days fall in those years, by the Gregorian calendar?"
    if sort == "almanac":
        leap, which, one, first, two, second = numbers
        year = "a leap year" if leap else "a year that is not a leap year"
        told = (
            f"A torn almanac from {name} was printed for {year}. "
            f"It calls {first} {days.MONTHS[one - 1]} a {WEEKDAYS[which]}.",
            f"The {name} sundial was set up in {year}. "
            f"In that year {first} {days.MONTHS[one - 1]} was a {WEEKDAYS[which]}.",
        )
        return told[style % 2], f"On which weekday did {second} {days.MONTHS[two - 1]} of the same year fall?"
    told = (
        f"By the reckoning of {name}, 1 January is day 1 of the year. "
        f"The ship sailed on day {numbers[1]} of {numbers[0]}.",
        f"The {name} observatory counts days from 1 January, which is day 1. "
        f"A comet was seen on day {numbers[1]} of {numbers[0]}.",
    )
    return told[style % 2], "Which date is that?"


def _working(start: int, count: int) -> int:
    at = start
    weeks, rest = divmod(count, 5)
    if days.weekday(at) > 4:
        at -= days.weekday(at) - 4  # counting begins after the weekend: as if from its Friday
    at += 7 * weeks
    for _ in range(rest):
        at += 3 if days.weekday(at) == 4 else 1
    return at


def _leap_years(year: int) -> int:
    return year // 4 - year // 100 + year // 400
