"""The data that leaves a sandbox: plain values as one canonical line of JSON, the same text exactly for equal values.

| value | written | | value | written |
|---|---|---|---|---|
| None, bool, int, str | as JSON has them | | list | `[…]` |
| float | `{"f": "0x1.8p+1"}`; -0.0 as 0.0 | | tuple | `{"t": […]}` |
| dict | `{"d": [[key, value], …]}`, sorted | | set, frozenset | `{"s": […]}`, `{"z": […]}`, sorted |
| bytes | `{"b": "hex"}` | | an exception | `{"e": "its class's name"}` |

Types count: True is not 1, a tuple is no list, and an instance of a subclass is no plain value. What is no plain
value, is not finite, or is out of bounds becomes `Opaque`, `{"o": why}`, which no test expects.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

MAX_BITS: Final = 10_000  # of an integer
MAX_DEPTH: Final = 50  # of nested containers
MAX_NODES: Final = 20_000  # values within one
MAX_CHARS: Final = 200_000  # of one value, written


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception, by the name of its class."""

    name: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """No plain value; `why` is its type's name or the bound that it broke."""

    why: str


class Malformed(ValueError):
    """A line that `write` does not write."""


def write(value: object) -> str:
    """A value as its canonical line."""
    budget = [MAX_NODES, MAX_CHARS]
    try:
        return _write(value, 0, budget)
    except _Unwritable as unwritable:
        return _tagged("o", json.dumps(str(unwritable)[:64]))


def read(line: str) -> Any:
    """The value of a canonical line; raises Malformed for any other text, however long or deep."""
    if len(line) > 2 * MAX_CHARS:
        raise Malformed("too long")
    try:
        tree = json.loads(line, parse_int=_integer, parse_float=_refuse, parse_constant=_refuse)
        value = _value(tree, 0)
    except (ValueError, RecursionError, TypeError) as bad:
        raise Malformed("no value") from bad
    if write(value) != line:
        raise Malformed("not canonical")
    return value


class _Unwritable(Exception):
    """Why a value is not plain."""


def _write(value: Any, depth: int, budget: list[int]) -> str:
    budget[0] -= 1
    if depth > MAX_DEPTH:
        raise _Unwritable("too deep")
    if budget[0] < 0:
        raise _Unwritable("too many")
    kind = type(value)
    if value is None or kind is bool:
        text = "null" if value is None else "true" if value else "false"
    elif kind is int:
        if value.bit_length() > MAX_BITS:
            raise _Unwritable("int too large")
        text = str(value)
    elif kind is str:
        if len(value) > budget[1]:
            raise _Unwritable("too long")
        text = json.dumps(value)
    elif kind is float:
        if not abs(value) < float("inf"):
            raise _Unwritable("not finite")
        text = _tagged("f", json.dumps((value + 0.0).hex()))
    elif kind is bytes:
        if len(value) > budget[1]:
            raise _Unwritable("too long")
        text = _tagged("b", json.dumps(value.hex()))
    elif kind is list or kind is tuple:
        inner = [_write(each, depth + 1, budget) for each in value]
        text = f"[{','.join(inner)}]" if kind is list else _tagged("t", f"[{','.join(inner)}]")
    elif kind is set or kind is frozenset:
        inner = sorted([_write(each, depth + 1, budget) for each in value])
        text = _tagged("s" if kind is set else "z", f"[{','.join(inner)}]")
    elif kind is dict:
        pairs = sorted(
            [(_write(key, depth + 1, budget), _write(each, depth + 1, budget)) for key, each in value.items()]
        )
        text = _tagged("d", f"[{','.join([f'[{key},{each}]' for key, each in pairs])}]")
    elif kind is Raised:
        text = _tagged("e", json.dumps(str(value.name)[:64]))
    elif kind is Opaque:
        text = _tagged("o", json.dumps(str(value.why)[:64]))
    else:
        raise _Unwritable(kind.__name__)
    if kind not in _CONTAINERS:
        budget[1] -= len(text)
        if budget[1] < 0:
            raise _Unwritable("too long")
    return text


_CONTAINERS: Final = frozenset({list, tuple, set, frozenset, dict})


def _tagged(tag: str, text: str) -> str:
    return f'{{"{tag}":{text}}}'


def _value(tree: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise Malformed("too deep")
    if type(tree) is list:
        return [_value(each, depth + 1) for each in tree]
    if type(tree) is not dict:
        return tree
    if len(tree) != 1:
        raise Malformed("one tag")
    ((tag, inner),) = tree.items()
    if type(inner) is str and tag in _TEXTS:
        return _TEXTS[tag](inner)
    if type(inner) is list and tag in _LISTS:
        return _LISTS[tag]([_value(each, depth + 1) for each in inner])
    if type(inner) is list and tag == "d":
        return {_value(key, depth + 1): _value(each, depth + 1) for key, each in inner}
    raise Malformed("no such tag")


_TEXTS: Final[dict[str, Any]] = {"f": float.fromhex, "b": bytes.fromhex, "e": Raised, "o": Opaque}
_LISTS: Final[dict[str, Any]] = {"t": tuple, "s": set, "z": frozenset}


def _integer(digits: str) -> int:
    if len(digits) > 3_100:
        raise Malformed("int too large")
    return int(digits)


def _refuse(text: str) -> Any:
    raise Malformed(text[:20])
