"""What a schedule is, and the state it goes from and to: both are plain values."""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

from verienv.errors import UsageError

# A training step's scores in [0, 1] by stage, one of each attempt that could be scored. Stages not drawn are absent.
Results = Mapping[int, Sequence[float]]


@dataclass(frozen=True, slots=True)
class State:
    """Where a curriculum stands: the stage, the validations seen there (newest last), and the moves made.

    `steps` counts the training steps observed; `memory` is what a schedule keeps of them, None for nothing yet.
    """

    stage: int = 0
    recent: tuple[float, ...] = ()
    promotions: int = 0
    demotions: int = 0
    steps: int = 0
    memory: tuple[float | None, ...] = ()

    def to_json(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> State:
        """The state that `to_json` wrote. Raises UsageError for anything else."""
        try:
            values = json.loads(text)
            state = cls(**{**values, "recent": tuple(values["recent"]), "memory": tuple(values.get("memory", ()))})
            numbers = (state.stage, state.promotions, state.demotions, state.steps)
            if any(type(each) is not int or each < 0 for each in numbers):
                raise ValueError("counts are whole numbers")
            for each in state.recent:
                check_score(each)
            kept = [each for each in state.memory if each is not None]
            if not all(type(each) in (int, float) and math.isfinite(each) for each in kept):
                raise ValueError("memory is made of numbers and nulls")
        except (TypeError, KeyError, ValueError) as error:
            raise UsageError(f"not a curriculum's state: {text!r:.200} ({error})") from error
        return state


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(ABC):
    """Stages 0 … stages - 1; a validation is due every `interval` training samples."""

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
        check_score(score)
        return state

    def observe(self, state: State, results: Results) -> State:
        """The state after a training step. Raises UsageError for a stage or a score that cannot be."""
        for stage, scores in results.items():
            check_stage("result of stage", stage, self.stages)
            for score in scores:
                check_score(score)
        return self.seen(state, {stage: scores for stage, scores in results.items() if len(scores)})

    def seen(self, state: State, results: Results) -> State:
        """Override to learn from a step: every stage in `results` exists and has at least one score."""
        return state

    def due(self, before: int, now: int) -> bool:
        """Whether a validation is due when the samples trained on went from `before` to `now`."""
        return now // self.interval > before // self.interval


def memory_of(state: State, length: int) -> tuple[float | None, ...]:
    """What a state remembers. Raises UsageError where another schedule wrote it."""
    if len(state.memory) != length:
        raise UsageError(f"not a state of this curriculum: it remembers {len(state.memory)} numbers, not {length}")
    return state.memory


def mean(scores: Sequence[float]) -> float:
    """Exactly rounded, so that the order of ranks and problems cannot show."""
    return math.fsum(scores) / len(scores)


def normal(weights: Sequence[float]) -> tuple[float, ...]:
    """The same proportions, adding up to 1."""
    total = math.fsum(weights)
    return tuple(each / total for each in weights)


def check_shares(name: str, shares: Sequence[float], stages: int) -> None:
    """Refuse weights that do not fit the stages."""
    if len(shares) != stages or min(shares) < 0 or not sum(shares) > 0:
        raise UsageError(f"curriculum {name}={shares!r}: one weight for each of {stages} stages")


def check_score(score: float) -> float:
    """The score as a float. Raises UsageError outside [0, 1]."""
    if type(score) not in (int, float) or not 0 <= score <= 1:
        raise UsageError(f"a score lies in [0, 1], not {score!r}")
    return float(score)


def check_stage(name: str, stage: int, stages: int) -> None:
    """Refuse a stage that is not there."""
    if type(stage) is not int or not 0 <= stage < stages:
        raise UsageError(f"curriculum {name}={stage!r}: a stage from 0 to {stages - 1}")


def only(stage: int, stages: int) -> tuple[float, ...]:
    """All the weight on one stage."""
    return tuple(float(at == stage) for at in range(stages))
