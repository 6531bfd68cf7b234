"""Actions on a screen: one dataclass, `write` that gives the form asked for, `read` that takes the common others.

Read are an object as JSON or Python writes it, alone or as the only element of a list; a call; and a command:

    {"action": "click", "coordinate": [120, 48]}    [{'action': 'click', 'coordinate': [120, 48]}]
    click(120, 48)    click(point=[120, 48])    click [120, 48]    action: click, coordinate: [120, 48]

An action has exactly the arguments of its kind: a click without a point is none, nor is a scroll with a text. Points
are decimal numbers of bounded length, signs kept; whether they lie on the screen is the family's to judge. Swipes are
not read, as fingers and pages move in opposite directions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from verienv import literals
from verienv.parsing import Unparsable

MAX_TEXT: Final = 600
"""Characters that an action may have as it is written."""

DIRECTIONS: Final = ("up", "down", "left", "right")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Action:
    """One action. Which fields are filled is said by `ARGUMENTS[kind]`; the others keep their defaults.

    point, end: x and y in the units asked for, origin top left. text: what is typed, or the name of an app.
    direction: which part of the content is wanted, so "down" shows what stands further down. key: a key's name.
    """

    kind: str
    point: Point | None = None
    end: Point | None = None
    text: str = ""
    direction: str = ""
    key: str = ""


ARGUMENTS: Final[dict[str, tuple[str, ...]]] = {
    "click": ("point",),
    "double_click": ("point",),
    "long_press": ("point",),
    "drag": ("point", "end"),
    "scroll": ("direction",),
    "type": ("text",),
    "key": ("key",),
    "open": ("text",),
    "back": (),
    "home": (),
    "wait": (),
    "complete": (),
}
"""The kinds, and what each must say. A scroll may also have a point, inside the part that is to be scrolled."""

KINDS: Final = tuple(ARGUMENTS)

_OPTIONAL: Final = {"scroll": ("point",)}

_SYNONYMS: Final = {
    **{kind: kind for kind in KINDS},
    **dict.fromkeys(("tap", "left_click", "single_click", "left_single", "press"), "click"),
    **dict.fromkeys(("double_tap", "left_double"), "double_click"),
    **dict.fromkeys(("long_click", "long_tap", "longpress", "press_and_hold"), "long_press"),
    **dict.fromkeys(("left_click_drag", "drag_and_drop"), "drag"),
    **dict.fromkeys(("input_text", "type_text", "input", "enter_text"), "type"),
    **dict.fromkeys(("press_key", "key_press", "keypress", "hotkey"), "key"),
    **dict.fromkeys(("open_app", "launch", "launch_app"), "open"),
    **dict.fromkeys(("navigate_back", "press_back", "go_back"), "back"),
    **dict.fromkeys(("navigate_home", "press_home", "go_home"), "home"),
    **dict.fromkeys(("completed", "finish", "finished", "done"), "complete"),
}

_ACTION_KEYS: Final = ("action", "action_type")

_FIELDS: Final[dict[str, dict[str, str]]] = {
    "point": dict.fromkeys(
        ("coordinate", "coordinates", "point", "position", "start", "start_coordinate", "start_point", "from"), "point"
    ),
    "end": dict.fromkeys(("end", "end_coordinate", "end_point", "coordinate2", "to"), "end"),
    "text": dict.fromkeys(("text", "content", "value", "app", "app_name"), "text"),
    "direction": {"direction": "direction"},
    "key": {"key": "key"},
}
_FIELD_OF: Final = {name: field for names in _FIELDS.values() for name, field in names.items()}
_PAIRS: Final = {("x", "y"): "point", ("x1", "y1"): "point", ("x2", "y2"): "end"}


def write(action: Action) -> str:
    """The action in the form that prompts ask for: a JSON object."""
    fields: dict[str, object] = {"action": action.kind}
    if action.point is not None:
        fields["coordinate"] = _numbers(action.point)
    if action.end is not None:
        fields["end"] = _numbers(action.end)
    for name, value in (("direction", action.direction), ("key", action.key)):
        if value:
            fields[name] = value
    if action.text:
        fields["app" if action.kind == "open" else "text"] = action.text
    return json.dumps(fields)


_EXAMPLES: Final = {
    "click": '{"action": "click", "coordinate": [x, y]}',
    "double_click": '{"action": "double_click", "coordinate": [x, y]}',
    "long_press": '{"action": "long_press", "coordinate": [x, y]}',
    "drag": '{"action": "drag", "coordinate": [x, y], "end": [x, y]}',
    "scroll": '{"action": "scroll", "direction": "down"}, or up, left, right: the part of the content that you want',
    "type": '{"action": "type", "text": "..."}, into the field that has the focus',
    "key": '{"action": "key", "key": "enter"}',
    "open": '{"action": "open", "app": "..."}',
    "back": '{"action": "back"}',
    "home": '{"action": "home"}',
    "wait": '{"action": "wait"}',
    "complete": '{"action": "complete"}, when everything is done',
}


def menu(kinds: Iterable[str] = KINDS) -> str:
    """The actions of these kinds as lines of a prompt."""
    return "\n".join([_EXAMPLES[kind] for kind in kinds])


def read(text: str) -> Action:
    """The one action that `text` (an answer without its tags) says. Raises Unparsable."""
    if len(text) > MAX_TEXT:
        raise Unparsable("too_long")
    text = text.strip()
    if text[:2] in ('"{', '"[', "'{", "'[") and text[-1] == text[0]:
        text = text[1:-1].strip()  # an object written as a string
    if text[:1] in ("{", "["):
        return _object(literals.value(text))
    words, given, named = literals.call(text)
    if not words:
        if given:
            raise Unparsable("no_action")
        return _object(named)
    for count in (2, 1):
        kind = _kind(" ".join(words[:count]))
        if kind is not None:
            return _called(kind, [*words[count:], *given], named)
    raise Unparsable("unknown_action")


def _object(found: Any) -> Action:
    if type(found) is list:
        if len(found) > 1 and all(type(each) is dict for each in found):
            raise Unparsable("several_actions")
        found = found[0] if len(found) == 1 else None
    if type(found) is not dict:
        raise Unparsable("no_action")
    if len(found) == 1:
        ((key, value),) = found.items()
        kind = _kind(key)
        if kind is not None:  # {"click": [120, 48]}
            return _called(kind, [value], {})
    keys = [key for key in _ACTION_KEYS if key in found]
    if len(keys) != 1:
        raise Unparsable("no_action")
    name = found[keys[0]]
    kind = _kind(name) if type(name) is str else None
    if kind is None:
        raise Unparsable("unknown_action")
    return _called(kind, [], {key: value for key, value in found.items() if key != keys[0]})


def _kind(name: str) -> str | None:
    return _SYNONYMS.get(name.strip().lower().replace(" ", "_").replace("-", "_"))


def _called(kind: str, given: list[Any], named: dict[str, Any]) -> Action:
    """The action of a kind with these arguments, by place and by name: exactly those that it has."""
    wanted = ARGUMENTS[kind]
    fields = _by_name(named)
    if given:
        if fields and kind != "scroll":
            raise Unparsable("surplus_argument")
        fields = {**_by_place(wanted, given), **fields}
    if any(field not in fields for field in wanted):
        raise Unparsable("missing_argument")
    if len(fields) > len(wanted) and any(field not in (*wanted, *_OPTIONAL.get(kind, ())) for field in fields):
        raise Unparsable("surplus_argument")
    for field, value in fields.items():
        fields[field] = _point(value) if field in ("point", "end") else _text(field, value)
    return Action(kind, **fields)


def _by_name(named: dict[str, Any]) -> dict[str, Any]:
    """Arguments by the field that they fill; null fills none."""
    said = {name: value for name, value in named.items() if value is not None}
    fields: dict[str, Any] = {}
    for names, field in _PAIRS.items():
        if names[0] in said and names[1] in said:
            if field in fields:
                raise Unparsable("surplus_argument")
            fields[field] = [said.pop(names[0]), said.pop(names[1])]
    for name, value in said.items():
        field = _FIELD_OF.get(name, "")
        if not field or field in fields:
            raise Unparsable("surplus_argument")
        fields[field] = value
    return fields


def _by_place(wanted: tuple[str, ...], given: list[Any]) -> dict[str, Any]:
    """`120, 48` is a point as `[120, 48]` is, and four numbers are two points."""
    if wanted and wanted[0] == "point":
        if len(given) == 1 and len(wanted) == 2 and type(given[0]) is list:
            given = given[0]
        if len(given) == 2 * len(wanted) and all(type(each) is float for each in given):
            given = [given[at : at + 2] for at in range(0, len(given), 2)]
    if len(given) > len(wanted):
        raise Unparsable("surplus_argument")
    return dict(zip(wanted, given, strict=False))


def _point(value: Any) -> Point:
    if type(value) is not list or len(value) != 2 or any(type(each) is not float for each in value):
        raise Unparsable("not_a_point")
    return value[0], value[1]


def _text(field: str, value: Any) -> str:
    if type(value) is not str or not value:
        raise Unparsable("not_text")
    if field == "direction":
        if value.lower() not in DIRECTIONS:
            raise Unparsable("no_direction")
        return value.lower()
    return value


def _numbers(point: Point) -> list[float]:
    return [int(each) if each == int(each) else each for each in point]
