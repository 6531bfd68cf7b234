"""The small packages that some evaluators look for: their files, as path → text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from verienv import __version__

Files = dict[str, str]


def verifiers() -> Files:
    """A top-level module, as verifiers' loader wants it, that hands on `verienv.adapters.verifiers`."""
    return {
        "pyproject.toml": _PROJECT.format(name="verienv-vf", module="verienv_vf", needs='"verifiers>=0.4"'),
        "verienv_vf/__init__.py": '"""Every verienv task and recipe as a taskset of verifiers."""\n\n'
        "from verienv.adapters.verifiers import Play, Tasks\n\n"
        '__all__ = ["Play", "Tasks"]\n',
    }


KINDS: Final[Mapping[str, Callable[..., Files]]] = {"verifiers": verifiers}
"""What `verienv export` can write, by name."""

_PROJECT: Final = f"""\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "{{name}}"
version = "{__version__}"
description = "verienv's tasks, where {{name}} is looked for"
requires-python = ">=3.11"
dependencies = ["verienv>={__version__}", {{needs}}]

[tool.hatch.build.targets.wheel]
packages = ["{{module}}"]
"""
