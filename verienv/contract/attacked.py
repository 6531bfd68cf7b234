"""Promises about hostile replies: nothing raises, runs, hangs or is paid."""

from __future__ import annotations

import sys
import time
from random import Random
from typing import Any

from verienv import attacks, reward
from verienv.attacks import Attack, Pays
from verienv.contract.answers import sound
from verienv.contract.bench import Bench, Check, each_reply, paired, shown
from verienv.score import Score
from verienv.task import Game

SECONDS = 0.25
"""CPU seconds that any single reply may take."""


def catalogue(bench: Bench) -> str:
    """Every row of the catalogue gets what it says: nothing, not full marks, or full marks."""
    tried = 0
    for at in range(min(-(-bench.size // 4), 4)):
        instance, right, wrong = bench.instances[at], bench.oracles[at], bench.wrongs[at]
        nothing = _nothing(bench, at)
        for row in attacks.CATALOGUE:
            rng = bench.rng("catalogue", row.id, at)
            reply = _built(row, right, wrong, rng)
            if reply is None:
                continue
            score = _timed(bench, at, reply, row.id)
            bench.demand(
                _as_promised(row.promise(bench.task.prose), score, nothing),
                f"{row.id} ({row.what}; pays {row.pays}) scores {score.value} ({score.reason}) "
                f"on {instance.address}: {shown(reply)}",
            )
            tried += 1
    return f"{tried} hostile replies"


def injections(bench: Bench) -> str:
    """Nothing that a reply says is run."""
    sys.modules.pop(attacks.CANARY, None)
    tried = 0
    for at, instance in enumerate(bench.instances[:2]):
        right = bench.oracles[at]
        for text in attacks.injections():
            for reply in (text, f"<answer>{text}</answer>", f"\\boxed{{{text}}}", f"<answer>[{text}]</answer>"):
                _timed(bench, at, _instead(right, reply), "an injection")
                ran = sys.modules.pop(attacks.CANARY, None) is not None
                bench.demand(not ran, f"{instance.address}: the reply was run: {shown(reply)}")
                tried += 1
    return f"{tried} injections, none run"


def not_text(bench: Bench) -> str:
    """Objects that are no reply score 0 (for a game: what doing nothing scores) and do not raise."""
    for at, instance in enumerate(bench.instances[:2]):
        nothing = _nothing(bench, at)
        for make in attacks.NOT_TEXT:
            thing = make()
            score = _timed(bench, at, thing, "no text")
            bench.demand(score.value <= nothing, f"{instance.address}: {shown(thing)} scores {score.value}")
            if isinstance(bench.task, Game):
                _timed(bench, at, [thing], "no text as a move")
    return f"{len(attacks.NOT_TEXT)} kinds of object"


def fuzz(bench: Bench) -> str:
    """Random hostile replies, and the oracle's after random edits, are judged soundly; blind ones earn little."""
    count = 40 * bench.size
    rng = bench.rng("fuzz")
    earned = 0.0
    for attempt in range(count):
        at = attempt % bench.size
        blind = each_reply(bench.oracles[at], lambda _: attacks.blind(rng))
        earned += _timed(bench, at, blind, "fuzz").value
        _timed(bench, at, each_reply(bench.oracles[at], lambda reply: attacks.twisted(reply, rng)), "fuzz")
    mean = earned / count
    bench.demand(mean <= 0.05 or isinstance(bench.task, Game), f"blind noise earns {mean:.3f} on average")
    return f"{2 * count} replies; blind noise earns {mean:.4f}"


def terms(bench: Bench) -> str:
    """Every reward term lies in [0, 1] on right, wrong and hostile replies, and does not raise."""
    task = bench.task
    names = reward.term_names(task)
    total = reward.RewardFunction(task, dict.fromkeys(names, 1.0))
    rng = bench.rng("terms")
    tried = 0
    for at in range(min(-(-bench.size // 4), 4)):
        instance, right, wrong = bench.instances[at], bench.oracles[at], bench.wrongs[at]
        rows = [_built(row, right, wrong, rng) for row in attacks.CATALOGUE]
        noise = [each_reply(right, lambda _: attacks.blind(rng)) for _ in range(10 * bench.size)]
        for reply in (right, wrong, *rows, *noise, None):
            start = time.thread_time()
            earned = total(instance, reply)
            spent = time.thread_time() - start
            bench.demand(set(earned.terms) == set(names), f"{instance.address}: terms {sorted(earned.terms)}")
            kept = spent <= allowed(reply)
            bench.demand(kept, f"{instance.address}: the terms take {spent:.2f} s on {shown(reply)}")
            tried += 1
        best = total(instance, right).terms
        bench.demand(best["score"] == best["right"] == best["readable"] == 1, f"{instance.address}: {dict(best)}")
    return f"{len(names)} terms on {tried} replies"


CHECKS = (
    Check("catalogue", "known attacks are repelled and harmless renderings are not", catalogue),
    Check("injections", "nothing a reply says is run", injections),
    Check("not_text", "what is no text scores 0", not_text),
    Check("fuzz", "random hostile replies are judged soundly", fuzz),
    Check("terms", "reward terms lie in [0, 1] on any reply", terms),
)


def allowed(reply: object) -> float:
    """CPU seconds that judging may take: SECONDS for each reply."""
    return SECONDS * max(1, len(reply)) if type(reply) is list or type(reply) is tuple else SECONDS


def _built(row: Attack, right: Any, wrong: Any, rng: Random) -> Any:
    return paired(right, wrong, lambda one, other: row.build(one, other, rng))


def _instead(right: Any, reply: str) -> Any:
    return each_reply(right, lambda _: reply)


def _nothing(bench: Bench, at: int) -> float:
    """What saying nothing scores: 0, but for a game whose start is worth something."""
    if not isinstance(bench.task, Game):
        return 0.0
    return bench.task.score(bench.instances[at], _instead(bench.oracles[at], "")).value


def _as_promised(pays: Pays, score: Score, nothing: float) -> bool:
    if pays == "nothing":
        return score.value <= nothing
    if pays == "not full":
        return score.value < 1
    return pays == "any" or score.value == 1


def _timed(bench: Bench, at: int, reply: Any, what: str) -> Score:
    instance = bench.instances[at]
    start = time.thread_time()
    score = bench.task.score(instance, reply)
    spent = time.thread_time() - start
    bench.demand(spent <= allowed(reply), f"{instance.address}: {what} takes {spent:.2f} s of CPU time: {shown(reply)}")
    wrong = sound(score)
    bench.demand(not wrong, f"{instance.address}: {wrong} on {what}: {shown(reply)}")
    return score
