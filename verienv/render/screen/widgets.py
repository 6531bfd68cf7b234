"""The tree a screen is made of: one frozen `Widget`, and a function for each kind that builds it.

Lengths are units, as density-independent pixels are: a screen of `scale` 2 shows each as two pixels. What can be acted
on has an `id`; what is only looked at needs none. `label` is what a widget says, or, where only an icon is drawn, what
it means. State is plain: `enabled`, `checked`, `focused`, `value`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

TAPPABLE: Final = frozenset(
    (
        *("button", "icon_button", "fab", "field", "select", "checkbox", "radio", "switch", "slider", "chip", "link"),
        *("item", "tab", "nav_item", "option", "key", "tile", "cell", "table_row", "menu_title", "side_item"),
        *("pressable", "segment", "browser_tab", "handle"),
    )
)
"""Kinds that take a click where they have an id."""

MODAL: Final = frozenset(("dialog", "sheet", "menu", "busy"))
"""Kinds of overlays under which nothing can be clicked."""


@dataclass(frozen=True, slots=True)
class Widget:
    """One node. What a field means to a kind is said by the function that builds it."""

    kind: str
    id: str = ""
    label: str = ""
    value: str | int = ""
    icon: str = ""
    hint: str = ""
    role: str = ""
    enabled: bool = True
    checked: bool = False
    focused: bool = False
    width: int = 0  # units; 0: what it needs
    grow: int = 0  # its share of the room left in a row or column
    offset: int = 0  # units that a page is scrolled by
    at: str = ""  # the id of the widget that a menu hangs from
    items: tuple[Widget, ...] = ()


@dataclass(frozen=True, slots=True)
class Screen:
    """A whole screen: `root` fills it, the overlays lie on top, the last topmost."""

    width: int  # pixels
    height: int
    root: Widget
    over: tuple[Widget, ...] = ()
    scale: float = 1.0  # pixels per unit, 0.5 to 6
    dark: bool = False
    accent: str = "blue"  # see themes.ACCENTS
    density: str = "regular"  # roomy, regular, compact
    corners: int = 8  # units: radius of cards and fields

    def walk(self) -> Iterable[Widget]:
        """Every widget, parents before children, overlays last."""
        stack = [*reversed(self.over), self.root]
        while stack:
            widget = stack.pop()
            yield widget
            stack.extend(reversed(widget.items))

    def find(self, id: str) -> Widget | None:
        """The widget with that id."""
        return next((each for each in self.walk() if each.id == id), None)


Lead = str | Widget
Trail = str | Widget | Sequence[Widget]


# -- leaves ------------------------------------------------------------------------------------------------------------


def text(label: str, role: str = "body", *, grow: int = 0, id: str = "", value: str = "", width: int = 0) -> Widget:
    """Text that wraps. Roles: display, title, heading, body, strong, small, caption, overline, accent, mono, error.

    `value` "line" keeps it on one line, cut with an ellipsis; "center" and "end" align it.
    """
    return Widget("text", id, label, value, role=role, grow=grow, width=width)


def icon(name: str, *, role: str = "", width: int = 0) -> Widget:
    """A plain icon; roles: "" (soft), accent, ink, error, good. `width` is its side, 24 unless given."""
    return Widget("icon", icon=name, role=role, width=width)


def avatar(label: str, *, width: int = 40) -> Widget:
    """A coloured disc with the first letter of a name."""
    return Widget("avatar", label=label, width=width)


def image(seed: int, *, height: int = 120, width: int = 0, id: str = "", label: str = "", grow: int = 0) -> Widget:
    """A picture's place, filled with a small drawing chosen by `seed`; as wide as there is room unless given."""
    return Widget("image", id, label, seed, width=width, offset=height, grow=grow)


def button(
    label: str,
    id: str = "",
    *,
    role: str = "filled",
    icon: str = "",
    enabled: bool = True,
    grow: int = 0,
    focused: bool = False,
) -> Widget:
    """A button; roles: filled, tonal, outlined, plain, danger."""
    return Widget("button", id, label, icon=icon, role=role, enabled=enabled, grow=grow, focused=focused)


