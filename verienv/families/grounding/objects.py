"""The kinds of objects: what each is called, where it stands, what it is for, and how it is drawn."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PIL import Image

from verienv.families.grounding import brush, indoors, outdoors
from verienv.families.grounding.brush import Draw


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of object."""

    name: str
    plural: str
    draw: Draw
    width: int  # units of the drawing
    height: int
    scale: float  # pixels of height in a picture 448 pixels high, at the front, before its size class
    places: tuple[str, ...]  # rows of layouts: shelf, table, floor, wall, kerb, road, lawn, sky
    faces: bool = False  # whether it may look to either side
    patterned: bool = True  # whether stripes and spots show on it
    avoids: str = ""  # a colour it cannot have: it would not show


def _kinds() -> tuple[Kind, ...]:
    shelf, table, floor, lawn = "shelf", "table", "floor", "lawn"
    both = (shelf, table)
    i, o = indoors, outdoors
    return (
        Kind("cup", "cups", i.cup, 100, 80, 40, both, True),
        Kind("bottle", "bottles", i.bottle, 38, 110, 66, both),
        Kind("book", "books", i.book, 70, 94, 58, both),
        Kind("lamp", "lamps", i.lamp, 80, 104, 66, (shelf, table, floor)),
        Kind("clock", "clocks", i.clock, 90, 90, 54, (shelf, table, "wall")),
        Kind("pair of scissors", "pairs of scissors", i.scissors, 80, 110, 56, both, False, False),
        Kind("hammer", "hammers", i.hammer, 74, 110, 60, both, True, False),
        Kind("key", "keys", i.key, 110, 44, 24, both, True, False),
        Kind("flowerpot", "flowerpots", i.flowerpot, 84, 116, 66, (shelf, table, floor)),
        Kind("ball", "balls", i.ball, 80, 80, 44, (shelf, table, floor, lawn)),
        Kind("hat", "hats", i.hat, 110, 62, 36, both),
        Kind("apple", "apples", i.apple, 76, 84, 38, both, True),
        Kind("pear", "pears", i.pear, 64, 96, 44, both, True),
        Kind("pair of cherries", "pairs of cherries", i.cherries, 84, 90, 38, both, True, False),
        Kind("teapot", "teapots", i.teapot, 116, 84, 50, both, True),
        Kind("vase", "vases", i.vase, 66, 120, 68, (shelf, table, floor)),
        Kind("pencil", "pencils", i.pencil, 120, 26, 16, both, True, False),
        Kind("camera", "cameras", i.camera, 104, 76, 42, both),
        Kind("pair of glasses", "pairs of glasses", i.glasses, 116, 44, 24, both, False, False),
        Kind("umbrella", "umbrellas", i.umbrella, 116, 110, 74, (floor, lawn), True),
        Kind("guitar", "guitars", i.guitar, 56, 130, 84, (shelf, floor)),
        Kind("gift", "gifts", i.gift, 84, 88, 50, (shelf, table, floor)),
        Kind("candle", "candles", i.candle, 64, 100, 52, both),
        Kind("phone", "phones", i.phone, 52, 100, 50, both, False, False),
        Kind("chair", "chairs", i.chair, 70, 120, 92, (floor,), True, False),
        Kind("suitcase", "suitcases", i.suitcase, 110, 90, 62, (floor,)),
        Kind("backpack", "backpacks", i.backpack, 84, 104, 64, (floor,)),
        Kind("television", "televisions", i.television, 112, 108, 74, (shelf, floor), False, False),
        Kind("shoe", "shoes", i.shoe, 110, 62, 32, (shelf, floor), True),
        Kind("bell", "bells", i.bell, 76, 92, 44, both),
        Kind("car", "cars", o.car, 130, 62, 52, ("road",), True),
        Kind("bus", "buses", o.bus, 150, 84, 74, ("road",), True),
        Kind("bicycle", "bicycles", o.bicycle, 124, 76, 56, ("road", "kerb"), True, False),
        Kind("tree", "trees", o.tree, 96, 130, 104, (lawn,)),
        Kind("house", "houses", o.house, 120, 120, 104, (lawn,)),
        Kind("dog", "dogs", o.dog, 116, 84, 48, (floor, "kerb"), True),
        Kind("cat", "cats", o.cat, 84, 108, 52, (floor, "kerb"), True),
        Kind("bird", "birds", o.bird, 100, 72, 32, ("sky", shelf), True),
        Kind("rubber duck", "rubber ducks", o.duck, 100, 84, 40, (shelf, table, floor), True),
        Kind("bench", "benches", o.bench, 130, 70, 52, ("kerb",), False, False),
        Kind("road sign", "road signs", o.sign, 56, 120, 78, ("kerb",), False, False),
        Kind("kite", "kites", o.kite, 70, 116, 66, ("sky",), True),
        Kind("balloon", "balloons", o.balloon, 62, 118, 66, ("sky",)),
        Kind("fire hydrant", "fire hydrants", o.hydrant, 60, 96, 50, ("kerb",), False, False),
        Kind("letter box", "letter boxes", o.mailbox, 74, 112, 66, ("kerb",), False, False),
        Kind("bush", "bushes", o.bush, 104, 66, 46, (lawn, "kerb"), False, False, "green"),
    )


