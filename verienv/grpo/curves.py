"""Learning curves as a picture, drawn from metrics.jsonl: six panels, one sheet, no plotting library.

In each panel every step is a faint line and its running mean a firm one; validations are dots joined by a line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from verienv.dataset import disk

if TYPE_CHECKING:
    from PIL.Image import Image

RGB = tuple[int, int, int]
Points = list[tuple[float, float]]

PAGE: Final[RGB] = (255, 255, 255)
INK: Final[RGB] = (33, 37, 43)
FAINT: Final[RGB] = (120, 126, 135)
GRID: Final[RGB] = (228, 230, 234)
BLUE: Final[RGB] = (38, 103, 184)
ORANGE: Final[RGB] = (216, 101, 23)
CELL: Final = (440, 250)  # pixels of a panel with its margins
LEFT, TOP, RIGHT, BOTTOM = 58, 40, 16, 34  # margins inside it
HEAD: Final = 44
FINE: Final = 3  # lines are drawn this much larger, then averaged down
SMOOTH: Final = 0.05  # share of the steps that a running mean looks back


@dataclass(frozen=True, slots=True)
class Panel:
    """One quantity: what is written above it, its names in the metrics, and the range it always shows."""

    title: str
    name: str
    dots: str = ""
    low: float = math.inf
    high: float = -math.inf
    percent: bool = False


PANELS: Final = (
    Panel("accuracy, sampled (validation: orange)", "accuracy", "eval/accuracy", 0, 1, percent=True),
    Panel("reward", "reward"),
    Panel("groups without spread", "frac_reward_zero_std", low=0, high=1, percent=True),
    Panel("entropy of a token, nats", "entropy", low=0, high=0.1),
    Panel("length of a reply, tokens", "completions/mean_length", low=0),
    Panel("gradient norm", "grad_norm", low=0),
)


def draw(rows: Sequence[Mapping[str, Any]], title: str, panels: Sequence[Panel] = PANELS) -> Image:
    """The sheet of a run's metrics, RGB."""
    from PIL import Image, ImageDraw

    from verienv.render import fonts

    columns = 2
    lines = math.ceil(len(panels) / columns)
    sheet = Image.new("RGB", (columns * CELL[0], HEAD + lines * CELL[1]), PAGE)
    fonts.text(ImageDraw.Draw(sheet), (LEFT, 14), title, name="bold", size=17, fill=INK)
    for at, panel in enumerate(panels):
        corner = (at % columns * CELL[0], HEAD + at // columns * CELL[1])
        sheet.paste(_panel(rows, panel), corner)
    return sheet


def write(rows: Sequence[Mapping[str, Any]], title: str, path: Path) -> None:
    """Draw into a PNG file, there whole or not at all. Raises RunError."""
    with disk.explained(f"write {path}"), disk.replacing(path) as temporary:
        draw(rows, title).save(temporary, format="PNG")


def points(rows: Sequence[Mapping[str, Any]], name: str) -> Points:
    """(step, value) wherever the metric was logged as a finite number."""
    found = [(float(row["step"]), row.get(name)) for row in rows]
    return [(step, float(value)) for step, value in found if isinstance(value, (int, float)) and math.isfinite(value)]


def running_mean(line: Points, back: int) -> Points:
    """At each point the mean of it and up to `back` - 1 before it."""
    means: Points = []
    total = 0.0
    for at, (step, value) in enumerate(line):
        total += value - (line[at - back][1] if at >= back else 0.0)
        means.append((step, total / min(at + 1, back)))
    return means


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round values from at or below `low` to at or above `high`, evenly spaced; at most `most` + 1."""
    span = high - low or abs(high) or 1.0
    unit = 10.0 ** math.floor(math.log10(span / most))
    step = next(unit * times for times in (1, 2, 2.5, 5, 10, 20) if span / (unit * times) <= most - 1)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * at for at in range(first, max(last, first + 1) + 1)]


def _panel(rows: Sequence[Mapping[str, Any]], panel: Panel) -> Image:
    from PIL import Image, ImageDraw

    from verienv.render import fonts

    line, dots = points(rows, panel.name), points(rows, panel.dots)
    values = [value for _, value in line + dots]
    image = Image.new("RGB", CELL, PAGE)
    pen = ImageDraw.Draw(image)
    fonts.text(pen, (LEFT, 12), panel.title, size=13, fill=INK)
    if not values:
        fonts.text(pen, (CELL[0] / 2, CELL[1] / 2), "nothing logged", size=12, fill=FAINT, anchor="mm")
        return image
    marks = ticks(min(*values, panel.low), max(*values, panel.high))
    first, last = float(rows[0]["step"]), float(rows[-1]["step"])
    width, height = CELL[0] - LEFT - RIGHT, CELL[1] - TOP - BOTTOM

    def place(step: float, value: float) -> tuple[float, float]:
        across = (step - first) / (last - first or 1.0)
        return LEFT + width * across, TOP + height * (1 - (value - marks[0]) / (marks[-1] - marks[0]))

    for mark in marks:
        y = place(first, mark)[1]
        pen.line([(LEFT, y), (CELL[0] - RIGHT, y)], fill=GRID)
        fonts.text(pen, (LEFT - 7, y), _label(mark, panel.percent), size=11, fill=FAINT, anchor="rm")
    for step in sorted({first, round((first + last) / 2), last}):
        fonts.text(pen, (place(step, 0)[0], CELL[1] - BOTTOM + 8), f"{step:.0f}", size=11, fill=FAINT, anchor="ma")
    fine = image.resize((CELL[0] * FINE, CELL[1] * FINE), Image.Resampling.NEAREST)
    brush = ImageDraw.Draw(fine)
    mean = running_mean(line, max(1, round(len(line) * SMOOTH)))
    _stroke(brush, [place(*point) for point in line], _mixed(BLUE, 0.3), 1)
    _stroke(brush, [place(*point) for point in mean], BLUE, 2)
    _stroke(brush, [place(*point) for point in dots], ORANGE, 2)
    for point in dots:
        x, y = (each * FINE for each in place(*point))
        brush.ellipse([x - 3 * FINE, y - 3 * FINE, x + 3 * FINE, y + 3 * FINE], fill=ORANGE)
    drawn = fine.reduce(FINE)
    return drawn


def _stroke(brush: Any, line: Points, colour: RGB, width: int) -> None:
    if len(line) > 1:
        brush.line([(x * FINE, y * FINE) for x, y in line], fill=colour, width=width * FINE, joint="curve")


def _mixed(colour: RGB, share: float) -> RGB:
    red, green, blue = (round(share * ink + (1 - share) * page) for ink, page in zip(colour, PAGE, strict=True))
    return red, green, blue


def _label(value: float, percent: bool) -> str:
    return f"{value:.0%}" if percent else f"{value:.4g}"