def icon_button(
    icon: str,
    id: str = "",
    label: str = "",
    *,
    enabled: bool = True,
    checked: bool = False,
    role: str = "",
    width: int = 40,
) -> Widget:
    """An icon to press; `label` is its meaning and is not drawn. Role "filled" puts it on the accent colour."""
    return Widget("icon_button", id, label, icon=icon, enabled=enabled, checked=checked, role=role, width=width)


def fab(icon: str, id: str = "", label: str = "", *, words: str = "") -> Widget:
    """The floating button, an overlay in the lower right corner; with `words` a wide one."""
    return Widget("fab", id, label or words, words, icon=icon)


def field(
    label: str,
    id: str = "",
    value: str = "",
    *,
    hint: str = "",
    icon: str = "",
    focused: bool = False,
    enabled: bool = True,
    role: str = "",
    grow: int = 0,
    width: int = 0,
) -> Widget:
    """An input with its label above, `hint` shown while empty. Roles: "", search (round, no label), area, secret."""
    return Widget("field", id, label, value, icon, hint, role, enabled, False, focused, width, grow)


def select(
    label: str,
    id: str = "",
    value: str = "",
    *,
    enabled: bool = True,
    focused: bool = False,
    grow: int = 0,
    width: int = 0,
) -> Widget:
    """A drop-down that shows the chosen value."""
    return Widget("select", id, label, value, enabled=enabled, focused=focused, grow=grow, width=width)


def checkbox(label: str, id: str = "", checked: bool = False, *, enabled: bool = True) -> Widget:
    """A box to tick, its label beside it."""
    return Widget("checkbox", id, label, checked=checked, enabled=enabled)


def radio(label: str, id: str = "", checked: bool = False, *, enabled: bool = True) -> Widget:
    """One of several choices, its label beside it."""
    return Widget("radio", id, label, checked=checked, enabled=enabled)


def switch(id: str = "", checked: bool = False, *, label: str = "", enabled: bool = True) -> Widget:
    """An on/off switch; its label is its meaning and stands in the row around it."""
    return Widget("switch", id, label, checked=checked, enabled=enabled)


def slider(
    id: str = "", value: int = 50, *, label: str = "", enabled: bool = True, grow: int = 1, width: int = 0
) -> Widget:
    """A track with a knob at `value`, 0 to 100."""
    return Widget("slider", id, label, value, enabled=enabled, grow=grow, width=width)


def progress(value: int, *, grow: int = 1) -> Widget:
    """A bar filled to `value`, 0 to 100."""
    return Widget("progress", value=value, grow=grow)


def spinner(*, width: int = 40) -> Widget:
    """Something is loading."""
    return Widget("spinner", width=width)


def chip(label: str, id: str = "", checked: bool = False, *, icon: str = "", enabled: bool = True) -> Widget:
    """A small rounded choice."""
    return Widget("chip", id, label, icon=icon, checked=checked, enabled=enabled)


def link(label: str, id: str = "", *, role: str = "") -> Widget:
    """Underlined text to press."""
    return Widget("link", id, label, role=role)


def badge(label: str, role: str = "") -> Widget:
    """A small coloured word: roles "", good, warn, error, soft."""
    return Widget("badge", label=label, role=role)


def divider() -> Widget:
    """A thin line across."""
    return Widget("divider")


def rule() -> Widget:
    """A thin line down, between things in a bar."""
    return Widget("rule")


def gap(size: int = 8) -> Widget:
    """Nothing, `size` units of it; 0 takes what room is left."""
    return Widget("gap", width=size, grow=0 if size else 1)


def key(label: str, id: str = "", *, icon: str = "", grow: int = 2, role: str = "") -> Widget:
    """A key of an on-screen keyboard; role "special" for the grey ones, "accent" for enter."""
    return Widget("key", id, label, icon=icon, grow=grow, role=role)


def handle(id: str = "", label: str = "") -> Widget:
    """Two short bars by which a row is dragged."""
    return Widget("handle", id, label, icon="drag", width=32)


# -- boxes -------------------------------------------------------------------------------------------------------------


def row(*items: Widget, role: str = "", grow: int = 0, space: int = 8, width: int = 0) -> Widget:
    """Side by side, centred on one line, `space` units apart. Roles: "", top, end, center, padded, bar, striped."""
    return Widget("row", role=role, grow=grow, offset=space, width=width, items=items)


