"""The audit itself: a target and its items, held to every property in turn."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from verienv.audit import items as itemed
from verienv.audit.calls import Caller, Limits, Outcome
from verienv.audit.effort import Effort
from verienv.audit.effort import effort as efforts
from verienv.audit.findings import Finding, Property, Result, Skipped, rank
from verienv.audit.items import Item
from verienv.audit.properties import PROPERTIES
from verienv.audit.report import Report
from verienv.audit.solver import Solver
from verienv.audit.study import Study
from verienv.audit.targets import Target, target
from verienv.errors import UnknownName, UsageError

Items = str | Path | Iterable[Mapping[str, Any] | Item]


def audit(
    given: str | Callable[..., Any] | Target,
    items: Items | None = None,
    *,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    effort: str | Effort = "normal",
    low: float = 0.0,
    high: float = 1.0,
    floor: float = 0.0,
    seed: int = 0,
    solver: str = "",
    python: str = sys.executable,
    limits: Limits | None = None,
    command: str = "",
    told: Callable[[Result], None] | None = None,
) -> Report:
    """Hold a verifier to every property, or to those named in `only`; see `verienv.audit.properties`.

    given: a target's name, an importable function, or a Target. items: a file of JSON lines or mappings; a target that
    generates needs none. low, high: what nothing and everything earn. floor: the share of everything that a blind
    player may earn. solver: `module:function`, item → answer, that knows nothing of the target. told: called with each
    result as it is known.

    Raises UsageError for what cannot be audited, TargetError among them when the target cannot be loaded.
    """
    with study(
        given, items, effort=effort, low=low, high=high, floor=floor, seed=seed, solver=solver, python=python,
        limits=limits, command=command,
    ) as begun:  # fmt: skip
        start = time.perf_counter()
        results = []
        for each in chosen(only, skip):
            result = judge(begun, each)
            results.append(result)
            if told is not None:
                told(result)
        oracles = begun.pays((one.at, one.oracle) for one in begun.oracles)
        return Report(
            begun.target.name,
            len(begun.items),
            begun.effort.name,
            seed,
            tuple(results),
            tuple(begun.notes),
            begun.floor,
            begun.chance,
            begun.best,
            sum(oracles) / len(oracles) if oracles else None,
            begun.caller.calls,
            time.perf_counter() - start,
        )


@contextmanager
def study(
    given: str | Callable[..., Any] | Target,
    items: Items | None = None,
    *,
    effort: str | Effort = "normal",
    low: float = 0.0,
    high: float = 1.0,
    floor: float = 0.0,
    seed: int = 0,
    solver: str = "",
    python: str = sys.executable,
    limits: Limits | None = None,
    command: str = "",
) -> Iterator[Study]:
    """A target ready to be asked, with its items; its processes end with the context."""
    wanted = efforts(effort)
    if not low < high:
        raise UsageError(f"the range {low:g}:{high:g} is empty; written low:high, like 0:1")
    aim = given if isinstance(given, Target) else target(given)
    with Caller(aim.spec, python=python, limits=limits) as caller:
        caller.about()
        if items is not None:
            found = itemed.read(items) if isinstance(items, (str, Path)) else itemed.many(items)
            found = found[: wanted.items]
        elif aim.generates:
            found = list(caller.make(seed, wanted.items))
        else:
            raise UsageError(
                f"{aim.name} generates no items: give some, a file of JSON lines with prompt, truth and, where it is "
                "known, oracle (a reply that earns everything)"
            )
        caller.use(found)
        solving = Solver(solver, found, python, limits) if solver else None
        try:
            yield Study(
                aim, caller, found, wanted, low=low, high=high, floor=floor, seed=seed, command=command, solver=solving
            )
        finally:
            if solving is not None:
                solving.close()


def chosen(only: Sequence[str], skip: Sequence[str] = ()) -> list[Property]:
    """The properties of these names, or all, in order. Raises UnknownName with the nearest."""
    names = [each.name for each in PROPERTIES]
    for name in (*only, *skip):
        if name not in names:
            raise UnknownName("property", name, names)
    return [each for each in PROPERTIES if (not only or each.name in only) and each.name not in skip]


def judge(begun: Study, each: Property) -> Result:
    """The result of one property."""
    begun.begin()
    start, before = time.perf_counter(), begun.caller.calls
    findings: list[Finding] = []
    skipped = ""
    try:
        findings.extend(each.test(begun))
    except Skipped as reason:
        skipped = str(reason)
    findings.sort(key=lambda found: -rank(found.severity))
    status = "broken" if findings else "skipped" if skipped else "kept"
    return Result(
        each.name,
        each.promise,
        status,  # type: ignore[arg-type]
        tuple(findings),
        skipped or begun.seen,
        begun.caller.calls - before,
        time.perf_counter() - start,
    )


def probe(begun: Study, at: int, reply: Any) -> Outcome:
    """What one reply to one item earns, measured afresh. Raises UsageError for an item that is not there."""
    if not 0 <= at < len(begun.items):
        raise UsageError(f"there are items 0 to {len(begun.items) - 1}, not {at}")
    return begun.score([(at, reply)], fresh=True)[0]
