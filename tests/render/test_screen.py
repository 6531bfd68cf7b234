"""Software screens: placed without overlap, hit where they are drawn, the same pixels everywhere."""

from __future__ import annotations

import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

from verienv.errors import UnknownName
from verienv.render import screen as ui
from verienv.render.screen import boxes, icons, lettering, masks

GOLDEN = pathlib.Path(__file__).with_name("screens.json")
DRAW_ALL = """
from tests.render.test_screen import digests
print(digests())
"""


def phone(*over: ui.Widget, offset: int = 0, width: int = 360, height: int = 640, **look: object) -> ui.Screen:
    rows = [
        ui.item(
            f"Row {at}", f"row{at}", detail="more", lead="mail", trail=ui.icon_button("delete", f"bin{at}", "Delete")
        )
        for at in range(20)
    ]
    root = ui.stack(
        ui.status_bar(),
        ui.app_bar(
            "Rows", lead=ui.icon_button("back", "back", "Back"), actions=[ui.icon_button("more", "more", "More")]
        ),
        ui.page(*rows, offset=offset, id="page"),
        ui.nav_bar(ui.nav_item("Home", "home", icon="home", checked=True), ui.nav_item("Me", "me", icon="person")),
        ui.home_bar(),
    )
    return ui.Screen(width, height, root, over, **look)  # type: ignore[arg-type]


def form(**look: object) -> ui.Screen:
    root = ui.stack(
        ui.browser_bar("shop.example"),
        ui.site_bar(
            ui.text("Shop", "title"), ui.gap(0), ui.link("Help", "help"), ui.button("Sign in", "sign", role="tonal")
        ),
        ui.split(
            ui.side_bar(
                ui.side_item("Orders", "orders", icon="bag", checked=True, trail="3"),
                ui.side_item("Address", "address"),
            ),
            ui.page(
                ui.section(
                    "Delivery", ui.field("Name", "name", "Ada"), ui.select("Country", "land", "Norway"), role=""
                ),
                ui.row(ui.checkbox("Gift", "gift", True), ui.radio("Post", "post", True), ui.switch("fast", False)),
                ui.row(ui.text("Speed", "small"), ui.slider("speed", 30), ui.progress(60)),
                ui.table(["Item", "Price"], [ui.table_row("Lamp", ui.cell("12.00", role="number"), id="lamp")]),
                ui.grid(
                    *[ui.card(ui.image(at, height=60), ui.text(f"Card {at}", "strong")) for at in range(3)], columns=3
                ),
                ui.wrap(*[ui.chip(f"Chip {at}", f"chip{at}", at == 1) for at in range(9)]),
                ui.tabs(ui.tab("One", "one", True), ui.tab("Two", "two")),
                ui.segments(ui.segment("Day", "day", True), ui.segment("Week", "week")),
                role="padded",
                id="page",
            ),
        ),
    )
    return ui.Screen(900, 700, root, **look)  # type: ignore[arg-type]


def every_screen() -> dict[str, ui.Screen]:
    ask = ui.dialog(
        "Delete?", ui.text("For good.", "soft"), actions=[ui.button("No", "no", role="plain"), ui.button("Yes", "yes")]
    )
    return {
        "phone": phone(),
        "phone, large and dark": phone(width=1080, height=1920, scale=3.0, dark=True, accent="violet"),
        "phone, scrolled": phone(offset=333, density="compact", corners=0),
        "dialog": phone(ask),
        "menu": phone(
            ui.menu("more", ui.option("Sort", "sort", hint="Ctrl+S"), ui.option("Hide", "hide", enabled=False))
        ),
        "sheet": phone(ui.sheet(ui.item("Share", "share", lead="share"), ui.item("Copy", "copy", lead="copy"))),
        "floating": phone(ui.fab("add", "new"), ui.snack_bar("Sent", ui.button("Undo", "undo", role="plain"))),
        "banner": phone(ui.banner(ui.text("Cookies?"), ui.row(ui.button("Yes", "yes"), role="end")), accent="rose"),
        "busy": phone(ui.busy()),
        "keyboard": ui.Screen(
            360, 640, ui.stack(ui.page(ui.field("To", "to", focused=True), role="padded"), ui.keyboard())
        ),
        "form": form(),
        "form, dark": form(dark=True, accent="teal", scale=1.5, density="roomy"),
        "form, tiny": form(scale=0.5),
        "icons": ui.Screen(700, 700, ui.page(ui.grid(*[ui.tile(name, icon=name) for name in ui.ICONS], columns=14))),
    }


def digests() -> dict[str, str]:
    """sha256 over the pixels of every screen."""
    return {name: hashlib.sha256(ui.draw(each).tobytes()).hexdigest() for name, each in every_screen().items()}


SCREENS = pytest.mark.parametrize("page", every_screen().values(), ids=every_screen())


def test_pictures_are_those_on_record(request):
    found = digests()
    if request.config.getoption("--record-golden"):
        GOLDEN.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_another_process_and_other_threads_draw_the_same():
    root = pathlib.Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(root)}
    shown = subprocess.run(
        [sys.executable, "-c", DRAW_ALL], capture_output=True, text=True, check=True, env=environment, cwd=root
    ).stdout
    assert shown.strip() == str(digests())
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert len({str(each) for each in pool.map(lambda _: digests(), range(4))}) == 1


