"""What stands in the report for this folder where torch is missing."""

from __future__ import annotations


def test_torch_runs_on_one_thread():
    import torch

    assert torch.get_num_threads() == 1
