"""What a player can see of a screen: the things in view with their words, states, rows and headings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from verienv.render.screen import Layout, Place, Screen, Widget, layout
from verienv.render.screen.boxes import Box, empty, inside, meet
from verienv.render.screen.placing import COVERS
from verienv.render.screen.widgets import MODAL, TAPPABLE

NOUNS: Final[dict[str, str]] = {  # what a kind of widget is called
    "button": "button",
    "icon_button": "icon",
    "fab": "icon",
    "field": "field",
    "select": "list",
    "checkbox": "box",
    "radio": "option",
    "switch": "switch",
    "slider": "slider",
    "chip": "chip",
    "link": "link",
    "item": "row",
    "tab": "tab",
    "segment": "tab",
    "nav_item": "tab",
    "option": "entry",
    "tile": "tile",
    "cell": "cell",
    "menu_title": "menu",
    "side_item": "entry",
    "table_row": "row",
    "pressable": "card",
    "handle": "handle",
}
ROWS: Final = frozenset(("item", "table_row", "card", "pressable"))
"""Kinds that hold other things and have a name."""


@dataclass(frozen=True, slots=True)
class Row:
    """A named row or card and what its columns say."""

    label: str
    cells: tuple[tuple[str, str], ...]  # column, words
    group: int  # rows of one list or table share it
    section: str


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be acted on."""

    widget: Widget
    noun: str
    box: Box  # what of it lies inside its window
    whole: bool  # all of it is in view and nothing lies on top
    plain: bool  # its words are there in full
    section: str
    row: Row | None
    layer: int

    @property
    def id(self) -> str:
        """The widget's id."""
        return self.widget.id

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of its box."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True)
class Seen:
    """All that can be acted on, all rows in view, and the layout."""

    screen: Screen
    placed: Layout
    things: tuple[Thing, ...]
    rows: tuple[Row, ...]
    words: tuple[str, ...] = field(default=())  # everything written in view

    def thing(self, id: str) -> Thing | None:
        """The thing with that id."""
        return next((each for each in self.things if each.id == id), None)


def look(screen: Screen) -> Seen:
    """What is in view."""
    placed = layout(screen)
    return _Look(screen, placed).seen()


class _Look:
    def __init__(self, screen: Screen, placed: Layout) -> None:
        self.screen = screen
        self.placed = placed
        self.tops = [
            (each.layer, each.box)
            for each in placed.places
            if each.layer and (each.widget.kind in COVERS or each.widget.kind == "fab")
        ]
        self.scrims = {
            number for number, each in enumerate(screen.over, 1) if each.kind in MODAL and each.kind != "menu"
        }
        self.things: list[Thing] = []
        self.rows: list[Row] = []
        self.words: list[str] = []
        self.groups = 0

    def seen(self) -> Seen:
        self.walk(self.screen.root, "", None, ())
        for each in self.screen.over:
            self.walk(each, each.label if each.kind in ("dialog", "sheet") else "", None, ())
        return Seen(self.screen, self.placed, tuple(self.things), tuple(self.rows), tuple(self.words))

    def walk(self, widget: Widget, section: str, row: Row | None, heads: tuple[str, ...]) -> None:
        place = self.placed.index.get(id(widget))
        if place is None:
            return
        if widget.kind == "text" and not self.hidden(place):
            self.words.append(widget.label)
        if widget.kind == "section":
            section = widget.label
        if widget.kind in ("page", "table", "grid", "section"):
            self.groups += 1
        if widget.kind == "table":
            heads = tuple([each.label for each in widget.items[0].items])
        if widget.kind in ROWS and widget.label and widget.role != "head":
            row = Row(widget.label, _cells(widget, heads), self.groups, section)
            if self.whole(place):
                self.rows.append(row)
        if widget.id and widget.kind in TAPPABLE and widget.kind in NOUNS:
            self.things.append(
                Thing(
                    widget,
                    NOUNS[widget.kind],
                    place.seen,
                    self.whole(place),
                    self.placed.legible(place),
                    section,
                    row,
                    place.layer,
                )
            )
        for each in widget.items:
            self.walk(each, section, row, heads)

    def hidden(self, place: Place) -> bool:
        return any(layer > place.layer and not empty(meet(place.seen, box)) for layer, box in self.tops)

    def whole(self, place: Place) -> bool:
        """All of a widget is in its window, and no overlay touches or darkens it."""
        if place.seen != place.box or self.hidden(place):
            return False
        return place.layer >= self.placed.modal


def _cells(widget: Widget, heads: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The words of a row by column: under a table's heads, or where a text says what it is by its hint."""
    if heads:
        return tuple(
            [
                (head, each.label)
                for head, each in zip(heads, widget.items, strict=False)
                if head and each.kind in ("cell", "text", "badge", "link")
            ]
        )
    found: list[tuple[str, str]] = []
    stack = list(reversed(widget.items))
    while stack:
        each = stack.pop()
        if each.kind in ("text", "badge") and each.hint:
            found.append((each.hint, each.label))
        stack.extend(reversed(each.items))
    return tuple(found)


def holes(seen: Seen, thing: Thing) -> tuple[Box, ...]:
    """The parts of a thing's box where a click meets something else that lies on it."""
    found: list[Box] = []
    after = False
    for place in seen.placed.places:
        if place.widget is thing.widget:
            after = True
            continue
        if not after:
            continue
        takes = (place.widget.id and place.widget.kind in TAPPABLE) or (place.layer and place.widget.kind in COVERS)
        shared = meet(place.seen, thing.box)
        if takes and not empty(shared):
            found.append(shared)
    return tuple(found)


def spot(box: Box, without: tuple[Box, ...]) -> tuple[int, int] | None:
    """A point well inside a box and outside its holes: the middle where it can be. None where there is none."""
    left, top, right, bottom = box
    for part in (2, 3, 4, 5, 6, 8, 12, 20):
        for down in range(1, part):
            for across in range(1, part):
                x, y = left + (right - left) * across // part, top + (bottom - top) * down // part
                if not any(inside(each, x, y) for each in without):
                    return x, y
    return None
