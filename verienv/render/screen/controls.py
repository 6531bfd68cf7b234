"""How widgets without children look: text, buttons, fields, switches, tabs, keys and the like."""

from __future__ import annotations

from typing import Final

from verienv.render.screen import lettering, masks, views
from verienv.render.screen.boxes import Box, meet
from verienv.render.screen.brush import WHITE, Brush, Drawn, middle
from verienv.render.screen.themes import PALETTE, mix
from verienv.render.screen.widgets import Widget


def _text(brush: Brush, widget: Widget, box: Box) -> None:
    role = widget.role or "body"
    look = brush.look
    colour = {
        "small": look.soft,
        "caption": look.soft,
        "soft": look.soft,
        "overline": look.accent,
        "accent": look.accent,
        "error": look.danger,
        "faint": look.faint,
        "faint_small": look.faint,
        "inverse": (240, 241, 244),
    }.get(role, look.ink)
    face, size = brush.m.face(role)
    line = brush.m.line(role)
    align = widget.value if widget.value in ("center", "end") else "start"
    room = box[2] - box[0]
    if widget.value == "line":
        brush.words(widget.label, box[0], (box[1] + box[3]) // 2, role, colour, room)
        return
    y = box[1] + line // 2
    for words in lettering.lines(widget.label, face, size, room):
        brush.words(words, box[0], y, role, colour, room, str(align))
        y += line


def _icon(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    colour = {
        "accent": look.accent,
        "ink": look.ink,
        "error": look.danger,
        "good": look.good,
        "faint": look.faint,
        "warn": look.warn,
    }.get(widget.role, look.soft)
    brush.icon(widget.icon, *middle(box), box[2] - box[0], colour)


def _avatar(brush: Brush, widget: Widget, box: Box) -> None:
    x, y = middle(box)
    colour = PALETTE[sum(map(ord, widget.label)) % len(PALETTE)]
    if brush.look.dark:
        colour = mix(colour, (30, 30, 34), 22)
    brush.disc(x, y, box[2] - box[0], colour)
    brush.words(
        widget.label[:1].upper(),
        box[0],
        y,
        "title" if box[2] - box[0] >= brush.px(36) else "button",
        WHITE,
        box[2] - box[0],
        "center",
    )


def _image(brush: Brush, widget: Widget, box: Box) -> None:
    size = (box[2] - box[0], box[3] - box[1])
    picture = views.view(int(widget.value), size, brush.look.dark)
    left, top, right, bottom = meet(box, brush.clip)
    if left < right and top < bottom:
        brush.picture.paste(picture.crop((left - box[0], top - box[1], right - box[0], bottom - box[1])), (left, top))


def _button(brush: Brush, widget: Widget, box: Box) -> None:
    look, radius = brush.look, min((box[3] - box[1]) // 2, brush.px(max(6, brush.corners * 2)))
    role = widget.role or "filled"
    ink = {"filled": look.on_accent, "danger": WHITE if not look.dark else (30, 20, 20)}.get(role, look.accent)
    if not widget.enabled:
        if role in ("filled", "danger", "tonal"):
            brush.box(box, look.sunken, radius)
        elif role == "outlined":
            brush.frame(box, look.line, radius, brush.px(1))
        ink = look.faint
    elif role == "filled":
        brush.box(box, look.accent, radius)
    elif role == "danger":
        brush.box(box, look.danger, radius)
    elif role == "tonal":
        brush.box(box, look.tint, radius)
    elif role == "outlined":
        brush.frame(box, look.edge if not widget.focused else look.accent, radius, brush.px(1))
    if widget.focused:
        out = brush.px(3)
        brush.frame((box[0] - out, box[1] - out, box[2] + out, box[3] + out), look.accent, radius + out, brush.px(2))
    x, y = middle(box)
    if widget.icon:
        whole = brush.m.words(widget.label, "button") + brush.px(24)
        left = x - whole // 2
        brush.icon(widget.icon, left + brush.px(9), y, brush.px(18), ink)
        brush.words(widget.label, left + brush.px(24), y, "button", ink, box[2] - left - brush.px(24))
    else:
        brush.words(widget.label, box[0] + brush.px(4), y, "button", ink, box[2] - box[0] - brush.px(8), "center")


def _icon_button(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    x, y = middle(box)
    side = min(box[2] - box[0], box[3] - box[1])
    colour = look.soft if widget.enabled else look.faint
    if widget.role == "filled" and widget.enabled:
        brush.disc(x, y, side, look.accent)
        colour = look.on_accent
    elif widget.checked:
        brush.box((x - side // 2, y - side // 2, x + side - side // 2, y + side - side // 2), look.tint, side // 4)
        colour = look.accent
    elif widget.role == "accent":
        colour = look.accent
    elif widget.role == "danger" and widget.enabled:
        colour = look.danger
    brush.icon(widget.icon, x, y, max(brush.px(14), min(side * 3 // 5, brush.px(28))), colour)


def _handle(brush: Brush, widget: Widget, box: Box) -> None:
    brush.icon("drag", *middle(box), brush.px(22), brush.look.soft)


def _fab(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    brush.lift(box, 5, brush.px(16))
    brush.box(box, look.accent, brush.px(16))
    x, y = middle(box)
    if widget.value:
        brush.icon(widget.icon, box[0] + brush.px(26), y, brush.px(22), look.on_accent)
        brush.words(str(widget.value), box[0] + brush.px(44), y, "button", look.on_accent, box[2] - box[0])
    else:
        brush.icon(widget.icon, x, y, brush.px(26), look.on_accent)


def _body(brush: Brush, widget: Widget, box: Box) -> Box:
    """Draw the label of a field or drop-down; gives the box below it."""
    if not widget.label or widget.role in ("search", "address"):
        return box
    line = brush.m.line("small")
    colour = brush.look.faint if not widget.enabled else brush.look.accent if widget.focused else brush.look.soft
    brush.words(widget.label, box[0] + brush.px(2), box[1] + line // 2, "small", colour, box[2] - box[0])
    return box[0], box[1] + line + brush.px(3), box[2], box[3]


def _field(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    box = _body(brush, widget, box)
    high = box[3] - box[1]
    radius = high // 2 if widget.role in ("search", "address") else min(brush.px(brush.corners), high // 2)
    ink = look.ink if widget.enabled else look.faint
    if widget.role in ("search", "address"):
        brush.box(box, look.sunken, radius)
        if widget.focused:
            brush.frame(box, look.accent, radius, brush.px(2))
    else:
        brush.box(box, look.surface if widget.enabled else look.sunken, radius)
        edge = look.accent if widget.focused else look.edge if widget.enabled else look.line
        brush.frame(box, edge, radius, brush.px(2 if widget.focused else 1))
    x, y = box[0] + brush.px(12), (box[1] + box[3]) // 2
    if widget.role == "area":
        y = box[1] + brush.px(22)
    small = widget.role == "address"
    if widget.icon:
        side = brush.px(14 if small else 20)
        brush.icon(widget.icon, x + side // 2, y, side, look.soft)
        x += side + brush.px(8)
    role = "small" if small else "body"
    value = str(widget.value)
    if widget.role == "secret":
        value = "•" * len(value)
    room = box[2] - brush.px(10) - x
    if value:
        end = x
        if widget.role == "area":
            face, size = brush.m.face(role)
            for line in lettering.lines(value, face, size, room, 3):
                end = brush.words(line, x, y, role, ink, room)
                y += brush.m.line(role)
            y -= brush.m.line(role)
        else:
            end = brush.words(value, x, y, role, ink, room)
    else:
        end = x
        brush.words(widget.hint, x, y, role, mix(look.soft, look.surface, 30), room)
    if widget.focused:
        tall = brush.px(9)
        brush.fill((end + brush.px(1), y - tall, end + brush.px(1) + max(1, brush.px(1.5)), y + tall), look.accent)


def _select(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    box = _body(brush, widget, box)
    radius = min(brush.px(brush.corners), (box[3] - box[1]) // 2)
    brush.box(box, look.surface if widget.enabled else look.sunken, radius)
    edge = look.accent if widget.focused else look.edge if widget.enabled else look.line
    brush.frame(box, edge, radius, brush.px(2 if widget.focused else 1))
    y = (box[1] + box[3]) // 2
    ink = look.ink if widget.enabled else look.faint
    brush.words(str(widget.value), box[0] + brush.px(12), y, "body", ink, box[2] - box[0] - brush.px(44))
    brush.icon("chevron_down", box[2] - brush.px(20), y, brush.px(18), look.soft if widget.enabled else look.faint)


def _checkbox(brush: Brush, widget: Widget, box: Box) -> None:
    look, y = brush.look, (box[1] + box[3]) // 2
    side = brush.px(20)
    square = (box[0] + brush.px(2), y - side // 2, box[0] + brush.px(2) + side, y - side // 2 + side)
    radius = brush.px(min(5, max(2, brush.corners // 2)))
    if widget.checked:
        brush.box(square, look.accent if widget.enabled else look.faint, radius)
        brush.icon("check", *middle(square), brush.px(16), look.on_accent if widget.enabled else look.surface)
    else:
        brush.frame(square, look.edge if widget.enabled else look.faint, radius, brush.px(2))
    ink = look.ink if widget.enabled else look.faint
    brush.words(widget.label, box[0] + brush.px(32), y, "body", ink, box[2] - box[0] - brush.px(32))


def _radio(brush: Brush, widget: Widget, box: Box) -> None:
    look, y = brush.look, (box[1] + box[3]) // 2
    side, x = brush.px(20), box[0] + brush.px(12)
    colour = look.faint if not widget.enabled else look.accent if widget.checked else look.edge
    brush.stamp(masks.ring(side, brush.px(2)), x - side // 2, y - side // 2, colour)
    if widget.checked:
        inner = side - 2 * brush.px(5)
        brush.stamp(masks.disc(inner), x - side // 2 + brush.px(5), y - side // 2 + brush.px(5), colour)
    ink = look.ink if widget.enabled else look.faint
    brush.words(widget.label, box[0] + brush.px(32), y, "body", ink, box[2] - box[0] - brush.px(32))


def _switch(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    high = box[3] - box[1]
    track = look.accent if widget.checked else mix(look.edge, look.surface, 45)
    if not widget.enabled:
        track = mix(look.accent, look.surface, 65) if widget.checked else look.sunken
    brush.box(box, track, high // 2)
    knob = high - 2 * brush.px(3)
    x = box[2] - brush.px(3) - knob if widget.checked else box[0] + brush.px(3)
    colour = look.on_accent if widget.checked else WHITE
    if not widget.enabled:
        colour = mix(WHITE, look.surface, 60) if look.dark else (250, 250, 250)
    brush.stamp(masks.disc(knob), x, box[1] + brush.px(3), colour)


def _slider(brush: Brush, widget: Widget, box: Box) -> None:
    look, y = brush.look, (box[1] + box[3]) // 2
    left, right = brush.m.track(box)
    x = int(left + (right - left) * int(widget.value) / 100 + 0.5)
    half = max(1, brush.px(2))
    colour = look.accent if widget.enabled else look.faint
    brush.box((left, y - half, right, y + half), mix(look.edge, look.surface, 55), half)
    brush.box((left, y - half, max(left, x), y + half), colour, half)
    side = brush.px(18)
    brush.stamp(masks.disc(side), x - side // 2, y - side // 2, colour)


def _progress(brush: Brush, widget: Widget, box: Box) -> None:
    look, radius = brush.look, (box[3] - box[1]) // 2
    brush.box(box, look.sunken, radius)
    end = box[0] + (box[2] - box[0]) * int(widget.value) // 100
    brush.box((box[0], box[1], end, box[3]), look.accent, radius)


def _spinner(brush: Brush, widget: Widget, box: Box) -> None:
    side = min(box[2] - box[0], box[3] - box[1])
    x, y = middle(box)
    width = max(2, side // 10)
    brush.stamp(masks.ring(side, width), x - side // 2, y - side // 2, brush.look.sunken)
    brush.stamp(masks.arc(side, width, 20, 250), x - side // 2, y - side // 2, brush.look.accent)


def _chip(brush: Brush, widget: Widget, box: Box) -> None:
    look, radius = brush.look, min((box[3] - box[1]) // 2, brush.px(max(8, brush.corners * 2)))
    y = (box[1] + box[3]) // 2
    ink = look.ink if widget.enabled else look.faint
    if widget.checked:
        brush.box(box, look.tint, radius)
        ink = look.accent
    else:
        brush.frame(box, look.edge if widget.enabled else look.line, radius, brush.px(1))
    x = box[0] + brush.px(13)
    mark = "check" if widget.checked else widget.icon
    if mark:
        brush.icon(mark, box[0] + brush.px(18), y, brush.px(16), ink)
        x = box[0] + brush.px(31)
    brush.words(widget.label, x, y, "label", ink, box[2] - x)


def _link(brush: Brush, widget: Widget, box: Box) -> None:
    y = (box[1] + box[3]) // 2
    colour = brush.look.soft if widget.role == "soft" else brush.look.accent
    end = brush.words(widget.label, box[0], y, "label", colour, box[2] - box[0])
    if widget.role != "soft":
        brush.fill((box[0], y + brush.px(8), end, y + brush.px(8) + brush.px(1)), colour)


def _badge(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    colour = {"good": look.good, "warn": look.warn, "error": look.danger, "soft": look.soft}.get(
        widget.role, look.accent
    )
    brush.box(box, mix(look.surface, colour, 18), (box[3] - box[1]) // 2)
    brush.words(widget.label, box[0], (box[1] + box[3]) // 2, "caption", colour, box[2] - box[0], "center")


def _divider(brush: Brush, widget: Widget, box: Box) -> None:
    brush.fill(box, brush.look.line)


def _rule(brush: Brush, widget: Widget, box: Box) -> None:
    x = (box[0] + box[2]) // 2
    brush.fill((x, box[1], x + brush.px(1), box[3]), brush.look.line)


def _key(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    face = {"special": mix(look.sunken, look.edge, 30), "accent": look.accent}.get(
        widget.role, look.raised if not look.dark else look.sunken
    )
    drop = brush.px(1)
    if not look.dark:
        brush.box((box[0], box[1] + drop, box[2], box[3] + drop), mix(look.sunken, look.edge, 60), brush.px(5))
    brush.box(box, face, brush.px(5))
    ink = look.on_accent if widget.role == "accent" else look.ink
    x, y = middle(box)
    if widget.icon:
        brush.icon(widget.icon, x, y, brush.px(20), ink)
    else:
        brush.words(
            widget.label, box[0], y, "key" if len(widget.label) == 1 else "small", ink, box[2] - box[0], "center"
        )


def _tab(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    x, y = middle(box)
    colour = look.accent if widget.checked else look.soft
    if widget.icon:
        brush.icon(widget.icon, x, y - brush.px(10), brush.px(22), colour)
        brush.words(widget.label, box[0], y + brush.px(13), "caption", colour, box[2] - box[0], "center")
    else:
        brush.words(widget.label, box[0], y, "button", colour, box[2] - box[0], "center")
    if widget.checked:
        inset = max(0, min(brush.px(12), (box[2] - box[0]) // 4))
        brush.box((box[0] + inset, box[3] - brush.px(3), box[2] - inset, box[3]), look.accent, brush.px(2))


def _segment(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    if widget.checked:
        inner = (box[0] + brush.px(3), box[1] + brush.px(3), box[2] - brush.px(3), box[3] - brush.px(3))
        brush.lift(inner, 1, brush.px(brush.corners))
        brush.box(
            inner, look.surface if not look.dark else mix(look.raised, WHITE, 18), brush.px(max(3, brush.corners - 2))
        )
    y = (box[1] + box[3]) // 2
    brush.words(widget.label, box[0], y, "label", look.ink if widget.checked else look.soft, box[2] - box[0], "center")


def _nav_item(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    x, y = middle(box)
    colour = look.accent if widget.checked else look.soft
    if widget.label:
        if widget.checked:
            brush.box((x - brush.px(28), y - brush.px(24), x + brush.px(28), y + brush.px(2)), look.tint, brush.px(13))
        brush.icon(widget.icon, x, y - brush.px(11), brush.px(22), colour)
        brush.words(widget.label, box[0], y + brush.px(14), "caption", colour, box[2] - box[0], "center")
    else:
        brush.icon(widget.icon, x, y, brush.px(24), colour)


def _side_item(brush: Brush, widget: Widget, box: Box) -> None:
    look, y = brush.look, (box[1] + box[3]) // 2
    ink = look.accent if widget.checked else look.ink
    if widget.checked:
        brush.box(box, look.tint, brush.px(brush.corners))
    x = box[0] + brush.px(12)
    if widget.icon:
        brush.icon(widget.icon, x + brush.px(9), y, brush.px(18), ink if widget.checked else look.soft)
        x += brush.px(30)
    room = box[2] - brush.px(10) - x
    if widget.value:
        taken = brush.m.words(str(widget.value), "caption")
        brush.words(str(widget.value), box[2] - brush.px(10) - taken, y, "caption", look.soft, taken)
        room -= taken + brush.px(6)
    brush.words(widget.label, x, y, "label", ink, room)


def _option(brush: Brush, widget: Widget, box: Box) -> None:
    look, y = brush.look, (box[1] + box[3]) // 2
    ink = look.ink if widget.enabled else look.faint
    x = box[0] + brush.px(16)
    if widget.checked:
        brush.icon("check", x + brush.px(8), y, brush.px(16), look.accent)
        x += brush.px(28)
    elif widget.icon:
        brush.icon(widget.icon, x + brush.px(9), y, brush.px(18), look.soft if widget.enabled else look.faint)
        x += brush.px(30)
    room = box[2] - brush.px(16) - x
    if widget.hint:
        taken = brush.m.words(widget.hint, "small")
        brush.words(
            widget.hint, box[2] - brush.px(16) - taken, y, "small", look.soft if widget.enabled else look.faint, taken
        )
        room -= taken + brush.px(12)
    brush.words(widget.label, x, y, "body", ink, room)


def _tile(brush: Brush, widget: Widget, box: Box) -> None:
    look = brush.look
    x = (box[0] + box[2]) // 2
    side = brush.px(48)
    y = box[1] + brush.px(6) + side // 2
    if widget.checked:
        brush.box(box, look.tint, brush.px(6))
    if isinstance(widget.value, int) and widget.value >= 0:
        colour = PALETTE[widget.value % len(PALETTE)]
        square = (x - side // 2, y - side // 2, x - side // 2 + side, y - side // 2 + side)
        brush.box(square, mix(colour, (20, 20, 24), 18) if look.dark else colour, brush.px(13))
        brush.icon(widget.icon, x, y, brush.px(28), WHITE)
    else:
        colour = (236, 178, 64) if widget.icon == "folder" else look.accent if widget.icon != "file" else look.soft
        brush.icon(widget.icon, x, y, brush.px(46), colour)
    line = brush.m.line("caption")
    brush.words(
        widget.label,
        box[0] + brush.px(3),
        box[1] + brush.px(58) + line // 2,
        "caption",
        look.ink,
        box[2] - box[0] - brush.px(6),
        "center",
    )


def _cell(brush: Brush, widget: Widget, box: Box) -> None:
    look, y = brush.look, (box[1] + box[3]) // 2
    head = widget.role in ("head", "head_end")
    role = "button" if head else "strong" if widget.role == "strong" else "label"
    colour = look.soft if head else look.ink
    x, room = box[0] + brush.px(12), box[2] - box[0] - brush.px(20)
    end = brush.words(
        widget.label,
        x,
        y,
        role,
        colour,
        room - (brush.px(18) if widget.icon else 0),
        "end" if widget.role in ("number", "head_end") else "start",
    )
    if widget.icon:
        brush.icon(widget.icon, end + brush.px(12), y, brush.px(14), look.accent)


def _menu_title(brush: Brush, widget: Widget, box: Box) -> None:
    if widget.checked:
        brush.box((box[0] + 1, box[1] + brush.px(2), box[2] - 1, box[3] - brush.px(2)), brush.look.sunken, brush.px(4))
    brush.words(widget.label, box[0], (box[1] + box[3]) // 2, "label", brush.look.ink, box[2] - box[0], "center")


def _status_bar(brush: Brush, widget: Widget, box: Box) -> None:
    look, y = brush.look, (box[1] + box[3]) // 2
    brush.fill(box, look.surface)
    brush.words(widget.label, box[0] + brush.px(18), y, "button", look.ink, box[2] - box[0])
    x = box[2] - brush.px(26)
    side = brush.px(16)
    brush.icon("battery", x, y, side + brush.px(4), look.ink)
    per_cent = f"{widget.value}%"
    taken = brush.m.words(per_cent, "caption")
    brush.words(per_cent, x - brush.px(14) - taken, y, "caption", look.ink, taken)
    x -= brush.px(24) + taken
    brush.icon("signal", x, y - brush.px(1), side, look.ink)
    brush.icon("wifi", x - brush.px(20), y - brush.px(1), side, look.ink)


def _home_bar(brush: Brush, widget: Widget, box: Box) -> None:
    brush.fill(box, brush.look.surface)
    x, y = middle(box)
    half, tall = brush.px(48), max(1, brush.px(2))
    brush.box((x - half, y - tall, x + half, y + tall), mix(brush.look.ink, brush.look.surface, 30), tall)


CONTROLS: Final[dict[str, Drawn]] = {
    "text": _text,
    "icon": _icon,
    "avatar": _avatar,
    "image": _image,
    "button": _button,
    "icon_button": _icon_button,
    "handle": _handle,
    "fab": _fab,
    "field": _field,
    "select": _select,
    "checkbox": _checkbox,
    "radio": _radio,
    "switch": _switch,
    "slider": _slider,
    "progress": _progress,
    "spinner": _spinner,
    "chip": _chip,
    "link": _link,
    "badge": _badge,
    "divider": _divider,
    "rule": _rule,
    "key": _key,
    "tab": _tab,
    "segment": _segment,
    "nav_item": _nav_item,
    "side_item": _side_item,
    "option": _option,
    "tile": _tile,
    "cell": _cell,
    "menu_title": _menu_title,
    "status_bar": _status_bar,
    "home_bar": _home_bar,
}
"""What is drawn for each kind."""
