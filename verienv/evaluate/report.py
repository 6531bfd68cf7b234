"""A run, or several beside each other, as one page of HTML that needs nothing else: curves over the levels and tables.

Nothing on the page runs: no script is on it, its policy allows none, and what a model wrote is escaped.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from verienv import __version__
from verienv.evaluate import estimate
from verienv.evaluate.estimate import Estimate
from verienv.evaluate.tally import Example, Group, Results

WIDTH, HEIGHT = 520, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 14, 34
COLOURS: Final = ("#2563a8", "#c2571a", "#2e7d4f", "#8b3a8b", "#a67c00", "#3b7a8c", "#b03a48", "#5b5f97")


@dataclass(frozen=True, slots=True)
class Difference:
    """A run's mean score above another's on the problems that both were asked, by paired bootstrap."""

    task: str
    setting: str
    problems: int
    estimate: Estimate


def page(runs: Sequence[Results]) -> str:
    """The page. One run gets its examples shown, several their differences from the first."""
    title = runs[0].name if len(runs) == 1 else "Comparison of " + ", ".join(run.name for run in runs)
    tasks = list(dict.fromkeys(group.task for run in runs for group in run.groups))
    parts = [f"<h1>{_text(title)}</h1>", _summary(runs)]
    for task in tasks:
        parts.append(f'<section><h2 id="{_text(task)}">{_text(task)}</h2>')
        parts.append(_curves(runs, task))
        parts.append(_table(runs, task))
        if len(runs) > 1:
            parts.append(_differences(runs, task))
        else:
            parts.append(_reasons([group for group in runs[0].groups if group.task == task]))
        parts.append("</section>")
    return _HEAD.format(title=_text(title)) + "\n".join(parts) + _FOOT.format(version=__version__)


def differences(first: Results, second: Results) -> list[Difference]:
    """What `second` scores above `first`, by task and setting, where they share problems."""
    found = []
    for group in second.groups:
        other = next((each for each in first.groups if (each.task, each.setting) == (group.task, group.setting)), None)
        shared = [where for where in group.scores if other is not None and where in other.scores]
        if other is None or not shared:
            continue
        gaps = [_mean(group.scores[where]) - _mean(other.scores[where]) for where in shared]
        gap = estimate.mean(gaps, group.task, group.setting, "difference")
        found.append(Difference(group.task, group.setting, len(shared), gap))
    return found


def _summary(runs: Sequence[Results]) -> str:
    rows = []
    for at, run in enumerate(runs):
        replies = sum(group.replies for group in run.groups)
        told = "; ".join(
            f"{name}: {_setting(value)}" for name, value in run.settings.items() if value and name != "digest"
        )
        swatch = f'<span class="swatch" style="background:{_colour(at)}"></span>' if len(runs) > 1 else ""
        rows.append(
            f"<tr><td class=run>{swatch}{_text(run.name)}</td><td class=n>{run.mean:.3f}</td>"
            f"<td class=n>{replies:,}</td><td>{_text(told)}</td></tr>"
        )
    head = "<tr><th>run</th><th>mean score</th><th>replies</th><th>how it was made</th></tr>"
    refused = sum(len(run.refused) for run in runs)
    note = f"<p class=bad>{refused} replies could not be scored.</p>" if refused else ""
    return f"{_scrolling(head, rows)}{note}"


def _curves(runs: Sequence[Results], task: str) -> str:
    """Score over the levels, one line a run; of a single run pass@k too. Settings spelt out stand behind the levels."""
    settings = _settings(runs, task)
    spots = {setting: at for at, setting in enumerate(settings)}
    lines: list[str] = []
    legend: list[tuple[str, str, str]] = []
    for at, run in enumerate(runs):
        groups = sorted((group for group in run.groups if group.task == task), key=lambda each: spots[each.setting])
        if not groups:
            continue
        colour = _colour(at)
        xs = [_x(spots[group.setting], len(settings)) for group in groups]
        lines.append(_band(xs, [group.mean for group in groups], colour))
        lines.append(_line(xs, [group.mean.value for group in groups], colour, "", dots=True))
        legend.append((colour, "", run.name if len(runs) > 1 else "mean score, 95 %"))
        if len(runs) == 1:
            most = max(k for group in groups for k in group.passes)
            for which, k in enumerate(sorted({1, most}), 1):
                if k == 1 and all(group.passes[1] == group.mean for group in groups):
                    continue  # a score is all or nothing here: the line would lie on the first
                held = [(x, group.passes[k].value) for x, group in zip(xs, groups, strict=True) if k in group.passes]
                lines.append(_line([x for x, _ in held], [value for _, value in held], _colour(which), "5 3"))
                legend.append((_colour(which), "5 3", f"pass@{k}"))
    floors = _beside(runs, task, settings)
    if floors:
        xs = [_x(spots[setting], len(settings)) for setting in floors]
        lines.append(_line(xs, [floors[setting][0] for setting in floors], "#888", "2 3"))
        lines.append(_line(xs, [floors[setting][1] for setting in floors], "#bbb", "8 4"))
        legend += [("#888", "2 3", "best blind player"), ("#bbb", "8 4", "oracle")]
    return _chart(lines, legend, settings, f"{task}: score by level")


def _chart(lines: Iterable[str], legend: Sequence[tuple[str, str, str]], settings: Sequence[str], title: str) -> str:
    grid = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(tick)
        grid.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>')
        grid.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    every = max(1, -(-len(settings) // 14))
    for at, setting in enumerate(settings):
        if at % every == 0:
            label = setting if len(setting) <= 12 else f"{setting[:11]}…"
            x = _x(at, len(settings))
            grid.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_text(label)}</text>')
    keys = "".join(
        f'<span class=key><svg width="26" height="8"><line x1="1" x2="25" y1="4" y2="4" stroke="{colour}" '
        f'stroke-width="2" stroke-dasharray="{dash}"/></svg>{_text(name)}</span>'
        for colour, dash, name in legend
    )
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{_text(title)}">'
        f"{''.join(grid)}{''.join(lines)}</svg><figcaption>{keys}</figcaption></figure>"
    )


def _table(runs: Sequence[Results], task: str) -> str:
    several = len(runs) > 1
    groups = [(at, run, group) for at, run in enumerate(runs) for group in run.groups if group.task == task]
    order = {setting: at for at, setting in enumerate(_settings(runs, task))}
    groups.sort(key=lambda each: (order[each[2].setting], each[0]))
    ks = sorted({k for _, _, group in groups for k in group.passes})
    shown = [k for k in ks if k in (1, ks[-1])] if several else ks
    head = ["setting", *(["run"] if several else []), "problems", "replies", "score"]
    head += [f"pass@{k}" for k in shown]
    head += ["unreadable", "truncated", "tokens", "best blind", "oracle"]
    rows = []
    for at, run, group in groups:
        floor = group.floor
        cells = [f"<td>{_text(group.setting)}</td>"]
        if several:
            cells.append(
                f'<td class=run><span class="swatch" style="background:{_colour(at)}"></span>{_text(run.name)}</td>'
            )
        numbers = [f"{len(group.scores):,}", f"{group.replies:,}", _interval(group.mean)]
        numbers += [_interval(group.passes[k]) if k in group.passes else "–" for k in shown]
        numbers += [f"{group.unreadable:.1%}", f"{group.truncated:.1%}"]
        numbers.append("–" if group.reply_tokens is None else f"{group.reply_tokens:,.0f}")
        numbers.append("–" if floor is None else f"{floor[1]:.3f} <small>{_text(floor[0])}</small>")
        numbers.append("–" if group.oracle is None else f"{group.oracle:.3f}")
        cells += [f"<td class=n>{each}</td>" for each in numbers]
        rows.append(f"<tr>{''.join(cells)}</tr>")
        if group.broken:
            told = f"{group.broken} replies on which the task itself failed: a bug of the task, not scored"
            rows.append(f"<tr><td class=bad colspan={len(head)}>{told}</td></tr>")
    return _scrolling(f"<tr>{''.join(f'<th>{_text(each)}</th>' for each in head)}</tr>", rows)


def _differences(runs: Sequence[Results], task: str) -> str:
    rows = []
    for run in runs[1:]:
        for each in differences(runs[0], run):
            if each.task == task:
                gap = each.estimate
                sure = "" if gap.low <= 0 <= gap.high else " class=sure"
                rows.append(
                    f"<tr{sure}><td>{_text(each.setting)}</td><td>{_text(run.name)} − {_text(runs[0].name)}</td>"
                    f"<td class=n>{each.problems:,}</td><td class=n>{gap.value:+.3f} "
                    f"<small>[{gap.low:+.3f}, {gap.high:+.3f}]</small></td></tr>"
                )
    if not rows:
        return "<p>No problem was asked in two of these runs.</p>"
    head = "<tr><th>setting</th><th>difference of mean scores</th><th>shared problems</th><th>paired, 95 %</th></tr>"
    return _scrolling(head, rows)


def _scrolling(head: str, rows: Sequence[str]) -> str:
    """A table that scrolls by itself where it is wider than the page; by keys, too."""
    return f"<div class=wide tabindex=0><table>{head}{''.join(rows)}</table></div>"


def _reasons(groups: Sequence[Group]) -> str:
    totals: dict[str, int] = {}
    examples: dict[str, Example] = {}
    for group in groups:
        for reason, count in group.reasons.items():
            totals[reason] = totals.get(reason, 0) + count
        for example in group.examples:
            examples.setdefault(example.reason, example)
    shown = []
    for reason, count in sorted(totals.items(), key=lambda each: -each[1]):
        told = f"<summary>{_text(reason)} <small>{count:,}</small></summary>"
        if reason in examples:
            example = examples[reason]
            told += f"<p><code>verienv show {_text(example.address)}</code></p><pre>{_text(example.reply)}</pre>"
        shown.append(f"<details>{told}</details>")
    return f"<h3>What replies came to, each with an example</h3>{''.join(shown)}"


def _settings(runs: Sequence[Results], task: str) -> list[str]:
    groups = [group for run in runs for group in run.groups if group.task == task]
    groups.sort(key=lambda each: (each.level is None, each.level or 0, each.setting))
    return list(dict.fromkeys(group.setting for group in groups))


def _beside(runs: Sequence[Results], task: str, settings: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Setting → best blind player and oracle, from the first run that has them."""
    found: dict[str, tuple[float, float]] = {}
    for setting in settings:
        for run in runs:
            for group in run.groups:
                if (group.task, group.setting) == (task, setting) and group.floor and group.oracle is not None:
                    found.setdefault(setting, (group.floor[1], group.oracle))
    return found


