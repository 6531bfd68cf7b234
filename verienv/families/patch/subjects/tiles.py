"""Rectangles on a floor of tiles, and figures made of cells."""

from __future__ import annotations

from random import Random

from verienv.families.patch.subjects import Subject

SHAPES = '''"""Rectangles of whole tiles; right and bottom are not part of them."""


class Box:
    """A rectangle."""

    def __init__(self, left, top, right, bottom):
        self.left = min(left, right)
        self.top = min(top, bottom)
        self.right = max(left, right)
        self.bottom = max(top, bottom)

    def corners(self):
        """Left, top, right, bottom."""
        return (self.left, self.top, self.right, self.bottom)

    def area(self):
        """How many tiles it has."""
        return (self.right - self.left) * (self.bottom - self.top)

    def around(self):
        """How long its outline is."""
        return 2 * (self.right - self.left + self.bottom - self.top)

    def holds(self, x, y):
        """Whether a tile belongs to it."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    def common(self, other):
        """What two rectangles share, or None."""
        left, right = max(self.left, other.left), min(self.right, other.right)
        top, bottom = max(self.top, other.top), min(self.bottom, other.bottom)
        if left >= right or top >= bottom:
            return None
        return Box(left, top, right, bottom)

    def grown(self, by):
        """A rectangle that is larger by some tiles on each side; None if nothing is left of it."""
        if self.right - self.left + 2 * by <= 0 or self.bottom - self.top + 2 * by <= 0:
            return None
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)
'''

FLOOR = '''"""A floor, and what covers it."""

from tiles.shapes import Box


def covered(boxes):
    """How many tiles some box covers."""
    found = set()
    for box in boxes:
        for x in range(box.left, box.right):
            for y in range(box.top, box.bottom):
                found.add((x, y))
    return len(found)


def frame(boxes):
    """The smallest box around all, or None if there are none."""
    if not boxes:
        return None
    left = min(box.left for box in boxes)
    top = min(box.top for box in boxes)
    right = max(box.right for box in boxes)
    bottom = max(box.bottom for box in boxes)
    return Box(left, top, right, bottom)


def topmost(boxes, x, y):
    """The index of the last box that holds a tile, or -1."""
    found = -1
    for at, box in enumerate(boxes):
        if box.holds(x, y):
            found = at
    return found


def clashes(boxes):
    """The pairs of indices of boxes that share a tile."""
    pairs = []
    for at, one in enumerate(boxes):
        for behind, other in enumerate(boxes[at + 1:], at + 1):
            if one.common(other) is not None:
                pairs.append((at, behind))
    return pairs


def boards(length, board, gap=0):
    """How many boards lie side by side in a length, with a gap between each two."""
    if board > length:
        return 0
    return (length + gap) // (board + gap)
'''

FIGURES = '''"""Figures made of cells, drawn as lines of text."""

from tiles.floor import frame
from tiles.shapes import Box


def read_figure(lines):
    """The cells of a figure drawn with #, as pairs of column and row."""
    return {(x, y) for y, line in enumerate(lines) for x, mark in enumerate(line) if mark == "#"}


def drawn(cells):
    """A figure as lines of text, without empty rows and columns around it."""
    if not cells:
        return []
    box = frame([Box(x, y, x + 1, y + 1) for x, y in cells])
    rows = range(box.top, box.bottom)
    return ["".join("#" if (x, y) in cells else "." for x in range(box.left, box.right)) for y in rows]


def turned(cells, times=1):
    """A figure turned to the right by so many quarters."""
    for _ in range(times % 4):
        cells = {(-y, x) for x, y in cells}
    return cells


def mirrored(cells):
    """A figure with left and right exchanged."""
    return {(-x, y) for x, y in cells}


def same(one, other):
    """Whether two figures are the same when one is moved, turned or mirrored."""
    for cells in (other, mirrored(other)):
        for times in range(4):
            if drawn(turned(cells, times)) == drawn(one):
                return True
    return False


def pieces(cells):
    """How many pieces a figure has; cells that only touch at a corner are not joined."""
    left = set(cells)
    count = 0
    while left:
        count += 1
        waiting = [left.pop()]
        while waiting:
            x, y = waiting.pop()
            for near in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
                if near in left:
                    left.discard(near)
                    waiting.append(near)
    return count


def outline(cells):
    """How long the outline of a figure is, holes included."""
    total = 0
    for x, y in cells:
        for near in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if near not in cells:
                total += 1
    return total
'''


