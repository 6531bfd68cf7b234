"""Formulas: how clauses are drawn around a hidden assignment so that no statistic of the literals gives it away.

A literal is DIMACS': +v or -v for variable v counted from 1. An assignment is an int whose bit v-1 is variable v.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, combinations, product
from math import ceil, comb, log
from operator import getitem, itemgetter
from random import Random
from struct import Struct

Clause = tuple[int, ...]

TABLE_VARIABLES = 8
TABLE_CLAUSES = 2_400
BAG = 4096
_THIRTY_TWO, _SIXTY_FOUR = Struct("<32H"), Struct("<64H")
_PLACES = int.from_bytes(b"\xff\x0f" * 64, "little")  # keeps twelve bits of each word: a place in a bag
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
    random = rng.random
    signs = _signs(n)
    wrong = [signs[~agree] for agree in range(1, 1 << n)]  # the signs that differ from the hidden ones
    columns = _columns(n, k, planted)
    groups = _groups(rng, n, k)
    drawn: set[int] = set()
    while len(drawn) < l:
        flipped = wrong[bisect_left(ends, random() * total)]
        drawn.add(flipped ^ sum(map(getitem, columns, next(groups))))
    return _clauses(drawn, n)


def draw_free(rng: Random, n: int, k: int, l: int) -> list[Clause]:
    """`l` distinct clauses of `n` of `k` variables, uniformly."""
    signs = _signs(n)
    columns = _columns(n, k, 0)
    groups = _groups(rng, n, k)
    drawn: set[int] = set()
    while len(drawn) < l:
        drawn.add(signs[rng.getrandbits(n)] ^ sum(map(getitem, columns, next(groups))))
    return _clauses(drawn, n)


def _groups(rng: Random, n: int, k: int) -> Iterator[list[int]]:
    """Endlessly `n` of `k` variables from 0, ascending: draw for draw `sorted(rng.sample(range(k), n))`, but faster."""
    bits = rng.getrandbits
    small = k <= 21 + (4 ** ceil(log(n * 3, 4)) if n > 5 else 0)
    everything = list(range(k))
    widths = [(k - at, (k - at).bit_length()) for at in range(n)]
    whole = k.bit_length()
    while True:
        group: list[int] = []
        if small:
            pool = everything[:]
            for size, width in widths:
                while (at := bits(width)) >= size:
                    pass
                group.append(pool[at])
                pool[at] = pool[size - 1]
        else:
            while len(group) < n:
                if (at := bits(whole)) < k and at not in group:
                    group.append(at)
        group.sort()
        yield group


# A clause as a number: a byte for each variable, then a bit for each sign. The order of numbers is that of `order`.


@lru_cache(maxsize=8)
def _signs(n: int) -> tuple[int, ...]:
    """For n bits, lowest first, the sign bits of a clause."""
    return tuple([sum((bits >> place & 1) << n - 1 - place for place in range(n)) for bits in range(1 << n)])


def _columns(n: int, k: int, planted: int) -> list[list[int]]:
    """For each place in a clause and each variable: the variable's byte, and its sign when it holds as planted."""
    hidden = [planted >> v & 1 for v in range(k)]
    return [[v << n + 8 * (n - 1 - place) | hidden[v] << n - 1 - place for v in range(k)] for place in range(n)]


def _clauses(drawn: set[int], n: int) -> list[Clause]:
    """The clauses of these numbers, in order."""
    codes = sorted(drawn)
    literals = []
    for bit in range(n - 1, -1, -1):
        byte = n + 8 * bit
        literals.append([(code >> byte & 255) + 1 if code >> bit & 1 else ~(code >> byte & 255) for code in codes])
    return list(zip(*literals, strict=True))


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
    where: list[list[int]] = [[] for _ in range(k + 1)]
    gains = [0] * (k + 1)  # how many false clauses fewer there are after a flip of that variable
    true: list[set[int]] = []  # the variables whose literals hold, of each clause
    for at, clause in enumerate(clauses):
        held = set()
        for literal in clause:
            variable = abs(literal)
            where[variable].append(at)
            if (start >> variable - 1 & 1) == (literal > 0):
                held.add(variable)
        true.append(held)
        _count_gain(gains, clause, held, 1)
    assignment = start
    variables = range(1, k + 1)
    for _ in range(k):
        best = max(variables, key=gains.__getitem__)
        if gains[best] <= 0:
            break
        assignment ^= 1 << best - 1
        for at in where[best]:
            clause, held = clauses[at], true[at]
            _count_gain(gains, clause, held, -1)
            held ^= {best}
            _count_gain(gains, clause, held, 1)
    return assignment


def _count_gain(gains: list[int], clause: Clause, held: set[int], sign: int) -> None:
    """Add (or take away) what a clause contributes: a false one gains by any flip, a literal that holds alone loses."""
    if not held:
        for literal in clause:
            gains[abs(literal)] += sign
    elif len(held) == 1:
        for variable in held:
            gains[variable] -= sign


