"""The scene in words and numbers, and how arcs are written and read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from verienv import literals, parsing
from verienv.families.parking import car
from verienv.families.parking.car import Arc
from verienv.families.parking.making import Place
from verienv.families.parking.world import Quad
from verienv.parsing import Unparsable

LONGEST: Final = 100.0
"""Metres of an arc at most."""

RULES: Final = (
    "Park the car. Lengths are in metres, angles in degrees, counted from the x axis towards the y axis. A pose is "
    "where the middle of the rear axle is and where the car heads. "
    f"The car is {car.LENGTH:.2f} long and {car.WIDTH:.2f} wide; its body reaches {car.FRONT:.2f} ahead of the rear "
    f"axle and {car.REAR:.2f} behind it. It drives in arcs: with steering s, from -1 (full right) to 1 (full left), "
    f"the middle of the rear axle follows a circle of radius {car.RADIUS:.4f} / |s|, or a straight line for 0; a "
    "negative length drives backwards. It turns while it drives, never on the spot."
)


def prompt(
    start: Place,
    target: Place,
    quads: Sequence[Quad],
    bounds: tuple[int, int, int, int],
    *,
    near: int,
    askew: int,
    arcs: int,
    written: bool,
    picture: bool,
) -> str:
    """What is asked; obstacles are listed where `written`, and pointed out where there is a picture."""
    lines = [RULES, "", f"The car is at {place(start)}.", f"The slot is at {place(target)}.", ""]
    if picture:
        lines.append(
            "The picture shows the place from above, x to the right, y upwards, with a line every metre and numbers "
            "every five: the car is blue with its lamps in front, the slot is outlined with an arrow where its front "
            "is, all else is in the way."
        )
    if written:
        lines += ["In the way are these, each by its corners:", *[shape(quad) for quad in quads]]
    low_x, low_y, high_x, high_y = (each / 100 for each in bounds)
    lines += [
        "",
        f"Drive into the slot: stop within {near / 100:.2f} m and {askew} degrees of its pose, heading the same way. "
        "On the way nothing may come nearer to the body than 0.01 m, and the middle of the rear axle stays inside of "
        f"x {low_x:.2f} to {high_x:.2f} and y {low_y:.2f} to {high_y:.2f}.",
        parsing.ask(f"a list of at most {arcs} arcs, each [steering, length]", "[[0.5, 2.0], [-1, -3.25]]"),
    ]
    return "\n".join(lines)


def place(where: Place) -> str:
    """A pose as the prompt writes it."""
    return f"x {where[0] / 100:.2f}, y {where[1] / 100:.2f}, heading {where[2] / 10:.1f}"


def shape(quad: Quad) -> str:
    """An obstacle as the prompt writes it."""
    return " ".join([f"({x / 100:.2f}, {y / 100:.2f})" for x, y in quad])


def write(arcs: Sequence[Arc]) -> str:
    """Arcs as the prompt asks for them."""
    return f"[{', '.join([f'[{steer:g}, {length:g}]' for steer, length in arcs])}]"


def read(text: str, most: int) -> tuple[Arc, ...]:
    """The arcs of a reply.

    A list of pairs in any brackets, or pairs without any, one a line or between semicolons. Raises Unparsable.
    """
    inner = parsing.answer(text)
    rows = [row.strip() for row in inner.replace(";", "\n").split("\n") if row.strip()]
    if inner[0] in "[(" and (len(rows) == 1 or not _closed(rows[0])):
        found = literals.value(inner)
        if inner.count("[") + inner.count("(") == 1:
            found = [found]
    else:
        if len(rows) > most:
            raise Unparsable("too_many_arcs")
        found = [_row(row) for row in rows]
    if type(found) is not list or not found:
        raise Unparsable("empty")
    if len(found) > most:
        raise Unparsable("too_many_arcs")
    return tuple([_arc(pair) for pair in found])


def _closed(row: str) -> bool:
    return row.count("[") + row.count("(") == row.count("]") + row.count(")")


def _row(row: str) -> object:
    if row[0] in "[(":
        return literals.value(row.rstrip(","))
    return literals.value(f"[{', '.join(row.replace(',', ' ').split())}]")


def _arc(pair: object) -> Arc:
    if type(pair) is not list or len(pair) != 2 or any(type(each) is not float for each in pair):
        raise Unparsable("not_arcs")
    steer, length = pair
    if not -1.0 <= steer <= 1.0:
        raise Unparsable("steering_out_of_range")
    if not -LONGEST <= length <= LONGEST:
        raise Unparsable("too_long_an_arc")
    return steer + 0.0, length + 0.0
