"""Writing a dataset of sat: rows a second by count, by index and by workers, and the memory it takes.

python benchmarks/generation.py [--count 20000] [-o FILE]     sizes up to the count, workers, indices
python benchmarks/generation.py --grow 1000000 [-o FILE]      one run, with its memory at 10 %, 50 % and 100 %

Beside the time on the clock stands CPU time, split between this process and its workers: on a machine that others use
too, only the split tells what a further core would bring. "could be" is the serial CPU time over that of the busiest of
the processes, each on a core of its own, or of all of them shared by so many cores as there are workers.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import measure

from verienv import dataset
from verienv.dataset import draw
from verienv.dataset.dedupe import Seen

LEVELS = "0:2"


@dataclass(frozen=True)
class Run:
    """Microseconds a row: on the clock, of CPU time in this process, and of CPU time in all workers together."""

    wall: float
    parent: float
    workers: float


def run(count: int, workers: int) -> Run:
    """Write `count` rows of sat's first three levels."""
    plan = dataset.plan("sat", LEVELS, count=count)
    with tempfile.TemporaryDirectory() as folder:
        wall, parent, below = time.perf_counter(), time.process_time(), cpu_below()
        dataset.generate(plan, Path(folder) / "out", workers=workers)
        wall, parent = time.perf_counter() - wall, time.process_time() - parent
        for child in multiprocessing.active_children():
            child.join()
        below = cpu_below() - below
    return Run(*(seconds / count * 1e6 for seconds in (wall, parent, below)))


def cpu_below() -> float:
    """CPU seconds of the processes that were started here and have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def microseconds_at(index: int, repeats: int = 5, rows: int = 100) -> float:
    """CPU microseconds for a row at and after an index: the median of some runs."""
    plan = dataset.plan("sat", "2", count=1)
    spent = []
    for _ in range(repeats):
        began = time.process_time()
        for at in range(index, index + rows):
            draw.candidate(plan, 0, at)
        spent.append((time.process_time() - began) / rows * 1e6)
    return statistics.median(spent)


def table_bytes(rows: int) -> float:
    """Bytes a row that the table of seen problems takes."""
    seen = Seen((key * 0x9E3779B97F4A7C15) % 2**64 for key in range(rows))
    return len(seen._table) * seen._table.itemsize / rows


def peak() -> float:
    """The largest this process has been so far, in MB."""
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6


def grow(count: int, workers: int, out: Path | None) -> None:
    """One run, told at its start, at 10 %, 50 % and 100 %."""
    plan = dataset.plan("sat", LEVELS, count=count)
    marks = [0, count // 10, count // 2, count]
    rows: list[list[object]] = []
    wall, parent = time.perf_counter(), time.process_time()

    def progress(done: int, asked: int) -> None:
        while marks and done >= marks[0]:
            seconds, spent = time.perf_counter() - wall, time.process_time() - parent
            rows.append([f"{done:,}", seconds, done / seconds, spent / max(done, 1) * 1e6, peak()])
            marks.pop(0)

    with tempfile.TemporaryDirectory() as folder:
        summary = dataset.generate(plan, Path(folder) / "out", workers=workers, progress=progress)
        damaged = dataset.verify(Path(folder) / "out")
    for child in multiprocessing.active_children():
        child.join()
    columns = ["rows", "seconds", "rows/s", "CPU us/row here", "peak RSS MB"]
    below = cpu_below() / count * 1e6
    title = (
        f"writing sat, levels {LEVELS}, {workers} workers ({below:.0f} CPU us/row there): {summary.rows:,} rows in "
        f"{summary.parts:,} parts, {summary.bytes / 1e9:.2f} GB, {summary.duplicates:,} duplicates dropped, "
        f"{len(damaged)} parts damaged"
    )
    measure.report(title, columns, rows, out)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000, help="rows of the largest run (default 20000)")
    parser.add_argument("--workers", type=int, default=2, help="processes of the parallel run (default 2)")
    parser.add_argument("--grow", type=int, metavar="ROWS", help="only one run of so many rows, and its memory")
    parser.add_argument("-o", "--out", type=Path, help="write the figures as JSON")
    args = parser.parse_args()
    if args.grow:
        grow(args.grow, args.workers, args.out)
        return
    run(100, 1)  # warm
    rows: list[list[object]] = []
    for part in (16, 4, 1):
        serial = run(args.count // part, 1)
        rows.append([f"{args.count // part:,} rows, one process", serial.wall, serial.parent, 0.0, "", peak()])
    shared = run(args.count, args.workers)
    busiest = max(shared.parent, shared.workers / args.workers, (shared.parent + shared.workers) / args.workers)
    ratio = f"{serial.wall / shared.wall:.2f}, could be {serial.parent / busiest:.2f}"
    told = f"{args.count:,} rows, {args.workers} workers"
    rows.append([told, shared.wall, shared.parent, shared.workers, ratio, peak()])
    for index in (0, 10**6, 10**12):
        rows.append([f"a row at index {index:,}", "", microseconds_at(index), "", "", peak()])
    rows.append([f"bytes a row in the table of seen problems: {table_bytes(1_000_000):.1f}", "", "", "", "", peak()])
    columns = ["work", "us/row by the clock", "CPU us/row here", "in the workers", "times as fast", "peak RSS MB"]
    measure.report(f"writing sat, levels {LEVELS}", columns, rows, args.out)


if __name__ == "__main__":
    main()
