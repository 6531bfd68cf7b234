"""Bounded: no reply takes long, takes much memory, or costs four times as much when it is twice as long."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Final

from verienv import attacks
from verienv.audit.calls import Outcome
from verienv.audit.findings import Finding, Property, Severity, rank
from verienv.audit.study import Study

SLOW: Final = 1.0
"""CPU seconds of one call that stop a training step."""
SLUGGISH: Final = 0.25
FAT: Final = 256 << 20
STOUT: Final = 64 << 20
GROWTH: Final = 3.0
"""Times the cost at twice the length: 2 is linear, 4 quadratic."""
SUSPECTS: Final = 10
"""Of the repeated pieces, how many of the costliest are followed to the greatest length."""
LEAST: Final = 0.02
"""CPU seconds below which growth is noise."""

BOMBS: Final = (
    *("9**9**9**9", "9^{9^{9^9}}", "(10^9)!", "10^9!", "\\dfrac{5^{5^{5^{5^5}}-4}-5}{16}", "1e999999999"),
    *("\\binom{10^9}{5\\cdot 10^8}", "\\sum_{i=1}^{10^9} i^i", "(a+b+c+d+e)^{60}", "2**10**8", "0.1e-999999999"),
    *("factorial(10**7)", "range(10**10)", "'a'*10**10", "[0]*10**10", "1<<10**10", "10**7*10**7**7"),
)
"""Short answers that are large once they are worked out."""

RUNS: Final = (
    *("<answer>", "</answer>", "<answer></answer>", "\\boxed{", "\\boxed{}", "```python\n", "```", "<think>", "{", "["),
    *("(", "-", "9", "a", " ", "\n", "\t", "0.", "1+", "1,", "1 ", "a ", ".", "#### ", "\\frac{1}{", "\\text{", "$"),
    *('"', "\\", "<", "&amp;", "é", "\ufdfa", "answer: ", "The answer is ", "1/", "a,a", "\u200b", "x=", "not ", "**"),
)
"""Pieces that are repeated."""


def bounded(study: Study) -> Iterator[Finding]:
    """Short bombs, then every piece repeated to ever greater lengths, alone, as the answer, and before an open end."""
    yield from _bombs(study)
    yield from _runs(study)


def _bombs(study: Study) -> Iterator[Finding]:
    answers = [*BOMBS, *attacks.NUMBERS]
    replies = list(dict.fromkeys([*map(study.form.say, answers), *answers, *map("\\boxed{{{}}}".format, answers)]))
    outcomes = study.score([(0, reply) for reply in replies], fresh=True)
    bad = [(reply, outcome) for reply, outcome in zip(replies, outcomes, strict=True) if _severity(outcome)]
    if bad:
        severity = max((_severity(each) or "low" for _, each in bad), key=rank)
        reply, outcome = min((each for each in bad if _severity(each[1]) == severity), key=lambda each: len(each[0]))
        yield study.finding(
            "bounded", severity, f"a short answer {_took(outcome)}",
            f"{len(bad)} of {len(replies)} short answers that are large once worked out",
            at=0, reply=reply, outcome=outcome,
        )  # fmt: skip
    worst = max((outcome.cpu for outcome in outcomes), default=0.0)
    study.seen = f"worst short answer {worst * 1e3:.1f} ms of CPU"


def _runs(study: Study) -> Iterator[Finding]:
    largest = study.effort.sizes
    shapes: dict[str, Callable[[str, int], str]] = {
        "alone": lambda unit, size: unit * (size // len(unit)),
        "as the answer": lambda unit, size: study.form.say(unit * (size // len(unit))),
        "before a mark": lambda unit, size: unit * (size // len(unit)) + "!",
    }
    if not study.form.marked:
        shapes.pop("alone")
    cases = [(unit, shape) for unit in RUNS for shape in shapes]
    small = study.score([(0, shapes[shape](unit, largest // 8)) for unit, shape in cases], fresh=True)
    ranked = sorted(range(len(cases)), key=lambda at: (-bool(small[at].fault), -small[at].cpu - small[at].grew / STOUT))
    told: set[str] = set()
    worst = max((outcome.cpu for outcome in small), default=0.0)
    for at in ranked[:SUSPECTS]:
        unit, shape = cases[at]
        costs: list[tuple[int, Outcome]] = []
        for size in (largest // 8, largest // 4, largest // 2, largest):
            outcome = _cheapest(study, shapes[shape](unit, size))
            costs.append((size, outcome))
            if outcome.fault in ("timeout", "memory") or outcome.cpu > 2 * SLOW:
                break
        size, last = max(costs, key=lambda each: (rank(_severity(each[1]) or "info"), each[1].cpu))
        worst = max(worst, last.cpu)
        growth = [b.cpu / max(a.cpu, 1e-9) for (_, a), (_, b) in itertools.pairwise(costs) if a.cpu >= LEAST]
        steep = bool(growth) and min(growth[-2:]) >= GROWTH
        severity = _severity(last) or ("low" if steep else None)
        if severity is None or unit in told or len(told) >= 3:
            continue
        told.add(unit)
        shown = ", ".join(f"{size:,}: {outcome.cpu:.2f} s" for size, outcome in costs)
        how = f"; at twice the length {growth[-1]:.1f} times the cost" if growth else ""
        yield study.finding(
            "bounded", severity, f"{size:,} characters of {unit!r} {_took(last)}", f"{shape}; {shown}{how}",
            at=0, reply=shapes[shape](unit, size), outcome=last,
        )  # fmt: skip
    study.seen += f"; worst of {len(cases)} long replies {worst * 1e3:.1f} ms"


def _cheapest(study: Study, reply: str) -> Outcome:
    """The least of two measurements, where the first is short enough to repeat."""
    [first] = study.score([(0, reply)], fresh=True)
    if first.fault or first.cpu > SLUGGISH:
        return first
    [second] = study.score([(0, reply)], fresh=True)
    return min(first, second, key=lambda each: each.cpu)


def _severity(outcome: Outcome) -> Severity | None:
    if outcome.fault in ("timeout", "memory") or outcome.cpu >= SLOW or outcome.grew >= FAT:
        return "high"
    if outcome.cpu >= SLUGGISH or outcome.grew >= STOUT:
        return "medium"
    return None


def _took(outcome: Outcome) -> str:
    if outcome.fault == "timeout":
        return "never returns"
    if outcome.fault == "memory":
        return "runs out of memory"
    if outcome.grew >= STOUT:
        return f"takes {outcome.grew >> 20} MiB"
    return f"takes {outcome.cpu:.2f} s"


PROPERTIES = (Property("bounded", "no reply takes long or much memory, nor grows faster than it is long", bounded),)
