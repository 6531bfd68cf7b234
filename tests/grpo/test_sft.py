"""The warm start: what is shown, in which order, that it is learnt with its end, and in any micro-batches alike."""

from __future__ import annotations

import itertools

import pytest
import torch

import verienv
from tests.env import toys
from verienv.errors import ContractError, UsageError
from verienv.grpo import sft
from verienv.grpo.model import Size, SmallPolicy
from verienv.grpo.sft import Demonstration
from verienv.grpo.tokenizer import END, Tokenizer


def small(tokenizer: Tokenizer, kind: torch.dtype = torch.float32) -> SmallPolicy:
    made = SmallPolicy(tokenizer, Size(width=32, layers=1, heads=2))
    made.to(kind)
    return made


def letters() -> Tokenizer:
    return Tokenizer([chr(code) for code in range(32, 127)])


def test_a_question_gives_one_demonstration_whose_reply_scores_1():
    task = verienv.load("sat")
    instance = task.instance(0, seed=3)
    (shown,) = sft.demonstrations(instance)
    assert list(shown.parts) == instance.prompt
    assert task.score(instance, shown.reply).value == 1
    other = sft.demonstrations(task.instance(1, seed=3))[0]
    assert shown.setting != other.setting


def test_a_game_gives_one_for_each_move():
    shown = sft.demonstrations(toys.Guess().instance(0))
    assert [each.parts for each in shown] == [("Guess a number.",), ("Higher than 0. Guess a number.",)]
    assert shown[0].reply == "<answer>0</answer>" != shown[1].reply


def test_an_oracle_that_fails_is_our_bug(monkeypatch):
    task = verienv.load("sat")
    instance = task.instance(0)
    monkeypatch.setattr(type(task), "solve", lambda self, problem: "<answer>no</answer>")
    with pytest.raises(ContractError, match="sat@"):
        sft.demonstrations(instance)


def test_the_vocabulary_is_made_for_the_wording_of_each_setting():
    task = verienv.load("sat")
    shown = [
        each
        for level in (0, 1)
        for index in range(12)
        for each in sft.demonstrations(task.instance(level, index=index))
    ]
    tokenizer = sft.vocabulary(shown)
    assert tokenizer.config == sft.vocabulary(shown).config
    for each in shown:
        text = str(each.parts[0])
        assert len(tokenizer.encode(text)) < len(text) / 4


def test_a_pool_is_gone_through_in_an_order_drawn_anew():
    policy = small(letters())
    pool = [sft.lesson(policy, Demonstration("", (f"{n}",), "x")) for n in range(10)]
    batch = sft.from_pool(pool, 4, seed=1)
    shown = [pool.index(each) for step in range(5) for each in batch(step)]
    assert sorted(shown[:10]) == sorted(shown[10:]) == list(range(10))
    assert shown[:10] != shown[10:]
    again = sft.from_pool(pool, 4, seed=1)
    assert [pool.index(each) for each in again(3)] == shown[12:16], "a step stands by itself"
    other = sft.from_pool(pool, 4, seed=2)
    assert [pool.index(each) for step in range(5) for each in other(step)] != shown
    with pytest.raises(UsageError):
        sft.from_pool([], 4, seed=1)


def test_replies_are_learnt_to_their_end():
    policy = small(letters())
    shown = [sft.lesson(policy, Demonstration("", (f"{a}{b}=",), f"{(a + b) % 3}" * (a + 1))) for a, b in PAIRS]
    steps = list(sft.fit(policy, lambda step: shown, sft.Settings(steps=100, batch=9, learning_rate=1e-2)))
    assert steps[0].loss > 3
    assert steps[-1].loss < 0.05
    found = policy.sample([each.prompt for each in shown], torch.rand(9, 8), temperature=0)
    assert [each.ids.tolist() for each in found] == [each.reply.tolist() for each in shown]
    assert all(each.finish == "stop" for each in found)


PAIRS = list(itertools.product(range(3), repeat=2))


def test_the_loss_is_the_mean_over_reply_tokens_whatever_the_micro_batch():
    shown = [Demonstration("", ("ab" * (n + 1),), "c" * n) for n in range(5)]
    fitted = []
    for micro in (5, 2, 1):
        policy = small(letters(), torch.float64)
        lessons = [sft.lesson(policy, each) for each in shown]
        settings = sft.Settings(steps=1, batch=5, micro_batch=micro)
        fitted.append((list(sft.fit(policy, [lessons].__getitem__, settings)), policy.state_dict()))
    (first, weights), *others = fitted
    for steps, state in others:
        for one, other in zip(first, steps, strict=True):
            assert one == pytest.approx(other, abs=1e-9)
        for key in weights:
            torch.testing.assert_close(weights[key], state[key], atol=1e-9, rtol=0)
    policy = small(letters(), torch.float64)
    lessons = [sft.lesson(policy, each) for each in shown]
    parts = [policy.logprobs([each.prompt], [each.reply]).logprobs.detach().flatten() for each in lessons]
    assert first[0].loss == pytest.approx(-float(torch.cat(parts).mean()))
    assert first[0].tokens == sum(map(len, parts)) == 15
    assert all(each.reply[-1] == END for each in lessons)


def test_the_rate_rises_and_the_gradient_is_clipped():
    policy = small(letters())
    lesson = sft.lesson(policy, Demonstration("", ("a",), "b"))
    before = [each.detach().clone() for each in policy.parameters()]
    settings = sft.Settings(steps=1, batch=1, warmup=10, learning_rate=1e-2)
    (only,) = sft.fit(policy, lambda step: [lesson], settings)
    moved = max(float((each.detach() - old).abs().max()) for each, old in zip(policy.parameters(), before, strict=True))
    assert moved == pytest.approx(1e-3, rel=0.01), "Adam's first step is the rate itself: a tenth of the highest"
    assert only.gradient > 1


@pytest.mark.parametrize("bad", [{"steps": -1}, {"batch": 0}, {"learning_rate": float("nan")}, {"clip_gradient": 0}])
def test_settings_that_cannot_be_are_refused(bad):
    with pytest.raises(UsageError):
        sft.Settings(**bad)


def test_a_family_is_warmed_up_within_seconds():
    """Level 0 of sat, 60 steps: far above the blank policy's 0."""
    task = verienv.load("sat")
    instances = [task.instance(0, seed=1, index=index) for index in range(512)]
    shown = [each for instance in instances for each in sft.demonstrations(instance)]
    policy = SmallPolicy(sft.vocabulary(shown[:64]), Size(width=32, layers=1, heads=2))
    batch = sft.from_pool([sft.lesson(policy, each) for each in shown], 64, seed=0)
    for _ in sft.fit(policy, batch, sft.Settings(steps=60, batch=64, learning_rate=5e-3)):
        pass
    held = [task.instance(0, seed=2, index=index, split="test") for index in range(64)]
    found = policy.sample([policy.encode(each.prompt) for each in held], torch.rand(64, 12), temperature=0)
    scores = [task.score(each, policy.decode(reply.ids)).value for each, reply in zip(held, found, strict=True)]
    assert sum(scores) / 64 > 0.3
