"""The arguments and options that commands share; each checks what it is given, and completes it in the shell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from verienv import address as addresses
from verienv import registry
from verienv.cli import terminal
from verienv.errors import KnobError, UnknownName, UsageError
from verienv.knobs import KnobSet
from verienv.task import Instance, Task

if TYPE_CHECKING:
    Text = click.ParamType[str]
    Pair = click.ParamType[tuple[str, str]]
else:  # click's older versions know no parameter here
    Text = Pair = click.ParamType

F = TypeVar("F", bound=Callable[..., Any])

SHOWN = 12
"""Skipped files that are named before the rest is only counted."""
BROKEN = (ImportError, AttributeError, SyntaxError)
"""How a task whose code cannot be loaded shows itself."""


class TaskName(Text):
    """The name of a task."""

    name = "task"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, when there is such a task; UnknownName gives the nearest."""
        if value not in registry.names():
            raise UnknownName("task", value, registry.names())
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Every task that begins like this."""
        return _matching(registry.names(), incomplete)


class Place(TaskName):
    """The name of a task, or the address of an instance."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """A task's name or an address; what is wrong with it is said."""
        if "/" in str(value) or "@" in str(value):
            return str(addresses.parse(value))
        return super().convert(value, param, ctx)


class SplitName(Text):
    """train, validation or test."""

    name = "split"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The split; UnknownName gives the nearest."""
        return addresses.split_named(str(value))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Every split that begins like this."""
        return _matching(addresses.SPLITS, incomplete)


class Setting(Pair):
    """A knob and its value: name=value."""

    name = "knob=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The name and the text of the value."""
        if isinstance(value, tuple):
            return value
        name, equals, text = str(value).partition("=")
        if not equals or not name:
            raise KnobError(f"a knob is set by --set name=value, not {value!r}")
        return name, text

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The task's knobs, then what a knob may be."""
        found = _named_task(ctx)
        if found is None:
            return []
        words = []
        for knob in found.knobs.knobs():
            choices = knob.choices or (("true", "false") if knob.type is bool else ())
            words.extend([f"{knob.name}={choice}" for choice in choices] or [f"{knob.name}="])
        return _matching(words, incomplete)


def task_argument(command: F) -> F:
    """TASK."""
    return click.argument("task", type=TaskName())(command)


def tasks_argument(command: F) -> F:
    """[TASK...]: every task when none is named."""
    return click.argument("tasks", metavar="[TASK]...", type=TaskName(), nargs=-1)(command)


def level_option(command: F) -> F:
    """--level, one number."""
    option = click.option(
        "--level", "-l", type=int, metavar="L", shell_complete=_levels, help="Which level, from 0 (the easiest)."
    )
    return option(command)


def seed_option(command: F) -> F:
    """--seed."""
    return click.option("--seed", type=int, default=0, show_default=True, help="Which stream of instances.")(command)


def split_option(command: F) -> F:
    """--split."""
    option = click.option(
        "--split", type=SplitName(), default="train", show_default=True, help="train, validation or test."
    )
    return option(command)


def set_option(command: F) -> F:
    """--set, as often as there are knobs."""
    option = click.option("--set", "changes", type=Setting(), multiple=True, help="Change a knob of the level.")
    return option(command)


def pictures_option(command: F) -> F:
    """--pictures: the user's own, named to the task by its knob `pictures`."""
    folder = click.Path(exists=True, file_okay=False)
    return click.option("--pictures", "photos", type=folder, help="A folder of your own pictures, for picture tasks.")(
        command
    )


def with_pictures(changes: tuple[tuple[str, str], ...], folder: str | None) -> tuple[tuple[str, str], ...]:
    """The changed knobs, `pictures` among them where a folder is given."""
    return changes if folder is None else (*changes, ("pictures", use_pictures(folder)))


def use_pictures(folder: str) -> str:
    """Make a folder of pictures known; the digest that names the set. What is skipped is told on stderr."""
    from verienv.dataset import picture_set

    skipped: list[str] = []
    digest = picture_set.use(folder, lambda path, reason: skipped.append(f"{path}: {reason}: skipped"))
    for line in skipped[:SHOWN]:
        terminal.note(terminal.line(line), "yellow")
    if len(skipped) > SHOWN:
        terminal.note(f"… and {len(skipped) - SHOWN:,} files more", "yellow")
    return digest


def json_option(command: F) -> F:
    """--json."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object a line on stdout.")(command)


def load(name: str) -> Task[Any, Any, Any]:
    """The task of that name; one whose code cannot be loaded is a UsageError that says why."""
    try:
        return registry.load(name)
    except BROKEN as error:
        raise UsageError(f"task {name!r} cannot be loaded: {type(error).__name__}: {error}") from error


def all_or(names: Iterable[str]) -> list[Task[Any, Any, Any]]:
    """The tasks of these names, each once, or every task."""
    return [load(name) for name in dict.fromkeys(names) or registry.names()]


def instance(
    task: Task[Any, Any, Any], level: int | None, changes: Iterable[tuple[str, str]], seed: int, index: int, split: str
) -> Instance[Any]:
    """The instance at that place; changed knobs start from the level's, without a level from their defaults."""
    knobs = knobs_of(task, level, changes)
    if knobs is None:
        return task.instance(level=level, seed=seed, index=index, split=split)
    return task.instance(knobs=knobs, seed=seed, index=index, split=split)


def knobs_of(task: Task[Any, Any, Any], level: int | None, changes: Iterable[tuple[str, str]]) -> KnobSet | None:
    """The knobs spelt out by --set, or None where a level says it all."""
    given: dict[str, str] = {}
    for name, value in changes:
        if name in given:
            raise KnobError(f"--set {name} is given twice")
        given[name] = value
    if not given:
        return None
    knobs: KnobSet = task.knobs.from_mapping(given) if level is None else task.at_level(level).replace(**given)
    return knobs


def _levels(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    found = _named_task(ctx)
    return [] if found is None else _matching(map(str, range(len(found.levels))), incomplete)


def _named_task(ctx: click.Context) -> Task[Any, Any, Any] | None:
    """The task that the line names so far."""
    words = [ctx.params.get("task"), *ctx.args]  # while an option still lacks its value, click leaves the rest in args
    name = next((word for word in words if word in registry.names()), None)
    return load(name) if name is not None else None


def _matching(words: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]
