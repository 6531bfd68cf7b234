"""How a formula is told: SATURN's letters, DIMACS lines, or a story about guests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from verienv import parsing
from verienv.families.sat.formula import Clause

EXAMPLE = "0110 (for four variables)"
GUESTS = (
    "Ada",
    "Ben",
    "Cleo",
    "Dan",
    "Eva",
    "Finn",
    "Gia",
    "Hugo",
    "Iris",
    "Jon",
    "Kim",
    "Leo",
    "Mia",
    "Ned",
    "Olga",
    "Paul",
    "Quin",
    "Rosa",
    "Sam",
    "Tess",
    "Ugo",
    "Vera",
    "Will",
    "Xena",
    "Yuri",
    "Zoe",
    "Abel",
    "Bea",
    "Carl",
    "Dora",
    "Emil",
    "Fay",
    "Gus",
    "Hana",
    "Ivan",
    "Judy",
    "Kurt",
    "Lena",
    "Max",
    "Nora",
    "Otto",
    "Pia",
    "Rolf",
    "Sara",
    "Tom",
    "Una",
    "Vito",
    "Wanda",
    "Yara",
    "Zack",
)


def bits(assignment: int, k: int) -> str:
    """The assignment as one digit per variable, the first variable first."""
    return format(assignment, f"0{k}b")[::-1]


def prompt(k: int, clauses: Sequence[Clause], rendering: str, core_limit: int) -> str:
    """The whole prompt."""
    told = {"letters": _letters, "dimacs": _dimacs, "story": _story}[rendering](k, clauses, bool(core_limit))
    form = f"{k} binary digits, one for each variable in the order given, 1 for true and 0 for false"
    if rendering == "story":
        form = f"{k} binary digits, one for each guest in the order given, 1 for coming and 0 for staying away"
    question = "Find an assignment that makes every clause true. Any such assignment is accepted."
    if rendering == "story":
        question = "Find a guest list that meets every wish. Any such list is accepted."
    if core_limit:
        question += (
            " There may be none. Then answer UNSAT followed by the numbers of at most "
            f"{core_limit} {'wishes' if rendering == 'story' else 'clauses'} that already contradict each other, "
            "like UNSAT 3 8 12."
        )
    return f"{told}\n\n{question}\n{parsing.ask(form, EXAMPLE)}"


@lru_cache(maxsize=64)
def names(k: int) -> tuple[str, ...]:
    """A … Z, then A1, B1 …"""
    return tuple([chr(65 + v % 26) + (str(v // 26) if v >= 26 else "") for v in range(k)])


@lru_cache(maxsize=64)
def literals(k: int) -> tuple[str, ...]:
    """How each literal is written: `A` for 1, `!A` for -1, which is counted from the end."""
    return ("", *names(k), *["!" + name for name in reversed(names(k))])


def clause_letters(clause: Clause, k: int) -> str:
    """A clause as SATURN writes it, like `A!BC`."""
    return "".join(map(literals(k).__getitem__, clause))


def _letters(k: int, clauses: Sequence[Clause], numbered: bool) -> str:
    name = names(k)
    written = literals(k).__getitem__
    told = ["".join(map(written, clause)) for clause in clauses]
    shown = "\n".join(f"{at}. {each}" for at, each in enumerate(told, 1)) if numbered else " & ".join(told)
    return (
        f"The variables are {', '.join(name)}. A clause lists literals side by side: A means that A is true, !A that "
        "A is false. A clause is true when at least one of its literals is; "
        f"the formula is true when {'all of its clauses are' if numbered else 'all clauses, joined by &, are'}."
        f"\n\n{shown}"
    )


def _dimacs(k: int, clauses: Sequence[Clause], numbered: bool) -> str:
    lines = "\n".join(" ".join(map(str, clause)) + " 0" for clause in clauses)
    counted = " Clauses are numbered from 1, in the order of their lines." if numbered else ""
    return (
        "This is a formula in DIMACS CNF: each line is a clause that ends with 0; the number 3 means that variable 3 "
        f"is true, -3 that it is false.{counted}\n\np cnf {k} {len(clauses)}\n{lines}"
    )


def _story(k: int, clauses: Sequence[Clause], numbered: bool) -> str:
    def wish(clause: Clause) -> str:
        wants = [GUESTS[abs(x) - 1] + (" comes" if x > 0 else " stays away") for x in clause]
        return wants[0] + "." if len(wants) == 1 else ", ".join(wants[:-1]) + " or " + wants[-1] + "."

    mark = "{}. " if numbered else "- "
    lines = "\n".join(mark.format(at) + wish(clause) for at, clause in enumerate(clauses, 1))
    return (
        f"You plan a party. You may invite, in this order: {', '.join(GUESTS[:k])}. Each wish below is met when at "
        f"least one of the things it names is so.\n\n{lines}"
    )
