"""Small packages, each about one subject, with the scripts that test them. The texts are whole, readable Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Subject:
    """A package: its modules by path, words that may be called otherwise, and the scripts that ask it something.

    tests(rng) gives pairs of what a script is about, as the subject of a sentence, and the script.
    """

    name: str
    files: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    tests: Callable[[Random], list[tuple[str, str]]]


def named() -> Mapping[str, Subject]:
    """All subjects by name."""
    from verienv.families.patch.subjects import booking, formula, league, ledger, network, stock, table, tiles

    found = (booking, formula, ledger, league, network, stock, table, tiles)
    return {each.SUBJECT.name: each.SUBJECT for each in found}
