"""Our half of the conversation with vLLM, held to a stand-in that answers with transformers' own numbers."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest
import torch

pytest.importorskip("transformers")

from tests.grpo.test_hf import RED, draws, model
from verienv.errors import UsageError
from verienv.grpo.hf import HFPolicy, Seen
from verienv.grpo.policy import Prompt
from verienv.grpo.vllm import VLLMPolicy

pytestmark = pytest.mark.filterwarnings("default::FutureWarning", "default::UserWarning")


class StandIn:
    """Holds a model of its own, greedy; remembers what it was told."""

    def __init__(self, **settings: Any) -> None:
        self.settings = settings
        built, words = model("text")
        self.policy = HFPolicy(built.double(), words)
        self.asked: list[tuple[Any, Any]] = []
        self.resets = self.loads = 0

    def apply_model(self, use: Any) -> None:
        self.loads += 1
        use(SimpleNamespace(load_weights=lambda weights: self.policy.model.load_state_dict(dict(weights))))

    def reset_prefix_cache(self) -> None:
        self.resets += 1

    def generate(self, asked: list[Any], settings: list[Any], use_tqdm: bool) -> list[Any]:
        self.asked += zip(asked, settings, strict=True)
        answers = []
        for each, how in zip(asked, settings, strict=True):
            ids = each["prompt_token_ids"]
            prompt = Prompt(tuple(ids), Seen(torch.arange(len(ids))[None], len(ids), {}))
            (found,) = self.policy.sample([prompt], draws(1, how.max_tokens), temperature=0)
            pairs = zip(found.ids.tolist(), found.logprobs.tolist(), strict=True)
            scores = [{token: SimpleNamespace(logprob=score)} for token, score in pairs]
            out = SimpleNamespace(token_ids=found.ids.tolist(), logprobs=scores, finish_reason=found.finish)
            answers.append(SimpleNamespace(outputs=[out]))
        return answers


@pytest.fixture
def engines(monkeypatch):
    started: list[StandIn] = []

    def start(**settings: Any) -> StandIn:
        started.append(StandIn(**settings))
        return started[-1]

    fake = SimpleNamespace(LLM=start, SamplingParams=lambda **given: SimpleNamespace(**given))
    monkeypatch.setitem(sys.modules, "vllm", fake)
    monkeypatch.setenv("VLLM_ENABLE_V1_MULTIPROCESSING", "0")
    return started


def make(lora: int = 0) -> VLLMPolicy:
    built, words = model("text")
    return VLLMPolicy(built.double(), words, name="somewhere", lora=lora)


def test_replies_and_their_scores_come_from_the_engine(engines):
    made = make()
    prompts = [made.encode(["ab"]), made.encode(["a longer prompt"])]
    found = made.sample(prompts, draws(6, 5), temperature=0.7, top_p=0.9)
    (engine,) = engines
    assert engine.settings["generation_config"] == "vllm"
    assert engine.settings["logprobs_mode"] == "processed_logprobs"
    assert [each["prompt_token_ids"] for each, _ in engine.asked] == [
        *[list(prompts[0].ids)] * 3,
        *[list(prompts[1].ids)] * 3,
    ]
    how = [settings for _, settings in engine.asked]
    assert {(each.temperature, each.top_p, each.top_k, each.max_tokens) for each in how} == {(0.7, 0.9, -1, 5)}
    assert len({each.seed for each in how}) == 6, "rows are independent of each other"
    assert all(each.stop_token_ids == made.ends for each in how)
    scored = made.logprobs([prompts[row // 3] for row in range(6)], [each.ids for each in found])
    for row, each in enumerate(found):
        torch.testing.assert_close(
            scored.logprobs[row, : len(each.ids)].detach().float(), each.logprobs, atol=1e-5, rtol=0
        )


@pytest.mark.parametrize("lora", [0, 2])
def test_the_weights_go_over_when_they_have_changed(engines, lora):
    if lora:
        pytest.importorskip("peft")
    made = make(lora)
    prompt = made.encode(["ab"])
    made.sample([prompt], draws(1, 4))
    made.sample([prompt], draws(1, 4))
    (engine,) = engines
    assert (engine.loads, engine.resets) == (1, 1)
    optimiser = torch.optim.AdamW([each for each in made.parameters() if each.requires_grad], lr=0.1)
    for _ in range(2):
        made.logprobs([prompt], [torch.tensor([50, 1])]).logprobs.sum().backward()
        optimiser.step()
    (found,) = made.sample([prompt], draws(1, 4))
    assert (engine.loads, engine.resets) == (2, 2)
    scored = made.logprobs([prompt], [found.ids]).logprobs[0].detach()
    torch.testing.assert_close(scored.float(), found.logprobs, atol=1e-5, rtol=0)


def test_what_it_cannot_do_is_said(engines, monkeypatch):
    built, words = model("text")
    with pytest.raises(UsageError, match="by its name"):
        VLLMPolicy(built, words)
    built, processor = model("llava")
    made = VLLMPolicy(built, processor, name="somewhere")
    with pytest.raises(UsageError, match="pictures"):
        made.sample([made.encode([RED, "what?"])], draws(1, 4))
    monkeypatch.setitem(sys.modules, "vllm", None)
    text = make()
    with pytest.raises(UsageError, match="pip install vllm"):
        text.sample([text.encode(["ab"])], draws(1, 4))