def _line(xs: Sequence[float], ys: Sequence[float], colour: str, dash: str, dots: bool = False) -> str:
    points = " ".join(f"{x:.1f},{_y(y):.1f}" for x, y in zip(xs, ys, strict=True))
    drawn = f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
    if dots or len(xs) == 1:
        marks = zip(xs, ys, strict=True)
        drawn += "".join(f'<circle cx="{x:.1f}" cy="{_y(y):.1f}" r="3" fill="{colour}"/>' for x, y in marks)
    return drawn


def _band(xs: Sequence[float], ys: Sequence[Estimate], colour: str) -> str:
    if len(xs) == 1:
        x, only = xs[0], ys[0]
        return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(only.low):.1f}" y2="{_y(only.high):.1f}" stroke="{colour}"/>'
    above = [f"{x:.1f},{_y(y.high):.1f}" for x, y in zip(xs, ys, strict=True)]
    below = [f"{x:.1f},{_y(y.low):.1f}" for x, y in zip(xs, ys, strict=True)]
    return f'<polygon points="{" ".join(above + below[::-1])}" fill="{colour}" opacity="0.15"/>'


def _setting(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _x(at: int, count: int) -> float:
    room = WIDTH - LEFT - RIGHT
    return LEFT + room / 2 if count == 1 else LEFT + 14 + (room - 28) * at / (count - 1)


def _y(value: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - min(1.0, max(0.0, value)))


def _interval(given: Estimate) -> str:
    return f"{given.value:.3f} <small>[{given.low:.3f}, {given.high:.3f}]</small>"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _colour(at: int) -> str:
    return COLOURS[at % len(COLOURS)]


def _text(text: object) -> str:
    """Escaped for an element or a quoted attribute; control characters spelt out."""
    shown = "".join(mark if mark.isprintable() or mark in "\n\t" else f"\\x{ord(mark):02x}" for mark in str(text))
    return html.escape(shown.encode("utf-8", "backslashreplace").decode("utf-8"), quote=True)


_HEAD: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; color: #1f2328; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; overflow-wrap: anywhere; }} h2 {{ margin: 2.2rem 0 .4rem; font-size: 1.2rem; }}
h3 {{ font-size: 1rem; margin: 1.2rem 0 .3rem; }}
table {{ border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin: .6rem 0; }}
th, td {{ text-align: left; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #e4e7eb; vertical-align: top; }}
th {{ font-weight: 600; border-bottom-color: #9aa3ad; }} td.n, td.run {{ white-space: nowrap; }}
small {{ color: #667; font-size: .82em; }} td small {{ display: block; }}
.bad {{ color: #b03a48; }} tr.sure td {{ font-weight: 600; }}
figure {{ margin: .4rem 0; }} figure > svg {{ width: 100%; max-width: 640px; height: auto; }}
.wide {{ overflow-x: auto; }}
svg text {{ font-size: 11px; fill: #556; }}
@media (max-width: 560px) {{ svg text {{ font-size: 16px; }} }}
.grid {{ stroke: #e4e7eb; }}
.key {{ display: inline-flex; align-items: center; gap: .35rem; margin-right: 1.1rem; font-size: .85rem; color: #445; }}
.swatch {{ display: inline-block; width: .7em; height: .7em; border-radius: 2px; margin-right: .4em; }}
details {{ border-bottom: 1px solid #e4e7eb; padding: .25rem 0; }} summary {{ cursor: pointer; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f6f8; padding: .6rem; border-radius: 4px; }}
footer {{ color: #889; font-size: .85rem; margin-top: 3rem; }}
</style></head><body>
"""
_FOOT: Final = """
<footer>Intervals hold the middle 95 % of 1,000 bootstrap means over problems. pass@k is unbiased.
verienv {version}</footer>
</body></html>
"""
