"""`verienv audit --mutate`: how many small faults in a checker its evidence notices, and which it does not."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from verienv.cli import terminal

if TYPE_CHECKING:
    from verienv.audit.mutate import Mutant, Report


def judge(name: str, count: int, seed: int, json_file: str | None) -> bool:
    """Measure a family's checker and print what came of it; whether enough was noticed."""
    from verienv import registry
    from verienv.audit import mutate

    task = registry.load(name)
    with terminal.progress() as bar:
        job = bar.add_task(f"{name} mutants", total=None)
        report = mutate.measure(
            task, count=count, seed=seed, told=lambda at, of: bar.update(job, completed=at, total=of)
        )
    if json_file == "-":
        sys.stdout.write(json.dumps(report.to_json()) + "\n")
    else:
        _show(report)
        if json_file:
            Path(json_file).write_text(json.dumps(report.to_json(), indent=1) + "\n", encoding="utf-8")
    return report.share >= mutate.LEAST


def _show(report: Report) -> None:
    """The figures, then what survived, first what sets the score."""
    mutants = report.mutants
    stopped = sum(each.stopped for each in mutants)
    figures = {
        "mutants": f"{len(mutants)} of {report.possible} on {report.lines} lines",
        "killed": f"{sum(each.killed for each in mutants)}" + (f", {stopped} of them out of time" if stopped else ""),
        "by vectors": f"{sum(bool(each.by_vector) for each in mutants)}, with {report.vectors} rows",
        "by properties": f"{sum(bool(each.by_property) for each in mutants)}, with {report.properties} replies",
        "set the score": f"{report.scoring_share:.1%} of {len(report.scoring)}",
        "excused": f"{len(report.excused)}" if report.excused else "",
    }
    terminal.show(terminal.plain(f"{report.name}: mutants of its checker", "bold"), "", terminal.facts(figures), "")
    for title, several in (("survived", report.survivors), ("excused, and not counted", report.excused)):
        if several:
            terminal.show(terminal.plain(title, "bold"))
            for each in sorted(several, key=lambda one: (not one.scoring, one.told)):
                _survivor(each)
            terminal.show("")
    kept = not report.survivors
    told = f"{report.share:.1%} of the mutants are killed, {len(report.survivors)} survived; {report.seconds:.1f} s"
    terminal.show(terminal.plain(f"{'✓' if kept else '✗'} {told}", "green" if kept else "bold red"))


def _survivor(each: Mutant) -> None:
    mark = "●" if each.scoring else "·"
    terminal.show(terminal.plain(terminal.line(f"  {mark} {each.told}"), "bold" if each.scoring else ""))
    if each.excuse:
        terminal.show(terminal.plain(terminal.line(f"      {each.excuse}"), "dim"))
