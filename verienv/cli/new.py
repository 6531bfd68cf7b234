"""`verienv new`: a package with a task of your own that works at once, to be edited into something else."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

import click

from verienv import __version__, registry
from verienv.cli import terminal
from verienv.errors import UsageError

TEMPLATES = Path(__file__).parent / "scaffold"


@click.command("new")
@click.argument("name")
@click.option("--out", "-o", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where to put it.")
@click.option("--game", is_flag=True, help="Several moves an episode, not one reply.")
def command(name: str, folder: Path | None, game: bool) -> None:
    """Start a package with a task NAME (into ./verienv-NAME): one small file that passes `verienv check NAME`.

    Installing it is enough for verienv to find the task; no list is edited.
    """
    root = folder or Path(f"verienv-{name.replace('_', '-')}")
    files = package(name, game)
    if root.exists() and any(root.iterdir()):
        raise UsageError(f"{root} is there and not empty: name another folder with -o")
    for place, text in files.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        terminal.show(f"written: {path}")
    terminal.show(
        "",
        terminal.plain("Now", "bold"),
        f'  pip install -e "{root}[dev]"',
        f"  verienv show {name} --oracle",
        f"  verienv check {name}",
    )


def package(name: str, game: bool = False) -> dict[str, str]:
    """The files of a package with a task of that name: path → text. Raises UsageError for a name that cannot be."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name) or keyword.iskeyword(name):
        raise UsageError(
            f"{name!r:.80} cannot name a task: a lower-case letter, then letters, digits and _, at most 64"
        )
    if name in registry.names():
        raise UsageError(f"there is a task {name!r} already")
    package = f"verienv_{name}"
    words = {
        "@name@": name,
        "@package@": package,
        "@dashed@": name.replace("_", "-"),
        "@Class@": "".join(word.capitalize() for word in name.split("_")),
        "@verienv@": __version__,
    }
    sources = {
        "pyproject.toml": "pyproject.toml.txt",
        "README.md": "README.md.txt",
        f"{package}/__init__.py": "init.py.txt",
        f"{package}/{name}.py": "game.py.txt" if game else "question.py.txt",
        f"tests/test_{name}.py": "test.py.txt",
    }
    return {place: _filled(TEMPLATES / source, words) for place, source in sources.items()}


def _filled(path: Path, words: dict[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text
