"""Promises about right and wrong answers: the oracle is paid in full however it writes, guesses hardly ever."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from verienv import baselines, parsing
from verienv.contract.bench import Bench, Check, each_reply, forms, shown
from verienv.score import Score
from verienv.task import Question

FLOOR = 0.30
"""What the best blind player may earn on average, unless the family's floor_note says why."""


def oracle(bench: Bench) -> str:
    """The oracle's reply scores exactly 1, is text (or moves), and is the same on each call."""
    for instance, reply in zip(bench.instances, bench.oracles, strict=True):
        if isinstance(bench.task, Question):
            bench.demand(type(reply) is str, f"{instance.address}: the oracle says {shown(reply)}")
        else:
            texts = type(reply) is list and all(type(each) is str for each in reply)
            bench.demand(texts, f"{instance.address}: the oracle plays {shown(reply)}")
        score = bench.task.score(instance, reply)
        bench.demand(score.value == 1.0, f"{instance.address}: the oracle scores {score.value} ({score.reason})")
        bench.demand(score.readable, f"{instance.address}: the oracle is not readable")
        bench.demand(bench.task.oracle(instance) == reply, f"{instance.address}: the oracle changes its mind")
    return f"{bench.size} of {bench.size} in full"


def renderings(bench: Bench) -> str:
    """Every harmless rendering of the oracle's answer, the family's own among them, scores 1."""
    tried = 0
    prose = bench.task.prose
    read, ways = (parsing.text, parsing.AROUND) if prose else (parsing.answer, parsing.RENDERINGS)
    for instance, reply in zip(bench.instances, bench.oracles, strict=True):
        written = [(name, each_reply(reply, _rewritten(read, change))) for name, change in ways]
        own = bench.task.renderings(instance.problem)
        if type(reply) is not str:
            written += [("the family's own", play) for play in own]
        else:
            written += [("the family's own", parsing.say(answer)) for answer in own]
            written += [("the family's own, boxed", f"\\boxed{{{answer}}}") for answer in own if not prose]
        for name, text in written:
            score = bench.task.score(instance, text)
            bench.demand(
                score.value == 1.0,
                f"{instance.address}: {name} scores {score.value} ({score.reason}): {shown(text)}",
            )
            tried += 1
    return f"{tried} renderings in full"


def mutants(bench: Bench) -> str:
    """Replies made to look right and be wrong score below 1; every family offers some."""
    tried = 0
    for at, instance in enumerate(bench.instances):
        for mutant in bench.task.mutants(instance.problem, bench.rng("mutants", at)):
            for reply in (mutant, *forms(mutant)):
                score = bench.task.score(instance, reply)
                bench.demand(score.value < 1, f"{instance.address}: a mutant scores {score.value}: {shown(reply)}")
                tried += 1
    some = tried > 0 or not isinstance(bench.task, Question)
    bench.demand(some, "mutants() offers none: what looks right and is not?")
    return f"{tried} mutants below 1"


def others(bench: Bench) -> str:
    """The answer to another instance scores low on average."""
    pairs = [
        (bench.instances[at], bench.oracles[(at + step) % bench.size])
        for step in range(1, min(4, bench.size))
        for at in range(bench.size)
    ]
    scores = [bench.task.score(instance, reply).value for instance, reply in pairs]
    if len(scores) < 4:
        return "too few instances to tell"
    mean = sum(scores) / len(scores)
    limit = max(FLOOR, bench.floor.best[1]) if excused(bench) else FLOOR
    limit = _with_slack(min(1.0, limit + 0.1), len(scores))
    bench.demand(mean <= limit, f"another instance's answer earns {mean:.2f} on average; at most {limit:.2f}")
    return f"mean {mean:.3f} over {len(scores)}"