KINDS: Final[Mapping[str, Kind]] = {each.name: each for each in _kinds()}

GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "piece of fruit": frozenset({"apple", "pear", "pair of cherries"}),
    "animal": frozenset({"dog", "cat", "bird"}),
    "motor vehicle": frozenset({"car", "bus"}),
    "thing to cut paper with": frozenset({"pair of scissors"}),
    "thing to drive in a nail with": frozenset({"hammer"}),
    "thing to open a locked door with": frozenset({"key"}),
    "thing to tell the time by": frozenset({"clock"}),
    "thing to read a story in": frozenset({"book"}),
    "thing to take photographs with": frozenset({"camera", "phone"}),
    "thing to put on to see better": frozenset({"pair of glasses"}),
    "thing to write a note with": frozenset({"pencil"}),
    "thing to pour tea from": frozenset({"teapot"}),
    "thing to sit down on": frozenset({"chair", "bench"}),
    "thing to play music on": frozenset({"guitar"}),
    "thing to hold over you in the rain": frozenset({"umbrella"}),
    "thing to pack for a journey": frozenset({"suitcase", "backpack"}),
    "thing to watch films on": frozenset({"television"}),
    "thing to post a letter in": frozenset({"letter box"}),
    "thing to ride with pedals": frozenset({"bicycle"}),
    "thing to live in": frozenset({"house"}),
    "thing to wear on your head": frozenset({"hat"}),
    "thing to wear on a foot": frozenset({"shoe"}),
    "thing with a flame": frozenset({"candle"}),
}
"""What a phrase may mean besides a kind: "the thing to cut paper with" is any object of these kinds."""


def sprite(kind: str, colour: str, pattern: str, side: tuple[int, int], flip: bool) -> Image.Image:
    """The object as a picture with premultiplied alpha (RGBa) that its ink fills from edge to edge."""
    each = KINDS[kind]
    return brush.small(each.draw, (each.width, each.height), colour, pattern, side, flip)


@functools.lru_cache(maxsize=5120)  # about 50 MB
def standing(kind: str, colour: str, pattern: str, side: tuple[int, int], flip: bool) -> Image.Image:
    """The same on its shadow, which reaches out below and, by a twelfth of the width, to both sides."""
    wide, tall = side
    shadow = brush.shadow(wide + wide // 6, max(6, tall // 6))
    made = Image.new("RGBa", (shadow.width, tall + shadow.height - shadow.height * 3 // 5))
    made.paste(shadow, (0, made.height - shadow.height))
    body = sprite(kind, colour, pattern, side, flip)
    made.paste(body, (wide // 12, 0), body)
    return made


def stencil(kind: str, side: tuple[int, int], flip: bool) -> tuple[Image.Image, int]:
    """Where the object covers what is behind it: a mode "L" mask of 0 and 255, and how many pixels that is."""
    each = KINDS[kind]
    return brush.stencil(each.draw, (each.width, each.height), side, flip)
