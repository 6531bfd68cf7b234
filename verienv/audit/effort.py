"""How hard an audit looks: three sizes, all deterministic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from verienv.errors import UnknownName


@dataclass(frozen=True, slots=True)
class Effort:
    """items: how many the target makes, or are taken of those given. noise: random hostile replies. processes: fresh
    ones under other surroundings. policies: calls that the search for the blind floor may make. made: items that a
    generator is asked for. sizes: characters of the longest reply. mutants: wrong answers an item.
    """

    name: str
    items: int
    noise: int
    processes: int
    policies: int
    made: int
    sizes: int
    mutants: int


EFFORTS: Final = {
    each.name: each
    for each in (
        Effort("quick", items=16, noise=160, processes=4, policies=2_000, made=60, sizes=1 << 16, mutants=10),
        Effort("normal", items=40, noise=600, processes=8, policies=8_000, made=300, sizes=1 << 16, mutants=10),
        Effort("long", items=100, noise=10_000, processes=20, policies=60_000, made=2_000, sizes=1 << 16, mutants=20),
    )
}


def effort(name: str | Effort) -> Effort:
    """The effort of that name, or the one that is given. Raises UnknownName."""
    if isinstance(name, Effort):
        return name
    if name not in EFFORTS:
        raise UnknownName("effort", name, EFFORTS)
    return EFFORTS[name]
