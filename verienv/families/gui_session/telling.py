"""A page in words: every thing that can be pressed with the pixel in its middle, and what is only to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from verienv.families.gui_session import drawing, pages
from verienv.families.gui_session.drawing import Look
from verienv.families.gui_session.pages import Control, Page, Row


def page(shown: Page, look: Look) -> str:
    """The lines of a page, from the top down."""
    return "\n".join(_lines(shown, look))


def _lines(shown: Page, look: Look) -> Iterator[str]:
    def at(id: str) -> str:
        point = drawing.middle(shown, look, id)
        return f"[{point[0]}, {point[1]}] " if point is not None else ""

    if shown.dialog is not None:
        yield f'Dialog "{shown.dialog.title}" over the page "{shown.title}"'
        for row in shown.dialog.rows:
            yield from _row(row, at)
        for control in shown.dialog.buttons:
            yield at(control.id) + _control(control)
        return
    yield f'Page "{shown.title}"'
    if shown.up:
        yield at("up") + "back arrow"
    for control in shown.bar:
        yield at(control.id) + _control(control)
    for row in pages.window(shown):
        yield from _row(row, at)
    if shown.start:
        yield "(there is more above)"
    if shown.start + len(pages.window(shown)) < len(shown.rows):
        yield "(there is more below)"
    for control in (*shown.tiles, *shown.foot, *shown.tabs):
        yield at(control.id) + _control(control)
    if shown.fab is not None:
        yield at(shown.fab.id) + _control(shown.fab)


def _row(row: Row, at: Callable[[str], str]) -> Iterator[str]:
    detail = f": {row.detail}" if row.detail else ""
    state = ""
    if row.kind == "switch":
        state = f", {'on' if row.on else 'off'}"
    elif row.kind == "radio":
        state = ", chosen" if row.on else ""
    elif row.kind in ("field", "area"):
        detail, state = f': "{row.detail}"', ", has the focus" if row.on else ""
    marks = "".join([f", {each.label.lower()}" for each in row.controls if each.kind == "mark"])
    where = at(row.id) if row.id else ""
    yield f'{where}{_KINDS.get(row.kind, row.kind)} "{row.label}"{detail}{state}{marks}'
    for control in row.controls:
        if control.kind != "mark":
            yield "  " + (at(control.id) if control.enabled else "") + _control(control)


def _control(control: Control) -> str:
    if control.kind == "check":
        return f'box "{control.label}", {"ticked" if control.on else "not ticked"}'
    name = {"tab": "tab", "star": "star", "icon": "icon"}.get(control.kind, "button")
    state = ", on" if control.on and control.kind == "star" else ", open" if control.on else ""
    return f'{name} "{control.label}"{state}{"" if control.enabled else ", disabled"}'


_KINDS = {"area": "field", "danger": "button", "item": "row"}