class Table:
    """Every clause of a small (n, k) as an integer whose sum over a formula tells all that screening asks.

    Its low 2^k bytes are the clause's verdict on each assignment, 1 where it is false; above stand k fields of two
    bytes, +1 or -1 for the sign of each variable in it. Summed from `start`, which holds every field just below its
    highest bit, they tell the number of clauses that each assignment breaks, and the variables' majority.
    """

    __slots__ = ("bags", "chunks", "clauses", "groups", "k", "near", "shift", "start", "sums", "votes", "votes_mask")

    def __init__(self, n: int, k: int) -> None:
        self.k, self.shift = k, 8 << k
        self.groups = list(combinations(range(k), n))
        false = [[_bytes(k, v, value) for value in (1, 0)] for v in range(k)]  # where a literal, - or +, is false
        field = [1 << self.shift + 16 * v for v in range(k)]
        self.clauses: list[Clause] = []
        self.sums: list[int] = []
        for group in self.groups:
            for signs in product((0, 1), repeat=n):
                self.clauses.append(tuple([v + 1 if sign else -v - 1 for v, sign in zip(group, signs, strict=True)]))
                broken = false[group[0]][signs[0]]
                for v, sign in zip(group, signs, strict=True):
                    broken &= false[v][sign]
                lean = sum(field[v] if sign else -field[v] for v, sign in zip(group, signs, strict=True))
                self.sums.append(broken + lean)
        self.start = sum(0x7FFF * each for each in field)
        self.votes_mask = sum(0x8000 << 16 * v for v in range(k))
        self.votes = {sum(0x8000 << 16 * v for v in range(k) if at >> v & 1): at for at in range(1 << k)}
        self.near = [itemgetter(*(at ^ 1 << v for v in range(k)), at ^ 1) for at in range(1 << k)]  # never of one alone
        self.chunks = self._chunks(n)
        self.bags: dict[int, tuple[int, ...]] = {}

    def _chunks(self, n: int) -> list[list[tuple[int, ...]]]:
        """For each group of variables and each of its 2^n hidden values: its clauses, each as often as it weighs."""
        weights = agreement_weights(n)
        room = BAG // len(self.groups)
        scale = room / sum(weights)
        copies = [max(1, int(weight * scale + 0.5)) for weight in weights]
        if sum(copies) > room:  # what is cut off a bag would never be drawn
            copies = [max(1, int(weight * scale)) for weight in weights]
        order = [sum(sign << place for place, sign in enumerate(signs)) for signs in product((0, 1), repeat=n)]
        full = (1 << n) - 1
        chunks = []
        for first in range(0, len(self.clauses), 1 << n):
            of_group = []
            for hidden in range(1 << n):
                chunk: list[int] = []
                for at, signs in enumerate(order, first):
                    if agree := full ^ hidden ^ signs:
                        chunk += [at] * copies[agree - 1]
                of_group.append(tuple(chunk))
            chunks.append(of_group)
        return chunks

    def bag(self, planted: int) -> tuple[int, ...]:
        """BAG clause numbers, each as often as its weight says under this hidden assignment; -1 means draw again."""
        found = self.bags.get(planted)
        if found is None:
            numbers: list[int] = []
            for group, chunks in zip(self.groups, self.chunks, strict=True):
                numbers += chunks[sum((planted >> v & 1) << place for place, v in enumerate(group))]
            found = self.bags[planted] = tuple(numbers + [-1] * (BAG - len(numbers)))
        return found

    def draw(self, rng: Random, l: int) -> list[int]:
        """The numbers of `l` distinct clauses around a hidden random assignment, in the order drawn."""
        bag = self.bag(rng.getrandbits(self.k))
        words = _SIXTY_FOUR if l > 20 else _THIRTY_TWO
        size = words.size
        drawn: dict[int, None] = {}
        while len(drawn) < l:
            places = words.unpack((rng.getrandbits(8 * size) & _PLACES).to_bytes(size, "little"))
            numbers = itemgetter(*places)(bag)  # of all ways to look up many, the fastest
            drawn = dict.fromkeys(chain(drawn, numbers) if drawn else numbers)
            drawn.pop(-1, None)
        return list(drawn)[:l]

    def tally(self, numbers: Sequence[int]) -> tuple[bytes, int]:
        """Of these clauses, at most 255: how many each assignment breaks, in the first 2^k bytes; and the majority."""
        total = sum(itemgetter(*numbers, numbers[0])(self.sums), self.start - self.sums[numbers[0]])
        return total.to_bytes((1 << self.k) + 2 * self.k, "little"), self.votes[total >> self.shift & self.votes_mask]

    def greedy(self, broken: bytes, start: int) -> tuple[int, int]:
        """Where `greedy` ends, from the counts of `tally`, and how many clauses are broken there."""
        at, count = start, broken[start]
        for _ in range(self.k):
            counts = self.near[at](broken)
            least = min(counts)
            if least >= count:
                break
            at, count = at ^ 1 << counts.index(least), least
        return at, count


def _bytes(k: int, v: int, value: int) -> int:
    """The 2^k bytes that are 1 for the assignments in which variable v is `value`."""
    half = b"\1" * (1 << v)
    none = bytes(1 << v)
    return int.from_bytes((none + half if value else half + none) * (1 << k - v - 1), "little")


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
