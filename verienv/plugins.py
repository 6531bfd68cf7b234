"""Names that a package of somebody else's can add: built-in ones in a dict, further ones by entry point.

    [project.entry-points."verienv.advantages"]
    my_advantage = "my_package.rl:my_advantage"

A built-in name cannot be taken over: the name in a recipe means the same thing everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from verienv.errors import UnknownName, UsageError

T = TypeVar("T")


def names(group: str, built_in: Mapping[str, object]) -> tuple[str, ...]:
    """Every name, sorted; nothing is imported."""
    return tuple(sorted({*built_in, *_found(group)}))


def load(group: str, built_in: Mapping[str, T], kind: str, name: str) -> T:
    """What the name stands for. Raises UnknownName with the nearest one; UsageError for one that cannot be imported."""
    if name in built_in:
        return built_in[name]
    if not group or name not in _found(group):
        raise UnknownName(kind, name, names(group, built_in) if group else built_in)
    entry = _found(group)[name]
    try:
        found: T = entry.load()
    except (ImportError, AttributeError) as error:
        raise UsageError(f"{kind} {name!r}: cannot load {entry.value!r}, which {group!r} names: {error}") from error
    if not callable(found):
        raise UsageError(f"{kind} {name!r}: {entry.value!r} cannot be called")
    return found


@cache
def _found(group: str) -> dict[str, EntryPoint]:
    return {each.name: each for each in entry_points(group=group)}
