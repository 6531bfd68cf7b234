"""`verienv eval`: ask a model problems, and tell what it can do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verienv.cli import options, terminal
from verienv.errors import KnobError, UsageError

if TYPE_CHECKING:
    from verienv.evaluate import Results

REPORT = "report.html"


@click.command("eval")
@click.argument("sources", metavar="[TASK|RECIPE|DATASET]...", nargs=-1)
@click.option("--out", "-o", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where the run is kept.")
@click.option("--model", "-m", help="The model's name at the server.")
@click.option("--base-url", help="An OpenAI-compatible server, like http://localhost:8000/v1.")
@click.option("--call", "function", metavar="MODULE:FUNCTION", help="A Python callable instead: messages → text.")
@click.option("--level", "-l", "levels", metavar="L", help="2, or 0,2,5, or 0:3 (which includes 3). Default: all.")
@click.option("--count", "-n", type=int, default=50, show_default=True, help="Problems of each level.")
@click.option("--samples", "-k", type=int, default=1, show_default=True, help="Replies to each problem.")
@options.seed_option
@click.option("--split", type=options.SplitName(), default="test", show_default=True, help="train, validation or test.")
@options.set_option
@click.option("--temperature", type=float, help="Left to the server unless given.")
@click.option("--max-tokens", type=int, help="Of a reply; left to the server unless given.")
@click.option("--body", metavar="JSON", help="More of the request, like '{\"top_p\": 0.95}'.")
@click.option("--system", type=click.Path(dir_okay=False, path_type=Path), help="A file with a system prompt.")
@click.option("--concurrency", "-c", type=int, default=16, show_default=True, help="Requests under way at once.")
@click.option("--retries", type=int, default=5, show_default=True, help="Of a request that failed on its way.")
@click.option("--timeout", type=float, default=600.0, show_default=True, help="Seconds a request may take.")
@click.option("--key", "key_variable", default="OPENAI_API_KEY", show_default=True, help="The variable with the key.")
@click.option("--compare", multiple=True, type=click.Path(path_type=Path), help="Runs on one page; asks nothing.")
@options.json_option
def command(
    sources: tuple[str, ...],
    folder: Path | None,
    model: str | None,
    base_url: str | None,
    function: str | None,
    levels: str | None,
    count: int,
    samples: int,
    seed: int,
    split: str,
    changes: tuple[tuple[str, str], ...],
    temperature: float | None,
    max_tokens: int | None,
    body: str | None,
    system: Path | None,
    concurrency: int,
    retries: int,
    timeout: float,
    key_variable: str,
    compare: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Ask a model problems of tasks, recipes or data sets, and score what it says.

    Killed at any moment and called again, it goes on. OUT holds the replies (replies.jsonl, which `verienv score`
    reads), results.json and report.html. Exit code 1 when some reply could not be got or scored.
    """
    from verienv import evaluate

    if compare:
        return _compare(compare, folder, as_json)
    if folder is None or not sources:
        raise UsageError("give what to ask and where to keep it: verienv eval sat -m MODEL --base-url URL -o runs/x")
    if (model is None) == (function is None):
        raise UsageError("give --model for a server, or --call for a Python callable")
    overrides: dict[str, object] = {}
    for name, value in changes:
        if name in overrides:
            raise KnobError(f"--set {name} is given twice")
        overrides[name] = value
    request = _request(body, temperature, max_tokens)
    if function is not None:
        if request:
            raise UsageError("--temperature, --max-tokens and --body are a server's; a callable knows its own")
        from verienv.evaluate import policy as policies

        policy = policies.load(function)
    else:
        from verienv.evaluate.endpoint import endpoint

        policy = endpoint(
            str(model), base_url, body=request, retries=retries, timeout=timeout, key_variable=key_variable
        )
    settings: dict[str, Any] = {"sources": list(sources), "levels": levels, "count": count, "seed": seed}
    settings |= {"split": split, "knobs": overrides, "model": model or function, "request": request}
    with terminal.progress() as bar:
        line = bar.add_task("drawing problems", total=None)
        asked = evaluate.problems(sources, levels, count=count, seed=seed, split=split, overrides=overrides or None)
        bar.update(line, description=f"asking {terminal.line(str(model or function))}")
        outcome = evaluate.run(
            asked,
            policy,
            folder,
            samples=samples,
            concurrency=concurrency,
            system=None if system is None else system.read_text(encoding="utf-8"),
            settings=settings,
            progress=lambda done, total: bar.update(line, completed=done, total=total),
        )
    for what in outcome.told:
        terminal.note(terminal.line(what), "yellow")
    if outcome.failed:
        terminal.note(f"{outcome.failed} replies could not be got: run again to ask for them", "yellow")
    if outcome.before + outcome.got == 0:
        return 1
    results = _told([folder], as_json)
    _write(results, folder)
    if not as_json:
        terminal.note(f"{folder / REPORT}")
    return int(not outcome.complete or any(run.refused or _broken(run) for run in results))


