"""Expressions that grow from a scene: what could be said of a thing so that nothing else is meant."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from verienv.families.grounding import referents
from verienv.families.grounding.objects import GROUPS, KINDS
from verienv.families.grounding.referents import ANYTHING, BOTH, RELATIONS, Expression, Phrase, Place
from verienv.families.grounding.scenes import Scene, Thing

FORMS: Final = ("attribute", "negation", "use", "ordinal", "size", "relation")
PAIRS: Final = ("same as", "new", "common", "recoloured", "larger", "same colour")


LINKS: Final = 24
"""Things tried for each link of a chain."""


def propose(rng: Random, scenes: Sequence[Scene], place: Place, form: str) -> Expression | None:
    """An expression of that form which may mean the thing at `place` and nothing else; None where it does not."""
    expression = _drawn(rng, scenes, place, form)
    if expression is None or referents.unique(scenes, expression) != place:
        return None
    return expression if _needed(scenes, expression, form) else None


def links(expression: Expression) -> int:
    """How many things have to be found on the way, the last one not counted."""
    return 0 if expression.anchor is None else 1 + links(expression.anchor)


def _needed(scenes: Sequence[Scene], expression: Expression, form: str) -> bool:
    """Whether what is said beside the noun is needed: at least two things would fit without it."""
    if expression.how == "only":
        bare = Expression(Phrase(expression.phrase.noun), expression.picture)
        return form == "use" or len(referents.candidates(scenes, bare)) > 1
    return len(referents.candidates(scenes, expression)) > 1


def _drawn(rng: Random, scenes: Sequence[Scene], place: Place, form: str) -> Expression | None:
    picture, at = place
    thing = scenes[picture].things[at]
    if form == "attribute":
        return Expression(_attributes(rng, thing, scenes[picture].things), picture)
    if form == "negation":
        others = sorted({each.colour for each in scenes[picture].things if each.kind == thing.kind} - {thing.colour})
        if not others:
            return None
        told = rng.random() < 0.3 and _patterned(thing, scenes[picture].things)
        pattern = thing.pattern if told else ""
        return Expression(Phrase(thing.kind, "", pattern, rng.choice(others)), picture)
    if form == "use":
        groups = [group for group in sorted(GROUPS) if thing.kind in GROUPS[group]]
        if not groups:
            return None
        return Expression(Phrase(rng.choice(groups), thing.colour if rng.random() < 0.5 else ""), picture)
    if form == "ordinal":
        return _ordinal(rng, scenes, place, thing)
    colour = thing.colour if rng.random() < 0.25 else ""
    return Expression(Phrase(thing.kind, colour), picture, rng.choice(("largest", "smallest")))


def _patterned(thing: Thing, things: Sequence[Thing]) -> bool:
    """Whether it says something that a thing is plain, striped or spotted."""
    return KINDS[thing.kind].patterned and any(each.pattern != "plain" for each in things)


def _attributes(rng: Random, thing: Thing, things: Sequence[Thing]) -> Phrase:
    pattern = thing.pattern if rng.random() < 0.5 and _patterned(thing, things) else ""
    return Phrase(thing.kind, "" if pattern and rng.random() < 0.3 else thing.colour, pattern)


def _ordinal(rng: Random, scenes: Sequence[Scene], place: Place, thing: Thing) -> Expression | None:
    picture = place[0]
    phrase = Phrase(thing.kind, thing.colour if rng.random() < 0.3 else "")
    side = rng.choice(("left", "right", "left", "right", "top", "bottom"))
    if side in ("top", "bottom"):
        return Expression(phrase, picture, side)
    sign = 1 if side == "left" else -1
    middle = sign * (2 * thing.x + thing.w)
    things = scenes[picture].things
    rank = sum(sign * (2 * things[at].x + things[at].w) <= middle for at in referents.fitting(phrase, things))
    return Expression(phrase, picture, side, rank) if rank <= 5 else None


def chained(rng: Random, scenes: Sequence[Scene], picture: int, chain: int) -> tuple[Expression, Place] | None:
    """A relation over `chain` things, each link meaning exactly one, no thing twice; and what it means."""
    things = scenes[picture].things
    place = (picture, rng.randrange(len(things)))
    form = rng.choice(("attribute", "attribute", "use", "ordinal", "size", "negation"))
    expression = propose(rng, scenes, place, form)
    if expression is None:
        return None
    path = [place]
    for _ in range(chain):
        for _ in range(LINKS):
            place = (picture, rng.randrange(len(things)))
            if place in path:
                continue
            further = _linked(rng, things[place[1]], things, picture, expression)
            if referents.unique(scenes, further, path[-1]) == place and _needed(scenes, further, "relation"):
                expression = further
                path.append(place)
                break
        else:
            return None
    return expression, place


def _linked(rng: Random, thing: Thing, things: Sequence[Thing], picture: int, anchor: Expression) -> Expression:
    ways: tuple[str, ...] = ("nearest", "same colour", *RELATIONS, *RELATIONS)
    if KINDS[thing.kind].patterned and thing.pattern != "plain":
        ways += ("same pattern",)
    how = rng.choice(ways)
    plain = how in ("same colour", "same pattern") or rng.random() < 0.7
    return Expression(Phrase(thing.kind) if plain else _attributes(rng, thing, things), picture, how, 1, anchor)


def propose_pair(rng: Random, scenes: Sequence[Scene], form: str, chain: int) -> tuple[Expression, Place] | None:
    """An expression over two pictures and the thing it means; None where it is not exactly one."""
    second = scenes[1].things
    if form in ("new", "common", "recoloured"):
        expression = Expression(Phrase(ANYTHING), 1, form)
    elif form == "larger":
        at = rng.randrange(len(second))
        kind, colour, _ = second[at].item
        expression = Expression(Phrase(kind, colour), BOTH, rng.choice(("largest", "smallest")))
        pictures = [picture for picture, _ in referents.candidates(scenes, expression)]
        if pictures != [0, 1]:
            return None
    else:
        inner = "relation" if chain > 1 else rng.choice(("ordinal", "size", "relation", "use", "negation"))
        anchor = None
        if inner == "relation":
            link = chained(rng, scenes, 0, max(1, chain - 1))
            anchor = None if link is None else link[0]
        else:
            anchor = propose(rng, scenes, (0, rng.randrange(len(scenes[0].things))), inner)
        if anchor is None:
            return None
        noun = ANYTHING if form == "same as" else rng.choice(second).kind
        expression = Expression(Phrase(noun), 1, form, 1, anchor)
    place = referents.unique(scenes, expression)
    if place is None or not _needed(scenes, expression, form):
        return None
    return expression, place
