"""The loop's own settings, from a recipe's [train] table: how much is sampled, how it is learnt from, what is kept.

What the algorithm reads stands in presets.Algorithm. No torch is imported here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from verienv.errors import UnknownName, UsageError

SAMPLERS: Final = ("own", "vllm")


def _key(default: Any, doc: str, low: float = float("-inf"), high: float = float("inf")) -> Any:
    return field(default=default, metadata={"doc": doc, "low": low, "high": high})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """By the recipe's own keys. Raises UsageError for what cannot be."""

    model: str = _key("small", "small: the built-in transformer; else the name or folder of a Hugging Face model")
    width: int = _key(64, "of the built-in transformer", 4)
    layers: int = _key(2, "of the built-in transformer", 1)
    heads: int = _key(4, "of the built-in transformer", 1)
    picture_rows: int = _key(6, "of patches that the built-in transformer cuts a picture into", 1)
    picture_columns: int = _key(8, "of patches", 1)
    picture_patch: int = _key(8, "pixels along a patch, after the picture was made to fit", 1)
    sampler: str = _key("own", "what draws a Hugging Face model's replies: own, or vllm")
    lora: int = _key(0, "rank of adapters trained in place of a Hugging Face model's weights; 0: all weights", 0)
    checkpointing: bool = _key(False, "make activations again in the backward pass: less memory, more time")
    wording: int = _key(48, "problems of each cell from which its tokenizer learns the wording", 2)
    sft_steps: int = _key(0, "supervised steps on the oracle's replies before the first step", 0)
    sft_batch: int = _key(128, "replies in a supervised step", 1)
    sft_rate: float = _key(2e-3, "learning rate of the supervised steps", 0)
    demonstrations: int = _key(0, "problems whose oracle replies are seen there; 0: always new ones", 0)
    seed: int = _key(0, "of the run: weights, problems and draws", 0)
    steps: int = _key(100, "batches of replies that are learnt from", 0)
    prompts: int = _key(16, "problems in a step", 1)
    group: int = _key(8, "attempts at each problem", 1)
    pool: int = _key(0, "distinct training problems, met again and again; 0: always new ones", 0)
    updates: int = _key(1, "optimiser steps on each batch of replies", 1)
    micro_batch: int = _key(0, "replies in a forward pass; 0: 256 of the built-in transformer, 8 of another", 0)
    learning_rate: float = _key(1e-6, "at its highest", 0)
    schedule: str = _key("constant", "of the learning rate: constant, linear or cosine")
    warmup: int = _key(0, "steps until the learning rate is at its highest", 0)
    weight_decay: float = _key(0.0, "of AdamW", 0)
    clip_gradient: float = _key(1.0, "greatest norm of the gradient; 0: any", 0)
    temperature: float = _key(1.0, "when sampling; scored at the same", 1e-3)
    top_p: float = _key(1.0, "when sampling", 1e-3, 1)
    top_k: int = _key(0, "when sampling; 0: all", 0)
    max_prompt: int = _key(0, "tokens, beyond which a prompt is an error; 0: any number", 0)
    max_reply: int = _key(256, "tokens", 1)
    validate: int = _key(64, "problems in a validation, answered greedily", 0)
    save_every: int = _key(10, "steps between checkpoints", 1)
    samples_every: int = _key(10, "steps between samples written out", 1)
    samples: int = _key(8, "attempts written out then", 0)

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, (int, float)) and not each.metadata["low"] <= value <= each.metadata["high"]:
                raise UsageError(f"train.{each.name} = {value!r}: out of range ({each.metadata['doc']})")
        if self.sampler not in SAMPLERS:
            raise UnknownName("train.sampler", self.sampler, SAMPLERS)

    @property
    def rows(self) -> int:
        """Replies in a forward pass: a matter of memory and speed alone."""
        return self.micro_batch or (256 if self.model == "small" or self.model.endswith(".pt") else 8)

    @property
    def smoke(self) -> Settings:
        """Two steps of two prompts with the smallest model, that touch everything and learn nothing."""
        most = {"steps": 2, "prompts": 2, "group": 4, "updates": 2, "max_reply": 12, "validate": 2, "warmup": 1}
        most |= {"sft_steps": 2, "sft_batch": 4, "demonstrations": 4, "save_every": 1, "samples_every": 1, "pool": 4}
        most |= {"wording": 6}
        least = {name: min(value, getattr(self, name)) for name, value in most.items()}
        return replace(
            self, **{**least, "sft_steps": 2}, model="small", sampler="own", width=16, layers=1, heads=2, max_prompt=0
        )


KEYS: Final[Mapping[str, tuple[type, str]]] = {
    each.name: ({"int": int, "float": float, "str": str, "bool": bool}[str(each.type)], each.metadata["doc"])
    for each in fields(Settings)
}


def of(train: Mapping[str, Any]) -> Settings:
    """The settings of a recipe's [train] table, whose other keys are passed over.

    With a pool and no steps, `epochs` says how often the pool is gone through. Raises UsageError.
    """
    chosen = {name: value for name, value in train.items() if name in KEYS}
    settings = Settings(**chosen)
    if "steps" not in chosen and settings.pool and "epochs" in train:
        steps = -(-settings.pool * int(train["epochs"]) // settings.prompts)
        settings = replace(settings, steps=steps)
    return settings
