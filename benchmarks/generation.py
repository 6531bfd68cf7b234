"""Writing a dataset of sat: rows a second by count, by index and by workers, and the memory it takes.

python benchmarks/generation.py [--count 2000] [-o FILE]      five sizes up to the count
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import measure

from verienv import dataset
from verienv.dataset import draw
from verienv.dataset.dedupe import Seen


def seconds(count: int, workers: int) -> float:
    """How long it takes to write `count` rows of sat's first three levels."""
    plan = dataset.plan("sat", "0:2", count=count)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        dataset.generate(plan, Path(folder) / "out", workers=workers)
        return time.perf_counter() - began


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


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="rows of the largest run (default 2000)")
    parser.add_argument("--workers", type=int, default=2, help="processes of the parallel run (default 2)")
    parser.add_argument("-o", "--out", type=Path, help="write the figures as JSON")
    args = parser.parse_args()
    seconds(100, 1)  # warm
    rows: list[list[object]] = []
    for part in (16, 8, 4, 2, 1):
        count = args.count // part
        rows.append([f"write {count:,} rows, one process", count / seconds(count, 1), "rows/s", peak()])
    count = args.count
    parallel = seconds(count, args.workers)
    rows.append([f"write {count:,} rows, {args.workers} workers", count / parallel, "rows/s", peak()])
    for index in (0, 10**6, 10**12):
        rows.append([f"a row at index {index:,}", microseconds_at(index), "us", peak()])
    rows.append(["table of seen problems, a million", table_bytes(1_000_000), "bytes/row", peak()])
    measure.report("writing sat, levels 0 to 2", ["work", "figure", "unit", "peak RSS MB"], rows, args.out)


if __name__ == "__main__":
    main()
