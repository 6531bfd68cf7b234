"""`verienv card`: a task's card, printed, written, or compared with the code."""

from __future__ import annotations

from pathlib import Path

import click

from verienv.cli import options, terminal


@click.command("card")
@options.tasks_argument
@click.option("--write", is_flag=True, help="Measure the blind players and write tasks/<name>/README.md.")
@click.option("--check", is_flag=True, help="Exit 1 when a written card no longer says what the code does.")
@click.option("--count", "-n", type=click.IntRange(1, 100_000), help="Instances a level to measure over.")
@click.option("--tasks", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where cards are kept.")
@click.pass_context
def command(
    ctx: click.Context, tasks: tuple[str, ...], write: bool, check: bool, count: int | None, folder: Path | None
) -> None:
    """The cards of TASKs (without names: all), made from their code.

    Without --write or --check they are printed as markdown; the table of what guessing earns is filled with --count.
    """
    from verienv import baselines, card, golden

    if write and check:
        raise click.UsageError("--write and --check exclude each other")
    root = folder or golden.TASKS
    stale = 0
    for task in options.all_or(tasks):
        if write:
            for path in card.write(task, root, count or card.MEASURED_OVER):
                terminal.show(f"written: {path}")
        elif check:
            differences = card.compare(task, root)
            stale += bool(differences)
            for line in differences:
                terminal.show(terminal.plain(line, "red"))
            if not differences:
                terminal.show(terminal.plain(f"✓ {task.name}", "green"))
        else:
            floors = [baselines.floor(task, level, count) for level in range(len(task.levels))] if count else ()
            terminal.show(card.build(task, floors))
    if stale:
        ctx.exit(1)
