"""`verienv audit`: any verifier held to every property, with an example for each fault."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verienv.cli import options, terminal
from verienv.errors import UsageError

if TYPE_CHECKING:
    from verienv.audit import Finding, Report, Result

STYLES = {"critical": "bold white on red", "high": "bold red", "medium": "yellow", "low": "cyan", "info": "dim"}
MARKS = {"kept": ("✓", "green"), "broken": ("✗", "bold red"), "skipped": ("·", "dim")}


@click.command("audit")
@click.argument("target")
@click.option("--items", type=click.Path(exists=True, dir_okay=False), help="JSON lines: prompt, truth, oracle.")
@click.option("--only", multiple=True, metavar="NAME", help="Only this property; may be repeated.")
@click.option("--skip", multiple=True, metavar="NAME", help="Not this property; may be repeated.")
@click.option("--effort", default="normal", show_default=True, metavar="E", help="quick, normal or long.")
@click.option("--range", "between", default="0:1", show_default=True, help="What nothing and everything earn.")
@click.option("--floor", default=0.0, show_default=True, help="The share that a blind player may earn.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another stream of hostile replies.")
@click.option("--generator", default="", metavar="G", help="G(seed, index) beside the function gives an item.")
@click.option("--solver", default="", metavar="M:F", help="F(item) answers items independently.")
@click.option("--python", default=sys.executable, show_default="this one", help="The interpreter that has the target.")
@click.option("--set", "changes", type=options.Setting(), multiple=True, help="A setting of the target.")
@click.option("--cpu", type=click.IntRange(1, 600), default=4, show_default=True, help="CPU seconds a call may take.")
@click.option("--memory", type=click.IntRange(64), default=1024, show_default=True, help="MiB a call may take.")
@click.option("--fail-on", default="high", show_default=True, help="Exit 1 from this severity on; never: not at all.")
@click.option("--item", type=int, metavar="I", help="The item that --reply answers.")
@click.option("--reply", help="Only score this reply, and say all that happens.")
@click.option(
    "--reply-json", metavar="JSON", help="The reply as JSON: any text, the moves of a game, or anything else."
)
@click.option("--mutate", is_flag=True, help="Change a task's checker instead, and tell what notices.")
@click.option("--mutants", type=click.IntRange(0), default=200, show_default=True, help="So many times; 0: every way.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False), help="Write the report as JSON; - for stdout.")
@click.option("--html", "html_file", type=click.Path(dir_okay=False), help="Write the report as a page.")
@click.option(
    "--list", is_flag=True, is_eager=True, expose_value=False, callback=lambda *given: _list(*given),
    help="The properties, and what each promises.",
)  # fmt: skip
@click.pass_context
def command(ctx: click.Context, /, target: str, **given: Any) -> None:
    """Hold a verifier to every property; exit 1 when something as bad as --fail-on is found.

    TARGET is a task, module:function or file.py:function (called as f(item, reply), or as TRL, verl or OpenRLHF would),
    reasoning_gym:NAME, verifiers:NAME, math_verify, or an http:// endpoint. Each call is made in a process of its own,
    with limits.
    """
    from verienv import audit
    from verienv.audit import run
    from verienv.audit.targets import settings

    fail_on = given["fail_on"]
    if fail_on != "never" and fail_on not in audit.SEVERITIES:
        raise UsageError(f"--fail-on {fail_on!r}: one of {', '.join(audit.SEVERITIES)}, never")
    if given["mutate"]:
        from verienv.cli import mutants

        if not mutants.judge(target, given["mutants"], given["seed"], given["json_file"]) and fail_on != "never":
            ctx.exit(1)
        return
    low, high = _range(given["between"])
    aim = audit.target(target, generator=given["generator"], config=settings(dict(given["changes"])))
    limits = audit.Limits(cpu=given["cpu"], memory=given["memory"] << 20)
    common = {
        "effort": given["effort"],
        "low": low,
        "high": high,
        "floor": given["floor"],
        "seed": given["seed"],
        "solver": given["solver"],
        "python": given["python"],
        "limits": limits,
        "command": _command(target, given),
    }
    reply = _reply(given)
    if reply is not None:
        with run.study(aim, given["items"], **common) as begun:
            _probe(begun, given["item"] or 0, reply)
        return
    if given["item"] is not None:
        raise UsageError("--item needs --reply or --reply-json: what is said to it")
    names = run.chosen(given["only"], given["skip"])
    with terminal.progress() as bar:
        job = bar.add_task(target, total=len(names))

        def told(result: Result) -> None:
            bar.update(job, advance=1, description=f"{target} {result.name}")

        report = audit.audit(aim, given["items"], only=given["only"], skip=given["skip"], told=told, **common)
    if given["json_file"] == "-":
        sys.stdout.write(json.dumps(report.to_json()) + "\n")
    else:
        _show(report)
        if given["json_file"]:
            report.write_json(given["json_file"])
    if given["html_file"]:
        from verienv.audit import page

        Path(given["html_file"]).write_text(page.html(report), encoding="utf-8")
    if fail_on != "never" and report.at_least(fail_on):
        ctx.exit(1)


def _show(report: Report) -> None:
    """What was audited, a line a property, the findings with their examples, and one line that sums it up."""
    terminal.show(terminal.plain(f"{report.target}", "bold"), "")
    made = terminal.table("", "property", "seen", "calls", "s", whole=("property",), right=("calls", "s"))
    for result in report:
        mark, style = MARKS[result.status]
        seen = terminal.plain(result.detail, "dim")
        seen.no_wrap, seen.overflow = True, "ellipsis"
        name = terminal.plain(result.name, STYLES[result.worst] if result.worst else "")
        calls = f"{result.calls:,}" if result.calls else ""
        terminal.row(made, (terminal.plain(mark, style), name, seen, calls, f"{result.seconds:.1f}"))
    terminal.show(made, "")
    for each in report.findings:
        _finding(each)
    for note in report.notes:
        terminal.show(terminal.plain(f"note: {note}", "dim"))
    if report.notes:
        terminal.show("")
    terminal.show(terminal.plain(_sum(report), "bold red" if report.findings else "green"))


def _finding(each: Finding) -> None:
    from rich.text import Text

    title = Text.assemble(
        (f" {each.severity} ", STYLES[each.severity]), " ", (each.property, "bold"), "  ", terminal.visible(each.title)
    )
    terminal.show(title)
    rows = {"": each.detail, "reply": shown(each.reply), "earns": "" if each.value is None else f"{each.value:g}"}
    for name, text in rows.items():
        if text:
            told = f"    {name}: {text}" if name else f"    {text}"
            terminal.show(terminal.plain(terminal.line(told), "" if name else "dim"))
    if each.reproduce:
        terminal.out().print(terminal.plain(f"    $ {each.reproduce}", "dim"), soft_wrap=True)
    terminal.show("")


def _sum(report: Report) -> str:
    broken = [each for each in report if each.status == "broken"]
    kept = sum(each.status == "kept" for each in report)
    figures = (
        f"{report.items} items, {report.calls:,} calls, {report.seconds:.1f} s; oracle "
        f"{'unknown' if report.oracle is None else f'{report.oracle:.2f}'}, blind floor {report.floor:.2f}"
    )
    if not broken:
        return f"✓ {kept} properties kept; {figures}"
    counts = ", ".join(f"{count} {name}" for name, count in report.counts().items())
    return f"✗ {counts}: {len(broken)} properties broken, {kept} kept; {figures}"


def _probe(begun: Any, at: int, reply: Any) -> None:
    """One reply, and all that scoring it brought about."""
    from verienv.audit.run import probe

    outcome = probe(begun, at, reply)
    item = begun.items[at]
    terminal.show(
        terminal.facts(
            {
                "item": f"{at}: {terminal.line(item.prompt[-200:])}",
                "truth": terminal.line(item.truth[:200]),
                "reply": shown(reply),
                "earns": "nothing that is a number" if outcome.value is None else f"{outcome.value!r}",
                "fault": f"{outcome.fault} {outcome.detail} {outcome.where}".strip() if outcome.fault else "",
                "besides": "; ".join(what for _, what in outcome.effects),
                "CPU": f"{outcome.cpu:.3f} s",
                "memory": f"{outcome.grew / (1 << 20):.1f} MiB more",
            }
        )
    )


def shown(reply: Any, most: int = 160) -> str:
    """A reply on one line; a long one cut, and one piece again and again told as that."""
    if reply is None:
        return ""
    from verienv.audit.study import repeated

    if isinstance(reply, str) and len(reply) > most and (run := repeated(reply)):
        before, unit, count, after = run
        told = [repr(before)] if before else []
        return " + ".join([*told, f"{unit!r} × {count:,}", *([repr(after)] if after else [])])[:400]
    text = repr(reply)
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def _reply(given: dict[str, Any]) -> Any:
    if given["reply"] is not None and given["reply_json"] is not None:
        raise UsageError("give --reply or --reply-json, not both")
    if given["reply_json"] is None:
        return given["reply"]
    try:
        reply = json.loads(given["reply_json"])
    except ValueError as error:
        raise UsageError(f"--reply-json is not JSON: {error}") from error
    plain = isinstance(reply, str) or (isinstance(reply, list) and all(isinstance(each, str) for each in reply))
    return reply if plain or (isinstance(reply, dict) and [*reply] == ["raw"]) else {"raw": reply}


def _range(text: str) -> tuple[float, float]:
    low, _, high = text.partition(":")
    try:
        return float(low), float(high)
    except ValueError:
        raise UsageError(f"--range {text!r}: written low:high, like 0:1") from None


def _command(target: str, given: dict[str, Any]) -> str:
    """The command line that audits this again, without what narrows it."""
    words = ["verienv", "audit", target]
    for name, option in (("items", "--items"), ("generator", "--generator"), ("solver", "--solver")):
        words += [option, given[name]] if given[name] else []
    words += ["--python", given["python"]] if given["python"] != sys.executable else []
    words += ["--range", given["between"]] if given["between"] != "0:1" else []
    words += ["--effort", given["effort"]] if given["effort"] != "normal" else []
    words += ["--seed", str(given["seed"])] if given["seed"] else []
    for name, value in given["changes"]:
        words += ["--set", f"{name}={value}"]
    return shlex.join(words)


def _list(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from verienv.audit import PROPERTIES

    made = terminal.table("property", "promise", whole=("property",))
    for each in PROPERTIES:
        terminal.row(made, (each.name, each.promise))
    terminal.show(made)
    ctx.exit()