def tests(rng: Random) -> list[tuple[str, str]]:
    """Scripts about rectangles, floors and figures."""
    found = []
    use = "from tiles.shapes import Box\nfrom tiles.floor import boards, clashes, covered, frame, topmost\n"
    draw = "from tiles.figures import drawn, mirrored, outline, pieces, read_figure, same, turned\n"

    def box() -> str:
        x, y = rng.randint(-4, 6), rng.randint(-4, 6)
        return f"Box({x}, {y}, {x + rng.randint(1, 6)}, {y + rng.randint(1, 7)})"

    for _ in range(3):
        one, other = box(), box()
        x, y = rng.randint(-3, 5), rng.randint(-3, 5)
        found.append(("a box", f"{use}b = {one}\n(b.corners(), b.area(), b.around())"))
        found.append(
            (
                "a box given the other way round",
                (
                    f"{use}b = Box({x + 3}, {y}, {x}, {y + 4})\n"
                    f"(b.corners(), Box({x}, {y + 5}, {x + 1}, {y}).corners(), b.area())"
                ),
            )
        )
        edges = [(x, y), (x + 2, y), (x + 3, y), (x, y + 3), (x, y + 4), (x - 1, y), (x, y - 1), (x + 2, y + 3)]
        found.append(
            (
                "whether a box holds a tile",
                f"{use}b = Box({x}, {y}, {x + 3}, {y + 4})\n[b.holds(*tile) for tile in {edges}]",
            )
        )
        pairs = (
            f"[({one}, {other}), (Box(0, 0, {3 + abs(x)}, 2), Box({3 + abs(x)}, 0, 9, 2)), (Box(0, 0, 2, 3), Box(0, "
            f"3, 2, 5)), (Box(0, 0, 3, 3), Box(2, 2, 5, 6))]"
        )
        found.append(
            (
                "what two boxes share",
                f"{use}shared = [a.common(b) for a, b in {pairs}]\n[each and each.corners() for each in shared]",
            )
        )
        found.append(
            (
                "a grown box",
                (
                    f"{use}grown = [Box({x}, {y}, {x + 4}, {y + 5}).grown(by) for by in (2, 0, -1, -2, -3)]\n"
                    f"[each and each.corners() for each in grown]"
                ),
            )
        )
        found.append(
            (
                "a flat box that shrinks",
                f"{use}[Box(0, 0, w, h).grown(-1) is None for w, h in ((2, 9), (9, 2), (3, 3))]",
            )
        )
        several = f"boxes = [{', '.join([box() for _ in range(4)])}]\n"
        found.append(("the covered tiles", f"{use}{several}covered(boxes)"))
        found.append(("the frame", f"{use}{several}frame(boxes).corners()"))
        found.append(("the topmost box", f"{use}{several}[topmost(boxes, x, 2) for x in range(-4, 9)]"))
        found.append(
            ("boxes that clash", f"{use}{several}clashes(boxes + [Box(0, 0, 2, 2), Box(2, 0, 4, 2), Box(3, 1, 5, 3)])")
        )
        board, gap = rng.randint(2, 5), rng.randint(1, 3)
        found.append(
            (
                "boards side by side",
                f"{use}[boards(length, {board}, {gap}) for length in range(0, 20)] + [boards(9, 3), boards(2, 3, 5)]",
            )
        )
        lines = ["".join([rng.choice("##.") for _ in range(4)]) for _ in range(3)]
        cells = f"cells = read_figure({lines})\n"
        found.append(("reading a figure", f"{draw}{cells}(sorted(cells), drawn(cells))"))
        found.append(
            (
                "a turned figure",
                f"{draw}{cells}[drawn(turned(cells, times)) for times in (1, 2, 3, 4, 5)] + [drawn(turned(cells))]",
            )
        )
        found.append(("a mirrored figure", f"{draw}{cells}drawn(mirrored(cells))"))
        found.append(("the pieces of a figure", f"{draw}{cells}pieces(cells)"))
        found.append(("the outline of a figure", f"{draw}{cells}outline(cells)"))
    found.append(("no boxes", f"{use}(covered([]), frame([]), topmost([], 0, 0), clashes([]))"))
    found.append(
        (
            "figures that are the same",
            (
                f"{draw}L, J, T = [read_figure(x) for x in (['#.', '#.', '##'], ['.....', '.###.', '.#...'], ['###', "
                f"'.#.'])]\n[same(a, b) for a in (L, J, T) for b in (L, J, T)]"
            ),
        )
    )
    found.append(
        (
            "figures that are the same when turned",
            (
                f"{draw}S = read_figure(['.##', '##.', '#..'])\n[same(turned(S, 3), S), same(mirrored(S), S), same(S, "
                f"read_figure(['###'])), same(turned(S, 1), mirrored(S))]"
            ),
        )
    )
    found.append(("an empty figure", f"{draw}(drawn(set()), pieces(set()), outline(set()))"))
    found.append(
        (
            "cells that touch at a corner",
            f"{draw}[pieces(read_figure(x)) for x in (['#.', '.#'], ['##', '.#'], ['#.#', '###'], ['#', '.', '#'])]",
        )
    )
    shared = "Box(1, 0, 4, 3).common(Box(2, 1, 7, 9))"
    found.append(("what two boxes share", f"{use}{shared}.corners()"))
    shrunk = (
        "[Box(5, 3, 8, 7).grown(-1), Box(1, 2, 3, 9).grown(-1), Box(1, 2, 9, 4).grown(-1), Box(4, 6, 5, 7).grown(1)]"
    )
    found.append(("a box that shrinks", f"{use}[each and each.corners() for each in {shrunk}]"))
    found.append(
        (
            "pieces side by side",
            f"{draw}[pieces(read_figure(x)) for x in (['####'], ['#', '#', '#'], ['#.##', '####'])]",
        )
    )
    return found


SUBJECT = Subject(
    "tiles",
    {"tiles/shapes.py": SHAPES, "tiles/floor.py": FLOOR, "tiles/figures.py": FIGURES},
    {
        "tiles": ("tiles", "paving", "mosaic"),
        "Box": ("Box", "Rect", "Area"),
        "common": ("common", "intersection", "overlap"),
        "covered": ("covered", "filled", "occupied"),
        "frame": ("frame", "hull", "bounds"),
        "turned": ("turned", "rotated", "spun"),
        "clashes": ("clashes", "conflicts", "crossings"),
        "pieces": ("pieces", "islands", "parts"),
    },
    tests,
)
