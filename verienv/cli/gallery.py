"""`verienv gallery`: the gallery as files, and the page of it in the documentation."""

from __future__ import annotations

from pathlib import Path

import click

from verienv.cli import options, terminal


@click.command("gallery")
@options.tasks_argument
@click.option("--out", "-o", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write pages in here.")
@click.option("--write", is_flag=True, help="Write docs/gallery.md and its pictures, in a checkout.")
@click.option("--check", is_flag=True, help="Exit 1 when docs/gallery.md is not what the code says and draws.")
@click.pass_context
def command(ctx: click.Context, tasks: tuple[str, ...], folder: Path | None, write: bool, check: bool) -> None:
    """Every level of TASKs (without names: all) as pages that need nothing else, not even a script."""
    from verienv.server import pages

    if (folder is not None) + write + check != 1:
        raise click.UsageError("give one of --out DIR, --write and --check")
    if tasks and not folder:
        raise click.UsageError("the page of the documentation holds every task: name none")
    chosen = options.all_or(tasks)
    if check:
        differences = pages.compare(chosen)
        for line in differences:
            terminal.show(terminal.plain(line, "red"))
        if differences:
            terminal.note("verienv gallery --write makes it anew")
            ctx.exit(1)
        return
    written = pages.document(chosen) if folder is None else pages.write(chosen, folder)
    terminal.show(f"written: {written[0]} and {len(written) - 1} files more")
