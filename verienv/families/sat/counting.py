"""Counting: how many assignments satisfy a formula, exactly where it is small and between proven bounds elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2
from typing import Any

from verienv.families.sat.formula import Clause

EXACT_VARIABLES = 20
"""Up to here every assignment is looked at, all at once, as the bits of one integer."""
WHOLE = 14
"""So many variables fit one integer of 2^14 bits, which the processor's nearest cache holds."""
MODELS = 16
"""Above, a solver looks for this many different solutions."""
BLOCK = 12
"""Above, variables are taken in blocks of this size for the upper bound."""


@dataclass(frozen=True, slots=True)
class Count:
    """`low` <= number of solutions <= `high`; equal when the count is exact."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Whether the number is known."""
        return self.low == self.high

    def log2_share(self, k: int) -> float | None:
        """log2 of the (upper bound on the) share of assignments that are solutions; None for no solution."""
        return log2(self.high) - k if self.high else None


@lru_cache(maxsize=32)
def literals(k: int) -> tuple[int, ...]:
    """For each literal, the assignments that make it true, as the bits of an integer; -v is counted from the end."""
    full = (1 << (1 << k)) - 1
    # alternating runs of 2^v zeros and 2^v ones
    true = [(full // ((1 << (1 << v)) + 1)) << (1 << v) for v in range(k)]
    return (0, *true, *[full ^ each for each in reversed(true)])


def models(clauses: Sequence[Clause], k: int) -> int:
    """The set of satisfying assignments as the bits of an integer (bit a: assignment a). For small k."""
    true = literals(k)
    left = (1 << (1 << k)) - 1
    for clause in clauses:
        holds = 0
        for literal in clause:
            holds |= true[literal]
        left &= holds
        if not left:
            break
    return left


def number(clauses: Sequence[Clause], k: int) -> int:
    """How many assignments satisfy the clauses: variables above WHOLE are tried every way, the others all at once."""
    if k <= WHOLE:
        return models(clauses, k).bit_count()
    true = literals(WHOLE)
    groups: dict[int, int] = {}  # by the literals above WHOLE, those clauses' assignments below
    for clause in clauses:
        above = holds = 0
        for literal in clause:
            if abs(literal) <= WHOLE:
                holds |= true[literal]
            else:  # two bits for each variable: when it is false, when it is true, the literal is
                above |= 1 << 2 * (abs(literal) - WHOLE - 1) + (literal > 0)
        groups[above] = groups.get(above, true[1] | true[-1]) & holds
    base = groups.pop(0, true[1] | true[-1])
    return _number(base, list(groups.items()), k - WHOLE)


def _number(left: int, groups: Sequence[tuple[int, int]], above: int) -> int:
    """How many assignments remain, when the last of the variables above is tried both ways."""
    if not left:
        return 0
    if not above:
        return left.bit_count()
    total = 0
    for value in (0, 1):
        true, false = 1 << 2 * above - 2 + value, 1 << 2 * above - 1 - value
        kept = left
        undecided = []
        for needs, holds in groups:
            if needs & true:
                continue
            if needs & ~false:
                undecided.append((needs & ~false, holds))
            else:
                kept &= holds
        total += _number(kept, undecided, above - 1)
    return total


def count(clauses: Sequence[Clause], k: int) -> Count:
    """The number of solutions, exact up to EXACT_VARIABLES variables or MODELS solutions."""
    if k <= EXACT_VARIABLES:
        exact = number(clauses, k)
        return Count(exact, exact)
    found = 0
    with solver(clauses, k) as sat:
        while found < MODELS and sat.solve():
            found += 1
            sat.add_clause([-literal for literal in sat.get_model()[:k]])
    if found < MODELS:
        return Count(found, found)
    return Count(found, upper_bound(clauses, k))


def upper_bound(clauses: Sequence[Clause], k: int) -> int:
    """A proven bound: clauses inside disjoint blocks of variables multiply, all others are left out."""
    bound = 1
    free = set(range(1, k + 1))
    left = [(frozenset(map(abs, clause)), clause) for clause in clauses]
    while free:
        block = _block([names for names, _ in left], free)
        inside = set(block)
        place = {v: at for at, v in enumerate(block, 1)}
        kept = [tuple([place[x] if x > 0 else -place[-x] for x in clause]) for names, clause in left if names <= inside]
        bound *= number(kept, len(block))
        free -= inside
        left = [each for each in left if not each[0] & inside]
    return bound


def solve(clauses: Sequence[Clause], k: int) -> int | None:
    """A satisfying assignment, or None when there is none."""
    if k <= WHOLE:
        left = models(clauses, k)
        return (left & -left).bit_length() - 1 if left else None
    with solver(clauses, k) as sat:
        if not sat.solve():
            return None
        model: list[int] = sat.get_model()[:k]
        return sum(1 << v - 1 for v in model if v > 0)


def core(clauses: Sequence[Clause], k: int) -> list[int]:
    """Places (from 0) of clauses that contradict each other and of which none can be left out. For small k.

    From the last on, each is left out when those before it and those kept behind it contradict each other anyway.
    """
    full = (1 << (1 << k)) - 1
    before = [full]
    for clause in clauses:
        before.append(before[-1] & models([clause], k))
    kept: list[int] = []
    behind = full
    for place in range(len(clauses) - 1, -1, -1):
        if before[place] & behind:
            kept.append(place)
            behind &= models([clauses[place]], k)
    return kept[::-1]


def solver(clauses: Sequence[Clause], k: int) -> Any:
    """A python-sat solver that holds the formula and knows all `k` variables."""
    from pysat.solvers import Glucose4

    sat = Glucose4(bootstrap_with=[list(clause) for clause in clauses])
    for v in range(1, k + 1):
        sat.add_clause([v, -v])
    return sat


def _block(groups: Sequence[frozenset[int]], free: set[int]) -> list[int]:
    """Up to BLOCK free variables that share many clauses (told by their variables), each for what it completes."""
    near: dict[int, list[frozenset[int]]] = {v: [] for v in free}
    for group in groups:
        for v in group:
            near[v].append(group)
    pull = {v: len(near[v]) / 1000 - v / 1e6 for v in free}  # then 4 for each clause completed, 1 for each one nearer
    block: list[int] = []
    inside: set[int] = set()
    while pull and len(block) < BLOCK:
        best = max(pull, key=pull.__getitem__)
        del pull[best]
        block.append(best)
        inside.add(best)
        for group in near[best]:
            missing = group - inside
            for v in missing:
                pull[v] += 4 if len(missing) == 1 else 1
    return block
