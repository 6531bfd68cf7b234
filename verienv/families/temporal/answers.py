"""What an answer may look like: one strict grammar per form, ASCII, nothing filled in.

An answer is a tuple of whole numbers: months, ordinals, weekdays, places of relations, plain numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from verienv.families.temporal import days
from verienv.families.temporal.solving import RELATIONS
from verienv.parsing import MAX_DIGITS, Unparsable

Values = tuple[int, ...]

ENTITIES: Final = ("month", "year", "weekday")
LONGEST: Final = 200
_SPACES: Final = re.compile(r"[ \t\r\n]+")
_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MOMENT: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}):([0-9]{2})")
_ORDER: Final = re.compile(r"[0-9](?:-[0-9]){1,8}")
_DIFFERENCE: Final = re.compile(r"Event 1: ?([^ ,]+), ?Event 2: ?([^ ,]+)[.,;] ?Month difference: ?([^ ]+)", re.I)
_ORDERING: Final = re.compile(
    r"Event 1: ?([^ ,]+), ?Event 2: ?([^ ,]+), ?Event 3: ?([^ ,]+)[.,;] ?Event order: ?([^ ]+)", re.I
)
_COMPLETION: Final = re.compile(r"Event: ?([^ ,]+)[.,;] ?Missing entity: ?([^ ]+)", re.I)
_RELATION_OF: Final = {name: place for place, name in enumerate(RELATIONS)}

FORMS: Final = {
    "month": ("a year and a month, YYYY-MM", "1987-04"),
    "day": ("a date, YYYY-MM-DD", "1987-04-23"),
    "moment": ("a date and a time of day, YYYY-MM-DD HH:MM", "1987-04-23 18:05"),
    "integer": ("a whole number in digits", "21"),
    "weekday": ("the English name of a weekday", "Thursday"),
    "relation": ("one of the thirteen names", "during"),
    "order": ("the numbers of the events in the right order, joined by hyphens", "{}"),
    "difference": (
        "two months and a number, in exactly this form",
        "Event 1: 1987-04, Event 2: 1989-01. Month difference: 21.",
    ),
    "ordering": (
        "three months and an order, in exactly this form",
        "Event 1: 1987-04, Event 2: 1989-01, Event 3: 1986-11. Event order: 3-1-2.",
    ),
    "completion month": (
        "a month and the missing word, in exactly this form",
        "Event: 1987-04. Missing entity: April.",
    ),
    "completion year": ("a month and the missing year, in exactly this form", "Event: 1987-04. Missing entity: 1987."),
    "completion weekday": (
        "a month and the missing word, in exactly this form",
        "Event: 1987-04. Missing entity: Thursday.",
    ),
}
"""For each form what the prompt says it is, and the example it gives."""


def read(form: str, inner: str, size: int) -> Values:
    """The numbers that an answer stands for; `size`: how many events an order has. Raises Unparsable."""
    if len(inner) > LONGEST:
        raise Unparsable("too_long")
    if not inner.isascii():
        raise Unparsable("not_ascii")
    text = _SPACES.sub(" ", inner)
    if text.endswith("."):
        text = text[:-1]
    if form == "order":
        return _order(text, size)
    return _READERS[form](text)


def write(form: str, values: Values) -> str:
    """The answer as text, in the form that `read` reads back."""
    if form == "month":
        return days.iso_month(values[0])
    if form == "day":
        return days.iso_day(values[0])
    if form == "moment":
        return f"{days.iso_day(values[0])} {values[1] // 60:02d}:{values[1] % 60:02d}"
    if form == "integer":
        return str(values[0])
    if form == "weekday":
        return days.WEEKDAYS[values[0]]
    if form == "relation":
        return RELATIONS[values[0]]
    if form == "order":
        return "-".join(map(str, values))
    if form == "difference":
        one, two = map(days.iso_month, values[:2])
        return f"Event 1: {one}, Event 2: {two}. Month difference: {values[2]}."
    if form == "ordering":
        one, two, three = map(days.iso_month, values[:3])
        order = "-".join(map(str, values[3:]))
        return f"Event 1: {one}, Event 2: {two}, Event 3: {three}. Event order: {order}."
    return f"Event: {days.iso_month(values[0])}. Missing entity: {entity(form, values[1])}."


def entity(form: str, value: int) -> str:
    """The missing word of a completion."""
    if form == "completion month":
        return days.MONTHS[value - 1]
    return str(value) if form == "completion year" else days.WEEKDAYS[value]


def _months(text: str) -> int:
    found = _MONTH.fullmatch(text)
    if found is None:
        raise Unparsable("not_a_month")
    return _month(int(found[1]), int(found[2]))


def _month(year: int, number: int) -> int:
    if year == 0:
        raise Unparsable("no_such_year")
    if not 1 <= number <= 12:
        raise Unparsable("no_such_month")
    return days.month(year, number)


def _day(text: str) -> int:
    found = _DAY.fullmatch(text)
    if found is None:
        raise Unparsable("not_a_date")
    year, number, of_month = map(int, found.groups())
    _month(year, number)
    ordinal = days.day(year, number, of_month)
    if ordinal is None:
        raise Unparsable("no_such_day")
    return ordinal


def _moment(text: str) -> Values:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise Unparsable("not_a_moment")
    hour, minute = int(found[2]), int(found[3])
    if hour > 23 or minute > 59:
        raise Unparsable("no_such_time")
    return _day(found[1]), 60 * hour + minute


def _integer(text: str) -> int:
    digits = text[1:] if text[:1] == "-" else text
    if not digits.isdigit():
        raise Unparsable("not_a_number")
    if len(digits) > MAX_DIGITS:
        raise Unparsable("number_too_long")
    return int(text)


def _weekday(text: str) -> int:
    found = days.WEEKDAY_OF.get(text.capitalize())
    if found is None:
        raise Unparsable("not_a_weekday")
    return found


def _relation(text: str) -> Values:
    found = _RELATION_OF.get(text.lower().replace(" ", "-"))
    if found is None:
        raise Unparsable("not_a_relation")
    return (found,)


def _order(text: str, size: int) -> Values:
    if _ORDER.fullmatch(text) is None:
        raise Unparsable("not_an_order")
    places = tuple(map(int, text.split("-")))
    if sorted(places) != list(range(1, size + 1)):
        raise Unparsable("not_an_order")
    return places


def _difference(text: str) -> Values:
    found = _DIFFERENCE.fullmatch(text)
    if found is None:
        raise Unparsable("not_the_form")
    return _months(found[1]), _months(found[2]), _integer(found[3])


def _ordering(text: str) -> Values:
    found = _ORDERING.fullmatch(text)
    if found is None:
        raise Unparsable("not_the_form")
    return _months(found[1]), _months(found[2]), _months(found[3]), *_order(found[4], 3)


def _completion(what: str) -> Callable[[str], Values]:
    def read_completion(text: str) -> Values:
        found = _COMPLETION.fullmatch(text)
        if found is None:
            raise Unparsable("not_the_form")
        month, word = _months(found[1]), found[2]
        if what == "weekday":
            return month, _weekday(word)
        if what == "year":
            if len(word) != 4 or not word.isdigit() or word == "0000":
                raise Unparsable("not_a_year")
            return month, int(word)
        number = days.MONTH_OF.get(word.capitalize())
        if number is None:
            raise Unparsable("not_a_month_name")
        return month, number

    return read_completion


_READERS: Final[dict[str, Callable[[str], Values]]] = {
    "month": lambda text: (_months(text),),
    "day": lambda text: (_day(text),),
    "moment": _moment,
    "integer": lambda text: (_integer(text),),
    "weekday": lambda text: (_weekday(text),),
    "relation": _relation,
    "difference": _difference,
    "ordering": _ordering,
    **{f"completion {what}": _completion(what) for what in ENTITIES},
}


def example(form: str, size: int) -> str:
    """The example that the prompt gives."""
    shown = FORMS[form][1]
    return shown.format("-".join(map(str, _shuffled(size)))) if form == "order" else shown


def _shuffled(size: int) -> Sequence[int]:
    return [*range(2, size + 1, 2), *range(1, size + 1, 2)]