@SCREENS
def test_a_click_in_the_middle_of_an_open_widget_meets_it(page):
    placed = ui.layout(page)
    for place in placed.places:
        box = placed.open(place.widget.id) if place.widget.id in clickable(page) else None
        if box is not None:
            found = placed.at((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
            assert found is place.widget


@SCREENS
def test_everything_that_can_be_clicked_has_its_own_pixels(page):
    placed = ui.layout(page)
    shown = [
        each
        for each in placed.places
        if each.widget.id in clickable(page) and each.widget.kind not in ("item", "table_row")
    ]
    for at, first in enumerate(shown):
        for second in shown[at + 1 :]:
            if first.layer == second.layer:
                assert boxes.empty(boxes.meet(first.seen, second.seen)), (first.widget, second.widget)


@SCREENS
def test_what_is_placed_lies_on_the_screen(page):
    placed = ui.layout(page)
    for each in placed.places:
        left, top, right, bottom = each.seen
        assert 0 <= left < right <= page.width, each.widget
        assert 0 <= top < bottom <= page.height, each.widget


def clickable(page: ui.Screen) -> set[str]:
    return {each.id for each in page.walk() if each.id and each.kind in ui.TAPPABLE}


def test_under_a_dialog_nothing_can_be_clicked():
    page = every_screen()["dialog"]
    placed = ui.layout(page)
    assert placed.open("yes") is not None
    assert placed.open("back") is None
    box = placed.box("back")
    assert box is not None
    assert placed.at(box[0] + 1, box[1] + 1) is None


def test_beside_a_message_the_rest_can_be_clicked():
    placed = ui.layout(every_screen()["floating"])
    assert placed.open("undo") is not None
    assert placed.open("back") is not None


def test_a_page_scrolls_no_further_than_it_holds():
    held, seen = ui.layout(phone()).extents["page"]
    assert held > seen
    assert ui.draw(phone(offset=held - seen)).tobytes() == ui.draw(phone(offset=9999)).tobytes()
    assert ui.layout(phone()).box("row19") is None
    assert ui.layout(phone(offset=9999)).box("row19") is not None


def test_a_strip_scrolls_sideways():
    chips = [ui.chip(f"Chip {at}", f"chip{at}") for at in range(12)]
    first = ui.layout(ui.Screen(300, 100, ui.strip(*chips, id="strip")))
    later = ui.layout(ui.Screen(300, 100, ui.strip(*chips, id="strip", offset=9999)))
    assert (first.box("chip0") is None, later.box("chip0") is None) == (False, True)
    assert (first.box("chip11") is None, later.box("chip11") is None) == (True, False)


def test_a_sliders_knob_stands_where_it_is_drawn():
    page = ui.Screen(200, 60, ui.stack(ui.page(ui.slider("volume", 25), role="padded")), accent="rose")
    placed = ui.layout(page)
    knob = placed.knob("volume")
    assert knob is not None
    picture = ui.draw(page)
    assert picture.getpixel(knob) == (190, 40, 92)
    assert picture.getpixel((placed.along("volume", 75), knob[1])) != (190, 40, 92)


def test_words_that_are_cut_are_named():
    long = "An uncommonly long label for so small a screen"
    page = ui.Screen(160, 200, ui.stack(ui.page(ui.item(long, "long"), ui.item("Short", "short"))))
    placed = ui.layout(page)
    found = {each.widget.id: placed.legible(each) for each in placed.places if each.widget.kind == "item"}
    assert found == {"long": False, "short": True}


def test_states_can_be_seen():
    seen = {
        ui.draw(ui.Screen(120, 48, ui.stack(ui.row(ui.switch("s", on, enabled=enabled))))).tobytes()
        for on in (False, True)
        for enabled in (False, True)
    }
    assert len(seen) == 4


def test_an_unknown_icon_or_accent_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'search'"):
        icons.mask("serch", 24)
    with pytest.raises(UnknownName, match="did you mean 'teal'"):
        ui.draw(phone(accent="teel"))


@pytest.mark.parametrize("name", ui.ICONS)
def test_every_icon_has_ink_and_stays_in_its_field(name):
    pixels = np.asarray(icons.mask(name, 48))
    assert pixels.shape == (48, 48)
    assert 0.02 < (pixels > 127).mean() < 0.75


def test_no_two_icons_look_alike():
    drawn = {name: np.asarray(icons.mask(name, 24)).astype(int) for name in ui.ICONS}
    names = list(drawn)
    for at, first in enumerate(names):
        for second in names[at + 1 :]:
            assert np.abs(drawn[first] - drawn[second]).mean() > 3, (first, second)


def test_masks_are_round_and_whole():
    disc = np.asarray(masks.disc(21))
    assert disc[10, 10] == 255
    assert disc[0, 0] == 0
    assert (disc == disc.T).all()
    assert (disc == disc[::-1]).all()


def test_lines_break_between_words_and_fit():
    for line in lettering.lines("Every good window shows what it holds and no more", "sans", 14, 120):
        assert lettering.width(line, "sans", 14) <= 120
    assert lettering.lines("one two", "sans", 14, 10_000) == ("one two",)
    assert lettering.cut("An endless word", "sans", 14, 60).endswith("…")
