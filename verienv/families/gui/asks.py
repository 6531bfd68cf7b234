"""What is asked of a screen, as data, and the actions that do it: worked out from what is in view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from verienv import actions
from verienv.actions import Action
from verienv.families.gui import lists, queries, seen
from verienv.families.gui.content import DIALOGS, NOTICES
from verienv.families.gui.queries import Query
from verienv.families.gui.seen import Seen, Thing
from verienv.render.screen import Screen
from verienv.render.screen.boxes import Box, empty, inside, meet

KINDS: Final = (
    *("press", "set", "slide", "write", "copy", "reveal", "hold", "open", "move", "file", "shortcut", "app", "branch"),
    *("answer",),
)
NOTICE: Final = "notice"
"""The id of what lies in front of a screen and is to be closed first."""
REFUSALS: Final = frozenset(each[3] for each in (*NOTICES, *DIALOGS))
AGREEMENTS: Final = frozenset(each[2] for each in (*NOTICES, *DIALOGS))
SLACK: Final = 4
"""A slider may be let go this many hundredths of its track from the value asked for."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One instruction. What `target`, `other`, `text`, `amount` and `branches` mean is said by `settle`."""

    kind: str
    target: Query | None = None
    other: Query | None = None
    text: str = ""
    amount: int = 0
    column: str = ""
    branches: tuple[tuple[str, str], ...] = ()  # words in the column → kind of action
    purpose: bool = False  # worded by what pressing it is for


@dataclass(frozen=True, slots=True)
class Right:
    """A right action: any point in `areas` outside `holes`, an end in `ends`, and exactly these arguments."""

    kind: str
    areas: tuple[Box, ...] = ()
    holes: tuple[Box, ...] = ()
    ends: tuple[Box, ...] = ()
    text: str = ""
    direction: str = ""
    key: str = ""


def settle(screen: Screen, ask: Ask, view: Seen | None = None) -> tuple[Right, ...]:
    """The right actions, found by looking at everything in view; none where it is not clear."""
    if any(each.kind == "busy" for each in screen.over):
        return (Right("wait"),)
    front = next((each for each in screen.over if each.id == NOTICE), None)
    if front is None:
        return _SETTLED[ask.kind](seen.look(screen) if view is None else view, ask)
    behind = replace(screen, over=tuple([each for each in screen.over if each is not front]))
    wanted = _SETTLED[ask.kind](seen.look(behind), ask)
    view = seen.look(screen) if view is None else view
    if not wanted or any(right.kind in ("complete", "wait") for right in wanted):
        return ()
    place = view.placed.place(NOTICE)
    if place is None:
        return ()
    clear = view.placed.modal == 0 and all(
        empty(meet(area, place.box)) for right in wanted for area in (*right.areas, *right.ends)
    )
    if clear:
        return wanted
    away = [each for each in view.things if each.layer == place.layer and each.widget.label in REFUSALS]
    if len(away) != 1:
        return ()
    return (_click(view, away[0]),)


def platform(screen: Screen) -> str:
    """What kind of screen it is, by the frame around it."""
    kinds = {each.kind for each in screen.root.items}
    return "desktop" if "window_bar" in kinds else "web" if "browser_bar" in kinds else "phone"


def fits(right: Right, action: Action) -> dict[str, bool]:
    """Which parts of an action are as they should be, given that its kind is: coordinates, text, direction."""
    found: dict[str, bool] = {}
    if right.areas and (action.point is not None or right.kind != "scroll"):
        point = action.point
        hit = point is not None and _within(point, right.areas) and not _within(point, right.holes)
        if right.ends:
            hit = hit and action.end is not None and _within(action.end, right.ends)
        found["coordinates"] = hit
    if right.text or right.key:
        said = action.key if right.key else action.text
        found["text"] = same_key(said, right.key) if right.key else same_text(said, right.text)
    if right.direction:
        found["direction"] = action.direction == right.direction
    return found


def arguments(action: Action) -> bool:
    """Whether an action says more than its kind."""
    return bool(action.point or action.end or action.text or action.direction or action.key)


def same_text(first: str, second: str) -> bool:
    """Whether two texts are the same but for white space at the ends and its amount between words."""
    return first.split() == second.split()


def same_key(first: str, second: str) -> bool:
    """Whether two keys are the same: capitals do not matter, nor the order of what is held down."""
    return _keys(first) == _keys(second)


def write(right: Right) -> Action:
    """An action that is right, at whole pixels."""
    point = None
    if right.areas and right.kind != "scroll":
        point = seen.spot(right.areas[0], right.holes)
    end = seen.spot(right.ends[0], ()) if right.ends else None
    return Action(
        right.kind,
        point=None if point is None else (float(point[0]), float(point[1])),
        end=None if end is None else (float(end[0]), float(end[1])),
        text=right.text,
        direction=right.direction,
        key=right.key,
    )


def _within(point: actions.Point, boxes: tuple[Box, ...]) -> bool:
    return any(inside(each, *point) for each in boxes)


def _keys(text: str) -> tuple[frozenset[str], str]:
    parts = [each.strip().lower() for each in text.replace("-", "+").split("+")]
    parts = [_KEY_NAMES.get(each, each) for each in parts]
    return frozenset(parts[:-1]), parts[-1]


_KEY_NAMES: Final = {"control": "ctrl", "return": "enter", "esc": "escape", "option": "alt"}


def _one(view: Seen, query: Query | None) -> Thing | None:
    """The one thing that a description fits, whether or not what is cut or partly covered counts; else None."""
    if query is None:
        return None
    found = queries.resolve(view, query)
    if len(found) != 1 or [each.id for each in queries.resolve(view, query, partial=True)] != [found[0].id]:
        return None
    return found[0]


