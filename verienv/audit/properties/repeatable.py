"""Repeatable: the same verdict at every time, place and order, and off the main thread."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from verienv import attacks
from verienv.audit.calls import Outcome, Surroundings, TargetError
from verienv.audit.findings import Finding, Property
from verienv.audit.study import Study

DAY: Final = 86_400.0
ELSEWHERE: Final = (
    Surroundings("another hash seed", {"PYTHONHASHSEED": "1"}),
    Surroundings("off the main thread and on another date", {"TZ": "UTC"}, shift=400 * DAY + 5_000, thread=True),
    Surroundings(
        "another place",
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "3"},
    ),
    Surroundings("without asserts", {"PYTHONOPTIMIZE": "2", "PYTHONHASHSEED": "4"}),
    Surroundings("the C locale", {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "TZ": "America/St_Johns"}),
    Surroundings("another date", {"TZ": "UTC"}, shift=-1_000 * DAY),
    Surroundings("another user", {"HOME": "/nonexistent", "USER": "nobody", "PYTHONHASHSEED": "5"}),
)
"""What worker processes are started with; more of them have further hash seeds, and every third a thread."""
DATES: Final = ("10", "01/02/03", "May", "today", "12:00", "Monday", "tomorrow", "2024-02-29", "OK, YES.", "#", "yes")
"""Answers whose reading may depend on the day, or on a draw."""
ITEMS: Final = 12


def repeatable(study: Study) -> Iterator[Finding]:
    """Right, wrong and odd replies: twice and backwards in one process, then in fresh ones under other surroundings."""
    calls = _calls(study)
    base = study.score(calls, fresh=True)
    again = list(reversed(study.score(list(reversed(calls)), fresh=True)))
    changed = {"asked again": _changed(calls, base, again)}
    for place in elsewhere(study.effort.processes):
        try:
            with study.caller.another(place) as other:
                found = list(other.score(calls))
        except TargetError as error:
            study.notes.append(f"{place.name}: {error}")
            continue
        changed[place.name] = _changed(calls, base, found)
    study.seen = f"{len(calls)} replies in {study.effort.processes} fresh processes"
    unlike = {name: each for name, each in changed.items() if each}
    if unlike:
        name, group = next(iter(unlike.items()))
        (at, reply), one, two = min(group, key=lambda each: len(str(each[0][1])))
        others = ", ".join(each for each in unlike if each != name)
        yield study.finding(
            "repeatable", "high", f"another verdict: {name}",
            f"{len(group)} of {len(calls)} replies; {_told(one)} becomes {_told(two)}"
            + (f"; also: {others}" if others else ""),
            at=at, reply=reply, outcome=one,
        )  # fmt: skip


def elsewhere(count: int) -> list[Surroundings]:
    """So many surroundings, each other than the rest."""
    found = list(ELSEWHERE[:count])
    for number in range(len(found), count):
        environ = {"PYTHONHASHSEED": str(1000 + number), "TZ": f"Etc/GMT+{number % 12}"}
        found.append(
            Surroundings(f"hash seed {1000 + number}", environ, shift=number * 37 * DAY, thread=number % 3 == 0)
        )
    return found


def _calls(study: Study) -> list[tuple[int, Any]]:
    calls: list[tuple[int, Any]] = []
    known = study.oracles
    for place, one in enumerate(known[:ITEMS]):
        calls += [(one.at, one.oracle), (one.at, known[(place + 1) % len(known)].oracle)]
        if isinstance(one.oracle, str):
            stream = study.rng("repeatable", one.at)
            calls += [(one.at, attacks.twisted(one.oracle, stream)) for _ in range(4)]
    for at in range(min(3, len(study.items))):
        calls += [(at, study.form.say(text)) for text in DATES]
    stream = study.rng("repeatable noise")
    calls += [(at % len(study.items), attacks.blind(stream)) for at in range(20)]
    return calls


def _changed(
    calls: list[tuple[int, Any]], base: list[Outcome], found: list[Outcome]
) -> list[tuple[tuple[int, Any], Outcome, Outcome]]:
    """The calls whose verdict is another; one that ran out of time says nothing of that."""
    return [
        (call, one, two)
        for call, one, two in zip(calls, base, found, strict=True)
        if one.verdict != two.verdict and "timeout" not in (one.fault, two.fault)
    ]


def _told(outcome: Outcome) -> str:
    return outcome.detail or f"{outcome.value}"


PROPERTIES = (Property("repeatable", "one reply has one verdict, everywhere and always", repeatable),)
