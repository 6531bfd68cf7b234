"""Reading formulas: SATURN's JSON lines and DIMACS CNF, strictly; and a problem as JSON and back.

A line of SATURN's is an object with `n_sat` (literals a clause), `k` (variables), `clause` (`!A!B!C & !A!CE & ABE`) and
perhaps `id` and `solution` (one digit per variable), which is checked. A DIMACS file holds one formula; up to
DECIDE_VARIABLES variables the question asked of it is whether it can be satisfied at all, above it must be satisfiable.
"""

from __future__ import annotations

import itertools
import json
import string
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NoReturn

from verienv.errors import UsageError
from verienv.families.sat import DECIDE_VARIABLES, Problem, counting, formula, wording
from verienv.families.sat.counting import Count
from verienv.families.sat.formula import Clause
from verienv.files import Found

MAX_CHARS: Final = 64_000_000
MAX_LINE: Final = 200_000
MAX_PROBLEMS: Final = 100_000
MAX_VARIABLES: Final = 200
MAX_CLAUSES: Final = 1_000
MAX_LITERALS: Final = 20_000
MAX_CONFLICTS: Final = 50_000
"""What the solver may spend on one formula above EXACT_VARIABLES variables; a harder one is refused."""


def read(text: str) -> list[Found[Problem]]:
    """The formulas of a text, in either format. Raises UsageError with the number of the line."""
    if len(text) > MAX_CHARS:
        raise UsageError(f"the file has {len(text):,} characters; at most {MAX_CHARS:,} are read")
    for number, line in _lines(text):
        if line.startswith("{"):
            return saturn(text)
        if line[0] in "cp":
            return dimacs(text)
        _refuse(number, f"{line:.40}: neither SATURN's JSON object nor DIMACS' 'c' or 'p cnf' line")
    raise UsageError("the file is empty")


def saturn(text: str) -> list[Found[Problem]]:
    """One problem a line; each line must have a satisfying assignment."""
    found: list[Found[Problem]] = []
    for number, line in _lines(text):
        if len(found) == MAX_PROBLEMS:
            _refuse(number, f"more than {MAX_PROBLEMS:,} problems")
        found.append(_saturn_line(number, line))
    return found


def dimacs(text: str) -> list[Found[Problem]]:
    """The one formula; comments, clauses over several lines and SATLIB's closing % are read."""
    k = l = start = 0
    clauses: list[list[int]] = []
    open_clause: list[int] = []
    opened = ended = 0
    size = 0
    for number, line in _lines(text):
        if ended:
            if line != "0":
                _refuse(number, f"{line:.40}: nothing but a 0 follows the % of line {ended}")
        elif line[0] == "c" and line[1:2] in ("", " ", "\t"):
            continue
        elif line[0] == "p":
            if start:
                _refuse(number, f"a second 'p' line; the first is line {start}")
            k, l = _header(number, line)
            start = number
        elif line == "%":
            ended = number
        elif not start:
            _refuse(number, f"{line:.40}: the 'p cnf VARIABLES CLAUSES' line comes first")
        else:
            for literal in _literals(number, line, k):
                size += 1
                if size > MAX_LITERALS + MAX_CLAUSES:
                    _refuse(number, f"more than {MAX_LITERALS:,} literals")
                if literal:
                    opened = opened or number
                    open_clause.append(literal)
                    continue
                if not open_clause:
                    _refuse(number, f"clause {len(clauses) + 1} is empty: no assignment satisfies it")
                clauses.append(open_clause)
                open_clause, opened = [], 0
                if len(clauses) > l:
                    _refuse(number, f"more clauses than the {l} that line {start} announces")
    if not start:
        raise UsageError("no 'p cnf VARIABLES CLAUSES' line")
    if open_clause:
        _refuse(opened, f"clause {len(clauses) + 1} is not closed by a 0")
    if len(clauses) != l:
        _refuse(start, f"{l} clauses are announced, {len(clauses)} are there")
    tidy, notes = _tidy(start, clauses, str)
    counted = _count(start, tidy, k)
    decide = k <= DECIDE_VARIABLES
    if not counted.high and not decide:
        _refuse(
            start,
            f"no assignment satisfies the formula, and with {k} variables (more than {DECIDE_VARIABLES}) "
            "a proof of that cannot be checked on every assignment",
        )
    return [Found(Problem(k, tidy, "dimacs", counted, len(tidy) if decide else 0), start, "", notes)]


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """The whole problem as plain JSON."""
    return {
        "k": problem.k,
        "clauses": [list(clause) for clause in problem.clauses],
        "rendering": problem.rendering,
        "solutions": [problem.solutions.low, problem.solutions.high],
        "core_limit": problem.core_limit,
    }


