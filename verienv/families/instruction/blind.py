"""Blind texts: what can be written without keeping the constraints in mind.

A set that one of `texts` keeps is not drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import TYPE_CHECKING, Final

from verienv import parsing
from verienv.families.instruction.subjects import KEYWORDS

if TYPE_CHECKING:
    from verienv.families.instruction import Problem

ESSAY: Final = (
    "This is a text about an ordinary day. It began early, and it ended late. People came and went, as they always do. "
    "Some of them talked about the weather, others about work. Nobody was in a hurry. In the afternoon it rained for a "
    "while, but by the evening the sky was clear again. Those who had stayed indoors went out for a walk.\n\n"
    "What does such a day teach us? Perhaps no more than this: most things take their time. A good plan helps, and so "
    "does patience. When the lights went on, everybody was tired and content. Tomorrow there would be another day, and "
    "after that another one. That is how it goes, and that is how it should be."
)
LOREM: Final = (
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et "
    "dolore magna "
    "aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo "
    "consequat."
)
TEMPLATE: Final = (
    "<<A title>>\n\nSection 1\nFirst of all, *this is important* and **so is this**. My answer is yes.\n\n***\n\n"
    "Section 2\n* One point.\n* Another point.\n\n******\n\nThere is nothing else to say.\n\nP.S. Please write "
    "to [name]."
)
WORD_GAMES: Final = (
    "Valleys still thought inner hills. Lucky birds greeted sailors quickly. Artists early carried dry towns quietly. "
    "Happy trees entered shy plain kings. Bridges plainly crossed quick yards. Winds nightly guarded faint violins. "
    "Doctors blessed tough old friends readily."
)
"""One text for many demands: prime lengths, two consonants in a row, no first letter twice in a row, no word twice."""


def texts(problem: Problem) -> dict[str, str]:
    """The blind texts that no set of constraints may leave right, by name."""
    said = [str(arg) for constraint in problem.constraints for arg in constraint.args]
    plain = ESSAY.replace(",", "").replace(":", "")
    return {
        "request": problem.request,
        "essay": ESSAY,
        "lorem ipsum": LOREM,
        "capitals": plain.upper(),
        "small letters": plain.lower(),
        "title case": plain.title(),
        "quotation": f'"{plain}"',
        "calls": plain.replace(".", "!").replace("?", "!"),
        "template": TEMPLATE,
        "every keyword": f"{', '.join(KEYWORDS)}.",
        "what is named": f"{problem.request} {' '.join(said)}.",
        "one sentence": f"This is {problem.request.removeprefix('Write ')}",
        "one word": "Yes.",
        "one letter": "x",
        "one figure": "1",
    }


def players() -> Mapping[str, Callable[[Problem, Random], str]]:
    """The players by name; "the constraints" copies them out as they stand in the prompt."""
    found: dict[str, Callable[[Problem, Random], str]] = {
        name: _player(name)
        for name in ("essay", "lorem ipsum", "capitals", "template", "every keyword", "what is named")
    }
    found["the constraints"] = lambda problem, rng: parsing.say("\n".join(problem.told()))
    found["word games"] = lambda problem, rng: parsing.say(WORD_GAMES)
    found["cut essay"] = lambda problem, rng: parsing.say(" ".join(ESSAY.split()[: rng.randrange(1, 110)]))
    return found


def _player(name: str) -> Callable[[Problem, Random], str]:
    return lambda problem, rng: parsing.say(texts(problem)[name])
