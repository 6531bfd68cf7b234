"""JSON from strangers: bounded in size while it is read, in depth, and free of what JSON does not have."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from verienv.server.limits import Limits, Refused

if TYPE_CHECKING:
    from starlette.requests import Request


async def body(request: Request, limits: Limits) -> dict[str, Any]:
    """The JSON object of a request. Raises Refused: 413 too large, 408 too slow, 400 not JSON."""
    return read(await whole(request, limits), limits)


async def whole(request: Request, limits: Limits) -> bytes:
    """The body of a request. Raises Refused: 413 too large, 408 too slow."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 18 or int(length) > limits.body:
        raise Refused(413, "too_large", f"a request has at most {limits.body} bytes")
    held = bytearray()
    try:
        async with asyncio.timeout(limits.read):
            async for chunk in request.stream():
                held += chunk
                if len(held) > limits.body:
                    held, chunk = bytearray(), b""  # the error's traceback would hold them until the next collection
                    raise Refused(413, "too_large", f"a request has at most {limits.body} bytes")
    except TimeoutError:
        raise Refused(408, "too_slow", f"a request is whole within {limits.read:g} seconds") from None
    return bytes(held)


def read(text: str | bytes, limits: Limits) -> dict[str, Any]:
    """A JSON object; an empty text is an empty one. Raises Refused."""
    if not text:
        return {}
    try:
        value = json.loads(text, parse_constant=_refuse, object_pairs_hook=_once)
    except RecursionError:
        raise _too_deep(limits) from None
    except ValueError:  # not UTF-8, too
        raise Refused(400, "not_json", "not a JSON object") from None
    if not isinstance(value, dict):
        raise Refused(400, "not_json", "not a JSON object")
    _measure(value, limits)
    return value


def fields(given: Mapping[str, Any], known: Collection[str]) -> None:
    """Raise Refused for a field that is not known."""
    if not given.keys() <= set(known):
        raise Refused(422, "unknown_field", f"the fields are {', '.join(known) or 'none'}")


def texts(given: Mapping[str, Any], name: str, limits: Limits) -> list[str]:
    """A field that is a list of at most `batch` texts. Raises Refused."""
    value = given.get(name)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Refused(422, "bad_field", f"{name} is a list of texts")
    if len(value) > limits.batch:
        raise Refused(413, "too_many", f"a request has at most {limits.batch} attempts")
    return value


def _measure(value: Any, limits: Limits) -> None:
    layer, depth = [value], 1
    while layer:
        if depth > limits.depth:
            raise _too_deep(limits)
        inner: list[Any] = []
        for each in layer:
            inner.extend(each.values() if isinstance(each, dict) else each)
        layer = [each for each in inner if isinstance(each, (dict, list))]
        depth += 1


def _too_deep(limits: Limits) -> Refused:
    return Refused(400, "too_deep", f"JSON is nested at most {limits.depth} deep")


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name given twice")
    return made
