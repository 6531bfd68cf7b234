"""The native and the step view: screens, texts and actions as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from verienv import actions
from verienv.actions import ARGUMENTS, DIRECTIONS, KINDS, Action
from verienv.parsing import Unparsable

if TYPE_CHECKING:
    from gymnasium import Space

    from verienv.families.gui import Problem

QUESTION: Final = 480  # characters of an instruction
TEXTS: Final = 48  # texts to choose from
LONGEST: Final = 40  # characters of each
NOTHING: Final = "-"
"""What stands for a text where a number has none."""
STRIDES: Final = (4, 24, 128)
"""The step view moves a point by the span over one of these, at least by 1."""
_STEPS: Final = ((1, 0), (-1, 0), (0, 1), (0, -1))
_MOVES: Final = len(STRIDES) * len(_STEPS)
EDITS: Final = len(KINDS) + 2 * _MOVES + 1 + len(DIRECTIONS)


def span(problem: Problem) -> tuple[int, int]:
    """The greatest x and y that an action may name."""
    return problem.size if problem.units == "pixels" else (1000, 1000)


def texts(problem: Problem) -> tuple[str, ...]:
    """What can be typed, pressed or opened: what is quoted, what is written in view word by word, and shortcuts.

    Sorted, at most TEXTS. What the right action says is among them whenever it can be read from the instruction or the
    screen, as it always can.
    """
    found = dict.fromkeys(problem.instruction.split('"')[1::2])
    view = problem.view
    if view is not None:
        for each in view.things:
            if each.widget.kind == "option" and each.widget.hint:
                found[each.widget.hint.lower()] = None
        for row in view.rows:
            for column, words in row.cells:
                if column == "Code":
                    found[words] = None
        for words in view.words:
            for word in words.split():
                bare = word.strip(".,!?")
                if bare[:1].isupper() and len(words) > len(bare):
                    found[bare] = None
    for key in ("f5", "escape"):
        if key in problem.instruction.lower():
            found[key] = None
    for right in problem.rights if view is None else ():
        if right.text or right.key:
            found[right.text or right.key] = None
    kept = [each for each in found if 0 < len(each) <= LONGEST and each.isascii() and each.isprintable()]
    said = {right.text or right.key.lower() for right in problem.rights}
    kept.sort(key=lambda each: (each not in said, each))  # the cut at TEXTS leaves the right one in
    return tuple(sorted(kept[:TEXTS]))


def observation_space(width: int, height: int) -> Space[Any]:
    """See Gui.observation_space."""
    import numpy as np
    from gymnasium import spaces

    return spaces.Dict(
        {
            "screen": spaces.Box(0, 255, (height, width, 3), np.uint8),
            "instruction": spaces.Box(0, 127, (QUESTION,), np.uint8),
            "texts": spaces.Box(0, 127, (TEXTS, LONGEST), np.uint8),
        }
    )


def observe(problem: Problem) -> Any:
    """See Gui.observe."""
    import numpy as np

    choices = np.zeros((TEXTS, LONGEST), np.uint8)
    for at, each in enumerate(texts(problem)):
        choices[at, : len(each)] = np.frombuffer(each.encode("ascii"), np.uint8)
    said = problem.instruction.encode("ascii", "replace")[:QUESTION]
    question = np.zeros(QUESTION, np.uint8)
    question[: len(said)] = np.frombuffer(said, np.uint8)
    return {"screen": np.asarray(problem.picture()), "instruction": question, "texts": choices}


def action_space(across: int, down: int) -> Space[Any]:
    """See Gui.action_space."""
    from gymnasium import spaces

    return spaces.MultiDiscrete(
        [len(KINDS), across + 1, down + 1, across + 1, down + 1, TEXTS, len(DIRECTIONS)], dtype="int64"
    )


def act(problem: Problem, action: Any) -> Action:
    """See Gui.act."""
    kind, x1, y1, x2, y2, text, direction = (int(each) for each in action)
    return _filled(problem, KINDS[kind], (float(x1), float(y1)), (float(x2), float(y2)), text, DIRECTIONS[direction])


def encode(problem: Problem, answer: Action) -> Any:
    """See Gui.encode."""
    import numpy as np

    point, end = answer.point or (0.0, 0.0), answer.end or (0.0, 0.0)
    choices = texts(problem)
    said = answer.text or answer.key
    if said not in choices and answer.key:
        said = said.lower()
    if said == NOTHING and said not in choices:
        choices = (*choices, said)
    if said and said not in choices:
        raise Unparsable("no_such_text")
    return np.array(
        [
            KINDS.index(answer.kind),
            *[int(each) for each in (*point, *end)],
            choices.index(said) if said else 0,
            DIRECTIONS.index(answer.direction) if answer.direction else 0,
        ],
        np.int64,
    )


def edit(problem: Problem, draft: Action, number: int) -> Action:
    """See Gui.edit."""
    across, down = span(problem)
    middle = (float(across // 2), float(down // 2))
    if number < len(KINDS):
        kind = KINDS[number]
        return _filled(
            problem, kind, draft.point or middle, draft.end or draft.point or middle, 0, draft.direction or "down"
        )
    number -= len(KINDS)
    if number < 2 * _MOVES:
        last, rest = divmod(number, _MOVES)
        stride, step = divmod(rest, len(_STEPS))
        moved = draft.end if last else draft.point
        if moved is None:
            return draft
        x = moved[0] + _STEPS[step][0] * max(1, across // STRIDES[stride])
        y = moved[1] + _STEPS[step][1] * max(1, down // STRIDES[stride])
        there = (min(float(across), max(0.0, x)), min(float(down), max(0.0, y)))
        return Action(
            draft.kind,
            draft.point if last else there,
            there if last else draft.end,
            draft.text,
            draft.direction,
            draft.key,
        )
    number -= 2 * _MOVES
    choices = texts(problem)
    if number == 0:
        said = draft.text or draft.key
        if not said or not choices:
            return draft
        at = (choices.index(said) + 1) % len(choices) if said in choices else 0
        return _filled(problem, draft.kind, middle, middle, at, "down")
    return Action("scroll", direction=DIRECTIONS[number - 1]) if draft.kind == "scroll" else draft


def _filled(problem: Problem, kind: str, point: actions.Point, end: actions.Point, text: int, direction: str) -> Action:
    """An action with the arguments that its kind has."""
    wanted = ARGUMENTS[kind]
    said = ""
    if "text" in wanted or "key" in wanted:
        choices = texts(problem)
        said = choices[text] if text < len(choices) else NOTHING
    return Action(
        kind,
        point=point if "point" in wanted else None,
        end=end if "end" in wanted else None,
        text=said if "text" in wanted else "",
        direction=direction if "direction" in wanted else "",
        key=said if "key" in wanted else "",
    )