def _compare(folders: tuple[Path, ...], out: Path | None, as_json: bool) -> int:
    if len(folders) < 2:
        raise UsageError("--compare takes two runs or more: --compare runs/a --compare runs/b -o DIR")
    from verienv.evaluate import report

    results = _told(folders, as_json)
    for run in results[1:]:
        _show_differences(run, results[0], as_json)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / REPORT).write_text(report.page(results), encoding="utf-8")
        terminal.note(f"{out / REPORT}")
    return 0


def _told(folders: Any, as_json: bool) -> list[Results]:
    """The results of runs, printed."""
    from verienv import evaluate

    found = []
    with terminal.progress() as bar:
        for folder in folders:
            line = bar.add_task(f"scoring {terminal.line(str(folder))}", total=None)
            found.append(evaluate.results(folder, progress=lambda done, line=line: bar.update(line, completed=done)))  # type: ignore[misc]
    for run in found:
        if as_json:
            for group in run.groups:
                terminal.emit({"run": run.name, **group.to_dict()})
        else:
            _show(run)
        for what in run.refused[:5]:
            terminal.note(terminal.line(what), "yellow")
    return found


def _show(run: Results) -> None:
    several = sorted({k for group in run.groups for k in group.passes})
    ks = [k for k in several if k in (1, several[-1])]
    numbers = ["n", "score", *(f"pass@{k}" for k in ks), "unread", "cut", "blind", "oracle"]
    made = terminal.table("task", "setting", *numbers, right=numbers, tight=True)
    for group in run.groups:
        floor, half = group.floor, (group.mean.high - group.mean.low) / 2
        cells = [f"{len(group.scores):,}", f"{group.mean.value:.2f} ±{half:.2f}"]
        cells += [f"{group.passes[k].value:.2f}" if k in group.passes else "–" for k in ks]
        cells += [f"{group.unreadable:.0%}", f"{group.truncated:.0%}"]
        cells += ["–" if floor is None else f"{floor[1]:.2f}", "–" if group.oracle is None else f"{group.oracle:.2f}"]
        terminal.row(made, (terminal.plain(group.task, "bold cyan"), group.setting, *cells))
    told = f"{run.name}: {sum(group.replies for group in run.groups):,} replies, mean score {run.mean:.3f}"
    terminal.show(made, "", terminal.plain(told, "bold"))
    broken = _broken(run)
    if broken:
        terminal.note(f"{broken} replies on which a task itself failed: a bug, and no score", "bold red")


def _show_differences(run: Results, first: Results, as_json: bool) -> None:
    """What a run scores above the first, with paired intervals; those that exclude zero stand out."""
    from verienv.evaluate import report

    made = terminal.table("task", "setting", "shared", "difference", "95 %", right=("shared", "difference"), tight=True)
    found = report.differences(first, run)
    for each in found:
        gap = each.estimate
        if as_json:
            told = {"run": run.name, "above": first.name, "task": each.task, "setting": each.setting}
            terminal.emit(told | {"problems": each.problems, "difference": gap.value, "interval": [gap.low, gap.high]})
            continue
        cells = (f"{each.problems:,}", f"{gap.value:+.2f}", f"[{gap.low:+.2f}, {gap.high:+.2f}]")
        sure = "" if gap.low <= 0 <= gap.high else "bold"
        terminal.row(made, (terminal.plain(each.task, "bold cyan"), each.setting, *cells), sure)
    if found and not as_json:
        terminal.show("", terminal.plain(f"{run.name} − {first.name}", "bold"), made)
    elif not found:
        terminal.note(terminal.line(f"{run.name} and {first.name} share no problem"), "yellow")


def _broken(run: Results) -> int:
    return sum(group.broken for group in run.groups)


def _write(results: list[Results], folder: Path) -> None:
    from verienv.dataset import disk
    from verienv.evaluate import report

    disk.write(folder / "results.json", json.dumps(results[0].to_dict(), indent=1).encode() + b"\n")
    disk.write(folder / REPORT, report.page(results).encode("utf-8"))


def _request(body: str | None, temperature: float | None, max_tokens: int | None) -> dict[str, Any]:
    try:
        request = {} if body is None else json.loads(body)
    except ValueError as error:
        raise UsageError(f"--body is JSON: {error}") from None
    if not isinstance(request, dict):
        raise UsageError('--body is a JSON object, like {"top_p": 0.95}')
    if temperature is not None:
        request["temperature"] = temperature
    if max_tokens is not None:
        request["max_tokens"] = max_tokens
    return request
