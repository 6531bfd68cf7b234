"""`verienv doctor`: what is installed, what each missing part needs, and what this terminal can show."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final

import click

from verienv import __version__, registry
from verienv.cli import options, pictures, terminal
from verienv.errors import UsageError

BASE: Final = ("gymnasium", "numpy", "pillow", "python-sat", "sympy", "click", "rich")
EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    "parquet": ("pyarrow",),
    "train": ("torch",),
    "hf": ("transformers", "datasets", "peft", "torch"),
    "eval": ("openai",),
    "serve": ("starlette", "uvicorn", "websockets"),
    "triton": ("triton",),
}
GOOD, MISSING, BAD = "good", "missing", "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: `state` is good, missing (an option that is not there) or bad (something that must be there)."""

    part: str
    name: str
    state: str
    detail: str


@click.command("doctor")
@options.json_option
def command(as_json: bool) -> int:
    """What is installed, what a missing part needs, and what this terminal can show; exit 1 when a base part is bad."""
    found = list(findings())
    if as_json:
        for each in found:
            terminal.emit(asdict(each))
    else:
        marks = {GOOD: ("✓", "green"), MISSING: ("–", "dim"), BAD: ("✗", "bold red")}
        made = terminal.table("", "part", "name", "found", whole=("part", "name"))
        for each in found:
            style = "" if each.state == GOOD else marks[each.state][1]
            cells = (each.part, each.name, terminal.plain(each.detail, style))
            terminal.row(made, (terminal.plain(*marks[each.state]), *cells))
        terminal.show(made)
    return int(any(each.state == BAD for each in found))


def findings() -> Iterator[Finding]:
    """Everything there is to say, the base first."""
    python = f"{platform.python_version()} {platform.python_implementation()}, {platform.system()} {platform.machine()}"
    yield Finding("base", "verienv", GOOD, __version__)
    yield Finding("base", "python", GOOD if sys.version_info >= (3, 11) else BAD, python)
    for name in BASE:
        version = _version(name)
        yield Finding("base", name, GOOD if version else BAD, version or f'pip install "{name}"')
    for extra, packages in EXTRAS.items():
        versions = {name: _version(name) for name in packages}
        have = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
        missing = [name for name, version in versions.items() if not version]
        line = f'pip install "verienv[{extra}]"' + (f"   (have {have})" if have else "")
        yield Finding("extra", extra, MISSING if missing else GOOD, line if missing else have)
    yield from _tasks()
    yield _fonts()
    yield from _stores()
    yield _terminal()


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _tasks() -> Iterator[Finding]:
    loaded = []
    for name in registry.names():
        try:
            options.load(name)
        except UsageError as error:
            yield Finding("task", name, BAD, str(error))
        else:
            loaded.append(name)
    yield Finding("tasks", str(len(loaded)), GOOD, ", ".join(loaded))


def _fonts() -> Finding:
    from verienv.render import fonts

    try:
        for name in fonts.FONTS:
            fonts.font(name, 14)
    except OSError as error:
        return Finding("fonts", "bundled", BAD, str(error))
    return Finding("fonts", "bundled", GOOD, ", ".join(fonts.FONTS))


def _stores() -> Iterator[Finding]:
    from verienv.render import pictures as sets

    value = os.environ.get(sets.VARIABLE, "")
    folders = [folder for folder in value.split(os.pathsep) if folder]
    if not folders:
        yield Finding("pictures", "your own", MISSING, f"set {sets.VARIABLE}=DIR, or give --pictures DIR")
    for folder in folders:
        try:
            found = sets.load(folder)
        except UsageError as error:
            yield Finding("pictures", folder, BAD, str(error))
            continue
        told = f"{len(found.pictures)} in {folder}" + (f", {len(found.skipped)} skipped" if found.skipped else "")
        yield Finding("pictures", found.digest, GOOD, told)


def _terminal() -> Finding:
    console = terminal.out()
    if not console.is_terminal:
        return Finding("terminal", "none", GOOD, "output goes to a file or a pipe: plain text")
    shown = "pictures as coloured cells" if pictures.supported(console) else "no pictures: save them with -o DIR"
    colours = console.color_system or "no colours"
    told = f"{console.width}×{console.height}, {colours}, {console.encoding}; {shown}"
    return Finding("terminal", os.environ.get("TERM", "?"), GOOD, told)
