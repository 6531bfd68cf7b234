"""`verienv check`: tasks held to every promise of the contract, as a table."""

from __future__ import annotations

from typing import Any

import click

from verienv.cli import options, terminal
from verienv.errors import UsageError


@click.command("check")
@options.tasks_argument
@click.option("--level", "-l", "levels", type=int, multiple=True, metavar="L", help="Only this level; may be repeated.")
@click.option("--size", "-n", type=click.IntRange(2, 10_000), default=16, show_default=True, help="Instances a level.")
@options.json_option
@click.pass_context
def command(ctx: click.Context, tasks: tuple[str, ...], levels: tuple[int, ...], size: int, as_json: bool) -> None:
    """Hold TASKs (without names: all) to every promise of the contract; exit 1 when one is broken.

    A check can show that a promise is broken, never that it is kept: it looks at so many instances of each level.
    """
    from verienv import contract

    broken = 0
    for task in options.all_or(tasks):
        chosen = sorted(set(levels)) or list(range(len(task.levels)))
        for level in chosen:
            task.at_level(level)
        if len(task.levels) == 0:
            raise UsageError(f"{task.name} has no levels")
        total = sum(1 if each.once else len(chosen) for each in contract.CHECKS)
        results = []
        with terminal.progress() as bar:
            job = bar.add_task(task.name, total=total)
            for result in contract.results(task, chosen, size):
                bar.update(job, advance=1, description=f"{task.name} {result.check}")
                results.append(result)
        failed = [each for each in results if not each.ok]
        broken += len(failed)
        if as_json:
            for each in results:
                terminal.emit(
                    {
                        "task": task.name,
                        "check": each.check,
                        "level": each.level,
                        "ok": each.ok,
                        "detail": each.detail,
                        "seconds": round(each.seconds, 4),
                    }
                )
            continue
        terminal.show(terminal.plain(f"{task.name}  {task.title}", "bold"), "", _table(results), "")
        if failed:
            told = f"✗ {len(failed)} of {len(results)} checks failed"
            terminal.show(terminal.plain(told, "bold red"), "")
        else:
            seconds = sum(each.seconds for each in results)
            told = f"✓ {len(results)} checks on levels {_ranges(chosen)} passed in {seconds:.1f} s"
            terminal.show(terminal.plain(told, "green"), "")
    if broken:
        ctx.exit(1)


def _table(results: list[Any]) -> Any:
    """A row for each check that holds on all levels, one for each level where it does not."""
    made = terminal.table("", "check", "levels", "seen", "s", whole=("check", "levels"), right=("s",))
    by_check: dict[str, list[Any]] = {}
    for each in results:
        by_check.setdefault(each.check, []).append(each)
    for name, group in by_check.items():
        good = [each for each in group if each.ok]
        if good:
            levels = _ranges([each.level for each in good if each.level is not None]) or "all"
            seen = terminal.plain(good[-1].detail, "dim")
            seen.no_wrap, seen.overflow = True, "ellipsis"
            seconds = sum(each.seconds for each in good)
            terminal.row(made, (terminal.plain("✓", "green"), name, levels, seen, f"{seconds:.2f}"))
        for each in group:
            if not each.ok:
                level = "all" if each.level is None else str(each.level)
                detail = terminal.plain(each.detail, "red")
                terminal.row(made, (terminal.plain("✗", "bold red"), name, level, detail, f"{each.seconds:.2f}"))
    return made


def _ranges(levels: list[int]) -> str:
    """0–3,5 from [0, 1, 2, 3, 5]."""
    spans: list[list[int]] = []
    for level in levels:
        if spans and level == spans[-1][1] + 1:
            spans[-1][1] = level
        else:
            spans.append([level, level])
    return ",".join(str(low) if low == high else f"{low}–{high}" for low, high in spans)
