"""The report of an audit: what was audited, how hard, and what came of every property."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verienv.audit.findings import SEVERITIES, Finding, Result, Severity, rank
from verienv.audit.floor.search import Best


@dataclass(frozen=True, slots=True)
class Report:
    """floor: the share of everything that nobody need wonder at; chance: what right answers to other items earn;
    best: the best blind policy that was found.
    """

    target: str
    items: int
    effort: str
    seed: int
    results: tuple[Result, ...]
    notes: tuple[str, ...]
    floor: float
    chance: float
    best: Best | None
    oracle: float | None
    calls: int
    seconds: float

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the worst first."""
        found = [each for result in self.results for each in result.findings]
        return tuple(sorted(found, key=lambda each: -rank(each.severity)))

    @property
    def worst(self) -> Severity | None:
        """The severity of the worst finding."""
        return self.findings[0].severity if self.findings else None

    def at_least(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of that severity and above."""
        return tuple(each for each in self.findings if rank(each.severity) >= rank(severity))

    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity, worst first."""
        found = Counter(each.severity for each in self.findings)
        return {name: found[name] for name in reversed(SEVERITIES) if found[name]}

    def to_json(self) -> dict[str, Any]:
        """Plain values; what cannot be a number in JSON is a text."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain["results"] = [each.to_json() for each in self.results]
        plain["counts"] = self.counts()
        plain["best"] = None if self.best is None else dataclasses.asdict(self.best)
        cleaned: dict[str, Any] = _plain(plain)
        return cleaned

    def write_json(self, path: str | Path) -> None:
        """As a file."""
        Path(path).write_text(json.dumps(self.to_json(), indent=1) + "\n", encoding="utf-8")

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not -1e308 < value < 1e308:
        return str(value)
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
