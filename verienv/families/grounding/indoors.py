"""Things on tables, shelves and floors, each drawn from parts; sizes are in units of about a centimetre's tenth."""

from __future__ import annotations

from verienv.families.grounding.brush import DARK, DARK_WOOD, GLASS, GOLD, LEAF, METAL, PALE, WOOD, Brush, shade


def cup(b: Brush) -> None:
    """A tea cup with its handle on the right: 100 x 80."""
    b.arc(60, 14, 100, 60, 0, 360, b.dark, 9)
    b.poly([(0, 6), (78, 6), (66, 80), (12, 80)], b.main)
    b.oval(0, 0, 78, 16, b.light)
    b.oval(7, 4, 71, 13, (110, 70, 46))


def bottle(b: Brush) -> None:
    """A bottle with a label: 38 x 110."""
    b.rect(12, 0, 26, 12, DARK, 2)
    b.rect(13, 10, 25, 40, b.main)
    b.poly([(13, 30), (25, 30), (38, 50), (0, 50)], b.main)
    b.rect(0, 48, 38, 110, b.main, 6)
    b.rect(0, 62, 38, 90, PALE)
    b.rect(6, 70, 32, 74, b.dark)
    b.rect(6, 79, 24, 82, b.dark)


def book(b: Brush) -> None:
    """A book standing with its cover to the front: 70 x 94."""
    b.rect(6, 4, 70, 94, PALE)
    b.rect(0, 0, 64, 92, b.main, 3)
    b.rect(0, 0, 10, 92, b.dark, 3)
    b.rect(20, 18, 54, 24, PALE)
    b.rect(24, 32, 50, 36, PALE)
    b.oval(28, 54, 46, 72, GOLD)


def lamp(b: Brush) -> None:
    """A table lamp: 80 x 104."""
    b.rect(36, 50, 44, 96, METAL)
    b.oval(18, 90, 62, 104, DARK)
    b.poly([(20, 0), (60, 0), (80, 56), (0, 56)], b.main)
    b.poly([(3, 50), (77, 50), (80, 58), (0, 58)], (255, 238, 170))


def clock(b: Brush) -> None:
    """A round clock: 90 x 90."""
    b.oval(0, 0, 90, 90, b.main)
    b.oval(11, 11, 79, 79, PALE)
    for x1, y1, x2, y2 in ((45, 14, 45, 22), (45, 68, 45, 76), (14, 45, 22, 45), (68, 45, 76, 45)):
        b.line([(x1, y1), (x2, y2)], DARK, 3)
    b.line([(45, 45), (45, 25)], DARK, 5)
    b.line([(45, 45), (61, 53)], DARK, 5)


def scissors(b: Brush) -> None:
    """Open scissors, the blades up: 80 x 110."""
    b.poly([(16, 0), (26, 2), (50, 66), (40, 70)], METAL)
    b.poly([(64, 0), (54, 2), (30, 66), (40, 70)], shade(METAL, 0.84))
    b.arc(0, 60, 38, 110, 0, 360, b.main, 11)
    b.arc(42, 60, 80, 110, 0, 360, b.main, 11)
    b.oval(36, 52, 44, 60, DARK)


def hammer(b: Brush) -> None:
    """A claw hammer, the handle coloured: 74 x 110."""
    b.rect(32, 20, 46, 110, b.main, 5)
    b.rect(6, 4, 54, 26, METAL, 3)
    b.rect(0, 0, 14, 30, shade(METAL, 0.8), 2)
    b.poly([(50, 4), (74, 20), (70, 28), (50, 24)], METAL)


def key(b: Brush) -> None:
    """A key lying on its side: 110 x 44."""
    b.rect(34, 17, 110, 27, b.main, 3)
    b.rect(84, 24, 92, 42, b.main)
    b.rect(98, 24, 106, 36, b.main)
    b.oval(0, 0, 44, 44, b.main)
    b.oval(10, 14, 26, 30, PALE)


def flowerpot(b: Brush) -> None:
    """A plant in a coloured pot: 84 x 116."""
    for x1, y1, x2, y2 in ((4, 14, 44, 46), (40, 8, 84, 44), (24, 0, 60, 52), (0, 36, 44, 66), (42, 34, 82, 66)):
        b.oval(x1, y1, x2, y2, LEAF)
    b.line([(42, 76), (42, 30)], shade(LEAF, 0.7), 4)
    b.line([(42, 62), (20, 34)], shade(LEAF, 0.7), 3)
    b.line([(42, 60), (64, 30)], shade(LEAF, 0.7), 3)
    b.poly([(16, 74), (68, 74), (60, 116), (24, 116)], b.main)
    b.rect(10, 66, 74, 82, b.dark, 3)


