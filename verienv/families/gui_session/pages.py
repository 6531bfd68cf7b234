"""What one screen of a program shows, as plain data: bars, rows that scroll, a dialog. No pixels here.

Lengths are the units of `verienv.render.screen`. The rows that fit are a function of `HEIGHT` alone, so that a search
over screens lays nothing out; a test holds `HEIGHT` to what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

WIDTH: Final = 360
LENGTH: Final = 640
"""Units of the phone's screen."""


class Control(NamedTuple):
    """Something small to press, in a row or a bar. Kinds: check, star, icon, plus, minus, tab, button, plain, danger.

    A mark is only looked at.
    """

    kind: str
    id: str
    label: str
    on: bool = False
    icon: str = ""
    enabled: bool = True


class Row(NamedTuple):
    """A row of a page. Kinds: item, switch, field, area, choice, stepper, radio, text, heading, danger.

    icon: an icon's name, `avatar:` and a name, or `image:` and a number.
    """

    kind: str
    id: str = ""
    label: str = ""
    detail: str = ""
    on: bool = False
    icon: str = ""
    enabled: bool = True
    controls: tuple[Control, ...] = ()
    hold: str = ""  # the id of a long press, "" where that does nothing


class Dialog(NamedTuple):
    """A box over a page, under which nothing can be pressed."""

    title: str
    rows: tuple[Row, ...] = ()
    buttons: tuple[Control, ...] = ()


class Page(NamedTuple):
    """One screen: `start` is the first row shown."""

    title: str
    rows: tuple[Row, ...]
    start: int = 0
    up: bool = True
    bar: tuple[Control, ...] = ()
    tabs: tuple[Control, ...] = ()
    foot: tuple[Control, ...] = ()
    fab: Control | None = None
    dialog: Dialog | None = None
    focus: str = ""
    tiles: tuple[Control, ...] = ()  # a home screen has these instead of rows


HEIGHT: Final = {
    "item": 48,
    "item2": 60,  # with a second line
    "switch": 48,
    "field": 85,
    "area": 135,
    "choice": 85,
    "stepper": 54,
    "radio": 50,
    "text": 60,
    "heading": 40,
    "danger": 62,
}
BAR: Final = 26 + 56 + 18  # status bar, app bar, home bar
TABS: Final = 60
FOOT: Final = 62
ABOVE: Final = 8
"""Units above the first row; with them a list that goes on ends in a row that is cut."""
PEEK: Final = 20
"""A row of which so much is seen can be pressed."""


def height(row: Row) -> int:
    """Units that a row takes."""
    return HEIGHT["item2" if row.kind == "item" and row.detail else row.kind]


def room(page: Page) -> int:
    """Units that a page has for its rows."""
    return LENGTH - BAR - ABOVE - (TABS if page.tabs else 0) - (FOOT if page.foot else 0)


def window(page: Page) -> tuple[Row, ...]:
    """The rows seen, the last perhaps in part."""
    left, upto = room(page), page.start
    rows = page.rows
    while upto < len(rows) and left >= PEEK:
        left -= height(rows[upto])
        upto += 1
    return rows[page.start : upto]


def scrolled(page: Page, down: bool) -> int:
    """The first row shown after scrolling by a screen: what was seen in part is then seen whole."""
    rows, space = page.rows, room(page)
    if down:
        left, upto = space, page.start
        while upto < len(rows) and height(rows[upto]) <= left:
            left -= height(rows[upto])
            upto += 1
        if upto == len(rows):
            return page.start
        left, last = space, len(rows)
        while last > 0 and height(rows[last - 1]) <= left:
            last -= 1
            left -= height(rows[last])
        return min(upto, last)
    left, start = space, page.start
    while start > 0 and height(rows[start - 1]) <= left:
        start -= 1
        left -= height(rows[start])
    return start


def presses(page: Page) -> Iterator[str]:
    """The ids of all that can be pressed now, from the top down."""
    if page.dialog is not None:
        for row in page.dialog.rows:
            if row.id and row.enabled:
                yield row.id
        for control in page.dialog.buttons:
            yield control.id
        return
    if page.up:
        yield "up"
    for control in page.bar:
        yield control.id
    for row in window(page):
        if row.id and row.enabled:
            yield row.id
        for control in row.controls:
            if control.enabled:
                yield control.id
    for control in (*page.tiles, *page.foot, *page.tabs):
        if control.enabled:
            yield control.id
    if page.fab is not None:
        yield page.fab.id


def holds(page: Page) -> Iterator[tuple[str, str]]:
    """The rows that a long press does something to: the row's id and that of the long press."""
    if page.dialog is None:
        for row in window(page):
            if row.hold:
                yield row.id, row.hold
