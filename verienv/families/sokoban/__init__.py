"""A board of Sokoban is shown, as text, as a picture or both; push every box onto a goal, by one plan or turn by turn.

Reproduces LMM-R1's (arXiv 2503.07536) Sokoban: its whole plan in one reply, its prompt's form of moves, its reward as
terms. Boards are made by pulling boxes away from their goals in halls with pillars, rooms with doors and dug corridors.
The oracle finds a way of the fewest pushes; that number is the difficulty.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from verienv.errors import GenerationError, KnobError
from verienv.families.sokoban import board as boards
from verienv.families.sokoban import drawing, making, players, published, search, wording
from verienv.families.sokoban.arrays import PLAN, Keys
from verienv.families.sokoban.board import DIRECTIONS, Board
from verienv.files import Found, Reader
from verienv.knobs import KnobSet, knob
from verienv.score import Score, right, unreadable, wrong
from verienv.task import Game, Player, Term

if TYPE_CHECKING:
    from verienv.task import Part

EFFORT = 3_000
"""States that proving the fewest pushes may take, half as many with 6 boxes; boards that take more are not used."""
FEWEST_MOVES = 2
"""Moves that every plan has at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """The board, how many pushes it needs, and how it is shown and played."""

    width: int = knob(8, low=5, high=20, doc="cells from side to side, with the outer walls")
    height: int = knob(8, low=5, high=20, doc="cells from top to bottom, with the outer walls")
    boxes: int = knob(2, low=1, high=6, doc="boxes, and goals")
    least: int = knob(4, low=1, high=120, doc="pushes of a shortest solution at least")
    most: int = knob(10, low=1, high=120, doc="and at most")
    detour: int = knob(0, low=0, high=4, doc="least pushes beyond what the boxes' distances ask; rare above 2")
    walls: str = knob("any", choices=("any", *making.SHAPES), doc="how the floor is cut: pillars, doors, corridors")
    goals: str = knob("any", choices=("any", *making.ARRANGEMENTS), doc="where goals lie: anywhere, in line, clustered")
    turns: int = knob(1, low=1, high=400, doc="replies there are; 1: the whole plan in one")
    chunk: int = knob(0, low=0, high=50, doc="moves that a turn may hold; 0: any number")
    spare: float = knob(2.0, low=1.0, high=4.0, doc="moves that count, as a multiple of the oracle's")
    show: str = knob("text", choices=("text", "picture", "both"), doc="how the board is shown")
    side: int = knob(32, low=12, high=64, doc="pixels of a cell")

    def check(self) -> None:
        """Refuse what cannot be."""
        if self.least > self.most:
            raise KnobError(f"least={self.least} is more than most={self.most}")
        if self.boxes * 6 > (self.width - 2) * (self.height - 2):
            raise KnobError(f"boxes={self.boxes}: a box needs 6 cells inside of {self.width} x {self.height}")
        if self.most < self.boxes / 2:
            raise KnobError(f"most={self.most}: half of {self.boxes} boxes need a push at least")
        if self.detour and not 2 <= self.boxes <= 4:
            raise KnobError(f"detour={self.detour} with boxes={self.boxes}: looked for with 2 to 4 boxes")
        if self.chunk and self.turns == 1:
            raise KnobError(f"chunk={self.chunk}, turns=1: a whole plan is as long as it is")


@dataclass(frozen=True, slots=True)
class Problem:
    """A board, what its shortest solution must be like, and how it is shown and played."""

    board: Board
    band: tuple[int, int, int] = (0, 0, 0)  # pushes at least and at most, and beyond the bound
    turns: int = 1
    chunk: int = 0
    spare: float = 2.0
    show: str = "text"
    look: str = "brick"
    side: int = 32
    pushes: int = 0  # the fewest
    limit: int = 0  # moves that count


@dataclass(frozen=True, slots=True)
class State:
    """A game under way; boxes as a mask, the player as a cell."""

    boxes: int
    player: int
    moves: int = 0
    pushes: int = 0
    turn: int = 0
    read: int = 0  # replies that were moves
    note: str = ""  # why the last reply was none, "" where it was


def limited(problem: Problem, found: search.Solution) -> Problem:
    """The problem with what its solution says: the fewest pushes, and how many moves count."""
    limit = ceil(problem.spare * len(found.moves))
    if problem.chunk:
        limit = min(limit, problem.chunk * problem.turns)
    return dataclasses.replace(problem, pushes=found.pushes, limit=limit)


