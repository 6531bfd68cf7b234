"""Instances with their specs, and a third party's game on the path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import verienv
from verienv import registry
from verienv.adapters import specs
from verienv.task import Instance

PLUGIN = Path(__file__).parents[1] / "plugin"


@pytest.fixture
def sat() -> tuple[Instance[Any], str]:
    """An instance of sat and its spec."""
    instance = verienv.instance("sat@1/L0/train/s7/0")
    return instance, specs.of(instance)


@pytest.fixture
def stairs(monkeypatch) -> Iterator[Callable[[int], tuple[Instance[Any], str]]]:
    """stairs(index) → an instance of a game of moves, and its spec."""
    caches = (registry.load, registry._built_in, registry._entry_points)
    monkeypatch.syspath_prepend(str(PLUGIN))
    for cached in caches:
        cached.cache_clear()

    def make(index: int) -> tuple[Instance[Any], str]:
        instance = verienv.instance(f"stairs@1/L0/train/s0/{index}")
        return instance, specs.of(instance)

    yield make
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()
