"""sandbox: how long a run takes, by the clock and of CPU time, and whether anything is left of many.

A run loads a package of two files and asks it four scripts. The clock counts what else the machine does; CPU time is
that of the run and of the fork server, without the grader's.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from pathlib import Path

import measure

from verienv import sandbox
from verienv.sandbox import client

FILES = {
    "shop/prices.py": 'PRICES = {"tea": 250, "jam": 399}\n',
    "shop/cart.py": (
        "from shop.prices import PRICES\n\n\n"
        "def total(lines):\n    return sum(PRICES[name] * count for name, count in lines)\n"
    ),
}
SCRIPTS = [f"from shop.cart import total\ntotal([('tea', {count}), ('jam', 1)])" for count in range(4)]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000, help="runs (default 10,000)")
    parser.add_argument("-o", "--out", type=Path, help="write the figures as JSON")
    return parser.parse_args()


def held() -> dict[str, int]:
    """What could be left behind: descriptors here and in the server, the server's children, files in /tmp."""
    server = client._server().process.pid
    return {
        "descriptors": len(os.listdir("/proc/self/fd")),
        "server's descriptors": len(os.listdir(f"/proc/{server}/fd")) if os.getuid() == 0 else 0,
        "processes": len(Path(f"/proc/{server}/task/{server}/children").read_text().split()),
        "files": sum(name.startswith("verienv-") for name in os.listdir("/tmp")),
    }


def main() -> None:
    given = arguments()
    start = time.perf_counter()
    sandbox.run(FILES, SCRIPTS)
    begun = 1000 * (time.perf_counter() - start)
    before, spent, mine = held(), [], []
    for _ in range(given.runs):
        start, used = time.perf_counter(), time.process_time()
        outcome = sandbox.run(FILES, SCRIPTS)
        spent.append(1000 * (time.perf_counter() - start))
        mine.append(1000 * (time.process_time() - used))
        if outcome.reason != "done":
            raise SystemExit(f"a run ended as {outcome.reason}")
    after = held()
    client._here.forget()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent.sort()
    quantiles = [spent[int(share * (len(spent) - 1))] for share in (0.0, 0.5, 0.99, 1.0)]
    cpu = 1000 * (children.ru_utime + children.ru_stime) / given.runs
    rows = [[name, value] for name, value in zip(("least", "median", "99 % within", "most"), quantiles, strict=True)]
    rows += [["CPU time of the sandbox, mean", cpu], ["CPU time of the grader, median", statistics.median(mine)]]
    rows += [["starting the fork server, and a first run", begun]]
    measure.report(f"sandbox: milliseconds of a run, of {given.runs:,}", ["what", "ms"], rows, given.out)
    left = {name: after[name] - before[name] for name in before}
    print("left behind:", ", ".join([f"{count} {name}" for name, count in left.items()]))
    print("load average:", " ".join([f"{load:.1f}" for load in os.getloadavg()]), "on", os.cpu_count(), "cores")


if __name__ == "__main__":
    main()
