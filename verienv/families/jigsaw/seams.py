"""The oracle: which pieces touched, told by their borders alone, and whether that leaves one arrangement.

What it costs to lay two pieces side by side is the step in colour across the seam (each capped, so that a horizon on
the seam counts no more than a few stray pixels) plus how unlike the fine structure runs along the two border lines:
about 0.4 where pieces touched, about 1.5 where they did not. The right arrangement is the one of least total cost.
Sums are of whole numbers below 2^53, so they are exact whatever order a machine adds them in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from verienv.families.jigsaw import search
from verienv.families.jigsaw.layout import Box, Pixels

MARGIN = 0.3
"""Every other arrangement must cost so much more than the right one."""
ABSENT = 0.8
"""What a seam costs beside an empty slot: between a seam that closes and one that does not."""
TOUCHING, APART = 0.4, 1.5
"""What a seam costs about, where pieces touched and where they did not."""
ALIKE, ALIKE_MASKED = 8, 16
"""Two pieces look alike when no spot of the one differs by so many levels (of 255) from the other; without seams to go
by they must differ more.
"""

STEP, RUN, COLOUR = 16, 12, 0.6
"""Caps, in levels of 255, on a step across a seam and on a step along a border line."""

Costs = npt.NDArray[np.float64]


def costs(pieces: Pixels) -> tuple[Costs, Costs]:
    """[n, n] twice: the cost of piece b to the right of piece a, and below it; out of reach on the diagonal."""
    across = _cost(pieces[:, :, -2], pieces[:, :, -1], pieces[:, :, 0], pieces[:, :, 1])
    down = _cost(pieces[:, -2], pieces[:, -1], pieces[:, 0], pieces[:, 1])
    for cost in (across, down):
        np.fill_diagonal(cost, 1e6)
    return across, down


def solve(pieces: Pixels, rows: int, cols: int, holes: int) -> search.Layout | None:
    """The arrangement of least cost: the piece at every position, -1 for a hole; None when the work runs out."""
    prices = _prices(pieces, rows, cols, holes)
    budget = MARGIN
    while (found := search.within(prices, rows, cols, holes, budget)) == []:
        budget += MARGIN
    return min(found, key=lambda layout: prices.total(layout, cols)) if found else None


def only_one(pieces: Pixels, truth: search.Layout, rows: int, cols: int) -> bool:
    """Whether `truth` is proven to beat every other arrangement by the margin, in bounded work."""
    return _proven(_prices(pieces, rows, cols, truth.count(-1)), truth, rows, cols)


def determined(rows: int, cols: int, absent: Sequence[int], strange: int) -> bool:
    """Whether perfect knowledge of which pieces touch leaves one arrangement of those that are not `absent`."""
    present = [position for position in range(1, rows * cols + 1) if position not in absent]
    number = {position: at for at, position in enumerate(present)}
    across, down = np.full((2, len(present) + strange, len(present) + strange), APART)
    for position, at in number.items():
        if position % cols and position + 1 in number:
            across[at, number[position + 1]] = TOUCHING
        if position + cols in number:
            down[at, number[position + cols]] = TOUCHING
    truth = tuple([number.get(position, -1) for position in range(1, rows * cols + 1)])
    return _proven(_priced(across, down, rows, cols, len(absent)), truth, rows, cols)


def alike(pieces: Pixels, inset: float = 0.0, levels: int = ALIKE) -> bool:
    """Whether any two of the pieces look alike, their borders (a share of each side) left out."""
    height, width = pieces.shape[1:3]
    if min(height - 2 * int(height * inset), width - 2 * int(width * inset)) < 4:
        return True  # the mask leaves nothing to tell them apart by
    looks = spots(pieces, inset).reshape(len(pieces), -1)
    nearest = (int(np.abs(looks[at + 1 :] - looks[at]).max(axis=1).min()) for at in range(len(looks) - 1))
    return any(distance < levels for distance in nearest)


def spots(pieces: Pixels, inset: float = 0.0) -> npt.NDArray[np.int64]:
    """[n, 4, 4, 3]: the mean colours of sixteen spots of each piece, rounded down."""
    height, width = pieces.shape[1:3]
    top, left = int(height * inset), int(width * inset)
    tall, wide = (height - 2 * top) // 4, (width - 2 * left) // 4
    rows = pieces[:, top : top + 4 * tall, left : left + 4 * wide].reshape(len(pieces), 4, tall, 12 * wide)
    sums = np.add.reduce(rows, axis=2, dtype=np.uint32).reshape(len(pieces), 4, 4, wide, 3)  # along memory first
    means: npt.NDArray[np.int64] = sums.sum(axis=3, dtype=np.int64) // (tall * wide)
    return means


def fits(picture: Pixels, boxes: Sequence[Box], content: Box) -> Costs:
    """[len(boxes)]: what it costs to have what is now in `content` stand in each of the boxes of its size."""
    x1, y1, x2, y2 = content
    inner = picture[y1:y2, x1:x2].astype(np.int64)
    ring, inside = _ring(inner), _ring(inner[1:-1, 1:-1])
    steps = sum(_squares(edge[1:-1] - core) for edge, core in zip(ring, inside, strict=True))
    found = []
    for a1, b1, a2, b2 in boxes:
        outer = _ring(picture[b1 - 1 : b2 + 1, a1 - 1 : a2 + 1].astype(np.int64))
        found.append(sum(_squares(edge[1:-1] - core) for edge, core in zip(outer, ring, strict=True)))
    return np.array(found, np.float64) / (steps + 1)


def _prices(pieces: Pixels, rows: int, cols: int, holes: int) -> search.Prices:
    return _priced(*costs(pieces), rows, cols, holes)


def _priced(across: Costs, down: Costs, rows: int, cols: int, holes: int) -> search.Prices:
    right, no_left, left_over = _above_least(across, rows, holes)
    under, no_up, up_over = _above_least(down, cols, holes)
    unused = left_over + up_over
    strange = len(unused) - rows * cols + holes  # so many are left over: the cheapest, or others pay for the exchange
    if strange:
        fair = np.sort(unused)[strange - 1 : strange + 1].mean()
        used = np.maximum(0.0, fair - unused)
        right, no_left, unused = right + used, no_left + used, np.maximum(0.0, unused - fair)
    return search.Prices(right.tolist(), under.tolist(), no_left.tolist(), no_up.tolist(), unused.tolist())


def _proven(prices: search.Prices, truth: search.Layout, rows: int, cols: int) -> bool:
    budget = prices.total(truth, cols) + MARGIN
    return search.within(prices, rows, cols, truth.count(-1), budget) == [truth]


def _above_least(cost: Costs, rim: int, holes: int) -> tuple[Costs, Costs, Costs]:
    """Costs as prices: per seam, per piece with nothing before it, per piece left over.

    Each piece's cheapest seam is the least it can cost. Without holes exactly `rim` pieces have nothing before them;
    those whose cheapest seam is dearest are expected there, and others pay for the exchange.
    """
    least = cost.min(axis=0)
    if holes:
        least = np.minimum(least, ABSENT)
        return cost - least, ABSENT - least, ABSENT - least
    fair = np.sort(least)[-rim]
    return cost - least + np.maximum(0.0, least - fair), np.maximum(0.0, fair - least), np.zeros(len(least))


def _cost(before: Pixels, last: Pixels, first: Pixels, second: Pixels) -> Costs:
    """[n, n] from each piece's last two lines and each piece's first two, all [n, L, 3]."""
    ends, starts = last.astype(np.int16), first.astype(np.int16)
    step = np.minimum(_steps(ends, starts), _steps(before.astype(np.int16), starts))
    step = np.minimum(step, _steps(ends, second.astype(np.int16)))
    run = np.clip(np.diff(ends, axis=1), -RUN, RUN).reshape(len(ends), -1).astype(np.float64)
    go = np.clip(np.diff(starts, axis=1), -RUN, RUN).reshape(len(starts), -1).astype(np.float64)
    both = np.square(run).sum(axis=1)[:, None] + np.square(go).sum(axis=1)[None] + 1.0
    cost: Costs = COLOUR * step + (both - 2.0 * (run @ go.T)) / both
    return cost


def _steps(ends: npt.NDArray[np.int16], starts: npt.NDArray[np.int16]) -> Costs:
    step = ends[:, None] - starts[None]
    np.abs(step, out=step)
    np.minimum(step, STEP, out=step)
    step *= step  # at most STEP * STEP: no overflow
    total = step.reshape(len(ends), len(starts), -1).sum(axis=2, dtype=np.int64)
    return np.asarray(total / (STEP * STEP * ends.shape[1] * 3))


def _ring(area: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    return [area[0], area[-1], area[:, 0], area[:, -1]]


def _squares(step: npt.NDArray[np.int64]) -> int:
    return int((step * step).sum())
