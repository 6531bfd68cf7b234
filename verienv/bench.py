"""How fast a task is: problems made, prompts written, oracle answers found, replies scored, in wall time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from verienv import parsing, rng
from verienv.task import Game, Instance, Task

COUNT: Final = 100
SECONDS: Final = 1.0
REPEATS: Final = 5


@dataclass(frozen=True, slots=True)
class Speed:
    """A level's figures: rates are per second, times in milliseconds, `duplicates` a share of `count` instances.

    `instances` is the mean rate, so that rare slow ones count; every other rate or time is a median.
    """

    task: str
    level: int
    count: int
    instances: float
    p50: float
    p99: float
    worst: float
    prompts: float
    oracle: float
    right: float
    wrong: float
    duplicates: float


def measure(task: Task[Any, Any, Any], level: int, count: int = COUNT, seconds: float = SECONDS) -> Speed:
    """Measure one level: at most `count` instances, fewer where they take longer than `seconds` in all.

    A first instance, not counted, fills caches. p50, p99 and worst are the times to make one instance.
    """
    task.instance(level=level)
    made: list[Instance[Any]] = []
    spent: list[float] = []
    end = time.perf_counter() + seconds
    while len(made) < count and (time.perf_counter() < end or len(made) < 3):
        start = time.perf_counter()
        made.append(task.instance(level=level, seed=1, index=len(made)))
        spent.append(time.perf_counter() - start)
    few = made[: max(3, len(made) // 4)]
    prompts = _each(few, lambda instance: instance.prompt)
    oracle = _each(few, task.oracle)
    right = [(instance, task.oracle(instance)) for instance in few]
    wrong = [(instance, _wrong(task, instance)) for instance in few]
    return Speed(
        task=task.name,
        level=level,
        count=len(made),
        instances=len(spent) / sum(spent),
        p50=1000 * median(spent),
        p99=1000 * sorted(spent)[min(len(spent) - 1, int(0.99 * len(spent)))],
        worst=1000 * max(spent),
        prompts=1 / median(prompts),
        oracle=1000 * median(oracle),
        right=_rate(task, right),
        wrong=_rate(task, wrong),
        duplicates=1 - len({instance.digest for instance in made}) / len(made),
    )


def _wrong(task: Task[Any, Any, Any], instance: Instance[Any]) -> Any:
    """A reply of the right form that scores below 1, else one that says nothing."""
    for reply in task.mutants(instance.problem, rng.stream("bench", instance.address)):
        whole = reply if isinstance(task, Game) else parsing.say(reply)
        if task.score(instance, whole).value < 1:
            return whole
    return parsing.say("")


def _each(instances: Sequence[Instance[Any]], work: Callable[[Instance[Any]], object]) -> list[float]:
    spent = []
    for instance in instances:
        start = time.perf_counter()
        work(instance)
        spent.append(max(time.perf_counter() - start, 1e-9))
    return spent


def _rate(task: Task[Any, Any, Any], pairs: Sequence[tuple[Instance[Any], Any]]) -> float:
    """Replies scored a second: the median of some rounds, each long enough to be timed."""
    rates = []
    for _ in range(REPEATS):
        done, start = 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < 0.01:
            for instance, reply in pairs:
                task.score(instance, reply)
            done += len(pairs)
        rates.append(done / spent)
    return median(rates)
