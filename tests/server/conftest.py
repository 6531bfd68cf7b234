"""The game of a third party is on the path; without the extra `serve` nothing here is collected."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from verienv import registry

PLUGIN = Path(__file__).parents[1] / "plugin"

if not all(map(find_spec, ("starlette", "uvicorn", "websockets"))):
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(autouse=True, scope="package")
def plugin() -> Iterator[None]:
    """A third party's game, for sessions of many moves."""
    caches = (registry.load, registry._built_in, registry._entry_points)
    sys.path.insert(0, str(PLUGIN))
    for cached in caches:
        cached.cache_clear()
    yield
    sys.path.remove(str(PLUGIN))
    for cached in caches:
        cached.cache_clear()
