"""`verienv serve`: episodes and scores over HTTP and WebSocket."""

from __future__ import annotations

import os
from pathlib import Path

import click

from verienv.cli import terminal
from verienv.errors import UsageError

VARIABLE = "VERIENV_TOKEN"


@click.command("serve")
@click.argument("sources", metavar="TASK|RECIPE...", nargs=-1, required=True)
@click.option("--level", "-l", "levels", metavar="L", help="2, or 0,2,5, or 0:3 (which includes 3). Default: all.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Off loopback only with a token.")
@click.option("--port", "-p", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free one.")
@click.option("--token-file", type=click.Path(dir_okay=False, path_type=Path), help=f"Or the variable {VARIABLE}.")
@click.option("--reward", help="What replies earn: a recipe's name or JSON of term and weight. Default: the score.")
@click.option("--split", default="train", show_default=True, help="What a reset without a split plays.")
@click.option("--imported", is_flag=True, help="Score problems that were read from files, too: for known clients.")
@click.option("--sessions", type=click.IntRange(1), default=512, show_default=True, help="Open at once.")
@click.option("--threads", type=click.IntRange(1, 64), default=2, show_default=True, help="That draw and score.")
@click.option(
    "--idle", type=click.FloatRange(1.0), default=600.0, show_default=True, help="Seconds a session may rest."
)
def command(
    sources: tuple[str, ...],
    levels: str | None,
    host: str,
    port: int,
    token_file: Path | None,
    reward: str | None,
    split: str,
    imported: bool,
    sessions: int,
    threads: int,
    idle: float,
) -> None:
    """Serve tasks and recipes: OpenEnv's protocol, and scoring as OpenRLHF and verl post it.

    SIGTERM lets open sessions end; a second one, or Ctrl-C, does not.
    """
    from verienv.server import play
    from verienv.server.limits import Limits
    from verienv.server.serve import serve

    token = os.environ.get(VARIABLE) or None
    if token_file is not None:
        token = token_file.read_text(encoding="utf-8").strip()
        if not token:
            raise UsageError(f"{token_file} is empty")
    offered = play.offer(sources, levels, reward, split, imported)
    limits = Limits(sessions=sessions, threads=threads, idle=idle)
    shown = f"[{host}]" if ":" in host else host
    guarded = ", with a token" if token else ""

    def ready(listening: int) -> None:
        terminal.note(f"serving {', '.join(sources)} on http://{shown}:{listening}{guarded}")

    serve(offered, host, port, token=token, limits=limits, ready=ready)
