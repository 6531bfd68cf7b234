"""Instructions in English, and the prompt around them."""

from __future__ import annotations

from typing import Final

from verienv import actions, parsing
from verienv.actions import Action
from verienv.families.gui.asks import Ask
from verienv.families.gui.queries import Query, Where

PIXELS, THOUSANDTHS = "pixels", "thousandths"
UNITS: Final = (PIXELS, THOUSANDTHS)
JSON, UI_R1, POINT = "json", "ui_r1", "point"
FORMS: Final = (JSON, UI_R1, POINT)
"""How the answer is asked for: a JSON object, the list that UI-R1 writes, or the point of a click alone."""

ORDINALS: Final = ("", "first", "second", "third", "fourth", "fifth", "sixth")

LOOKS: Final[dict[str, str]] = {  # what an icon shows
    "add": "plus",
    "align_center": "centred lines",
    "align_left": "lines flush left",
    "archive": "filing box",
    "back": "arrow to the left",
    "bell": "bell",
    "bold": "letter B",
    "bookmark_outline": "empty bookmark",
    "cart": "shopping cart",
    "chat": "speech bubble",
    "copy": "two sheets",
    "cut": "scissors",
    "delete": "bin",
    "download": "arrow down to a line",
    "edit": "pencil",
    "filter": "funnel",
    "flag": "flag",
    "heart": "filled heart",
    "heart_outline": "empty heart",
    "help": "question mark",
    "image": "picture",
    "italic": "slanted I",
    "link": "chain",
    "list": "list with dots",
    "mail": "envelope",
    "menu": "three equal lines",
    "more": "three dots",
    "next": "skip-ahead",
    "paste": "clipboard",
    "pause": "two bars",
    "phone": "telephone",
    "play": "plain triangle",
    "previous": "skip-back",
    "print": "printer",
    "redo": "arrow bent to the right",
    "refresh": "round arrow",
    "search": "magnifier",
    "share": "three joined dots",
    "sort": "three shrinking lines",
    "star": "filled star",
    "star_outline": "empty star",
    "underline": "underlined U",
    "undo": "arrow bent to the left",
    "up": "arrow up",
    "upload": "arrow up from a line",
    "volume": "loudspeaker",
}
PURPOSES: Final[dict[str, str]] = {  # what an icon in a row is for
    "archive": "Put {} into the archive",
    "bookmark_outline": "Bookmark {}",
    "chat": "Write to {}",
    "delete": "Delete {}",
    "download": "Download {}",
    "edit": "Edit {}",
    "flag": "Put a flag on {}",
    "heart": "Take back the like of {}",
    "heart_outline": "Like {}",
    "mail": "Send {} by mail",
    "more": "Show what else can be done with {}",
    "phone": "Call {}",
    "share": "Share {}",
    "star": "Remove the star of {}",
    "star_outline": "Give {} a star",
}
BRANCHES: Final[dict[str, str]] = {  # an action without arguments, or a key, in words
    "back": "go back",
    "home": "go to the home screen",
    "wait": "wait",
    "complete": "report that you are done",
    "key:escape": "press the key Escape",
    "key:f5": "press the key F5",
}
_COUNTED: Final = {
    "top": "from the top",
    "bottom": "from the bottom",
    "left": "from the left",
    "right": "from the right",
}
_SIDES: Final = {"left": "to the left of", "right": "to the right of", "above": "above", "below": "below"}
_NAMES: Final = {
    "list": "drop-down list",
    "box": "tick box",
    "option": "round choice",
    "entry": "entry",
    "menu": "menu",
}


def instruction(ask: Ask) -> str:
    """The request, as a sentence or two."""
    target = describe(ask.target) if ask.target is not None else ""
    kind = ask.kind
    if kind == "press":
        if ask.purpose and ask.target is not None and ask.target.icon in PURPOSES:
            return PURPOSES[ask.target.icon].format(_whose(ask.target)) + "."
        return f"Press {target}."
    if kind == "set":
        return f"Make sure that {target} is {ask.text}."
    if kind == "slide":
        return f"Set {target} to {ask.amount} of 100."
    if kind == "write":
        return f'Write "{ask.text}" into {target}.'
    if kind == "copy":
        return f'Write the {ask.column.lower()} of "{ask.text}" into {target}.'
    if kind == "reveal":
        what = "day" if ask.column == "days" else "entry"
        return f'Bring the {what} "{ask.text}" into view. They stand in order.'
    if kind == "hold":
        return f"Select {target}. Pressing for long selects."
    if kind == "open":
        return f"Open {target}. A double click opens."
    if kind in ("move", "file"):
        other = describe(ask.other) if ask.other is not None else ""
        if kind == "file":
            return f"Put {target} into {other}."
        return f"Move {_dragged(ask.target)} to the place of {_dragged(ask.other)}."
    if kind == "shortcut":
        return f"Use the keyboard for what {target} does."
    if kind == "app":
        return f"Open the program that {target} tells you to use."
    if kind == "branch":
        said = [f'if it is "{words}", {BRANCHES[action]}' for words, action in ask.branches]
        return f'Look at the {ask.column.lower()} of "{ask.text}": {"; ".join(said)}.'
    return "Agree to what the dialog asks." if ask.text == "yes" else "Decline what the dialog asks."


