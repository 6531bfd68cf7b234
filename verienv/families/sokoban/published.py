"""LMM-R1's reward for Sokoban, as its code computes it (arXiv 2503.07536, sokoban_verifier.py, gym-sokoban's steps).

    reward = 64 board + 0.5 form + length - 131072 overlong + 0.2 words

Each term is in [0, 1], and 0 unless every tag stands there exactly once and every item between commas is a move:

board     the best sum of step rewards over all beginnings of the first 50 moves, at least 0: -0.1 a move, +1 a box
          onto a goal, -1 a box off one, +10 when all are placed, where it stops; in 64ths
length    with n moves: n / 20 below 20, then 1 - ((n - 20) / 30)² / 5, while that is positive; a run of moves that is
          repeated more than 7 times leaves at most 0, and costs 0.2
overlong  what that formula is below 0, in 131072ths
words     words of more than one character in the thought, up to 200, in 200ths

Its faults are kept: twenty arbitrary moves earn 1.5 (and 200 words 0.2 more) without a box being touched; boxes that
start on a goal are not counted; a goal that the player starts on is lost; in what order the tags stand does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from verienv.families.sokoban.board import DIRECTIONS, WORDS, after
from verienv.parsing import MAX_CHARS

if TYPE_CHECKING:
    from verienv.families.sokoban import Problem

BOARD, OVERLONG = 64, 131_072
"""What turns the terms `board` and `overlong` into rewards; powers of two, so that nothing is rounded."""
FIRST, ENOUGH, WORDY = 50, 20, 200
REPEATS, LONGEST_RUN = 7, 5
_TAGS: Final = ("<think>", "</think>", "<answer>", "</answer>")
_READ: Final = {word.lower(): mark for mark, word in WORDS.items()}


def board(problem: Problem, replies: Sequence[str]) -> float:
    """The best sum of step rewards, in 64ths."""
    moves = _moves(replies)
    return min(1.0, best(problem, moves) / BOARD) if moves else 0.0


def form(problem: Problem, replies: Sequence[str]) -> float:
    """1 for the four tags, each once, around moves separated by commas."""
    return float(bool(_moves(replies)))


def length(problem: Problem, replies: Sequence[str]) -> float:
    """What many moves earn."""
    moves = _moves(replies)
    return max(0.0, long(moves)) if moves else 0.0


def overlong(problem: Problem, replies: Sequence[str]) -> float:
    """What too many cost, in 131072ths."""
    moves = _moves(replies)
    return min(1.0, max(0.0, -long(moves)) / OVERLONG) if moves else 0.0


def words(problem: Problem, replies: Sequence[str]) -> float:
    """Words of the thought, in 200ths."""
    if not _moves(replies):
        return 0.0
    found = _between(replies[0], "<think>", "</think>") or ""
    return min(WORDY, sum(len(word) > 1 for word in found.split())) / WORDY


def best(problem: Problem, moves: str) -> float:
    """The best sum of step rewards over all beginnings, at least 0."""
    ground, boxes, player = problem.board.ground, problem.board.boxes, problem.board.player
    goals = problem.board.goals & ~(1 << player)
    counted = (boxes & ~problem.board.goals).bit_count()
    placed = 0  # as gym-sokoban begins to count, whatever stands where
    total = tenths = 0
    for move in moves[:FIRST]:
        boxes, player = after(ground, boxes, player, ground.steps[DIRECTIONS.index(move)])
        now = counted - (goals & ~boxes).bit_count()
        tenths += -1 + 10 * ((now > placed) - (now < placed))
        placed = now
        solved = not goals & ~boxes
        tenths += 100 * solved
        total = max(total, tenths)
        if solved:
            break
    return total / 10


def long(moves: str) -> float:
    """What so many moves earn or cost."""
    count = len(moves)
    value = count / ENOUGH if count < ENOUGH else 1 - 0.2 * ((count - ENOUGH) / 30) ** 2
    return min(0.0, value - 0.2) if repeats(moves) else value


def repeats(moves: str) -> bool:
    """Whether a run of one to five moves stands there more than seven times in a row."""
    for size in range(1, LONGEST_RUN + 1):
        same = 0  # moves in a row that equal the one `size` before
        for at in range(size, len(moves)):
            same = same + 1 if moves[at] == moves[at - size] else 0
            if same >= size * REPEATS:
                return True
    return False


def _moves(replies: Sequence[str]) -> str:
    """The moves of the only reply, or nothing where the gate is shut."""
    if len(replies) != 1 or len(replies[0]) > MAX_CHARS or any(replies[0].count(tag) != 1 for tag in _TAGS):
        return ""
    inner = _between(replies[0], "<answer>", "</answer>")
    if inner is None:
        return ""
    found = [_READ.get(item.strip().lower(), "") for item in inner.split(",")]
    return "" if "" in found else "".join(found)


def _between(reply: str, opening: str, closing: str) -> str | None:
    start = reply.find(opening) + len(opening)
    end = reply.find(closing, start)
    return None if end < 0 else reply[start:end]
