"""Descriptions of things on a screen as data, and the one thing that fits: found by looking at all of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from verienv.families.gui.seen import Row, Seen, Thing

SIDES: Final = ("left", "right", "above", "below")
ENDS: Final = ("top", "bottom", "left", "right")


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on a row: a column, how it is compared, and with what."""

    column: str
    how: str  # is, is not, above, below, highest, lowest
    value: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A description; every field that is filled must fit."""

    noun: str
    label: str = ""
    icon: str = ""
    section: str = ""
    row: str = ""
    where: tuple[Where, ...] = ()  # of its row
    state: str = ""  # on, off, enabled
    side: str = ""  # of SIDES: the nearest on that side of `anchor`
    anchor: Query | None = None
    order: str = ""  # of ENDS: counted from there
    rank: int = 0  # from 1


def resolve(seen: Seen, query: Query, *, partial: bool = False) -> list[Thing]:
    """The things that a description fits, among those wholly in view; with `partial` those cut by an edge too."""
    found = [each for each in seen.things if (partial or each.whole) and _fits(query, each)]
    if query.where:
        rows = matching(seen, [each.row for each in found if each.row is not None], query.where)
        found = [each for each in found if each.row is not None and each.row in rows]
    if query.side and query.anchor is not None:
        anchors = resolve(seen, query.anchor, partial=partial)
        found = _beside(found, anchors[0], query.side) if len(anchors) == 1 else []
    if query.order:
        found = _ranked(found, query.order, query.rank)
    return found


def matching(seen: Seen, rows: Sequence[Row], conditions: tuple[Where, ...]) -> list[Row]:
    """The rows that meet all conditions; the highest and lowest are looked for among those that meet the others."""
    plain = [each for each in conditions if each.how not in ("highest", "lowest")]
    kept = [row for row in dict.fromkeys(rows) if all(_meets(row, each) for each in plain)]
    for each in conditions:
        if each.how in ("highest", "lowest"):
            values = [(measure(value), row) for row in kept if (value := cell(row, each.column)) is not None]
            known = [(value, row) for value, row in values if value is not None]
            if len(known) != len(kept) or not known:
                return []
            best = (max if each.how == "highest" else min)([value for value, _ in known])
            kept = [row for value, row in known if value == best]
    return kept


def cell(row: Row, column: str) -> str | None:
    """What a row says in a column."""
    return next((words for name, words in row.cells if name == column), None)


def measure(words: str) -> float | None:
    """A number for what can be compared: amounts, sizes, days as 2025-03-14, times and lengths as 4:05."""
    text = words.replace(",", "").strip().removeprefix("$").removeprefix("€")
    parts = text.split("-")
    if len(parts) == 3 and all(each.isdigit() for each in parts):
        return float(int(parts[0]) * 10_000 + int(parts[1]) * 100 + int(parts[2]))
    minutes = text.split(":")
    if len(minutes) == 2 and all(each.isdigit() for each in minutes):
        return float(int(minutes[0]) * 60 + int(minutes[1]))
    number = text.split(" ")[0].removesuffix("%")
    whole, _, rest = number.partition(".")
    return float(number) if whole.isdigit() and (not rest or rest.isdigit()) else None


def state(thing: Thing) -> str:
    """on, off, or nothing for what is neither."""
    if thing.widget.kind in ("switch", "checkbox", "radio", "chip"):
        return "on" if thing.widget.checked else "off"
    return ""


def _fits(query: Query, thing: Thing) -> bool:
    widget = thing.widget
    if thing.noun != query.noun or (query.icon and widget.icon != query.icon):
        return False
    if query.label and (widget.label != query.label or not thing.plain):
        return False
    if query.section and thing.section != query.section:
        return False
    if query.row and (thing.row is None or thing.row.label != query.row):
        return False
    if query.state == "enabled":
        return widget.enabled
    return not query.state or state(thing) == query.state


def _meets(row: Row, condition: Where) -> bool:
    words = cell(row, condition.column)
    if words is None:
        return False
    if condition.how == "is":
        return words == condition.value
    if condition.how == "is not":
        return words != condition.value
    one, two = measure(words), measure(condition.value)
    if one is None or two is None:
        return False
    return one > two if condition.how == "above" else one < two


def _beside(found: list[Thing], anchor: Thing, side: str) -> list[Thing]:
    """The nearest of the things on one side of an anchor, on its line; nothing when another is about as near."""
    left, top, right, bottom = anchor.box
    away: list[tuple[int, bool, Thing]] = []  # how far, whether they stand well in line
    for each in found:
        if each is anchor or each.layer != anchor.layer:
            continue
        x1, y1, x2, y2 = each.box
        if side in ("left", "right"):
            shared, least = min(bottom, y2) - max(top, y1), min(bottom - top, y2 - y1)
            gap = left - x2 if side == "left" else x1 - right
        else:
            shared, least = min(right, x2) - max(left, x1), min(right - left, x2 - x1)
            gap = top - y2 if side == "above" else y1 - bottom
        if shared > 0 and gap >= -2:
            away.append((gap, 2 * shared >= least, each))
    away.sort(key=lambda one: one[0])
    if not away or not away[0][1] or (len(away) > 1 and away[1][0] - away[0][0] < 6):
        return []
    return [away[0][2]]


def _ranked(found: list[Thing], order: str, rank: int) -> list[Thing]:
    """The thing at a place in an order; nothing when two of them are at about the same height or distance."""
    axis = 1 if order in ("top", "bottom") else 0
    line = sorted(found, key=lambda each: each.middle[axis], reverse=order in ("bottom", "right"))
    places = [each.middle[axis] for each in line]
    if any(abs(one - two) < 8 for one, two in itertools.pairwise(places)) or not 1 <= rank <= len(line):
        return []
    return [line[rank - 1]]
