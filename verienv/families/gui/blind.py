"""What can be earned without understanding: fixed actions, fixed points, and matching the words of the instruction."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from verienv.actions import Action, Point
from verienv.families.gui import seen
from verienv.families.gui.seen import Seen, Thing

if TYPE_CHECKING:
    from verienv.families.gui import Problem


def words(text: str) -> Counter[str]:
    """The words of a text, in small letters, and how often each stands there."""
    return Counter("".join([each if each.isalnum() else " " for each in text.lower()]).split())


def matches(view: Seen, text: str, *, named: bool) -> list[Thing]:
    """The things that share most words with a text, by what is drawn on them; `named` reads icons' meanings too."""
    wanted = words(text)
    best: list[Thing] = []
    most = 0
    for thing in view.things:
        if thing.layer < view.placed.modal:
            continue
        label = thing.widget.label if named or thing.noun not in ("icon", "switch", "slider", "handle") else ""
        shared = sum((words(f"{label} {thing.widget.hint}") & wanted).values())
        if shared > most:
            best, most = [], shared
        if shared == most and most:
            best.append(thing)
    return best


def chosen(problem: Problem, rng: Random, *, named: bool) -> Action:
    """Click what shares most words with the instruction; anything, where nothing does."""
    view = problem.view
    if view is None or not view.things:
        return centre(problem)
    found = matches(view, problem.instruction, named=named)
    return click(rng.choice(found or list(view.things)))


def anything(problem: Problem, rng: Random) -> Action:
    """Click any of the things in view."""
    view = problem.view
    return centre(problem) if view is None or not view.things else click(rng.choice(view.things))


def largest(problem: Problem, rng: Random) -> Action:
    """Click the largest button or icon."""
    view = problem.view
    buttons = [] if view is None else [each for each in view.things if each.noun in ("button", "icon", "tile", "card")]
    if not buttons:
        return centre(problem)
    return click(max(buttons, key=lambda each: (each.box[2] - each.box[0]) * (each.box[3] - each.box[1])))


def verb(problem: Problem, rng: Random) -> Action:
    """Do what the verbs say without looking: type what is quoted, go where a direction or an action is named."""
    text = problem.instruction
    quoted = text.split('"')[1::2]
    if text.startswith("Write") and quoted:
        return Action("type", text=quoted[0])
    if text.startswith("Bring"):
        return Action("scroll", direction=rng.choice(("left", "right") if "day" in text else ("up", "down")))
    if text.startswith("Look"):
        return rng.choice([action for said, action in _NAMED.items() if said in text])
    if text.startswith("Make sure"):
        return Action("complete")
    if text.startswith("Open the program"):
        return Action("open", text=quoted[0] if quoted else "Mail")
    return centre(problem)


_NAMED = {
    "go back": Action("back"),
    "home screen": Action("home"),
    "wait": Action("wait"),
    "you are done": Action("complete"),
    "key F5": Action("key", key="f5"),
    "key Escape": Action("key", key="escape"),
}


def centre(problem: Problem) -> Action:
    """Click the middle of the screen."""
    width, height = problem.size
    return Action("click", point=(width / 2, height / 2))


def click(thing: Thing) -> Action:
    """Click a thing in its middle, or beside what lies there."""
    found = seen.spot(thing.box, ())
    point: Point = thing.middle if found is None else (float(found[0]), float(found[1]))
    return Action("click", point=point)
