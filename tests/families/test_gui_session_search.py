"""gui_session: the oracle's way against a search that tries everything, from the start and from anywhere."""

from __future__ import annotations

from collections import deque
from random import Random

import pytest

import verienv
from tests.profile import profile_size
from verienv.families.gui_session import device, pages, search
from verienv.families.gui_session.device import APPS, Lookup, Phone
from verienv.families.gui_session.programs import AppState, Frame, Goal, Move
from verienv.families.gui_session.records import Book
from verienv.families.gui_session.settings import Panel
from verienv.families.gui_session.shop import Store

TASK = verienv.load("gui_session")
SEARCHES = profile_size(fast=10, ci=24, long=120)
STATES = profile_size(fast=4_000, ci=10_000, long=60_000)


def tiny(name, rng, asks=True, records=2):
    """A program with next to nothing in it, for a search through everything."""
    data = APPS[name].draw(rng, 1, asks, 0)
    if isinstance(data, Book):
        seen = [each for each in data.records if name != "Mail" or each.values[0] == "Inbox"]
        data = Book(tuple(seen[:records]), asks)
    elif isinstance(data, Store):
        data = Store(data.products[:3], (), (), asks)
    elif isinstance(data, Panel):
        keep = [at for at, each in enumerate(data.settings) if at % 3 == 0]
        data = Panel(
            data.groups,
            tuple(data.settings[at] for at in keep),
            tuple(data.factory[at] for at in keep),
            asks,
        )
    return AppState(data, (APPS[name].root(),))


def everything(app, state, texts):
    """Every move that a program takes, sensible or not, and what comes of it."""
    page = app.page(state)
    found = [Move("press", id) for id in pages.presses(page)] + [Move("hold", hold) for _, hold in pages.holds(page)]
    found += [Move("scroll", "down"), Move("scroll", "up"), Move("back")]
    if state.frames[-1].focus >= 0:
        found += [Move("type", text) for text in texts]
    for move in found:
        after = search.done(app, state, move)
        if after is not None and len(after.frames) < 6:
            yield after


def shortest(app, start, wanted, texts, most=30_000):
    """Steps of a shortest way by looking at every state there is, nearest first; None where that takes too long."""
    target = app.facts(wanted)
    queue, steps = deque([start]), {start: 0}
    while queue:
        state = queue.popleft()
        if app.facts(state.data) == target:
            return steps[state]
        for after in everything(app, state, texts):
            if after not in steps:
                steps[after] = steps[state] + 1
                queue.append(after)
        if len(steps) > most:
            return None
    return -1


def asked(app, data, rng, count, hard):
    """Some goals, and the texts in them."""
    goals: list[Goal] = []
    taken: frozenset[int] = frozenset()
    for _ in range(50):
        goal = app.propose(rng, data, taken, hard)
        if goal is not None and len(goals) < count and goal.values not in [each.values for each in goals]:
            goals.append(goal)
            taken |= {goal.uid}
    wanted = data
    for goal in goals:
        wanted = app.intend(wanted, goal)
    texts = sorted({value for goal in goals for value in goal.values if len(value) > 3})
    return wanted, texts


@pytest.mark.parametrize("name", sorted(APPS))
def test_the_way_within_a_program_is_a_shortest_one(name):
    app, rng = APPS[name], Random(name)
    compared = 0
    for attempt in range(SEARCHES):
        start = tiny(name, rng, asks=attempt % 2 == 0)
        wanted, texts = asked(app, start.data, rng, 1 + attempt % 2, hard=attempt % 3 > 0)
        found = search.inside(app, start, wanted, ())
        assert found is not None
        least = shortest(app, start, wanted, texts, STATES)
        if least is not None:
            assert len(found) == least, (start, wanted, found)
            compared += 1
    assert compared >= SEARCHES // 4


