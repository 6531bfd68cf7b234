"""Drawing: the distribution, the cuts, and the rule that a row's reply depends on its own numbers alone."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from verienv.errors import UsageError
from verienv.grpo import sampler
from verienv.grpo.model import Size, SmallPolicy
from verienv.grpo.policy import Completion
from verienv.grpo.sampler import Cut
from verienv.grpo.tokenizer import END, Tokenizer

LOGITS = torch.tensor([[0.5, 2.0, -1.0, 1.0, -torch.inf]])


def frequencies(cut: Cut, logits: Tensor = LOGITS, n: int = 20_000) -> Tensor:
    numbers = (torch.arange(n) + 0.5) / n  # every quantile once: exact up to 1 / n
    tokens, _ = sampler.draw(logits.expand(n, -1), numbers, cut)
    return torch.bincount(tokens, minlength=logits.shape[1]) / n


@pytest.mark.parametrize("temperature", [1.0, 0.5, 2.0])
def test_tokens_come_as_often_as_the_softmax_says(temperature):
    torch.testing.assert_close(
        frequencies(Cut(temperature)), torch.softmax(LOGITS[0] / temperature, -1), atol=2e-4, rtol=0
    )


def test_top_k_and_top_p_leave_the_likeliest_and_share_out_the_rest():
    shares = torch.softmax(LOGITS[0], -1)  # 0.14, 0.61, 0.03, 0.22, 0
    two = torch.tensor([0, 1, 0, 1, 0]) * shares
    for cut in (Cut(top_k=2), Cut(top_p=0.8), Cut(top_p=0.7), Cut(top_k=2, top_p=0.9)):
        torch.testing.assert_close(frequencies(cut), two / two.sum(), atol=2e-4, rtol=0)
    assert frequencies(Cut(top_p=1e-9)).tolist() == [0, 1, 0, 0, 0]
    torch.testing.assert_close(frequencies(Cut(top_k=99)), shares, atol=2e-4, rtol=0)


@pytest.mark.parametrize("cut", [Cut(), Cut(0.5), Cut(top_k=2), Cut(top_p=0.7), Cut(0.7, 0.9, 3)])
def test_the_log_probability_is_of_the_distribution_drawn_from(cut):
    tokens, logp = sampler.draw(LOGITS.expand(4, -1), torch.tensor([0.0, 0.3, 0.7, 0.999]), cut)
    torch.testing.assert_close(logp.exp(), frequencies(cut)[tokens], atol=2e-4, rtol=0)


def test_no_number_picks_a_token_that_cannot_come():
    numbers = torch.tensor([0.0, 1 - 2.0**-24, 1.0])
    for logits in ([-torch.inf, 0.0, -torch.inf], [-torch.inf, 0.3, 0.1, 0.2, -torch.inf]):
        tokens, logp = sampler.draw(torch.tensor([logits] * 3), numbers, Cut())
        assert torch.isfinite(logp).all()
        assert tokens[0] == 1


def test_temperature_0_is_greedy_and_scored_at_temperature_1():
    tokens, logp = sampler.draw(LOGITS, torch.tensor([0.99]), Cut(0))
    assert tokens.tolist() == [1]
    torch.testing.assert_close(logp, torch.log_softmax(LOGITS, -1)[:, 1])


@pytest.mark.parametrize("bad", [{"temperature": -1}, {"top_p": 0}, {"top_p": 1.1}, {"top_k": -1}])
def test_a_bad_cut_is_refused(bad):
    with pytest.raises(UsageError):
        Cut(**bad)


@pytest.fixture(scope="module")
def policy():
    policy = SmallPolicy(Tokenizer([chr(code) for code in range(97, 117)]), Size(width=32, layers=2, heads=2))
    with torch.no_grad():
        policy.table.weight.mul_(1.5)
        usual = policy.read([policy.encode([text]) for text in ("abc", "jih")]).last.mean(0)
        policy.table.weight[END] = 6 * usual / usual.norm() ** 2  # so that replies end, at different lengths
    return policy.double()


@pytest.fixture(scope="module")
def prompts(policy):
    return [policy.encode(["abcdefghij"[:length] * 2]) for length in (2, 7, 1, 5)]


@pytest.fixture(scope="module")
def draws():
    return torch.rand((24, 12), dtype=torch.float64, generator=torch.Generator().manual_seed(3))


def listed(completions: list[Completion]) -> list[tuple[list[int], str]]:
    return [(each.ids.tolist(), each.finish) for each in completions]


def test_replies_end_at_different_lengths(policy, prompts, draws):
    """What the tests below rest on."""
    found = policy.sample(prompts, draws)
    assert len({len(each.ids) for each in found}) > 4
    assert {each.finish for each in found} == {"stop", "length"}
    for each in found:
        assert (each.ids == END).nonzero().flatten().tolist() == ([len(each.ids) - 1] if each.finish == "stop" else [])
        assert len(each.logprobs) == len(each.ids)


def test_dropping_finished_rows_changes_nothing(policy, prompts, draws, monkeypatch):
    found = policy.sample(prompts, draws)
    monkeypatch.setattr(sampler, "_DROP", 0)
    kept = policy.sample(prompts, draws)
    assert listed(found) == listed(kept)
    for one, other in zip(found, kept, strict=True):
        torch.testing.assert_close(one.logprobs, other.logprobs, atol=1e-9, rtol=0)


def test_finished_rows_are_dropped(policy, prompts, draws, monkeypatch):
    sizes = []
    plain = SmallPolicy.write

    def spy(self, tokens, *rest):
        sizes.append(len(tokens))
        return plain(self, tokens, *rest)

    monkeypatch.setattr(SmallPolicy, "write", spy)
    policy.sample(prompts, draws)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] <= 12 < sizes[0]


def test_a_cache_of_fixed_shape_gives_the_same_replies(policy, prompts, draws, monkeypatch):
    found = policy.sample(prompts, draws)
    monkeypatch.setattr(policy, "static", True)
    static = policy.sample(prompts, draws)
    assert listed(found) == listed(static)
    for one, other in zip(found, static, strict=True):
        torch.testing.assert_close(one.logprobs, other.logprobs, atol=1e-9, rtol=0)


def test_the_shapes_of_the_static_cache_never_change(policy, prompts, draws, monkeypatch):
    shapes = set()
    plain = SmallPolicy.write

    def spy(self, tokens, positions, seen, past, column):
        shapes.add((tokens.shape, positions.shape, seen.shape, past[0][0].shape, column.shape))
        return plain(self, tokens, positions, seen, past, column)

    monkeypatch.setattr(SmallPolicy, "write", spy)
    monkeypatch.setattr(policy, "static", True)
    policy.sample(prompts, draws)
    assert len(shapes) == 1


@pytest.mark.parametrize("static", [True, False])
def test_a_reply_depends_neither_on_its_neighbours_nor_on_the_process(policy, prompts, draws, static, monkeypatch):
    monkeypatch.setattr(policy, "static", static)
    whole = policy.sample(prompts, draws)
    halves = policy.sample(prompts[:2], draws[:12]) + policy.sample(prompts[2:], draws[12:])
    assert listed(whole) == listed(halves)


def test_a_prompt_is_read_once_for_its_group(policy, prompts, draws, monkeypatch):
    read = []
    plain = SmallPolicy.read

    def spy(self, given):
        read.append(len(given))
        return plain(self, given)

    monkeypatch.setattr(SmallPolicy, "read", spy)
    found = policy.sample(prompts, draws)
    policy.logprobs([prompts[row // 6] for row in range(24)], [each.ids for each in found])
    assert read == [4, 4]


def test_one_token_of_room_is_enough(policy, prompts):
    found = policy.sample(prompts, torch.rand((4, 1), dtype=torch.float64))
    assert [len(each.ids) for each in found] == [1] * 4
    for shape in ((4, 0), (5, 3), (3,)):
        with pytest.raises(UsageError):
            policy.sample(prompts, torch.rand(shape, dtype=torch.float64))
