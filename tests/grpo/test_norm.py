"""RMSNorm: the values of torch's own, and its gradient."""

from __future__ import annotations

import pytest
import torch

from verienv.grpo.norm import Norm


@pytest.mark.parametrize("shape", [(3, 8), (2, 4, 8), (8,)])
def test_values_and_gradients_are_torchs(shape):
    torch.manual_seed(0)
    ours, theirs = Norm(8).double(), torch.nn.RMSNorm(8).double()
    with torch.no_grad():
        ours.weight.copy_(torch.randn(8))
    theirs.load_state_dict(ours.state_dict())
    x = torch.randn(shape, dtype=torch.float64)
    found = []
    for norm in (ours, theirs):
        given = x.clone().requires_grad_()
        out = norm(given)
        (out * torch.arange(out.numel()).view(shape)).sum().backward()
        found.append((out, given.grad, norm.weight.grad))
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, atol=1e-12, rtol=1e-12)


def test_zeros_stay_finite():
    x = torch.zeros(2, 4, requires_grad=True)
    out = Norm(4)(x)
    out.sum().backward()
    assert torch.equal(out, torch.zeros(2, 4))
    assert x.grad is not None
    assert x.grad.isfinite().all()
