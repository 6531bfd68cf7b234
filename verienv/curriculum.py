"""How difficulty moves while training: schedules as pure values, their state a value that JSON can hold.

A schedule knows its stages, easy to hard. `weights(state)` says how much of each to train on; `after(state, score)`
is the state after a validation. Nothing else changes a state, so a run that is resumed goes on where it was.
"""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Final

from verienv.errors import UnknownName, UsageError


@dataclass(frozen=True, slots=True)
class State:
    """Where a curriculum stands: the stage, the validations seen there (newest last), and the moves made."""

    stage: int = 0
    recent: tuple[float, ...] = ()
    promotions: int = 0
    demotions: int = 0

    def to_json(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> State:
        """The state that `to_json` wrote. Raises UsageError for anything else."""
        try:
            values = json.loads(text)
            state = cls(**{**values, "recent": tuple(values["recent"])})
            numbers = (state.stage, state.promotions, state.demotions)
            if any(type(each) is not int or each < 0 for each in numbers):
                raise ValueError("counts are whole numbers")
            for each in state.recent:
                _score(each)
        except (TypeError, KeyError, ValueError) as error:
            raise UsageError(f"not a curriculum's state: {text!r:.200} ({error})") from error
        return state


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(ABC):
    """Stages 0 … stages - 1, easy to hard; a validation is due every `interval` training samples."""

    stages: int
    interval: int = 250

    kind: ClassVar[str]

    def __post_init__(self) -> None:
        for name in ("stages", "interval"):
            if type(getattr(self, name)) is not int or getattr(self, name) < 1:
                raise UsageError(f"curriculum {name}={getattr(self, name)!r}: a whole number from 1 up")
        self.check()

    def check(self) -> None:
        """Override to refuse settings, by raising UsageError."""
        return

    def start(self) -> State:
        """The state before training."""
        return State()

    @abstractmethod
    def weights(self, state: State) -> tuple[float, ...]:
        """How much of each stage to train on; they add up to 1."""

    def after(self, state: State, score: float) -> State:
        """The state after a validation whose mean score, in [0, 1], is `score`."""
        _score(score)
        return state

    def due(self, before: int, now: int) -> bool:
        """Whether a validation is due when the samples trained on went from `before` to `now`."""
        return now // self.interval > before // self.interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed(Schedule):
    """The recipe's own weights (`shares`, one for each stage), or one `stage` alone, from beginning to end."""

    shares: tuple[float, ...] = ()
    stage: int | None = None

    kind: ClassVar[str] = "fixed"

    def check(self) -> None:
        """Refuse shares that do not fit, and a stage that is not there."""
        if self.shares and (len(self.shares) != self.stages or min(self.shares) < 0 or not sum(self.shares) > 0):
            raise UsageError(f"curriculum shares={self.shares!r}: one weight for each of {self.stages} stages")
        if self.stage is not None:
            _stage("stage", self.stage, self.stages)

    def weights(self, state: State) -> tuple[float, ...]:
        """The same at all times."""
        if self.stage is not None:
            return _only(self.stage, self.stages)
        shares = self.shares or (1.0,) * self.stages
        return tuple(share / math.fsum(shares) for share in shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform(Schedule):
    """Every stage alike, from beginning to end."""

    kind: ClassVar[str] = "uniform"

    def weights(self, state: State) -> tuple[float, ...]:
        """1 / stages each."""
        return (1.0 / self.stages,) * self.stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion(Schedule):
    """SATURN's: the next stage once the mean of the last `window` validations is above `epsilon` (arXiv 2505.16368).

    Below `epsilon_low` (0: never) it goes back a stage. `review` is the share that the stages passed keep, evenly.
    """

    epsilon: float = 0.5
    epsilon_low: float = 0.0
    window: int = 1
    review: float = 0.0
    first: int = 0

    kind: ClassVar[str] = "promotion"

    def check(self) -> None:
        """Refuse thresholds out of order."""
        if not 0 <= self.epsilon_low < self.epsilon <= 1:
            raise UsageError(
                f"curriculum epsilon={self.epsilon!r}, epsilon_low={self.epsilon_low!r}: 0 <= low < epsilon <= 1"
            )
        if type(self.window) is not int or self.window < 1:
            raise UsageError(f"curriculum window={self.window!r}: a whole number of validations from 1 up")
        if not 0 <= self.review < 1:
            raise UsageError(f"curriculum review={self.review!r}: a share in [0, 1)")
        _stage("first", self.first, self.stages)

    def start(self) -> State:
        """At the first stage."""
        return State(stage=self.first)

    def weights(self, state: State) -> tuple[float, ...]:
        """The stage itself, and `review` spread over those before it."""
        _stage("stage", state.stage, self.stages)
        if not state.stage or not self.review:
            return _only(state.stage, self.stages)
        past = self.review / state.stage
        return tuple(
            past if at < state.stage else 1 - self.review if at == state.stage else 0.0 for at in range(self.stages)
        )

    def after(self, state: State, score: float) -> State:
        """Promoted, demoted, or the same stage with one validation more; a move forgets the validations."""
        _stage("stage", state.stage, self.stages)
        recent = (*state.recent, _score(score))[-self.window :]
        mean = math.fsum(recent) / len(recent)
        if len(recent) == self.window:
            if mean > self.epsilon and state.stage + 1 < self.stages:
                return State(state.stage + 1, (), state.promotions + 1, state.demotions)
            if mean < self.epsilon_low and state.stage > 0:
                return State(state.stage - 1, (), state.promotions, state.demotions + 1)
        return State(state.stage, recent, state.promotions, state.demotions)


KINDS: Final[Mapping[str, type[Schedule]]] = {each.kind: each for each in (Fixed, Uniform, Promotion)}


def build(settings: Mapping[str, Any], stages: int) -> Schedule:
    """A schedule from `kind` and its settings, as in a recipe's `[curriculum]`. Raises UnknownName, UsageError."""
    values = dict(settings)
    kind = values.pop("kind", "fixed")
    if not isinstance(kind, str) or kind not in KINDS:
        raise UnknownName("curriculum kind", kind, KINDS)
    known = [each.name for each in fields(KINDS[kind]) if each.name != "stages"]
    for name, value in values.items():
        if name not in known:
            raise UnknownName(f"key of the {kind} curriculum", name, ("kind", *known))
        if isinstance(value, list):
            values[name] = value = tuple(value)
        numbers = value if isinstance(value, tuple) else (value,)
        if not all(type(each) in (int, float) for each in numbers):
            raise UsageError(f"curriculum {name}={value!r}: a number, or a list of numbers for shares")
    return KINDS[kind](stages=stages, **values)


def _score(score: float) -> float:
    if type(score) not in (int, float) or not 0 <= score <= 1:
        raise UsageError(f"a validation's score lies in [0, 1], not {score!r}")
    return float(score)


def _stage(name: str, stage: int, stages: int) -> None:
    if type(stage) is not int or not 0 <= stage < stages:
        raise UsageError(f"curriculum {name}={stage!r}: a stage from 0 to {stages - 1}")


def _only(stage: int, stages: int) -> tuple[float, ...]:
    return tuple(float(at == stage) for at in range(stages))
