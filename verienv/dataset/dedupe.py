"""Seen: which problems were drawn before, in 16 to 32 bytes each.

A set of 64-bit keys in one flat table (open addressing). Two different problems share a key with probability 3e-8
among a million; the later one is then dropped as if it were a duplicate, on every machine alike.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

_EMPTY = 0


class Seen:
    """A growing set of 64-bit keys."""

    __slots__ = ("_mask", "_table", "count")

    def __init__(self, keys: Iterable[int] = ()) -> None:
        self.count = 0
        self._mask = 1023
        self._table = array("Q", [_EMPTY]) * 1024
        for key in keys:
            self.add(key)

    def add(self, key: int) -> bool:
        """Add a key; False when it was there."""
        key = key or 1
        at = self._find(key)
        if self._table[at] == key:
            return False
        self._table[at] = key
        self.count += 1
        if 2 * self.count > self._mask:
            self._grow()
        return True

    def __contains__(self, key: int) -> bool:
        return self._table[self._find(key or 1)] == (key or 1)

    def __len__(self) -> int:
        return self.count

    def _find(self, key: int) -> int:
        table, mask = self._table, self._mask
        at = key & mask
        while table[at] != _EMPTY and table[at] != key:
            at = at + 1 & mask
        return at

    def _grow(self) -> None:
        before = self._table
        self._mask = 2 * self._mask + 1
        self._table = array("Q", [_EMPTY]) * (self._mask + 1)
        for key in before:
            if key != _EMPTY:
                self._table[self._find(key)] = key
