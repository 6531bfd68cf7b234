"""Finding something to ask of a screen that exactly one thing fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from verienv.families.gui import queries
from verienv.families.gui.asks import SLACK, Ask, platform
from verienv.families.gui.content import CITIES, Deck
from verienv.families.gui.frames import Made
from verienv.families.gui.queries import ENDS, SIDES, Query, Where
from verienv.families.gui.seen import Row, Seen, Thing
from verienv.families.gui.wording import LOOKS, PURPOSES

HOWS: Final = ("plain", "icon", "row", "section", "order", "side", "table", "state")
"""How a thing is told from others: by its words, its picture, its row, its heading, counting, a neighbour, conditions
on its row, its state."""
PRESSED: Final = frozenset(
    ("button", "icon", "tab", "chip", "link", "entry", "box", "option", "switch", "tile", "row", "card", "list", "menu")
)


def press(rng: Random, view: Seen, how: str, conditions: int) -> Query | None:
    """A description, of the form `how`, of one thing that can be pressed; None where none was found."""
    things = [each for each in view.things if each.whole and each.noun in PRESSED and each.widget.enabled]
    things = [each for each in things if each.widget.kind != "tab" or not each.widget.checked]
    rng.shuffle(things)
    for thing in things[:24]:
        query = _FORMS[how](rng, view, thing, conditions)
        if query is not None and _only(view, query, thing):
            return query
    return None


def _only(view: Seen, query: Query, thing: Thing) -> bool:
    """Whether a description fits that thing alone, also when what is cut or partly covered counts."""
    for partial in (False, True):
        found = queries.resolve(view, query, partial=partial)
        if len(found) != 1 or found[0].id != thing.id:
            return False
    return True


def _named(thing: Thing) -> Query | None:
    """The thing by what is drawn on it: its icon or its words."""
    widget = thing.widget
    if thing.noun == "icon":
        return Query("icon", icon=widget.icon) if widget.icon in LOOKS else None
    if thing.noun in ("switch", "handle") or (thing.noun == "slider" and not widget.label):
        return Query(thing.noun)
    if thing.noun == "box" and not widget.label:
        return Query("box")
    return Query(thing.noun, label=widget.label) if widget.label and thing.plain else None


def _several(view: Seen, query: Query, least: int = 2) -> bool:
    """Whether the description alone fits several things: else nothing more need be said."""
    return len(queries.resolve(view, query)) >= least


def _plain(rng: Random, view: Seen, thing: Thing, conditions: int) -> Query | None:
    return _named(thing) if thing.widget.label and thing.noun not in ("icon", "switch", "card") else None


def _icon(rng: Random, view: Seen, thing: Thing, conditions: int) -> Query | None:
    return _named(thing) if thing.noun == "icon" else None


def _row(rng: Random, view: Seen, thing: Thing, conditions: int) -> Query | None:
    query = _named(thing)
    if query is None or thing.row is None or thing.row.label == thing.widget.label or not _several(view, query, 3):
        return None
    return replace(query, row=thing.row.label) if _readable(view, thing.row) else None


def _section(rng: Random, view: Seen, thing: Thing, conditions: int) -> Query | None:
    query = _named(thing)
    if query is None or not thing.section or not _several(view, query, 3):
        return None
    query = replace(query, section=thing.section)
    if _only(view, query, thing):
        return query
    state = queries.state(thing)
    if state and _only(view, replace(query, state=state), thing):
        return replace(query, state=state)
    return _counted(rng, view, thing, query)


def _counted(rng: Random, view: Seen, thing: Thing, query: Query) -> Query | None:
    for order in rng.sample(ENDS, len(ENDS)):
        for rank in range(1, 5):
            counted = replace(query, order=order, rank=rank)
            if _only(view, counted, thing):
                return counted
    return None


def _order(rng: Random, view: Seen, thing: Thing, conditions: int) -> Query | None:
    query = Query("slider") if thing.noun == "slider" else _named(thing)
    if query is None or not _several(view, query, 4):
        return None
    return _counted(rng, view, thing, query)


def _side(rng: Random, view: Seen, thing: Thing, conditions: int) -> Query | None:
    bare = Query(thing.noun)
    others = [each for each in view.things if each.whole and each.id != thing.id and each.layer == thing.layer]
    rng.shuffle(others)
    for other in others[:16]:
        anchor = _named(other)
        if anchor is None:
            continue
        if not _only(view, anchor, other):
            found = _row(rng, view, other, 1)
            if found is None or conditions < 2 or not _only(view, found, other):
                continue
            anchor = found
        for side in rng.sample(SIDES, len(SIDES)):
            query = replace(bare, side=side, anchor=anchor)
            if _near(view, other, thing, side) and _only(view, query, thing):
                return query
    return None


def _near(view: Seen, anchor: Thing, thing: Thing, side: str) -> bool:
    """Whether a person would say that two things are neighbours: of a kind, and not far apart."""
    if anchor.noun != thing.noun and not any({anchor.noun, thing.noun} <= alike for alike in _ALIKE):
        return False
    (x1, y1, x2, y2), (left, top, right, bottom) = anchor.box, thing.box
    px = view.placed.measures.px
    if side in ("above", "below"):
        return max(y1 - bottom, top - y2) <= px(60)
    return thing.noun not in ("row", "entry", "slider") and max(x1 - right, left - x2) <= px(90)


_ALIKE: Final = (frozenset(("icon", "button", "chip", "tab", "link", "list")), frozenset(("box", "option", "button")))
"""Things that stand in one bar or form."""


def _table(rng: Random, view: Seen, thing: Thing, conditions: int) -> Query | None:
    row = thing.row
    if row is None or not row.cells:
        return None
    query = Query("row") if thing.widget.label == row.label else _named(thing)
    if query is None or not _several(view, query, 4):
        return None
    rows = [each for each in view.rows if each.group == row.group]
    for _ in range(10):
        made = _conditions(rng, rows, row, conditions)
        if made is None or not _only(view, replace(query, where=made), thing):
            continue
        bare = [tuple([each for each in made if each is not one]) for one in made]
        if any(queries.resolve(view, replace(query, where=less)) == [thing] for less in bare):
            continue  # a condition that could be left out
        return replace(query, where=made)
    return None


def _conditions(rng: Random, rows: list[Row], row: Row, count: int) -> tuple[Where, ...] | None:
    columns = [column for column, _ in row.cells if column not in ("", "Customer", "Number", "Name", "Item")]
    if len(columns) < count:
        return None
    made = []
    ends = 0
    for column in rng.sample(columns, count):
        words = queries.cell(row, column) or ""
        value = queries.measure(words)
        if value is None:
            made.append(Where(column, "is" if rng.random() < 0.8 else "is not", words))
            if made[-1].how == "is not":
                others = sorted({queries.cell(each, column) or "" for each in rows} - {words, ""})
                if not others:
                    return None
                made[-1] = Where(column, "is not", rng.choice(others))
            continue
        if not ends and rng.random() < 0.6:
            ends = 1
            made.append(Where(column, rng.choice(("highest", "lowest"))))
            continue
        others = sorted({queries.cell(each, column) or "" for each in rows} - {words, ""})
        if not others:
            return None
        other = rng.choice(others)
        limit = queries.measure(other)
        if limit is None or limit == value:
            return None
        made.append(Where(column, "above" if value > limit else "below", other))
    return tuple(made)


def _state(rng: Random, view: Seen, thing: Thing, conditions: int) -> Query | None:
    state = queries.state(thing)
    if not state or thing.noun == "chip":
        return None
    query = Query(thing.noun, state=state)
    if _only(view, query, thing):
        return query if _several(view, Query(thing.noun), 4) else None
    if thing.section and _only(view, replace(query, section=thing.section), thing):
        return replace(query, section=thing.section)
    return _counted(rng, view, thing, query) if _several(view, query, 2) else None


_Form = Callable[[Random, Seen, Thing, int], Query | None]
_FORMS: Final[dict[str, _Form]] = {
    "plain": _plain,
    "icon": _icon,
    "row": _row,
    "section": _section,
    "order": _order,
    "side": _side,
    "table": _table,
    "state": _state,
}


def _readable(view: Seen, row: Row) -> bool:
    """Whether a row's name stands there in full, once."""
    places = [
        each
        for each in view.placed.places
        if each.widget.label == row.label and each.widget.kind in ("text", "cell") and view.placed.legible(each)
    ]
    return len(places) == 1 and sum(each.label == row.label for each in view.rows) == 1


