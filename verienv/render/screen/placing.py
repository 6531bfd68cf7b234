"""Where every widget of a screen lies: boxes in whole pixels, what is in view, and what a click meets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from verienv.render.screen import sizes
from verienv.render.screen.boxes import Box, empty, inside, meet
from verienv.render.screen.measures import Measures
from verienv.render.screen.widgets import MODAL, TAPPABLE, Screen, Widget


@dataclass(frozen=True, slots=True)
class Place:
    """A widget and its box; `clip` is the window it is seen through, `layer` 0 for the root, then one per overlay."""

    widget: Widget
    box: Box
    clip: Box
    layer: int

    @property
    def seen(self) -> Box:
        """What of the box lies inside its window; empty (right <= left or bottom <= top) when nothing does."""
        return meet(self.box, self.clip)


@dataclass(frozen=True, slots=True)
class Layout:
    """Every place of a screen in the order of drawing."""

    width: int
    height: int
    measures: Measures
    places: tuple[Place, ...]
    modal: int  # the topmost layer that nothing below can be pressed through, 0 when there is none
    extents: dict[str, tuple[int, int]] = field(default_factory=dict)  # page id → units it holds, units in view
    index: dict[int, Place] = field(default_factory=dict)  # id() of a widget → its place

    def place(self, id: str) -> Place | None:
        """The place of the widget with that id, in view or not."""
        return next((each for each in self.places if each.widget.id == id), None)

    def box(self, id: str) -> Box | None:
        """The part of a widget that is inside its window, whatever lies on top; None when nothing is."""
        place = self.place(id)
        return None if place is None or empty(place.seen) else place.seen

    def at(self, x: float, y: float) -> Widget | None:
        """The widget with an id that a click at a pixel meets, disabled or not; None on bare ground or a scrim."""
        for place in reversed(self.places):
            if place.layer < self.modal:
                return None
            widget = place.widget
            if inside(place.seen, x, y):
                if widget.id and widget.kind in TAPPABLE:
                    return widget
                if place.layer and widget.kind in COVERS:
                    return None
        return None

    def open(self, id: str) -> Box | None:
        """The box of a widget that can be pressed somewhere: in view, and its middle under nothing. Else None."""
        box = self.box(id)
        if box is None:
            return None
        found = self.at((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
        return box if found is not None and found.id == id else None

    def legible(self, place: Place) -> bool:
        """Whether the words drawn on a widget are all there: none is cut for want of room."""
        widget, m = place.widget, self.measures
        if widget.kind in _NAMED:
            words = [each for each in _words(widget) if each.label and each.label in (widget.label, widget.hint)]
            inner = [self.index.get(id(each)) for each in words]
            return bool(words) and all(each is not None and self.legible(each) for each in inner)
        found = sizes.written(m, widget)
        room = place.box[2] - place.box[0]
        return all(m.words(label, role) <= room - taken for label, role, taken in found)

    def knob(self, id: str) -> tuple[int, int] | None:
        """The middle of a slider's knob."""
        place = self.place(id)
        if place is None or place.widget.kind != "slider":
            return None
        return self.along(id, int(place.widget.value)), (place.box[1] + place.box[3]) // 2

    def along(self, id: str, value: float) -> int:
        """The x at which a slider's knob stands for `value`, 0 to 100."""
        place = self.place(id)
        if place is None:
            raise KeyError(id)
        left, right = self.measures.track(place.box)
        return int(left + (right - left) * value / 100 + 0.5)


_NAMED: Final = frozenset(("item", "table_row", "card", "pressable"))
"""Kinds whose name is written by a text or cell inside."""


def _words(widget: Widget) -> list[Widget]:
    """The texts and cells inside a widget."""
    found: list[Widget] = []
    for each in widget.items:
        if each.kind in ("text", "cell"):
            found.append(each)
        found += _words(each)
    return found


COVERS: Final = frozenset(("dialog", "sheet", "menu", "busy", "snack_bar", "banner", "card"))
"""Kinds of overlays that keep a click from what lies below them."""


def layout(screen: Screen) -> Layout:
    """Place everything. Raises UsageError for sizes or names that cannot be."""
    return _Layout(screen).whole()


@dataclass(frozen=True, slots=True)
class Flow:
    """How a container lays out its children, in units."""

    down: bool  # one above the other
    pad: tuple[float, float, float, float] = (0, 0, 0, 0)  # left, top, right, bottom
    space: float = 0
    low: float = 0  # least height
    tight: bool = False  # whether density changes the height
    stretch: bool = False  # children of a row take its whole height
    across: str = "stretch"  # of a column's children: stretch, center


