"""Formulas: how clauses are drawn around a hidden assignment so that no statistic of the literals gives it away.

A literal is DIMACS': +v or -v for variable v counted from 1. An assignment is an int whose bit v-1 is variable v.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from math import comb
from random import Random
from struct import Struct

Clause = tuple[int, ...]

TABLE_VARIABLES = 8
TABLE_CLAUSES = 2_400
_THIRTY_TWO, _SIXTY_FOUR = Struct("<32H"), Struct("<64H")
AGREEMENT = 0.6180339887498949
"""Weight of a clause with a literals that agree with the hidden assignment: AGREEMENT**a.

For clauses of width 3 it makes the expected agreement exactly one half, the golden ratio solving
3q + 6q^2 + 3q^3 = 1.5 (3q + 3q^2 + q^3): planting then leaves no polarity bias (q-hidden planting,
Jia, Moore and Strain, "Generating hard satisfiable formulas by hiding solutions deceptively", 2005).
"""


@lru_cache(maxsize=64)
def agreement_weights(width: int) -> tuple[float, ...]:
    """The weight of each agreement pattern 1 … 2^width - 1, balanced so that a literal agrees with chance 1/2."""
    if width <= 2:
        low, high = 0.0, 1.0
    else:
        low, high = 0.3, 1.0
    for _ in range(80):  # bisection on q: the mean agreement grows with q
        q = (low + high) / 2
        weights = [comb(width, a) * q**a for a in range(1, width + 1)]
        mean = sum(a * w for a, w in enumerate(weights, 1)) / sum(weights)
        if mean > width / 2:
            high = q
        else:
            low = q
    # for width 2 the balance lies at q = 0, where clauses that agree twice would never be drawn
    q = max((low + high) / 2, 0.1)
    return tuple(q ** pattern.bit_count() for pattern in range(1, 2**width))


def draw_planted(rng: Random, n: int, k: int, l: int) -> list[Clause]:
    """`l` distinct clauses of `n` of `k` variables, all satisfied by a hidden random assignment."""
    planted = rng.getrandbits(k)
    weights = agreement_weights(n)
    ends = _running(weights)
    total = ends[-1]
    clauses: set[Clause] = set()
    variables = range(k)
    while len(clauses) < l:
        point = rng.random() * total
        pattern = 1
        while ends[pattern - 1] < point:
            pattern += 1
        clause = []
        for place, variable in enumerate(sorted(rng.sample(variables, n))):
            true = (planted >> variable ^ ~pattern >> place) & 1
            clause.append(variable + 1 if true else -variable - 1)
        clauses.add(tuple(clause))
    return sorted(clauses, key=order)


def draw_free(rng: Random, n: int, k: int, l: int) -> list[Clause]:
    """`l` distinct clauses of `n` of `k` variables, uniformly."""
    clauses: set[Clause] = set()
    variables = range(k)
    while len(clauses) < l:
        signs = rng.getrandbits(n)
        clauses.add(
            tuple(v + 1 if signs >> place & 1 else -v - 1 for place, v in enumerate(sorted(rng.sample(variables, n))))
        )
    return sorted(clauses, key=order)


def order(clause: Clause) -> tuple[tuple[int, ...], Clause]:
    """The order clauses are shown in: by their variables, then by sign."""
    return tuple([abs(literal) for literal in clause]), clause


def satisfied(clause: Clause, assignment: int) -> bool:
    """Whether the assignment makes one of the clause's literals true."""
    return any((assignment >> abs(literal) - 1 & 1) == (literal > 0) for literal in clause)


def solves(clauses: Sequence[Clause], assignment: int) -> bool:
    """Whether the assignment satisfies every clause."""
    return all(satisfied(clause, assignment) for clause in clauses)


def majority(clauses: Sequence[Clause], k: int) -> int:
    """Every variable set to the sign it has more often (ties: false)."""
    lean = [0] * (k + 1)
    for clause in clauses:
        for literal in clause:
            if literal > 0:
                lean[literal] += 1
            else:
                lean[-literal] -= 1
    return sum(1 << v - 1 for v in range(1, k + 1) if lean[v] > 0)


def greedy(clauses: Sequence[Clause], k: int, start: int) -> int:
    """At most `k` flips from `start`, each the one that leaves the fewest clauses false, while that falls."""
    where: list[list[int]] = [[] for _ in range(k)]
    true = []  # how many literals of each clause hold
    for at, clause in enumerate(clauses):
        held = 0
        for literal in clause:
            where[abs(literal) - 1].append(at)
            held += (start >> abs(literal) - 1 & 1) == (literal > 0)
        true.append(held)
    assignment = start
    for _ in range(k):
        best, best_gain = -1, 0
        for v in range(k):
            now = v + 1 if assignment >> v & 1 else -v - 1
            gain = 0
            for at in where[v]:
                if now in clauses[at]:
                    gain -= true[at] == 1
                else:
                    gain += true[at] == 0
            if gain > best_gain:
                best, best_gain = v, gain
        if best < 0:
            break
        now = best + 1 if assignment >> best & 1 else -best - 1
        for at in where[best]:
            true[at] += -1 if now in clauses[at] else 1
        assignment ^= 1 << best
    return assignment


