"""Drawing a session: what the programs keep, what is asked of them, and what must be looked up for it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any, Final, NamedTuple, cast

from verienv.families.gui_session import device, words
from verienv.families.gui_session.books import Keeper
from verienv.families.gui_session.device import APPS, Lookup, Phone
from verienv.families.gui_session.programs import AppState, Goal, Move

TRIES: Final = 60
"""Draws of one goal before the phone is drawn anew."""

_SOURCES: Final = {"Contacts": 2, "Calendar": 3, "Mail": 3}
"""The field of each program's records that is worth looking up: a number, a place, a code; none is seen in a list."""
_PHRASES: Final = {
    "Contacts": "the phone number of {} (see the contacts)",
    "Calendar": "the place of the event {} (see the calendar)",
    "Mail": "the text of the message {} (see the mail)",
}
_NEEDY: Final = {
    "Mail": (3, ("Contacts", "Calendar")),
    "Tasks": (0, ("Contacts", "Calendar", "Mail")),
    "Calendar": (3, ("Mail",)),
}
"""The place, in a new record, of the text that may have to be looked up, and the programs in which."""


class Drawn(NamedTuple):
    """A phone, and what is to be done with it."""

    phone: Phone
    goals: tuple[Goal, ...]
    lookups: tuple[Lookup, ...]


def phone(rng: Random, names: tuple[str, ...], size: int, asks: bool, twins: int) -> Phone:
    """Programs with something in them, all on their first pages."""
    states = [AppState(APPS[name].draw(rng, size, asks, twins), (APPS[name].root(),)) for name in names]
    return Phone(names, tuple(states))


def draw(
    rng: Random, *, apps: int, used: int, goals: int, hard: bool, lookups: int, size: int, asks: bool, twins: int
) -> Drawn | None:
    """`goals` things to do in `used` of `apps` programs, `lookups` of them with a text from another program.

    None where this draw does not work out.
    """
    names = tuple(rng.sample(sorted(APPS), apps))
    made = phone(rng, names, size, asks, twins)
    kept = {name: state.data for name, state in zip(names, made.states, strict=True)}
    busy = rng.sample(names, used)
    if lookups:
        needy = [name for name in busy if name in _NEEDY]
        if not needy:
            return None
        busy = [needy[0], *[name for name in busy if name != needy[0]]]
    taken: dict[str, frozenset[int]] = {name: frozenset() for name in names}
    found: list[Goal] = []
    looks: list[Lookup] = []
    for at in range(goals):
        name = busy[at % len(busy)]
        goal = _ask(rng, name, kept[name], taken[name], hard, new=len(looks) < lookups and name == busy[0])
        if goal is None or any(
            goal.app == each.app and goal.what == "add" and goal.values == each.values for each in found
        ):
            return None
        if len(looks) < lookups and name == busy[0]:
            sought = _look(rng, made, kept, taken, busy[0], at)
            if sought is None:
                return None
            look, value = sought
            looks.append(look)
            taken[look.app] |= {look.uid}
            place = _NEEDY[name][0]
            goal = goal._replace(values=(*goal.values[:place], value, *goal.values[place + 1 :]))
        if goal.uid or goal.what != "add":
            taken[name] |= {goal.uid}
        found.append(goal)
    if len(looks) < lookups:
        return None
    if any(APPS[goal.app].facts(kept[goal.app]) == APPS[goal.app].facts(then) for goal, then in _alone(kept, found)):
        return None
    return Drawn(made, tuple(found), tuple(looks))


def _alone(kept: dict[str, Any], goals: list[Goal]) -> list[tuple[Goal, Any]]:
    return [(goal, APPS[goal.app].intend(kept[goal.app], goal)) for goal in goals]


def _ask(rng: Random, name: str, data: Any, taken: frozenset[int], hard: bool, new: bool) -> Goal | None:
    """A goal; `new`: one that makes a new record which is no reply."""
    for _ in range(TRIES):
        goal = APPS[name].propose(rng, data, taken, hard)
        if goal is not None and (not new or (goal.what == "add" and not goal.uid)):
            return goal
    return None


def _look(
    rng: Random, made: Phone, kept: dict[str, Any], taken: dict[str, frozenset[int]], needy: str, goal: int
) -> tuple[Lookup, str] | None:
    """A record of another program, on nothing that is asked, and a text on its page."""
    sources = [name for name in made.names if name in _NEEDY[needy][1]]
    if not sources:
        return None
    name = rng.choice(sources)
    field = _SOURCES[name]
    free = [
        each
        for each in kept[name].records
        if each.values[field] and each.uid not in taken[name] and (name != "Mail" or words.is_code(each.values[field]))
    ]
    if not free:
        return None
    record = rng.choice(free)
    return Lookup(name, record.uid, field, goal, needy), record.values[field]


def sentence(start: Phone, goals: tuple[Goal, ...], lookups: tuple[Lookup, ...], at: int, way: int) -> str:
    """One goal in words."""
    goal = goals[at]
    told = {value_of(start, look): _phrase(start, look) for look in lookups if look.goal == at}
    data = start.states[start.names.index(goal.app)].data
    text = APPS[goal.app].tell(data, goal, way, lambda value: told.get(value) or f'"{value}"')
    return text[0].upper() + text[1:] + "."


def sentences(start: Phone, goals: tuple[Goal, ...], lookups: tuple[Lookup, ...], phrasing: int) -> list[str]:
    """Every goal in words, numbered where there are several."""
    told = [sentence(start, goals, lookups, at, phrasing + at) for at in range(len(goals))]
    return told if len(told) == 1 else [f"{at}. {each}" for at, each in enumerate(told, 1)]


def texts(start: Phone, goals: tuple[Goal, ...], lookups: tuple[Lookup, ...]) -> list[tuple[str, int | None]]:
    """Every text that the goals have somebody type, and the place of the lookup that it comes from, None for none."""
    found: list[tuple[str, int | None]] = []
    for at, goal in enumerate(goals):
        app = APPS[goal.app]
        secret = {value_of(start, look): number for number, look in enumerate(lookups) if look.goal == at}
        if isinstance(app, Keeper):
            found += [(text, secret.get(text)) for text in app.typed(goal)]
    return found


def value_of(start: Phone, look: Lookup) -> str:
    """What is to be looked up."""
    book = start.states[start.names.index(look.app)].data
    return str(next(each.values[look.field] for each in book.records if each.uid == look.uid))


def _phrase(start: Phone, look: Lookup) -> str:
    app, book = cast(Keeper, APPS[look.app]), start.states[start.names.index(look.app)].data
    return _PHRASES[look.app].format(app.called(book, look.uid))


def is_choice(start: Phone, ahead: Sequence[Move], last: Move) -> bool:
    """Whether the last move is more than a press of the one button at the foot, after the moves ahead of it."""
    there = start
    for move in ahead:
        there = device.apply(there, move)
    return all(control.id != last.what for control in device.page(there).foot)
