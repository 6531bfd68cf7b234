"""Wrong answers earn less, and the more is wrong, the less."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Any

from verienv.audit.findings import Finding, Property, Skipped
from verienv.audit.properties.paid import FULL
from verienv.audit.study import Study

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
ORDER = "two parts swapped"
"""The kind of mutant that is right wherever order does not matter; it is counted, and no fault."""
TOLERATED = 0.2
"""Share of mutants that may earn everything before it is more than other right answers or a tolerance."""


def mutated(study: Study) -> Iterator[Finding]:
    """The right answer with one thing changed earns less than everything; where items name wrong replies, those too."""
    if any(item.replies("wrong") for item in study.items):
        yield from _named(study)  # whoever lists wrong replies knows better than we what else may be right
        return
    cases: list[tuple[str, int, Any]] = []
    for one in study.known:
        if not isinstance(one.answer, str):
            continue
        rng = study.rng("mutants", one.at)
        for name, answer in mutants(one.answer, rng, study.effort.mutants):
            cases.append((name, one.at, one.form.say(answer)))
    paid = tried = 0
    by_kind = []
    for name, group in study.grouped(cases):
        full = [each for each in group if study.share(each[2]) >= FULL]
        tried, paid = tried + len(group), paid + len(full)
        if full:
            by_kind.append((len(full) / len(group), name, full, len(group)))
    told = [each for each in by_kind if each[0] >= TOLERATED and len(each[2]) >= 2 and each[1] != ORDER]
    for share, name, full, count in sorted(told, key=lambda each: -each[0])[:1]:
        at, reply, outcome = min(full, key=lambda each: len(each[1]))
        others = ", ".join(f"{kind} {part:.0%}" for part, kind, *_ in told if kind != name)
        yield study.finding(
            "mutated", "high" if share >= 0.5 else "medium", f"wrong answers earn everything: {name}",
            f"{len(full)} of {count}; the right answer is {_shown(study, at)}" + (f"; also {others}" if others else ""),
            at=at, reply=reply, outcome=outcome,
        )  # fmt: skip
    study.seen = f"{paid} of {tried} mutants earn everything"


def _named(study: Study) -> Iterator[Finding]:
    """Replies that the items themselves call wrong."""
    cases = [("wrong", at, reply) for at, item in enumerate(study.items) for reply in item.replies("wrong")]
    for _, group in study.grouped(cases):
        bad = [each for each in group if study.share(each[2]) >= FULL]
        if bad:
            at, reply, outcome = bad[0]
            yield study.finding(
                "mutated", "high", f"{len(bad)} of {len(group)} replies that are listed as wrong earn everything",
                at=at, reply=reply, outcome=outcome,
            )  # fmt: skip
        study.seen = f"{len(bad)} of {len(group)} replies listed as wrong earn everything"


def monotone(study: Study) -> Iterator[Finding]:
    """With more of the answer wrong, less is earned on average; and nothing earns more than the right answer."""
    chains: list[tuple[int, list[str]]] = []
    for one in study.texts:
        rng = study.rng("chain", one.at)
        replies = [one.form.say(answer) for answer in chain(one.answer, rng)]
        if len(replies) >= 3:
            chains.append((one.at, replies))
    if len(chains) < 4:
        raise Skipped("needs answers of several parts, or numbers")
    outcomes = iter(study.score((at, reply) for at, replies in chains for reply in replies))
    paths = [[study.share(next(outcomes)) for _ in replies] for _, replies in chains]
    graded = sorted({share for path in paths for share in path if 0.01 < share < 0.99})
    study.seen = f"{len(chains)} chains of ever more faults; {len(graded)} values between nothing and everything"
    if not graded:
        return
    longest = min(max(map(len, paths)), 6)
    for step in range(2, longest):
        pairs = [(path[step - 1], path[step], at) for at, path in enumerate(paths) if len(path) > step]
        if len(pairs) < 4:
            break
        gain = sum(after - before for before, after, _ in pairs) / len(pairs)
        rises = sum(after > before + 1e-9 for before, after, _ in pairs)
        falls = sum(after < before - 1e-9 for before, after, _ in pairs)
        if gain > 0.05 and rises > 2 * falls and rises * 2 >= len(pairs):
            before, after, place = max(pairs, key=lambda each: each[1] - each[0])
            at, replies = chains[place]
            yield study.finding(
                "monotone", "medium", "a worse answer earns more",
                f"with {step} faults {after:.2f}, with {step - 1} {before:.2f}; so in {rises} of {len(pairs)} items",
                at=at, reply=replies[step], outcome=study.one(at, replies[step]),
            )  # fmt: skip
            return


def mutants(answer: str, rng: Random, most: int) -> list[tuple[str, str]]:
    """(kind, wrong answer): numbers moved, parts swapped, left out, doubled or added."""
    found: list[tuple[str, str]] = []
    numbers = list(_NUMBER.finditer(answer))
    whole = _NUMBER.fullmatch(answer.strip()) is not None
    if numbers:
        match = rng.choice(numbers)
        for name, changed in _moved(match[0]):
            found.append((name, answer[: match.start()] + changed + answer[match.end() :]))
    words = answer.split()
    if len(words) > 1:
        at = rng.randrange(len(words) - 1)
        found.append(("a part left out", " ".join(words[:at] + words[at + 1 :])))
        found.append(("cut short", " ".join(words[:-1])))
        if words[at] != words[at + 1]:
            swapped = [*words[:at], words[at + 1], words[at], *words[at + 2 :]]
            found.append((ORDER, " ".join(swapped)))
    elif len(answer) > 2 and not whole:
        found.append(("cut short", answer[: len(answer) // 2]))
    if answer.strip():
        found += [
            ("said twice", answer + answer),
            ("rubbish behind", answer + "zzz"),
            ("rubbish before", "zzz" + answer),
        ]
    if whole and "." not in answer:
        found.append(("a digit more", answer + "7"))
    seen: dict[str, str] = {}
    for name, text in found:
        if text != answer and text.strip() and not _same_number(text, answer):
            seen.setdefault(text, name)
    return [(name, text) for text, name in seen.items()][:most]


def chain(answer: str, rng: Random) -> list[str]:
    """The answer, then with one, two, … of its parts made wrong, each time one more; of a number, ever further off."""
    if _NUMBER.fullmatch(answer.strip()):
        value = float(answer)
        steps = (1, 10, 100, 1000, 10_000)
        whole = float(value).is_integer() and "." not in answer
        return [answer, *(str(int(value) + step) if whole else str(value + step) for step in steps)]
    pieces = [match.span() for match in re.finditer(r"[^\s,;\[\](){}\"']+", answer)]
    if len(pieces) < 2 and answer.isalnum():
        pieces = [(at, at + 1) for at in range(len(answer))]
    order = list(range(len(pieces)))
    rng.shuffle(order)
    text, found = answer, [answer]
    for at in order[:5]:
        start, end = pieces[at]
        spoilt = "".join(_other(mark) for mark in answer[start:end])
        text = text[:start] + spoilt + text[end:]
        found.append(text)
    return found


def _other(mark: str) -> str:
    """A character of the same kind that is another."""
    if mark.isascii() and mark.isdigit():
        return str((int(mark) + 1) % 10) if mark not in "01" else "10"[int(mark)]
    if mark.isascii() and mark.isalpha():
        first = "a" if mark.islower() else "A"
        return chr(ord(first) + (ord(mark) - ord(first) + 1) % 26)
    return mark


def _moved(number: str) -> Iterator[tuple[str, str]]:
    value = float(number)
    if value:
        yield "a number's sign", number[1:] if number.startswith("-") else f"-{number}"
    if "." in number:  # what lies near may be within a tolerance
        yield "a number ten times", f"{value * 10:g}"
    else:
        yield "a number and one more", str(int(number) + 1)
        yield "a number ten times", number + "0"
        if len(number) < 15:
            yield "a number and a tenth", f"{number}.1"


def _same_number(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _shown(study: Study, at: int) -> str:
    return next((repr(one.answer)[:80] for one in study.known if one.at == at), "unknown")


PROPERTIES = (
    Property("mutated", "a wrong answer earns less than the right one", mutated),
    Property("monotone", "the more is wrong, the less is earned", monotone),
)
