"""`verienv score`: score replies to a data set."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from verienv.cli import options, terminal

if TYPE_CHECKING:
    from verienv.scoring import Report


@click.command("score")
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option("--responses", "-r", type=click.Path(path_type=Path), required=True, help="JSONL: address and response.")
@click.option("--out", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Where the scores go (JSONL).")
@click.option("--pictures", type=click.Path(path_type=Path), help="The folder of pictures that DATASET was made with.")
@options.json_option
def command(dataset: Path, responses: Path, out: Path | None, pictures: Path | None, as_json: bool) -> int:
    """Score the replies in a file, one JSON object a line: {"address": …, "response": …}.

    DATASET is a folder that `generate` wrote or a file of rows that `import` wrote. The scores, {"address", "value",
    "parts", "reason", "readable"}, go to OUT; without it to stdout, unless that is a terminal, which gets the summary
    alone. With --json the summary is one JSON object on stdout. Exit code 1 when a line could not be scored.
    """
    from verienv import scoring

    if pictures is not None:
        options.use_pictures(str(pictures))
    table = terminal.out().is_terminal
    stream = None if out is not None or as_json or table else sys.stdout
    with terminal.progress() as bar:
        size = responses.stat().st_size if responses.is_file() else None
        line = bar.add_task("scoring (bytes)", total=size)
        report = scoring.score_file(
            dataset,
            responses,
            out if out is not None else stream,
            progress=lambda done: bar.update(line, completed=done),
        )
    for number, what in report.told:
        terminal.note(f"{responses}, line {number}: {terminal.line(what)}", "yellow")
    if report.malformed + report.broken > len(report.told):
        terminal.note(f"… and {report.malformed + report.broken - len(report.told)} lines more", "yellow")
    if as_json:
        terminal.emit(report.to_dict())
    elif table:
        _show(report, out)
    return 0 if report.clean else 1


def _show(report: Report, out: Path | None) -> None:
    made = terminal.table(
        "task",
        "setting",
        "replies",
        "mean",
        "right",
        "readable",
        "reasons",
        right=("replies", "mean", "right", "readable"),
    )
    for group in sorted(report.groups.values(), key=lambda each: (each.task, len(each.setting), each.setting)):
        cells = [f"{group.replies:,}", f"{group.mean:.3f}"]
        cells += [f"{count / group.replies:.1%}" for count in (group.right, group.readable)]
        reasons = ", ".join(f"{reason} {count}" for reason, count in group.reasons.most_common(4))
        terminal.row(
            made, (terminal.plain(group.task, "bold cyan"), group.setting, *cells, terminal.plain(reasons, "dim"))
        )
    told = f"{report.scored:,} replies scored, mean {report.mean:.3f}"
    terminal.show(made, "", terminal.plain(told, "bold"))
    terminal.note(str(out) if out is not None else "the score of each reply: give -o FILE, or read them from a pipe")
