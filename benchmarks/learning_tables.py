"""The tables and the picture of benchmarks/learning.py, made from its results."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from courses import COURSES, QUESTIONS, Course

if TYPE_CHECKING:
    from PIL.Image import Image

Rows = list[list[str]]
BLIND = ("empty", "echo", "tags")


def table(results: Any, question: str, names: Sequence[str] = ()) -> str:
    """The answer to a question in Markdown, of the courses whose results are there."""
    chosen = [name for name in QUESTIONS[question] if not names or name in names]
    head, rows = SHOWN[question](results, [*chosen, *(name for name in names if name not in chosen)])
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([f"**{question}**", "", *lines, *("| " + " | ".join(row) + " |" for row in rows)])


def families(results: Any, names: Sequence[str]) -> tuple[list[str], Rows]:
    """Floor, warm start, GRPO and gain of each course."""
    head = ["course", "setting", "problems", "blind", "best rule", "warm start", "GRPO", "gain", "seeds", "CPU s"]
    rows: Rows = []
    for name, course, runs in _runs(results, names):
        label = next(iter(course.tested))
        problems, blind, best = _floor(results, name, course, label)
        warm, after = ([each[moment][label] for each in runs] for moment in ("warm", "after"))
        gain = [late - early for early, late in zip(warm, after, strict=True)]
        seconds = statistics.median(each["warm_seconds"] + each["seconds"] for each in runs)
        shown = [_spread(warm), _spread(after), _spread(gain, signed=True), str(len(runs)), f"{seconds:.0f}"]
        rows.append([name, label, problems, blind, best, *shown])
    return head, rows


def supervision(results: Any, names: Sequence[str]) -> tuple[list[str], Rows]:
    """GRPO beside supervision for as long, on the pool and on demonstrations never met again."""
    head = ["course", "warm start", "GRPO", "supervision, pool", "supervision, new", "seeds", "pool", "new met"]
    rows: Rows = []
    for name, course, runs in _runs(results, names):
        label = next(iter(course.tested))
        more = {kind: list(results.find("more", name, course, lessons=kind)) for kind in ("pool", "new")}
        seeds = {each["seed"] for each in more["pool"]} & {each["seed"] for each in more["new"]}
        if not seeds:
            continue
        found = [[each[moment][label] for each in runs if each["seed"] in seeds] for moment in ("warm", "after")]
        found += [[each["after"][label] for each in more[kind] if each["seed"] in seeds] for kind in ("pool", "new")]
        met = statistics.median(each["steps"] for each in more["new"]) * course.batch
        sizes = [str(course.train["demonstrations"]), f"{met:,.0f}"]
        rows.append([name, *map(_spread, found), str(len(seeds)), *sizes])
    return head, rows


def pieces(results: Any, names: Sequence[str]) -> tuple[list[str], Rows]:
    """Every cell of a course, before and after GRPO on the first one."""
    head = ["tested on", "problems", "blind", "warm start", "GRPO on two pieces", "gain", "seeds"]
    rows: Rows = []
    for name, course, runs in _runs(results, names):
        for label in course.tested:
            problems, blind, _ = _floor(results, name, course, label)
            warm, after = ([each[moment][label] for each in runs] for moment in ("warm", "after"))
            gain = [late - early for early, late in zip(warm, after, strict=True)]
            shown = [_spread(warm), _spread(after), _spread(gain, signed=True), str(len(runs))]
            rows.append([label, problems, blind, *shown])
    return head, rows


def curriculum(results: Any, names: Sequence[str]) -> tuple[list[str], Rows]:
    """Each way through the levels, tested on each level."""
    rows: Rows = []
    labels: list[str] = []
    for name, course, runs in _runs(results, names):
        labels = list(course.tested)
        if not rows:
            rows.append(["(warm start)", *_levels(runs, "warm", labels), str(len(runs)), ""])
        seconds = statistics.median(each["seconds"] for each in runs)
        rows.append([name, *_levels(runs, "after", labels), str(len(runs)), f"{seconds:.0f}"])
    return ["curriculum", *labels, "mean", "seeds", "CPU s"], rows


SHOWN: dict[str, Callable[[Any, Sequence[str]], tuple[list[str], Rows]]] = {
    "families": families,
    "supervision": supervision,
    "pieces": pieces,
    "curriculum": curriculum,
}


def picture(results: Any) -> Image:
    """A panel for each family: what was sampled, and validations, means over seeds, by the share of the steps."""
    from verienv.grpo import curves

    rows: dict[int, dict[str, Any]] = {}
    panels = []
    for name, course, runs in _runs(results, QUESTIONS["families"]):
        for points in zip(*(each["curve"] for each in runs), strict=True):
            place = round(100 * points[0][0] / runs[0]["curve"][-1][0])
            row = rows.setdefault(place, {"step": place})
            for key, values in ((name, [each[1] for each in points]), (f"{name}/seen", [each[2] for each in points])):
                if None not in values:
                    row[key] = statistics.fmean(values)
        earned = "accuracy" if course.measure == "right" else "mean overlap"
        high = 1.0 if course.measure == "right" else 0.3
        title = f"{name} ({next(iter(course.tested))}): {earned}"
        panels.append(curves.Panel(title, name, f"{name}/seen", 0, high, percent=True))
    seeds = min(len(runs) for _, _, runs in _runs(results, QUESTIONS["families"]))
    ordered = [rows[place] for place in sorted(rows)]
    title = f"GRPO, {seeds} seeds: sampled (blue), validation (orange), by % of the steps"
    return curves.draw(ordered, title, panels)


def _runs(results: Any, names: Sequence[str]) -> Iterable[tuple[str, Course, list[dict[str, Any]]]]:
    for name in names:
        runs = sorted(results.find("run", name, COURSES[name]), key=lambda each: int(each["seed"]))
        if runs:
            yield name, COURSES[name], runs


def _floor(results: Any, name: str, course: Course, label: str) -> tuple[str, str, str]:
    """How many problems, what a blind answer in the right form earns, and the best player that does not learn."""
    found = next(results.find("floor", name, course))["tested"][label]
    players: dict[str, float] = found["players"]
    best = max(players, key=lambda player: players[player])
    return str(found["problems"]), f"{players[course.blind] * 100:.1f}", f"{players[best] * 100:.1f} {best}"


def _levels(runs: Sequence[dict[str, Any]], moment: str, labels: Sequence[str]) -> list[str]:
    found = [_spread([each[moment][label] for each in runs]) for label in labels]
    return [*found, _spread([statistics.fmean(each[moment][label] for label in labels) for each in runs])]


def _spread(values: Sequence[float], signed: bool = False) -> str:
    """Mean and standard deviation over seeds, in percent."""
    mean = f"{statistics.fmean(values) * 100:{'+' if signed else ''}.1f}"
    return mean if len(values) < 2 else f"{mean} ± {statistics.stdev(values) * 100:.1f}"
