"""A third party's game on the path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import verienv
from verienv import registry
from verienv.task import Instance

PLUGIN = Path(__file__).parents[1] / "plugin"


@pytest.fixture
def stairs(monkeypatch) -> Iterator[Callable[[int], Instance[Any]]]:
    """stairs(index) → an instance of a game of moves."""
    caches = (registry.load, registry._built_in, registry._entry_points)
    monkeypatch.syspath_prepend(str(PLUGIN))
    for cached in caches:
        cached.cache_clear()
    yield lambda index: verienv.instance(f"stairs@1/L0/test/s0/{index}")
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()
