"""Promises about instances: frozen, the same for the same address, different for another, kept apart by split."""

from __future__ import annotations

import dataclasses
import json
import time
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from types import MappingProxyType
from typing import Any

from verienv import address
from verienv.address import SPLITS
from verienv.contract.bench import Bench, Check, seen
from verienv.contract.declared import frozen
from verienv.errors import AddressError, UsageError
from verienv.task import Instance

INSTANCE_SECONDS = 2.0
"""CPU seconds an instance may take on average."""
DUPLICATES = 0.5
"""Share of repeated problems above which a level is too small to train on."""


def plain(bench: Bench) -> str:
    """A problem is frozen data all the way down, and its identity is bytes that do not change."""
    for instance in bench.instances:
        _demand_frozen(bench, instance.problem, instance.address)
        identity = bench.task.identity(instance.problem)
        bench.demand(type(identity) is bytes and bool(identity), f"{instance.address}: identity {identity!r:.80}")
        bench.demand(bench.task.identity(instance.problem) == identity, f"{instance.address}: identity changes")
        bench.demand(type(bench.task.lineage(instance.problem)) is bytes, f"{instance.address}: lineage is no bytes")
    return f"{len(bench.instances)} problems"


def regenerates(bench: Bench) -> str:
    """An address gives the same problem and digest: again, in reverse, between others, by name alone."""
    task, level = bench.task, bench.level
    for instance in reversed(bench.instances):
        where = address.parse(instance.address)
        task.instance((level + 1) % len(task.levels), seed=99, index=where.index)  # something else in between
        again = task.instance(level, seed=where.seed, index=where.index, split=where.split)
        _demand_same(bench, instance, again, "made again")
        _demand_same(bench, instance, task.at(instance.address), "made from its address")
        bench.demand(str(where) == instance.address, f"{instance.address} reads back as {where}")
        bench.demand(where.level == level == instance.level, f"{instance.address} is not of level {level}")
    return f"{len(bench.instances)} addresses"


def threads(bench: Bench) -> str:
    """Many threads make and judge what one does."""
    task, level = bench.task, bench.level

    def work(index: int) -> tuple[str, str, Any, float]:
        instance = task.instance(level, index=index % bench.size)
        reply = task.oracle(instance)
        return instance.digest, seen(instance.prompt), reply, task.score(instance, reply).value

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(work, range(2 * bench.size)))
    alone = [work(index) for index in range(bench.size)]
    for index, found in enumerate(together):
        bench.demand(found == alone[index % bench.size], f"instance {index % bench.size} differs when made in a thread")
    return f"{len(together)} instances in 4 threads"


def differs(bench: Bench) -> str:
    """Another index, seed or split gives another problem; few problems repeat, none in two splits."""
    task, level, size = bench.task, bench.level, bench.size
    train = {instance.digest for instance in bench.instances}
    repeated = 1 - len(train) / size
    bench.demand(size < 4 or repeated <= DUPLICATES, f"{repeated:.0%} of the problems repeat others")
    seeds = {task.instance(level, seed=1, index=index).digest for index in range(size)}
    shared = len(train & seeds) / len(train)
    bench.demand(size < 4 or shared <= DUPLICATES, f"{shared:.0%} of seed 0's problems are those of seed 1")
    few = range(-(-size // 2))
    splits = {split: {task.instance(level, index=at, split=split).digest for at in few} for split in SPLITS}
    for one in SPLITS:
        for other in SPLITS:
            both = splits[one] & splits[other] if one < other else ()
            bench.demand(not both, f"{one} and {other} share {len(both)} problems")
    for bad in ("Train", "eval", "", None):
        try:
            task.instance(level, split=bad)  # type: ignore[arg-type]
        except UsageError:
            continue
        bench.demand(False, f"split {bad!r} is accepted")
    return f"{repeated:.1%} of {size} repeat, {shared:.1%} shared with other seeds"


def addresses(bench: Bench) -> str:
    """Spelt-out knobs have an address too; another family's and another version's are refused."""
    task, knobs = bench.task, bench.task.at_level(bench.level)
    spelt = task.instance(knobs=knobs, seed=3, index=5, split="test")
    _demand_same(bench, spelt, task.at(spelt.address), "made from its address")
    bench.demand(spelt.level is None and spelt.knobs == knobs, f"{spelt.address} lost its knobs")
    where = address.parse(spelt.address)
    for bad in (dataclasses.replace(where, name="x" + where.name), dataclasses.replace(where, version=999_999)):
        try:
            task.at(bad)
        except AddressError:
            continue
        bench.demand(False, f"{bad} is accepted")
    far = task.instance(bench.level, index=10**12)
    _demand_same(bench, far, task.at(far.address), "made from its address")
    return spelt.address


def describes(bench: Bench) -> str:
    """Measures are plain JSON values, the same names on each instance, and finite."""
    names: set[str] | None = None
    for instance in bench.instances:
        measures = dict(bench.task.describe(instance.problem))
        json.dumps(measures, allow_nan=False)
        odd = [name for name, value in measures.items() if type(value) not in (int, float, str, bool, type(None))]
        bench.demand(not odd, f"{instance.address}: {odd} are not plain numbers or text")
        names = set(measures) if names is None else names
        bench.demand(set(measures) == names, f"{instance.address}: names differ by {set(measures) ^ names}")
    return ", ".join(sorted(names or ())) or "no measures"


def speed(bench: Bench) -> str:
    """An instance is made within INSTANCE_SECONDS of CPU time on average; the figures are stated."""
    spent = []
    for index in range(1000, 1000 + bench.size):
        start = time.thread_time()
        bench.task.instance(bench.level, index=index)
        spent.append(time.thread_time() - start)
    mean = sum(spent) / len(spent)
    bench.demand(mean <= INSTANCE_SECONDS, f"{mean:.2f} s of CPU time an instance; at most {INSTANCE_SECONDS} s")
    return f"mean {mean * 1e3:.2f} ms, worst {max(spent) * 1e3:.2f} ms of CPU time"


CHECKS = (
    Check("plain", "a problem is frozen data with an identity of its own", plain),
    Check("regenerates", "an address regenerates its instance, in any order", regenerates),
    Check("threads", "threads make and judge what one thread does", threads),
    Check("differs", "index, seed and split change the problem; splits share none", differs),
    Check("addresses", "knobs spelt out have an address; foreign addresses are refused", addresses),
    Check("describes", "measures of difficulty are plain finite values", describes),
    Check("speed", "an instance is made in bounded time", speed),
)


def _demand_same(bench: Bench, one: Instance[Any], other: Instance[Any], how: str) -> None:
    bench.demand(one.digest == other.digest, f"{one.address}: another digest when {how}")
    bench.demand(one.problem == other.problem, f"{one.address}: another problem when {how}")
    bench.demand(one.address == other.address, f"{one.address}: becomes {other.address} when {how}")


def _demand_frozen(bench: Bench, value: object, where: str) -> None:
    if value is None or isinstance(value, (str, bytes, int, float, Enum)):
        return
    if isinstance(value, (tuple, frozenset)):
        for each in value:
            _demand_frozen(bench, each, where)
    elif isinstance(value, MappingProxyType):
        _demand_frozen(bench, tuple(value.items()), where)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        bench.demand(frozen(type(value)), f"{where}: {type(value).__name__} is not frozen")
        for declared in dataclasses.fields(value):
            _demand_frozen(bench, getattr(value, declared.name), f"{where}: {declared.name}")
    else:
        bench.demand(False, f"{where} holds a {type(value).__name__}, which can be changed")