def describe(query: Query) -> str:
    """A description as a noun phrase with "the"."""
    noun = _NAMES.get(query.noun, query.noun)
    if query.icon and query.noun == "icon":
        noun = f"{LOOKS.get(query.icon, query.icon)} icon"
    if query.noun == "tile" and query.icon in ("folder", "file"):
        noun = query.icon
    words = f'{noun} "{query.label}"' if query.label else noun
    if query.order:
        words = f"{ORDINALS[query.rank]} {words} {_COUNTED[query.order]}"
    if query.state == "enabled":
        words += " that can be pressed"
    elif query.state:
        words += f" among those that are {query.state}" if query.order else f" that is {query.state}"
    if query.row:
        words += f' of "{query.row}"'
    if query.where:
        words += f" of the entry {_conditions(query.where)}" if query.noun != "row" else f" {_conditions(query.where)}"
    if query.section:
        words += f' under "{query.section}"'
    if query.side and query.anchor is not None:
        words += f" directly {_SIDES[query.side]} {describe(query.anchor)}"
    return f"the {words}"


def _whose(query: Query) -> str:
    """Whom a purpose concerns."""
    if query.row:
        return f'"{query.row}"'
    return f"the entry {_conditions(query.where)}" if query.where else "it"


def _dragged(query: Query | None) -> str:
    if query is None:
        return ""
    return f'"{query.row}"' if query.row else describe(query)


def _conditions(conditions: tuple[Where, ...]) -> str:
    return " and ".join([_condition(each) for each in conditions])


def _condition(where: Where) -> str:
    column = where.column.lower()
    most, least, more, less = _COMPARED.get(column, ("highest", "lowest", "above", "below"))
    if where.how in ("highest", "lowest"):
        return f"with the {most if where.how == 'highest' else least} {_HEADS.get(column, column)}"
    if where.how in ("above", "below"):
        return f"whose {_HEADS.get(column, column)} is {more if where.how == 'above' else less} {where.value}"
    return f'whose {column} {where.how} "{where.value}"'


_HEADS: Final = {"changed": "day of change"}
_COMPARED: Final = {
    **dict.fromkeys(("date", "changed", "time"), ("latest", "earliest", "after", "before")),
    "length": ("greatest", "smallest", "above", "below"),
    "size": ("greatest", "smallest", "above", "below"),
}


RULES: Final = (
    "Pressing is a click, and only what can be pressed reacts. Count and compare what is wholly in view; where several "
    "conditions are named, all must hold, and a highest or latest is meant among what meets the other conditions. "
    "A slider is moved by dragging its knob, a row by dragging its handle (the two short lines) onto the row whose "
    "place it takes, a file by dragging it onto a folder. Typing goes into the field that has the focus; a field "
    "without it must be clicked first. If something in front covers what is needed, the next step is to close it with "
    "the button that agrees to nothing; while the screen is loading, it is to wait. If what is asked for is so "
    "already, the action is complete."
)


def ask(text: str, size: tuple[int, int], form: str, units: str) -> str:
    """The text of the prompt, after the picture."""
    width, height = size
    unit = "pixels" if units == PIXELS else "thousandths of its width and height, from 0 to 1000"
    space = f"The screen is {width} x {height} pixels. Coordinates are {unit}; the origin is the top left corner."
    if form == POINT:
        return f"{text}\n\n{space} {_RULES_POINT}\n\n{parsing.ask('the point to click, [x, y]', '[120, 48]')}"
    kinds = actions.menu() if form == JSON else _published_menu()
    example = write(Action("click", point=(120.0, 48.0)), form)
    shape = "one action as JSON" if form == JSON else "a list of one action"
    return (
        f"What is the one next action for this?\n{text}\n\n{space} {RULES}\n\nThe actions:\n{kinds}\n\n"
        f"{parsing.ask(shape, example)}"
    )


_RULES_POINT: Final = "Count and compare what is wholly in view; where several conditions are named, all must hold."


def write(action: Action, form: str) -> str:
    """An action as the prompt asks for it."""
    if form == POINT and action.kind == "click" and action.point is not None:
        return str([int(each) if each == int(each) else each for each in action.point])
    if form == UI_R1:
        return "[" + published(action) + "]"
    return actions.write(action)


NAMES: Final = {"type": "input_text", "open": "open_app", "back": "navigate_back", "home": "navigate_home"}
"""What UI-R1 and AndroidControl call some kinds of action."""


def published(action: Action) -> str:
    """An action as UI-R1 writes it: a Python dictionary in single quotes, with its names."""
    parts = [f"'action': '{NAMES.get(action.kind, action.kind)}'"]
    if action.point is not None:
        parts.append(f"'coordinate': {_pair(action.point)}")
    if action.end is not None:
        parts.append(f"'end': {_pair(action.end)}")
    for name, value in (("text", action.text), ("direction", action.direction), ("key", action.key)):
        if value:
            parts.append(f"'{'app_name' if name == 'text' and action.kind == 'open' else name}': {value!r}")
    return "{" + ", ".join(parts) + "}"


def _published_menu() -> str:
    """The actions as UI-R1 writes them."""
    lines = []
    for kind, line in zip(actions.KINDS, actions.menu().splitlines(), strict=True):
        named = line.replace(f'"{kind}"', f'"{NAMES.get(kind, kind)}"').replace('"app"', '"app_name"')
        lines.append(named.replace('"', "'"))
    return "\n".join(lines)


def _pair(point: actions.Point) -> str:
    return str([int(each) if each == int(each) else each for each in point])
