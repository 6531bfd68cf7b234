"""`verienv bench`: how fast problems are made and replies scored, as a table."""

from __future__ import annotations

import dataclasses
from typing import Any

import click

from verienv.cli import options, terminal
from verienv.task import Task


@click.command("bench")
@options.tasks_argument
@click.option("--level", "-l", "levels", type=int, multiple=True, metavar="L", help="Only this level; may be repeated.")
@click.option("--count", "-n", type=click.IntRange(3, 1_000_000), default=100, show_default=True, help="Instances.")
@click.option(
    "--seconds", type=click.FloatRange(0, 3600), default=1.0, show_default=True, help="At most so long making them."
)
@options.json_option
def command(tasks: tuple[str, ...], levels: tuple[int, ...], count: int, seconds: float, as_json: bool) -> None:
    """Measure TASKs (without names: all), level by level, on one core.

    Rates are per second: instances made (with the time one takes, in ms: median, 99th percentile, worst), prompts
    written, right and wrong replies scored; the oracle's time is the median in ms, dup the share of
    instances that were there before.
    """
    from verienv import bench

    jobs: list[tuple[Task[Any, Any, Any], int]] = []
    for task in options.all_or(tasks):
        chosen = sorted(set(levels)) or list(range(len(task.levels)))
        for level in chosen:
            task.at_level(level)
        jobs.extend((task, level) for level in chosen)
    columns = ("task", "L", "inst/s", "p50", "p99", "max ms", "prompt/s", "oracle", "right/s", "wrong/s", "dup")
    made = terminal.table(*columns, right=columns[1:], whole=("task",), tight=True)
    with terminal.progress() as bar:
        job = bar.add_task("", total=len(jobs))
        for task, level in jobs:
            bar.update(job, description=f"{task.name} level {level}")
            speed = bench.measure(task, level, count, seconds)
            bar.advance(job)
            if as_json:
                terminal.emit(dataclasses.asdict(speed))
                continue
            figures = (speed.instances, speed.p50, speed.p99, speed.worst, speed.prompts, speed.oracle)
            rates = [short(value) for value in (*figures, speed.right, speed.wrong)]
            terminal.row(made, (task.name, str(level), *rates, f"{speed.duplicates:.0%}"))
    if not as_json:
        terminal.show(made)


def short(value: float) -> str:
    """Three figures: 0.123, 12.3, 1.23k, 45.6M."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= limit * 0.9995:
            return f"{value / limit:#.3g}".removesuffix(".") + unit
    return f"{value:.3f}" if value < 0.9995 else f"{value:#.3g}".removesuffix(".")
