"""Measuring: medians over repeats on one core, a table to read and JSON to keep."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


def rate(work: Callable[[], int], seconds: float, repeats: int = 5) -> float:
    """Items per second of CPU time: the median of `repeats` runs; `work` does some items and says how many."""
    work()  # warm caches
    rates = []
    for _ in range(repeats):
        done, start = 0, time.process_time()
        while (spent := time.process_time() - start) < seconds or not done:
            done += work()
        rates.append(done / max(spent, 1e-9))
    return statistics.median(rates)


def arguments(purpose: str) -> argparse.Namespace:
    """The flags every benchmark has."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--seconds", type=float, default=0.3, help="CPU seconds a measurement (default 0.3)")
    parser.add_argument("--repeats", type=int, default=5, help="measurements; the median counts (default 5)")
    parser.add_argument("-o", "--out", type=Path, help="write the figures as JSON")
    return parser.parse_args()


def report(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], out: Path | None) -> None:
    """Print a table; with `out`, write the same as JSON with the versions it was measured on."""
    shown = [[_show(cell) for cell in row] for row in rows]
    widths = [max(len(column), *(len(row[at]) for row in shown)) for at, column in enumerate(columns)]
    print(title)
    print("  ".join(f"{column:<{width}}" for column, width in zip(columns, widths, strict=True)))
    print("  ".join("-" * width for width in widths))
    for row in shown:
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
    if out is not None:
        figures = {
            "title": title,
            "python": platform.python_version(),
            "machine": platform.machine(),
            "rows": [dict(zip(columns, row, strict=True)) for row in rows],
        }
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        print(f"written to {out}", file=sys.stderr)


def _show(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
    return str(cell)