def propose(rng: Random, made: Made, view: Seen, kind: str, how: str, conditions: int) -> Ask | None:
    """Something of that kind to ask of a screen, or None where it does not lend itself."""
    if kind == "press":
        query = press(rng, view, how, conditions)
        if query is None:
            return None
        purpose = bool(query.row or query.where) and query.icon in PURPOSES and not query.section and rng.random() < 0.6
        return Ask("press", query, purpose=purpose)
    return _PROPOSED[kind](rng, made, view, how, conditions)


def _described(rng: Random, view: Seen, things: list[Thing], how: str, conditions: int) -> tuple[Query, Thing] | None:
    """One of some things and a description of it: `how` where that can be, else counting, a neighbour or its words."""
    rng.shuffle(things)
    for thing in things[:10]:
        for form in dict.fromkeys((how, "order", "side", "section", "plain")):
            if form == "plain" and how != "plain":
                break
            query = _FORMS[form](rng, view, thing, conditions)
            if query is not None and _only(view, query, thing):
                return query, thing
    return None


def _of(view: Seen, *nouns: str) -> list[Thing]:
    return [each for each in view.things if each.whole and each.noun in nouns and each.widget.enabled]


def _set(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    things = [each for each in _of(view, "switch", "box") if each.widget.kind in ("switch", "checkbox")]
    if how == "plain":
        things = [each for each in things if each.row is not None]
        how = "row"
    found = _described(rng, view, things, how if how != "state" else "order", conditions)
    if found is None:
        return None
    query, thing = found
    now = queries.state(thing)
    done = rng.random() < 0.2
    return Ask("set", query, text=now if done else "off" if now == "on" else "on")


def _slide(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    way = "plain" if how == "plain" or rng.random() < 0.5 else "order"
    sliders = _of(view, "slider")
    lone = len(sliders) == 1 and _only(view, Query("slider"), sliders[0])
    found = (Query("slider"), sliders[0]) if lone else _described(rng, view, sliders, way, conditions)
    if found is None:
        return None
    query, thing = found
    amounts = [each for each in range(5, 100, 5) if abs(each - int(thing.widget.value)) >= 5 * SLACK]
    return Ask("slide", query, amount=rng.choice(amounts)) if amounts else None


def _write(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    found = _field(rng, view, how, 0.15)
    text = rng.choice((rng.choice(CITIES), Deck(rng).code(), f"{rng.randint(100, 99999)}"))
    return None if found is None else Ask("write", found, text=text)


def _field(rng: Random, view: Seen, how: str, share: float) -> Query | None:
    """An empty field, and so often the one that has the focus."""
    things = [each for each in _of(view, "field") if not each.widget.value and each.widget.label]
    focused = [each for each in things if each.widget.focused]
    things = focused if focused and rng.random() < share else [each for each in things if not each.widget.focused]
    way = "plain" if how == "plain" or rng.random() < 0.4 else rng.choice(("order", "side"))
    found = _described(rng, view, things, way, 1)
    return None if found is None else found[0]


def _copy(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    rows = [each for each in view.rows if queries.cell(each, "Code") and _readable(view, each)]
    field = _field(rng, view, how, 0.6)
    if not rows or field is None:
        return None
    return Ask("copy", field, text=rng.choice(rows).label, column="Code")


def _reveal(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    if not made.listed:
        return None
    shown = {each.label for each in view.rows} | {each.widget.label for each in view.things}
    before: list[str] = []
    after: list[str] = []
    met = False
    for each in made.listed:
        if each in shown:
            met = True
        else:
            (after if met else before).append(each)
    sides = [side for side in (before, after) if side]
    if not sides:
        return None
    side = rng.choice(sides)
    return Ask("reveal", text=rng.choice(side), column="days" if made.sideways else "page")


def _hold(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    things = _of(view, "row", "card", "tile")
    how = "plain" if rng.random() < 0.3 else how
    found = _described(rng, view, things, how if how in ("plain", "table", "side") else "order", conditions)
    if found is None and how != "plain":
        found = _ordered(rng, view, things)
    return None if found is None else Ask("hold", found[0])


def _open(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    things = [each for each in _of(view, "tile", "row") if not each.widget.id.startswith("side")]
    how = "plain" if rng.random() < 0.3 else how
    found = _described(rng, view, things, how if how in ("plain", "table", "side") else "order", conditions)
    if found is None and how != "plain":
        found = _ordered(rng, view, things)
    return None if found is None else Ask("open", found[0])


def _ordered(rng: Random, view: Seen, things: list[Thing]) -> tuple[Query, Thing] | None:
    """One of some things of a kind by counting all of that kind."""
    rng.shuffle(things)
    for thing in things[:6]:
        bare = Query(
            thing.noun, icon=thing.widget.icon if thing.noun == "tile" and thing.widget.icon == "folder" else ""
        )
        query = _counted(rng, view, thing, bare) if _several(view, bare, 3) else None
        if query is not None:
            return query, thing
    return None


def _move(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    things = [each for each in _of(view, "handle") if each.row is not None and _readable(view, each.row)]
    if len(things) < 4:
        return None
    one, two = rng.sample(things, 2)

    def said(thing: Thing) -> Query:
        if how != "plain" and rng.random() < 0.5:
            counted = _counted(rng, view, thing, Query("handle"))
            if counted is not None:
                return counted
        return Query("handle", row=thing.row.label if thing.row is not None else "")

    return Ask("move", said(one), said(two))


def _file(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    tiles = [each for each in _of(view, "tile") if each.plain]
    folders = [each for each in tiles if each.widget.icon == "folder"]
    papers = [each for each in tiles if each.widget.icon != "folder"]
    if not folders or not papers:
        return None
    one, two = rng.choice(papers), rng.choice(folders)
    first, second = Query("tile", label=one.widget.label), Query("tile", label=two.widget.label)
    if how != "plain":
        beside = _side(rng, view, two, 1)
        second = beside if beside is not None else second
    return Ask("file", first, second)


def _shortcut(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    entries = [each for each in _of(view, "entry") if each.widget.kind == "option" and each.widget.hint and each.plain]
    if not entries:
        return None
    if how != "plain" and rng.random() < 0.5:
        found = _described(rng, view, entries, rng.choice(("side", "order")), 1)
        if found is not None:
            return Ask("shortcut", found[0])
    return Ask("shortcut", Query("entry", label=rng.choice(entries).widget.label))


def _app(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    rows = [each for each in _of(view, "row") if each.plain]
    if not rows:
        return None
    if how != "plain" and rng.random() < 0.6:
        found = _ordered(rng, view, rows)
        if found is not None:
            return Ask("app", found[0])
    return Ask("app", Query("row", label=rng.choice(rows).widget.label))


def _branch(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    rows = [each for each in view.rows if _readable(view, each)]
    columns = sorted({column for each in rows for column, _ in each.cells} & {"Status", "State", "Stage"})
    if not columns or len(rows) < 3:
        return None
    column = columns[0]
    row = rng.choice(rows)
    words = queries.cell(row, column)
    values = sorted({value for each in rows if (value := queries.cell(each, column)) is not None})
    if words is None or len(values) < 3:
        return None
    others = rng.sample([each for each in values if each != words], 2)
    said = rng.sample([words, *others], 3)
    kinds = rng.sample(_BRANCHES[platform(view.screen)], 3)
    return Ask("branch", text=row.label, column=column, branches=tuple(zip(said, kinds, strict=True)))


def _answer(rng: Random, made: Made, view: Seen, how: str, conditions: int) -> Ask | None:
    return Ask("answer", text=rng.choice(("yes", "no")))


_BRANCHES: Final = {
    "phone": ("back", "home", "wait", "complete"),
    "web": ("back", "wait", "complete", "key:f5", "key:escape"),
    "desktop": ("wait", "complete", "key:f5", "key:escape"),
}

_PROPOSED: Final[dict[str, Callable[[Random, Made, Seen, str, int], Ask | None]]] = {
    "set": _set,
    "slide": _slide,
    "write": _write,
    "copy": _copy,
    "reveal": _reveal,
    "hold": _hold,
    "open": _open,
    "move": _move,
    "file": _file,
    "shortcut": _shortcut,
    "app": _app,
    "branch": _branch,
    "answer": _answer,
}
