"""parking: scenes made and proven, drives judged, steps of one and of many cars, and what blind driving earns.

Steps are counted with lidar, target and mask and without the image, over arbitrary actions by HOPE's rules (contact
puts the car back), instances taken from a pool that is made before. Blind driving is HOPE's: arbitrary actions, and a
curve of Reeds and Shepp as soon as one is free (`takeover`); by its rules, and by ours, where contact ends a drive.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path
from typing import Any

import gymnasium
import measure
import numpy as np

from verienv.families.parking import Knobs, driving, search, task

RULES = "bounce.passing"


def arguments() -> argparse.Namespace:
    """The flags of every benchmark, and how many scenes are made and driven."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.3, help="CPU seconds a measurement (default 0.3)")
    parser.add_argument("--repeats", type=int, default=5, help="measurements; the median counts (default 5)")
    parser.add_argument("--scenes", type=int, default=100, help="scenes made of each level (default 100)")
    parser.add_argument(
        "--blind", type=int, default=20, help="scenes driven blindly of each level (default 20; 0: none)"
    )
    parser.add_argument("-o", "--out", type=Path, help="write the figures as JSON")
    return parser.parse_args()


def made(level: int, count: int) -> list[float]:
    """Milliseconds of CPU time for each of so many scenes, drawn, proven and addressed."""
    spent = []
    for index in range(count):
        search.solve.cache_clear()
        search.unhindered.cache_clear()
        start = time.process_time()
        task.instance(level, index=index)
        spent.append(1000 * (time.process_time() - start))
    return sorted(spent)


def judged(level: int) -> Any:
    """Whole drives, read, driven and judged."""
    pairs = [(each, task.oracle(each)) for each in [task.instance(level, index=index) for index in range(10)]]

    def work() -> int:
        for instance, reply in pairs:
            task.score(instance, reply)
        return len(pairs)

    return work


def stepped(many: int, knobs: Knobs) -> Any:
    """Arbitrary actions of so many cars at once; a step of each is one."""
    cars: Any = gymnasium.make_vec(
        "verienv/parking-v0", num_envs=many, view="step", knobs=knobs.to_dict(), pool=1, autoreset_mode="same_step"
    )
    cars.reset(seed=0)
    actions = np.random.Generator(np.random.Philox(0)).uniform(-1, 1, (16, many, 2)).astype(np.float32)
    for each in actions:
        cars.step(each)

    def work() -> int:
        for each in actions[:4]:
            cars.step(each)
        return 4 * many

    return work


def blind(level: int, count: int, rules: tuple[str, ...]) -> float:
    """The share of scenes in which arbitrary driving with takeover parks, by these rules."""
    faults = frozenset((*rules, "takeover"))
    rng = np.random.Generator(np.random.Philox(level))
    parked = 0
    for index in range(count):
        cars = driving.Cars(1, faults, False)
        cars.put(0, task.instance(level, index=index).problem)
        while True:
            told = cars.step(rng.uniform(-1, 1, (1, 2)))
            if told.ended[0] or told.cut[0]:
                parked += int(told.terms["hope_arrived"][0])
                break
    return parked / count


def main() -> None:
    """Measure and report."""
    args = arguments()
    rows: list[list[object]] = []
    for level in range(len(task.levels)):
        spent = made(level, args.scenes)
        rate = measure.rate(judged(level), args.seconds, args.repeats)
        published, ours = (
            [blind(level, args.blind, rules) for rules in (("bounce", "passing"), ())] if args.blind else "  "
        )
        last = spent[min(len(spent) - 1, int(0.99 * len(spent)))]
        rows.append([f"level {level}", statistics.median(spent), last, rate, published, ours])
    measure.report(
        "parking, one core",
        [
            "scenes",
            "made, median ms",
            "99 % within ms",
            "drives judged a second",
            "parked blindly, HOPE's rules",
            "ours",
        ],
        rows,
        args.out,
    )
    knobs = Knobs(slot="bay", grade="normal", image=False, faults=RULES)
    steps = [
        [f"{many} cars", measure.rate(stepped(many, knobs), args.seconds, args.repeats)]
        for many in (1, 16, 64, 256, 1024)
    ]
    shown = measure.rate(stepped(16, knobs.replace(image=True)), args.seconds, args.repeats)
    measure.report("steps", ["at once", "steps a second"], [*steps, ["16 cars, with image", shown]], None)


if __name__ == "__main__":
    main()
