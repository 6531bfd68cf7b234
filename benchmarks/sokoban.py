"""sokoban: boards made and solved, the time of each, replies scored, steps by text and by keys.

`--peers` installs reasoning-gym into a virtual environment of its own (in a temporary folder) and lets it make its
sokoban boards as it comes, of 6 to 10 cells a side, there.
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gymnasium
import measure

from verienv.families.sokoban import Knobs, search, task

LARGE = Knobs(width=10, height=10, boxes=4, least=15, most=32)
PAPER = Knobs(width=7, height=7, boxes=2, least=4, most=16)
MIXED = [Knobs(width=side, height=side, boxes=boxes, least=4, most=32) for side, boxes in enumerate((2, 2, 3, 3, 4), 6)]
PEER = """
import sys, time, reasoning_gym
boards = reasoning_gym.create_dataset("sokoban", seed=1, size=1000)
boards[999]
for at in range(int(sys.argv[1])):
    begun = time.process_time()
    boards[at]
    print(1000 * (time.process_time() - begun))
"""


def arguments() -> argparse.Namespace:
    """The flags of every benchmark, and --peers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.3, help="CPU seconds a measurement (default 0.3)")
    parser.add_argument("--repeats", type=int, default=5, help="measurements; the median counts (default 5)")
    parser.add_argument("--boards", type=int, default=200, help="boards whose times are told (default 200)")
    parser.add_argument("--peers", action="store_true", help="also measure reasoning-gym, in its own environment")
    parser.add_argument("-o", "--out", type=Path, help="write the figures as JSON")
    return parser.parse_args()


def times(several: Sequence[Knobs], count: int) -> list[float]:
    """Milliseconds of CPU time for each of so many boards, made, solved with the fewest pushes, and addressed."""
    spent = []
    for index in range(count):
        search.solve.cache_clear()
        start = time.process_time()
        task.instance(knobs=several[index % len(several)], index=index)
        spent.append(1000 * (time.process_time() - start))
    return sorted(spent)


def made(name: str, spent: list[float]) -> list[object]:
    """A row of sorted milliseconds."""
    return [name, 1000 / statistics.mean(spent), statistics.median(spent), spent[int(0.95 * len(spent))]]


def scored(knobs: Knobs) -> Callable[[], int]:
    """Whole plans, read, played and judged."""
    made = [task.instance(knobs=knobs, index=index) for index in range(50)]
    pairs = [(each, task.oracle(each)) for each in made]

    def work() -> int:
        for instance, reply in pairs:
            task.score(instance, reply)
        return len(pairs)

    return work


def stepped(view: str, say: Callable[[int], Any], **knobs: object) -> Callable[[], int]:
    """Steps of arbitrary moves, one a turn, over ten boards again and again."""
    env: Any = gymnasium.make(
        "verienv/sokoban-v0",
        view=view,
        knobs={"width": 10, "height": 10, "boxes": 4, "least": 15, "most": 32, "turns": 200, "chunk": 1, **knobs},
        disable_env_checker=True,
    )
    rng = random.Random(0)
    episodes = itertools.count()

    def work() -> int:
        env.reset(options={"index": next(episodes) % 10})
        done, steps = False, 0
        while not done:
            done = env.step(say(rng.randrange(4)))[2]
            steps += 1
        return steps

    for _ in range(10):
        work()  # the boards are drawn and solved
    return work


def main() -> None:
    """Measure and report."""
    args = arguments()
    rows = [made("6 to 10 a side, 2 to 4 boxes: made and solved, a board", times(MIXED, args.boards))]
    for name, knobs in (("10x10, 4 boxes", LARGE), ("7x7, 2 boxes, as published", PAPER)):
        rows.append(made(f"{name}: made and solved, a board", times([knobs], args.boards)))
        rate = measure.rate(scored(knobs), args.seconds, args.repeats)
        rows.append([f"{name}: a plan scored", rate, 1000 / rate, ""])
    words = ("Up", "Down", "Left", "Right")
    for name, work in (
        ("10x10, 4 boxes: a step by key", stepped("native", int)),
        ("10x10, 4 boxes: a step by text", stepped("text", lambda key: f"<answer>{words[key]}</answer>")),
    ):
        rate = measure.rate(work, args.seconds, args.repeats)
        rows.append([name, rate, 1000 / rate, ""])
    if args.peers:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            python = str(Path(folder) / "bin" / "python")
            subprocess.run([python, "-m", "pip", "install", "-q", "reasoning-gym==0.1.25"], check=True)
            told = subprocess.run([python, "-c", PEER, str(args.boards)], capture_output=True, text=True, check=True)
            rows.append(
                made("reasoning_gym 0.1.25, 6 to 10 a side: a board made", sorted(map(float, told.stdout.split())))
            )
    measure.report("sokoban, one core", ["work", "per second", "median ms", "95 % within ms"], rows, args.out)


if __name__ == "__main__":
    main()