def floor(bench: Bench) -> str:
    """No blind player raises or earns more than FLOOR above level 0, unless floor_note says why."""
    measured = bench.floor
    count = measured.count
    name, best = measured.best
    bench.demand(len(measured.players) > len(baselines.EVERYONE), "players() offers no blind player of its own")
    bench.demand(measured.oracle == 1.0, f"the oracle earns {measured.oracle}")
    if isinstance(bench.task, Question):
        for player in baselines.EVERYONE:
            earned = measured.players[player]
            bench.demand(earned == 0, f"{player!r} earns {earned:.3f}: an answer was read where none is")
    limit = _with_slack(FLOOR, count)
    if not excused(bench):
        bench.demand(best <= limit, f"blind player {name!r} earns {best:.2f}; at most {limit:.2f} without a floor_note")
    return f"best blind player {name!r}: {best:.3f} over {count}"


def excused(bench: Bench) -> bool:
    """Whether a high floor is explained: on level 0, or by a floor_note."""
    return bench.level == 0 or bool(bench.task.floor_note)


def parts(bench: Bench) -> str:
    """Every score names exactly the declared parts, or none, always the same, each in [0, 1]."""
    declared = set(bench.task.parts)
    for instance, right, wrong in zip(bench.instances, bench.oracles, bench.wrongs, strict=True):
        for reply in (right, wrong, "", parsing.say("?"), None):
            score = bench.task.score(instance, reply)
            found = sound(score)
            bench.demand(not found, f"{instance.address}: {found} on {shown(reply)}")
            bench.demand(
                set(score.parts) == declared,
                f"{instance.address}: parts {sorted(score.parts)}, declared {sorted(declared)}, on {shown(reply)}",
            )
    return f"{len(declared)} parts"


def repeatable(bench: Bench) -> str:
    """Scoring twice gives the same, leaves the problem as it was, and hands out nothing that can be written to."""
    for instance, right, wrong in zip(bench.instances, bench.oracles, bench.wrongs, strict=True):
        before = (bench.task.identity(instance.problem), repr(instance.problem))
        for reply in (right, wrong, parsing.say("1"), wrong, right):
            first, again = bench.task.score(instance, reply), bench.task.score(instance, reply)
            bench.demand(_same(first, again), f"{instance.address}: {first} and then {again} on {shown(reply)}")
            writable = isinstance(first.parts, dict)
            bench.demand(not writable, f"{instance.address}: the parts of a score can be written to")
        after = (bench.task.identity(instance.problem), repr(instance.problem))
        bench.demand(before == after, f"{instance.address}: scoring changed the problem")
        for reply in (right, wrong):
            alone = bench.task.score(bench.task.at(instance.address), reply)
            mine = bench.task.score(instance, reply)
            bench.demand(_same(alone, mine), f"{instance.address}: a fresh instance gives {alone}, not {mine}")
    return f"{bench.size} problems unchanged"


CHECKS = (
    Check("oracle", "the oracle scores exactly 1", oracle),
    Check("renderings", "harmless renderings of the right answer score 1", renderings),
    Check("mutants", "replies that look right and are wrong score below 1", mutants),
    Check("others", "another instance's answer scores low", others),
    Check("floor", "blind players earn little", floor),
    Check("parts", "scores name the declared parts", parts),
    Check("repeatable", "scoring is repeatable and pure", repeatable),
)


def sound(score: object) -> str:
    """What is wrong with a verdict, or nothing."""
    if type(score) is not Score:
        return f"the verdict is a {type(score).__name__}"
    if type(score.value) not in (int, float) or not 0.0 <= score.value <= 1.0:
        return f"the value is {score.value!r}"
    if type(score.reason) is not str or not score.reason:
        return f"the reason is {score.reason!r}"
    if not score.readable and score.value != 0:
        return f"an unreadable reply earns {score.value}"
    bad = {name: part for name, part in score.parts.items() if not 0.0 <= part <= 1.0}
    return f"the parts {bad} are out of range" if bad else ""


def _rewritten(read: Any, change: Any) -> Any:
    return lambda reply: change(read(reply))


def _same(one: Score, other: Score) -> bool:
    return _fields(one) == _fields(other)


def _fields(score: Score) -> tuple[float, Mapping[str, float], str, bool]:
    return score.value, dict(score.parts), score.reason, score.readable


def _with_slack(limit: float, count: int) -> float:
    """`limit` and what chance adds to a mean of `count` scores: three standard errors."""
    return min(1.0, limit + 3 * math.sqrt(limit * (1 - limit) / count))
