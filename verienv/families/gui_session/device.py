"""The phone: its programs side by side, the one that is seen, and what every action does to it.

`apply` is a pure, total function of a state and a move; an action becomes a move by looking at what lies at its point.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from verienv.actions import Action
from verienv.families.gui_session import drawing, pages
from verienv.families.gui_session.books import Calendar, Contacts, Mail, Tasks
from verienv.families.gui_session.drawing import Look
from verienv.families.gui_session.pages import Control, Page
from verienv.families.gui_session.programs import App, AppState, Goal, Move
from verienv.families.gui_session.settings import Settings
from verienv.families.gui_session.shop import Shop

APPS: Final[dict[str, App]] = {
    each.name: each for each in (Calendar(), Contacts(), Mail(), Settings(), Shop(), Tasks())
}
"""Every program by its name."""

HOME: Final = -1

KINDS: Final = ("click", "long_press", "scroll", "type", "open", "back", "home", "complete")
"""The actions that do something here."""


@dataclass(frozen=True, slots=True)
class Phone:
    """Every program with its name, and the place of the one that is seen (HOME: none)."""

    names: tuple[str, ...]
    states: tuple[AppState, ...]
    current: int = HOME

    def having(self, at: int, state: AppState) -> Phone:
        """The phone with one program in another state."""
        return Phone(self.names, (*self.states[:at], state, *self.states[at + 1 :]), self.current)

    def showing(self, at: int) -> Phone:
        """The phone with another program in front."""
        return self if at == self.current else Phone(self.names, self.states, at)


class Lookup(NamedTuple):
    """A text that a goal needs and that only another program shows.

    app, uid: the record on whose page it stands, in the field `field`. goal: the place of the goal that needs it,
    which is one of the program `needed_in`.
    """

    app: str
    uid: int
    field: int
    goal: int
    needed_in: str


def page(phone: Phone) -> Page:
    """What is seen."""
    if phone.current == HOME:
        tiles = tuple([Control("icon", f"app:{name}", name, icon=APPS[name].icon) for name in phone.names])
        return Page("Home", (), up=False, tiles=tiles)
    return APPS[phone.names[phone.current]].page(phone.states[phone.current])


def apply(phone: Phone, move: Move) -> Phone:
    """The phone after a move. What cannot be done where it stands changes nothing."""
    verb, what = move
    if verb == "home":
        return phone.showing(HOME)
    if verb == "open":
        return phone.showing(phone.names.index(what)) if what in phone.names else phone
    if phone.current == HOME:
        if verb == "press" and what.removeprefix("app:") in phone.names:
            return phone.showing(phone.names.index(what.removeprefix("app:")))
        return phone
    app, state = APPS[phone.names[phone.current]], phone.states[phone.current]
    after: AppState | None = state
    if verb == "press" and what in pages.presses(app.page(state)):
        after = app.press(state, what)
    elif verb == "hold" and what in [hold for _, hold in pages.holds(app.page(state))]:
        after = app.hold(state, what)
    elif verb == "type":
        after = app.type(state, what)
    elif verb == "scroll":
        after = app.scroll(state, what == "down")
    elif verb == "back":
        after = app.back(state)
    return phone.showing(HOME) if after is None else phone.having(phone.current, after)


def moves(phone: Phone) -> Iterator[Move]:
    """Every move that can be made with what is seen, without typing: presses, long presses, scrolls, and the rest."""
    seen = page(phone)
    for id in pages.presses(seen):
        yield Move("press", id)
    for _, hold in pages.holds(seen):
        yield Move("hold", hold)
    if phone.current != HOME:
        yield from (Move("scroll", "down"), Move("scroll", "up"), Move("back"), Move("home"))
    for at, name in enumerate(phone.names):
        if at != phone.current:
            yield Move("open", name)


def read(phone: Phone, action: Action, look: Look) -> Move | None:
    """The move that an action is where the phone stands; None where it comes to nothing."""
    kind = action.kind
    if kind in ("click", "long_press") and action.point is not None:
        seen = page(phone)
        id = drawing.hit(seen, look, *action.point)
        if kind == "click":
            return Move("press", id) if id else None
        hold = dict(pages.holds(seen)).get(id)
        return Move("hold", hold) if hold else None
    if kind in ("type", "open"):
        return Move(kind, action.text)
    if kind == "scroll":
        return Move("scroll", action.direction) if action.direction in ("up", "down") else None
    return Move(kind) if kind in ("back", "home") else None


def write(phone: Phone, move: Move, look: Look) -> Action:
    """An action that `read` makes this move of."""
    verb, what = move
    if verb in ("press", "hold"):
        seen = page(phone)
        id = what if verb == "press" else next(id for id, hold in pages.holds(seen) if hold == what)
        point = drawing.middle(seen, look, id)
        if point is None:
            raise LookupError(f"{id} is not in view on {seen.title!r}")
        return Action("click" if verb == "press" else "long_press", point=(float(point[0]), float(point[1])))
    if verb == "scroll":
        return Action("scroll", direction=what)
    return Action(verb, text=what)


def shows(phone: Phone, lookup: Lookup) -> bool:
    """Whether the record of a lookup is in front, nothing over it."""
    return (
        phone.current != HOME
        and phone.names[phone.current] == lookup.app
        and looks_at(phone.states[phone.current], lookup)
    )


def looks_at(state: AppState, lookup: Lookup) -> bool:
    """Whether a program stands on the page of a lookup's record."""
    top = state.frames[-1]
    return top.page == "record" and top.uid == lookup.uid and not state.dialog


def intended(phone: Phone, goals: tuple[Goal, ...]) -> tuple[object, ...]:
    """What each program shall keep: as at the start, but for the goals."""
    kept = [state.data for state in phone.states]
    for goal in goals:
        at = phone.names.index(goal.app)
        kept[at] = APPS[goal.app].intend(kept[at], goal)
    return tuple(kept)
