"""`verienv export`: the small packages that some evaluators and trainers look for."""

from __future__ import annotations

from pathlib import Path

import click

from verienv.adapters import exporting
from verienv.cli import terminal
from verienv.errors import UnknownName, UsageError


@click.command("export")
@click.argument("kind", metavar="|".join(exporting.KINDS))
@click.option(
    "--out", "-o", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Where to."
)
def command(kind: str, folder: Path) -> None:
    """Write the files that make verienv's tasks known to another program, into a new or empty folder."""
    if kind not in exporting.KINDS:
        raise UnknownName("export", kind, exporting.KINDS)
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is there and not empty: name another folder with -o")
    for place, text in exporting.KINDS[kind]().items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        terminal.show(f"written: {path}")
