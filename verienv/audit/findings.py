"""What an audit says: findings by severity, each with an example and a line that reproduces it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from verienv.audit.study import Study

Severity = Literal["info", "low", "medium", "high", "critical"]
SEVERITIES: Final[tuple[Severity, ...]] = ("info", "low", "medium", "high", "critical")
"""Mildest first. critical: a blind or hostile reply owns the reward or the process; high: training goes wrong."""

Status = Literal["kept", "broken", "skipped"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a verifier breaks a property.

    item: its place among the items, or None where no single item is meant. reply: the shrunk example; a list of moves
    for a game. value: what it earned, None where it earned nothing that is a number. reproduce: a command.
    """

    property: str
    severity: Severity
    title: str
    detail: str = ""
    item: int | None = None
    reply: Any = None
    value: float | None = None
    reproduce: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


class Skipped(Exception):
    """A property that cannot be tried on this target; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Property:
    """One promise of a verifier (`of` "scorer") or of what makes its items (`of` "items")."""

    name: str
    promise: str
    test: Callable[[Study], Iterator[Finding]]
    of: Literal["scorer", "items"] = "scorer"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one property: its findings, worst first, what was seen, and how much was tried."""

    name: str
    promise: str
    status: Status
    findings: tuple[Finding, ...]
    detail: str
    calls: int
    seconds: float

    @property
    def worst(self) -> Severity | None:
        """The severity of the worst finding."""
        return max((each.severity for each in self.findings), key=rank, default=None)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        plain: Mapping[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**plain, "findings": [each.to_json() for each in self.findings]}


def rank(severity: Severity) -> int:
    """0 for info, 4 for critical."""
    return SEVERITIES.index(severity)
