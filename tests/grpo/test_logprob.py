"""Log-probabilities in tiles equal the dense ones, in value and in gradient."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from verienv.grpo import logprob


@pytest.fixture
def inputs():
    generator = torch.Generator().manual_seed(0)
    hidden = torch.randn(11, 6, dtype=torch.float64, generator=generator, requires_grad=True)
    weight = torch.randn(23, 6, dtype=torch.float64, generator=generator, requires_grad=True)
    return hidden, weight, torch.randint(23, (11,), generator=generator)


def by_hand(hidden: Tensor, weight: Tensor, targets: Tensor, temperature: float) -> tuple[Tensor, Tensor]:
    """Log-probability and entropy by their definitions."""
    shares = torch.softmax(hidden @ weight.T / temperature, -1)
    return shares[torch.arange(len(targets)), targets].log(), -(shares * shares.log()).sum(-1)


@pytest.mark.parametrize("dense", [True, False])
@pytest.mark.parametrize("temperature", [1.0, 0.6])
@pytest.mark.parametrize(("tokens", "vocabulary"), [(4, 5), (100, 100), (1, 1), (11, 23)])
def test_values_and_gradients_are_the_definitions(inputs, dense, temperature, tokens, vocabulary):
    hidden, weight, targets = inputs
    found, entropy = logprob.selected(
        hidden, weight, targets, temperature, tokens=tokens, vocabulary=vocabulary, dense=dense
    )
    wanted, spread = by_hand(hidden, weight, targets, temperature)
    torch.testing.assert_close(found, wanted, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(entropy, spread, rtol=1e-12, atol=1e-12)
    assert not entropy.requires_grad
    slopes = torch.linspace(-1, 2, 11, dtype=torch.float64)
    torch.testing.assert_close(
        torch.autograd.grad((found * slopes).sum(), (hidden, weight)),
        torch.autograd.grad((wanted * slopes).sum(), (hidden, weight)),
    )


def test_the_gradient_is_the_slope(inputs):
    hidden, weight, targets = inputs

    def tiled(hidden, weight):
        return logprob.selected(hidden, weight, targets, 0.7, tokens=4, vocabulary=5, dense=False)[0]

    assert torch.autograd.gradcheck(tiled, (hidden, weight))


def test_far_logits_neither_overflow_nor_vanish():
    hidden = torch.tensor([[300.0], [-300.0]])
    weight = torch.tensor([[1.0], [0.0], [-1.0]])
    targets = torch.tensor([0, 0])
    for dense in (True, False):
        found, entropy = logprob.selected(hidden, weight, targets, vocabulary=1, dense=dense)
        torch.testing.assert_close(found, torch.tensor([0.0, -600.0]))
        torch.testing.assert_close(entropy, torch.zeros(2))


def test_only_what_needs_a_gradient_gets_one(inputs):
    hidden, weight, targets = inputs
    found, _ = logprob.selected(hidden.detach(), weight, targets, vocabulary=7, dense=False)
    found.sum().backward()
    assert hidden.grad is None
    assert weight.grad is not None


@pytest.mark.parametrize("dense", [True, False])
def test_half_precision_is_summed_in_float32(inputs, dense):
    hidden, weight, targets = (each.detach() for each in inputs)
    half = logprob.selected(hidden.bfloat16(), weight.bfloat16(), targets, vocabulary=7, dense=dense)[0]
    assert half.dtype == torch.float32
    rounded = logprob.selected(hidden.bfloat16().double(), weight.bfloat16().double(), targets, dense=True)[0]
    torch.testing.assert_close(half.double(), rounded, rtol=1e-5, atol=1e-5)


def test_no_full_logits_are_kept(inputs, monkeypatch):
    """The largest tensor that the tiled form makes is one tile."""
    hidden, weight, targets = inputs
    made = []
    plain = logprob.logits

    def spy(*args):
        made.append(plain(*args))
        return made[-1]

    monkeypatch.setattr(logprob, "logits", spy)
    found, _ = logprob.selected(hidden, weight, targets, tokens=4, vocabulary=5, dense=False)
    found.sum().backward()
    assert max(each.numel() for each in made) == 20
    assert len(made) == 2 * 3 * 5
