"""What a mutant must get wrong to be killed: hand-written vectors, and what the properties of every checker promise.

A case is one reply to one instance with what must be said of it. No case knows what the unmutated checker says, but
for one thing: which replies of the family's own are meant to look right and be wrong was chosen with it.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from verienv import attacks, baselines, files, golden, parsing, rng
from verienv.contract.answers import FLOOR, sound
from verienv.contract.bench import Bench, each_reply, forms, paired
from verienv.errors import UsageError
from verienv.score import Score
from verienv.task import Game, Instance, Task

FUZZ: Final = 10
"""Random edits of the oracle's reply, for each instance."""
ATTACKED: Final = 4
"""Levels on which the catalogue of attacks is tried."""

Promise = Callable[[Score], bool]


@dataclass(frozen=True, slots=True)
class Case:
    """A reply, and what must be said of it; `name` says who asks for it."""

    name: str
    instance: Instance[Any]
    reply: Any
    promise: Promise


@dataclass(frozen=True, slots=True)
class Mean:
    """Cases that may together earn no more than `most` on average."""

    name: str
    cases: tuple[int, ...]
    most: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """vectors and properties: cases. means: of properties, by their place there."""

    vectors: tuple[Case, ...]
    properties: tuple[Case, ...]
    means: tuple[Mean, ...]


def gather(task: Task[Any, Any, Any], vectors: Path | None = None, size: int = 2) -> Evidence:
    """Everything that speaks of a family: its vectors, and `size` instances of every level under every property."""
    benches = [Bench(task, level, max(2, size)) for level in range(len(task.levels))]
    cases: list[Case] = []
    for bench in benches:
        cases += _right(bench)
        cases += _wrong(bench)
    chosen = benches[:: max(1, -(-len(benches) // ATTACKED))]
    for bench in chosen:
        cases += _attacked(bench)
    cases += _silent(benches[-1])
    means = []
    for name, found, most in _blind(task, benches):
        means.append(Mean(name, tuple(range(len(cases), len(cases) + len(found))), most))
        cases += found
    return Evidence(tuple(written(task, vectors)), tuple(cases), tuple(means))


def written(task: Task[Any, Any, Any], file: Path | None = None) -> list[Case]:
    """The hand-written replies: rows with an address or a problem, a reply, and what must be said of it."""
    file = file or golden.TASKS / task.name / "vectors.jsonl"
    if not file.is_file():
        return []
    found, places = [], {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        where = json.dumps(row.get("problem", row.get("address")), sort_keys=True)
        if where not in places:
            places[where] = _place(task, row)
        found.append(Case(row["id"], places[where], row["reply"], _as_written(row)))
    return found


def _place(task: Task[Any, Any, Any], row: Mapping[str, Any]) -> Instance[Any]:
    if "address" in row:
        return task.at(row["address"])
    if "problem" not in row:
        raise UsageError(f"vector {row.get('id')!r} has neither an address nor a problem")
    return dataclasses.replace(task.instance(0), problem=files.reader(task).from_json(row["problem"]))


def _as_written(row: Mapping[str, Any]) -> Promise:
    said = (row["value"], row["readable"], row["reason"])
    parts = row.get("parts", {})

    def promise(score: Score) -> bool:
        named = all(name in score.parts and score.parts[name] == value for name, value in parts.items())
        return (score.value, score.readable, score.reason) == said and named

    return promise


# -- properties ----------------------------------------------------------------------------------------------------


def _full(score: Score) -> bool:
    return score.value == 1 and score.readable


def _below(score: Score) -> bool:
    return score.value < 1


def _nothing(score: Score) -> bool:
    return score.value == 0


def _any(score: Score) -> bool:
    return True


def _right(bench: Bench) -> Iterator[Case]:
    """The oracle's reply, however it is written."""
    task = bench.task
    read, ways = (parsing.text, parsing.AROUND) if task.prose else (parsing.answer, parsing.RENDERINGS)
    for instance, reply in zip(bench.instances, bench.oracles, strict=True):
        yield Case("oracle", instance, reply, _full)
        for _, change in ways:
            yield Case("renderings", instance, each_reply(reply, _rewritten(read, change)), _full)
        for own in task.renderings(instance.problem):
            yield Case("renderings", instance, parsing.say(own) if type(reply) is str else own, _full)


def _wrong(bench: Bench) -> Iterator[Case]:
    """What looks right and is not, and the oracle's reply after random edits, which no more than stays sound."""
    stream = bench.rng("mutate")
    for at, instance in enumerate(bench.instances):
        for mutant in bench.task.mutants(instance.problem, bench.rng("mutants", at)):
            for reply in forms(mutant):
                yield Case("mutants", instance, reply, _below)
        for _ in range(FUZZ):
            reply = each_reply(bench.oracles[at], lambda said: attacks.twisted(said, stream))
            yield Case("total", instance, reply, _any)


def _attacked(bench: Bench) -> Iterator[Case]:
    """The catalogue of hostile replies, each with what it must earn."""
    task, instance, right, wrong = bench.task, bench.instances[0], bench.oracles[0], bench.wrongs[0]
    promises = {"nothing": _nothing, "not full": _below, "full": _full, "any": _any}
    if isinstance(task, Game) and task.score(instance, [""]).value:
        promises["nothing"] = _below  # a game whose start is worth something
    for row in attacks.CATALOGUE:
        stream = bench.rng("catalogue", row.id, 0)
        reply = paired(right, wrong, _built(row, stream))
        if reply is not None:
            yield Case(f"attacks {row.id}", instance, reply, promises[row.promise(task.prose)])


def _silent(bench: Bench) -> Iterator[Case]:
    """What is no text at all."""
    for make in attacks.NOT_TEXT:
        yield Case("no_text", bench.instances[0], make(), _below)
        if isinstance(bench.task, Game):
            yield Case("no_text", bench.instances[0], [make()], _below)


def _blind(task: Task[Any, Any, Any], benches: Sequence[Bench]) -> Iterator[tuple[str, list[Case], float]]:
    """Blind players and other instances' answers, above level 0, with what they may earn on average."""
    above = [bench for bench in benches[1:] or benches if not task.floor_note]
    places = [instance for bench in above for instance in bench.instances]
    for name in baselines.players(task):
        promise = _nothing if name in baselines.EVERYONE and not isinstance(task, Game) else _any
        found = [Case(f"blind {name}", each, baselines.reply(task, each, name), promise) for each in places]
        if found:
            yield f"blind {name}", found, _slack(FLOOR, len(found))
    found = [Case("others", bench.instances[0], other, _any) for bench in above for other in bench.oracles[1:]]
    if found:
        yield "others", found, _slack(FLOOR + 0.1, len(found))
    noise = rng.stream("mutate", task.name)
    found = [Case("noise", each, attacks.blind(noise), _any) for each in places for _ in range(FUZZ)]
    if found and not isinstance(task, Game):
        yield "noise", found, 0.05


def _rewritten(read: Callable[[str], str], change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda said: change(read(said))


def _built(row: attacks.Attack, stream: Random) -> Callable[[str, str], str | None]:
    return lambda one, other: row.build(one, other, stream)


def _slack(most: float, count: int) -> float:
    return min(1.0, most + 3 * math.sqrt(most * (1 - most) / count))


def judged(task: Task[Any, Any, Any], case: Case) -> tuple[bool, float]:
    """Whether the checker says what the case asks for, and the value. Raises whatever the checker does."""
    score = task.score(case.instance, case.reply)
    kept = not sound(score) and score.parts.keys() == set(task.parts) and case.promise(score)
    return kept, score.value if kept else 0.0
