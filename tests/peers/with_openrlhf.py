"""OpenRLHF's own dataset code, its executor that loads reward functions, and its executor of agents, on our files.

Its requirements include packages that only build for a GPU, so the wheel stands alone here, and the engine that would
sample is an object that says what it is told. Everything between the data set and the reward is OpenRLHF's.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from openrlhf.datasets import PromptDataset
from openrlhf.datasets.utils import blending_datasets
from openrlhf.utils.agent import SingleTurnAgentExecutor
from openrlhf.utils.vlm_utils import load_images

from tests.peers import answers, tiny
from verienv import dataset
from verienv.adapters import specs

torch.set_num_threads(1)


def version() -> str:
    """The version that ran."""
    return importlib.metadata.version("openrlhf")


def run(ran: Callable[[str, str], None], scratch: Path) -> None:
    """Text, pictures, a recipe, a game."""
    words = tiny.tokenizer()
    for source, reward in (("sat", None), ("jigsaw", None), ("saturn-7b", "saturn-7b")):
        read = prompts(scratch, source, words)
        if source == "jigsaw":
            pictures = [load_images(images) for _, _, _, images in read]
            assert all(len(each) == 1 for each in pictures)
        wanted, given = rewards(scratch, read, reward, words)
        assert given == wanted, (given, wanted)
        assert len(set(wanted)) > 1
        ran(f"`PromptDataset`, `SingleTurnAgentExecutor`, {source}", f"{len(read)} rows, rewards equal ours")
    game(ran, scratch, words)


def prompts(scratch: Path, source: str, words: Any) -> list[Any]:
    """(data source, prompt, label, pictures) as OpenRLHF reads them."""
    out = scratch / source
    dataset.generate(dataset.plan(source, None, count=12, format="openrlhf"), out)
    (file,) = (out / "data").iterdir()
    data = SimpleNamespace(input_key="prompt", label_key="label", image_key="images", apply_chat_template=True)
    strategy = SimpleNamespace(
        args=SimpleNamespace(data=data, use_ms=False), print=lambda *told: None, is_rank_0=lambda: False
    )
    held = PromptDataset(blending_datasets(str(file), None, strategy), words, strategy)
    return [held[at] for at in range(len(held))]


def rewards(scratch: Path, read: list[Any], reward: str | None, words: Any) -> tuple[list[float], list[float]]:
    """Ours and theirs, for right, wrong and unreadable replies."""
    file = scratch / f"reward_{reward}.py"
    file.write_text(
        f"from verienv.adapters.openrlhf import reward_function\nreward_func = reward_function({reward!r})\n"
    )
    executor = SingleTurnAgentExecutor(str(file))
    wanted, given = [], []
    for at, (_, prompt, label, images) in enumerate(read):
        instance = specs.instance(label)
        reply = (answers.right(instance, boxed=reward is not None), "<answer>1</answer>", "no idea")[at % 3]
        wanted.append(round(specs.rewards(reward)(label, reply).value, 6))
        out = asyncio.run(executor.execute(prompt, label, sampling(), 100_000, words, Engine(words, [reply]), images))
        given.append(round(out["reward"].item(), 6))
        assert abs(out["scores"].item() - specs.score(label, reply).value) < 1e-6
    return wanted, given


def game(ran: Callable[[str, str], None], scratch: Path, words: Any) -> None:
    """Every move is a turn, its answer the next view in the chat template's own form."""
    from verienv.adapters import openrlhf as adapter

    dataset.generate(dataset.plan("stairs", "0", count=6, format="openrlhf"), scratch / "stairs")
    read = list(dataset.read(scratch / "stairs"))
    turns = 0
    for at, row in enumerate(read):
        instance = specs.instance(row["label"])
        way: list[str] = instance.task.oracle(instance)
        replies = way if at % 2 else [*way[:1], "no idea"]
        prompt = words.apply_chat_template(row["prompt"], tokenize=False, add_generation_prompt=True)
        engine = Engine(words, replies)
        out = asyncio.run(adapter.agent()().execute(prompt, row["label"], sampling(), 100_000, words, engine))
        assert out["reward"] == float(at % 2)
        turns += len(out["action_ranges"])
        seen = words.decode(out["observation_tokens"])
        assert seen.count("<|im_start|>user") == len(out["action_ranges"])
        for (start, end), reply in zip(out["action_ranges"], replies, strict=True):
            assert words.decode(out["observation_tokens"][start:end]) == reply + "<|im_end|>"
    ran("`MultiTurnAgentExecutor`, a game", f"{len(read)} episodes, {turns} turns, rewards at the end")


def sampling() -> Any:
    """As vLLM's."""
    return SimpleNamespace(max_tokens=None, logprobs=None)


class Engine:
    """Says what it was told, one reply a call."""

    def __init__(self, words: Any, replies: Sequence[str]) -> None:
        self._words, self._replies = words, iter(replies)

    async def generate(self, tokens: list[int], params: Any, multi_modal_data: Any = None) -> Any:
        """One output."""
        text = next(self._replies)
        ids = [*self._words(text)["input_ids"], self._words.eos_token_id]
        output = SimpleNamespace(token_ids=ids, text=text, finish_reason="stop", logprobs=None)
        return SimpleNamespace(outputs=[output])
