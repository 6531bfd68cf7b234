"""What an expression refers to, by looking at every object of every picture; borderline cases refer to nothing.

Every relation has a margin: `refer` answers None as soon as one object lies between "clearly so" and "clearly not so",
so an expression that refers to exactly one object does so for every careful reader.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from verienv.families.grounding.objects import GROUPS
from verienv.families.grounding.scenes import Scene, Thing

Place = tuple[int, int]  # (picture, thing), both from 0

APART: Final = 0.05
"""Share of the picture's side by which centres differ before one is said to be left of, or above, the other."""
LARGER: Final = 1.4
"""Ratio of the areas of two boxes before one is said to be larger."""
NEARER: Final = 1.35
"""Ratio of two distances between centres before one is said to be nearer."""

SIDES: Final = ("left", "right", "top", "bottom")
RELATIONS: Final = ("left of", "right of", "above", "below")
BOTH: Final = -1
ANYTHING: Final = "object"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun (a kind, a group of kinds or "object") with a colour or pattern it has, or a colour it has not."""

    noun: str
    colour: str = ""
    pattern: str = ""
    without: str = ""


@dataclass(frozen=True, slots=True)
class Expression:
    """What is asked for.

    how: "only" (the one that the phrase fits); a side of SIDES with `rank` (the rank-th from there); "largest",
    "smallest"; a relation of RELATIONS, "nearest", "same colour" or "same pattern", to `anchor`; in the second picture
    "same as" the anchor, "new", "common" or "recoloured" against the first.
    """

    phrase: Phrase
    picture: int = 0  # from 0; BOTH: either
    how: str = "only"
    rank: int = 1
    anchor: Expression | None = None


def fitting(phrase: Phrase, things: Sequence[Thing]) -> list[int]:
    """Which of the things, by their numbers, the phrase fits."""
    noun, colour, pattern, without = phrase.noun, phrase.colour, phrase.pattern, phrase.without
    group = GROUPS.get(noun, frozenset())
    return [
        at
        for at, thing in enumerate(things)
        if (thing.kind == noun or noun == ANYTHING or thing.kind in group)
        and (not colour or thing.colour == colour)
        and (not pattern or thing.pattern == pattern)
        and (not without or thing.colour != without)
    ]


def candidates(scenes: Sequence[Scene], expression: Expression) -> list[Place]:
    """All things in the expression's picture that its phrase fits."""
    pictures = range(len(scenes)) if expression.picture == BOTH else (expression.picture,)
    return [(picture, at) for picture in pictures for at in fitting(expression.phrase, scenes[picture].things)]


def refer(
    scenes: Sequence[Scene], expression: Expression, meant: Place | None = None
) -> frozenset[Place] | None:
    """Everything the expression may mean, or None where that is borderline or an anchor is not exactly one thing.

    `meant` is what its anchor refers to, where that is known already.
    """
    found = candidates(scenes, expression)
    how = expression.how
    if how == "only":
        return frozenset(found)
    if how in SIDES:
        return _ranked(scenes, found, how, expression.rank)
    if how in ("largest", "smallest"):
        return _extreme(scenes, found, how)
    if how in ("new", "common", "recoloured"):
        return frozenset(place for place in found if _compared(scenes[0], _thing(scenes, place), how))
    if expression.anchor is None:
        return None
    anchor = unique(scenes, expression.anchor) if meant is None else meant
    if anchor is None:
        return None
    others = [place for place in found if place != anchor]
    thing = _thing(scenes, anchor)
    if how == "same colour":
        return frozenset(place for place in others if _thing(scenes, place).colour == thing.colour)
    if how == "same pattern":
        return frozenset(place for place in others if _thing(scenes, place).pattern == thing.pattern)
    if how == "same as":
        return frozenset(place for place in others if _thing(scenes, place).item == thing.item)
    if anchor[0] != expression.picture:
        return None
    if how == "nearest":
        return _nearest(scenes, others, thing)
    return _beside(scenes, others, thing, how)


def unique(scenes: Sequence[Scene], expression: Expression, meant: Place | None = None) -> Place | None:
    """The one thing that the expression refers to, or None; `meant` as for `refer`."""
    found = refer(scenes, expression, meant)
    return next(iter(found)) if found is not None and len(found) == 1 else None


def _thing(scenes: Sequence[Scene], place: Place) -> Thing:
    return scenes[place[0]].things[place[1]]


def _centre(thing: Thing) -> tuple[float, float]:
    return thing.x + thing.w / 2, thing.y + thing.h / 2


def _ranked(scenes: Sequence[Scene], found: list[Place], side: str, rank: int) -> frozenset[Place] | None:
    """The rank-th from a side; counting so far, and one further, must be clear."""
    if len(found) < rank or not found:
        return frozenset()
    axis = 0 if side in ("left", "right") else 1
    scene = scenes[found[0][0]]
    apart = APART * (scene.width, scene.height)[axis]
    sign = 1 if side in ("left", "top") else -1
    order = sorted([(sign * _centre(_thing(scenes, place))[axis], place) for place in found])
    for before, after in itertools.pairwise(order[: rank + 1]):
        if after[0] - before[0] < apart:
            return None
    return frozenset({order[rank - 1][1]})


def _extreme(scenes: Sequence[Scene], found: list[Place], how: str) -> frozenset[Place] | None:
    areas = sorted([(_thing(scenes, place).w * _thing(scenes, place).h, place) for place in found])
    if not areas:
        return frozenset()
    if how == "largest":
        areas.reverse()
    if len(areas) > 1:
        large, little = max(areas[0][0], areas[1][0]), min(areas[0][0], areas[1][0])
        if large < LARGER * little:
            return None
    return frozenset({areas[0][1]})


def _compared(first: Scene, thing: Thing, how: str) -> bool:
    if how == "recoloured":
        return any(
            each.box == thing.box and each.kind == thing.kind and each.item != thing.item for each in first.things
        )
    return (thing.item in {each.item for each in first.things}) == (how == "common")


def _nearest(scenes: Sequence[Scene], others: list[Place], anchor: Thing) -> frozenset[Place] | None:
    x, y = _centre(anchor)
    spots = [(place, _centre(_thing(scenes, place))) for place in others]
    far = sorted([((px - x) ** 2 + (py - y) ** 2, place) for place, (px, py) in spots])
    if not far:
        return frozenset()
    if len(far) > 1 and far[1][0] < NEARER * NEARER * far[0][0]:
        return None
    return frozenset({far[0][1]})


def _beside(scenes: Sequence[Scene], others: list[Place], anchor: Thing, how: str) -> frozenset[Place] | None:
    axis = 0 if how in ("left of", "right of") else 1
    sign = 1 if how in ("left of", "above") else -1
    middle = _centre(anchor)[axis]
    clear = set()
    for place in others:
        scene = scenes[place[0]]
        ahead = sign * (middle - _centre(_thing(scenes, place))[axis]) / (scene.width, scene.height)[axis]
        if -APART / 2 < ahead < APART:
            return None
        if ahead >= APART:
            clear.add(place)
    return frozenset(clear)
