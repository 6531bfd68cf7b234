"""The frame that a program sits in on a phone, a desktop and the web."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from verienv.families.gui.content import MENUS, Deck
from verienv.render import screen as ui
from verienv.render.screen import Widget

PLATFORMS: Final = ("phone", "desktop", "web")


@dataclass(frozen=True, slots=True)
class Room:
    """What there is to fill, in units."""

    platform: str
    wide: int
    high: int
    tight: bool  # rows are lower

    @property
    def inner(self) -> int:
        """What is left across when a side bar stands beside the page."""
        return self.wide - 180 if self.platform != "phone" and self.wide >= 700 else self.wide

    def rows(self, each: int = 60, taken: int = 170) -> int:
        """How many rows of a height fit beside the bars, at least 4."""
        return max(4, 1 + (self.high - taken) // (each * 4 // 5 if self.tight else each))


@dataclass(frozen=True, slots=True)
class Made:
    """A program's screen before it is placed. `listed` is the whole of a sorted list, of which a part is in view."""

    root: Widget
    over: tuple[Widget, ...] = ()
    listed: tuple[str, ...] = ()
    sideways: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """A kind of program: where it runs, and what can be asked of it beside pressing things."""

    name: str
    platforms: tuple[str, ...]
    asks: tuple[str, ...]
    make: Callable[[Deck, Room], Made]


def frame(
    deck: Deck,
    room: Room,
    title: str,
    *body: Widget,
    actions: Sequence[Widget] = (),
    above: Sequence[Widget] = (),
    below: Sequence[Widget] = (),
    offset: int = 0,
    role: str = "padded",
    space: int = 8,
    nav: bool = True,
    menus: bool = True,
) -> Widget:
    """A program's page in the frame of its platform: `above` and `below` it are bars that do not scroll."""
    page = ui.page(*body, offset=offset, role=role, space=space, id="page")
    if room.platform == "phone":
        lead = ui.icon_button("menu", "menu", "Menu") if deck.yes(0.4) else ui.icon_button("back", "back", "Back")
        bars = [ui.status_bar(deck.clock(), deck.rng.randint(9, 99))]
        bars.append(ui.app_bar(title, lead=lead, actions=actions))
        foot = [_places(deck)] if nav and room.high >= 560 and deck.yes(0.6) else []
        return ui.stack(*bars, *above, page, *below, *foot, ui.home_bar())
    side = _side(deck, title) if room.wide >= 700 and deck.yes(0.75) else None
    middle = ui.split(side, page) if side is not None else page
    if room.platform == "desktop":
        bars = [ui.window_bar(title)]
        if menus:
            bars.append(
                ui.menu_bar(*[ui.menu_title(name, f"menu:{name}") for name, _ in MENUS[: 3 + room.wide // 400]])
            )
        if actions:
            bars.append(ui.tool_bar(*actions, ui.gap(0)))
        foot = [ui.info_bar(ui.text("Ready", "small"), ui.gap(0), ui.text(deck.clock(), "small"))]
        return ui.stack(*bars, *above, middle, *below, *foot)
    site = deck.rng.choice(("northlight", "harbor", "plainfield", "meadow", "lantern"))
    links = [
        ui.link(name, f"site:{name}", role="soft") for name in ("Home", "News", "Help")[: max(1, room.wide // 300)]
    ]
    bar = ui.site_bar(ui.text(site.capitalize(), "title"), *links, ui.gap(0), *actions)
    address = f"{site}.example/{title.lower().replace(' ', '-')}"
    return ui.stack(ui.browser_bar(address, title=title), bar, *above, middle, *below)


def icons(deck: Deck, *names: str) -> list[Widget]:
    """Icons for a bar; a name is an icon and its meaning, as `delete:Delete`."""
    made = []
    for each in names:
        icon, _, meaning = each.partition(":")
        made.append(ui.icon_button(icon, f"bar:{icon}", meaning or icon.capitalize()))
    return made


def fact(column: str, widget: Widget) -> Widget:
    """A text or badge that says what its row has under `column`."""
    return replace(widget, hint=column)


def _places(deck: Deck) -> Widget:
    pool = (
        ("Home", "home"),
        ("Search", "search"),
        ("Saved", "bookmark"),
        ("Profile", "person"),
        ("Alerts", "bell"),
        ("Library", "book"),
    )
    chosen = deck.rng.sample(pool, deck.rng.randint(3, 4))
    here = deck.rng.randrange(len(chosen))
    return ui.nav_bar(
        *[ui.nav_item(label, f"nav:{label}", icon=icon, checked=at == here) for at, (label, icon) in enumerate(chosen)]
    )


def _side(deck: Deck, title: str) -> Widget:
    pool = (
        *(("Overview", "home"), ("Orders", "bag"), ("Customers", "people"), ("Reports", "chart"), ("Messages", "mail")),
        *(
            ("Team", "person"),
            ("Downloads", "download"),
            ("Archive", "archive"),
            ("Starred", "star"),
            ("Trash", "delete"),
        ),
    )
    chosen = deck.rng.sample(pool, deck.rng.randint(5, 7))
    here = deck.rng.randrange(len(chosen))
    made = [
        ui.side_item(
            label,
            f"side:{label}",
            icon=icon,
            checked=at == here,
            trail=str(deck.rng.randint(2, 40)) if deck.yes(0.3) else "",
        )
        for at, (label, icon) in enumerate(chosen)
    ]
    return ui.side_bar(*made, ui.gap(0), ui.side_item("Settings", "side:Settings", icon="settings"), width=180)
