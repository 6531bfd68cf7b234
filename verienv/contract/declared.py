"""Promises about what a family declares: its name, its levels, and the bounds of its knobs."""

from __future__ import annotations

import dataclasses
import math
import re
from random import Random
from typing import Any

from verienv import address
from verienv.contract.bench import Bench, Check
from verienv.errors import GenerationError, KnobError, UsageError
from verienv.knobs import Knob, KnobSet
from verienv.task import Game

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_TERM = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)


def names(bench: Bench) -> str:
    """The id, the version, the title, the parts and the terms are well formed."""
    task = bench.task
    bench.demand(bool(_NAME.fullmatch(task.name)), f"name {task.name!r} is not lower case letters, digits and _")
    bench.demand(type(task.version) is int and task.version >= 1, f"version {task.version!r} is not 1, 2, …")
    bench.demand(bool(task.title.strip()), "there is no title")
    bench.demand(type(task.parts) is tuple and len(set(task.parts)) == len(task.parts), f"parts {task.parts!r}")
    for name in (*task.parts, *task.terms):
        bench.demand(bool(_TERM.fullmatch(name)), f"{name!r} does not serve as the name of a part or term")
    stray = vars(task)
    bench.demand(set(stray) <= {"levels"}, f"a family keeps no attribute; this one has {sorted(stray)}")
    bench.demand(bool((type(task).__doc__ or "").strip()), "the class has no docstring")
    return f"{task.name}@{task.version}, parts {task.parts}, terms {tuple(task.terms)}"


def levels(bench: Bench) -> str:
    """There is at least one level, all of one frozen Knobs class, no two alike."""
    task = bench.task
    bench.demand(type(task.levels) is tuple and len(task.levels) >= 1, "levels is not a tuple of Knobs")
    kind = task.knobs
    bench.demand(all(type(each) is kind for each in task.levels), "levels are of different classes")
    bench.demand(issubclass(kind, KnobSet), f"{kind.__name__} is no KnobSet")
    bench.demand(frozen(kind), f"{kind.__name__} is not a frozen dataclass")
    texts = [each.to_text() for each in task.levels]
    bench.demand(len(set(texts)) == len(texts), "two levels are the same knobs")
    if isinstance(task, Game):
        bench.demand(type(task.max_steps) is int and task.max_steps >= 1, f"max_steps {task.max_steps!r}")
    for bad in (-1, len(task.levels), True, "0", None):
        try:
            task.at_level(bad)  # type: ignore[arg-type]
        except UsageError:
            continue
        bench.demand(False, f"level {bad!r} is accepted")
    return f"{len(texts)} levels"


def knob_bounds(bench: Bench) -> str:
    """Every knob has a meaning, bounds that hold its default, and refuses what lies outside them."""
    kind = bench.task.knobs
    for each in kind.knobs():
        bench.demand(bool(each.doc.strip()), f"knob {each.name} says nothing of its meaning")
        bench.demand(each.type in (int, float, bool, str), f"knob {each.name} is a {each.type}")
        bench.demand(type(each.default) is each.type, f"the default of {each.name} is {each.default!r}")
        if each.type in (int, float):
            bench.demand(
                each.low is not None
                and each.high is not None
                and -math.inf < each.low <= float(each.default) <= each.high < math.inf,
                f"the bounds of {each.name}, {each.low} to {each.high}, do not hold its default {each.default!r}",
            )
        for bad in _outside(each):
            try:
                kind(**{each.name: bad})
            except (KnobError, UsageError):
                continue
            bench.demand(False, f"{each.name}={bad!r} is accepted; allowed: {each.allowed}")
    return f"{len(kind.knobs())} knobs"


def knob_round_trips(bench: Bench) -> str:
    """Knobs written as text read back the same, on every level and for random legal knobs."""
    rng = bench.rng("round trips")
    kind = bench.task.knobs
    many = [*bench.task.levels, *(drawn for _ in range(50) if (drawn := draw(kind, rng)) is not None)]
    for knobs in many:
        text = knobs.to_text()
        again = kind.from_text(text)
        bench.demand(again == knobs and again.to_text() == text, f"{text!r} reads back as {again.to_text()!r}")
        bench.demand(kind.from_mapping(knobs.to_dict()) == knobs, f"{knobs.to_dict()} reads back differently")
        where = f"{bench.task.name}@{bench.task.version}/{text}/train/s0/0"
        bench.demand(address.parse(where).setting == text, f"{where} is no address")
    return f"{len(many)} settings"


def knob_fuzz(bench: Bench) -> str:
    """Random legal knobs, kept small, generate or are refused by KnobError or GenerationError; the oracle scores 1."""
    rng = bench.rng("knob fuzz")
    task = bench.task
    made = refused = 0
    for attempt in range(4 * bench.size):
        knobs = draw(task.knobs, rng)
        if knobs is None:
            refused += 1
            continue
        try:
            instance = task.instance(knobs=knobs, index=attempt)
        except (KnobError, GenerationError):
            refused += 1
            continue
        made += 1
        score = task.score(instance, task.oracle(instance))
        bench.demand(score.value == 1, f"{instance.address}: the oracle scores {score.value} ({score.reason})")
        bench.demand(bool(task.prompt(instance.problem)), f"{instance.address}: an empty prompt")
        again = task.at(instance.address)
        bench.demand(again.digest == instance.digest, f"{instance.address} regenerates another problem")
    bench.demand(made > 0, f"none of {4 * bench.size} random settings generated")
    return f"{made} generated, {refused} refused"


CHECKS = (
    Check("names", "the id, title, parts and terms are well formed; no state is kept", names, True),
    Check("levels", "levels are different frozen knobs of one class; no other level is accepted", levels, True),
    Check("knob_bounds", "every knob has a meaning and bounds, and refuses what lies outside", knob_bounds, True),
    Check("knob_round_trips", "knobs read back from their text", knob_round_trips, True),
    Check("knob_fuzz", "legal knobs generate sound instances or are refused by name", knob_fuzz, True),
)


def frozen(kind: type) -> bool:
    """Whether a class is a frozen dataclass."""
    return dataclasses.is_dataclass(kind) and bool(kind.__dataclass_params__.frozen)  # type: ignore[attr-defined]


def draw(kind: type[KnobSet], rng: Random, spread: int = 8) -> Any:
    """Random knobs inside the declared bounds, or None where they are refused.

    Some or all knobs move from their defaults; numbers stay within `spread` of the least or the default value.
    """
    share = rng.choice((0.2, 0.5, 1.0))
    values = {each.name: _inside(each, rng, spread) for each in kind.knobs() if rng.random() < share}
    try:
        return kind(**values)
    except KnobError:
        return None


def _inside(each: Knob, rng: Random, spread: int) -> Any:
    if each.type is bool:
        return rng.random() < 0.5
    if each.choices:
        return rng.choice(each.choices)
    if each.low is None or each.high is None:
        return each.default
    if each.type is int:
        centre = rng.choice((int(each.low), int(each.default)))
        return rng.randint(max(math.ceil(each.low), centre - spread), min(math.floor(each.high), centre + spread))
    return rng.choice((each.low, each.high, rng.uniform(each.low, each.high)))


def _outside(each: Knob) -> list[Any]:
    if each.type is bool:
        return [0, 1, "true", None]
    if each.type is str:
        return [0, None, *(["no such choice"] if each.choices else [])]
    if each.low is None or each.high is None:
        return []
    return [each.low - 1, each.high + 1, float("nan"), float("inf"), "1", None, True, 10**30]
