"""The evidence against a checker as it is now: which of it fails, and what each piece costs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from verienv.audit.mutate import evidence as evidences
from verienv.audit.mutate.evidence import Case, Evidence
from verienv.errors import ContractError, UsageError
from verienv.task import Task


@dataclass(frozen=True, slots=True)
class Judge:
    """A task with its evidence, and what each case cost and was worth without a mutation.

    spent: CPU seconds by place in `cases`. values: what the properties' cases earned, by their place there.
    """

    task: Task[Any, Any, Any]
    evidence: Evidence
    spent: tuple[float, ...]
    values: tuple[float, ...]

    @property
    def cases(self) -> tuple[Case, ...]:
        """Vectors first, then the properties'."""
        return (*self.evidence.vectors, *self.evidence.properties)

    def ask(self, at: int) -> None:
        """Score one case, whatever comes of it."""
        evidences.judged(self.task, self.cases[at])

    def cost(self, chosen: Iterable[int]) -> float:
        """CPU seconds that these took."""
        return sum([self.spent[at] for at in chosen])

    def vectors(self, chosen: Iterable[int]) -> str:
        """The first vector of those chosen that fails, the cheapest first; "" where all hold."""
        return self._failing([at for at in chosen if at < len(self.evidence.vectors)])[0]

    def properties(self, chosen: Iterable[int]) -> str:
        """The first property, likewise; what was not chosen earns what it did."""
        first = len(self.evidence.vectors)
        name, values = self._failing([at for at in chosen if at >= first])
        if name or not values:
            return name
        return _too_high(self.evidence, {at - first: value for at, value in values.items()}, self.values)

    def _failing(self, chosen: list[int]) -> tuple[str, dict[int, float]]:
        values: dict[int, float] = {}
        cases = self.cases
        for at in sorted(chosen, key=lambda at: self.spent[at]):
            case = cases[at]
            try:
                kept, values[at] = evidences.judged(self.task, case)
            except ContractError:
                kept = False
            if not kept:
                return case.name, values
        return "", values


def judge(task: Task[Any, Any, Any], evidence: Evidence) -> Judge:
    """A judge of mutants. Raises UsageError where the evidence fails without any."""
    spent, values = [], []
    for each in (*evidence.vectors, *evidence.properties):
        start = time.process_time()
        kept, value = evidences.judged(task, each)
        spent.append(time.process_time() - start)
        values.append(value)
        if not kept:
            raise UsageError(f"{task.name} fails as it is, without a mutation: {each.name} at {each.instance.address}")
    found = Judge(task, evidence, tuple(spent), tuple(values[len(evidence.vectors) :]))
    broken = _too_high(evidence, {}, found.values)
    if broken:
        raise UsageError(f"{task.name} fails as it is, without a mutation: {broken} earns too much")
    return found


def _too_high(evidence: Evidence, values: Mapping[int, float], before: tuple[float, ...]) -> str:
    """The first mean that is above what it may be."""
    for each in evidence.means:
        earned = [values.get(at, before[at]) for at in each.cases]
        if sum(earned) / len(earned) > each.most:
            return each.name
    return ""
