"""Kill a run that writes a dataset, again and again, until it is done; print what it left. Run by test_crash.

python crashing.py points OUT        die at disk operation 1, in the next run at operation 2, and so on
python crashing.py moments OUT N     die at N random moments by SIGKILL
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from verienv import dataset
from verienv.dataset import disk

PLAN = dataset.plan("sat", "0:1", count=70, seed=5, part_rows=20)
SORTED = dataset.plan("sat", "0:1", count=30, seed=5, part_rows=20, order="log2_share")


def die_at(operation: int) -> None:
    """Make this process vanish at that disk operation: before even ones, after odd ones."""
    done = 0

    def counted(function: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **named: object) -> object:
            nonlocal done
            done += 1
            if done == operation and operation % 2 == 0:
                os._exit(9)
            result = function(*args, **named)
            if done == operation:
                os._exit(9)
            return result

        return call

    disk.sync = counted(disk.sync)  # type: ignore[assignment]
    disk.sync_directory = counted(disk.sync_directory)  # type: ignore[assignment]
    disk.remove = counted(disk.remove)  # type: ignore[assignment]
    os.replace = counted(os.replace)  # type: ignore[assignment]


def fork(plan: dataset.Plan, out: Path, dying_at: int = 0) -> int:
    """A process that writes the plan, and dies at that disk operation if one is given."""
    pid = os.fork()
    if pid == 0:
        disk.sync = lambda descriptor: None  # killing a process loses nothing that was written, synced or not
        disk.sync_directory = lambda path: None
        if dying_at:
            die_at(dying_at)
        dataset.generate(plan, out)
        os._exit(0)
    return pid


def survives(pid: int) -> bool:
    return os.waitpid(pid, 0)[1] == 0


def on_one_folder(plan: dataset.Plan, out: Path) -> int:
    """Runs that died before one came through, all on one folder, each one operation later than the one before."""
    died = 0
    while not survives(fork(plan, out, died + 1)):
        died += 1
    return died


def at_each_point(plan: dataset.Plan, out: Path, stride: int) -> int:
    """For every `stride`-th operation of a whole run: die there in a new folder, then finish; how many there were."""
    at = 0
    while not survives(fork(plan, out / f"{at:04d}", stride * at + 1)):
        assert survives(fork(plan, out / f"{at:04d}"))
        at += 1
    return at


def moments(plan: dataset.Plan, out: Path, times: int) -> int:
    """How many of `times` runs were caught by SIGKILL, spread over the time a whole run takes."""
    began = time.monotonic()
    os.waitpid(fork(plan, out / "timed"), 0)
    whole = time.monotonic() - began
    rng, died = random.Random(7), 0
    for at in range(times):
        folder = out / f"{at:04d}"
        for _ in range(3):
            pid = fork(plan, folder)
            time.sleep(rng.uniform(0, whole))
            os.kill(pid, signal.SIGKILL)
            died += os.waitpid(pid, 0)[1] != 0
        os.waitpid(fork(plan, folder), 0)
    return died


def main() -> None:
    mode, out = sys.argv[1], Path(sys.argv[2])
    for plan in (PLAN, SORTED):
        list(dataset.rows(plan))  # the children inherit the tables that this builds
    if mode == "points":
        stride = int(sys.argv[3])
        result = {
            "on_one": on_one_folder(PLAN, out / "one"),
            "plain": at_each_point(PLAN, out / "plain", stride),
            "sorted": at_each_point(SORTED, out / "sorted", stride),
        }
    else:
        result = {"died": moments(PLAN, out, int(sys.argv[3]))}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
