"""The optimiser is torch's own, to rounding."""

from __future__ import annotations

import torch

from verienv.grpo.optimizer import AdamW


def test_it_steps_as_torchs_does_and_goes_on_from_its_state():
    torch.manual_seed(0)
    start = torch.randn(5, 3, dtype=torch.float64)
    ours, theirs = (start.clone().requires_grad_() for _ in range(2))
    one = AdamW([ours], 1e-2, weight_decay=0.1)
    other = torch.optim.AdamW([theirs], lr=1e-2, betas=(0.9, 0.95), weight_decay=0.1)
    for step in range(4):
        if step == 2:
            kept = one.state_dict()
            one = AdamW([ours], 1e-2, weight_decay=0.1)
            one.load_state_dict(kept)
        for weights, optimizer in ((ours, one), (theirs, other)):
            optimizer.zero_grad()
            (weights**2 * torch.arange(15).view(5, 3)).sum().backward()
            optimizer.step()
        torch.testing.assert_close(ours, theirs, atol=1e-12, rtol=1e-12)
    assert not torch.equal(ours, start)
