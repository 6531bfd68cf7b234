"""temporal: generation, oracle and checking per CPU second of one core, beside reasoning_gym where it is installed.

"made and shown" is generation with the prompt's text, which is what the peer's items hold; "by address" adds split,
digest and the proof that the answer is the only one. The peer's `time_intervals` is nearest to `clock`, its
`calendar_arithmetic` to `calendar`.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec
from random import Random
from typing import Any

import measure

import verienv
from verienv import attacks
from verienv.families.temporal import KINDS, Knobs, published
from verienv.reward import RewardFunction

COUNT = 100
PEERS = {"clock": "time_intervals", "calendar": "calendar_arithmetic"}


def peer_rates(seconds: float, repeats: int) -> dict[str, float]:
    """Items per second of the peer's data sets, by our kind; empty where the peer is not installed."""
    if find_spec("reasoning_gym") is None:
        return {}
    import reasoning_gym  # type: ignore[import-not-found,unused-ignore]

    found = {}
    for kind, name in PEERS.items():
        items: Any = reasoning_gym.create_dataset(name, size=10**6, seed=1)
        place = iter(range(10**6))
        found[kind] = measure.rate(
            lambda items=items, place=place: len([items[next(place)] for _ in range(COUNT)]), seconds, repeats
        )  # type: ignore[misc]
    return found


def checking_times(task: Any, instances: list[Any]) -> list[float]:
    """Seconds of CPU time for each of the catalogue's attacks, right answers and noise; the best of three."""
    rng = Random(3)
    spent = []
    for instance in instances:
        right = task.oracle(instance)
        replies = [row.build(right, "<answer>1987-04</answer>", rng) for row in attacks.CATALOGUE]
        replies += [right, *(attacks.blind(rng) for _ in range(50))]
        for reply in replies:
            best = 1.0
            for _ in range(3):
                start = time.thread_time()
                task.score(instance, reply)
                best = min(best, time.thread_time() - start)
            spent.append(best)
    return spent


def main() -> None:
    """Measure and report."""
    args = measure.arguments(__doc__ or "")
    task = verienv.load("temporal")
    peers = peer_rates(args.seconds, args.repeats)
    stream = Random(1)

    def rate(work: Callable[[int], object]) -> float:
        def run() -> int:
            for at in range(COUNT):
                work(at)
            return COUNT

        return measure.rate(run, args.seconds, args.repeats)

    settings: list[tuple[str, Any]] = [(kind, Knobs(kind=kind)) for kind in KINDS["any"]]
    settings.append(("any, level 13", task.at_level(13)))
    rows = []
    for kind, knobs in settings:
        instances = [task.instance(knobs=knobs, index=index) for index in range(COUNT)]
        replies = [task.oracle(instance) for instance in instances]
        shown = rate(lambda _, knobs=knobs: task.prompt(task.generate(stream, knobs)))  # type: ignore[misc]
        peer = peers.get(kind)
        row: list[Any] = [
            kind,
            rate(lambda _, knobs=knobs: task.generate(stream, knobs)),  # type: ignore[misc]
            shown,
            rate(lambda at, knobs=knobs: task.instance(knobs=knobs, index=at)),  # type: ignore[misc]
            rate(lambda at, instances=instances: task.oracle(instances[at])),  # type: ignore[misc]
            rate(lambda at, instances=instances, replies=replies: task.score(instances[at], replies[at])),  # type: ignore[misc]
        ]
        if peers:
            row += [peer or "", shown / peer if peer else ""]
        rows.append(row)
    columns = ["kind", "made", "made and shown", "by address", "oracle", "checked"]
    if peers:
        columns += ["reasoning_gym", "ratio"]
    measure.report("temporal, per second on one core", columns, rows, args.out)

    spent = checking_times(task, [task.instance(level) for level in range(len(task.levels))])
    cuts = statistics.quantiles(spent, n=100)
    print(
        f"\nchecking {len(spent)} replies, attacks among them: "
        f"median {1e6 * cuts[49]:.0f} us, p99 {1e6 * cuts[98]:.0f} us, worst {1e6 * max(spent):.0f} us"
    )
    function = RewardFunction(task, published.WEIGHTS)
    instance = task.instance(4)
    reply = "<think>" + "so it must be one of them, " * 40 + "</think>\n" + task.oracle(instance) + "<|im_end|>"
    print(
        f"Time-R1's whole reward on a reply of 240 words: {rate(lambda _: function(instance, reply)):,.0f} per second"
    )


if __name__ == "__main__":
    main()
