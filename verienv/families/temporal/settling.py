"""From facts to the answer: what is asked is settled when the facts leave one value, one order or one relation."""

from __future__ import annotations

from collections.abc import Sequence

from verienv.families.temporal import days, solving, worlds
from verienv.families.temporal.answers import Values
from verienv.families.temporal.reading import Reader, periods
from verienv.families.temporal.solving import Fact
from verienv.families.temporal.words import Point


def settle(
    kind: str, points: Sequence[Point], facts: Sequence[Fact], ask: Sequence[int], monthly: bool
) -> Values | None:
    """The one answer that follows from the facts, or None."""
    known = solving.candidates(len(points), facts, monthly)
    if kind in ("sequence", "allen", "relate"):
        bound = solving.gaps(len(points), facts, known)
        if kind == "sequence":
            return solving.sequence(bound, ask)
        which = solving.allen(bound, ask)
        return None if which is None else (which,)
    events = ask[:1] if kind == "complete" else ask
    values = []
    for event in events:
        left = known[event]
        if left is None or len(left) != 1:
            return None
        values.append(next(iter(left)))
    return answer(kind, values, ask, monthly)


def answer(kind: str, values: Sequence[int], ask: Sequence[int], monthly: bool) -> Values:
    """The answer, once the values of the points asked for are known."""
    months = [value if monthly else days.month_of(value) for value in values]
    if kind == "date" or (kind == "forecast" and not monthly):
        return (values[0],)
    if kind in ("infer", "forecast"):
        return (months[0],)
    if kind == "gap":
        return (abs(values[0] - values[1]),)
    if kind == "difference":
        return months[0], months[1], abs(months[0] - months[1])
    if kind == "order":
        return *months, *sorted((1, 2, 3), key=lambda place: months[place - 1])
    if ask[1] == worlds.MONTH:
        return months[0], months[0] % 12 + 1
    return months[0], months[0] // 12 if ask[1] == worlds.YEAR else days.weekday(values[0])


def read(text: str, kind: str) -> Values | None:
    """The one answer that follows from the shown text of a chronicle, or None."""
    reader = Reader()
    reader.reports(text)
    question = text[text.rfind("\n\n") :]
    if kind in ("allen", "relate"):
        ask = [reader.at(point) for point in periods(question)]
    else:
        ask = reader.mentioned(question)
    if kind == "complete":
        shown = ("<MONTH>", "<YEAR>", "<WEEKDAY>")
        ask.append(next(place for place, each in enumerate(shown) if f"shown as {each}" in question))
    return settle(kind, reader.points, reader.facts, ask, reader.monthly)
