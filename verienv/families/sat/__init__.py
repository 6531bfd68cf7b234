"""A formula of clauses is shown; answer with an assignment that makes every clause true, or prove that none does.

Reproduces SATURN (arXiv 2505.16368): n literals a clause, k variables, l clauses. Planting is balanced and screened,
so that neither polarity counts nor greedy flips find a solution, and a guess earns the share of assignments that
are solutions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from math import comb, log, log2
from operator import itemgetter
from random import Random
from struct import pack
from typing import TYPE_CHECKING, Any, ClassVar

from verienv import parsing
from verienv.errors import GenerationError, KnobError
from verienv.families.sat import counting, formula, published, wording
from verienv.families.sat.counting import Count
from verienv.families.sat.formula import Clause
from verienv.files import Found, Reader
from verienv.knobs import KnobSet, knob
from verienv.parsing import Unparsable
from verienv.score import Score, right, wrong
from verienv.task import Player, Question, Term
from verienv.views import Stepwise

if TYPE_CHECKING:
    from gymnasium import Space

    from verienv.task import Part

DECIDE_VARIABLES = 12
"""Up to here "unsatisfiable" may be the answer, and a named core is checked on every assignment."""
TRIES, WORK = 4_000, 100_000
"""So many formulas are drawn for one problem, and so many literals looked at, before GenerationError."""
LOOSE, DENSE = 0.4, 10.0
"""Between these densities (1 is the threshold above which random formulas have no solution) screening may succeed: at
least one formula in fifty resists majority and greedy flips. Below nearly all give way; above, the hidden assignment
pulls from everywhere.
"""
HARD, HARD_VARIABLES = 0.65, {3: 160, 4: 60, 5: 42}
"""From this density on a solver may need seconds for a formula of more variables, by the width of its clauses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs(KnobSet):
    """The size of the formula, how many solutions it may have, and how it is shown."""

    n: int = knob(3, low=1, high=8, doc="literals in each clause")
    k: int = knob(5, low=1, high=200, doc="variables")
    l: int = knob(5, low=1, high=1000, doc="clauses")
    fewest: int = knob(1, low=1, high=1_000_000, doc="least number of solutions")
    most: int = knob(0, low=0, high=1_000_000, doc="greatest number of solutions; 0: no limit")
    decide: bool = knob(False, doc="half of the formulas have no solution, and a core of clauses proves it")
    rendering: str = knob("letters", choices=("letters", "dimacs", "story", "any"), doc="how the formula is written")

    def check(self) -> None:
        """Refuse sizes that cannot be, or of which no problem can be drawn and proven in a moment."""
        if self.n > self.k:
            raise KnobError(f"n={self.n}, k={self.k}: a clause cannot have more literals than there are variables")
        if self.l > self.clauses_there_are:
            raise KnobError(f"l={self.l}: only {self.clauses_there_are} different clauses suit one assignment")
        if self.most and self.most < self.fewest:
            raise KnobError(f"fewest={self.fewest} is more than most={self.most}")
        if self.decide and self.k > DECIDE_VARIABLES:
            raise KnobError(f"decide needs k <= {DECIDE_VARIABLES}, where every proof can be checked; not {self.k}")
        if self.decide and self.l < 2**self.n:
            raise KnobError(f"decide needs l >= {2**self.n}: fewer clauses of n={self.n} literals cannot contradict")
        if self.banded and self.k > counting.EXACT_VARIABLES:
            raise KnobError(f"a solution band needs k <= {counting.EXACT_VARIABLES}, where solutions are counted")
        self._check_band()
        if self.rendering == "story" and self.k > len(wording.GUESTS):
            raise KnobError(f"the story has {len(wording.GUESTS)} guests, not k={self.k}")
        if self.density > HARD and self.k > HARD_VARIABLES.get(self.n, self.k):
            raise KnobError(
                f"n={self.n}, k={self.k}, l={self.l}: so near its threshold a formula takes a solver too long; take at "
                f"most {HARD_VARIABLES[self.n]} variables, or l <= {int(HARD * self.threshold)}"
            )

    def _check_band(self) -> None:
        """A clause rules out 2^(k-n) assignments: no more solutions are left than by one, no fewer than by l apart."""
        if self.k > counting.EXACT_VARIABLES:
            return
        share = 2 ** (self.k - self.n)
        most, fewest = 2**self.k - share, 2**self.k - self.l * share
        if self.fewest > most:
            raise KnobError(f"fewest={self.fewest}: one clause leaves {most} solutions, and more clauses no more")
        if self.most and self.most < fewest:
            raise KnobError(f"most={self.most}: l={self.l} clauses leave at least {fewest} solutions")

    @property
    def banded(self) -> bool:
        """Whether formulas are refused for the number of their solutions."""
        return self.most > 0 or self.fewest > 1

    @property
    def clauses_there_are(self) -> int:
        """Different clauses that one assignment satisfies: C(k, n) (2^n - 1)."""
        return comb(self.k, self.n) * ((1 << self.n) - 1)

    @property
    def threshold(self) -> float:
        """About how many random clauses leave no solution, for n > 2: 2^n k ln 2."""
        return log(2) * self.k * (1 << self.n)

    @property
    def density(self) -> float:
        """Clauses as a share of the threshold."""
        return self.l / self.threshold

    @property
    def screened(self) -> bool:
        """Whether formulas that majority or greedy flips solve are refused: not where nearly all are like that."""
        dense = 3 if self.n == 2 else DENSE
        return self.n > 1 and LOOSE <= self.density <= dense and self.l <= 0.55 * self.clauses_there_are

    @property
    def tries(self) -> int:
        """How many formulas may be drawn for one problem."""
        literals = self.l * self.n
        if self.l > 0.6 * self.clauses_there_are:
            literals *= 30  # the last ones of all clauses are drawn over and over
        if self.banded:  # then each is counted, 2^WHOLE assignments at once
            literals += literals * 2 ** max(0, self.k - counting.WHOLE) // 6
        return max(1, min(TRIES, WORK // literals))


@dataclass(frozen=True, slots=True)
class Problem:
    """A formula in conjunctive normal form, how it is shown, and what is proven of it."""

    k: int
    clauses: tuple[Clause, ...]  # DIMACS literals, variables ascending inside a clause
    rendering: str  # letters, dimacs or story
    solutions: Count
    core_limit: int = 0  # in the decide variant: how many clauses a proof may name; else 0


@dataclass(frozen=True, slots=True)
class Refutation:
    """The claim that the clauses at these places (from 1, ascending) contradict each other."""

    places: tuple[int, ...]


Answer = str | Refutation  # one binary digit per variable, or a proof that there is no such assignment


def difficulty(n: int, k: int, l: int) -> float:
    """SATURN's D(n, k, l) = log2 k + 2 log2 l - n + k / n (arXiv 2505.16368)."""
    return log2(k) + 2 * log2(l) - n + k / n


class Sat(Question[Knobs, Problem, Answer], Stepwise[Knobs, Problem, Answer], Reader[Problem]):
    """Satisfiability, with certificates."""

    name = "sat"
    title = "Satisfiability with certificates"
    tags = ("text", "logic", "saturn")
    parts = ("clauses",)
    formats = "SATURN's JSONL and DIMACS CNF"
    terms: ClassVar[Mapping[str, Term]] = {
        "saturn_solved": published.solved,
        "saturn_no_box": published.no_box,
    }
    floor_note = (
        "Level 0 is SATURN's first stage (3,5,5): half of all assignments solve it, and with so few clauses every "
        "greedy flip leads to a solution, so it cannot be held down. From level 1 on no formula is solved by its "
        "literals' majority, by the opposite, or by greedy flips from there."
    )
    levels = (
        Knobs(n=3, k=5, l=5),
        Knobs(n=3, k=5, l=15),
        Knobs(n=3, k=5, l=20),
        Knobs(n=3, k=6, l=28, decide=True),
        Knobs(n=3, k=7, l=40),
        Knobs(n=3, k=8, l=36, most=2, rendering="any"),
        Knobs(n=3, k=10, l=52, decide=True, rendering="any"),
        Knobs(n=4, k=14, l=130, rendering="any"),
        Knobs(n=3, k=20, l=90, rendering="any"),
        Knobs(n=3, k=50, l=210, rendering="dimacs"),
        Knobs(n=3, k=100, l=420, rendering="dimacs"),
    )

    def generate(self, rng: Random, knobs: Knobs) -> Problem:
        """Plant and screen, count where a band asks for it; with `decide`, half are free and contradict themselves."""
        rendering = knobs.rendering if knobs.rendering != "any" else rng.choice(("letters", "dimacs", "story"))
        if rendering == "letters" and knobs.k > 26 and knobs.rendering == "any":
            rendering = "dimacs"
        if knobs.decide:
            return self._decidable(rng, knobs, rendering)
        clauses, solutions = self._satisfiable(rng, knobs)
        return Problem(knobs.k, clauses, rendering, solutions)

    def finish(self, problem: Problem) -> Problem:
        """The number of solutions, or closer bounds, where it was not needed before."""
        if problem.solutions.exact:
            return problem
        return replace(problem, solutions=counting.count(problem.clauses, problem.k))

    def prompt(self, problem: Problem) -> list[Part]:
        """The rules, the formula and the answer form."""
        return [wording.prompt(problem.k, problem.clauses, problem.rendering, problem.core_limit)]

    def parse(self, problem: Problem, text: str) -> Answer:
        """`01101`, or in the decide variant `UNSAT 2 5 7`."""
        if problem.core_limit:
            inner = parsing.answer(text)
            if inner[:5].upper() == "UNSAT":
                places = parsing.read_integers(inner[5:].strip(" :\n") or "-", len(problem.clauses))
                if len(set(places)) != len(places):
                    raise Unparsable("repeated_clause")
                if not all(1 <= place <= len(problem.clauses) for place in places):
                    raise Unparsable("no_such_clause")
                return Refutation(tuple(sorted(places)))
        return parsing.bits(text, problem.k)

    def verify(self, problem: Problem, answer: Answer) -> Score:
        """Every clause is looked at; a refutation's clauses are tried on every assignment."""
        if isinstance(answer, Refutation):
            return self._verify_refutation(problem, answer)
        false = sum(map(_true_literals(answer).isdisjoint, problem.clauses))
        if not false:
            return _SATISFIED
        return wrong("unsatisfied", {"clauses": 1 - false / len(problem.clauses)})

    def solve(self, problem: Problem) -> str:
        """Search over the clauses shown; nothing planted is remembered."""
        assignment = counting.solve(problem.clauses, problem.k)
        if assignment is None:
            core = counting.core(problem.clauses, problem.k)
            return parsing.say("UNSAT " + " ".join(str(place + 1) for place in core))
        return parsing.say(wording.bits(assignment, problem.k))

    def players(self) -> Mapping[str, Player]:
        """Constants, chance, the prompt's example, polarity counts and greedy flips."""
        return {
            "all zeros": lambda problem, rng: parsing.say("0" * problem.k),
            "all ones": lambda problem, rng: parsing.say("1" * problem.k),
            "example": lambda problem, rng: parsing.say(wording.EXAMPLE),
            "random": lambda problem, rng: parsing.say(wording.bits(rng.getrandbits(problem.k), problem.k)),
            "majority": lambda problem, rng: parsing.say(
                wording.bits(formula.majority(problem.clauses, problem.k), problem.k)
            ),
            "minority": lambda problem, rng: parsing.say(
                wording.bits(formula.majority(problem.clauses, problem.k) ^ (1 << problem.k) - 1, problem.k)
            ),
            "greedy": _play_greedy,
            "always unsatisfiable": _play_unsatisfiable,
        }

    def renderings(self, problem: Problem) -> Sequence[str]:
        """Separators and brackets that change nothing."""
        plain = parsing.answer(self.solve(problem))
        if plain.startswith("UNSAT"):
            places = plain.split()[1:]
            return ("UNSAT: " + ", ".join(places), "unsat [" + ",".join(reversed(places)) + "]")
        return (" ".join(plain), ",".join(plain), ", ".join(plain), "[" + ", ".join(plain) + "]", "_".join(plain))

    def mutants(self, problem: Problem, rng: Random) -> Sequence[str]:
        """Too short, too long, flipped until false, and claims of the other kind."""
        plain = parsing.answer(self.solve(problem))
        if plain.startswith("UNSAT"):
            return (f"UNSAT {plain.split()[1]}", "UNSAT", "0" * problem.k, "UNSAT 0", "UNSAT 9999999")
        false = next(
            (
                guess
                for guess in (wording.bits(rng.getrandbits(problem.k), problem.k) for _ in range(200))
                if self.verify(problem, guess).value < 1
            ),
            plain[:-1],
        )
        return (plain[:-1], plain + "0", plain + plain, false, plain[:-1] + "2", "UNSAT", "UNSAT 1")

    def describe(self, problem: Problem) -> Mapping[str, float | int | str | None]:
        """SATURN's D; the solution count or its bounds; log2 of the share or its bound, and of what chance gives."""
        widths = Counter(map(len, problem.clauses))
        return {
            "D": round(difficulty(len(problem.clauses[0]), problem.k, len(problem.clauses)), 4),
            "solutions_low": problem.solutions.low,
            "solutions_high": problem.solutions.high,
            "log2_share": problem.solutions.log2_share(problem.k),
            "log2_share_expected": round(sum(times * log2(1 - 2.0**-width) for width, times in widths.items()), 4),
        }

    def identity(self, problem: Problem) -> bytes:
        """The clauses alone: the same formula in another rendering is the same problem."""
        widths = [*map(len, problem.clauses)]
        shape = widths[0] if len(set(widths)) == 1 else widths
        literals = pack(f"<{sum(widths)}h", *chain.from_iterable(problem.clauses))
        return f"{problem.k} {shape} {problem.core_limit}\n".encode() + literals

    # -- native and step views -------------------------------------------------------------------------------

    def observation_space(self, knobs: Knobs) -> Space[Any]:
        """[l, k] int8: +1 and -1 where a clause holds a literal, else 0."""
        import numpy as np
        from gymnasium import spaces

        return spaces.Box(-1, 1, (knobs.l, knobs.k), np.int8)

    def observe(self, problem: Problem) -> Any:
        """The clause matrix."""
        import numpy as np

        matrix = np.zeros((len(problem.clauses), problem.k), np.int8)
        for row, clause in enumerate(problem.clauses):
            for literal in clause:
                matrix[row, abs(literal) - 1] = 1 if literal > 0 else -1
        return matrix

    def action_space(self, knobs: Knobs) -> Space[Any]:
        """[k] bits; in the decide variant [1 + k + l]: the claim "unsatisfiable", the assignment, the core."""
        from gymnasium import spaces

        return spaces.MultiBinary(1 + knobs.k + knobs.l if knobs.decide else knobs.k)

    def act(self, problem: Problem, action: Any) -> Answer:
        """The assignment, or the refutation when the first bit claims it."""
        bits = [int(bit) for bit in action]
        if not problem.core_limit:
            return "".join(map(str, bits))
        if not bits[0]:
            return "".join(map(str, bits[1 : 1 + problem.k]))
        return Refutation(tuple(place for place, bit in enumerate(bits[1 + problem.k :], 1) if bit))

    def encode(self, problem: Problem, answer: Answer) -> Any:
        """The bits that `act` reads back."""
        import numpy as np

        if isinstance(answer, Refutation):
            core = [int(place in answer.places) for place in range(1, len(problem.clauses) + 1)]
            return np.array([1, *[0] * problem.k, *core], np.int8)
        bits = [int(bit) for bit in answer]
        return np.array([0, *bits, *[0] * len(problem.clauses)] if problem.core_limit else bits, np.int8)

    def draft(self, problem: Problem) -> Answer:
        """All false."""
        return "0" * problem.k

    def edits(self, knobs: Knobs) -> int:
        """One flip per bit of the native action."""
        return 1 + knobs.k + knobs.l if knobs.decide else knobs.k

    def edit(self, problem: Problem, draft: Answer, number: int) -> Answer:
        """Flip one bit."""
        bits = self.encode(problem, draft)
        bits[number] ^= 1
        return self.act(problem, bits)

    # -- published files ---------------------------------------------------------------------------------------

    def read(self, text: str) -> list[Found[Problem]]:
        """The formulas of a SATURN or DIMACS file."""
        from verienv.families.sat.reading import read  # it makes Problems, so it follows this module

        return read(text)

    def to_json(self, problem: Problem) -> dict[str, Any]:
        """The formula and what is proven of it."""
        from verienv.families.sat.reading import problem_to_json

        return problem_to_json(problem)

    def from_json(self, spec: object) -> Problem:
        """The formula again."""
        from verienv.families.sat.reading import problem_from_json

        return problem_from_json(spec)

    # -- how a problem is drawn --------------------------------------------------------------------------------

    def _satisfiable(self, rng: Random, knobs: Knobs) -> tuple[tuple[Clause, ...], Count]:
        n, k, l = knobs.n, knobs.k, knobs.l
        fewest, most, everything = knobs.fewest, knobs.most or 1 << k, (1 << k) - 1
        table, screened, banded, tries = _search(knobs)
        for _ in range(tries):
            if table is not None:
                numbers = table.draw(rng, l)
                broken, vote = table.tally(numbers)
                exact = broken.count(0, 0, 1 << k)
                if not fewest <= exact <= most:
                    continue
                if screened and not (broken[vote] and broken[vote ^ everything] and table.greedy(broken, vote)[1]):
                    continue
                numbers.sort()
                return itemgetter(*numbers, 0)(table.clauses)[:-1], Count(exact, exact)
            drawn = formula.draw_planted(rng, n, k, l)
            if screened:
                vote = formula.majority(drawn, k)
                guesses = (vote, vote ^ everything, formula.greedy(drawn, k, vote))
                if any(formula.solves(drawn, guess) for guess in guesses):
                    continue
            if not banded:
                return tuple(drawn), Count(1, (1 << k) - (1 << k - n))  # what one clause leaves; `finish` knows better
            exact = counting.number(drawn, k)
            if fewest <= exact <= most:
                return tuple(drawn), Count(exact, exact)
        raise GenerationError(
            f"{knobs.to_text()}: {tries} formulas drawn; each has too few or too many solutions, or greedy flips "
            "solve it; change l, or widen fewest and most"
        )

    def _decidable(self, rng: Random, knobs: Knobs, rendering: str) -> Problem:
        """Half planted, half contradictory; both tell the same limit for a proof, drawn from contradictory ones."""
        satisfiable = rng.random() < 0.5
        for _ in range(knobs.tries):
            drawn = formula.draw_free(rng, knobs.n, knobs.k, knobs.l)
            if counting.models(drawn, knobs.k):
                continue
            limit = len(counting.core(drawn, knobs.k))
            if not satisfiable:
                return Problem(knobs.k, tuple(drawn), rendering, Count(0, 0), limit)
            clauses, solutions = self._satisfiable(rng, knobs)
            return Problem(knobs.k, clauses, rendering, solutions, limit)
        raise GenerationError(f"{knobs.to_text()}: {knobs.tries} formulas, all satisfiable; take more clauses")

    def _verify_refutation(self, problem: Problem, answer: Refutation) -> Score:
        if not answer.places:
            return wrong("empty_core", {"clauses": 0.0})
        if len(answer.places) > problem.core_limit:
            return wrong("core_too_large", {"clauses": 0.0})
        named = [problem.clauses[place - 1] for place in answer.places]
        if counting.models(named, problem.k):
            return wrong("core_satisfiable", {"clauses": 0.0})
        return _SATISFIED


@lru_cache(maxsize=256)
def _search(knobs: Knobs) -> tuple[formula.Table | None, bool, bool, int]:
    """How a formula is looked for: in which table, if any, screened or not, in a band or not, and how often at most."""
    table = formula.table(knobs.n, knobs.k) if knobs.l <= 255 else None
    return table, knobs.screened, knobs.banded, knobs.tries


@lru_cache(maxsize=4096)
def _true_literals(bits: str) -> frozenset[int]:
    return frozenset([place if bit == "1" else -place for place, bit in enumerate(bits, 1)])


_SATISFIED = right({"clauses": 1.0})


def _play_greedy(problem: Problem, rng: Random) -> str:
    vote = formula.majority(problem.clauses, problem.k)
    return parsing.say(wording.bits(formula.greedy(problem.clauses, problem.k, vote), problem.k))


def _play_unsatisfiable(problem: Problem, rng: Random) -> str:
    places = range(1, len(problem.clauses) + 1)
    core = sorted(rng.sample(places, min(problem.core_limit, len(places))))
    return parsing.say("UNSAT " + " ".join(map(str, core)))


task = Sat()