class Table:
    """Every clause of a small (n, k) with its verdict on all 2^k assignments, one byte each in a big integer.

    Adding the integers of a formula's clauses counts, for every assignment at once, the clauses it breaks.
    """

    __slots__ = ("bags", "breaks", "clauses", "k", "leans", "patterns", "steps", "where")

    def __init__(self, n: int, k: int) -> None:
        variables = list(combinations(range(k), n))
        self.k = k
        self.clauses: list[Clause] = []
        self.breaks: list[int] = []
        self.leans: list[int] = []
        self.where: dict[Clause, int] = {}
        self.steps = tuple(1 << v for v in range(k))
        shown = sorted(
            (
                tuple(v + 1 if signs >> i & 1 else -v - 1 for i, v in enumerate(group))
                for group in variables
                for signs in range(2**n)
            ),
            key=order,
        )
        for clause in shown:
            self.where[clause] = len(self.clauses)
            self.clauses.append(clause)
            verdict = bytearray(2**k)
            for assignment in range(2**k):
                verdict[assignment] = not satisfied(clause, assignment)
            self.breaks.append(int.from_bytes(verdict, "little"))
            lean = bytearray(2 * k)
            for literal in clause:
                lean[literal - 1 if literal > 0 else k - literal - 1] = 1
            self.leans.append(int.from_bytes(lean, "little"))
        weights = agreement_weights(n)
        room = 4096 // len(variables)
        scale = room / sum(weights)
        self.patterns = [max(1, int(weight * scale + 0.5)) for weight in weights]
        if sum(self.patterns) > room:  # what is cut off a bag would never be drawn
            self.patterns = [max(1, int(weight * scale)) for weight in weights]
        self.bags: dict[int, tuple[int, ...]] = {}

    def bag(self, planted: int) -> tuple[int, ...]:
        """4,096 clause numbers, each as often as its weight says under this hidden assignment; -1 means draw again."""
        found = self.bags.get(planted)
        if found is None:
            numbers = []
            for at, clause in enumerate(self.clauses):
                agree = sum(
                    1 << place
                    for place, literal in enumerate(clause)
                    if (planted >> abs(literal) - 1 & 1) == (literal > 0)
                )
                if agree:
                    numbers.extend([at] * self.patterns[agree - 1])
            found = self.bags[planted] = tuple(numbers + [-1] * (4096 - len(numbers)))
        return found

    def draw(self, rng: Random, l: int) -> list[int]:
        """The numbers of `l` distinct clauses around a hidden random assignment, in the order drawn."""
        bag = self.bag(rng.getrandbits(self.k))
        drawn: dict[int, None] = {}
        while len(drawn) < l:
            words = _SIXTY_FOUR.unpack(rng.randbytes(128)) if l > 20 else _THIRTY_TWO.unpack(rng.randbytes(64))
            drawn.update(dict.fromkeys([bag[word & 4095] for word in words]))
            drawn.pop(-1, None)
        return list(drawn)[:l]

    def broken(self, numbers: Sequence[int]) -> bytes:
        """For each of the 2^k assignments, how many of these clauses it breaks (at most 255 clauses)."""
        return sum(map(self.breaks.__getitem__, numbers)).to_bytes(1 << self.k, "little")

    def majority(self, numbers: Sequence[int]) -> int:
        """As `majority`, from the table."""
        k = self.k
        lean = sum(map(self.leans.__getitem__, numbers)).to_bytes(2 * k, "little")
        vote = 0
        for v in range(k):
            if lean[v] > lean[k + v]:
                vote |= 1 << v
        return vote

    def greedy(self, broken: bytes, start: int) -> int:
        """As `greedy`, from the counts of `broken`."""
        at, count = start, broken[start]
        for _ in range(self.k):
            best = at
            for step in self.steps:
                if broken[at ^ step] < count:
                    best, count = at ^ step, broken[at ^ step]
            if best == at:
                break
            at = best
        return at


@lru_cache(maxsize=32)
def table(n: int, k: int) -> Table | None:
    """The table of (n, k), or None where it would be large."""
    if k > TABLE_VARIABLES or comb(k, n) * 2**n > TABLE_CLAUSES:
        return None
    return Table(n, k)


def _running(weights: Sequence[float]) -> list[float]:
    ends, total = [], 0.0
    for weight in weights:
        total += weight
        ends.append(total)
    return ends
