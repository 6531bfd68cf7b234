"""Dates as whole numbers and as words: proleptic Gregorian, the standard library alone.

A day is its ordinal (1 January of year 1 is 1), a month is 12 * year + month - 1, a weekday counts from Monday = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import MAXYEAR, date
from typing import Final

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMBERS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)
ORDINALS: Final = (
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth", "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth",
    "twenty-sixth", "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth",
)  # fmt: skip
LAST: Final = -1
"""The place of the last weekday of a month, beside 1 to 5."""

NUMBER_OF: Final[Mapping[str, int]] = {word: value for value, word in enumerate(NUMBERS)}
ORDINAL_OF: Final[Mapping[str, int]] = {word: value for value, word in enumerate(ORDINALS)}
MONTH_OF: Final[Mapping[str, int]] = {word: value for value, word in enumerate(MONTHS, 1)}
WEEKDAY_OF: Final[Mapping[str, int]] = {word: value for value, word in enumerate(WEEKDAYS)}


def month(year: int, number: int) -> int:
    """The month's number; `number` counts from 1."""
    return 12 * year + number - 1


def month_of(ordinal: int) -> int:
    """The month a day lies in."""
    day = date.fromordinal(ordinal)
    return 12 * day.year + day.month - 1


def weekday(ordinal: int) -> int:
    """0 for a Monday."""
    return (ordinal + 6) % 7


def leap(year: int) -> bool:
    """Whether the year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def length(months: int) -> int:
    """Days in a month."""
    year, at = divmod(months, 12)
    return 29 if at == 1 and leap(year) else _LENGTHS[at]


_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def day(year: int, number: int, of_month: int) -> int | None:
    """The ordinal of a date, or None where there is no such day."""
    if not (1 <= year <= MAXYEAR and 1 <= number <= 12 and 1 <= of_month <= length(month(year, number))):
        return None
    return date(year, number, of_month).toordinal()


def first_of(months: int) -> int:
    """The ordinal of a month's first day."""
    return date(months // 12, months % 12 + 1, 1).toordinal()


def nth_weekday(months: int, which: int, place: int) -> int | None:
    """The ordinal of the `place`-th weekday `which` of a month (LAST: its last), or None where there is none."""
    start = first_of(months)
    first = start + (which - weekday(start)) % 7
    end = start + length(months)
    if place == LAST:
        return first + (end - 1 - first) // 7 * 7
    found = first + 7 * (place - 1)
    return found if found < end else None


def iso_month(months: int) -> str:
    """`2020-06`."""
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def iso_day(ordinal: int) -> str:
    """`2020-06-14`."""
    return date.fromordinal(ordinal).isoformat()


def month_words(months: int) -> str:
    """`June 2020`."""
    return f"{MONTHS[months % 12]} {months // 12}"


def day_words(ordinal: int) -> str:
    """`14 June 2020`."""
    which = date.fromordinal(ordinal)
    return f"{which.day} {MONTHS[which.month - 1]} {which.year}"


def count_words(number: int) -> str:
    """`twelve`, and digits above that, as newspapers write numbers."""
    return NUMBERS[number] if number <= 12 else str(number)


def read_count(text: str) -> int:
    """What `count_words` wrote, and `a` or `an` for one. Raises ValueError."""
    if text in ("a", "an"):
        return 1
    return NUMBER_OF[text] if text in NUMBER_OF else int(text)


def read_day(text: str) -> int:
    """What `day_words` wrote. Raises ValueError."""
    number, name, year = text.split(" ")
    found = day(int(year), MONTH_OF[name], int(number))
    if found is None:
        raise ValueError(text)
    return found


def read_month(text: str) -> int:
    """What `month_words` wrote."""
    name, year = text.split(" ")
    return month(int(year), MONTH_OF[name])
