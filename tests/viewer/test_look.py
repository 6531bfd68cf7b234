"""Every view at both widths, light and dark: accessible, inside its width, and for ten at once."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.viewer import browsing

VIEWS = {
    "gallery": ("", ".glance.ready"),
    "family": ("at/jigsaw@1/L4/train/s0/0", ".stage img"),
    "play": ("play/jigsaw@1/L9/train/s0/0", ".board"),
    "play a screen": ("play/gui_session@1/L3/train/s0/0", ".canvas"),
    "play a formula": ("play/sat@1/L3/train/s0/0", ".clause"),
    "play an order": ("play/temporal@1/L4/train/s0/0", ".ordering"),
    "replies": ("replies/{folder}%2Fevaluation%2Freplies.jsonl", ".rows button"),
    "runs": ("runs", ".chart"),
}
OFTEN = ("play a formula", "play an order")  # their tools keep to the width as others do
WIDTHS = {"wide": (1280, "light"), "phone": (390, "dark")}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_view_is_accessible_and_keeps_to_its_width(viewed, browser, folder, width):
    pixels, theme = WIDTHS[width]
    with browsing.page(browser, pixels, 900, theme, bypass_csp=True) as page:  # the rules are put in from outside
        page.goto(viewed)
        rules(page)
        for view, (path, ready) in VIEWS.items():
            if width == "phone" and view in OFTEN:
                continue
            page.goto(f"{viewed}/#/{path.format(folder=folder)}")
            page.locator(ready).first.wait_for()
            if view == "replies":
                page.locator(".rows button").first.click()
                page.locator(".verdict").wait_for()
            assert page.evaluate("document.documentElement.scrollWidth") <= pixels, view
            assert serious(page) == [], view


def test_light_and_dark_may_be_chosen_and_last(viewed, browser):
    with browsing.page(browser) as page:
        page.goto(viewed)
        ground = "getComputedStyle(document.body.parentElement).backgroundColor"
        light = page.evaluate(ground)
        page.get_by_role("button", name="Light or dark").click()
        dark = page.evaluate(ground)
        assert dark != light
        page.reload()
        assert page.evaluate(ground) == dark


def test_a_knob_redraws_at_once_and_the_address_says_so(viewed, browser):
    with browsing.page(browser) as page:
        page.goto(f"{viewed}/#/at/jigsaw@1/L1/train/s0/0")
        slider = page.get_by_label("rows", exact=True)
        slider.focus()
        before = page.locator(".stage img").get_attribute("src")
        page.keyboard.press("ArrowRight")
        page.wait_for_url(re.compile("rows=3"), wait_until="commit")
        page.locator(".stage:not(.busy)").wait_for()
        assert page.locator(".stage img").get_attribute("src") != before
        address = page.get_by_label("Address").input_value()
        assert page.url.endswith(f"#/at/{address}")
        page.get_by_role("button", name="Level 1", exact=True).click()
        page.wait_for_url(re.compile("jigsaw@1/L1/train/s0/0$"), wait_until="commit")


def test_a_knob_out_of_bounds_is_told_in_words(viewed, browser):
    with browsing.page(browser) as page:
        page.goto(f"{viewed}/#/at/sat@1/L0/train/s0/0")
        page.get_by_label("k", exact=True).press("Home")  # one variable, three literals a clause
        # the browser reports an answer of 422 on its console; that is what this page is meant to tell
        page.get_by_role("alert").filter(has_text="cannot have more literals").wait_for()
        page.errors.clear()


def test_ten_pages_at_once(viewed, browser):
    paths = [path.format(folder="") for path, _ in VIEWS.values() if "{" not in path]
    context = browser.new_context()
    context.set_default_timeout(browsing.PATIENCE)
    pages = [context.new_page() for _ in range(10)]
    for at, page in enumerate(pages):
        page.goto(f"{viewed}/#/{paths[at % len(paths)]}", wait_until="commit")
    for page in pages:
        page.get_by_role("heading", level=1).wait_for()
        assert page.get_by_role("heading", level=1).inner_text() != "That did not work"
    context.close()


@pytest.fixture(scope="module")
def folder(viewed):
    from tests.viewer.seeing import got

    return next(each["run"] for each in got(viewed, "/api/runs")["runs"]).split("/")[0]


def rules(page):
    """Put axe on the page."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("the package axe-playwright-python is not installed; the extra dev brings it")
    page.add_script_tag(path=Path(spec.origin).parent / "axe.min.js")


def serious(page):
    """What axe finds that is serious or worse."""
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