def _click(view: Seen, thing: Thing, kind: str = "click") -> Right:
    return Right(kind, (thing.box,), seen.holes(view, thing))


def _press(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Click `target`."""
    thing = _one(view, ask.target)
    return (_click(view, thing),) if thing is not None and thing.widget.enabled else ()


def _hold(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Press `target` for long."""
    thing = _one(view, ask.target)
    return (_click(view, thing, "long_press"),) if thing is not None else ()


def _open(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Click `target` twice."""
    thing = _one(view, ask.target)
    return (_click(view, thing, "double_click"),) if thing is not None else ()


def _set(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Make `target` on or off, as `text` says: click it, or say that all is done."""
    thing = _one(view, ask.target)
    if thing is None or not thing.widget.enabled:
        return ()
    return (Right("complete"),) if queries.state(thing) == ask.text else (_click(view, thing),)


def _slide(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Drag the knob of `target` to `amount` hundredths."""
    thing = _one(view, ask.target)
    if thing is None or not thing.widget.enabled or abs(int(thing.widget.value) - ask.amount) < 4 * SLACK:
        return ()
    placed = view.placed
    knob = placed.knob(thing.id)
    if knob is None:
        return ()
    reach = placed.measures.px(13)
    start = (knob[0] - reach, knob[1] - reach, knob[0] + reach, knob[1] + reach)
    left, right = placed.along(thing.id, ask.amount - SLACK), placed.along(thing.id, ask.amount + SLACK) + 1
    end = (left, thing.box[1] - reach, right, thing.box[3] + reach)
    return (Right("drag", (start,), (), (end,)),)


def _write(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Put `text` into the field `target`: type it where the field has the focus, click the field where not."""
    thing = _one(view, ask.target)
    if thing is None or thing.widget.value or not thing.widget.enabled:
        return ()
    return (Right("type", text=ask.text),) if thing.widget.focused else (_click(view, thing),)


def _copy(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Put what the row `text` says under `column` into the field `target`."""
    rows = [each for each in view.rows if each.label == ask.text]
    words = queries.cell(rows[0], ask.column) if len(rows) == 1 else None
    return () if words is None else _write(view, replace(ask, text=words))


def _reveal(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Scroll the sorted list or strip `column` until `text` is in view."""
    if ask.column == "days":
        shown = [each.widget.label for each in view.things if each.noun == "chip"]
    else:
        shown = [each.label for each in view.rows]
    cut = any(each.widget.label == ask.text and not empty(each.seen) for each in view.placed.places)
    if len(shown) < 2 or ask.text in shown or cut:
        return ()
    order = [_rank(each) for each in (*shown, ask.text)]
    place = view.placed.place(ask.column)
    if place is None:
        return ()
    sideways = ask.column == "days"
    if order[-1] > max(order[:-1]):
        direction = "right" if sideways else "down"
    elif order[-1] < min(order[:-1]):
        direction = "left" if sideways else "up"
    else:
        return ()
    return (Right("scroll", (place.seen,), direction=direction),)


def _rank(label: str) -> tuple[float, str]:
    number = queries.measure(label)
    return (0.0 if number is None else number, label)


def _move(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Drag the handle `target` to the row whose handle is `other`."""
    thing, other = _one(view, ask.target), _one(view, ask.other)
    if thing is None or other is None or thing.id == other.id or other.row is None:
        return ()
    row = next(
        (each for each in view.placed.places if each.widget.kind == "item" and each.widget.label == other.row.label),
        None,
    )
    return () if row is None else (Right("drag", (thing.box,), (), (row.seen,)),)


def _file(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Drag `target` onto `other`."""
    thing, other = _one(view, ask.target), _one(view, ask.other)
    if thing is None or other is None or thing.id == other.id:
        return ()
    return (Right("drag", (thing.box,), seen.holes(view, thing), (other.box,)),)


def _shortcut(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Press the keys that stand beside the menu's entry `target`."""
    thing = _one(view, ask.target)
    return (Right("key", key=thing.widget.hint.lower()),) if thing is not None and thing.widget.hint else ()


def _app(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Open the program that the message of the row `target` names."""
    thing = _one(view, ask.target)
    if thing is None or not thing.plain:
        return ()
    name = lists.told(thing.widget.hint)
    return () if name is None else (Right("open", text=name),)


def _branch(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Do what `branches` says for what the row `text` has under `column`."""
    rows = [each for each in view.rows if each.label == ask.text]
    words = queries.cell(rows[0], ask.column) if len(rows) == 1 else None
    kind = dict(ask.branches).get(words) if words is not None else None
    if kind is None:
        return ()
    name, _, key = kind.partition(":")
    return (Right(name, key=key),)


def _answer(view: Seen, ask: Ask) -> tuple[Right, ...]:
    """Say yes or no to the dialog in front, as `text` says."""
    labels = AGREEMENTS if ask.text == "yes" else REFUSALS
    found = [each for each in view.things if each.layer and each.noun == "button" and each.widget.label in labels]
    if len(found) != 1:
        return ()
    return (_click(view, found[0]),)


_SETTLED: Final[dict[str, Callable[[Seen, Ask], tuple[Right, ...]]]] = {
    "press": _press,
    "hold": _hold,
    "open": _open,
    "set": _set,
    "slide": _slide,
    "write": _write,
    "copy": _copy,
    "reveal": _reveal,
    "move": _move,
    "file": _file,
    "shortcut": _shortcut,
    "app": _app,
    "branch": _branch,
    "answer": _answer,
}
