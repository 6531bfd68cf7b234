"""`verienv golden`: what was generated once is generated for ever; the records, compared or made anew."""

from __future__ import annotations

from pathlib import Path

import click

from verienv.cli import options, terminal


@click.command("golden")
@options.tasks_argument
@click.option("--record", is_flag=True, help="Write the records anew, to be reviewed as a diff.")
@click.option("--tasks", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where records are kept.")
@options.json_option
@click.pass_context
def command(ctx: click.Context, tasks: tuple[str, ...], record: bool, folder: Path | None, as_json: bool) -> None:
    """Compare the problems of TASKs (without names: all) with their recorded digests; exit 1 on a difference.

    A digest changes only together with the task's version and a line in the changelog; then --record it.
    """
    from verienv import golden

    root = folder or golden.TASKS
    failed = False
    for task in options.all_or(tasks):
        if record:
            path = golden.record(task, root)
            if as_json:
                terminal.emit({"task": task.name, "recorded": str(path)})
            else:
                terminal.show(f"recorded: {path}")
            continue
        differences = golden.compare(task, root)
        failed |= bool(differences)
        if as_json:
            terminal.emit({"task": task.name, "ok": not differences, "differences": differences})
            continue
        for line in differences:
            terminal.show(terminal.plain(line, "red"))
        if not differences:
            terminal.show(terminal.plain(f"✓ {task.name}", "green"))
    if failed:
        ctx.exit(1)
