"""`verienv list`: the tasks there are."""

from __future__ import annotations

from typing import Any

import click

from verienv import registry
from verienv.cli import options, terminal
from verienv.errors import UnknownName, UsageError
from verienv.task import Game, Task
from verienv.views import Arrays, Controlled, Stepwise

SPANS = 4
"""Knobs shown of a task; --json has them all."""


@click.command("list")
@click.option("--tag", multiple=True, help="Only tasks with this tag (given twice: with both).")
@options.json_option
def command(tag: tuple[str, ...], as_json: bool) -> None:
    """The tasks there are: id, title, tags, levels, views, and how far the knobs reach from level to level."""
    found, broken = [], []
    for name in registry.names():
        try:
            found.append(options.load(name))
        except UsageError as error:
            broken.append(str(error))
    known = sorted({each for task in found for each in task.tags})
    for each in tag:
        if each not in known:
            raise UnknownName("tag", each, known)
    chosen = [task for task in found if set(tag) <= set(task.tags)]
    if as_json:
        for task in chosen:
            terminal.emit(_facts(task))
    else:
        terminal.show(_table(chosen))
    for reason in broken:
        terminal.note(f"left out: {terminal.line(reason)}", "yellow")


def views(task: Task[Any, Any, Any]) -> tuple[str, ...]:
    """The views a task can be played in: text, and where it has them native and step."""
    native = ("native",) if isinstance(task, Arrays) else ()
    return ("text", *native, *(("step",) if isinstance(task, Stepwise | Controlled) else ()))


def reach(task: Task[Any, Any, Any]) -> dict[str, tuple[float, float]]:
    """The numeric knobs that differ between levels: their least and greatest value."""
    spans = {}
    for knob in task.knobs.knobs():
        if knob.type in (int, float):
            values = [getattr(level, knob.name) for level in task.levels]
            if min(values) != max(values):
                spans[knob.name] = (min(values), max(values))
    return spans


def _table(tasks: list[Task[Any, Any, Any]]) -> Any:
    made = terminal.table("task", "title", "tags", "levels", "views", "sizes", whole=("task",), right=("levels",))
    for task in tasks:
        spans = [f"{name}={low:g}–{high:g}" for name, (low, high) in reach(task).items()]
        sizes = ", ".join([*spans[:SPANS], *(["…"] if len(spans) > SPANS else [])])
        terminal.row(
            made,
            (
                terminal.plain(task.name, "bold cyan"),
                task.title,
                " ".join(task.tags),
                f"0–{len(task.levels) - 1}",
                " ".join(views(task)),
                terminal.plain(sizes, "dim"),
            ),
        )
    return made


def _facts(task: Task[Any, Any, Any]) -> dict[str, Any]:
    return {
        "task": task.name,
        "version": task.version,
        "title": task.title,
        "kind": "game" if isinstance(task, Game) else "question",
        "tags": list(task.tags),
        "parts": list(task.parts),
        "terms": list(task.terms),
        "views": list(views(task)),
        "levels": [level.to_dict() for level in task.levels],
        "knobs": [
            {
                "name": knob.name,
                "type": knob.type.__name__,
                "default": knob.default,
                "low": knob.low,
                "high": knob.high,
                "choices": list(knob.choices),
                "doc": knob.doc,
            }
            for knob in task.knobs.knobs()
        ],
    }
