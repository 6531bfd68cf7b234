"""Sokoban as arrays: what stands where, and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from verienv.families.sokoban.board import DIRECTIONS
from verienv.parsing import Unparsable
from verienv.views import Turnwise

if TYPE_CHECKING:
    from gymnasium import Space

    from verienv.families.sokoban import Knobs, Problem, State

PLAN: Final = 256
"""Moves that an action holds where a turn may hold any number; no board whose oracle needs more is drawn."""
NOTHING: Final = len(DIRECTIONS)
"""The key that is no move, after the last one of an action of several keys."""


class Keys(Turnwise["Knobs", "Problem", str, "State"]):
    """One key a turn, or as many as a turn may hold."""

    def observation_space(self, knobs: Knobs) -> Space[Any]:
        """`board`: [4, height, width] uint8, 1 for floor, goals, boxes, player. `left`: moves and turns, [2] int32."""
        import numpy as np
        from gymnasium import spaces

        planes = spaces.Box(0, 1, (4, knobs.height, knobs.width), np.uint8)
        return spaces.Dict(board=planes, left=spaces.Box(0, 4 * PLAN, (2,), np.int32))

    def observe(self, problem: Problem, state: State) -> dict[str, Any]:
        """Where the floor, the goals, the boxes and the player are, and what is left."""
        import numpy as np

        board = problem.board
        cells = board.width * board.height
        size = (cells + 7) // 8
        masks = (board.floor, board.goals, state.boxes, 1 << state.player)
        packed = np.frombuffer(b"".join([mask.to_bytes(size, "little") for mask in masks]), np.uint8)
        planes = np.unpackbits(packed.reshape(4, size), axis=1, count=cells, bitorder="little")
        left = np.array([problem.limit - state.moves, problem.turns - state.turn], np.int32)
        return {"board": planes.reshape(4, board.height, board.width), "left": left}

    def action_space(self, knobs: Knobs) -> Space[Any]:
        """Up, down, left, right, and where a turn holds several keys, nothing."""
        from gymnasium import spaces

        if knobs.chunk == 1:
            return spaces.Discrete(len(DIRECTIONS))
        return spaces.MultiDiscrete([len(DIRECTIONS) + 1] * (knobs.chunk or PLAN))

    def act(self, problem: Problem, state: State, action: Any) -> str:
        """The moves that the keys stand for."""
        keys = [int(action)] if problem.chunk == 1 else [int(key) for key in action if key != NOTHING]
        if not keys:
            raise Unparsable("empty")
        return "".join([DIRECTIONS[key] for key in keys])

    def encode(self, problem: Problem, state: State, move: str) -> Any:
        """The keys of moves."""
        import numpy as np

        keys = [DIRECTIONS.index(each) for each in move]
        if problem.chunk == 1:
            return keys[0]
        return np.array(keys + [NOTHING] * ((problem.chunk or PLAN) - len(keys)), np.int64)
