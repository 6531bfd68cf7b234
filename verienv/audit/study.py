"""What the properties share: the target, its items with their oracles and forms, scores kept, chance, reproduction."""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

from verienv import rng as rngs
from verienv.audit import forms
from verienv.audit.calls import Caller, Outcome
from verienv.audit.effort import Effort
from verienv.audit.findings import Finding, Severity, Skipped
from verienv.audit.forms import Form
from verienv.audit.items import Item, Reply
from verienv.audit.solver import Solver
from verienv.audit.targets import Target

if TYPE_CHECKING:
    from verienv.audit.floor.search import Best

PATIENCE = 4
"""Calls of one property that may hang before the rest of it is left out."""
SLACK = 0.05
"""What a mean may lie above the floor before it is spoken of."""
SHOWN = 400
"""Characters of a reply that a command line repeats."""


@dataclass(frozen=True, slots=True)
class Known:
    """An item whose oracle is known: its place, the oracle's reply, the form of it and the answer in it."""

    at: int
    oracle: Reply
    form: Form
    answer: Any


class Study:
    """One target under audit. Scores are asked for once and kept, except where time is measured."""

    def __init__(
        self,
        target: Target,
        caller: Caller,
        items: Sequence[Item],
        effort: Effort,
        *,
        low: float = 0.0,
        high: float = 1.0,
        floor: float = 0.0,
        seed: int = 0,
        command: str = "",
        solver: Solver | None = None,
    ) -> None:
        self.target, self.caller, self.effort = target, caller, effort
        self.low, self.high, self.declared_floor, self.seed, self.solver = low, high, floor, seed, solver
        self.items = list(items)
        self.notes: list[str] = []
        self.seen = ""
        self.best: Best | None = None
        self._command = command or f"verienv audit {shlex.quote(target.name)}"
        self._kept: dict[tuple[int, str], Outcome] = {}
        self._hung = 0

    # -- scores --------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """A property begins: nothing has hung, nothing is seen yet."""
        self._hung = 0
        self.seen = ""

    def score(self, calls: Iterable[tuple[int, Any]], fresh: bool = False) -> list[Outcome]:
        """An outcome for each (item, reply); those known already are not asked for again unless `fresh`."""
        wanted = list(calls)
        keys = [(at, _key(reply)) for at, reply in wanted]
        missing = {key: call for key, call in zip(keys, wanted, strict=True) if fresh or key not in self._kept}
        found: dict[tuple[int, str], Outcome] = {}
        order = list(missing)
        place = 0
        while place < len(order) and self._hung < PATIENCE:
            outcomes = self.caller.score([missing[key] for key in order[place:]], peak=fresh)
            for outcome in outcomes:
                found[order[place]] = outcome
                place += 1
                if outcome.fault == "timeout":
                    self._hung += 1
                    if self._hung >= PATIENCE:
                        outcomes.close()
                        break
        if not fresh:
            self._kept.update(found)
        return [found.get(key) or self._kept.get(key) or NOT_TRIED for key in keys]

    def one(self, at: int, reply: Any) -> Outcome:
        """The outcome of one reply."""
        return self.score([(at, reply)])[0]

    def pays(self, calls: Iterable[tuple[int, Any]]) -> list[float]:
        """What each earns as a share of everything: 0 at `low`, 1 at `high`; no number earns nothing."""
        return [self.share(outcome) for outcome in self.score(calls)]

    def share(self, outcome: Outcome) -> float:
        """One score as a share of everything."""
        value = outcome.value
        if value is None or math.isnan(value):
            return 0.0
        return (value - self.low) / (self.high - self.low)

    # -- items ---------------------------------------------------------------------------------------------

    @cached_property
    def oracles(self) -> list[Known]:
        """The items whose oracle is known, or can be said in a form that the target pays."""
        given = [(at, item.oracle) for at, item in enumerate(self.items)]
        if any(oracle is not None for _, oracle in given):
            return [Known(at, oracle, *forms.of(self.items[at], oracle)) for at, oracle in given if oracle is not None]
        form = self._guessed()
        if form is None:
            return []
        truths = [(at, item.truth) for at, item in enumerate(self.items)]
        return [Known(at, form.say(truth), form, truth) for at, truth in truths if truth]

    @property
    def known(self) -> list[Known]:
        """`oracles`, or Skipped where there are none."""
        if not self.oracles:
            raise Skipped("needs an oracle reply: none is given, and no usual way of writing the truth is paid")
        return self.oracles

    @property
    def texts(self) -> list[Known]:
        """`known`, for what is tried on single replies only."""
        if any(isinstance(each.oracle, list) for each in self.known):
            raise Skipped("is tried on single replies; this is a game of several moves")
        return self.known

    @cached_property
    def form(self) -> Form:
        """How the first oracle writes; raw where none is known."""
        return self.oracles[0].form if self.oracles else forms.RAW

    @cached_property
    def chance(self) -> float:
        """What the right answers to other items earn on average: knowing the form, and nothing of the problem."""
        return self._mean_of_others() if len(self.oracles) > 1 else 0.0

    @cached_property
    def floor(self) -> float:
        """What nobody need wonder at: chance, the floor that was declared, or the family's own best blind player."""
        players = sorted({name for item in self.items for name in item.fields.get("blind", {})})
        earned = [self.declared_floor, self.chance]
        for name in players:
            shares = self.pays(
                (at, item.fields["blind"][name]) for at, item in enumerate(self.items) if name in item.fields["blind"]
            )
            earned.append(sum(shares) / len(shares))
        return max(earned)

    def slack(self, count: int, floor: float | None = None) -> float:
        """How far a mean of `count` may lie above the floor by chance: three standard errors, at least SLACK."""
        likely = max(self.floor if floor is None else floor, 0.01)
        spread = likely * max(1 - likely, 0.0)
        return max(SLACK, 3 * math.sqrt(spread / max(count, 1)))

    def rng(self, *key: str | int) -> Random:
        """A stream of its own for each use."""
        return rngs.stream("audit", self.seed, *key)

    # -- findings ------------------------------------------------------------------------------------------

    def finding(
        self,
        name: str,
        severity: Severity,
        title: str,
        detail: str = "",
        *,
        at: int | None = None,
        reply: Any = None,
        outcome: Outcome | None = None,
    ) -> Finding:
        """A finding with the line that shows it again."""
        value = outcome.value if outcome is not None else None
        return Finding(name, severity, title, detail, at, reply, value, self.reproduce(name, at, reply))

    def reproduce(self, name: str, at: int | None, reply: Any) -> str:
        """One line for a shell: the reply scored alone, or the property alone where there is no single reply."""
        if at is None or reply is None:
            return f"{self._command} --only {name}"
        said = "" if self.caller.canary in str(reply) else _argument(reply)  # that file's folder is gone by then
        return f"{self._command} --item {at} {said}" if said else f"{self._command} --only {name}"

    def grouped(self, cases: Iterable[tuple[str, int, Any]]) -> Iterator[tuple[str, list[tuple[int, Any, Outcome]]]]:
        """Cases (name, item, reply) scored at once, and given back by name in the order of first sight."""
        wanted = list(cases)
        outcomes = self.score((at, reply) for _, at, reply in wanted)
        groups: dict[str, list[tuple[int, Any, Outcome]]] = {}
        for (name, at, reply), outcome in zip(wanted, outcomes, strict=True):
            groups.setdefault(name, []).append((at, reply, outcome))
        yield from groups.items()

    # -- private -------------------------------------------------------------------------------------------

    def _mean_of_others(self) -> float:
        known = self.oracles
        pairs = [
            (one.at, known[(place + step) % len(known)].oracle)
            for step in range(1, min(4, len(known)))
            for place, one in enumerate(known)
        ]
        shares = self.pays(pairs)
        return sum(shares) / len(shares)

    def _guessed(self) -> Form | None:
        """The usual form that pays the truth best, if one pays at least half of everything."""
        sample = [(at, item.truth) for at, item in enumerate(self.items[:8]) if item.truth]
        best, most = None, 0.5
        for before, after in forms.GUESSES:
            form = Form(before, after)
            shares = self.pays((at, form.say(truth)) for at, truth in sample)
            mean = sum(shares) / len(shares) if shares else 0.0
            if mean > most:
                best, most = form, mean
        if best is not None:
            said = json.dumps(best.say("…"), ensure_ascii=False)
            self.notes.append(f"no oracle is given; the truth pays {most:.2f} when it is written as {said}")
        return best


