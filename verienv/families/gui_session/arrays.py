"""A session as arrays: the screen's pixels, the task in characters, and the texts that there are to type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from gymnasium import spaces

from verienv.actions import Action
from verienv.families.gui_session import device, drawing, making
from verienv.families.gui_session.device import KINDS
from verienv.families.gui_session.drawing import Look
from verienv.parsing import Unparsable

if TYPE_CHECKING:
    from verienv.families.gui_session import Problem, State

TASK_CHARS: Final = 1_600
TEXTS: Final = 24
"""Texts that can be chosen from; the last argument of an action is the place of one of them."""
TEXT_CHARS: Final = 48


def observation_space(look: Look, turns: int) -> spaces.Dict:
    """The screen, the task as character codes (0 after its end), the texts to type likewise, the turns left."""
    wide, high = drawing.size(look)
    return spaces.Dict(
        {
            "screen": spaces.Box(0, 255, (high, wide, 3), np.uint8),
            "task": spaces.Box(0, 127, (TASK_CHARS,), np.uint8),
            "texts": spaces.Box(0, 127, (TEXTS, TEXT_CHARS), np.uint8),
            "turns": spaces.Box(0, turns, (1,), np.int64),
        }
    )


def action_space(look: Look) -> spaces.MultiDiscrete:
    """A kind, a pixel across, a pixel down, and an argument.

    The argument is the place of a text (type), of a program in the order that the task lists them (open), or 0 for
    down and any other for up (scroll).
    """
    wide, high = drawing.size(look)
    return spaces.MultiDiscrete([len(KINDS), wide, high, TEXTS])


def observe(problem: Problem, state: State) -> dict[str, Any]:
    """What a state shows; a text that has to be looked up is there once it has been seen."""
    screen = drawing.picture(device.page(state.phone), problem.look)
    task = "\n".join(making.sentences(problem.phone, problem.goals, problem.lookups, problem.phrasing))
    return {
        "screen": np.asarray(screen, np.uint8),
        "task": _codes(f"{task}\nApps: {', '.join(problem.phone.names)}.", TASK_CHARS),
        "texts": np.stack([_codes(text, TEXT_CHARS) for text in _texts(problem, state)]),
        "turns": np.array([problem.turns - state.turn], np.int64),
    }


def act(problem: Problem, state: State, action: Any) -> Action:
    """The action that four numbers stand for. Raises Unparsable for a text or a program that is not there."""
    kind, x, y, argument = KINDS[int(action[0])], int(action[1]), int(action[2]), int(action[3])
    if kind in ("click", "long_press"):
        return Action(kind, point=(float(x), float(y)))
    if kind == "scroll":
        return Action(kind, direction="up" if argument else "down")
    if kind in ("type", "open"):
        choices = _texts(problem, state) if kind == "type" else problem.phone.names
        text = choices[argument] if argument < len(choices) else ""
        if not text:
            raise Unparsable("no_such_text")
        return Action(kind, text=text)
    return Action(kind)


def encode(problem: Problem, state: State, action: Action) -> Any:
    """The four numbers that `act` makes this action of. Raises Unparsable for one that they cannot say."""
    x, y = (0, 0) if action.point is None else (int(action.point[0]), int(action.point[1]))
    argument = int(action.direction == "up")
    if action.kind in ("type", "open"):
        choices = _texts(problem, state) if action.kind == "type" else problem.phone.names
        if action.text not in choices:
            raise Unparsable("no_such_text")
        argument = choices.index(action.text)
    return np.array([KINDS.index(action.kind), x, y, argument], np.int64)


def _texts(problem: Problem, state: State) -> tuple[str, ...]:
    """The texts that the task names, in its order, and those looked up so far, each in its place; "" for none."""
    found = making.texts(problem.phone, problem.goals, problem.lookups)
    known = [text if lookup is None or lookup in state.seen else "" for text, lookup in found]
    return (*known, *[""] * (TEXTS - len(known)))


def _codes(text: str, size: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    made = np.zeros(size, np.uint8)
    written = text.encode("ascii")[:size]
    made[: len(written)] = np.frombuffer(written, np.uint8)
    return made
