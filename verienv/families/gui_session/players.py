"""Players that do not read the task, and plays that nearly do it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any, Final

from verienv import actions, parsing
from verienv.actions import Action
from verienv.families.gui_session import device, drawing

if TYPE_CHECKING:
    from verienv.families.gui_session import GuiSession, Problem
    from verienv.task import Player

COMPLETE = parsing.say(actions.write(Action("complete")))


def named(task: GuiSession) -> Mapping[str, Player]:
    """Every player by name."""
    return {
        "complete": lambda problem, rng: [COMPLETE],
        "middle": lambda problem, rng: _same(problem, 180, 320),
        "first row": lambda problem, rng: _same(problem, 180, 120),
        "any press": lambda problem, rng: _presses(task, problem, rng, 0.0),
        "a few presses": lambda problem, rng: _presses(task, problem, rng, 0.25),
        "any move": lambda problem, rng: _moves(task, problem, rng),
    }


def _same(problem: Problem, x: int, y: int) -> list[str]:
    """One click at a place, and complete."""
    scale = problem.look.scale
    return [parsing.say(actions.write(Action("click", point=(int(x * scale), int(y * scale))))), COMPLETE]


def _presses(task: GuiSession, problem: Problem, rng: Random, stop: float) -> list[str]:
    """Presses of what is there, at random; complete at the end, or after each with some chance."""
    return _played(task, problem, rng, ("press",), stop)


def _moves(task: GuiSession, problem: Problem, rng: Random) -> list[str]:
    """Anything that can be done, at random."""
    return _played(task, problem, rng, (), 0.1)


def _played(task: GuiSession, problem: Problem, rng: Random, verbs: tuple[str, ...], stop: float) -> list[str]:
    state: Any = task.start(problem)
    replies: list[str] = []
    while len(replies) + 1 < problem.turns and (not replies or rng.random() >= stop):
        choices = [move for move in device.moves(state.phone) if not verbs or move.verb in verbs]
        if not choices:
            break
        action = device.write(state.phone, rng.choice(choices), problem.look)
        replies.append(parsing.say(actions.write(action)))
        state = task.move(problem, state, action)
        if task.over(problem, state):
            return replies
    return [*replies, COMPLETE]


def _called(action: Action) -> str:
    """`click(120, 48)`"""
    arguments = [*(action.point or ()), *([json.dumps(action.text)] if action.text else [])]
    if action.direction:
        arguments.append(action.direction)
    return f"{action.kind}({', '.join(map(str, arguments))})"


def _commanded(action: Action) -> str:
    """`tap [120, 48]`"""
    words = [{"click": "tap", "long_press": "long press", "back": "go back"}.get(action.kind, action.kind)]
    if action.point is not None:
        words.append(f"[{action.point[0]}, {action.point[1]}]")
    words += [json.dumps(action.text)] if action.text else []
    return " ".join([*words, action.direction]).strip()


FORMS: Final = (
    lambda action: f"[{actions.write(action)}]",
    lambda action: actions.write(action).replace("{", "{ ").replace("}", "\n}"),
    _called,
    _commanded,
)
"""Other ways of writing an action."""


def mutants(task: GuiSession, problem: Problem, rng: Random) -> list[list[str]]:
    """Plays that come near a right one and are wrong."""
    right = task.solve(problem)
    way = [actions.read(parsing.answer(reply)) for reply in right]
    made = [right[:-1]] if problem.lookups else [right[:-1], right[1:]]
    if problem.finish:
        made += [[COMPLETE], [COMPLETE, *right], [*right[:-2], COMPLETE]]
    wide, high = drawing.size(problem.look)
    beside = [
        Action(each.kind, (each.point[0] + wide, each.point[1] - high)) if each.point is not None else each
        for each in way
    ]
    typed = [Action(each.kind, text=each.text + "s") if each.kind == "type" else each for each in way]
    for other in (beside, typed):
        if other != way:
            made.append([_say(each) for each in other])
    more = _more(task, problem, right, rng)
    if more is not None and problem.finish and len(right) < problem.turns:
        made.append([*right[:-1], _say(more), COMPLETE])
    return made


def _more(task: GuiSession, problem: Problem, right: list[str], rng: Random) -> Action | None:
    """An action after all is done that changes what some program keeps."""
    state = task.start(problem)
    for reply in right[:-1]:
        state = task.move(problem, state, task.parse(problem, reply))
    choices = [
        move
        for move in device.moves(state.phone)
        if any(
            now.data != then.data
            for now, then in zip(state.phone.states, device.apply(state.phone, move).states, strict=True)
        )
    ]
    return device.write(state.phone, rng.choice(choices), problem.look) if choices else None


def _say(action: Action) -> str:
    return parsing.say(actions.write(action))
