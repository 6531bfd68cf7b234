"""Tests kill processes, not machines: nothing here needs to wait for the disk."""

from __future__ import annotations

import pytest

from verienv.dataset import disk


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(disk, "sync", lambda descriptor: None)
    monkeypatch.setattr(disk, "sync_directory", lambda path: None)
