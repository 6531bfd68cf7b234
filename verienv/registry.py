"""Where families come from: a file in `verienv/families/`, or an entry point in the group "verienv.tasks".

A built-in family is the module of its name and offers `task`. A third party declares, in its own package,

    [project.entry-points."verienv.tasks"]
    my_family = "my_package.my_family:task"
"""

from __future__ import annotations

import importlib
import os
import sys
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from verienv import address as addresses
from verienv.errors import UnknownName, UsageError
from verienv.task import Instance, Task

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "verienv.tasks"


def names() -> tuple[str, ...]:
    """Every family's name, sorted; nothing is imported."""
    return tuple(sorted({*_built_in(), *_entry_points()}))


@cache
def load(name: str) -> Task[Any, Any, Any]:
    """The family of that name. Raises UnknownName with the nearest one."""
    if name in _built_in():
        task = importlib.import_module(f"verienv.families.{name}").task
    elif name in _entry_points():
        task = _entry_points()[name].load()
    else:
        raise UnknownName("task", name, names())
    if not isinstance(task, Task):
        raise UsageError(f"{name!r} is registered as a task, but it is a {type(task).__name__}")
    if task.name != name:
        raise UsageError(f"the task registered as {name!r} calls itself {task.name!r}")
    return task


def instance(address: str) -> Instance[Any]:
    """The instance that lives at an address. Raises AddressError, UnknownName, UsageError."""
    where = addresses.parse(address)
    return load(where.name).at(where)


def register_environments() -> None:
    """Register `verienv/<name>-v0` with Gymnasium for every family.

    Gymnasium's own wrappers stay off: the environments keep the order of calls themselves (StepError), and the tests
    run its checker over every family, level and view, so each episode is spared running it again.
    """
    import gymnasium

    for name in names():
        gymnasium.register(
            id=f"verienv/{name}-v0",
            entry_point="verienv.env:make",
            vector_entry_point="verienv.env:make_vector",
            order_enforce=False,
            disable_env_checker=True,
            kwargs={"task": name},
        )


@lru_cache(maxsize=1)
def _built_in() -> frozenset[str]:
    """A file or a folder there is a family; a name that starts with an underscore is not."""
    with os.scandir(os.path.join(os.path.dirname(__file__), "families")) as entries:
        found = [each.name.removesuffix(".py") for each in entries if each.is_dir() or each.name.endswith(".py")]
    return frozenset(name for name in found if not name.startswith("_"))


@lru_cache(maxsize=1)
def _entry_points() -> dict[str, EntryPoint]:
    if not any(_declares(folder) for folder in sys.path):
        return {}
    from importlib.metadata import entry_points  # a tenth of what importing verienv costs, for most nobody's

    return {each.name: each for each in entry_points(group=GROUP) if each.name not in _built_in()}


def _declares(folder: str) -> bool:
    """Whether a distribution in that folder of the path may declare families; a zip is not opened, so it may."""
    try:
        with os.scandir(folder or ".") as entries:
            found = [each.path for each in entries if each.name.endswith((".dist-info", ".egg-info"))]
    except NotADirectoryError:
        return True
    except OSError:
        return False
    for path in found:
        try:
            with open(os.path.join(path, "entry_points.txt"), "rb") as file:
                if GROUP.encode() in file.read():
                    return True
        except OSError:
            continue
    return False