def problem_from_json(spec: object) -> Problem:
    """The problem again; anything else than `problem_to_json` writes raises UsageError."""
    if not isinstance(spec, dict) or spec.keys() != {"k", "clauses", "rendering", "solutions", "core_limit"}:
        raise UsageError("a sat spec is an object with k, clauses, rendering, solutions and core_limit")
    k = _within(spec["k"], 1, MAX_VARIABLES, "spec: k")
    rows = spec["clauses"]
    if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_CLAUSES:
        raise UsageError(f"spec: clauses is a list of 1 to {MAX_CLAUSES} clauses")
    for at, clause in enumerate(rows, 1):
        if not isinstance(clause, list) or not clause or any(type(literal) is not int for literal in clause):
            raise UsageError(f"spec: clause {at} is a list of whole numbers, none of them 0")
        named = [abs(literal) for literal in clause]
        if named[0] < 1 or named[-1] > k or any(a >= b for a, b in itertools.pairwise(named)):
            raise UsageError(f"spec: clause {at} names variables from 1 to {k}, each once, in order")
    renderings = ("letters", "dimacs", *(("story",) if k <= len(wording.GUESTS) else ()))
    if spec["rendering"] not in renderings:
        raise UsageError(f"spec: rendering is one of {', '.join(renderings)}, not {spec['rendering']!r:.40}")
    counts = spec["solutions"]
    if not isinstance(counts, list) or len(counts) != 2:
        raise UsageError("spec: solutions is a list of two numbers, the least and the greatest there may be")
    high = _within(counts[1], 0, 1 << k, "spec: solutions")
    low = _within(counts[0], 0, high, "spec: solutions")
    limit = _within(spec["core_limit"], 0, len(rows) if k <= DECIDE_VARIABLES else 0, "spec: core_limit")
    clauses = tuple([tuple(clause) for clause in rows])
    return Problem(k, clauses, spec["rendering"], Count(low, high), limit)


# -- SATURN ------------------------------------------------------------------------------------------------------


def _saturn_line(number: int, line: str) -> Found[Problem]:
    fields = _object(number, line)
    for name, kind, told in (("n_sat", int, "a whole number"), ("k", int, "a whole number"), ("clause", str, "text")):
        if name not in fields:
            _refuse(number, f"field {name!r} is missing; there are: {', '.join(map(repr, fields)) or 'none'}"[:300])
        if type(fields[name]) is not kind:
            _refuse(number, f"field {name!r} is {told}, not {fields[name]!r:.40}")
    width, k = fields["n_sat"], fields["k"]
    if not 1 <= k <= 26:
        _refuse(number, f"k={k!s:.40}: the letters A to Z name 1 to 26 variables")
    if not 1 <= width <= k:
        _refuse(number, f"n_sat={width!s:.40}: a clause has 1 to k={k} literals")
    name = fields.get("id", "")
    if type(name) not in (str, int) or len(str(name)) > 200:
        _refuse(number, f"field 'id' is a short text or a whole number, not {name!r:.40}")
    told = fields["clause"].split("&")
    if len(told) > MAX_CLAUSES:
        _refuse(number, f"{len(told)} clauses; at most {MAX_CLAUSES} are read")
    clauses = [_letters(number, place, each.strip(), width, k) for place, each in enumerate(told, 1)]
    tidy, notes = _tidy(number, clauses, lambda clause: wording.clause_letters(clause, k))
    if "solution" in fields:
        _check_solution(number, fields["solution"], clauses, k)
    counted = _count(number, tidy, k)
    if not counted.high:
        _refuse(number, "no assignment satisfies the formula")
    return Found(Problem(k, tidy, "letters", counted), number, str(name), notes)


