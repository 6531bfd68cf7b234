"""verl's own dataset class, loader of reward functions, reward manager and validation metrics, on our files."""

from __future__ import annotations

import asyncio
import importlib.metadata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from omegaconf import OmegaConf
from PIL import Image
from verl import DataProto
from verl.trainer.ppo.metric_utils import process_validation_metrics
from verl.trainer.ppo.reward import load_reward_manager
from verl.utils.dataset.rl_dataset import RLHFDataset, collate_fn

from tests.peers import answers, tiny
from verienv import dataset
from verienv.adapters import specs

torch.set_num_threads(1)


def version() -> str:
    """The version that ran."""
    return importlib.metadata.version("verl")


def run(ran: Callable[[str, str], None], scratch: Path) -> None:
    """Rows, then rewards."""
    words = tiny.tokenizer()
    for form in ("verl", "verl-parquet"):
        read = {name: rows(scratch, name, form, words) for name in ("sat", "jigsaw")}
        assert all(isinstance(row["raw_prompt"][0]["content"], str) for row in read["sat"])
        pictures = [part["image"] for row in read["jigsaw"] for part in row["raw_prompt"][0]["content"][:1]]
        assert len(pictures) == len(read["jigsaw"])
        if form == "verl-parquet":
            assert all(isinstance(picture, Image.Image) for picture in pictures)
            kinds = "decoded pictures"
        else:
            assert all(picture.startswith("data:image/jpeg;base64,") for picture in pictures)
            kinds = "pictures as data URLs"
        ran(f"`RLHFDataset` on `--format {form}`", f"{len(read['sat'])} text rows, {len(pictures)} rows with {kinds}")
    rewards(ran, rows(scratch, "sat", "verl-parquet", words), None, words)
    rewards(ran, rows(scratch, "saturn-7b", "verl-parquet", words), "saturn-7b", words)


def rows(scratch: Path, source: str, form: str, words: Any) -> list[dict[str, Any]]:
    """What verl's dataset makes of ours."""
    out = scratch / f"{source}-{form}"
    if not out.exists():
        dataset.generate(dataset.plan(source, None, count=16, format=form), out)
    (file,) = (out / "data").iterdir()
    config = OmegaConf.create(
        {"cache_dir": str(scratch / "cache"), "max_prompt_length": 100_000, "filter_overlong_prompts_workers": None}
    )
    read = RLHFDataset(str(file), words, config)
    assert len(read) == 16
    if source == "jigsaw":
        read.processor = object()  # it asks whether there is one, and leaves the pictures to the rollout
    return [read[at] for at in range(len(read))]


def rewards(ran: Callable[[str, str], None], read: list[dict[str, Any]], reward: str | None, words: Any) -> None:
    """The reward manager's scores are ours, for right, wrong and unreadable responses."""
    function = {
        "path": "pkg://verienv.adapters.verl",
        "name": "compute_score",
        "reward_kwargs": {"reward": reward} if reward else {},
    }
    manager = {"source": "register", "name": "naive"}
    config = OmegaConf.create({"reward": {"custom_reward_function": function, "reward_manager": manager}})
    paid = specs.rewards(reward)
    told: dict[str, list[Any]] = {}
    wanted: list[float] = []

    async def judge() -> None:
        judging = load_reward_manager(config, words)
        for at, row in enumerate(read):
            spec = row["reward_model"]["ground_truth"]
            instance = specs.instance(spec)
            reply = (answers.right(instance, boxed=reward is not None), "<answer>1</answer>", "no idea")[at % 3]
            wanted.append(paid(spec, reply).value)
            given = await judging.run_single(batch(row, reply, words))
            assert given["reward_score"] == wanted[-1]
            for name, value in given["reward_extra_info"].items():
                told.setdefault(name, []).append(value)

    asyncio.run(judge())
    assert {len(values) for values in told.values()} == {len(read)}, "every row has the same keys"
    assert len(set(wanted)) > 1
    sources = [row["data_source"] for row in read]
    metrics = process_validation_metrics(sources, [str(at) for at in range(len(read))], told)
    mean = metrics[sources[0]]["acc"]["mean@1"]
    assert abs(mean - float(np.mean(told["acc"]))) < 1e-9 or len(set(sources)) > 1
    names = ", ".join(name for name in told if name.startswith("term/"))
    ran(
        f"`load_reward_manager`, {reward or 'score'}",
        f"{len(read)} rewards equal ours; metrics of acc, {names}",
    )


def batch(row: dict[str, Any], reply: str, words: Any) -> Any:
    """A rollout of one response, as the agent loop hands it on."""
    response = torch.tensor([words(reply)["input_ids"] + [words.eos_token_id, words.pad_token_id]])
    mask = torch.ones_like(response)
    mask[0, -1] = 0
    held = collate_fn([{key: value for key, value in row.items() if key != "raw_prompt"}])
    held |= {"responses": response, "attention_mask": mask}
    return DataProto.from_single_dict(held)
