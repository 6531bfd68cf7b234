"""What each widget without children needs: width and height in pixels, and the words it writes on one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from verienv.render.screen import lettering
from verienv.render.screen.measures import Measures
from verienv.render.screen.widgets import Widget

Leaf = Callable[[Measures, Widget, int], tuple[int, int]]


def _text(m: Measures, widget: Widget, room: int) -> tuple[int, int]:
    role = widget.role or "body"
    face, size = m.face(role)
    if widget.value == "line" or not widget.label:
        return min(room, lettering.width(widget.label, face, size)), m.line(role)
    found = lettering.lines(widget.label, face, size, room)
    wide = max([lettering.width(line, face, size) for line in found])
    return min(room, wide), m.line(role) * len(found)


def _button(m: Measures, widget: Widget, room: int) -> tuple[int, int]:
    wide = m.words(widget.label, "button") + m.px(32 if widget.role != "plain" else 24)
    return wide + (m.px(24) if widget.icon else 0), m.tall(38)


def _side(m: Measures, widget: Widget, room: int) -> tuple[int, int]:
    side = m.px(widget.width or 24)
    return side, side


def _field(m: Measures, widget: Widget, room: int) -> tuple[int, int]:
    if widget.role == "address":
        return room, m.px(28)
    head = m.line("small") + m.px(3) if widget.label and widget.role != "search" else 0
    body = m.tall(92) if widget.role == "area" else m.tall(42)
    return min(room, m.px(widget.width or 240)), head + body


def _ticked(m: Measures, widget: Widget, room: int) -> tuple[int, int]:
    return min(room, m.px(32) + m.words(widget.label, "body") + m.px(4)), m.tall(36)


def _chip(m: Measures, widget: Widget, room: int) -> tuple[int, int]:
    extra = 18 if widget.icon or widget.checked else 0
    return m.words(widget.label, "label") + m.px(26 + extra), m.tall(32)


def _image(m: Measures, widget: Widget, room: int) -> tuple[int, int]:
    return (m.px(widget.width) if widget.width else room), m.px(widget.offset)


def _tile(m: Measures, widget: Widget, room: int) -> tuple[int, int]:
    return min(room, m.px(widget.width or 88)), m.px(52) + m.line("caption") + m.px(14)


def _cell(m: Measures, widget: Widget, room: int) -> tuple[int, int]:
    role = "strong" if widget.role in ("head", "head_end", "strong") else "label"
    return m.words(widget.label, role) + m.px(24) + (m.px(18) if widget.icon else 0), m.tall(36)


def _option(m: Measures, widget: Widget, room: int) -> tuple[int, int]:
    return room, m.tall(40)


def _fab(m: Measures, widget: Widget, room: int) -> tuple[int, int]:
    return m.px(56) if not widget.value else m.px(60) + m.words(str(widget.value), "button"), m.px(56)


def written(m: Measures, widget: Widget) -> list[tuple[str, str, int]]:
    """What is drawn on one line of a widget: the words, their role, and the pixels that they cannot have."""
    kind, px, label = widget.kind, m.px, widget.label
    marked = bool(widget.icon)
    if kind == "text":
        role = widget.role or "body"
        return [(word, role, 0) for word in ([label] if widget.value == "line" else label.split())]
    if kind == "field":
        value = (
            str(widget.value) or widget.hint,
            "small" if widget.role == "address" else "body",
            px(50 if marked else 22),
        )
        return [value] if widget.role else [value, (label, "small", px(2))]
    if kind == "select":
        return [(str(widget.value), "body", px(44)), (label, "small", px(2))]
    if kind == "option":
        lead = 30 if marked or widget.checked else 0
        return [(label, "body", px(32 + lead) + (m.words(widget.hint, "small") + px(12) if widget.hint else 0))]
    if kind == "side_item":
        count = m.words(str(widget.value), "caption") + px(6) if widget.value else 0
        return [(label, "label", px(52 if marked else 22) + count)]
    if kind == "cell":
        role = {"head": "button", "head_end": "button", "strong": "strong"}.get(widget.role, "label")
        return [(label, role, px(38 if marked else 20))]
    if kind in _ONE_LINE:
        role, taken, with_icon = _ONE_LINE[kind]
        return [(label, role, px(with_icon if marked else taken))]
    return []


_ONE_LINE: Final = {  # kind: role, units that the words cannot have, and with an icon
    "button": ("button", 8, 28),
    "chip": ("label", 13, 31),
    "tab": ("button", 0, 0),
    "segment": ("label", 0, 0),
    "nav_item": ("caption", 0, 0),
    "tile": ("caption", 6, 6),
    "menu_title": ("label", 0, 0),
    "link": ("label", 0, 0),
    "checkbox": ("body", 32, 32),
    "radio": ("body", 32, 32),
    "browser_tab": ("small", 36, 36),
    "badge": ("caption", 0, 0),
}

LEAVES: Final[dict[str, Leaf]] = {
    "text": _text,
    "icon": _side,
    "avatar": _side,
    "image": _image,
    "button": _button,
    "icon_button": _side,
    "handle": _side,
    "fab": _fab,
    "field": _field,
    "select": _field,
    "checkbox": _ticked,
    "radio": _ticked,
    "switch": lambda m, widget, room: (m.px(44), m.px(26)),
    "slider": lambda m, widget, room: (min(room, m.px(widget.width or 140)), m.px(32)),
    "progress": lambda m, widget, room: (min(room, m.px(120)), m.px(6)),
    "spinner": _side,
    "chip": _chip,
    "link": lambda m, widget, room: (min(room, m.words(widget.label, "label") + m.px(4)), m.line("label") + m.px(6)),
    "badge": lambda m, widget, room: (m.words(widget.label, "caption") + m.px(14), m.px(20)),
    "divider": lambda m, widget, room: (room, m.px(1)),
    "rule": lambda m, widget, room: (m.px(9), m.px(22)),
    "gap": lambda m, widget, room: (m.px(widget.width), m.px(widget.width)),
    "key": lambda m, widget, room: (m.px(28), m.tall(42)),
    "tab": lambda m, widget, room: (m.words(widget.label, "button") + m.px(32), m.tall(46 if not widget.icon else 60)),
    "segment": lambda m, widget, room: (m.words(widget.label, "label") + m.px(24), m.tall(36)),
    "nav_item": lambda m, widget, room: (m.px(64), m.tall(60)),
    "side_item": lambda m, widget, room: (room, m.tall(38)),
    "option": _option,
    "tile": _tile,
    "cell": _cell,
    "menu_title": lambda m, widget, room: (m.words(widget.label, "label") + m.px(20), m.px(28)),
    "browser_tab": lambda m, widget, room: (min(room, m.px(200)), m.px(30)),
    "status_bar": lambda m, widget, room: (room, m.px(26)),
    "home_bar": lambda m, widget, room: (room, m.px(18)),
}
