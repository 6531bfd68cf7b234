"""`verienv import`: published problems from files become rows that can be shown, trained on and scored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from verienv import files
from verienv.cli import options, terminal
from verienv.errors import UsageError

SHOWN = 12
"""Rows and notes printed before the rest is only counted."""


@click.command("import")
@options.task_argument
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows here, as JSONL.")
@options.pictures_option
@options.json_option
def command(task: str, paths: tuple[Path, ...], out: Path | None, photos: str | None, as_json: bool) -> None:
    """Read problems of TASK from FILEs.

    sat reads SATURN's JSONL and DIMACS CNF; grounding COCO's JSON of boxes, gui ScreenSpot's and AndroidControl's
    JSON, with the pictures that they name in the folder of --pictures.

    Every problem is checked and counted; the first mistake is named with its line, and nothing is written. A row holds
    the prompt, the messages, measures of difficulty, a digest, and in `spec` the problem itself, by which it is scored.
    """
    found = options.load(task)
    reader = files.reader(found)
    if photos is not None:
        options.use_pictures(photos)
    rows: dict[str, dict[str, Any]] = {}
    notes: list[str] = []
    for path in paths:
        text = _text(path)
        try:
            problems = reader.read(text)
        except UsageError as error:
            raise UsageError(f"{path}: {error}") from None
        for each in problems:
            row = files.row(found, each, path.name)
            notes.extend(f"{path.name}: {note}" for note in each.notes)
            if row["digest"] in rows:
                notes.append(f"{row['source']}: the same problem as {rows[row['digest']]['source']}: left out")
            else:
                rows[row["digest"]] = row
    for note in notes[:SHOWN]:
        terminal.note(terminal.line(note), "yellow")
    if len(notes) > SHOWN:
        terminal.note(f"… and {len(notes) - SHOWN} more of the kind", "yellow")
    if out is not None:
        _write(out, list(rows.values()))
    if as_json:
        for row in rows.values():
            terminal.emit(row)
    else:
        terminal.show(_table(list(rows.values())))
        if len(rows) > SHOWN:
            terminal.show(terminal.plain(f"… and {len(rows) - SHOWN} more", "dim"))
        where = f", written to {out}" if out else ""
        terminal.show("", f"{len(rows)} problem{'s' if len(rows) != 1 else ''} read{where}")


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}: line {line}: not UTF-8 (byte 0x{raw[error.start]:02x})") from None


def _write(out: Path, rows: list[dict[str, Any]]) -> None:
    """All or nothing: a neighbouring file takes the name once it is whole."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    part.write_text("".join(json.dumps(row, allow_nan=False) + "\n" for row in rows), encoding="utf-8")
    part.replace(out)


def _table(rows: list[dict[str, Any]]) -> Any:
    made = terminal.table("source", "id", "difficulty", whole=("source",))
    for row in rows[:SHOWN]:
        terminal.row(made, (row["source"], row["id"], terminal.measures(row["difficulty"])))
    return made