def _proven(problem: Problem) -> search.Solution | None:
    """The shortest solution, where it is found within the effort for a board of that many boxes."""
    return search.solve(problem.board, EFFORT // max(1, problem.board.boxes.bit_count() - 4))


def _solved(problem: Problem) -> search.Solution:
    """The shortest solution, of boards from files with more effort. Raises ValueError where there is none."""
    found = _proven(problem) or search.solve(problem.board)
    if found is None:
        raise ValueError("a problem has a solution")
    return found


class Sokoban(Game[Knobs, Problem, str, State], Keys, Reader[Problem]):
    """Push boxes onto goals."""

    name = "sokoban"
    title = "Sokoban"
    tags = ("pictures", "game", "planning", "lmm-r1")
    parts = ("placed", "progress", "thrift", "deadlock")
    max_steps = 400
    formats = "levels in the XSB format"
    terms: ClassVar[Mapping[str, Term]] = {
        "lmm_r1_board": published.board,
        "lmm_r1_form": published.form,
        "lmm_r1_length": published.length,
        "lmm_r1_overlong": published.overlong,
        "lmm_r1_words": published.words,
    }
    levels = (
        Knobs(width=6, height=6, boxes=1, least=1, most=3),
        Knobs(width=9, height=8, boxes=1, least=8, most=14, spare=1.5),
        Knobs(width=7, height=7, boxes=2, least=7, most=13, spare=1.5, show="both"),
        Knobs(width=7, height=7, boxes=2, least=7, most=13, turns=100, chunk=1),
        Knobs(width=7, height=7, boxes=2, least=8, most=14, show="picture"),
        Knobs(width=8, height=8, boxes=3, least=10, most=18, show="both"),
        Knobs(width=8, height=8, boxes=3, least=12, most=22, show="picture"),
        Knobs(width=9, height=9, boxes=3, least=16, most=30, turns=20, chunk=12),
        Knobs(width=8, height=8, boxes=3, least=14, most=30, detour=2, show="picture"),
        Knobs(width=10, height=10, boxes=4, least=18, most=32, show="both", turns=30, chunk=12),
        Knobs(width=10, height=10, boxes=4, least=24, most=44, show="picture"),
        Knobs(width=12, height=11, boxes=5, least=30, most=54, show="both", turns=60, chunk=20),
    )

    # -- making ------------------------------------------------------------------------------------------------

    def generate(self, rng: Random, knobs: Knobs) -> Problem:
        """Pull boxes from goals until a number of pushes is needed that is drawn from the band."""
        least, most = max(1, knobs.least - knobs.detour), max(1, knobs.most - knobs.detour)
        found = making.draw(rng, knobs.width, knobs.height, knobs.boxes, knobs.walls, knobs.goals, (least, most))
        if found is None:
            raise GenerationError(f"{knobs.to_text()}: no board needs {least} pushes; take a larger one, or fewer")
        look = rng.choice(list(drawing.LOOKS))
        band = (knobs.least, knobs.most, knobs.detour)
        return Problem(found, band, knobs.turns, knobs.chunk, knobs.spare, knobs.show, look, knobs.side)

    def admit(self, problem: Problem) -> bool:
        """Prove the fewest pushes, and that they lie in the band."""
        found = _proven(problem)
        if found is None:
            return False
        least, most, detour = problem.band
        fits = len(found.moves) <= (problem.chunk * problem.turns or PLAN)
        beyond = found.pushes - (search.bound(problem.board.ground, problem.board.boxes) or 0)
        return least <= found.pushes <= most and beyond >= detour and fits and len(found.moves) >= FEWEST_MOVES

    def finish(self, problem: Problem) -> Problem:
        """The fewest pushes, and how many moves count."""
        found = _proven(problem)
        return problem if found is None else limited(problem, found)

    def identity(self, problem: Problem) -> bytes:
        """The board."""
        return boards.text(problem.board).encode()

    def lineage(self, problem: Problem) -> bytes:
        """The board without the player, however it is turned or mirrored."""
        return min(boards.orientations(boards.text(problem.board, player=-1))).encode()

    # -- playing -----------------------------------------------------------------------------------------------

    def start(self, problem: Problem) -> State:
        """The board as it was made."""
        return State(problem.board.boxes, problem.board.player)

    def view(self, problem: Problem, state: State) -> list[Part]:
        """The picture, then the rules, the board, and what is asked."""
        shown: list[Part] = []
        if problem.show != "text":
            shown.append(drawing.picture(problem.board, state.boxes, state.player, problem.look, problem.side))
        told = wording.prompt(
            boards.text(problem.board, state.boxes, state.player),
            picture=problem.show != "text",
            written=problem.show != "picture",
            left=problem.limit - state.moves,
            turn=state.turn,
            turns=problem.turns,
            chunk=problem.chunk,
            note=state.note,
        )
        return [*shown, told]

    def parse(self, problem: Problem, text: str) -> str:
        """Moves as U, D, L and R."""
        return wording.read(text, problem.chunk or wording.LONGEST)

    def move(self, problem: Problem, state: State, action: str) -> State:
        """The moves one by one, until the boxes are in place or no more count."""
        ground, goals = problem.board.ground, problem.board.goals
        steps = dict(zip(DIRECTIONS, ground.steps, strict=True))
        boxes, player, moves, pushes = state.boxes, state.player, state.moves, state.pushes
        for each in action[: problem.limit - moves]:
            if boxes == goals:
                break
            before = boxes
            boxes, player = boards.after(ground, boxes, player, steps[each])
            moves += 1
            pushes += boxes != before
        return State(boxes, player, moves, pushes, state.turn + 1, state.read + 1)

    def unread(self, problem: Problem, state: State, reason: str) -> State:
        """Nothing moves, and a turn is gone."""
        return dataclasses.replace(state, turn=state.turn + 1, note=reason)

    def over(self, problem: Problem, state: State) -> bool:
        """When all boxes are in place, or no moves or turns are left."""
        solved = state.boxes == problem.board.goals
        return solved or state.moves >= problem.limit or state.turn >= problem.turns

    def verify(self, problem: Problem, final: State) -> Score:
        """Only a solved board counts; parts tell how far it is, by the bound on pushes, and whether it is lost.

        placed: share of the boxes on goals. progress: share of the pushes needed, by the bound, that are no longer
        needed; 0 where the bound rose or a deadlock is detected. thrift: the fewest pushes as a share of those made,
        once solved. deadlock: 1 where no solution can follow, as far as that is detected; the reason says why.
        """
        ground, goals = problem.board.ground, problem.board.goals
        if final.boxes == goals:
            thrift = min(1.0, problem.pushes / max(1, final.pushes))
            return right({"placed": 1.0, "progress": 1.0, "thrift": thrift, "deadlock": 0.0})
        parts = self.zero_parts()
        if not final.read:
            return unreadable(final.note or "no_moves", parts)
        parts["placed"] = (final.boxes & goals).bit_count() / goals.bit_count()
        lost = search.deadlock(ground, final.boxes)
        if lost:
            parts["deadlock"] = 1.0
            return wrong(lost, parts)
        before, now = search.bound(ground, problem.board.boxes), search.bound(ground, final.boxes)
        if before and now is not None:
            parts["progress"] = max(0.0, 1 - now / before)
        return wrong("unsolved" if final.moves < problem.limit else "out_of_moves", parts)

    def solve(self, problem: Problem) -> list[str]:
        """A way with the fewest pushes, found by A* on the board that is shown."""
        return players.say(problem, self._way(problem))

    # -- what follows ------------------------------------------------------------------------------------------

    def players(self) -> Mapping[str, Player]:
        """See players.py."""
        return players.named()

    def renderings(self, problem: Problem) -> Sequence[list[str]]:
        """Other separators, small letters, initials, arrows, a list; after a reply that says nothing."""
        return players.rendered(problem, self._way(problem))

    def mutants(self, problem: Problem, rng: Random) -> Sequence[list[str]]:
        """Plans that go wrong somewhere, and moves that there are not."""
        plans = players.wrong(self._way(problem), rng)
        replies = [players.say(problem, plan) for plan in plans if plan]
        whole = players.say(problem, self._way(problem))
        broken = [[each.replace("<answer>", "<answer>Jump, ") for each in whole]]
        return [*[each for each in replies if self.judge(problem, each).value < 1], *broken]

    def describe(self, problem: Problem) -> Mapping[str, float | int | str | None]:
        """The fewest pushes and the moves of the oracle's way, the bound, the states that proved it, the floor."""
        found = _solved(problem)
        return {
            "pushes": problem.pushes,
            "moves": len(found.moves),
            "bound": search.bound(problem.board.ground, problem.board.boxes),
            "states": found.states,
            "boxes": problem.board.boxes.bit_count(),
            "floor": problem.board.floor.bit_count(),
            "limit": problem.limit,
        }

    # -- files of levels ---------------------------------------------------------------------------------------

    def read(self, text: str) -> list[Found[Problem]]:
        """The levels of a file in the XSB format."""
        from verienv.families.sokoban.reading import read  # it makes Problems, so it follows this module

        return read(text)

    def to_json(self, problem: Problem) -> dict[str, Any]:
        """The board in XSB, the fewest pushes, and how many moves count."""
        from verienv.families.sokoban.reading import to_json

        return to_json(problem)

    def from_json(self, spec: object) -> Problem:
        """The problem again."""
        from verienv.families.sokoban.reading import from_json

        return from_json(spec)

    def _way(self, problem: Problem) -> str:
        return _solved(problem).moves


task = Sokoban()
