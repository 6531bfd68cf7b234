"""What every command prints with: text made harmless, tables, JSON lines, notes on stderr, a progress bar.

A model's or a file's text reaches a terminal only through `visible`: nothing in it can move the cursor, change
colours or titles, hide or reorder what stands beside it.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import Progress
    from rich.table import Table
    from rich.text import Text

WORD = 16
"""Longer words may be broken in a narrow table."""
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})  # controls, formats, surrogates, private use, separators


def visible(text: str, keep: str = "\n\t") -> str:
    """`text` with every control, format and bidirectional character spelt out, like \\x1b; `keep` stays."""
    if text.isascii() and text.isprintable():
        return text
    return "".join([mark if mark in keep or _harmless(mark) else _spelt(mark) for mark in text])


def line(text: str) -> str:
    """`visible`, on one line."""
    return visible(text, keep="")


def plain(text: str, style: str = "") -> Text:
    """Harmless text for a table cell or a panel; no markup in it counts."""
    from rich.text import Text

    return Text(visible(text), style)


def out() -> Console:
    """Stdout: coloured on a terminal only, NO_COLOR honoured, 80 columns where nobody says otherwise."""
    return _console(stderr=False)


def err() -> Console:
    """Stderr, likewise."""
    return _console(stderr=True)


def show(*parts: RenderableType) -> None:
    """Print on stdout; a str counts as text, never as markup."""
    from rich.table import Table

    console = out()
    for part in parts:
        if isinstance(part, Table) and part.show_header:
            _fit(part, console.width)
        console.print(plain(part) if isinstance(part, str) else part, soft_wrap=isinstance(part, str))


def note(text: str, style: str = "dim") -> None:
    """A line on stderr."""
    err().print(plain(text, style), soft_wrap=True)


def error(text: str) -> None:
    """The one line that says what went wrong."""
    from rich.text import Text

    err().print(Text.assemble(("error: ", "bold red"), (line(text), "red")), soft_wrap=True)


def hint(text: str) -> None:
    """A line below an error."""
    note(line(text))


def emit(row: Mapping[str, Any]) -> None:
    """One JSON object as a line on stdout, in ASCII: it survives any locale and carries no control character."""
    sys.stdout.write(json.dumps(row, allow_nan=False) + "\n")


def table(*columns: str, right: Sequence[str] = (), whole: Sequence[str] = (), tight: bool = False) -> Table:
    """An empty table; columns named in `right` are aligned there, those in `whole` are never broken.

    `tight`: one space between columns, not two.
    """
    from rich import box
    from rich.table import Table

    made = Table(
        box=box.SIMPLE_HEAD, header_style="bold", padding=(0, 0 if tight else 1, 0, 0), pad_edge=False, show_edge=False
    )
    for name in columns:
        made.add_column(
            name, justify="right" if name in right else "left", no_wrap=name in whole or name in right, overflow="fold"
        )
    return made


def row(made: Table, cells: Iterable[str | Text], style: str = "") -> None:
    """Add a row; text cells are made harmless."""
    made.add_row(*[plain(cell) if isinstance(cell, str) else cell for cell in cells], style=style)


def measures(given: Mapping[str, Any]) -> str:
    """Named figures as one line; those that are None or empty are left out."""
    shown = {name: f"{value:.4g}" if isinstance(value, float) else value for name, value in given.items()}
    return "  ".join(f"{name}={value}" for name, value in shown.items() if value not in (None, ""))


def facts(told: Mapping[str, str]) -> Table:
    """Names and what is told of each, faint, one under the other; what is empty is left out."""
    from rich.table import Table

    made = Table.grid(padding=(0, 2, 0, 0))
    for name, text in told.items():
        if text:
            made.add_row(plain(name, "dim"), plain(text, "dim"))
    return made


def progress() -> Progress:
    """A bar on stderr, drawn on a terminal only; it leaves nothing behind."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = err()
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _fit(made: Table, width: int) -> None:
    """Columns are made narrow by wrapping between words, the widest first, before any word is broken."""
    widest, least = [], []
    for column in made.columns:
        cells = [str(cell) for cell in (column.header, *column.cells)]
        widest.append(max(len(line) for cell in cells for line in cell.split("\n")))
        words = max(len(word) for cell in cells for word in cell.split() or [""])
        least.append(widest[-1] if column.no_wrap else min(WORD, words))
    gap = 1 + made.padding[1] + made.padding[3]
    room = width - gap * (len(widest) - 1)
    if sum(least) <= room < sum(widest):
        while sum(widest) > room:
            loose = max(range(len(widest)), key=lambda at: (widest[at] - least[at] > 0) * widest[at])
            widest[loose] -= 1
        for column, size in zip(made.columns, widest, strict=True):
            column.width = size


def _console(stderr: bool) -> Console:
    from rich.console import Console

    class Ours(Console):
        """Rich's console, with the broken pipe left to `verienv.cli`."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Ours(stderr=stderr, markup=False, emoji=False, highlight=False)


def _harmless(mark: str) -> bool:
    return unicodedata.category(mark) not in _HIDDEN


def _spelt(mark: str) -> str:
    code = ord(mark)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
