"""The rules and the board in words, and how moves are written and read."""

from __future__ import annotations

from typing import Final

from verienv import parsing
from verienv.families.sokoban.board import DIRECTIONS, WORDS
from verienv.parsing import Unparsable

LONGEST: Final = 4096
"""Moves that one reply may hold."""

RULES: Final = (
    "This is Sokoban: push every box onto a goal. A move takes you one cell up, down, left or right. Moving into a box "
    "pushes it one cell on if the cell behind it is free; boxes cannot be pulled, nor two pushed at once. A move that "
    "a wall or a box stops changes nothing, and counts."
)
SIGNS: Final = "# is a wall, a blank the floor, . a goal, $ a box, * a box on a goal, @ you, + you on a goal."
SEEN: Final = (
    "Bricks are walls, rings are goals, crates are boxes; a crate on a goal has another colour and a ring on its lid. "
    "The round face is you."
)

_READ: Final = {
    **{word.upper(): mark for mark, word in WORDS.items()},
    **dict(zip("↑↓←→", DIRECTIONS, strict=True)),
}
_SEPARATORS: Final = str.maketrans(",;\n\t\r", "     ")


def prompt(rows: str, *, picture: bool, written: bool, left: int, turn: int, turns: int, chunk: int, note: str) -> str:
    """What is asked: with `turns`, which of them this is and how many moves are left."""
    lines = [RULES, ""]
    if note:
        lines += [f"Your last reply was no list of moves ({note}) and cost a turn.", ""]
    if picture:
        lines += [SEEN]
    if written:
        lines += [SIGNS, "", rows, ""]
    if turns == 1:
        lines.append(f"Plan it whole, in at most {left} moves.")
    else:
        several = f", with at most {chunk} move{'s' if chunk != 1 else ''} each" if chunk else ""
        lines.append(f"This is turn {turn + 1} of {turns}{several}; {left} moves are left.")
    form = "one move" if chunk == 1 and turns > 1 else "your moves in order, separated by commas"
    example = "Up" if chunk == 1 and turns > 1 else "Up, Right, Down, Left"
    lines.append(parsing.ask(form, example))
    return "\n".join(lines)


def write(moves: str, between: str = ", ") -> str:
    """Moves as the prompt asks for them."""
    return between.join([WORDS[move] for move in moves])


def read(text: str, most: int = LONGEST) -> str:
    """The moves of a reply, as U, D, L and R.

    Words or arrows, separated by commas, semicolons or white space, perhaps as a list in brackets with quotes; or
    initials without anything between them, at least two, as in lurd notation. Capitals count as small letters do.
    """
    inner = parsing.answer(text)
    if inner[0] + inner[-1] in ("[]", "()"):
        inner = inner[1:-1]
    words = inner.translate(_SEPARATORS).split()
    if len(words) == 1 and len(words[0]) > 1 and not words[0].upper().strip(DIRECTIONS):
        moves = words[0].upper()
    else:
        moves = "".join([_one(word) for word in words[: most + 1]])
    if not moves:
        raise Unparsable("empty")
    if len(moves) > most:
        raise Unparsable("too_many_moves")
    return moves


def _one(word: str) -> str:
    if len(word) > 2 and word[0] == word[-1] and word[0] in "\"'`":
        word = word[1:-1]
    move = _READ.get(word.upper()) if len(word) <= 5 else None
    if move is None or not (word.isascii() or len(word) == 1):
        raise Unparsable("not_a_move")
    return move
