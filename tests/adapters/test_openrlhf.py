"""How the model's words are found in what OpenRLHF hands over; tests/peers runs its executors."""

from __future__ import annotations

import pytest

from verienv.adapters import openrlhf
from verienv.adapters.specs import MissingPeer
from verienv.errors import UsageError

PROMPT = "<|im_start|>user\nWhat? The answer goes between <answer> and </answer>.<|im_end|>\n<|im_start|>assistant\n"


def test_the_reply_is_what_follows_the_prompt_without_the_tokens_that_end_it():
    for end in ("", "<|im_end|>", "</s>", "<|eot_id|>", "<end_of_turn>\n<eos>", "<|im_end|>\n<|endoftext|>"):
        assert openrlhf.reply(PROMPT + "<answer>1</answer>" + end, PROMPT) == "<answer>1</answer>"


def test_a_prompt_whose_picture_became_many_tokens_is_told_apart_by_its_end():
    prompt = "<|vision_start|><|image_pad|><|vision_end|>" + PROMPT
    query = prompt.replace("<|image_pad|>", "<|image_pad|>" * 64) + "<answer>B</answer><|im_end|>"
    assert openrlhf.reply(query, prompt) == "<answer>B</answer>"


def test_a_model_that_repeats_the_prompts_end_cannot_hide_what_it_said():
    """Neither in the plain case nor where the end has to be looked for."""
    said = "<answer>1</answer>" + PROMPT[-openrlhf.TAILS[0] :] + "<answer>2</answer>"
    assert openrlhf.reply(PROMPT + said, PROMPT) == said
    prompt = "<|image_pad|>" + PROMPT * 3
    assert openrlhf.reply("<|image_pad|>" * 9 + PROMPT * 3 + said, prompt) == said


def test_a_query_without_its_prompt_is_refused():
    with pytest.raises(UsageError):
        openrlhf.reply("<answer>1</answer>", PROMPT)
    assert openrlhf.reply("<answer>1</answer>", "") == "<answer>1</answer>"


def test_without_openrlhf_an_agent_names_the_line_that_installs_it():
    with pytest.raises(MissingPeer, match="openrlhf"):
        openrlhf.agent()


def test_rewards_scores_and_terms_are_tensors_of_the_batch(sat):
    torch = pytest.importorskip("torch")
    instance, spec = sat
    prompts = [PROMPT, PROMPT]
    queries = [PROMPT + instance.task.oracle(instance) + "<|im_end|>", PROMPT + "no idea<|im_end|>"]
    told = openrlhf.reward_function({"score": 1.0, "readable": -0.5})(queries, prompts, [spec, spec], datasource="x")
    assert torch.equal(told["rewards"], torch.tensor([0.5, 0.0]))
    assert torch.equal(told["scores"], torch.tensor([1.0, 0.0]))
    assert {name: each.tolist() for name, each in told["extra_logs"].items()} == {"score": [1, 0], "readable": [1, 0]}
