"""What a jigsaw is made of: its knobs, and the plain values that say all there is to say about one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import factorial
from typing import Final

from verienv.errors import KnobError
from verienv.families.jigsaw import orders
from verienv.knobs import KnobSet, knob

QUESTIONS: Final = ("full", "pair", "multiple", "single", "box", "rotation")
KINDS: Final = ("landscape", "map", "room", "sign", "texture")
UPRIGHT: Final = ("landscape", "map", "room", "sign")  # kinds with an up and a plan of the whole
SMALLEST_PIECE: Final = 16  # pixels, per side

_DIGEST: Final = re.compile(r"[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """The grid, the question, what is hidden, and the picture."""

    rows: int = knob(2, low=1, high=6, doc="rows of pieces")
    cols: int = knob(2, low=1, high=6, doc="columns of pieces")
    question: str = knob("full", choices=QUESTIONS, doc="what is asked")
    swap: bool = knob(False, doc="rows and columns change places with chance 1/2")
    mask: float = knob(0.0, low=0.0, high=0.5, doc="blackened border as a share of a piece's side")
    missing: int = knob(0, low=0, high=4, doc="pieces left out; their slots are answered 0")
    distractors: int = knob(0, low=0, high=3, doc="slots of missing pieces that show a piece of another picture")
    choices: int = knob(4, low=2, high=8, doc="choices of the question multiple")
    turns: int = knob(4, low=2, high=24, doc="directions of the question rotation; divides 360")
    width: int = knob(384, low=64, high=1024, doc="width of the picture in pixels")
    height: int = knob(288, low=64, high=1024, doc="height of the picture in pixels")
    scene: str = knob("any", choices=("any", *KINDS), doc="the kind of picture")
    pictures: str = knob("", doc="digest of a registered picture set; empty: drawn scenes")

    def check(self) -> None:
        """Refuse what cannot be asked."""
        self._check_grid()
        if self.distractors > self.missing:
            raise KnobError(f"distractors={self.distractors} is more than missing={self.missing}")
        if self.missing and (min(self.rows, self.cols) < 2 or self.missing > self.pieces // 4):
            raise KnobError(
                f"missing={self.missing}: at most a quarter of the pieces, of at least two rows and two columns, "
                f"not of {self.rows}x{self.cols}"
            )
        if self.missing and self.question in ("box", "rotation"):
            raise KnobError(f"missing={self.missing}: the question {self.question} shows every piece")
        if self.question == "multiple" and self.choices > factorial(self.pieces) - 1:
            raise KnobError(f"choices={self.choices}: {self.rows}x{self.cols} has fewer shuffled arrangements")
        if self.question == "rotation" and 360 % self.turns:
            raise KnobError(f"turns={self.turns} does not divide 360")
        if self.scene == "texture" and (self.mask or self.question == "rotation"):
            raise KnobError(
                "scene='texture' has neither a plan nor an up: it needs seams; allowed: mask=0, no rotation"
            )
        if self.pictures and not _DIGEST.fullmatch(self.pictures):
            raise KnobError(
                f"pictures={self.pictures!r:.80} is not the digest of a picture set; allowed: 12 hex digits"
            )

    def _check_grid(self) -> None:
        if self.question == "rotation":
            if self.mask:
                raise KnobError(f"mask={self.mask}: the question rotation has no pieces to mask")
            return
        if self.pieces < 2:
            raise KnobError(f"rows={self.rows}, cols={self.cols}: a jigsaw has at least two pieces")
        tall = max(self.rows, self.cols) if self.swap else self.rows
        wide = max(self.rows, self.cols) if self.swap else self.cols
        side = min(self.width // wide, self.height // tall)
        if side < SMALLEST_PIECE:
            raise KnobError(
                f"{self.rows}x{self.cols} pieces of {self.width}x{self.height} pixels: "
                f"a piece would be {side} pixels small; at least {SMALLEST_PIECE}"
            )
        if self.mask and int(side * self.mask) < 2:
            raise KnobError(f"mask={self.mask}: less than two of {side} pixels would hide no seam")
        if self.question == "box" and self.mask > 0.2:
            raise KnobError(f"mask={self.mask}: the question box leaves room for at most 0.2")

    @property
    def pieces(self) -> int:
        """Rows times columns."""
        return self.rows * self.cols


@dataclass(frozen=True, slots=True)
class Picture:
    """Which picture: a scene by its kind and seed, or a user's photo by its content."""

    kind: str  # one of KINDS, or "photo"
    seed: int  # of a scene; 0 for a photo
    sha256: str = ""  # of a photo
    pictures: str = ""  # the digest of the set that holds the photo


@dataclass(frozen=True, slots=True)
class Problem:
    """One puzzle. Slots, where pieces are shown, and positions, where they belong, count from 1, row by row."""

    question: str
    picture: Picture
    size: tuple[int, int]  # width, height in pixels, before it is cropped to whole pieces
    rows: int
    cols: int
    order: tuple[int, ...]  # per slot: the position of the piece shown there; 0 where none of this picture is
    mask: float = 0.0
    asked: tuple[int, ...] = ()  # pair: two slots; single: a slot; box: a region
    choices: tuple[tuple[int, ...], ...] = ()  # pair: (relation,); multiple: orders; rotation: (turn,)
    boxes: tuple[tuple[int, int, int, int], ...] = ()  # per region: x1, y1, x2, y2 in pixels, half-open
    turns: int = 0
    turn: int = 0  # clockwise, in 360/turns degrees
    other: Picture | None = None  # where distractors come from
    strange: tuple[int, ...] = ()  # per slot: a position in `other`, or 0; empty without distractors

    @property
    def pieces(self) -> int:
        """Rows times columns."""
        return self.rows * self.cols

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height of the sheet in pixels: a multiple of the grid, or a square that is turned."""
        if self.question == "rotation":
            return (min(self.size), min(self.size))
        return (self.size[0] // self.cols * self.cols, self.size[1] // self.rows * self.rows)

    @property
    def right_choice(self) -> int:
        """Which choice (from 0) is right; raises ValueError for a question without choices."""
        if self.question == "pair":
            first, second = (self.order[slot - 1] for slot in self.asked)
            return self.choices.index((orders.relation(first, second, self.cols),))
        return self.choices.index((self.turn,) if self.question == "rotation" else self.order)

    @property
    def hatched(self) -> tuple[int, ...]:
        """The slots that are shown empty."""
        strange = self.strange or (0,) * self.pieces
        return tuple([s for s, (p, x) in enumerate(zip(self.order, strange, strict=True), 1) if p == 0 == x])


Answer = tuple[int, ...] | int | str
"""full: positions by slot; box: x1, y1, x2, y2; single: a position; the others: a letter."""

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
