"""What a run amounts to, by task and setting, with what blind players and the oracle earn on the same problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verienv import address as addresses
from verienv import baselines, registry
from verienv.errors import ContractError, VerienvError
from verienv.evaluate import estimate, journal
from verienv.evaluate.estimate import Estimate
from verienv.score import Score

SHOWN = 1_500
"""Characters of an example reply."""
REASONS = 12


@dataclass(frozen=True, slots=True)
class Example:
    """A reply that was given, for its reason."""

    address: str
    reason: str
    reply: str


@dataclass(frozen=True, slots=True)
class Group:
    """One task at one setting. `scores` and `rights`: address → the score, and whether it is 1, of each sample.

    passes: k → the estimate of pass@k over the problems with at least k samples. players: blind player → mean score.
    """

    task: str
    setting: str
    scores: Mapping[str, Sequence[float]]
    rights: Mapping[str, Sequence[bool]]
    mean: Estimate
    passes: Mapping[int, Estimate]
    unreadable: float
    truncated: float
    broken: int
    reply_tokens: float | None
    reasons: Mapping[str, int]
    examples: Sequence[Example]
    players: Mapping[str, float]
    oracle: float | None

    @property
    def level(self) -> int | None:
        """The level, or None for knobs spelt out."""
        return addresses.level_of(self.setting)

    @property
    def replies(self) -> int:
        """How many replies were scored."""
        return sum(map(len, self.scores.values()))

    @property
    def floor(self) -> tuple[str, float] | None:
        """The best blind player and its mean score."""
        if not self.players:
            return None
        name = max(self.players, key=lambda player: self.players[player])
        return name, self.players[name]

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        floor = self.floor
        return {
            "task": self.task,
            "setting": self.setting,
            "problems": len(self.scores),
            "replies": self.replies,
            "score": _json(self.mean),
            "pass": {str(k): _json(each) for k, each in self.passes.items()},
            "unreadable": self.unreadable,
            "truncated": self.truncated,
            "broken": self.broken,
            "reply_tokens": self.reply_tokens,
            "reasons": dict(self.reasons),
            "oracle": self.oracle,
            "floor": None if floor is None else {"player": floor[0], "score": floor[1]},
            "players": dict(self.players),
        }


@dataclass(frozen=True, slots=True)
class Results:
    """A run: its settings, its groups by task and difficulty, and the lines that could not be scored."""

    name: str
    settings: Mapping[str, Any]
    groups: Sequence[Group]
    refused: Sequence[str]

    @property
    def mean(self) -> float:
        """The mean score, every problem counting alike."""
        means = [sum(values) / len(values) for group in self.groups for values in group.scores.values()]
        return sum(means) / len(means) if means else 0.0

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "name": self.name,
            "settings": dict(self.settings),
            "mean": self.mean,
            "groups": [group.to_dict() for group in self.groups],
            "refused": list(self.refused),
        }


@dataclass(slots=True)
class _Gathered:
    """The replies to one task at one setting."""

    scores: dict[str, list[Score]] = field(default_factory=dict)
    truncated: int = 0
    broken: int = 0
    tokens: list[int] = field(default_factory=list)
    examples: dict[str, Example] = field(default_factory=dict)


def results(folder: str | Path, *, blind: bool = True, progress: Callable[[int], None] = lambda done: None) -> Results:
    """Score a run's replies; `blind` also plays the blind players and the oracle on its problems.

    A reply on which a task itself fails is counted as broken, and is no score. Raises UsageError.
    """
    root = Path(folder)
    gathered: dict[tuple[str, str], _Gathered] = {}
    refused: list[str] = []
    for done, record in enumerate(journal.read(root), 1):
        try:
            place = addresses.parse(record["address"])
            group = gathered.setdefault((place.name, place.setting), _Gathered())
            _gather(group, record)
        except ContractError:
            group.broken += 1
        except (VerienvError, KeyError, TypeError) as error:
            refused.append(f"{str(record.get('address'))[:200]}: {error!s:.300}")
        progress(done)
    groups = [_group(task, setting, held, blind) for (task, setting), held in gathered.items() if held.scores]
    groups.sort(key=lambda each: (each.task, each.level is None, each.level or 0, each.setting))
    try:
        settings = journal.settings_of(root)
    except VerienvError:
        settings = {}
    return Results(root.name or str(root), settings, groups, refused)


def _gather(group: _Gathered, record: journal.Record) -> None:
    where, reply = record["address"], record["response"]
    instance = registry.instance(where)
    score = instance.task.score(instance, reply)
    group.scores.setdefault(where, []).append(score)
    group.truncated += bool(record.get("truncated"))
    if type(record.get("reply_tokens")) is int:
        group.tokens.append(record["reply_tokens"])
    if score.reason not in group.examples and len(group.examples) < REASONS:
        text = reply if isinstance(reply, str) else "\n— next move —\n".join(reply)
        group.examples[score.reason] = Example(where, score.reason, text[:SHOWN] + ("…" if len(text) > SHOWN else ""))


def _group(task: str, setting: str, held: _Gathered, blind: bool) -> Group:
    scores = {where: [score.value for score in each] for where, each in held.scores.items()}
    rights = {where: [score.right for score in each] for where, each in held.scores.items()}
    every = [score for each in held.scores.values() for score in each]
    most = max(map(len, rights.values()))
    passes = {}
    for k in _ks(most):
        chances = [estimate.pass_at(len(each), sum(each), k) for each in rights.values() if len(each) >= k]
        passes[k] = estimate.mean(chances, task, setting)
    players, oracle = _blind(task, list(scores)) if blind else ({}, None)
    return Group(
        task=task,
        setting=setting,
        scores=scores,
        rights=rights,
        mean=estimate.mean([sum(each) / len(each) for each in scores.values()], task, setting),
        passes=passes,
        unreadable=sum(not score.readable for score in every) / len(every),
        truncated=held.truncated / len(every),
        broken=held.broken,
        reply_tokens=sum(held.tokens) / len(held.tokens) if held.tokens else None,
        reasons=dict(Counter(score.reason for score in every).most_common(REASONS)),
        examples=list(held.examples.values()),
        players=players,
        oracle=oracle,
    )


def _ks(most: int) -> list[int]:
    """1, 2, 4, … and the most there can be."""
    return sorted({1 << at for at in range(most.bit_length())} | {most})


def _blind(task: str, places: Sequence[str]) -> tuple[dict[str, float], float]:
    family = registry.load(task)
    names = baselines.players(family)
    totals = dict.fromkeys(names, 0.0)
    oracle = 0.0
    for where in places:
        instance = family.at(where)
        for name in names:
            totals[name] += family.score(instance, baselines.reply(family, instance, name)).value
        oracle += family.score(instance, family.oracle(instance)).value
    return {name: total / len(places) for name, total in totals.items()}, oracle / len(places)


def _json(given: Estimate) -> dict[str, float]:
    return {"value": given.value, "low": given.low, "high": given.high}
