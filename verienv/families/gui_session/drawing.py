"""A page as a tree of widgets, drawn and placed by `verienv.render.screen`; and the home screen."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from verienv.families.gui_session import pages
from verienv.families.gui_session.pages import Page, Row
from verienv.render import screen as ui
from verienv.render.screen import Layout, Screen, Widget

if TYPE_CHECKING:
    from PIL.Image import Image


class Look(NamedTuple):
    """How the phone looks: pixels per unit, dark or light, the accent colour."""

    scale: float = 1.0
    dark: bool = False
    accent: str = "blue"


def picture(page: Page, look: Look) -> Image:
    """The page as it is seen."""
    screen, placed = _placed(page, look)
    return ui.draw(screen, placed)


def hit(page: Page, look: Look, x: float, y: float) -> str:
    """The id of what can be pressed at a pixel, "" where that is nothing."""
    found = _placed(page, look)[1].at(x, y)
    return found.id if found is not None and found.enabled else ""


def middle(page: Page, look: Look, id: str) -> tuple[int, int] | None:
    """A pixel at which a press meets what has that id, in its middle where that is free."""
    placed = _placed(page, look)[1]
    box = placed.box(id)
    if box is None:
        return None
    x, y = (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
    for there in ((x, y), ((box[0] + x) // 2, y), ((3 * box[0] + x) // 4, y)):
        if hit(page, look, *there) == id:
            return there
    return None


def size(look: Look) -> tuple[int, int]:
    """Pixels across and down."""
    return int(pages.WIDTH * look.scale), int(pages.LENGTH * look.scale)


@lru_cache(maxsize=4096)  # a function of its arguments alone; an episode comes by the same pages again and again
def _placed(page: Page, look: Look) -> tuple[Screen, Layout]:
    screen = tree(page, look)
    return screen, ui.layout(screen)


def tree(page: Page, look: Look) -> Screen:
    """The page as widgets."""
    over: list[Widget] = []
    if page.fab is not None:
        over.append(ui.fab(page.fab.icon, page.fab.id, page.fab.label))
    if page.dialog is not None:
        buttons = [ui.button(each.label, each.id, role=_BUTTONS[each.kind]) for each in page.dialog.buttons]
        rows = [_row(row) for row in page.dialog.rows]
        over.append(ui.dialog(page.dialog.title, *rows, actions=buttons, width=300))
    lead = ui.icon_button("back", "up", "Back") if page.up else None
    bar = ui.app_bar(
        page.title, lead=lead, actions=[ui.icon_button(each.icon, each.id, each.label) for each in page.bar]
    )
    if page.tiles:
        tiles = [ui.tile(each.label, each.id, icon=each.icon, value=at) for at, each in enumerate(page.tiles)]
        clock = (ui.text("9:41", "display", value="center"), ui.text("Tuesday, 4 March", "small", value="center"))
        body = ui.page(ui.gap(28), *clock, ui.gap(36), ui.grid(*tiles, columns=3, role="padded"), space=4)
        root = ui.stack(ui.status_bar(), body, ui.home_bar())
    else:
        seen = [_row(row) for row in pages.window(page)]
        bars: list[Widget] = []
        if page.foot:
            feet = [
                ui.button(each.label, each.id, role="filled" if at == 0 else "tonal", enabled=each.enabled, grow=1)
                for at, each in enumerate(page.foot)
            ]
            bars.append(ui.row(*feet, role="padded"))
        if page.tabs:
            bars.append(
                ui.nav_bar(*[ui.nav_item(each.label, each.id, icon=each.icon, checked=each.on) for each in page.tabs])
            )
        listed = ui.page(ui.gap(pages.ABOVE), *seen, space=0, id="rows")
        root = ui.stack(ui.status_bar(), bar, listed, *bars, ui.home_bar())
    return Screen(*size(look), root, tuple(over), look.scale, look.dark, look.accent)


_BUTTONS: Final = {"plain": "plain", "button": "filled", "danger": "danger"}


def _lead(row: Row) -> str | Widget:
    """What stands in front of a row: an icon, the disc of a person, the picture of a product."""
    kind, _, what = row.icon.partition(":")
    if kind == "avatar":
        return ui.avatar(what)
    return ui.image(int(what), width=40, height=40) if kind == "image" else row.icon


def _row(row: Row) -> Widget:
    if row.kind == "item":
        leads = [each for each in row.controls if each.kind == "check"]
        lead = ui.checkbox("", leads[0].id, leads[0].on) if leads else _lead(row)
        marks = [ui.icon(each.icon, role="accent") for each in row.controls if each.kind == "mark"]
        return ui.item(row.label, row.id, detail=row.detail, lead=lead, trail=marks)
    if row.kind == "switch":
        return ui.item(row.label, row.id, trail=ui.switch("", row.on), lead=row.icon)
    if row.kind in ("field", "area"):
        field = ui.field(
            row.label, row.id, row.detail, focused=row.on, role="area" if row.kind == "area" else "", grow=1
        )
        return ui.row(field, role="padded")
    if row.kind == "choice":
        return ui.row(ui.select(row.label, row.id, row.detail, grow=1), role="padded")
    if row.kind == "stepper":
        minus, plus = (ui.icon_button(each.icon, each.id, each.label, enabled=each.enabled) for each in row.controls)
        return ui.item(row.label, lead=_lead(row), trail=(minus, ui.text(row.detail, "strong"), plus))
    if row.kind == "radio":
        return ui.item(row.label, row.id, lead=ui.radio("", "", row.on))
    if row.kind == "heading":
        return ui.row(ui.text(row.label, "overline"), role="padded")
    if row.kind in ("button", "danger"):
        return ui.row(ui.button(row.label, row.id, role=_BUTTONS[row.kind], grow=1), role="padded")
    return ui.item(row.label, detail=row.detail, lead=_lead(row))
