"""Estimates from samples: unbiased pass@k, and bootstrap intervals over problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Final

import numpy as np

from verienv import rng
from verienv.errors import UsageError

RESAMPLES: Final = 1_000
COVERAGE: Final = 0.95
_BLOCK: Final = 1_000_000  # draws held in memory at once


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over problems with its interval: the middle 95 % of the means of resampled problems."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def pass_at(count: int, right: int, k: int) -> float:
    """The chance that one of k replies is right, drawn without return from `count` of which `right` are.

    Unbiased for the model's own pass@k (Chen and others 2021, arXiv 2107.03374). Raises UsageError unless k ≤ count.
    """
    if not 1 <= k <= count or not 0 <= right <= count:
        raise UsageError(f"pass@{k} of {right} right among {count}: needs 1 <= k <= count and 0 <= right <= count")
    return 1.0 - comb(count - right, k) / comb(count, k)


def mean(values: Sequence[float], *key: int | str) -> Estimate:
    """The mean of one value a problem, with its interval; `key` names the random stream of the resampling.

    A problem's replies are averaged first, so that problems, which differ most, are what is resampled. Of one problem
    the interval is the value itself. Raises UsageError for no values.
    """
    if not values:
        raise UsageError("no values to estimate from")
    held = np.asarray(values, np.float64)
    drawn = rng.arrays(rng.stream("bootstrap", *key))
    at_once = max(1, _BLOCK // len(held))
    blocks = [min(at_once, RESAMPLES - start) for start in range(0, RESAMPLES, at_once)]
    means = np.concatenate([held[drawn.integers(0, len(held), (rows, len(held)))].mean(axis=1) for rows in blocks])
    low, high = np.quantile(means, ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2))
    return Estimate(float(held.mean()), float(low), float(high))
