"""A viewer on loopback and a Chromium for all tests of this folder; without the extra `serve` nothing is collected."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A running Chromium."""
    from tests.viewer import browsing

    if browsing.executable() is None:
        pytest.skip(f"no Chromium is installed: none of {', '.join(browsing.NAMES)} is on the path")
    if find_spec("playwright") is None:
        pytest.skip("the package playwright is not installed; the extra dev brings it")
    with browsing.chromium() as running:
        yield running