def column(*items: Widget, role: str = "", grow: int = 0, space: int = 8, width: int = 0) -> Widget:
    """One above the other, each as wide as the column. Roles: "", padded, center (each as wide as it needs)."""
    return Widget("column", role=role, grow=grow, offset=space, width=width, items=items)


def wrap(*items: Widget, space: int = 8) -> Widget:
    """Side by side, in as many lines as it takes."""
    return Widget("wrap", offset=space, items=items)


def grid(*items: Widget, columns: int = 2, space: int = 12, role: str = "") -> Widget:
    """Cells of one width in rows. Role "padded" keeps clear of the sides."""
    return Widget("grid", value=columns, offset=space, role=role, items=items)


def card(*items: Widget, role: str = "", space: int = 8, id: str = "", label: str = "", grow: int = 0) -> Widget:
    """A raised box. Roles: "" (padded), flush (for items), flat (an outline, no shadow), tint."""
    return Widget("card", id, label, role=role, offset=space, grow=grow, items=items)


def pressable(*items: Widget, id: str, label: str = "", role: str = "", enabled: bool = True) -> Widget:
    """A card that is pressed as a whole; roles as for a card."""
    return Widget("pressable", id, label, role=role, offset=6, enabled=enabled, items=items)


def section(title: str, *items: Widget, role: str = "flush") -> Widget:
    """A heading and a card below it; role "open" has no card."""
    head = Widget("text", label=title, role="overline")
    inside = items if role == "open" else (card(*items, role=role, space=0 if role == "flush" else 8),)
    return Widget("section", label=title, offset=6 if role != "open" else 2, items=(head, *inside))


def page(
    *items: Widget, offset: int = 0, role: str = "", grow: int = 1, space: int = 8, id: str = "", width: int = 0
) -> Widget:
    """A column that scrolls, seen from `offset` units on. Roles: "" (edge to edge), padded, centered (760 wide)."""
    return Widget("page", id, role=role, offset=offset, grow=grow, value=space, width=width, items=items)


def strip(*items: Widget, offset: int = 0, id: str = "", role: str = "") -> Widget:
    """A row that scrolls sideways, seen from `offset` units on. Role "bar" gives it the ground of a bar."""
    return Widget("strip", id, role=role, offset=offset, items=items)


def item(
    label: str,
    id: str = "",
    *,
    detail: str = "",
    lead: Lead = "",
    trail: Trail = (),
    checked: bool = False,
    enabled: bool = True,
    role: str = "",
) -> Widget:
    """A row of a list: an icon or widget in front, a second line, text, or widgets at its end.

    Role "strong" writes the label bold, "top" aligns at the first line; `checked` shades the row.
    """
    words = [text(label, "strong" if role == "strong" else "body" if enabled else "faint", value="line")]
    if detail:
        words.append(text(detail, "small" if enabled else "faint_small", value="" if role == "top" else "line"))
    parts: list[Widget] = []
    if lead:
        parts.append(icon(lead, role="" if enabled else "faint") if isinstance(lead, str) else lead)
    parts.append(column(*words, grow=1, space=2))
    if isinstance(trail, str):
        parts += [text(trail, "small", value="line")] if trail else []
    else:
        parts += [trail] if isinstance(trail, Widget) else trail
    return Widget("item", id, label, hint=detail, enabled=enabled, checked=checked, role=role, items=tuple(parts))


def side_item(label: str, id: str = "", *, icon: str = "", checked: bool = False, trail: str = "") -> Widget:
    """An entry of a side bar."""
    return Widget("side_item", id, label, trail, icon, checked=checked)


def tabs(*items: Widget, role: str = "") -> Widget:
    """Tabs in a row; role "left" does not stretch them."""
    spread = items if role == "left" else tuple([_grown(each) for each in items])
    return Widget("tabs", role=role, items=spread)


def tab(label: str, id: str = "", checked: bool = False, *, icon: str = "") -> Widget:
    """One tab."""
    return Widget("tab", id, label, icon=icon, checked=checked)


def segments(*items: Widget) -> Widget:
    """Joined buttons of which one is chosen."""
    return Widget("segments", items=tuple([_grown(each) for each in items]))


def segment(label: str, id: str = "", checked: bool = False) -> Widget:
    """One of joined buttons."""
    return Widget("segment", id, label, checked=checked)


