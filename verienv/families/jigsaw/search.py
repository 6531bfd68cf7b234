"""Every way of laying pieces in a grid at a bounded price, by a search of bounded work."""

from __future__ import annotations

from dataclasses import dataclass

NODES = 20_000
"""Placements tried, over the whole search, before it gives up."""

Layout = tuple[int, ...]  # per position, row by row: the number of the piece there, or -1 for a hole


@dataclass(frozen=True, slots=True)
class Prices:
    """What each placement costs above the least it could; all at least 0, so that a partial sum is a lower bound."""

    right: list[list[float]]  # [a][b]: piece b to the right of piece a
    down: list[list[float]]  # [a][b]: piece b below piece a
    no_left: list[float]  # [b]: piece b with no piece to its left
    no_up: list[float]  # [b]: piece b with no piece above it
    unused: list[float]  # [b]: piece b left over

    def total(self, layout: Layout, cols: int) -> float:
        """The price of a whole layout."""
        price = 0.0
        for at, piece in enumerate(layout):
            if piece >= 0:
                left = layout[at - 1] if at % cols else -1
                up = layout[at - cols] if at >= cols else -1
                price += self.right[left][piece] if left >= 0 else self.no_left[piece]
                price += self.down[up][piece] if up >= 0 else self.no_up[piece]
        return price + sum(self.unused[piece] for piece in range(len(self.right)) if piece not in layout)


def within(prices: Prices, rows: int, cols: int, holes: int, budget: float, nodes: int = NODES) -> list[Layout] | None:
    """Every layout whose price is at most `budget`, or None when the work runs out first."""
    cells, count = rows * cols, len(prices.right)
    after = [sorted(range(count), key=row.__getitem__) for row in prices.right]
    below = [sorted(range(count), key=row.__getitem__) for row in prices.down]
    corner = sorted(range(count), key=prices.no_left.__getitem__)
    edge = sorted(range(count), key=prices.no_up.__getitem__)
    found: list[Layout] = []
    laid = [-1] * cells
    used = [False] * count
    work = nodes

    def place(at: int, spent: float, left_holes: int) -> bool:
        nonlocal work
        if at == cells:
            if spent + sum(prices.unused[piece] for piece in range(count) if not used[piece]) <= budget:
                found.append(tuple(laid))
            return True
        left = laid[at - 1] if at % cols else -1
        up = laid[at - cols] if at >= cols else -1
        first = prices.right[left] if left >= 0 else prices.no_left
        second = prices.down[up] if up >= 0 else prices.no_up
        if left >= 0:
            ranked, leading = after[left], first
        elif up >= 0:
            ranked, leading = below[up], second
        elif at:
            ranked, leading = edge, second
        else:
            ranked, leading = corner, first
        room = budget - spent
        for piece in ranked:
            if leading[piece] > room:
                break
            work -= 1
            if work < 0:
                return False
            if used[piece]:
                continue
            price = first[piece] + second[piece]
            if price > room:
                continue
            laid[at], used[piece] = piece, True
            finished = place(at + 1, spent + price, left_holes)
            laid[at], used[piece] = -1, False
            if not finished:
                return False
        return not left_holes or place(at + 1, spent, left_holes - 1)

    return found if place(0, 0.0, holes) else None
