"""`verienv demo`: a small curriculum, what answering and what guessing earns on it, and a page to look at."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from verienv import baselines, registry
from verienv.cli import options, terminal
from verienv.task import Instance, Task

if TYPE_CHECKING:
    from PIL.Image import Image

ROWS: Final[Mapping[str, int]] = {"sat": 20, "jigsaw": 20}
"""The tasks shown unless others are named, with the problems made of each level."""
OTHERS: Final = 8
LAST_LEVEL: Final = 8
CARD = (300, 210)
"""Pixels, at most, of a problem on the page."""


@dataclass(frozen=True, slots=True)
class Earned:
    """Mean scores over the problems of one level."""

    task: str
    level: int
    rows: int
    oracle: float
    players: Mapping[str, float]
    milliseconds: float

    @property
    def best(self) -> tuple[str, float]:
        """The best blind player."""
        name = max(self.players, key=lambda player: self.players[player])
        return name, self.players[name]


@click.command("demo")
@options.tasks_argument
@click.option(
    "--out", "-o", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"), show_default=True
)
@options.seed_option
def command(tasks: tuple[str, ...], folder: Path, seed: int) -> int:
    """Write a small curriculum of TASKs (by default sat and jigsaw), score the oracle and the blind players on it, and
    leave a page of problems to open. Takes less than a minute; exit 1 when the oracle misses a point.
    """
    start = time.perf_counter()
    chosen = [options.load(name) for name in tasks or [name for name in ROWS if name in registry.names()]]
    earned: list[Earned] = []
    samples: list[Instance[Any]] = []
    for task in chosen:
        addresses = _written(task, folder / task.name, seed)
        with terminal.progress() as bar:
            job = bar.add_task(f"answering {task.name}", total=sum(map(len, addresses.values())))
            for level, places in addresses.items():
                earned.append(_played(task, level, places))
                samples.append(task.at(places[0]))
                bar.advance(job, len(places))
    page = _page(samples, folder / "problems.png")
    terminal.show(_table(earned), "")
    perfect = all(each.oracle == 1 for each in earned)
    problems = sum(each.rows for each in earned)
    told = f"{problems} problems made, answered and scored in {time.perf_counter() - start:.0f} s"
    terminal.show(
        terminal.plain(("✓ " if perfect else "✗ ") + told, "bold green" if perfect else "bold red"),
        "",
        *[f"  data set   {folder / task.name}" for task in chosen],
        f"  to open    {page}",
        "",
        terminal.plain("Now try", "bold"),
        f"  verienv play {chosen[0].name} --level 1",
        f"  verienv show {samples[-1].address} --oracle",
    )
    return int(not perfect)


def _written(task: Task[Any, Any, Any], folder: Path, seed: int) -> dict[int, list[str]]:
    """Write the data set and read it back: the addresses of each level."""
    from verienv import dataset

    last = min(LAST_LEVEL, len(task.levels) - 1)
    count = ROWS.get(task.name, OTHERS) * (last + 1)
    plan = dataset.plan(task.name, f"0:{last}", count=count, seed=seed)
    with terminal.progress() as bar:
        job = bar.add_task(f"making {task.name}", total=count)
        dataset.generate(plan, folder, progress=lambda done, asked: bar.update(job, completed=done, total=asked))
    levels: dict[int, list[str]] = {}
    for record in dataset.read(folder):
        levels.setdefault(record["level"], []).append(record["address"])
    return levels


def _played(task: Task[Any, Any, Any], level: int, places: Sequence[str]) -> Earned:
    names = baselines.players(task)
    totals = dict.fromkeys(names, 0.0)
    oracle = spent = 0.0
    for place in places:
        start = time.perf_counter()
        instance = task.at(place)
        spent += time.perf_counter() - start
        oracle += task.score(instance, task.oracle(instance)).value
        for name in names:
            totals[name] += task.score(instance, baselines.reply(task, instance, name)).value
    count = len(places)
    means = {name: total / count for name, total in totals.items()}
    return Earned(task.name, level, count, oracle / count, means, 1000 * spent / count)


def _table(earned: Sequence[Earned]) -> Any:
    made = terminal.table(
        "task", "level", "problems", "ms each", "oracle", "blind", "best blind player",
        right=("level", "problems", "ms each", "oracle", "blind"), whole=("task",),
    )  # fmt: skip
    before = ""
    for each in earned:
        name, value = each.best
        terminal.row(
            made,
            (
                terminal.plain(each.task if each.task != before else "", "bold cyan"),
                str(each.level),
                str(each.rows),
                f"{each.milliseconds:.1f}",
                terminal.plain(f"{each.oracle:.2f}", "green" if each.oracle == 1 else "bold red"),
                terminal.plain(f"{value:.2f}", "yellow" if value > 0.3 else ""),
                terminal.plain(name if value > 0 else "none scores", "dim"),
            ),
        )
        before = each.task
    return made


def _page(samples: Sequence[Instance[Any]], path: Path) -> Path:
    """The first problem of every level, drawn on one page."""
    from verienv.render import sheet

    cells = []
    for instance in samples:
        reply = instance.task.oracle(instance)
        answer = reply if isinstance(reply, str) else " ".join(reply)
        shown = " / ".join(answer.replace("<answer>", "").replace("</answer>", "").split("\n"))
        cells.append((_drawn(instance), f"{instance.task.name}, level {instance.level}\n{instance.address}\n{shown}"))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.contact_sheet(cells, columns=3, title="One problem of each level, and its answer").save(path)
    return path


def _drawn(instance: Instance[Any]) -> Image:
    """The pictures of a prompt beside each other, or the beginning of its text."""
    from PIL import Image

    prompt = instance.prompt
    shown = [part.convert("RGB") for part in prompt if not isinstance(part, str)]
    if not shown:
        return _lettered("\n\n".join(part for part in prompt if isinstance(part, str)))
    width, height = sum(each.width + 8 for each in shown) - 8, max(each.height for each in shown)
    whole = Image.new("RGB", (width, height), "white")
    left = 0
    for each in shown:
        whole.paste(each, (left, 0))
        left += each.width + 8
    whole.thumbnail(CARD, Image.Resampling.LANCZOS)
    return whole


def _lettered(text: str) -> Image:
    from PIL import Image, ImageDraw

    from verienv.render import fonts

    size, line = 11, 15
    room = int(CARD[0] / fonts.font("mono", size).getlength("0"))
    lines = [part for each in text.split("\n") for part in textwrap.wrap(each, room) or [""]]
    most = CARD[1] // line
    if len(lines) > most:
        lines = [*lines[: most - 1], "…"]
    picture = Image.new("RGB", CARD, "white")
    pen = ImageDraw.Draw(picture)
    for at, each in enumerate(lines):
        fonts.text(pen, (0, at * line), each, name="mono", size=size, fill=(33, 37, 43))
    return picture
