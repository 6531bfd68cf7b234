"""Things of the street, and animals, each drawn from parts."""

from __future__ import annotations

from verienv.families.grounding.brush import DARK, DARK_WOOD, GLASS, GOLD, LEAF, METAL, PALE, WOOD, Brush, shade


def car(b: Brush) -> None:
    """A car, its front on the right: 130 x 62."""
    b.poly([(22, 24), (40, 0), (84, 0), (106, 24)], b.main)
    b.rect(0, 22, 130, 50, b.main, 9)
    b.poly([(32, 23), (44, 6), (60, 6), (60, 23)], GLASS)
    b.poly([(66, 23), (66, 6), (81, 6), (96, 23)], GLASS)
    b.rect(0, 38, 130, 44, b.dark)
    b.oval(118, 26, 129, 36, (255, 240, 170))
    for x in (16, 86):
        b.oval(x, 34, x + 28, 62, DARK)
        b.oval(x + 8, 42, x + 20, 54, METAL)


def bus(b: Brush) -> None:
    """A bus: 150 x 84."""
    b.rect(0, 0, 150, 72, b.main, 8)
    for x in (10, 38, 66, 94):
        b.rect(x, 12, x + 22, 36, GLASS, 3)
    b.rect(122, 12, 144, 66, GLASS, 3)
    b.rect(0, 46, 118, 53, PALE)
    for x in (20, 96):
        b.oval(x, 56, x + 28, 84, DARK)
        b.oval(x + 8, 64, x + 20, 76, METAL)


def bicycle(b: Brush) -> None:
    """A bicycle: 124 x 76."""
    for x in (0, 78):
        b.arc(x, 30, x + 46, 76, 0, 360, DARK, 5)
        b.oval(x + 19, 49, x + 27, 57, METAL)
    b.line([(23, 53), (44, 20), (86, 20), (58, 54), (23, 53)], b.main, 7)
    b.line([(58, 54), (40, 12)], b.main, 7)
    b.line([(101, 53), (84, 8), (98, 2)], b.main, 7)
    b.line([(30, 11), (50, 11)], DARK, 7)


def tree(b: Brush) -> None:
    """A leafy tree, its crown coloured: 96 x 130."""
    b.poly([(40, 70), (56, 70), (62, 130), (34, 130)], DARK_WOOD)
    for x1, y1, x2, y2 in ((0, 28, 56, 84), (40, 28, 96, 84), (18, 0, 78, 60), (22, 40, 76, 92)):
        b.oval(x1, y1, x2, y2, b.main)
    b.oval(28, 10, 50, 30, b.light)


def house(b: Brush) -> None:
    """A house with a door and two windows; the walls are coloured: 120 x 120."""
    b.rect(84, 8, 98, 44, (150, 84, 70))
    b.rect(12, 52, 108, 120, b.main)
    b.poly([(60, 0), (120, 56), (0, 56)], (132, 70, 62))
    b.rect(50, 82, 70, 120, DARK_WOOD, 2)
    b.oval(64, 100, 68, 104, GOLD)
    for x in (22, 80):
        b.rect(x, 66, x + 20, 86, PALE)
        b.rect(x + 3, 69, x + 17, 83, GLASS)


def dog(b: Brush) -> None:
    """A dog, its head on the right: 116 x 84."""
    b.line([(14, 38), (4, 14)], b.main, 9)
    for x in (16, 30, 66, 78):
        b.rect(x, 50, x + 11, 84, b.main, 4)
    b.rect(10, 30, 90, 64, b.main, 15)
    b.oval(68, 4, 106, 44, b.main)
    b.rect(88, 20, 116, 40, b.main, 8)
    b.oval(106, 20, 116, 29, DARK)
    b.oval(66, 4, 82, 38, b.dark)
    b.oval(90, 14, 97, 21, DARK)
    b.rect(72, 42, 92, 49, GOLD, 2)


def cat(b: Brush) -> None:
    """A sitting cat: 84 x 108."""
    b.arc(46, 50, 84, 104, 250, 90, b.main, 10)
    b.oval(10, 42, 66, 108, b.main)
    b.oval(22, 62, 54, 106, b.light)
    b.poly([(10, 0), (28, 14), (12, 32)], b.main)
    b.poly([(64, 0), (46, 14), (62, 32)], b.main)
    b.oval(8, 10, 66, 58, b.main)
    for x in (20, 44):
        b.oval(x, 26, x + 10, 38, (150, 200, 90))
        b.oval(x + 3, 27, x + 7, 37, DARK)
    b.poly([(33, 42), (41, 42), (37, 47)], (230, 110, 120))


