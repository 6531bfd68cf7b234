"""Expressions in English, and the prompt around them."""

from __future__ import annotations

from typing import Final

from verienv import parsing
from verienv.families.grounding.objects import KINDS
from verienv.families.grounding.referents import ANYTHING, BOTH, Expression, Phrase

EXAMPLE: Final = (12, 40, 75, 96)
PIXELS, THOUSANDTHS, POINTS = "pixels", "thousandths", "points"
UNITS: Final = (PIXELS, THOUSANDTHS, POINTS)
"""POINTS are thousandths written as UniVG-R1 does, two corners; of two pictures it is always the second then."""
ORDINALS: Final = ("", "first", "second", "third", "fourth", "fifth")
PICTURES: Final = ("first", "second")


def question(expression: Expression, pictures: int) -> str:
    """The request, as a sentence."""
    return f"Find {describe(expression, pictures)}."


def describe(expression: Expression, pictures: int, told: int | None = None) -> str:
    """The expression in English, with its picture where there are two and it is not `told` already."""
    named = pictures > 1 and expression.picture not in (BOTH, told)
    where = f" in the {PICTURES[expression.picture]} picture" if named else ""
    noun, how = _noun(expression.phrase), expression.how
    if how in ("largest", "smallest") and expression.picture == BOTH:
        more = "larger" if how == "largest" else "smaller"
        return f"the {more} {_plural(expression.phrase)}: there is one in each picture"
    if how == "new":
        return f"the object{where} that is new: the first shows nothing of the same kind, colour and pattern"
    if how == "common":
        return f"the only object{where} that the first shows as well: one of the same kind, colour and pattern"
    if how == "recoloured":
        return f"the object{where} whose colour is not the one it has in the first"
    if how in ("left", "right"):
        if expression.rank == 1:
            return f"the {_noun(expression.phrase, f'{how}most')}{where}"
        return f"the {ORDINALS[expression.rank]} {noun} from the {how}{where}"
    if how in ("top", "bottom"):
        return f"the {noun}{where} that is {'highest up' if how == 'top' else 'lowest down'}"
    if how in ("largest", "smallest"):
        return f"the {_noun(expression.phrase, how)}{where}"
    if expression.anchor is None:
        return f"the {noun}{where}{_unlike(expression.phrase)}"
    anchor = describe(expression.anchor, pictures, expression.picture)
    if how == "same as":
        return (
            f"the object{where} that is the same as {anchor} (same kind, colour and pattern; size and place may differ)"
        )
    return f"the {noun}{where} that {_RELATED[how]} {anchor}"


_RELATED: Final = {
    "left of": "is further left than",
    "right of": "is further right than",
    "above": "is higher up than",
    "below": "is lower down than",
    "nearest": "is nearest to",
    "same colour": "has the same colour as",
    "same pattern": "has the same pattern as",
}


def ask(expression: Expression, sizes: tuple[tuple[int, int], ...], units: str, *, photo: bool = False) -> str:
    """The text of the prompt, after the pictures."""
    several = len(sizes) > 1
    noun = "Each picture is" if several else "The picture is"
    width, height = sizes[0]
    if units == PIXELS:
        unit = f"{noun} {width} pixels wide and {height} high. Coordinates are pixels"
    else:
        unit = f"{noun} {width} x {height} pixels. Coordinates are thousandths of its width and height, from 0 to 1000"
    around = (
        "all that is seen of the object, as tightly as possible."
        if photo
        else "the whole object, as tightly as possible, including what other objects hide. Objects are plain, striped "
        "or spotted, and have the colour of their main part."
    )
    rules = (
        f"{unit}, the origin is the top left corner, x grows to the right and y downwards. The box goes around "
        f"{around} Left, right, up and down are meant in the picture and go by the middle of each object; so does "
        "nearness. Size is the area of an object's box."
    )
    form = "a box [x1, y1, x2, y2]"
    if units == POINTS:
        form = "two corners (x1,y1),(x2,y2)" + (" in the second picture" if several else "")
    elif several:
        form = "the number of the picture and a box [x1, y1, x2, y2] in it"
    return f"{question(expression, len(sizes))}\n\n{rules}\n\n{parsing.ask(form, write(1, EXAMPLE, several, units))}"


def write(picture: int, box: tuple[int, int, int, int], several: bool, units: str) -> str:
    """An answer as the prompt asks for it; `picture` from 1."""
    if units == POINTS:
        return f"({box[0]},{box[1]}),({box[2]},{box[3]})"
    return f'{{"picture": {picture}, "box": {list(box)}}}' if several else str(list(box))


def _noun(phrase: Phrase, first: str = "") -> str:
    """ "striped red cup", with a superlative in front."""
    words = [word for word in (first, phrase.pattern, phrase.colour, phrase.noun) if word]
    return " ".join(words)


def _unlike(phrase: Phrase) -> str:
    return f" that is not {phrase.without}" if phrase.without else ""


def _plural(phrase: Phrase) -> str:
    plural = KINDS[phrase.noun].plural if phrase.noun in KINDS else f"{phrase.noun or ANYTHING}s"
    return f"of the two {phrase.colour} {plural}" if phrase.colour else f"of the two {plural}"