@pytest.mark.parametrize("name", sorted(APPS))
def test_what_is_left_is_right_from_anywhere(name):
    """After random play: drafts, dialogs, wrong pages, damage done."""
    app, rng = APPS[name], Random(name + "2")
    compared = 0
    for attempt in range(2 * SEARCHES):
        start = state = tiny(name, rng, asks=attempt % 2 == 0)
        wanted, texts = asked(app, start.data, rng, 1, hard=attempt % 3 > 0)
        for _ in range(rng.randrange(1, 7)):
            state = rng.choice(list(everything(app, state, texts)))
        least = shortest(app, state, wanted, texts, STATES // 2)
        found = search.inside(app, state, wanted, ())
        if least is None:
            continue
        compared += 1
        if least == -1:
            assert found is None or needs_more(found, texts)
        elif found is None or len(found) != least:
            assert found is not None, (state, wanted)
            assert len(found) < least, (state, wanted, found)
            assert needs_more(found, texts), (state, wanted, found)
    assert compared >= SEARCHES // 3


def needs_more(found, texts):
    """Whether a way types what the goals do not name: an old text again, which the full search here does not try."""
    return any(move.verb == "type" and move.what not in texts for move in found)


@pytest.mark.parametrize("name", sorted(APPS))
def test_no_bound_is_above_what_is_left(name):
    app, rng = APPS[name], Random(name + "3")
    for attempt in range(12):
        state = tiny(name, rng, asks=attempt % 2 == 0, records=4)
        wanted, _ = asked(app, state.data, rng, 2, hard=attempt % 3 > 0)
        way = search.inside(app, state, wanted, ())
        assert way is not None
        for at, move in enumerate(way):
            todo = app.work(state.data, wanted)
            assert app.least(state, todo, ()) <= len(way) - at, (state, move)
            here = search.inside(app, state, wanted, (), len(way) - at)
            assert here is not None
            assert len(here) == len(way) - at
            assert search.inside(app, state, wanted, (), len(way) - at - 1) is None
            state = search.done(app, state, move)
            assert state is not None
        assert app.facts(state.data) == app.facts(wanted)


def whole(phone, wanted, lookups, seen, texts, most=60_000):
    """As `shortest`, over whole phones: switching between programs, and texts typed only once they were seen."""
    targets = [APPS[name].facts(data) for name, data in zip(phone.names, wanted, strict=True)]

    def looked(there, seen):
        return frozenset(seen | {at for at, each in enumerate(lookups) if device.shows(there, each)})

    start = (phone, looked(phone, frozenset(seen)))
    queue, steps = deque([start]), {start: 0}
    while queue:
        here, seen = queue.popleft()
        kept = [APPS[name].facts(state.data) for name, state in zip(here.names, here.states, strict=True)]
        if kept == targets:
            return steps[here, seen]
        choices = list(device.moves(here))
        if here.current >= 0 and here.states[here.current].frames[-1].focus >= 0:
            choices += [Move("type", text) for text, need in texts if need is None or need in seen]
        for move in choices:
            there = device.apply(here, move)
            then = (there, looked(there, seen))
            if then not in steps and all(len(state.frames) < 5 for state in there.states):
                steps[then] = steps[here, seen] + 1
                queue.append(then)
        if len(steps) > most:
            return None
    return -1


@pytest.mark.parametrize("begin", [-1, 0, 1])
def test_the_way_across_programs_is_a_shortest_one(begin):
    rng = Random(begin)
    compared = 0
    for names in (("Tasks", "Settings"), ("Contacts", "Tasks"), ("Mail", "Tasks")):
        states = tuple(tiny(name, rng, asks=False, records=1) for name in names)
        phone = Phone(names, states, begin)
        goals = []
        for name, state in zip(names, states, strict=True):
            goals.append(
                next(goal for _ in range(99) if (goal := APPS[name].propose(rng, state.data, frozenset(), False)))
            )
        wanted = device.intended(phone, tuple(goals))
        found = search.way(phone, wanted, (), ())
        texts = [(value, None) for goal in goals for value in goal.values if len(value) > 3]
        least = whole(phone, wanted, (), (), texts)
        assert found is not None
        if least is not None:
            assert len(found) == least
            compared += 1
    assert compared >= 2


@pytest.mark.parametrize("begin", [-1, 0, 1])
def test_a_lookup_costs_no_more_than_it_must(begin):
    rng = Random(9)
    contacts, tasks = tiny("Contacts", rng, records=1), tiny("Tasks", rng, asks=False, records=1)
    number = contacts.data.records[0].values[2]
    phone = Phone(("Contacts", "Tasks"), (contacts, tasks), begin)
    goal = Goal("Tasks", "add", 0, (number, "Home", "no", "no"))
    lookup = Lookup("Contacts", contacts.data.records[0].uid, 2, 0, "Tasks")
    wanted = device.intended(phone, (goal,))
    found = search.way(phone, wanted, (lookup,), ())
    assert found is not None
    assert len(found) == whole(phone, wanted, (lookup,), (), [(number, 0)])
    known = search.way(phone, wanted, (lookup,), (0,))
    assert known is not None
    assert len(known) == whole(phone, wanted, (lookup,), (0,), [(number, 0)])
    assert len(known) < len(found)


def test_a_bound_on_the_way_is_kept():
    for level in (5, 7, 9):
        problem = TASK.instance(level, index=1).problem
        wanted = device.intended(problem.phone, problem.goals)
        steps = problem.shortest - 1
        way = search.way(problem.phone, wanted, problem.lookups, (), steps)
        assert way is not None
        assert len(way) == steps
        assert search.way(problem.phone, wanted, problem.lookups, (), steps - 1) is None


def test_what_cannot_be_taken_back_leaves_no_way():
    problem = TASK.instance(knobs=TASK.knobs(apps=6, asks=False), index=3).problem
    at = problem.phone.names.index("Shop")
    state = problem.phone.states[at]
    checkout = AppState(state.data.put(0, 1), (*state.frames, Frame("checkout", draft=("Standard", "no"))))
    phone = problem.phone.having(at, APPS["Shop"].press(checkout, "order"))
    assert search.way(phone, device.intended(problem.phone, problem.goals), (), ()) is None
