"""Chronicles and answers as arrays: one row of numbers a report, one discrete field a number of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from verienv.families.temporal import almanac, days
from verienv.parsing import Unparsable

if TYPE_CHECKING:
    from gymnasium import Space

    from verienv.families.temporal import Problem
    from verienv.families.temporal.answers import Values

ROWS, WIDTH = 65, 16
LARGEST: Final = 2_000_000_000
_KINDS: Final = (
    *("infer", "difference", "order", "complete", "forecast", "date", "gap"),
    *("sequence", "allen", "relate", "calendar", "clock"),
)
_CODES: Final = {
    word: code
    for code, word in enumerate(
        (
            *("on", "shift", "next", "nth", "half", "same", "before", "mask", "series", "relation", "notice", "leg"),
            *("stop", "days", "weeks", "months", "years", "steady", "growing", "weekday", *almanac.SORTS),
        ),
        1,
    )
}

Field = tuple[int, int]  # least value, number of values
_MONTH: Final = (days.month(1850, 1), 12 * 400)
_DAY: Final = (days.first_of(days.month(1850, 1)), 146_097)
_FIELDS: Final[dict[str, tuple[Field, ...]]] = {
    "month": (_MONTH,),
    "day": (_DAY,),
    "moment": (_DAY, (0, 1440)),
    "integer": ((0, 40_000),),
    "weekday": ((0, 7),),
    "relation": ((0, 13),),
    "difference": (_MONTH, _MONTH, (0, 5_000)),
    "ordering": (_MONTH, _MONTH, _MONTH, (1, 3), (1, 3), (1, 3)),
    "completion month": (_MONTH, (1, 12)),
    "completion year": (_MONTH, (1850, 400)),
    "completion weekday": (_MONTH, (0, 7)),
}
_FORMS: Final[dict[str, tuple[str, ...]]] = {
    "infer": ("month",),
    "difference": ("difference",),
    "order": ("ordering",),
    "complete": ("completion month", "completion year", "completion weekday"),
    "forecast": ("month", "day"),
    "date": ("day",),
    "gap": ("integer",),
    "sequence": ("order",),
    "allen": ("relation",),
    "relate": ("relation",),
    "calendar": ("weekday", "integer", "day"),
    "clock": ("moment", "integer"),
}
STEPS: Final = (1, -1, 10, -10, 100, -100, 1000, -1000, 10_000, -10_000)


def fields(form: str, size: int) -> tuple[Field, ...]:
    """The fields of a form; `size`: how many events an order has."""
    return ((1, size),) * size if form == "order" else _FIELDS[form]


def observation_space() -> Space[Any]:
    """[65, 16] int64."""
    import numpy as np
    from gymnasium import spaces

    return spaces.Box(-LARGEST, LARGEST, (ROWS, WIDTH), np.int64)


def observe(problem: Problem) -> Any:
    """Row 0: 1 + the kind's number, months or days, points asked for; then a row for each fact."""
    import numpy as np

    found = np.zeros((ROWS, WIDTH), np.int64)
    question = [1 + _KINDS.index(problem.kind), int(problem.monthly), *problem.ask]
    for row, numbers in enumerate((question, *map(_row, problem.facts))):
        found[row, : len(numbers)] = numbers
    return found


def action_space(kinds: Sequence[str], events: int) -> Space[Any]:
    """A MultiDiscrete wide enough for every form of these kinds."""
    from gymnasium import spaces

    return spaces.MultiDiscrete(_sizes(kinds, events))


def act(problem: Problem, action: Any) -> Values:
    """The values of the action's first fields. Raises Unparsable where one is out of range or no order."""
    values = [low + int(each) for (low, _), each in zip(fields(problem.form, len(problem.ask)), action, strict=False)]
    found = legal(problem, values)
    if found is None:
        raise Unparsable("out_of_range")
    return found


def encode(problem: Problem, answer: Values) -> Any:
    """The answer's fields, and 0 in those that its form does not have."""
    import numpy as np

    lows = [low for low, _ in fields(problem.form, len(problem.ask))]
    found = np.zeros(problem.width, np.int64)
    found[: len(answer)] = [value - low for value, low in zip(answer, lows, strict=True)]
    return found


def legal(problem: Problem, values: Sequence[int]) -> Values | None:
    """The values as an answer where each lies in its field and orders are permutations, else None."""
    bounds = fields(problem.form, len(problem.ask))
    if any(not low <= value < low + size for value, (low, size) in zip(values, bounds, strict=True)):
        return None
    places = values[-_ordered(problem) :] if _ordered(problem) else ()
    return tuple(values) if len(set(places)) == len(places) else None


def draft(problem: Problem) -> Values:
    """The middle of every field; orders as the prompt lists the events."""
    bounds = fields(problem.form, len(problem.ask))
    values = [low + size // 2 for low, size in bounds]
    ordered = _ordered(problem)
    if ordered:
        values[-ordered:] = range(1, ordered + 1)
    return tuple(values)


def edits(kinds: Sequence[str], events: int) -> int:
    """Ten for each field."""
    return len(STEPS) * width(kinds, events)


def edit(problem: Problem, answer: Values, number: int) -> Values:
    """One field moved by a step and kept inside its bounds; a place in an order swaps with a neighbour."""
    bounds = fields(problem.form, len(problem.ask))
    at, which = divmod(number, len(STEPS))
    if at >= len(bounds):
        return answer
    values = list(answer)
    ordered = _ordered(problem)
    if at >= len(bounds) - ordered:
        first = len(bounds) - ordered
        other = first + (at - first + (1 if STEPS[which] > 0 else -1)) % ordered
        values[at], values[other] = values[other], values[at]
    else:
        low, size = bounds[at]
        values[at] = min(max(values[at] + STEPS[which], low), low + size - 1)
    return tuple(values)


def width(kinds: Sequence[str], events: int) -> int:
    """How many fields an action has."""
    return len(_sizes(kinds, events))


def _ordered(problem: Problem) -> int:
    """How many of the last fields are an order's places."""
    return len(problem.ask) if problem.form == "order" else 3 if problem.form == "ordering" else 0


def _sizes(kinds: Sequence[str], events: int) -> list[int]:
    """The size of each field: the largest that a form of these kinds needs there."""
    columns: list[int] = []
    for kind in kinds:
        for form in _FORMS[kind]:
            for place, (_, size) in enumerate(fields(form, events)):
                if place == len(columns):
                    columns.append(size)
                columns[place] = max(columns[place], size)
    return columns


def _row(fact: Sequence[Any]) -> list[int]:
    numbers: list[int] = []
    for each in fact:
        if isinstance(each, tuple):
            numbers.extend(each)
        else:
            numbers.append(_CODES[each] if isinstance(each, str) else each)
    return numbers