def bird(b: Brush) -> None:
    """A bird, its beak on the right: 100 x 72."""
    b.poly([(0, 22), (34, 30), (26, 52)], b.dark)
    b.oval(18, 18, 84, 66, b.main)
    b.oval(54, 0, 92, 38, b.main)
    b.poly([(88, 14), (100, 20), (88, 27)], (244, 160, 50))
    b.oval(74, 11, 81, 18, DARK)
    b.pie(22, 14, 66, 56, 20, 160, b.dark)
    b.line([(46, 64), (46, 72)], (244, 160, 50), 3)
    b.line([(56, 64), (56, 72)], (244, 160, 50), 3)


def duck(b: Brush) -> None:
    """A rubber duck, its bill on the right: 100 x 84."""
    b.oval(0, 34, 84, 84, b.main)
    b.poly([(0, 32), (24, 44), (10, 60)], b.main)
    b.oval(46, 0, 90, 46, b.main)
    b.oval(82, 18, 100, 32, (240, 130, 40))
    b.oval(68, 12, 76, 20, DARK)
    b.oval(20, 46, 58, 70, b.dark)


def bench(b: Brush) -> None:
    """A park bench: 130 x 70."""
    for x in (12, 108):
        b.rect(x, 6, x + 9, 70, DARK)
    for y in (0, 14, 28):
        b.rect(0, y, 130, y + 9, b.main, 2)
    b.rect(0, 42, 130, 52, b.main, 3)


def sign(b: Brush) -> None:
    """A round road sign on a pole: 56 x 120."""
    b.rect(24, 50, 32, 120, METAL)
    b.oval(0, 0, 56, 56, b.main)
    b.oval(8, 8, 48, 48, PALE)
    b.rect(14, 23, 42, 33, b.main)


def kite(b: Brush) -> None:
    """A kite with its tail: 70 x 116."""
    b.poly([(35, 0), (70, 36), (35, 82), (0, 36)], b.main)
    b.line([(35, 0), (35, 82)], b.dark, 3)
    b.line([(0, 36), (70, 36)], b.dark, 3)
    b.line([(35, 82), (28, 96), (40, 104), (34, 116)], DARK, 3)
    b.poly([(20, 92), (38, 100), (22, 102)], GOLD)


def balloon(b: Brush) -> None:
    """A balloon on a string: 62 x 118."""
    b.line([(31, 78), (26, 94), (36, 104), (31, 118)], DARK, 2)
    b.oval(0, 0, 62, 74, b.main)
    b.poly([(31, 70), (39, 82), (23, 82)], b.main)
    b.oval(12, 12, 26, 32, b.light)


def hydrant(b: Brush) -> None:
    """A fire hydrant: 60 x 96."""
    b.pie(10, 0, 50, 40, 180, 360, b.main)
    b.rect(14, 18, 46, 88, b.main)
    b.rect(6, 18, 54, 26, b.dark, 3)
    b.rect(0, 42, 60, 58, b.main, 4)
    b.oval(20, 40, 40, 60, shade(b.main, 0.6))
    b.rect(4, 84, 56, 96, b.dark, 3)


def mailbox(b: Brush) -> None:
    """A letter box on a post: 74 x 112."""
    b.rect(31, 50, 43, 112, WOOD)
    b.rect(0, 8, 74, 60, b.main, 20)
    b.rect(0, 34, 74, 60, b.main)
    b.rect(16, 26, 58, 32, DARK)
    b.rect(66, 0, 73, 24, (214, 48, 49))


def bush(b: Brush) -> None:
    """A flowering bush, its flowers coloured: 104 x 66."""
    for x1, y1, x2, y2 in ((0, 20, 46, 66), (28, 0, 78, 60), (58, 18, 104, 66), (20, 26, 86, 66)):
        b.oval(x1, y1, x2, y2, LEAF)
    for x, y in ((18, 34), (40, 14), (60, 26), (84, 34), (34, 46), (66, 50), (50, 38), (88, 52), (12, 50), (56, 8)):
        b.oval(x - 7, y - 7, x + 7, y + 7, b.main)
