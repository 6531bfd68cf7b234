"""Counting: how many assignments satisfy a formula, exactly where it is small and between proven bounds elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2

from verienv.families.sat.formula import Clause

EXACT_VARIABLES = 20
"""Up to here every assignment is looked at, all at once, as the bits of one integer."""
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
def columns(k: int) -> tuple[int, ...]:
    """For each variable, the set of assignments that make it true, as the bits of an integer."""
    full = (1 << (1 << k)) - 1
    # alternating runs of 2^v zeros and 2^v ones
    return tuple((full // ((1 << (1 << v)) + 1)) << (1 << v) for v in range(k))


def models(clauses: Sequence[Clause], k: int) -> int:
    """The set of satisfying assignments as the bits of an integer (bit a: assignment a). For small k."""
    true = columns(k)
    full = (1 << (1 << k)) - 1
    left = full
    for clause in clauses:
        holds = 0
        for literal in clause:
            holds |= true[literal - 1] if literal > 0 else full ^ true[-literal - 1]
        left &= holds
        if not left:
            break
    return left


def count(clauses: Sequence[Clause], k: int) -> Count:
    """The number of solutions, exact up to EXACT_VARIABLES variables or MODELS solutions."""
    if k <= EXACT_VARIABLES:
        number = models(clauses, k).bit_count()
        return Count(number, number)
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
    while free:
        block = _block(clauses, free)
        name = {v: at for at, v in enumerate(block, 1)}
        inside = [
            tuple([name[abs(x)] if x > 0 else -name[abs(x)] for x in clause])
            for clause in clauses
            if all(abs(x) in name for x in clause)
        ]
        bound *= models(inside, len(block)).bit_count()
        free.difference_update(block)
    return bound


def solve(clauses: Sequence[Clause], k: int) -> int | None:
    """A satisfying assignment, or None when there is none."""
    if k <= EXACT_VARIABLES:
        left = models(clauses, k)
        return (left & -left).bit_length() - 1 if left else None
    with solver(clauses, k) as sat:
        if not sat.solve():
            return None
        return sum(1 << v - 1 for v in sat.get_model()[:k] if v > 0)


def core(clauses: Sequence[Clause], k: int) -> list[int]:
    """Places (from 0) of clauses that contradict each other and of which none can be left out. For small k."""
    kept = list(range(len(clauses)))
    for place in range(len(clauses) - 1, -1, -1):
        without = [each for each in kept if each != place]
        if not models([clauses[each] for each in without], k):
            kept = without
    return kept


def solver(clauses: Sequence[Clause], k: int):  # type: ignore[no-untyped-def]  # python-sat has no types
    """A python-sat solver that holds the formula and knows all `k` variables."""
    from pysat.solvers import Glucose4

    sat = Glucose4(bootstrap_with=[list(clause) for clause in clauses])
    for v in range(1, k + 1):
        sat.add_clause([v, -v])
    return sat


def _block(clauses: Sequence[Clause], free: set[int]) -> list[int]:
    """Up to BLOCK free variables that share many clauses: grown one clause at a time."""
    block: list[int] = []
    inside: set[int] = set()
    while len(block) < BLOCK:
        best: tuple[int, ...] = ()
        best_cost = BLOCK + 1
        for clause in clauses:
            names = {abs(x) for x in clause}
            if not names <= free or names <= inside:
                continue
            cost = len(names - inside)
            if cost < best_cost and len(block) + cost <= BLOCK:
                best, best_cost = tuple(sorted(names - inside)), cost
        if not best:
            break
        block.extend(best)
        inside.update(best)
    for v in sorted(free):
        if len(block) >= BLOCK:
            break
        if v not in inside:
            block.append(v)
    return block
