"""Pictures in a terminal, two pixels to a cell: the upper half block in the upper colour on the lower one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from verienv.cli import terminal

if TYPE_CHECKING:
    from PIL.Image import Image
    from rich.console import Console
    from rich.text import Text

COLUMNS = 100
"""Wider cells show no more of a puzzle, and fill the screen."""


def cells(picture: Image, width: int, height: int) -> Text:
    """`picture` on at most `width` columns and `height` rows of cells, never enlarged."""
    from PIL import Image
    from rich.color import Color
    from rich.style import Style
    from rich.text import Text

    ratio = min(1.0, width / picture.width, 2 * height / picture.height)
    wide, high = max(1, round(picture.width * ratio)), max(2, 2 * round(picture.height * ratio / 2))
    small = picture.convert("RGB").resize((wide, high), Image.Resampling.BOX)
    raw = small.tobytes()
    text = Text(no_wrap=True)
    for y in range(0, high, 2):
        for x in range(wide):
            upper, lower = 3 * (y * wide + x), 3 * ((y + 1) * wide + x)
            above, below = Color.from_rgb(*raw[upper : upper + 3]), Color.from_rgb(*raw[lower : lower + 3])
            text.append("▀", Style(color=above, bgcolor=below))
        text.append("\n")
    text.right_crop(1)
    return text


def supported(console: Console) -> bool:
    """Whether the terminal has the colours and the block for it."""
    return console.color_system in ("256", "truecolor") and not console.no_color and console.encoding.startswith("utf")


def save(parts: Sequence[str | Image], folder: Path, stem: str) -> list[Path]:
    """Write the pictures among `parts` into `folder` as <stem>.png or <stem>-1.png, …; their paths in order."""
    pictures = [part for part in parts if not isinstance(part, str)]
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, picture in enumerate(pictures, 1):
        path = folder / (f"{stem}-{number}.png" if len(pictures) > 1 else f"{stem}.png")
        picture.save(path)
        paths.append(path)
    return paths


def show(parts: Sequence[str | Image], saved: Sequence[Path] = ()) -> None:
    """Print a prompt: text as it is, a picture as cells, or as a line that says where it is."""
    console = terminal.out()
    paths = iter(saved)
    for part in parts:
        if isinstance(part, str):
            console.print(terminal.plain(part))
        elif saved:
            told = f"[picture, {part.width}×{part.height}: {next(paths)}]"
            console.print(terminal.plain(told, "cyan"), soft_wrap=True)
        elif supported(console):
            console.print(cells(part, min(COLUMNS, console.width), max(10, console.height - 8)), crop=False)
        else:
            told = f"[picture, {part.width}×{part.height}; save it with -o DIR]"
            console.print(terminal.plain(told, "cyan"), soft_wrap=True)
        console.print()