def _object(number: int, line: str) -> dict[str, Any]:
    def pairs(given: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(given)
        if len(made) != len(given):
            _refuse(number, "a field is given twice")
        return made

    def constant(name: str) -> NoReturn:
        _refuse(number, f"{name} is not JSON")

    if len(line) > MAX_LINE:
        _refuse(number, f"{len(line):,} characters; at most {MAX_LINE:,} are read")
    try:
        fields = json.loads(line, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        _refuse(number, f"not JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        _refuse(number, "not JSON that can be read: nested too deep")
    except UsageError:
        raise
    except ValueError:
        _refuse(number, "a number has too many digits")
    if not isinstance(fields, dict):
        _refuse(number, "a JSON object is needed")
    return fields


def _letters(number: int, place: int, told: str, width: int, k: int) -> list[int]:
    clause: list[int] = []
    sign = 1
    for mark in told:
        if mark == "!" and sign > 0:
            sign = -1
        elif mark in string.ascii_uppercase:
            if ord(mark) - 65 >= k:
                last = chr(64 + k)
                _refuse(number, f"clause {place} ({told:.40}) names {mark}; the k={k} variables are A to {last}")
            clause.append(sign * (ord(mark) - 64))
            sign = 1
        else:
            _refuse(number, f"clause {place} ({told:.40}): {mark!r} is out of place; a clause is written like !AB!C")
    if sign < 0:
        _refuse(number, f"clause {place} ({told:.40}) ends with !")
    if len(clause) != width:
        _refuse(number, f"clause {place} ({told:.40}) has {len(clause)} literals; n_sat says {width}")
    return clause


def _check_solution(number: int, given: object, clauses: Sequence[list[int]], k: int) -> None:
    if not isinstance(given, str) or len(given) != k or given.strip("01"):
        _refuse(number, f"solution {given!r:.60} is not {k} binary digits")
    for place, clause in enumerate(clauses, 1):
        if not any((given[abs(literal) - 1] == "1") == (literal > 0) for literal in clause):
            told = wording.clause_letters(tuple(clause), k)
            _refuse(number, f"solution {given} is wrong: it makes clause {place} ({told}) false")


# -- DIMACS ------------------------------------------------------------------------------------------------------


def _header(number: int, line: str) -> tuple[int, int]:
    words = line.split()
    if len(words) != 4 or words[:2] != ["p", "cnf"] or not all(_digits(word) for word in words[2:]):
        _refuse(number, f"{line:.40}: it must read 'p cnf VARIABLES CLAUSES'")
    k, l = int(words[2]), int(words[3])
    if not 1 <= k <= MAX_VARIABLES:
        _refuse(number, f"{k} variables; 1 to {MAX_VARIABLES} are read")
    if not 1 <= l <= MAX_CLAUSES:
        _refuse(number, f"{l} clauses; 1 to {MAX_CLAUSES} are read")
    return k, l


def _literals(number: int, line: str, k: int) -> Iterator[int]:
    for word in line.split():
        if not _digits(word.removeprefix("-")):
            _refuse(number, f"{word:.40} is not a whole number")
        literal = int(word)
        if abs(literal) > k:
            _refuse(number, f"variable {abs(literal)} is named; there are {k}")
        yield literal


def _digits(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 9


# -- both --------------------------------------------------------------------------------------------------------


def _tidy(
    number: int, clauses: Sequence[list[int]], write: Callable[[Clause], str]
) -> tuple[tuple[Clause, ...], tuple[str, ...]]:
    """Clauses as the family writes them, each literal and each clause once, in order; and what was left out."""
    kept: dict[Clause, int] = {}
    notes = []
    for place, clause in enumerate(clauses, 1):
        told = f"line {number}: clause {place} ({write(tuple(clause))})"[:120]
        literals = tuple(sorted(set(clause), key=abs))
        if len(set(map(abs, literals))) < len(literals):
            notes.append(f"{told} is always true: left out")
            continue
        if len(literals) < len(clause):
            notes.append(f"{told} repeats a literal: kept once")
        if literals in kept:
            notes.append(f"{told} repeats clause {kept[literals]}: kept once")
        kept.setdefault(literals, place)
    if not kept:
        _refuse(number, "every clause is always true: there is nothing to solve")
    return tuple(sorted(kept, key=formula.order)), tuple(notes)


def _count(number: int, clauses: Sequence[Clause], k: int) -> Count:
    """counting.count, once a bounded search has shown that its own is bounded."""
    if k > counting.EXACT_VARIABLES:
        with counting.solver(clauses, k) as sat:
            sat.conf_budget(MAX_CONFLICTS)  # for all of them together
            for _ in range(counting.MODELS):
                verdict = sat.solve_limited()
                if verdict is None:
                    _refuse(
                        number, f"the solver finds no verdict within {MAX_CONFLICTS:,} conflicts; take an easier one"
                    )
                if not verdict:
                    break
                sat.add_clause([-literal for literal in sat.get_model()[:k]])
    return counting.count(clauses, k)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines that are not blank; only a line feed ends a line."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        bare = line.strip(" \t\r")
        if bare:
            yield number, bare


def _within(value: object, low: int, high: int, what: str) -> int:
    if type(value) is not int or not low <= value <= high:
        raise UsageError(f"{what} is a whole number from {low} to {high}, not {value!r:.40}")
    return value


def _refuse(number: int, why: str) -> NoReturn:
    raise UsageError(f"line {number}: {why}")
