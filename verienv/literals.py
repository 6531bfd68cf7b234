"""Values as models write them, in JSON or in Python, and calls of them: read strictly, never evaluated.

A value is text in either kind of quotes, a decimal number, a bare word (read as text; `true`, `False`, `null` and
`None` as what they mean), a list or tuple, or an object. Every reader is linear in the text, bounds the digits of each
number and the depth of nesting, refuses a key that stands twice, and returns a value or raises `Unparsable`.
"""

from __future__ import annotations

import re
from typing import Any, Final

from verienv.parsing import MAX_DIGITS, Unparsable

MAX_CHARS: Final = 4_096
MAX_DEPTH: Final = 4

Token = tuple[str, str]  # its kind (text, number, word or mark) and how it is written

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<number>[+-]?[0-9]+(?:\.[0-9]*)?)|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>\S))""",
    re.ASCII | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.ASCII | re.DOTALL)
_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_MEANT: Final = {"true": True, "True": True, "false": False, "False": False, "null": None, "None": None}
_CLOSING: Final = {"[": "]", "(": ")", "{": "}"}


def value(text: str) -> Any:
    """The one value that `text` writes: str, float, bool, None, list, or dict with keys in lower case.

    Raises Unparsable.
    """
    tokens = scan(text)
    found, at = _value(tokens, 0, 0)
    if at != len(tokens):
        raise Unparsable("not_one_value")
    return found


def call(text: str) -> tuple[list[str], list[Any], dict[str, Any]]:
    """The leading words, the values given by place, and those given by name (in lower case). Raises Unparsable.

    Calls are `f(1, 2)`, `f(to=[1, 2])`, `f [1, 2]`, `f 1 2`, `f g`, and without a leading word `a: f, to: [1, 2]`.
    """
    tokens = scan(text)
    words: list[str] = []
    while len(words) < len(tokens) and tokens[len(words)][0] == "word" and not _names(tokens, len(words)):
        words.append(tokens[len(words)][1])
    at = len(words)
    if words and at < len(tokens) and tokens[at][1] == "(":
        given, named, end = _arguments(tokens, at + 1, ")", 1)
        if end == len(tokens):
            return words, given, named
    given, named, _ = _arguments(tokens, at, "", 0)
    return words, given, named


def scan(text: str) -> list[Token]:
    """`text` as tokens. Raises Unparsable when it is too long or not ASCII."""
    if len(text) > MAX_CHARS:
        raise Unparsable("too_long")
    if not text.isascii():
        raise Unparsable("not_ascii")
    return [(str(found.lastgroup), found[str(found.lastgroup)]) for found in _TOKEN.finditer(text)]


def number(written: str) -> float:
    """A decimal number of bounded length, as the tokens write it. Raises Unparsable."""
    whole, _, part = written.lstrip("+-").partition(".")
    if len(whole) > MAX_DIGITS or len(part) > MAX_DIGITS:
        raise Unparsable("number_too_long")
    return float(written)


def unquoted(written: str) -> str:
    """What a text in quotes says; it must be printable. Raises Unparsable."""
    inner = written[1:-1]
    if "\\" in inner:
        inner = _PAIR.sub(_paired, _ESCAPE.sub(_escaped, inner))
    if not inner.isprintable():
        raise Unparsable("not_printable")
    return inner


def _paired(found: re.Match[str]) -> str:
    """The one character that JSON writes as two surrogates."""
    high, low = tuple(found.group())
    return chr(0x10000 + (ord(high) - 0xD800) * 0x400 + ord(low) - 0xDC00)


def _escaped(found: re.Match[str]) -> str:
    code, mark = found.groups()
    if code is not None:
        return chr(int(code, 16))
    if mark not in "\"'\\/":
        raise Unparsable("not_printable")
    return str(mark)


def _value(tokens: list[Token], at: int, depth: int) -> tuple[Any, int]:
    """The value that begins at a token, and the place after it."""
    if at >= len(tokens):
        raise Unparsable("cut_short")
    kind, written = tokens[at]
    if kind == "text":
        return unquoted(written), at + 1
    if kind == "number":
        return number(written), at + 1
    if kind == "word":
        return _MEANT.get(written, written), at + 1
    if written not in _CLOSING:
        raise Unparsable("not_a_value")
    if depth >= MAX_DEPTH:
        raise Unparsable("too_deep")
    given, named, after = _arguments(tokens, at + 1, _CLOSING[written], depth + 1)
    if (written == "{" and given) or (written != "{" and named):
        raise Unparsable("not_a_value")
    return (named if written == "{" else given), after


def _arguments(tokens: list[Token], at: int, closing: str, depth: int) -> tuple[list[Any], dict[str, Any], int]:
    """Values by place and then by name, as far as the closing mark (or the end: then commas may be left out)."""
    given: list[Any] = []
    named: dict[str, Any] = {}
    first = True
    while at < len(tokens) if not closing else True:
        if closing and at < len(tokens) and tokens[at] == ("mark", closing):
            if not first and tokens[at - 1] == ("mark", ","):
                raise Unparsable("not_a_value")
            return given, named, at + 1
        if not first:
            if at < len(tokens) and tokens[at] == ("mark", ","):
                at += 1
            elif closing:
                raise Unparsable("cut_short" if at >= len(tokens) else "not_a_value")
        first = False
        if _names(tokens, at):
            name = tokens[at][1] if tokens[at][0] == "word" else unquoted(tokens[at][1])
            found, at = _value(tokens, at + 2, depth)
            if name.lower() in named:
                raise Unparsable("repeated_key")
            named[name.lower()] = found
        else:
            found, at = _value(tokens, at, depth)
            if named:
                raise Unparsable("not_a_value")
            given.append(found)
    return given, named, at


def _names(tokens: list[Token], at: int) -> bool:
    """Whether a name and its `:` or `=` stand at a place."""
    return at + 1 < len(tokens) and tokens[at][0] in ("word", "text") and tokens[at + 1] in _NAMING


_NAMING: Final = (("mark", ":"), ("mark", "="))
