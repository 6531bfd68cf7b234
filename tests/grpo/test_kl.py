"""KL estimators: their values, and which gradient each has, by exact expectation over six choices."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.grpo.draws import tensor
from verienv.grpo import kl
from verienv.grpo.kl import ESTIMATORS


@pytest.mark.parametrize(
    ("x", "k2", "k3"), [(-1, 0.5, 0.7183), (0.1, 0.005, 0.0048), (1, 0.5, 0.3679), (3, 4.5, 2.0498), (0, 0, 0)]
)
def test_the_published_values(x, k2, k3):
    logp, ref = tensor([[float(x)]]), tensor([[0.0]])
    assert float(kl.k1(logp, ref, logp)) == x
    assert float(kl.k2(logp, ref, logp)) == pytest.approx(k2, abs=5e-5)
    assert float(kl.k3(logp, ref, logp)) == pytest.approx(k3, abs=5e-5)
    assert float(kl.k3_ratio(logp, ref, logp)) == pytest.approx(k3, abs=5e-5)  # on-policy the ratio is 1
    assert float(kl.k3_ratio(logp, ref, logp - 0.5)) == pytest.approx(k3 * 1.6487, abs=2e-4)


@given(st.floats(-50, 50))
def test_k2_and_k3_are_never_negative_and_never_overflow(x):
    for name in ("k2", "k3", "k3_ratio"):
        value = ESTIMATORS[name](tensor([[x]]), tensor([[0.0]]), tensor([[x]]))
        assert torch.isfinite(value).all()
        if abs(x) < 20:
            assert float(value) >= 0


class Exact:
    """Six choices, π by logits, another policy as the reference and a third that sampled; all expectations exact."""

    def __init__(self) -> None:
        random = torch.Generator().manual_seed(0)
        logits, ref, old = (torch.randn(6, generator=random, dtype=torch.float64) for _ in range(3))
        self.logits = logits.requires_grad_()
        self.ref = ref.log_softmax(0)
        self.old = old.log_softmax(0)

    @property
    def logp(self) -> torch.Tensor:
        return self.logits.log_softmax(0)

    def gradient(self, value: torch.Tensor) -> torch.Tensor:
        (grad,) = torch.autograd.grad(value, self.logits)
        return grad

    @property
    def reverse(self) -> torch.Tensor:
        """Of KL(π ‖ π_ref): what a penalty should have."""
        return self.gradient((self.logp.exp() * (self.logp - self.ref)).sum())

    @property
    def forward(self) -> torch.Tensor:
        """Of KL(π_ref ‖ π)."""
        return self.gradient((self.ref.exp() * (self.ref - self.logp)).sum())

    def loss(self, name: str, sampled: torch.Tensor) -> torch.Tensor:
        """The expected gradient of an estimator in the loss, its tokens drawn from `sampled` (log-probabilities)."""
        values = ESTIMATORS[name](self.logp, self.ref, sampled)
        return self.gradient((sampled.detach().exp() * values).sum())


def test_the_gradients_in_the_loss_on_policy():
    exact = Exact()
    now = exact.logp.detach()
    error = {name: (exact.loss(name, now) - exact.reverse).norm().item() for name in ESTIMATORS}
    assert error["k2"] == pytest.approx(0, abs=1e-14)
    assert error["k3_ratio"] == pytest.approx(0, abs=1e-14)
    assert error["k1"] == pytest.approx(exact.reverse.norm().item())  # its gradient is 0 in expectation …
    assert exact.loss("k1", now).norm().item() == pytest.approx(0, abs=1e-14)
    assert exact.reverse.norm().item() > 0.1  # … though the KL's is not
    assert error["k3"] > 0.05
    torch.testing.assert_close(exact.loss("k3", now), exact.forward, atol=1e-14, rtol=0)  # k3's is the other KL's


def test_off_policy_only_k3_times_the_ratio_is_right():
    exact = Exact()
    error = {name: (exact.loss(name, exact.old) - exact.reverse).norm().item() for name in ESTIMATORS}
    assert error.pop("k3_ratio") == pytest.approx(0, abs=1e-14)
    assert min(error.values()) > 0.05
    value = (exact.old.exp() * kl.k3_ratio(exact.logp, exact.ref, exact.old)).sum()
    assert value.item() == pytest.approx((exact.logp.exp() * (exact.logp - exact.ref)).sum().item())


def test_k1_in_the_reward_has_the_right_gradient():
    exact = Exact()
    now = exact.logp.detach()
    penalty = kl.k1(now, exact.ref, now)  # taken off the reward: the policy gradient of -penalty, to be minimised
    got = exact.gradient((now.exp() * penalty * exact.logp).sum())
    torch.testing.assert_close(got, exact.reverse, atol=1e-14, rtol=0)
    wrong = exact.gradient((now.exp() * kl.k2(now, exact.ref, now) * exact.logp).sum())
    assert (wrong - exact.reverse).norm() > 0.05


def test_the_kl_of_a_reply_is_a_sum_without_gradient():
    logp = tensor([[0.5, 0.25, 9], [1, 9, 9]]).requires_grad_()
    values = kl.k1(logp, torch.zeros_like(logp), logp)
    got = kl.of_replies(values, torch.tensor([[True, True, False], [False, False, False]]))
    assert got.tolist() == [0.75, 0]
    assert not got.requires_grad
