"""Mutation testing of checkers: how many small faults in a family's checker do its vectors and properties notice?

    from verienv.audit import mutate

    report = mutate.measure(verienv.load("sat"), count=200)
    print(report.share, [each.told for each in report.survivors])

Only lines that run while the evidence is scored are changed, one place at a time, in a copy of the process with limits.
A mutant is killed where a vector or a property fails, never because it says something else than the checker did.
"""

from __future__ import annotations

import ast
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from verienv import golden, rng
from verienv.audit.mutate import evidence as evidences
from verienv.audit.mutate import judging, operators, reach, trial
from verienv.audit.mutate.operators import Mutation
from verienv.errors import UsageError
from verienv.task import Task

__all__ = ["COUNT", "LEAST", "Mutant", "Report", "measure"]

COUNT: Final = 200
"""Mutants of a family, unless another number is asked for."""
LEAST: Final = 0.90
"""The share of mutants that the evidence of a sound family kills."""
PLACE: Final = ("file", "within", "code", "column", "before", "after")
"""What says which mutant a row of tasks/NAME/equivalents.jsonl speaks of; its `why` says why it changes nothing."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mutation and what became of it.

    by_vector, by_property: which was the first to fail, "" where none did, "stopped" or "died" where the mutant did not
    come to an end. scoring: whether the place sets the score. excuse: why it changes nothing, as a person has found.
    """

    mutation: Mutation
    scoring: bool
    by_vector: str
    by_property: str
    excuse: str = ""

    @property
    def killed(self) -> bool:
        """Whether anything failed."""
        return bool(self.by_vector or self.by_property)

    @property
    def stopped(self) -> bool:
        """Whether it took too long."""
        return "stopped" in (self.by_vector, self.by_property)

    @property
    def told(self) -> str:
        """Where it is, and what was changed, on one line."""
        made = self.mutation
        return f"{Path(made.file).name}:{made.line} {made.within}: {_line(made.before)} → {_line(made.after)}"


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the mutants of one family; possible: how many there are in all."""

    name: str
    mutants: tuple[Mutant, ...]
    possible: int
    vectors: int
    properties: int
    lines: int
    seconds: float

    @property
    def counted(self) -> tuple[Mutant, ...]:
        """All but the survivors that a person has found to change nothing."""
        return tuple([each for each in self.mutants if each.killed or not each.excuse])

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """Those that nothing noticed and nobody has excused."""
        return tuple([each for each in self.counted if not each.killed])

    @property
    def excused(self) -> tuple[Mutant, ...]:
        """Survivors that a person has found to change nothing."""
        return tuple([each for each in self.mutants if not each.killed and each.excuse])

    @property
    def share(self) -> float:
        """The share of the counted that was killed."""
        return _share(self.counted)

    @property
    def scoring(self) -> tuple[Mutant, ...]:
        """The counted on lines that set the score."""
        return tuple([each for each in self.counted if each.scoring])

    @property
    def scoring_share(self) -> float:
        """The share of those that was killed."""
        return _share(self.scoring)

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return {
            "task": self.name,
            "mutants": len(self.mutants),
            "possible": self.possible,
            "vectors": sum(bool(each.by_vector) for each in self.mutants),
            "properties": sum(bool(each.by_property) for each in self.mutants),
            "killed": sum(each.killed for each in self.mutants),
            "stopped": sum(each.stopped for each in self.mutants),
            "share": self.share,
            "scoring": len(self.scoring),
            "scoring_share": self.scoring_share,
            "survivors": [{**_place(each.mutation), "scoring": each.scoring} for each in self.survivors],
            "excused": [{**_place(each.mutation), "why": each.excuse} for each in self.excused],
            "cases": {"vectors": self.vectors, "properties": self.properties},
            "lines": self.lines,
            "seconds": self.seconds,
        }


def measure(
    task: Task[Any, Any, Any],
    *,
    count: int = COUNT,
    seed: int = 0,
    size: int = 2,
    vectors: Path | None = None,
    excuses: Path | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Report:
    """Change the checker `count` times (0: in every way there is), and see what notices.

    size: instances of each level that the properties look at. vectors, excuses: files of rows, by default those in
    tasks/NAME of the checkout. told: called with how many mutants are done, and of how many.

    Raises UsageError where the evidence fails without any mutation, or where nothing of the family runs.
    """
    start = time.perf_counter()
    found = judging.judge(task, evidences.gather(task, vectors, size))
    files = [*reach.modules(task)]
    reached = reach.trace(task, files, [partial(found.ask, at) for at in range(len(found.cases))])
    texts = {file: Path(file).read_text(encoding="utf-8") for file in files}
    trees = {file: ast.parse(text) for file, text in texts.items()}
    possible = [each for file in files for each in operators.mutations(file, texts[file], reached.lines(file))]
    if not possible:
        raise UsageError(f"{task.name}: no line of {', '.join(files)} runs while replies are scored")
    rng.stream("mutants", task.name, seed).shuffle(possible)
    known, remembered = reach.functions(files), reach.caches(files)
    allowed = _excuses(excuses or golden.TASKS / task.name / "equivalents.jsonl")
    mutants: list[Mutant] = []
    for mutation in possible:
        if len(mutants) == (count or len(possible)):
            break
        change = trial.exchange(mutation, trees[mutation.file], known)
        if change is None:
            continue
        seen = reached.cases(mutation.file, mutation.first, mutation.last)
        lines = range(mutation.first, mutation.last + 1)
        limit = 2 + 5 * found.cost(seen)
        vector = trial.run(partial(_changed, change, remembered, found.vectors, seen), limit)
        other = vector if vector == "stopped" else trial.run(
            partial(_changed, change, remembered, found.properties, seen), limit
        )  # fmt: skip
        scoring = any((mutation.file, line) in reached.scoring for line in lines)
        mutants.append(Mutant(mutation, scoring, vector, other, allowed.get(_key(mutation), "")))
        if told is not None:
            told(len(mutants), min(count or len(possible), len(possible)))
    return Report(
        task.name,
        tuple(mutants),
        len(possible),
        len(found.evidence.vectors),
        len(found.evidence.properties),
        sum(len(reached.lines(file)) for file in files),
        time.perf_counter() - start,
    )


def _changed(
    change: trial.Exchange, remembered: Sequence[Any], failing: Callable[[Iterable[int]], str], seen: Iterable[int]
) -> str:
    """What fails once the code is exchanged and all that was remembered is forgotten."""
    change.make()
    for each in remembered:
        each.cache_clear()
    return failing(seen)


def _excuses(file: Path) -> dict[str, str]:
    """Why mutants that a person has looked at change nothing; a line of code that is changed is looked at anew."""
    if not file.is_file():
        return {}
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {json.dumps({key: row[key] for key in PLACE}): row["why"] for row in rows}


def _key(mutation: Mutation) -> str:
    return json.dumps({key: value for key, value in _place(mutation).items() if key in PLACE})


def _place(mutation: Mutation) -> dict[str, Any]:
    return {
        "file": Path(mutation.file).name,
        "line": mutation.line,
        "within": mutation.within,
        "code": mutation.code,
        "column": mutation.column,
        "before": _line(mutation.before),
        "after": _line(mutation.after),
    }


def _line(text: str) -> str:
    """The first line of what was changed: of a statement that holds others, its condition."""
    return text.partition("\n")[0]


def _share(mutants: Sequence[Mutant]) -> float:
    return sum(each.killed for each in mutants) / len(mutants) if mutants else 1.0
