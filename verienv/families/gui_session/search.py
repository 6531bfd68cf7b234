"""Shortest ways: breadth first within each program, put together across programs.

Programs share nothing but the screen, so a shortest way visits each program that has something to do once, and no
other; what has to be looked up comes before what needs it. Within a program only those moves are tried that can begin
a shortest way (`App.steps`); that they are enough is held by tests against a search that tries everything.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from verienv.families.gui_session import device, pages
from verienv.families.gui_session.device import APPS, Lookup, Phone
from verienv.families.gui_session.programs import App, AppState, Frame, Move

MOST: Final = 5_000
"""States of one program that a search looks at."""
FARTHEST: Final = 10_000
"""More steps than any way has."""


Key = tuple[tuple[Frame, ...], str, int, int]
"""A node of a search: the pages, the dialog, the number of what is kept, the lookups made as bits."""


class Node(NamedTuple):
    """What a search knows of a node: the steps to it, those and the least that are left, and where it came from."""

    state: AppState
    steps: int
    guess: int
    before: Key | None
    move: Move | None


def way(
    phone: Phone, wanted: Sequence[Any], lookups: Sequence[Lookup], seen: Collection[int], most: int = FARTHEST
) -> list[Move] | None:
    """A shortest list of moves to what is wanted of each program, or None where there is none of at most `most`.

    seen: the places of the lookups that have been made. One whose goal is reached is not needed any more.
    """
    unlike = [
        APPS[name].facts(state.data) != APPS[name].facts(then)
        for name, state, then in zip(phone.names, phone.states, wanted, strict=True)
    ]
    left = [each for at, each in enumerate(lookups) if at not in seen and unlike[phone.names.index(each.needed_in)]]
    jobs = {}
    for at, name in enumerate(phone.names):
        here = [each for each in left if each.app == name]
        if here or unlike[at]:
            jobs[at] = here
    least = {}
    for at, here in jobs.items():
        app, state = APPS[phone.names[at]], phone.states[at]
        todo = app.work(state.data, wanted[at])
        if todo is None:
            return None
        least[at] = app.least(state, todo, [each.uid for each in here])
    most -= sum(least.values()) + len(jobs) - (phone.current in jobs)  # what is left to spare
    visits: dict[int, list[Move]] = {}
    for at, here in jobs.items():
        found = (
            inside(APPS[phone.names[at]], phone.states[at], wanted[at], here, most + least[at]) if most >= 0 else None
        )
        if found is None:
            return None
        visits[at] = found
        most -= len(found) - least[at]
    made: list[Move] = []
    current = phone.current
    for at in order(phone, visits, left):
        if at != current:
            made.append(Move("open", phone.names[at]))
        made += visits[at]
        current = at
    return made


def order(phone: Phone, visits: Collection[int], left: Sequence[Lookup]) -> list[int]:
    """The programs to visit: what is looked up before what needs it, and else the one in front first.

    No program is both a source and in need: instances are made so.
    """
    sources = {phone.names.index(each.app) for each in left}
    needy = {phone.names.index(each.needed_in) for each in left}
    return sorted(visits, key=lambda at: (at != phone.current or at in needy, at not in sources, at))


def inside(
    app: App, state: AppState, wanted: Any, lookups: Sequence[Lookup], most: int = FARTHEST
) -> list[Move] | None:
    """A shortest way within one program of at most so many steps, among those that it names itself: A* search."""
    everything = (1 << len(lookups)) - 1
    target = app.facts(wanted)
    works: list[tuple[Any, bool]] = []  # for each content: what is to be done, and whether that is nothing
    numbers: dict[Any, int] = {}  # the contents by value …
    known: dict[int, tuple[int, Any]] = {}  # … and by identity, since a hash takes long; kept here, so that it lasts

    def number(data: Any) -> int:
        if id(data) not in known:
            if data not in numbers:
                numbers[data] = len(works)
                works.append((app.work(data, wanted), app.facts(data) == target))
            known[id(data)] = numbers[data], data
        return known[id(data)][0]

    def unseen(seen: int) -> list[int]:
        return [each.uid for bit, each in enumerate(lookups) if not seen >> bit & 1]

    def bound(here: AppState, work: int, seen: int) -> int | None:
        todo = works[work][0]
        return None if todo is None else app.least(here, todo, unseen(seen))

    seen = _seen(state, lookups, 0)
    start: Key = (state.frames, state.dialog, number(state.data), seen)
    first = bound(state, start[2], seen)
    if first is None or first > most:
        return None
    nodes: dict[Key, Node] = {start: Node(state, 0, first, None, None)}
    heap, count = [(first, 0, start)], 0
    while heap:
        guess, _, key = heapq.heappop(heap)
        node = nodes[key]
        here, (_, _, work, seen) = node.state, key
        if seen == everything and works[work][1]:
            return _back(nodes, key)
        if guess > node.guess:
            continue  # a shorter way to it was found since
        page = app.page(here)
        there = {*pages.presses(page), *[hold for _, hold in pages.holds(page)]}
        for move in app.steps(here, page, works[work][0], unseen(seen)):
            if move.verb in ("press", "hold") and move.what not in there:
                continue
            after = done(app, here, move)
            if after is None or after is here:
                continue
            then: Key = (after.frames, after.dialog, number(after.data), _seen(after, lookups, seen))
            far = node.steps + 1
            if then in nodes and nodes[then].steps <= far:
                continue
            left = bound(after, then[2], then[3])
            if left is None or far + left > most:
                continue
            nodes[then] = Node(after, far, far + left, key, move)
            count += 1
            heapq.heappush(heap, (far + left, count, then))
        if len(nodes) > MOST:
            return None
    return None


def done(app: App, state: AppState, move: Move) -> AppState | None:
    """A program after a move that is open to it; None when that leaves it."""
    verb, what = move
    if verb == "press":
        return app.press(state, what)
    if verb == "hold":
        return app.hold(state, what)
    if verb == "type":
        return app.type(state, what)
    return app.scroll(state, what == "down") if verb == "scroll" else app.back(state)


def _seen(state: AppState, lookups: Sequence[Lookup], seen: int) -> int:
    for bit, each in enumerate(lookups):
        if not seen >> bit & 1 and device.looks_at(state, each):
            seen |= 1 << bit
    return seen


def _back(nodes: Mapping[Key, Node], key: Key) -> list[Move]:
    """The moves that led to a node."""
    made: list[Move] = []
    node = nodes[key]
    while node.before is not None and node.move is not None:
        made.append(node.move)
        node = nodes[node.before]
    return made[::-1]
