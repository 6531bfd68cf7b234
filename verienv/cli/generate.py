"""`verienv generate`: write a data set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from verienv import registry
from verienv.cli import options, terminal
from verienv.errors import KnobError, UsageError

if TYPE_CHECKING:
    from verienv.dataset import Summary

FORMATS = "jsonl, parquet, webdataset, trl, verl, openrlhf; the last three with -parquet, too"


class Source(options.Text):
    """The name of a task or of a recipe, or a recipe's file."""

    name = "task or recipe"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as it is: the plan knows both kinds."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Every task and recipe that begins like this."""
        from verienv import recipe

        known = (*registry.names(), *recipe.names())
        return [CompletionItem(name) for name in known if name.startswith(incomplete)]


class Shard(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # click's older versions know no parameter here
    """i/N."""

    name = "i/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """The two numbers."""
        if isinstance(value, tuple):
            return value
        which, slash, of = str(value).partition("/")
        if not slash or not all(each.isascii() and each.isdecimal() and len(each) < 10 for each in (which, of)):
            raise UsageError(f"shard {value!r}: written i/N with 1 <= i <= N, like 1/4")
        return int(which), int(of)


@click.command("generate")
@click.argument("task", type=Source(), metavar="TASK|RECIPE")
@click.option("--level", "-l", "levels", metavar="L", help="2, or 0,2,5, or 0:3 (which includes 3). Default: all.")
@click.option("--count", "-n", type=int, required=True, help="How many rows, over all levels.")
@options.seed_option
@options.split_option
@click.option("--out", "-o", type=click.Path(path_type=Path), required=True, help="The folder to write, new or empty.")
@click.option("--format", "form", default="jsonl", show_default=True, help=FORMATS + ".")
@click.option("--workers", type=int, default=1, show_default=True, help="Processes; the bytes are the same.")
@click.option("--shard", type=Shard(), default="1/1", help="Only the i-th of N stretches, for clusters.")
@click.option("--order", help="level (easy to hard; default), mixed (a recipe's default), or a measure to sort by.")
@click.option("--pictures", type=click.Path(path_type=Path), help="A folder of your own pictures, for picture tasks.")
@click.option("--image", default="jpeg", show_default=True, help="How pictures are written: jpeg or png.")
@options.set_option
@click.option("--no-oracle", is_flag=True, help="Leave out the replies that score 1.")
@options.json_option
@click.pass_context
def command(
    ctx: click.Context,
    task: str,
    levels: str | None,
    count: int,
    seed: int,
    split: str,
    out: Path,
    form: str,
    workers: int,
    shard: tuple[int, int],
    order: str | None,
    pictures: Path | None,
    image: str,
    changes: tuple[tuple[str, str], ...],
    no_oracle: bool,
    as_json: bool,
) -> int:
    """Write COUNT problems of a task, or of a recipe's mixture, into a folder.

    Killed at any moment and called again, it goes on and ends with the same bytes. Exit code 1 when there are fewer
    distinct problems than rows asked for.
    """
    from verienv import dataset

    overrides: dict[str, object] = {}
    for name, value in changes:
        if name in overrides:
            raise KnobError(f"--set {name} is given twice")
        overrides[name] = value
    if pictures is not None:
        if "pictures" in overrides:
            raise KnobError("--pictures sets the knob pictures: --set pictures=… cannot be given too")
        overrides["pictures"] = options.use_pictures(str(pictures))
    settings: dict[str, Any] = {} if order is None else {"order": order}
    plan = dataset.plan(
        task,
        levels,
        count=count,
        overrides=overrides,
        seed=seed,
        split=split,
        format=form,
        image=image,
        oracle=not no_oracle,
        shard=shard,
        **settings,
    )
    with terminal.progress() as bar:
        line = bar.add_task(terminal.line(task), total=count)
        summary = dataset.generate(
            plan,
            out,
            workers=workers,
            pictures=None if pictures is None else str(pictures),
            progress=lambda done, asked: bar.update(line, completed=done, total=asked),
        )
    if as_json:
        terminal.emit(summary.to_dict())
    else:
        _show(summary)
    for sentence in summary.short:
        terminal.note(sentence, "yellow")
    return 0 if summary.complete else 1


def _show(summary: Summary) -> None:
    if not terminal.out().is_terminal:
        return
    made = terminal.table("task", "setting", "rows", right=("rows",))
    for name, rows in summary.cells.items():
        task, _, setting = name.partition(" ")
        terminal.row(made, (terminal.plain(task, "bold cyan"), setting, f"{rows:,}"))
    told = f"{summary.rows:,} rows in {summary.parts} parts, {_bytes(summary.bytes)}, {summary.seconds:.1f} s"
    if summary.resumed:
        told += f"; {summary.resumed:,} rows were there before"
    if summary.duplicates:
        told += f"; {summary.duplicates:,} duplicates dropped"
    terminal.show(made, "", terminal.plain(told, "bold"), terminal.plain(str(summary.out), "dim"))


def _bytes(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            break
        count /= 1000
    return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