_FLOWS: Final[dict[str, Flow]] = {
    "stack": Flow(True),
    "browser_bar": Flow(True),
    "section": Flow(True, space=6),
    "item": Flow(False, (16, 7, 16, 7), 16, 48, True),
    "tabs": Flow(False, (0, 0, 0, 0), 0, 46, True, True),
    "segments": Flow(False, (0, 0, 0, 0), 0, 36, True, True),
    "app_bar": Flow(False, (8, 6, 8, 6), 4, 56, True),
    "nav_bar": Flow(False, (0, 0, 0, 0), 0, 60, True, True),
    "window_bar": Flow(False, (8, 0, 4, 0), 0, 34),
    "menu_bar": Flow(False, (4, 0, 4, 0), 0, 28, stretch=True),
    "tool_bar": Flow(False, (8, 4, 8, 4), 4, 44, True),
    "browser_tabs": Flow(False, (8, 6, 8, 0), 4, 36, stretch=True),
    "side_bar": Flow(True, (8, 10, 8, 10), 2),
    "info_bar": Flow(False, (12, 2, 12, 2), 16, 26),
    "site_bar": Flow(False, (24, 8, 24, 8), 16, 56, True),
    "keyboard": Flow(True, (3, 8, 3, 8), 9),
    "key_row": Flow(False, (0, 0, 0, 0), 5, 42, True, True),
    "dialog": Flow(True, (22, 20, 22, 16), 14),
    "sheet": Flow(True, (8, 22, 8, 12), 4),
    "banner": Flow(True, (18, 16, 18, 14), 10),
    "menu": Flow(True, (0, 6, 0, 6), 0),
    "snack_bar": Flow(False, (16, 6, 8, 6), 8, 46),
    "busy": Flow(True, (26, 24, 26, 20), 14, across="center"),
    "split": Flow(False, stretch=True),
}
_NATURAL: Final = frozenset(
    (
        *("button", "icon_button", "chip", "link", "badge", "icon", "avatar", "spinner", "switch", "fab"),
        *("radio", "checkbox"),
    )
)
"""Leaves that a column does not stretch, unless they grow."""
_OWN_WIDTH: Final = frozenset(("icon", "avatar", "icon_button", "gap", "spinner", "handle", "dialog", "menu", "tile"))
_GROWS_DOWN: Final = frozenset(("page", "column", "split", "stack", "gap", "card", "row", "grid"))