def tile(label: str, id: str = "", *, icon: str = "", checked: bool = False, value: int = -1, width: int = 0) -> Widget:
    """An icon with its name below, as on a home screen; `value` colours the square behind it, -1 for none."""
    return Widget("tile", id, label, value, icon, checked=checked, width=width)


def table(head: Sequence[str | Widget], rows: Iterable[Widget], *, id: str = "") -> Widget:
    """A table of rows made by `table_row`; the head's cells may be widgets."""
    cells = tuple([cell(each, role="head") if isinstance(each, str) else each for each in head])
    return Widget("table", id, items=(Widget("table_row", role="head", items=cells), *rows))


def table_row(*cells: str | Widget, id: str = "", label: str = "", checked: bool = False) -> Widget:
    """A row of a table, words or widgets."""
    made = tuple([cell(each) if isinstance(each, str) else each for each in cells])
    return Widget("table_row", id, label, checked=checked, items=made)


def cell(label: str, id: str = "", *, role: str = "", icon: str = "") -> Widget:
    """A cell with words in it; roles: "", head, head_end and number (right-aligned), strong."""
    return Widget("cell", id, label, icon=icon, role=role)


# -- bars --------------------------------------------------------------------------------------------------------------


def app_bar(
    title: str, *, lead: Widget | None = None, actions: Iterable[Widget] = (), detail: str = "", role: str = ""
) -> Widget:
    """The bar on top of a phone's app. Role "accent" fills it with the accent colour."""
    words = [text(title, "title", value="line")]
    if detail:
        words.append(text(detail, "small", value="line"))
    lead_in = (lead,) if lead else (gap(8),)
    return Widget("app_bar", label=title, role=role, items=(*lead_in, column(*words, grow=1, space=0), *actions))


def search_bar(content: Widget, *, lead: Widget | None = None, actions: Iterable[Widget] = ()) -> Widget:
    """An app bar with a field instead of a title."""
    return Widget("app_bar", items=(*((lead,) if lead else ()), content, *actions))


def status_bar(clock: str = "9:41", battery: int = 80) -> Widget:
    """The phone's own line: clock, signal, battery in per cent."""
    return Widget("status_bar", label=clock, value=battery)


def nav_bar(*items: Widget) -> Widget:
    """The bar of places at the bottom of a phone's app."""
    return Widget("nav_bar", items=tuple([_grown(each) for each in items]))


def nav_item(label: str, id: str = "", *, icon: str, checked: bool = False) -> Widget:
    """One place of a navigation bar."""
    return Widget("nav_item", id, label, icon=icon, checked=checked)


def home_bar() -> Widget:
    """The thin bar at a phone's lower edge that gestures start from; it is no button."""
    return Widget("home_bar")


def window_bar(title: str, *, id: str = "window") -> Widget:
    """A desktop window's title, with buttons to minimise, maximise and close it."""
    buttons = [
        icon_button(f"window_{name}", f"{id}:{name}", label, width=34)
        for name, label in (("minimise", "Minimise"), ("maximise", "Maximise"), ("close", "Close window"))
    ]
    return Widget("window_bar", label=title, items=(text(title, "small", grow=1, value="center"), *buttons))


def menu_bar(*titles: Widget) -> Widget:
    """A desktop program's menus."""
    return Widget("menu_bar", items=titles)


def menu_title(label: str, id: str = "", checked: bool = False) -> Widget:
    """One menu's name; `checked` while it is open."""
    return Widget("menu_title", id, label, checked=checked)


def tool_bar(*items: Widget) -> Widget:
    """A row of tools."""
    return Widget("tool_bar", items=items)


def browser_bar(address: str, *, title: str = "", id: str = "browser") -> Widget:
    """A web browser's own controls: a tab with the page's title, back, forward, reload, the address."""
    top = Widget(
        "browser_tabs",
        items=(
            Widget("browser_tab", f"{id}:tab", title or address, checked=True),
            icon_button("add", f"{id}:new", "New tab", width=28),
            gap(0),
        ),
    )
    controls = Widget(
        "tool_bar",
        role="browser",
        items=(
            icon_button("back", f"{id}:back", "Back", width=32),
            icon_button("forward", f"{id}:forward", "Forward", width=32, enabled=False),
            icon_button("refresh", f"{id}:reload", "Reload", width=32),
            field("", f"{id}:address", address, role="address", icon="lock", grow=1),
            icon_button("more", f"{id}:menu", "Browser menu", width=32),
        ),
    )
    return Widget("browser_bar", label=address, items=(top, controls))


