"""Problems: scenes that are arranged until something can be said of one object that fits no other."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from verienv.families.grounding import language, scenes
from verienv.families.grounding.referents import Expression, Place
from verienv.families.grounding.scenes import Item, Scene

if TYPE_CHECKING:
    from verienv.families.grounding import Knobs

SCENES: Final = 120
"""Scenes tried for one problem."""
TALKS: Final = 40
"""Expressions tried on one scene."""

Found = tuple[tuple[Scene, ...], Expression, Place]


def problem(rng: Random, knobs: Knobs) -> Found | None:
    """Scenes, an expression and the place it refers to; None where SCENES scenes gave none."""
    if knobs.pictures == 2:
        named = knobs.units == "points"  # the answer cannot name a picture, so the description does
        form = rng.choice([each for each in language.PAIRS if not (named and each == "larger")])
    else:
        form = knobs.form if knobs.form != "any" else rng.choice(language.FORMS)
    for _ in range(SCENES):
        first = _scene(rng, knobs)
        if first is None:
            continue
        found = _single(rng, first, form, knobs.chain) if knobs.pictures == 1 else _pair(rng, first, form, knobs)
        if found is not None:
            return found
    return None


def _scene(rng: Random, knobs: Knobs) -> Scene | None:
    layout = knobs.layout
    if layout == "any":
        layout = rng.choice([each for each in scenes.LAYOUTS if knobs.n <= scenes.CAPACITY[each]])
    return scenes.draw(rng, layout, knobs.n, (knobs.width, knobs.height), knobs.patterned, knobs.visible, knobs.kinds)


def _single(rng: Random, scene: Scene, form: str, chain: int) -> Found | None:
    for _ in range(TALKS):
        if form == "relation":
            found = language.chained(rng, (scene,), 0, chain)
            if found is not None:
                return (scene,), *found
            continue
        place = (0, rng.randrange(len(scene.things)))
        expression = language.propose(rng, (scene,), place, form)
        if expression is not None:
            return (scene,), expression, place
    return None


def _pair(rng: Random, first: Scene, form: str, knobs: Knobs) -> Found | None:
    second = _second(rng, first, form, knobs)
    if second is None:
        return None
    for _ in range(1 if form in ("new", "common", "recoloured") else TALKS):
        found = language.propose_pair(rng, (first, second), form, knobs.chain)
        if found is not None:
            return (first, second), *found
    return None


def _second(rng: Random, first: Scene, form: str, knobs: Knobs) -> Scene | None:
    """The second picture, made so that the form has something to say."""
    if form == "recoloured":
        at = rng.randrange(len(first.things))
        things = [scenes.repainted(rng, each) if at == place else each for place, each in enumerate(first.things)]
        return Scene(first.layout, first.variant, first.width, first.height, tuple(things))
    fresh = scenes.draw(
        rng, first.layout, knobs.n, (first.width, first.height), knobs.patterned, knobs.visible, knobs.kinds
    )
    if fresh is None:
        return None
    if form in ("larger", "same colour"):
        return fresh
    old: list[Item] = [each.item for each in first.things]
    other: list[Item] = [each.item for each in fresh.things if each.item not in old]
    if form == "new":
        items = [*rng.sample(old, len(old) - 1), *other[:1]]
    elif form == "common":
        items = [*other, rng.choice(old)]
    else:
        keep = rng.sample(old, (len(old) + 1) // 2)
        items = [*keep, *other[: len(old) - len(keep)]]
    return scenes.arranged(rng, first.layout, items, (first.width, first.height), knobs.visible)
