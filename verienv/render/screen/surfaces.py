"""How widgets that hold others look: cards, bars, tables, dialogs, menus."""

from __future__ import annotations

from typing import Final

from verienv.render.screen.boxes import Box
from verienv.render.screen.brush import Brush, Drawn
from verienv.render.screen.themes import mix
from verienv.render.screen.widgets import Widget


def _item(brush: Brush, widget: Widget, box: Box) -> None:
    if widget.checked:
        brush.fill(box, brush.look.tint)


def _card(brush: Brush, widget: Widget, box: Box) -> None:
    look, radius = brush.look, brush.px(brush.corners + 2)
    if widget.role == "tint":
        brush.box(box, look.tint, radius)
        return
    if widget.role != "flat" and not look.dark:
        brush.lift(box, 2, radius)
    brush.box(box, look.surface, radius)
    if widget.role == "flat" or look.dark:
        brush.frame(box, look.line, radius, brush.px(1))


def _bar(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    brush.fill(box, look.surface)
    brush.fill((box[0], box[3] - brush.px(1), box[2], box[3]), look.line)


def _foot(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    brush.fill(box, look.surface)
    brush.fill((box[0], box[1], box[2], box[1] + brush.px(1)), look.line)


def _row(brush: Brush, widget: Widget, box: Box) -> None:
    if widget.role == "bar":
        _bar(brush, widget, box)


def _window_bar(brush: Brush, widget: Widget, box: Box) -> None:
    brush.fill(box, mix(brush.look.surface, brush.look.sunken, 70))


def _plain_surface(brush: Brush, widget: Widget, box: Box) -> None:
    brush.fill(box, brush.look.surface)


def _browser_tabs(brush: Brush, widget: Widget, box: Box) -> None:
    brush.fill(box, mix(brush.look.sunken, brush.look.edge, 18))


def _browser_tab(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    brush.box((box[0], box[1], box[2], box[3] + brush.px(8)), look.surface, brush.px(8))
    y = (box[1] + box[3]) // 2
    brush.icon("globe", box[0] + brush.px(16), y, brush.px(14), look.accent)
    brush.words(widget.label, box[0] + brush.px(28), y, "small", look.ink, box[2] - box[0] - brush.px(36))


def _side_bar(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    brush.fill(box, mix(look.surface, look.sunken, 45))
    brush.fill((box[2] - brush.px(1), box[1], box[2], box[3]), look.line)


def _segments(brush: Brush, widget: Widget, box: Box) -> None:
    brush.box(box, brush.look.sunken, brush.px(brush.corners))


def _table(brush: Brush, widget: Widget, box: Box) -> None:
    brush.box(box, brush.look.surface, brush.px(brush.corners))
    brush.frame(box, brush.look.line, brush.px(brush.corners), brush.px(1))


def _table_row(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    line = brush.px(1)
    if widget.role == "head":
        brush.box(
            (box[0] + line, box[1] + line, box[2] - line, box[3]),
            mix(look.surface, look.sunken, 60),
            brush.px(brush.corners - 1),
        )
        brush.fill((box[0] + line, box[3] - line, box[2] - line, box[3]), look.line)
        return
    if widget.checked:
        brush.fill((box[0] + line, box[1], box[2] - line, box[3]), look.tint)
    brush.fill((box[0] + line, box[1], box[2] - line, box[1] + line), look.line)


def _keyboard(brush: Brush, widget: Widget, box: Box) -> None:
    brush.fill(box, brush.look.sunken if not brush.look.dark else brush.look.surface)


def _dialog(brush: Brush, widget: Widget, box: Box) -> None:
    radius = brush.px(brush.corners + 8)
    brush.lift(box, 8, radius)
    brush.box(box, brush.look.raised, radius)


def _sheet(brush: Brush, widget: Widget, box: Box) -> None:
    radius = brush.px(brush.corners + 10)
    brush.lift(box, 8, radius)
    brush.box((box[0], box[1], box[2], box[3] + radius), brush.look.raised, radius)
    x = (box[0] + box[2]) // 2
    brush.box(
        (x - brush.px(18), box[1] + brush.px(9), x + brush.px(18), box[1] + brush.px(13)), brush.look.line, brush.px(2)
    )


def _menu(brush: Brush, widget: Widget, box: Box) -> None:
    radius = brush.px(min(brush.corners, 10))
    brush.lift(box, 6, radius)
    brush.box(box, brush.look.raised, radius)
    if not brush.look.dark:
        brush.frame(box, brush.look.line, radius, brush.px(1))


def _snack_bar(brush: Brush, widget: Widget, box: Box) -> None:
    radius = brush.px(min(brush.corners, 10))
    brush.lift(box, 5, radius)
    brush.box(box, (50, 52, 58) if not brush.look.dark else (70, 73, 80), radius)


SURFACES: Final[dict[str, Drawn]] = {
    "item": _item,
    "card": _card,
    "pressable": _card,
    "app_bar": _bar,
    "site_bar": _bar,
    "tool_bar": _bar,
    "menu_bar": _plain_surface,
    "tabs": _bar,
    "row": _row,
    "strip": _row,
    "nav_bar": _foot,
    "info_bar": _foot,
    "window_bar": _window_bar,
    "browser_tabs": _browser_tabs,
    "browser_tab": _browser_tab,
    "side_bar": _side_bar,
    "segments": _segments,
    "table": _table,
    "table_row": _table_row,
    "keyboard": _keyboard,
    "dialog": _dialog,
    "sheet": _sheet,
    "menu": _menu,
    "banner": _dialog,
    "busy": _dialog,
    "snack_bar": _snack_bar,
}
"""What is drawn for each kind; kinds that only arrange are not here."""