class _Layout:
    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.m = Measures(screen.scale, screen.density)
        self.places: list[Place] = []
        self.extents: dict[str, tuple[int, int]] = {}
        self.layer = 0
        self.sizes: dict[tuple[int, int], tuple[int, int]] = {}

    def whole(self) -> Layout:
        screen = self.screen
        window = (0, 0, screen.width, screen.height)
        self.put(screen.root, window, window)
        floor = self._floor(screen.height)
        modal = 0
        for number, widget in enumerate(screen.over, 1):
            self.layer = number
            self.put(widget, self._hung(widget, floor), window)
            if widget.kind in MODAL:
                modal = number
        index = {id(each.widget): each for each in reversed(self.places)}
        return Layout(screen.width, screen.height, self.m, tuple(self.places), modal, self.extents, index)

    def _floor(self, height: int) -> int:
        """The top of the bars at the lower edge, above which floating things lie."""
        tops = [
            each.box[1]
            for each in self.places
            if each.widget.kind in ("nav_bar", "keyboard", "home_bar", "info_bar") and each.box[1] > height // 3
        ]
        return min(tops, default=height)

    def _hung(self, widget: Widget, floor: int) -> Box:
        """The box of an overlay."""
        px, across, down = self.m.px, self.screen.width, self.screen.height
        kind = widget.kind
        if kind == "fab":
            wide, high = self.size(widget, across)
            right, bottom = across - px(16), floor - px(16)
            return right - wide, bottom - high, right, bottom
        if kind in ("sheet", "banner"):
            wide = min(across, px(520)) if kind == "sheet" else min(across - px(24), px(560))
            high = min(self.size(widget, wide)[1], down * 4 // 5)
            left = (across - wide) // 2
            bottom = down if kind == "sheet" else floor - px(12)
            return left, bottom - high, left + wide, bottom
        if kind == "snack_bar":
            wide = min(across - px(24), px(480))
            high = self.size(widget, wide)[1]
            left = (across - wide) // 2
            return left, floor - px(12) - high, left + wide, floor - px(12)
        if kind == "menu":
            return self._menu(widget)
        wide = px(widget.width) if widget.width else self.size(widget, across - px(32))[0]
        wide = min(wide, across - px(32))
        high = min(self.size(widget, wide)[1], down - px(24))
        left, top = (across - wide) // 2, (down - high) // 2
        return left, top, left + wide, top + high

    def _menu(self, widget: Widget) -> Box:
        px, across, down = self.m.px, self.screen.width, self.screen.height
        wide = min(px(widget.width), across - px(16))
        high = min(self.size(widget, wide)[1], down - px(8))
        anchor = next((each.box for each in self.places if each.widget.id == widget.at), (0, 0, 0, 0))
        left = max(px(8), min(anchor[0], across - wide - px(8)))
        top = anchor[3] if anchor[3] + high <= down - px(4) else max(px(4), anchor[1] - high)
        top = min(top, down - high)
        return left, top, left + wide, top + high

    # -- sizes ---------------------------------------------------------------------------------------------------

    def size(self, widget: Widget, room: int) -> tuple[int, int]:
        """The width a widget needs and its height at most `room` pixels wide."""
        known = self.sizes.get((id(widget), room))
        if known is not None:
            return known
        leaf = sizes.LEAVES.get(widget.kind)
        if widget.width and widget.kind not in _OWN_WIDTH:
            room = min(room, self.m.px(widget.width))
        if leaf is not None:
            found = leaf(self.m, widget, room)
        elif widget.kind == "table":
            found = (room, sum(self._table_heights(widget, self._table_widths(widget, room))))
        elif widget.kind == "table_row":
            found = (room, self.m.tall(40))
        elif widget.kind == "grid":
            found = (room, self._grid(widget, room, None))
        elif widget.kind == "wrap":
            found = (room, self._wrap(widget, room, None))
        elif widget.kind == "strip":
            found = (room, max([self.size(each, 10 * room)[1] for each in widget.items]) + 2 * self.m.px(6))
        elif self.flow(widget).down:
            found = self._column_size(widget, room)
        else:
            found = self._row_size(widget, room)
        if widget.width and widget.kind not in _OWN_WIDTH:
            found = (room, found[1])
        self.sizes[(id(widget), room)] = found
        return found

    def flow(self, widget: Widget) -> Flow:
        """How a container lays out."""
        flow = _FLOWS.get(widget.kind)
        if flow is not None:
            if widget.kind == "item" and widget.role == "top":
                return Flow(False, (16, 12, 16, 12), 16, 48, True)
            if widget.kind == "section":
                return Flow(True, (0, 6, 0, 2), space=widget.offset)
            return flow
        role, kind = widget.role, widget.kind
        if kind in ("card", "pressable"):
            pad = (0.0, 4.0, 0.0, 4.0) if role == "flush" else (16.0, 14.0, 16.0, 14.0)
            return Flow(True, pad, widget.offset, tight=True)
        if kind == "page":
            space = int(widget.value)
            return Flow(True, (16, 14, 16, 20) if role in ("padded", "centered") else (0, 0, 0, 8), space)
        pad = (16, 12, 16, 12) if role == "padded" else (16, 4, 16, 4) if role == "bar" else (0, 0, 0, 0)
        if kind == "column":
            return Flow(True, pad, widget.offset, across="center" if role == "center" else "stretch")
        return Flow(False, pad, widget.offset, stretch=role in ("top", "stretch"))

    def _pads(self, flow: Flow) -> Box:
        left, top, right, bottom = flow.pad
        m = self.m
        return (
            (m.px(left), m.tall(top), m.px(right), m.tall(bottom))
            if flow.tight
            else (m.px(left), m.px(top), m.px(right), m.px(bottom))
        )

    def _low(self, widget: Widget, flow: Flow) -> int:
        low = 60 if widget.kind == "item" and widget.hint else flow.low
        return self.m.tall(low) if flow.tight else self.m.px(low)

    def _column_size(self, widget: Widget, room: int) -> tuple[int, int]:
        flow = self.flow(widget)
        left, top, right, bottom = self._pads(flow)
        inner = max(1, room - left - right)
        wide = high = 0
        for each in widget.items:
            across, down = self.size(each, inner)
            wide, high = max(wide, across), high + down
        high += self.m.px(flow.space) * max(0, len(widget.items) - 1)
        return min(room, wide + left + right), max(high + top + bottom, self._low(widget, flow))

    def _row_size(self, widget: Widget, room: int) -> tuple[int, int]:
        flow = self.flow(widget)
        left, top, right, bottom = self._pads(flow)
        widths = self._shares(widget, flow, room - left - right)
        high = max([self.size(each, wide)[1] for each, wide in zip(widget.items, widths, strict=True)], default=0)
        wide = sum(widths) + self.m.px(flow.space) * max(0, len(widths) - 1) + left + right
        return min(room, wide), max(high + top + bottom, self._low(widget, flow))

    def _shares(self, widget: Widget, flow: Flow, inner: int) -> list[int]:
        """The widths of a row's children."""
        room = inner - self.m.px(flow.space) * max(0, len(widget.items) - 1)
        if widget.kind == "item" and len(widget.items) > 1:  # what stands at an item's end leaves its label half
            most = max(room * 11 // 20, 1)
        else:
            most = max(room, 1)
        widths = [0 if each.grow else min(most, self.size(each, most)[0]) for each in widget.items]
        total = sum([each.grow for each in widget.items])
        rest = max(0, room - sum(widths))
        if total:
            given = 0
            for at, each in enumerate(widget.items):
                if each.grow:
                    upto = given + each.grow
                    widths[at] = max(1, rest * upto // total - rest * given // total)
                    given = upto
        elif sum(widths) > room:
            over = sum(widths) - room
            widest = max(range(len(widths)), key=widths.__getitem__)
            widths[widest] = max(1, widths[widest] - over)
        return widths

    # -- places --------------------------------------------------------------------------------------------------

    def put(self, widget: Widget, box: Box, clip: Box) -> None:
        """Place a widget and all it holds; what lies outside the window is left out."""
        if empty(meet(box, clip)):
            return
        self.places.append(Place(widget, box, clip, self.layer))
        if not widget.items:
            return
        kind = widget.kind
        if kind == "page":
            self._put_page(widget, box, clip)
        elif kind == "strip":
            self._put_strip(widget, box, clip)
        elif kind == "table":
            self._put_table(widget, box, clip)
        elif kind == "grid":
            self._grid(widget, box[2] - box[0], (box, clip))
        elif kind == "wrap":
            self._wrap(widget, box[2] - box[0], (box, clip))
        elif self.flow(widget).down:
            self._put_column(widget, box, clip)
        else:
            self._put_row(widget, box, clip)

    def _put_page(self, widget: Widget, box: Box, clip: Box) -> None:
        inset = 0
        if widget.role == "centered":
            inset = max(0, (box[2] - box[0] - self.m.px(760)) // 2)
        wide = box[2] - box[0] - 2 * inset
        high = max(self._column_size(widget, wide)[1], box[3] - box[1])
        if widget.id:
            scale = self.screen.scale
            self.extents[widget.id] = int(high / scale + 0.5), int((box[3] - box[1]) / scale + 0.5)
        top = box[1] - min(self.m.px(widget.offset), high - (box[3] - box[1]))
        self._put_column(widget, (box[0] + inset, top, box[2] - inset, top + high), meet(box, clip))

    def _put_strip(self, widget: Widget, box: Box, clip: Box) -> None:
        space, side, scale = self.m.px(8), self.m.px(12), self.screen.scale
        widths = [self.size(each, 10 * (box[2] - box[0]))[0] for each in widget.items]
        wide = max(box[2] - box[0], sum(widths) + space * (len(widths) - 1) + 2 * side)
        if widget.id:
            self.extents[widget.id] = int(wide / scale + 0.5), int((box[2] - box[0]) / scale + 0.5)
        x = box[0] + side - min(self.m.px(widget.offset), wide - (box[2] - box[0]))
        for each, across in zip(widget.items, widths, strict=True):
            high = self.size(each, across)[1]
            top = (box[1] + box[3] - high) // 2
            self.put(each, (x, top, x + across, top + high), meet(box, clip))
            x += across + space

    def _put_column(self, widget: Widget, box: Box, clip: Box) -> None:
        flow = self.flow(widget)
        left, top, right, bottom = self._pads(flow)
        inner = max(1, box[2] - box[0] - left - right)
        space = self.m.px(flow.space)
        heights = [self.size(each, inner)[1] for each in widget.items]
        growing = [at for at, each in enumerate(widget.items) if each.grow and each.kind in _GROWS_DOWN]
        rest = box[3] - box[1] - top - bottom - sum(heights) - space * (len(heights) - 1)
        if growing and widget.kind != "page":
            for at in growing:
                rest += heights[at]
                heights[at] = 0
            total = sum([widget.items[at].grow for at in growing])
            for at in growing:
                heights[at] = max(0, rest * widget.items[at].grow // total)
        y = box[1] + top
        for each, high in zip(widget.items, heights, strict=True):
            x, wide = box[0] + left, inner
            if flow.across == "center" or (each.kind in _NATURAL and not each.grow) or each.width:
                wide = min(inner, self.size(each, inner)[0])
                if flow.across == "center":
                    x += (inner - wide) // 2
            self.put(each, (x, y, x + wide, y + high), clip)
            y += high + space

    def _put_row(self, widget: Widget, box: Box, clip: Box) -> None:
        flow = self.flow(widget)
        left, top, right, bottom = self._pads(flow)
        inner = max(1, box[2] - box[0] - left - right)
        widths = self._shares(widget, flow, inner)
        space = self.m.px(flow.space)
        x = box[0] + left
        rest = inner - sum(widths) - space * (len(widths) - 1)
        if widget.role == "end":
            x += max(0, rest)
        elif widget.role == "center":
            x += max(0, rest // 2)
        upper, lower = box[1] + top, box[3] - bottom
        for each, wide in zip(widget.items, widths, strict=True):
            high = self.size(each, wide)[1]
            if flow.stretch and (widget.kind != "row" or each.kind not in _NATURAL):
                y1, y2 = upper, lower
            elif widget.role == "top":
                y1, y2 = upper, min(lower, upper + high)
            else:
                high = min(high, lower - upper)
                y1 = upper + (lower - upper - high) // 2
                y2 = y1 + high
            self.put(each, (x, y1, x + wide, y2), clip)
            x += wide + space

    def _grid(self, widget: Widget, room: int, where: tuple[Box, Box] | None) -> int:
        columns = max(1, int(widget.value))
        space = self.m.px(widget.offset)
        side = self.m.px(16) if widget.role == "padded" else 0
        wide = max(1, (room - 2 * side - space * (columns - 1)) // columns)
        y = 0
        for start in range(0, len(widget.items), columns):
            cells = widget.items[start : start + columns]
            high = max([self.size(each, wide)[1] for each in cells])
            if where is not None:
                (x, top, _, _), clip = where
                for at, each in enumerate(cells):
                    left = x + side + at * (wide + space)
                    self.put(each, (left, top + y, left + wide, top + y + high), clip)
            y += high + space
        return max(0, y - space)

    def _wrap(self, widget: Widget, room: int, where: tuple[Box, Box] | None) -> int:
        space = self.m.px(widget.offset)
        x = y = tallest = 0
        for each in widget.items:
            wide, high = self.size(each, room)
            if x and x + wide > room:
                x, y, tallest = 0, y + tallest + space, 0
            if where is not None:
                box, clip = where
                self.put(each, (box[0] + x, box[1] + y, box[0] + x + wide, box[1] + y + high), clip)
            x, tallest = x + wide + space, max(tallest, high)
        return y + tallest

    def _table_widths(self, widget: Widget, room: int) -> list[int]:
        count = max([len(each.items) for each in widget.items])
        needs = [self.m.px(36)] * count
        for each in widget.items:
            for at, cell in enumerate(each.items):
                needs[at] = max(needs[at], self.size(cell, room)[0])
        total = sum(needs)
        ends = [0]
        for need in needs:
            ends.append(ends[-1] + need)
        return [room * ends[at + 1] // total - room * ends[at] // total for at in range(count)]

    def _table_heights(self, widget: Widget, widths: Sequence[int]) -> list[int]:
        found = []
        for each in widget.items:
            tall = [self.size(cell, wide)[1] for cell, wide in zip(each.items, widths, strict=False)]
            found.append(max([self.m.tall(36 if each.role == "head" else 40), *tall]))
        return found

    def _put_table(self, widget: Widget, box: Box, clip: Box) -> None:
        widths = self._table_widths(widget, box[2] - box[0])
        y = box[1]
        for each, high in zip(widget.items, self._table_heights(widget, widths), strict=True):
            if empty(meet((box[0], y, box[2], y + high), clip)):
                y += high
                continue
            self.places.append(Place(each, (box[0], y, box[2], y + high), clip, self.layer))
            x = box[0]
            for cell, wide in zip(each.items, widths, strict=False):
                if cell.kind == "cell":
                    self.put(cell, (x, y, x + wide, y + high), clip)
                else:
                    across, down = self.size(cell, wide)
                    left, top = x + (self.m.px(12) if across + self.m.px(12) <= wide else 0), y + (high - down) // 2
                    self.put(cell, (left, top, left + min(across, wide), top + down), clip)
                x += wide
            y += high