NOT_TRIED = Outcome(detail="not tried: too many calls before it hung")


def severity(excess: float, *, blind: bool = False) -> Severity:
    """How bad it is to pay so much above the floor; worse where the reply knows nothing of the problem."""
    if blind and excess >= 0.85:
        return "critical"
    return "high" if excess >= 0.5 else "medium" if excess >= 0.1 else "low"


def worst(found: Iterable[Finding], key: Callable[[Finding], Any], most: int) -> list[Finding]:
    """The first finding of each key, at most so many."""
    kept: dict[Any, Finding] = {}
    for each in found:
        kept.setdefault(key(each), each)
    return list(kept.values())[:most]


def _key(reply: Any) -> str:
    return reply if isinstance(reply, str) else "\0" + json.dumps(reply)


def _argument(reply: Any) -> str:
    """The options that give this reply, or nothing where it is too long to write."""
    if isinstance(reply, str) and reply.isprintable() and len(reply) <= SHOWN:
        return f"--reply {shlex.quote(reply)}"
    written = json.dumps(reply)
    if len(written) <= SHOWN:
        return f"--reply-json {shlex.quote(written)}"
    if isinstance(reply, str) and (run := repeated(reply)):
        before, unit, count, after = run
        made = f"import json; print(json.dumps({before!a} + {unit!a} * {count} + {after!a}))"
        return f'--reply-json "$(python3 -c {shlex.quote(made)})"' if len(made) < SHOWN else ""
    return ""


def repeated(text: str, longest: int = 64) -> tuple[str, str, int, str] | None:
    """(before, unit, count, after) where most of a long text is one short unit again and again."""
    middle = len(text) // 2
    for size in range(1, min(longest, len(text) // 4) + 1):
        unit = text[middle : middle + size]
        if text[middle + size : middle + 2 * size] != unit:
            continue
        start = middle
        while start >= size and text[start - size : start] == unit:
            start -= size
        end = middle
        while text[end : end + size] == unit:
            end += size
        if (end - start) * 4 >= len(text) * 3:
            return text[:start], unit, (end - start) // size, text[end:]
    return None