def ball(b: Brush) -> None:
    """A beach ball: 80 x 80."""
    b.oval(0, 0, 80, 80, b.main)
    b.pie(12, 8, 46, 42, 150, 300, b.light)


def hat(b: Brush) -> None:
    """A hat with a brim and a band: 110 x 62."""
    b.oval(0, 38, 110, 62, b.main)
    b.rect(26, 0, 84, 52, b.main, 18)
    b.rect(26, 36, 84, 48, b.dark)


def apple(b: Brush) -> None:
    """An apple with a leaf: 76 x 84."""
    b.oval(0, 18, 46, 82, b.main)
    b.oval(30, 18, 76, 82, b.main)
    b.oval(14, 24, 62, 84, b.main)
    b.line([(38, 28), (42, 6)], DARK_WOOD, 5)
    b.oval(42, 0, 70, 16, LEAF)
    b.oval(10, 30, 22, 48, b.light)


def pear(b: Brush) -> None:
    """A pear: 64 x 96."""
    b.oval(14, 12, 50, 64, b.main)
    b.oval(0, 40, 64, 96, b.main)
    b.line([(32, 18), (38, 2)], DARK_WOOD, 5)
    b.oval(10, 58, 22, 78, b.light)


def cherries(b: Brush) -> None:
    """Two cherries on one stem: 84 x 90."""
    b.line([(20, 60), (50, 4), (64, 58)], LEAF, 4)
    b.oval(46, 0, 80, 18, LEAF)
    b.oval(0, 46, 40, 86, b.main)
    b.oval(44, 50, 84, 90, b.main)
    b.oval(8, 54, 18, 64, b.light)
    b.oval(52, 58, 62, 68, b.light)


def teapot(b: Brush) -> None:
    """A tea pot, its spout on the left: 116 x 84."""
    b.arc(76, 24, 116, 70, 0, 360, b.dark, 8)
    b.poly([(0, 26), (12, 22), (40, 48), (36, 70)], b.dark)
    b.oval(22, 20, 94, 84, b.main)
    b.oval(38, 14, 78, 30, b.light)
    b.oval(52, 0, 66, 16, b.dark)


def vase(b: Brush) -> None:
    """A vase with three flowers: 66 x 120."""
    for x, y in ((14, 14), (52, 14), (33, 10)):
        b.line([(33, 70), (x, y)], LEAF, 4)
    for x, y, petal in ((14, 14, (240, 120, 160)), (52, 14, (250, 220, 90)), (33, 12, (250, 250, 250))):
        b.oval(x - 13, y - 12, x + 13, y + 14, petal)
        b.oval(x - 5, y - 4, x + 5, y + 6, GOLD)
    b.poly([(22, 58), (44, 58), (66, 92), (48, 120), (18, 120), (0, 92)], b.main)
    b.rect(18, 54, 48, 62, b.dark, 2)


def pencil(b: Brush) -> None:
    """A pencil lying, its tip on the left: 120 x 26."""
    b.poly([(0, 13), (24, 0), (24, 26)], (240, 210, 160))
    b.poly([(0, 13), (10, 8), (10, 18)], DARK)
    b.rect(24, 0, 100, 26, b.main)
    b.rect(24, 9, 100, 17, b.light)
    b.rect(98, 0, 106, 26, METAL)
    b.rect(106, 1, 120, 25, (240, 130, 140), 4)


def camera(b: Brush) -> None:
    """A camera: 104 x 76."""
    b.rect(30, 0, 74, 20, b.dark, 4)
    b.rect(0, 12, 104, 76, b.main, 8)
    b.oval(28, 18, 80, 70, DARK)
    b.oval(38, 28, 70, 60, GLASS)
    b.rect(84, 20, 98, 30, PALE)


def glasses(b: Brush) -> None:
    """A pair of glasses: 116 x 44."""
    b.oval(0, 0, 50, 44, b.main)
    b.oval(66, 0, 116, 44, b.main)
    b.oval(8, 8, 42, 36, GLASS)
    b.oval(74, 8, 108, 36, GLASS)
    b.rect(46, 14, 70, 22, b.main)


def umbrella(b: Brush) -> None:
    """An open umbrella: 116 x 110."""
    b.line([(58, 10), (58, 96)], DARK_WOOD, 5)
    b.arc(36, 84, 60, 110, 0, 180, DARK_WOOD, 5)
    b.line([(58, 0), (58, 10)], DARK, 4)
    b.pie(0, 6, 116, 110, 180, 360, b.main)
    for x in (0, 29, 58, 87):
        b.pie(x, 50, x + 29, 68, 180, 360, b.dark)


