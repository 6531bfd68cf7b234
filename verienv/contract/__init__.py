"""Every promise a family makes, as named checks that a third party runs on its own family.

    from verienv import contract

    for result in contract.run(my_task):
        assert result.ok, f"{result.check} at level {result.level}: {result.detail}"

A check can show that a promise is broken, never that it is kept: it looks at `size` instances a level. A checker that
never returns cannot be stopped from inside; run the contract under a time limit of your own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from verienv.contract import answers, attacked, declared, instances, prompts, viewed
from verienv.contract.bench import Bench, Broken, Check
from verienv.errors import UnknownName
from verienv.task import Task

__all__ = ["CHECKS", "Bench", "Broken", "Check", "Result", "check", "failures", "judge", "results", "run"]

CHECKS: tuple[Check, ...] = (
    *declared.CHECKS,
    *instances.CHECKS,
    *prompts.CHECKS,
    *answers.CHECKS,
    *attacked.CHECKS,
    *viewed.CHECKS,
)
"""All checks, in the order they run; names are unique."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found on one level; `level` is None for a check of the whole family."""

    check: str
    level: int | None
    ok: bool
    detail: str
    seconds: float


def run(task: Task[Any, Any, Any], level: int | None = None, size: int = 16) -> list[Result]:
    """Run every check: once for the family, then on `level` or, without one, on every level; `size` instances each."""
    return list(results(task, range(len(task.levels)) if level is None else (level,), size))


def results(task: Task[Any, Any, Any], levels: Sequence[int], size: int = 16) -> Iterator[Result]:
    """As `run`, on the levels given, each result as soon as it is known."""
    benches = [Bench(task, level, size) for level in levels]
    for each in CHECKS:
        if each.once:
            yield judge(each, benches[0])
    for bench in benches:
        for each in CHECKS:
            if not each.once:
                yield judge(each, bench)


def check(task: Task[Any, Any, Any], name: str, level: int = 0, size: int = 16) -> Result:
    """Run the check of that name on one level. Raises UnknownName with the nearest one."""
    for each in CHECKS:
        if each.name == name:
            return judge(each, Bench(task, level, size))
    raise UnknownName("check", name, [each.name for each in CHECKS])


def failures(found: list[Result]) -> Iterator[str]:
    """A line for each broken promise."""
    for each in found:
        if not each.ok:
            yield f"{each.check}{'' if each.level is None else f' at level {each.level}'}: {each.detail}"


def judge(each: Check, bench: Bench) -> Result:
    """The result of one check on a level that is on the bench; whatever the family raises is a broken promise."""
    start = time.perf_counter()
    try:
        ok, detail = True, each.test(bench)
    except Broken as broken:
        ok, detail = False, str(broken)
    except Exception as bug:  # noqa: BLE001  # a family may raise anything, and that is a broken promise to report
        ok, detail = False, f"raised {type(bug).__name__}: {bug}"[:500]
    return Result(each.name, None if each.once else bench.level, ok, detail, time.perf_counter() - start)
