"""A person's hands on each tool: given the answer that is meant, they do what makes the tool write it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

Page = Any
Hands = Callable[[Page, str], None]


def switch(page: Page, answer: str) -> None:
    """Switch variables on; or choose the clauses of a proof."""
    if answer.startswith("UNSAT"):
        for place in answer.split()[1:]:
            page.locator(".clause").nth(int(place) - 1).click()
        return
    for at, bit in enumerate(answer):
        if bit == "1":
            page.locator(".switches button").nth(at).click()


def pick(page: Page, answer: str) -> None:
    """Press the choice of that letter."""
    page.locator(f'.choices input[value="{answer}"]').check()


def number(page: Page, answer: str) -> None:
    """Press a number."""
    page.locator(".places").get_by_role("button", name=answer, exact=True).click()


def drag_pieces(page: Page, answer: str) -> None:
    """Drag each piece to where it belongs."""
    order = [int(each) - 1 for each in answer.split()]
    board = page.locator(".board").bounding_box()
    columns = len(answer.split("\n")[0].split())
    rows = len(order) // columns

    def middle(place: int) -> tuple[float, float]:
        x, y = place % columns + 0.5, place // columns + 0.5
        return board["x"] + x * board["width"] / columns, board["y"] + y * board["height"] / rows

    where = list(range(len(order)))
    for piece, place in enumerate(order):
        if where[piece] != place:
            page.mouse.move(*middle(where[piece]))
            page.mouse.down()
            page.mouse.move(*middle(place), steps=3)
            page.mouse.up()
            other = where.index(place)
            where[piece], where[other] = where[other], where[piece]


def key_pieces(page: Page, answer: str) -> None:
    """Take pieces up and lay them down by keys alone; mark those that are not of the picture."""
    order = [int(each) - 1 for each in answer.split()]
    pieces = page.locator(".piece")
    where = list(range(len(order)))
    for piece, place in enumerate(order):
        pieces.nth(piece).focus()
        if place < 0:
            page.keyboard.press("0")
        elif where[piece] != place:
            page.keyboard.press("Enter")
            other = where.index(place)
            pieces.nth(other).focus()
            page.keyboard.press("Enter")
            where[piece], where[other] = where[other], where[piece]


def box(page: Page, answer: str) -> None:
    """Drag from corner to corner."""
    told = json.loads(answer)
    at, corners = (told["picture"], told["box"]) if isinstance(told, dict) else (1, told)
    canvas = page.locator(".canvas").nth(at - 1)
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    shown = canvas.locator("img").evaluate("image => [image.naturalWidth, image.naturalHeight]")
    x1, y1, x2, y2 = corners

    def point(x: float, y: float) -> tuple[float, float]:
        return frame["x"] + x * frame["width"] / shown[0], frame["y"] + y * frame["height"] / shown[1]

    page.mouse.move(*point(x1, y1))
    page.mouse.down()
    page.mouse.move(*point(x2, y2), steps=3)
    page.mouse.up()


def edges(page: Page, answer: str) -> None:
    """Write the four numbers."""
    numbers = re.findall(r"\d+", answer)
    for name, value in zip(("left", "top", "right", "bottom"), numbers, strict=True):
        page.get_by_label(name).fill(value)


def act(page: Page, answer: str) -> None:
    """Do on the screen what the action says."""
    told = json.loads(answer)
    kind = told["action"]
    if kind in ("click", "double_click", "long_press"):
        words = page.get_by_role("button", name=kind.replace("_", " "), exact=True)
        if words.count():
            words.click()
        page.mouse.click(*_on_screen(page, told["coordinate"]))
    elif kind == "drag":
        page.mouse.move(*_on_screen(page, told["coordinate"]))
        page.mouse.down()
        page.mouse.move(*_on_screen(page, told["end"]), steps=3)
        page.mouse.up()
    elif kind == "scroll":
        page.get_by_role("button", name=told["direction"]).click()
    elif kind == "type":
        page.get_by_label("Type").fill(told["text"])
        page.get_by_role("button", name="Type").click()
    elif kind == "key":
        page.get_by_label("Key").select_option(told["key"])
        page.get_by_role("button", name="Press").click()
    elif kind == "open":
        app = page.get_by_label("App")
        if app.evaluate("field => field.tagName") == "SELECT":
            app.select_option(told["app"])
        else:
            app.fill(told["app"])
        page.get_by_role("button", name="Open", exact=True).click()
    else:
        page.get_by_role("button", name=kind, exact=True).click()


def keys(page: Page, answer: str) -> None:
    """Press arrow keys."""
    for move in answer.split(", "):
        page.keyboard.press(f"Arrow{move}")


def fill(page: Page, answer: str) -> None:
    """Fill every field of the form, and put events in order."""
    values = re.findall(
        r"\d{4}-\d\d-\d\d \d\d:\d\d|\d{4}-\d\d-\d\d|\d{4}-\d\d|\d(?:-\d)+|[a-z]+-by|\d+(?=\.?$)|[A-Z]?[a-z]+(?=\.?$)",
        re.sub(r"Event \d", "Event", answer),
    )
    fields = page.locator(".slots > .field")
    assert fields.count() == len(values), (answer, values)
    for at, value in enumerate(values):
        field = fields.nth(at)
        if field.locator(".ordering").count():
            _order(field, value.split("-"))
        elif field.locator("select").count():
            field.locator("select").select_option(value)
        else:
            field.locator("input").fill(value.replace(" ", "T"))


def write(page: Page, answer: str) -> None:
    """Write the reply."""
    page.get_by_label("Reply").fill(f"<answer>{answer}</answer>")


def _order(field: Any, wanted: list[str]) -> None:
    for place, event in enumerate(wanted):
        for _ in range(len(wanted)):
            if field.locator("li b").nth(place).inner_text() == event:
                break
            field.get_by_role("button", name=f"Event {event} earlier").click()


def _on_screen(page: Page, point: list[float]) -> tuple[float, float]:
    canvas = page.locator(".canvas")
    canvas.scroll_into_view_if_needed()
    frame = canvas.bounding_box()
    wide, high = canvas.locator("img").evaluate("image => [image.naturalWidth, image.naturalHeight]")
    return frame["x"] + (point[0] + 0.5) * frame["width"] / wide, frame["y"] + (point[1] + 0.5) * frame["height"] / high