def guitar(b: Brush) -> None:
    """A guitar standing: 56 x 130."""
    b.rect(20, 0, 36, 16, DARK)
    b.rect(23, 10, 33, 70, DARK_WOOD)
    b.oval(6, 50, 50, 94, b.main)
    b.oval(0, 76, 56, 130, b.main)
    b.oval(19, 72, 37, 90, DARK)
    b.rect(16, 106, 40, 112, DARK_WOOD)
    b.line([(28, 14), (28, 108)], PALE, 2)


def gift(b: Brush) -> None:
    """A wrapped gift with a bow: 84 x 88."""
    b.rect(4, 36, 80, 88, b.main, 2)
    b.rect(0, 22, 84, 42, b.main, 3)
    b.rect(35, 22, 49, 88, GOLD)
    b.arc(10, 0, 42, 28, 0, 360, GOLD, 8)
    b.arc(42, 0, 74, 28, 0, 360, GOLD, 8)


def candle(b: Brush) -> None:
    """A burning candle in a dish: 64 x 100."""
    b.poly([(32, 0), (44, 22), (32, 34), (20, 22)], (255, 196, 60))
    b.rect(18, 32, 46, 92, b.main, 3)
    b.line([(32, 26), (32, 36)], DARK, 3)
    b.oval(0, 82, 64, 100, METAL)
    b.rect(18, 60, 46, 88, b.main)


def phone(b: Brush) -> None:
    """A mobile phone: 52 x 100."""
    b.rect(0, 0, 52, 100, b.main, 9)
    b.rect(6, 10, 46, 84, (70, 120, 160), 2)
    for x in (10, 23, 36):
        for y in (16, 32):
            b.rect(x, y, x + 8, y + 9, PALE, 2)
    b.oval(21, 87, 31, 97, PALE)


def chair(b: Brush) -> None:
    """A wooden chair with a cushion: 70 x 120."""
    b.rect(0, 0, 9, 120, WOOD, 2)
    b.rect(6, 6, 18, 60, DARK_WOOD)
    b.rect(61, 60, 70, 120, WOOD, 2)
    b.rect(0, 8, 22, 20, WOOD)
    b.rect(0, 66, 70, 78, WOOD)
    b.rect(2, 52, 70, 68, b.main, 7)
    b.rect(4, 96, 66, 102, DARK_WOOD)


def suitcase(b: Brush) -> None:
    """A suitcase with metal corners: 110 x 90."""
    b.arc(36, 0, 74, 36, 180, 360, DARK, 7)
    b.rect(0, 16, 110, 90, b.main, 8)
    b.rect(20, 16, 30, 90, b.dark)
    b.rect(80, 16, 90, 90, b.dark)
    b.rect(48, 34, 62, 46, GOLD)


def backpack(b: Brush) -> None:
    """A school bag: 84 x 104."""
    b.arc(26, 0, 58, 30, 180, 360, DARK, 7)
    b.rect(4, 12, 80, 104, b.main, 24)
    b.rect(0, 54, 84, 98, b.dark, 8)
    b.rect(12, 60, 72, 92, b.main, 6)
    b.rect(36, 54, 48, 70, GOLD)


def television(b: Brush) -> None:
    """A television with two aerials: 112 x 108."""
    b.line([(56, 30), (30, 2)], DARK, 4)
    b.line([(56, 30), (82, 2)], DARK, 4)
    b.rect(20, 96, 30, 108, DARK)
    b.rect(82, 96, 92, 108, DARK)
    b.rect(0, 28, 112, 100, b.main, 9)
    b.rect(10, 38, 82, 90, (64, 96, 116), 10)
    b.poly([(18, 46), (40, 46), (26, 82), (18, 82)], (108, 146, 166))
    b.oval(90, 42, 104, 56, PALE)
    b.oval(90, 64, 104, 78, PALE)


def shoe(b: Brush) -> None:
    """A sports shoe, its toe on the right: 110 x 62."""
    b.poly([(2, 4), (36, 0), (60, 22), (98, 32), (110, 48), (2, 50)], b.main)
    b.rect(0, 46, 110, 62, PALE, 7)
    for x in (40, 50, 60):
        b.line([(x, 16 + (x - 40) // 2), (x + 10, 8 + (x - 40) // 2)], PALE, 4)


def bell(b: Brush) -> None:
    """A hand bell: 76 x 92."""
    b.rect(31, 0, 45, 26, DARK_WOOD, 5)
    b.oval(29, 74, 47, 92, DARK)
    b.pie(8, 20, 68, 90, 180, 360, b.main)
    b.poly([(8, 54), (68, 54), (76, 80), (0, 80)], b.main)
    b.rect(0, 74, 76, 82, b.dark, 3)
