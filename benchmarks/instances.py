"""How long it takes to make one instance, level by level: the median, the slow ones and the slowest.

    python benchmarks/instances.py sat temporal                    5,000 instances a level of text
    python benchmarks/instances.py jigsaw grounding --pictures 300

An instance is made by its address and its prompt is written or drawn, in CPU time of one process. Goals: 99.9 % within
50 ms for text and 100 ms for pictures. With fewer than 1,000 instances the column 99.9 % holds the slowest.
The first instance of a level also fills tables that the later ones share; it stands in a column of its own.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from pathlib import Path
from typing import Any

import measure

import verienv

GOAL = {"text": 50.0, "pictures": 100.0}  # milliseconds
SEED = 4


def spent(task: Any, level: int, index: int, split: str) -> tuple[float, bool]:
    """CPU milliseconds for one instance and its prompt, and whether that holds a picture."""
    began = time.process_time()
    prompt = task.instance(level, seed=SEED, index=index, split=split).prompt
    return (time.process_time() - began) * 1e3, not all(isinstance(part, str) for part in prompt)


def quantile(ordered: list[float], share: float) -> float:
    """The least value that at least this share does not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", metavar="TASK", help="which families (default: all)")
    parser.add_argument("--text", type=int, default=5_000, help="instances a level without pictures (default 5000)")
    parser.add_argument("--pictures", type=int, default=300, help="instances a level with pictures (default 300)")
    parser.add_argument("--split", default="train", help="train (the default), or test, which is redrawn more often")
    parser.add_argument("-o", "--out", type=Path, help="write the figures as JSON")
    args = parser.parse_args()
    rows: list[list[object]] = []
    for name in args.tasks or verienv.names():
        task = verienv.load(name)
        for level in range(len(task.levels)):
            first, drawn = spent(task, level, 0, args.split)
            kind, count = ("pictures", args.pictures) if drawn else ("text", args.text)
            times = sorted(spent(task, level, index, args.split)[0] for index in range(1, count + 1))
            high = quantile(times, 0.999)
            told: list[object] = [statistics.median(times), quantile(times, 0.99), high, times[-1], first]
            rows.append([name, level, kind, count, *told, "yes" if high <= GOAL[kind] else "NO"])
    columns = ["task", "level", "kind", "instances", "median ms", "99 %", "99.9 %", "slowest", "first", "goal met"]
    title = f"making an instance of the {args.split} split, CPU milliseconds, one core"
    measure.report(title, columns, rows, args.out)


if __name__ == "__main__":
    main()