def side_bar(*items: Widget, width: int = 200) -> Widget:
    """A column of places at the left."""
    return Widget("side_bar", width=width, items=items)


def info_bar(*items: Widget) -> Widget:
    """The line at the bottom of a desktop window."""
    return Widget("info_bar", items=items)


def site_bar(*items: Widget) -> Widget:
    """The head of a web page."""
    return Widget("site_bar", items=items)


KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def keyboard(id: str = "key", *, enter: str = "enter") -> Widget:
    """A phone's keyboard; the keys' ids are `key:q` … `key:space`, `key:backspace`, `key:enter`."""
    rows = []
    for number, letters in enumerate(KEYS):
        keys = [key(letter, f"{id}:{letter}") for letter in letters]
        if number == 1:
            keys = [Widget("gap", grow=1), *keys, Widget("gap", grow=1)]
        if number == 2:
            keys = [
                key("Shift", f"{id}:shift", icon="shift", grow=3, role="special"),
                *keys,
                key("Backspace", f"{id}:backspace", icon="backspace", grow=3, role="special"),
            ]
        rows.append(Widget("key_row", items=tuple(keys)))
    last = (
        key("?123", f"{id}:symbols", grow=3, role="special"),
        key(",", f"{id}:comma", role="special"),
        key("space", f"{id}:space", grow=10),
        key(".", f"{id}:period", role="special"),
        key("Enter", f"{id}:enter", icon=enter, grow=3, role="accent"),
    )
    return Widget("keyboard", items=(*rows, Widget("key_row", items=last)))


# -- overlays ----------------------------------------------------------------------------------------------------------


def dialog(
    title: str, *items: Widget, actions: Iterable[Widget] = (), id: str = "", icon: str = "", width: int = 320
) -> Widget:
    """A box in the middle, all else darkened; `actions` are its buttons."""
    head = ([Widget("icon", icon=icon, role="accent", width=28)] if icon else []) + [text(title, "title")]
    buttons = tuple(actions)
    foot = (row(*buttons, role="end"),) if buttons else ()
    return Widget("dialog", id, title, width=width, items=(*head, *items, *foot))


def sheet(*items: Widget, id: str = "", label: str = "") -> Widget:
    """A box that rises from the lower edge, all else darkened."""
    return Widget("sheet", id, label, items=items)


def menu(at: str, *items: Widget, id: str = "", width: int = 200) -> Widget:
    """Options below the widget whose id is `at`; nothing is darkened, but nothing below can be pressed."""
    return Widget("menu", id, at=at, width=width, items=items)


def option(
    label: str, id: str = "", *, icon: str = "", hint: str = "", enabled: bool = True, checked: bool = False
) -> Widget:
    """One entry of a menu; `hint` is the shortcut at its right."""
    return Widget("option", id, label, icon=icon, hint=hint, enabled=enabled, checked=checked)


def snack_bar(label: str, *items: Widget, id: str = "") -> Widget:
    """A dark message near the lower edge; the rest can still be pressed."""
    return Widget("snack_bar", id, label, items=(text(label, "inverse", grow=1), *items))


def banner(*items: Widget, id: str = "", label: str = "") -> Widget:
    """A box near the lower edge, as cookie notices are; the rest can still be pressed."""
    return Widget("banner", id, label, items=items)


def busy(label: str = "Loading…") -> Widget:
    """All darkened, something turns in the middle."""
    return Widget("busy", label=label, items=(spinner(), text(label, "body", value="center")))


# -- whole screens -----------------------------------------------------------------------------------------------------


def stack(*items: Widget) -> Widget:
    """Bars and a page one above the other without space: the usual root."""
    return Widget("stack", items=items)


def split(side: Widget, *rest: Widget) -> Widget:
    """A side bar beside a page, at full height."""
    return Widget("split", grow=1, items=(side, *rest))


def _grown(widget: Widget) -> Widget:
    """The widget, taking its share of the room."""
    from dataclasses import replace

    return widget if widget.grow else replace(widget, grow=1)
