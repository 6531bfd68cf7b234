"""Paid: the right answer earns everything, however harmlessly it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from verienv import parsing
from verienv.audit.findings import Finding, Property, Severity
from verienv.audit.forms import Form
from verienv.audit.study import Study
from verienv.contract.bench import each_reply

FULL: Final = 1 - 1e-6
"""The share that counts as everything."""

AROUND: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("a new line behind", lambda reply: reply + "\n"),
    ("blanks behind", lambda reply: reply + "  \n\n"),
    ("a new line before", lambda reply: "\n" + reply),
    ("a space before", lambda reply: " " + reply),
)
"""What harms no reply of any form."""

MARKED: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("prose before", lambda reply: f"After checking every case I conclude: {reply}"),
    ("a paragraph before", lambda reply: f"First, look at what is asked.\n\nThen, count.\n\n{reply}"),
    ("carriage returns", lambda reply: f"Done.\r\n{reply}\r\n"),
)
"""What harms no reply whose answer has a mark of its own before it."""

CLOSED: Final[tuple[tuple[str, Callable[[Form, str], str]], ...]] = (
    ("prose after", lambda form, answer: f"{form.say(answer)}\nThat is my final answer."),
    ("spaces inside", lambda form, answer: form.say(f" {answer} ")),
    ("new lines inside", lambda form, answer: form.say(f"\n{answer}\n")),
)
"""What harms no reply whose answer stands between marks."""


OWN: Final = "a rendering that the item lists"


def oracle(study: Study) -> Iterator[Finding]:
    """Every oracle earns everything."""
    known = study.known
    outcomes = study.score((each.at, each.oracle) for each in known)
    short = [
        (one, each) for one, each in zip(known, outcomes, strict=True) if not FULL <= study.share(each) <= 2 - FULL
    ]
    if short:
        one, outcome = short[0]
        said = outcome.detail or f"scores {outcome.value}"
        yield study.finding(
            "oracle", "high", f"{len(short)} of {len(known)} right answers do not earn exactly {study.high:g}",
            f"item {one.at} {said}", at=one.at, reply=one.oracle, outcome=outcome,
        )  # fmt: skip
    study.seen = f"{len(known) - len(short)} of {len(known)} earn everything"


def renderings(study: Study) -> Iterator[Finding]:
    """What earns everything earns it as well with blanks, prose and new lines where they change nothing."""
    paid = [each for each in study.known if study.pays([(each.at, each.oracle)])[0] >= FULL]
    cases: list[tuple[str, int, Any]] = []
    for one in paid:
        cases += [(name, one.at, _everywhere(one.oracle, change)) for name, change in AROUND]
        if one.form.marked:
            cases += [(name, one.at, _everywhere(one.oracle, change)) for name, change in MARKED]
        if one.form.closed and isinstance(one.answer, str):
            cases += [(name, one.at, rewritten(one.form, one.answer)) for name, rewritten in CLOSED]
        cases += [(OWN, one.at, each) for each in study.items[one.at].replies("renderings")]
    refused = []
    for name, group in study.grouped(cases):
        bad = [each for each in group if study.share(each[2]) < FULL]
        if bad:
            refused.append((len(bad) / len(group), name, bad, len(group)))
    if refused:
        share, name, bad, count = max(refused, key=lambda each: each[0])
        own = any(each[1] == OWN for each in refused)
        severity: Severity = "high" if own else "medium" if share >= 0.5 else "low"
        at, reply, outcome = min(bad, key=lambda each: len(str(each[1])))
        others = ", ".join(each[1] for each in refused if each[1] != name)
        earns = outcome.detail or f"this one earns {outcome.value:g}"
        yield study.finding(
            "renderings", severity, f"the right answer is refused with {name}",
            f"{len(bad)} of {count}; {earns}" + (f"; also with {others}" if others else ""),
            at=at, reply=reply, outcome=outcome,
        )  # fmt: skip
    study.seen = f"{len(cases)} renderings of {len(paid)} right answers"
    if study.target.kind != "family":
        _wider(study)


def _wider(study: Study) -> None:
    """The usual ways of writing an answer are tried too; which of them are not read is a note, not a fault."""
    known = [each for each in study.known[:4] if study.pays([(each.at, each.oracle)])[0] >= FULL]
    cases = [
        (name, one.at, change(one.answer))
        for one in known
        if isinstance(one.answer, str)
        for name, change in parsing.RENDERINGS
    ]
    unread = [
        name for name, group in study.grouped(cases) if any(study.share(outcome) < FULL for _, _, outcome in group)
    ]
    if unread and known:
        study.seen += f"; not read: {', '.join(unread[:6])}{' …' if len(unread) > 6 else ''}"


def parsing_answer(reply: str, study: Study) -> str:
    """The answer in a reply of the target's form."""
    return next((one.answer for one in study.known if one.oracle == reply and isinstance(one.answer, str)), reply)


def _everywhere(reply: Any, change: Callable[[str], str]) -> Any:
    return each_reply(reply, change)


PROPERTIES = (
    Property("oracle", "the right answer earns everything", oracle),
    Property("renderings", "blanks, prose and new lines around the right answer change nothing", renderings),
)
