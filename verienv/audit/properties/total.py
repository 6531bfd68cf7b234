"""Total: whatever a reply says, the target answers with a finite number in range, and nothing else ends the call."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from random import Random
from typing import Any, Final

from verienv import attacks
from verienv.audit import shrink
from verienv.audit.calls import Outcome
from verienv.audit.findings import Finding, Property, Severity
from verienv.audit.study import Study
from verienv.contract.bench import paired

NO_REPLY: Final[tuple[Any, ...]] = (
    None,
    5,
    True,
    {},
    [],
    ["x", None, 3],
    {"role": "assistant", "content": "x"},
    [{"type": "text", "text": "x"}],
    [{"type": "text", "text": None}],
)
"""What comes instead of a text from an endpoint or a trainer that ran out of tokens."""
SERIOUS: Final[dict[str, Severity]] = {
    "raised": "high",
    "not finite": "high",
    "no number": "high",
    "exited": "critical",
    "crashed": "critical",
}
ITEMS: Final = 3


def replies(study: Study) -> list[tuple[str, int, Any]]:
    """(name, item, reply): the catalogue of hostile replies on the first items, then noise on all of them."""
    found: list[tuple[str, int, Any]] = []
    known = study.oracles
    places = known[:ITEMS] if known else []
    for place, one in enumerate(places):
        other = known[(place + 1) % len(known)].oracle
        for row in attacks.CATALOGUE:
            stream = study.rng("catalogue", row.id, one.at)
            reply = paired(one.oracle, other, functools.partial(_built, row, stream))
            if reply is not None:
                found.append((row.id, one.at, reply))
    for at in range(min(ITEMS, len(study.items))):
        found += [(f"answer {answer[:20]!r}", at, study.form.say(answer)) for answer in _answers()]
        found += [(f"bare {answer[:20]!r}", at, answer) for answer in _answers()]
    stream = study.rng("noise")
    for attempt in range(study.effort.noise):
        at = attempt % len(study.items)
        if attempt % 2 or not known:
            found.append(("noise", at, attacks.blind(stream)))
        else:
            one = known[attempt // 2 % len(known)]
            right = one.oracle if isinstance(one.oracle, str) else one.oracle[0]
            found.append(("noise", one.at, attacks.twisted(right, stream)))
    return [(name, at, reply) for name, at, reply in found if _short(reply, study.effort.sizes)]


def total(study: Study) -> Iterator[Finding]:
    """No reply raises, ends the process, or earns what is no finite number in range."""
    cases = replies(study)
    outcomes = study.score((at, reply) for _, at, reply in cases)
    seen: dict[tuple[str, str], tuple[str, int, Any, Outcome]] = {}
    for (name, at, reply), outcome in zip(cases, outcomes, strict=True):
        fault = _fault(study, outcome)
        if fault and (fault not in seen or _size(reply) < _size(seen[fault][2])):
            seen[fault] = name, at, reply, outcome
    for kind in dict.fromkeys(kind for kind, _ in seen):
        yield _told(study, kind, {detail: case for (one, detail), case in seen.items() if one == kind})
    study.seen = f"{len(cases)} hostile replies"


def _told(study: Study, kind: str, found: dict[str, tuple[str, int, Any, Outcome]]) -> Finding:
    """One finding for faults of a kind: the shortest example, shrunk, and the names of the others."""
    detail = min(found, key=lambda each: _size(found[each][2]))
    name, at, reply, outcome = found.pop(detail)
    small = _shrunk(study, at, reply, (kind, detail))
    again = study.one(at, small)
    outcome = again if _fault(study, again) == (kind, detail) else outcome
    said = f"{outcome.detail or outcome.value} {'at ' + outcome.where if outcome.where else ''}".strip()
    also = f"; also {', '.join(sorted(found)[:6])}{' …' if len(found) > 6 else ''}" if found else ""
    return study.finding(
        "total", SERIOUS.get(kind, "medium"), _title(kind, detail),
        f"{said} (first seen on {name}){also}", at=at, reply=small, outcome=outcome,
    )  # fmt: skip


def no_text(study: Study) -> Iterator[Finding]:
    """What is no text at all is refused quietly: it earns nothing and does not raise."""
    calls = [(0, {"raw": thing}) for thing in NO_REPLY]
    outcomes = list(zip(calls, study.score(calls), strict=True))
    paid = [each for each in outcomes if study.share(each[1]) > study.floor + study.slack(1)]
    if paid:
        (at, reply), outcome = paid[0]
        others = ", ".join(repr(call[1]["raw"]) for call, _ in paid[1:])
        yield study.finding(
            "no_text", "medium", f"{reply['raw']!r} instead of a text is paid", f"also {others}" if others else "",
            at=at, reply=reply, outcome=outcome,
        )  # fmt: skip
    raised = [(call[1], outcome) for call, outcome in outcomes if outcome.fault]
    if raised:
        told = ", ".join(f"{reply['raw']!r} ({outcome.detail.split(':')[0]})" for reply, outcome in raised[:4])
        study.notes.append(f"raises on what is no text: {told}")
    study.seen = f"{len(calls)} kinds of JSON value"


def _fault(study: Study, outcome: Outcome) -> tuple[str, str] | None:
    """What is wrong with an outcome, as something to tell faults apart by; hanging is another property's."""
    if outcome.fault in ("timeout", "memory"):
        return None
    if outcome.fault == "raised":
        return "raised", f"{outcome.detail.split(':')[0]} {outcome.where}".strip()
    if outcome.fault:
        return outcome.fault, outcome.detail
    if outcome.value is None:
        return None
    if not math.isfinite(outcome.value):
        return "not finite", str(outcome.value)
    if not study.low - 1e-9 <= outcome.value <= study.high + 1e-9:
        return ("above", f"{outcome.value:g}") if outcome.value > study.high else ("below", f"{outcome.value:g}")
    return None


def _title(kind: str, detail: str) -> str:
    return {
        "raised": f"raises {detail}",
        "no number": f"answers with {detail}",
        "exited": "a reply ends the process",
        "crashed": "a reply crashes the process",
        "not finite": f"the score is {detail}",
        "above": f"the score is {detail}, above its range",
        "below": f"the score is {detail}, below its range",
    }[kind]


def _shrunk(study: Study, at: int, reply: Any, fault: tuple[str, str]) -> Any:
    if fault[0] in ("above", "below"):
        return reply
    tries = 60 if fault[0] not in ("exited", "crashed") else 12
    if isinstance(reply, str):
        return shrink.text(reply, lambda text: _fault(study, study.one(at, text)) == fault, tries)
    return shrink.parts(list(reply), lambda moves: _fault(study, study.one(at, moves)) == fault, tries)


def _built(row: attacks.Attack, rng: Random, right: str, wrong: str) -> str | None:
    return row.build(right, wrong, rng)


def _answers() -> list[str]:
    return [*attacks.NUMBERS, "", " ", "\0", "\ud800", "{", "[", "(", "\\", "a" * 5_000, "9" * 5_000, "1/0", "𝟙", "²"]


def _short(reply: Any, limit: int) -> bool:
    """Not longer than the longest that is tried."""
    return _size(reply) <= limit


def _size(reply: Any) -> int:
    return len(reply) if isinstance(reply, str) else sum(map(len, reply))


PROPERTIES = (
    Property("total", "any text earns a finite number in range, and raises nothing", total),
    Property("no_text", "what is no text earns nothing", no_text),
)
