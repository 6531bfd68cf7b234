"""Everything here needs torch: without it the folder is skipped, and says so. One thread, so that runs repeat."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TORCH = importlib.util.find_spec("torch") is not None

if TORCH:
    import torch

    torch.set_num_threads(1)
else:
    # Test files import torch at their top: they are not collected, and one stands for them all in the report.
    collect_ignore = [file.name for file in HERE.glob("test_*.py") if file.name != "test_torch.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not TORCH:
        skip = pytest.mark.skip(reason='tests/grpo needs torch: pip install "verienv[train]"')
        for item in items:
            if item.path.is_relative_to(HERE):
                item.add_marker(skip)
