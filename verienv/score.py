"""Score: what a checker says of one reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NO_PARTS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Score:
    """A verdict.

    value: in [0, 1]; 1 means right.
    parts: named components in [0, 1] that a reward may weigh on its own.
    reason: a short code, stable enough to count ("right", "unsatisfied", "no_answer" …).
    readable: False when the reply held no answer of the form that was asked for.
    """

    value: float
    parts: Mapping[str, float] = field(default_factory=lambda: NO_PARTS)
    reason: str = "right"
    readable: bool = True

    def __post_init__(self) -> None:
        if not 0.0 <= self.value <= 1.0:  # written so that NaN fails too
            raise ValueError(f"a score lies in [0, 1], not {self.value!r}")
        for name, part in self.parts.items():
            if not 0.0 <= part <= 1.0:
                raise ValueError(f"part {name!r} lies in [0, 1], not {part!r}")
        if type(self.parts) is not MappingProxyType:  # a score is shared between attempts: nobody may write in it
            object.__setattr__(self, "parts", MappingProxyType(dict(self.parts)))

    def __reduce__(self) -> tuple[type[Score], tuple[float, dict[str, float], str, bool]]:
        """Scores travel between processes; a mapping proxy cannot."""
        return Score, (self.value, dict(self.parts), self.reason, self.readable)

    @property
    def right(self) -> bool:
        """Whether the reply earns everything."""
        return self.value == 1.0


RIGHT = Score(1.0)


def right(parts: Mapping[str, float] = NO_PARTS) -> Score:
    """Full marks."""
    return Score(1.0, parts)


def wrong(reason: str, parts: Mapping[str, float] = NO_PARTS) -> Score:
    """Readable, and not right."""
    return Score(0.0, parts, reason)


def partial(value: float, reason: str, parts: Mapping[str, float] = NO_PARTS) -> Score:
    """Readable, and right in part: `value` in [0, 1)."""
    return Score(value, parts, reason)


def unreadable(reason: str, parts: Mapping[str, float] = NO_PARTS) -> Score:
    """No answer of the form that was asked for."""
    return Score(0.0, parts, reason, readable=False)
