"""`verienv view`: the gallery, play, replies and runs as a page in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from verienv.cli import terminal


@click.command("view")
@click.argument("paths", metavar="[RUN|REPLIES]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--port", "-p", type=click.IntRange(0, 65535), default=8400, show_default=True, help="0: any free one.")
@click.option("--open/--no-open", "opening", default=True, help="Open the page in a browser.")
def command(paths: tuple[Path, ...], port: int, opening: bool) -> None:
    """Look at tasks, try them, read replies and watch training, in the browser; this machine only.

    \b
    verienv view                        # the gallery, and play
    verienv view runs/ replies.jsonl    # with the runs and replies found there
    """
    from verienv.server import viewing

    viewing.serve(paths, port, opening, lambda url: terminal.show(f"{url}   Ctrl-C ends it"))
