"""Generated: the items themselves. Reproducible, all different, without overlap, without stalls, balanced, right."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from verienv.audit.calls import Surroundings, TargetError
from verienv.audit.findings import Finding, Property, Severity, Skipped
from verienv.audit.items import Item
from verienv.audit.properties.paid import FULL
from verienv.audit.study import Study

STALL: Final = 5.0
"""CPU seconds for one item that hold a training step up."""
LABELS: Final = 12
"""Different answers up to which they count as labels."""
_CHOICE: Final = re.compile(r"(?m)^\s*\(?([A-J]|\d{1,2})[).:]\s+(.+?)\s*$")


def reproducible(study: Study) -> Iterator[Finding]:
    """Another process with another hash seed makes the same items."""
    mine = _made(study, 0)
    environ = {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"}
    place = Surroundings("another hash seed", environ)
    with study.caller.another(place) as other:
        theirs = list(other.make(study.seed, len(mine)))
    unlike = [at for at, (one, two) in enumerate(zip(mine, theirs, strict=True)) if _key(one) != _key(two)]
    if unlike:
        yield study.finding(
            "reproducible",
            "high",
            f"{len(unlike)} of {len(mine)} items differ in another process",
            f"first item {unlike[0]}",
        )
    study.seen = f"{len(mine)} items made twice"


def duplicates(study: Study) -> Iterator[Finding]:
    """No item comes twice."""
    items = _made(study, 0) if study.target.generates else study.items
    counts = Counter(map(_identity, items))
    again = sum(counts.values()) - len(counts)
    if again:
        share = again / len(items)
        severity: Severity = "medium" if share >= 0.2 else "low" if share >= 0.01 else "info"
        text, times = counts.most_common(1)[0]
        yield study.finding(
            "duplicates", severity, f"{again} of {len(items)} items are repeats", f"{times} times: {text[:120]!r}"
        )
    study.seen = f"{len(counts)} of {len(items)} are different"


def seeds(study: Study) -> Iterator[Finding]:
    """Another seed gives other items: no more in common than an item has with its own kind."""
    if study.caller.about().get("seedless"):
        raise Skipped("needs a generator that takes a seed")
    mine, theirs = _made(study, 0), _made(study, 1)
    one, two = {*map(_identity, mine)}, {*map(_identity, theirs)}
    shared = len(one & two) / max(len(one), 1)
    own = 1 - len(one) / len(mine)
    if shared > 2 * own + 0.1:
        told = f"seeds {study.seed} and {study.seed + 1} share {shared:.0%} of their items"
        why = "training on one and testing on the other tests memory"
        yield study.finding("seeds", "high" if shared > 0.5 else "medium", told, why)
    study.seen = f"{shared:.1%} shared by neighbouring seeds"


def splits(study: Study) -> Iterator[Finding]:
    """No item stands in two splits."""
    if not study.caller.about().get("splits"):
        raise Skipped("needs a generator that knows splits")
    count = study.effort.made
    names = ("train", "validation", "test")
    parts = {name: {*map(_identity, study.caller.make(study.seed, count, name))} for name in names}
    both = set().union(*(parts[one] & parts[other] for one, other in itertools.combinations(names, 2)))
    if both:
        yield study.finding("splits", "high", f"{len(both)} items stand in two splits", f"{next(iter(both))[:120]!r}")
    study.seen = f"{sum(map(len, parts.values()))} items in 3 splits"


def stalls(study: Study) -> Iterator[Finding]:
    """No item takes long to make."""
    spent = sorted(item.cpu for item in _made(study, 0)[1:])
    if not spent:
        raise Skipped("needs at least two items")
    middle, worst = spent[len(spent) // 2], spent[-1]
    if worst >= STALL:
        yield study.finding(
            "stalls",
            "medium",
            f"one item takes {worst:.1f} s of CPU to make",
            f"the median takes {middle * 1e3:.1f} ms",
        )
    study.seen = f"median {middle * 1e3:.2f} ms, worst {worst * 1e3:.1f} ms of CPU"


def balance(study: Study) -> Iterator[Finding]:
    """Where there are few different answers, none is much more frequent than its share."""
    truths = [item.truth for item in _pool(study) if item.truth]
    counts = Counter(truths)
    if not 2 <= len(counts) <= LABELS or len(truths) < 8 * len(counts):
        raise Skipped(
            f"needs 2 to {LABELS} different answers, each often; there are {len(counts)} in {len(truths)} items"
        )
    answer, most = counts.most_common(1)[0]
    share, fair = most / len(truths), 1 / len(counts)
    slack = 3 * (fair * (1 - fair) / len(truths)) ** 0.5
    if share > fair + max(slack, 0.1):
        told = f"{answer!r} is the answer in {share:.0%} of {len(truths)} items"
        why = f"of {len(counts)} different answers; a fair share is {fair:.0%}"
        yield study.finding("balance", "medium" if share > 0.75 else "low", told, why)
    study.seen = f"{len(counts)} answers; the most frequent {share:.0%}"


def position(study: Study) -> Iterator[Finding]:
    """Where the prompt lists choices, the right one stands at every place equally often."""
    places: Counter[int] = Counter()
    widths: Counter[int] = Counter()
    for item in _pool(study):
        choices = _CHOICE.findall(item.prompt)
        at = next((at for at, pair in enumerate(choices) if item.truth.strip() in pair), None)
        if at is not None and len(choices) > 1:
            places[at] += 1
            widths[len(choices)] += 1
    total = sum(places.values())
    if total < 16:
        raise Skipped("needs prompts that list choices, with the right one among them")
    fair = sum(count / width for width, count in widths.items()) / total
    where, most = places.most_common(1)[0]
    share = most / total
    if share > fair + max(0.1, 3 * (fair * (1 - fair) / total) ** 0.5):
        told = f"choice {where + 1} is the right one in {share:.0%} of {total} items"
        yield study.finding("position", "medium" if share < 0.9 else "high", told, f"a fair share is {fair:.0%}")
    study.seen = f"{total} items with choices; the most frequent place has {share:.0%}, a fair share is {fair:.0%}"


def labels(study: Study) -> Iterator[Finding]:
    """What an independent solver answers earns everything."""
    if study.solver is None:
        raise Skipped("needs --solver module:function, which answers an item")
    wrong = []
    solved = 0
    for at, answer in enumerate(study.solver.solve(range(len(study.items)))):
        if answer is None:
            continue
        solved += 1
        form = next((one.form for one in study.oracles if one.at == at), study.form)
        outcome = study.one(at, form.say(answer))
        if study.share(outcome) < FULL:
            wrong.append((at, form.say(answer), outcome))
    if wrong:
        at, reply, outcome = wrong[0]
        yield study.finding(
            "labels", "high", f"an independent solver disagrees with {len(wrong)} of {solved} answers",
            f"item {at}: the truth is {study.items[at].truth[:80]!r}", at=at, reply=reply, outcome=outcome,
        )  # fmt: skip
    study.seen = f"{solved - len(wrong)} of {solved} answers confirmed"


def _made(study: Study, further: int) -> list[Item]:
    """Items of the seed, or of one further on, made once."""
    if not study.target.generates:
        raise Skipped("needs a target that generates its items")
    made = study.__dict__.setdefault("_made", {})
    if further not in made:
        made[further] = _within(lambda: study.caller.make(study.seed + further, study.effort.made))
    found: list[Item] = made[further]
    return found


def _within(make: Callable[[], Iterator[Item]]) -> list[Item]:
    try:
        return list(make())
    except TargetError as error:
        raise Skipped(str(error)) from error


def _pool(study: Study) -> list[Item]:
    return _made(study, 0) if study.target.generates else study.items


def _key(item: Item) -> str:
    """All of an item: what the player sees, the truth, and whatever else is known of it."""
    return json.dumps(item.fields, sort_keys=True, default=str)


def _identity(item: Item) -> str:
    return str(item.fields.get("identity") or item.prompt)


PROPERTIES = (
    Property("reproducible", "a seed makes the same items in every process", reproducible, "items"),
    Property("duplicates", "no item comes twice", duplicates, "items"),
    Property("seeds", "another seed makes other items", seeds, "items"),
    Property("splits", "no item stands in two splits", splits, "items"),
    Property("stalls", "no item takes long to make", stalls, "items"),
    Property("balance", "no answer is much more frequent than the others", balance, "items"),
    Property("position", "the right choice stands everywhere equally often", position, "items"),
    Property("labels", "an independent solver finds the same answers", labels, "items"),
)
