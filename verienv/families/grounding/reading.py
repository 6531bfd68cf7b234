"""Reading a box as models write it: lists, pairs of points, tags, JSON; strictly, and in time linear in the text."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from verienv.parsing import Unparsable

MAX_TEXT: Final = 400
"""Characters that an answer may have: four numbers and their names need no more."""
MAX_DIGITS: Final = 12

Numbers = tuple[float, float, float, float]

_BOX_KEYS: Final = ("box", "bbox", "bbox_2d", "box_2d", "bounding_box")
_CORNERS: Final = (("x1", "y1", "x2", "y2"), ("xmin", "ymin", "xmax", "ymax"), ("left", "top", "right", "bottom"))
_PICTURE_KEYS: Final = ("picture", "image")
_TAGS: Final = (
    ("<box>", "</box>"),
    ("<bbox>", "</bbox>"),
    ("<|box_start|>", "<|box_end|>"),
    ("box:", ""),
    ("bbox:", ""),
)
_SHAPES: Final = frozenset(
    (
        *("n,n,n,n", "nnnn", "[n,n,n,n]", "[nnnn]", "(n,n,n,n)", "n;n;n;n", "[n;n;n;n]", "[[n,n,n,n]]"),
        *("(n,n),(n,n)", "(n,n)(n,n)", "[(n,n),(n,n)]", "((n,n),(n,n))", "[n,n],[n,n]", "[[n,n],[n,n]]", "[n,n][n,n]"),
    )
)
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.+\-]+|[^\sA-Za-z0-9_.+\-]", re.ASCII)


def read(inner: str) -> tuple[int | None, Numbers]:
    """The number of the picture (from 1; None where none is named) and exactly four numbers. Raises Unparsable."""
    if len(inner) > MAX_TEXT:
        raise Unparsable("too_many")
    if not inner.isascii():
        raise Unparsable("not_a_box")
    text = inner.strip()
    if text[:2] in ('"{', '"[', "'{", "'[") and text[-1] == text[0]:
        text = text[1:-1].strip()  # a JSON text written as a string
    if text[:1] == "{" or text[:2] == "[{":
        return _object(text)
    picture, text = _picture(text)
    for opening, closing in _TAGS:
        if text.lower().startswith(opening) and text.lower().endswith(closing):
            text = text[len(opening) : len(text) - len(closing)].strip()
            break
    if text[:1] == "{":
        named, numbers = _object(text)
        if named is not None and picture is not None:
            raise Unparsable("not_a_box")
        return named if picture is None else picture, numbers
    return picture, _plain(text)


def _picture(text: str) -> tuple[int | None, str]:
    """`picture 2:` or `image 2,` before the box, and the rest."""
    word, _, rest = text.partition(" ")
    if word.lower() not in _PICTURE_KEYS:
        return None, text
    rest = rest.strip()
    number, rest = rest[:1], rest[1:].strip()
    if not number.isdigit() or rest[:1].isdigit():
        raise Unparsable("no_such_picture")
    return int(number), rest[1:].strip() if rest[:1] in (":", ",", ";") else rest


def _plain(text: str) -> Numbers:
    tokens = _TOKEN.findall(text)
    named = [token for token in tokens if token.lower() in _NAMES]
    if named:
        tokens = _without_names(tokens)
    shape = "".join(["n" if _is_word(token) else token for token in tokens])
    numbers = [token for token in tokens if _is_word(token)]
    if not numbers:
        raise Unparsable("not_a_box")
    values = [number(token) for token in numbers]
    if len(values) != 4:
        raise Unparsable("too_few_numbers" if len(values) < 4 else "too_many_numbers")
    if shape not in _SHAPES:
        raise Unparsable("not_a_box")
    return values[0], values[1], values[2], values[3]


_NAMES: Final = frozenset(name for names in _CORNERS for name in names)


def _without_names(tokens: list[str]) -> list[str]:
    """`x1=3, y1=4, x2=5, y2=6` as `3, 4, 5, 6`."""
    names = tuple([token.lower() for token in tokens[::4]])
    marks = tokens[1::4]
    if len(tokens) != 15 or names not in _CORNERS or set(marks) not in ({"="}, {":"}) or set(tokens[3::4]) != {","}:
        raise Unparsable("not_a_box")
    return [token for at, token in enumerate(tokens) if at % 4 in (2, 3)]


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] in "_.+-"


def number(word: str) -> float:
    """A decimal number of bounded length. Raises Unparsable for every other word."""
    if word.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise Unparsable("not_finite")
    digits = word[1:] if word[0] in "+-" else word
    whole, point, part = digits.partition(".")
    if not whole.isdigit() or (point and part and not part.isdigit()):
        raise Unparsable("not_numbers")
    if len(whole) > MAX_DIGITS or len(part) > MAX_DIGITS:
        raise Unparsable("number_too_long")
    return float(word)


def _object(text: str) -> tuple[int | None, Numbers]:
    found = _json(text)
    if type(found) is list and len(found) == 1:
        found = found[0]
    if type(found) is not dict:
        raise Unparsable("several_answers" if type(found) is list and len(found) > 1 else "not_a_box")
    fields = {key.lower(): value for key, value in found.items()}
    if len(fields) != len(found):
        raise Unparsable("repeated_key")
    label = fields.pop("label", "")
    if type(label) is not str:
        raise Unparsable("not_a_box")
    picture = None
    for key in _PICTURE_KEYS:
        if key in fields:
            value = fields.pop(key)
            if picture is not None or type(value) is not float or value not in (1.0, 2.0):
                raise Unparsable("no_such_picture")
            picture = int(value)
    if len(fields) == 1 and next(iter(fields)) in _BOX_KEYS:
        (value,) = fields.values()
        if type(value) is dict:
            return picture, _corners({key.lower(): each for key, each in value.items()})
        return picture, _four(value)
    return picture, _corners(fields)


def _corners(fields: dict[str, Any]) -> Numbers:
    for names in _CORNERS:
        if fields.keys() == set(names):
            return _four([fields[name] for name in names])
    raise Unparsable("not_a_box")


def _four(values: object) -> Numbers:
    if type(values) is not list:
        raise Unparsable("not_a_box")
    if len(values) == 2 and all(type(point) is list and len(point) == 2 for point in values):
        values = [*values[0], *values[1]]
    if len(values) != 4:
        raise Unparsable("too_few_numbers" if len(values) < 4 else "too_many_numbers")
    if any(type(value) is not float for value in values):
        raise Unparsable("not_numbers")
    return values[0], values[1], values[2], values[3]


def _json(text: str) -> object:
    """JSON of at most MAX_TEXT characters, each number a float of bounded length, no key twice."""
    if '"' not in text:
        text = text.replace("'", '"')  # as Python writes a dict
    try:
        return json.loads(
            text, parse_int=number, parse_float=number, parse_constant=_constant, object_pairs_hook=_pairs
        )
    except json.JSONDecodeError:
        raise Unparsable("not_json") from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Unparsable("repeated_key")
    return made


def _constant(name: str) -> NoReturn:
    raise Unparsable("not_finite")
