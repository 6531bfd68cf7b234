"""A viewer on loopback for the tests of a module; without the extra `serve` nothing here is collected."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

if not all(map(find_spec, ("starlette", "uvicorn"))):
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def viewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running viewer, over a folder with replies and runs."""
    from tests.viewer import seeing

    folder: Path = tmp_path_factory.mktemp("viewed")
    seeing.fill(folder)
    with seeing.viewing((folder,)) as url:
        yield url


if sys.platform == "win32":  # Chromium is looked for where Debian puts it
    collect_ignore_glob = ["test_*.py"]
