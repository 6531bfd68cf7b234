"""The learning rate at each step, as a share of the highest: a pure function of the step, so resuming needs no state.

The warm-up rises in even parts, the first step's already above 0; after it, the curve takes the part of the way that
has been done, in [0, 1], and gives a share in [0, 1].
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from verienv import plugins

GROUP: Final = "verienv.schedules"


def constant(done: float) -> float:
    """1."""
    return 1.0


def linear(done: float) -> float:
    """From 1 straight to 0."""
    return 1.0 - done


def cosine(done: float) -> float:
    """From 1 to 0 along half a cosine."""
    return (1.0 + math.cos(math.pi * done)) / 2


CURVES: Final[Mapping[str, Callable[[float], float]]] = {each.__name__: each for each in (constant, linear, cosine)}


def names() -> tuple[str, ...]:
    """The curves, third parties' too."""
    return plugins.names(GROUP, CURVES)


def share(name: str, step: int, *, steps: int, warmup: int = 0) -> float:
    """The share of the highest learning rate at `step` (from 0) of `steps`. Raises UnknownName."""
    curve: Callable[..., Any] = plugins.load(GROUP, CURVES, "learning-rate schedule", name)
    if step < warmup:
        return (step + 1) / warmup
    return float(curve(min(max(step - warmup, 0) / max(steps - warmup, 1), 1.0)))
