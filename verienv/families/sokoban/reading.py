"""Levels from files in the XSB format, as Sokoban programs write them.

A level is a run of lines of `#` (wall), blank, `-` or `_` (floor), `.` (goal), `$` (box), `*` (box on a goal), `@`
(player) and `+` (player on a goal). What stands between levels is text: `Title: …` after a level names it, else the
last line before it does, without its `;`. A level that the oracle cannot solve within its effort is left out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, Final

from verienv.errors import UsageError
from verienv.families.sokoban import Problem, limited, search
from verienv.families.sokoban import board as boards
from verienv.families.sokoban.board import Board
from verienv.files import Found

MARKS: Final = frozenset("#-_.$*@+ ")
SIDE: Final = 64  # cells
BOXES: Final = 10
NAME: Final = 80  # characters


@dataclasses.dataclass
class _Level:
    """A level as it stands in a file."""

    line: int
    rows: list[str]
    name: str


def read(text: str) -> list[Found[Problem]]:
    """The levels of a file. Raises UsageError with the line of the first that is none."""
    found: list[Found[Problem]] = []
    notes: list[str] = []
    for level in _levels(text):
        try:
            board = parse("\n".join(level.rows))
        except ValueError as error:
            raise UsageError(f"line {level.line}: {error}") from None
        solution = search.solve(board)
        if solution is None:
            notes.append(f"line {level.line}: no solution is found within {search.EFFORT:,} states: left out")
            continue
        problem = limited(Problem(board), solution)
        found.append(Found(problem, level.line, level.name, tuple(notes)))
        notes = []
    if not found:
        raise UsageError(notes[0] if notes else "the file holds no level: a level is lines of # and of $ . * @ +")
    if notes:
        found[-1] = dataclasses.replace(found[-1], notes=(*found[-1].notes, *notes))
    return found


def parse(rows: str) -> Board:
    """A board from XSB, cut to what the player can reach. Raises ValueError for what is no level."""
    lines = rows.replace("-", " ").replace("_", " ").split("\n")
    width, height = max(map(len, lines)) + 2, len(lines) + 2  # with a rim, to see whether the walls are whole
    if width > SIDE or height > SIDE:
        raise ValueError(f"the level has {width - 2} x {height - 2} cells; at most {SIDE - 2} x {SIDE - 2} are read")
    marks = "".join([f" {line}".ljust(width) for line in ["", *lines, ""]])
    walls, boxes, goals, players = (
        sum(1 << at for at, mark in enumerate(marks) if mark in which) for which in ("#", "$*", ".*+", "@+")
    )
    if players.bit_count() != 1:
        raise ValueError(f"the level has {players.bit_count()} players, not 1")
    whole = (1 << width * height) - 1
    floor = boards.flood(players, whole & ~walls, width)
    inside = sum((1 << width - 2) - 1 << y * width + 1 for y in range(1, height - 1))
    if floor & ~inside:
        raise ValueError("the walls leave a gap")
    if (boxes ^ goals) & ~floor:
        raise ValueError("a box or a goal lies where the player never comes")
    boxes, goals = boxes & floor, goals & floor
    if boxes.bit_count() != goals.bit_count():
        raise ValueError(f"the level has {boxes.bit_count()} boxes and {goals.bit_count()} goals")
    if not 1 <= boxes.bit_count() <= BOXES:
        raise ValueError(f"the level has {boxes.bit_count()} boxes; 1 to {BOXES} are read")
    if boxes == goals:
        raise ValueError("every box is on a goal already")
    return _cut(Board(width, height, floor, goals, boxes, players.bit_length() - 1))


def to_json(problem: Problem) -> dict[str, Any]:
    """The board in XSB, the fewest pushes, and how many moves count."""
    return {"board": boards.text(problem.board), "pushes": problem.pushes, "limit": problem.limit}


def from_json(spec: object) -> Problem:
    """The problem again. Raises UsageError for anything that `to_json` does not write."""
    if not isinstance(spec, dict) or spec.keys() != {"board", "pushes", "limit"}:
        raise UsageError(f"a level is an object of board, pushes and limit, not {spec!r:.80}")
    rows = spec["board"]
    if not isinstance(rows, str) or len(rows) > SIDE * SIDE or set(rows) - MARKS - {"\n"}:
        raise UsageError(f"the board is no XSB: {rows!r:.80}")
    for name in ("pushes", "limit"):
        if type(spec[name]) is not int or not 1 <= spec[name] <= 10**6:
            raise UsageError(f"{name} is a whole number from 1 up, not {spec[name]!r:.40}")
    try:
        board = parse(rows)
    except ValueError as error:
        raise UsageError(str(error)) from None
    return Problem(board, pushes=spec["pushes"], limit=spec["limit"])


def _levels(text: str) -> Iterator[_Level]:
    """The runs of lines that are levels, with their names."""
    level: _Level | None = None
    before, open_run = "", False
    for number, line in enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        bare = line.rstrip()
        if "#" in bare and not set(bare) - MARKS:
            if level is not None and open_run:
                level.rows.append(bare)
                continue
            if level is not None:
                yield level
            level, open_run = _Level(number, [bare], before), True
            before = ""
            continue
        open_run = False
        said = bare.lstrip("; \t")
        if level is not None and said.lower().startswith("title:"):
            level.name = said[6:].strip()[:NAME]
        elif said:
            before = said[:NAME]
    if level is not None:
        yield level


def _cut(board: Board) -> Board:
    """The same board with one rim of walls around the floor."""
    cells = [*boards.each(board.floor)]
    left, right = min(cell % board.width for cell in cells), max(cell % board.width for cell in cells)
    top, bottom = cells[0] // board.width, cells[-1] // board.width
    width, height = right - left + 3, bottom - top + 3

    def moved(mask: int) -> int:
        return sum(1 << place(cell) for cell in boards.each(mask))

    def place(cell: int) -> int:
        return (cell // board.width - top + 1) * width + cell % board.width - left + 1

    return Board(width, height, moved(board.floor), moved(board.goals), moved(board.boxes), place(board.player))
