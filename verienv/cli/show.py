"""`verienv show`: one instance as the player sees it, what is known of it, and on request its answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from verienv import address as addresses
from verienv.cli import options, pictures, terminal
from verienv.errors import UsageError
from verienv.score import Score
from verienv.task import Instance


@click.command("show")
@click.argument("task", type=options.Place(), required=False)
@options.level_option
@click.option("--index", "-i", type=int, default=0, show_default=True, help="Which instance of the stream.")
@options.seed_option
@options.split_option
@options.set_option
@options.pictures_option
@click.option("--address", help="The instance that lives there; says all of the above.")
@click.option("--oracle", is_flag=True, help="Show an answer that scores 1, too.")
@click.option("--out", "-o", "folder", type=click.Path(file_okay=False, path_type=Path), help="Save pictures in here.")
@options.json_option
@click.pass_context
def command(
    ctx: click.Context,
    task: str | None,
    level: int | None,
    index: int,
    seed: int,
    split: str,
    changes: tuple[tuple[str, str], ...],
    photos: str | None,
    address: str | None,
    oracle: bool,
    folder: Path | None,
    as_json: bool,
) -> None:
    """One instance: TASK at a level, index, seed and split, or the one that lives at an address.

    \b
    verienv show sat --level 3 --index 17
    verienv show sat@1/L3/train/s0/17 --oracle
    verienv show sat --set k=12 --set l=60
    """
    if task is not None and "/" in task:
        address, task = (address or task), None if address is None else task
    if address is not None:
        where = addresses.parse(address)
        options.with_pictures((), photos)  # the address names the set, which must be known
        said = [name for name in ("level", "index", "seed", "split", "changes") if _given(ctx, name)]
        if said:
            raise UsageError(f"an address says it all: leave --{said[0].replace('changes', 'set')} out")
        if task is not None and task != where.name:
            raise UsageError(f"{where} is an address of {where.name!r}, not of {task!r}")
        instance = options.load(where.name).at(where)
    elif task is not None:
        instance = options.instance(
            options.load(task), level, options.with_pictures(changes, photos), seed, index, split
        )
    else:
        raise UsageError("show what? Name a task (verienv list tells them) or give an --address")

    prompt = instance.prompt
    saved = pictures.save(prompt, folder, stem(instance)) if folder else []
    reply = instance.task.oracle(instance) if oracle else None
    if as_json:
        row = facts(instance, prompt, saved)
        if oracle:
            row["oracle"] = reply
        terminal.emit(row)
        return
    terminal.show(terminal.plain(instance.address, "bold"), "")
    pictures.show(prompt, saved)
    known = {
        "knobs": terminal.measures(instance.knobs.to_dict()),
        "measures": terminal.measures(instance.task.describe(instance.problem)),
        "digest": instance.digest,
    }
    terminal.show(terminal.facts(known))
    if oracle:
        replies = [reply] if isinstance(reply, str) else list(reply or ())
        terminal.show("", terminal.plain("The oracle answers", "bold"), *replies)
        terminal.show(verdict(instance.task.score(instance, reply)))


def stem(instance: Instance[Any]) -> str:
    """The address as a file name."""
    return terminal.line(instance.address).replace("/", "-").replace("@", "-")


def facts(instance: Instance[Any], prompt: list[Any], saved: list[Path]) -> dict[str, Any]:
    """Everything there is to say about an instance, without its answer."""
    where = addresses.parse(instance.address)
    paths = iter(saved)
    return {
        "address": instance.address,
        "task": where.name,
        "version": where.version,
        "level": where.level,
        "split": where.split,
        "seed": where.seed,
        "index": where.index,
        "knobs": instance.knobs.to_dict(),
        "digest": instance.digest,
        "difficulty": dict(instance.task.describe(instance.problem)),
        "prompt": [
            part
            if isinstance(part, str)
            else {"width": part.width, "height": part.height, "path": str(next(paths)) if saved else None}
            for part in prompt
        ],
        "messages": instance.messages,
    }


def verdict(score: Score) -> Any:
    """A score as one line: value, reason, parts."""
    from rich.text import Text

    colour = "green" if score.right else "yellow" if score.value > 0 else "red"
    parts = "  ".join(f"{name} {value:.3g}" for name, value in score.parts.items())
    sign = "✓" if score.right else "✗"
    return Text.assemble(
        (f"{sign} {score.value:.3g}", f"bold {colour}"), f"  {terminal.line(score.reason)}", (f"  {parts}", "dim")
    )


def _given(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
