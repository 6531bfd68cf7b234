"""Tiny models with random weights and their tokenizers, built in code: nothing is fetched."""

from __future__ import annotations

from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

SPECIAL = (
    *("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>"),
    *("<|vision_start|>", "<|image_pad|>", "<|vision_end|>"),
)
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n"
    "{% if m.content is string %}{{ m.content }}{% else %}{% for part in m.content %}"
    "{% if part.type == 'image' %}<|vision_start|>{% else %}{{ part.text }}{% endif %}{% endfor %}{% endif %}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
LENGTH = 4096


def tokenizer(template: str = TEMPLATE) -> Any:
    """One token a byte, and the special ones."""
    words = [*SPECIAL, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    made = Tokenizer(models.BPE(vocab={word: at for at, word in enumerate(words)}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([word for word in SPECIAL if "tool" not in word])
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        chat_template=template,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        padding_side="left",
        extra_special_tokens={
            "image_token": "<|image_pad|>",
            "boi_token": "<|vision_start|>",
            "eoi_token": "<|vision_end|>",
        },
    )


def sizes(words: Any, width: int) -> dict[str, Any]:
    """What both language models are told."""
    return {
        "vocab_size": len(words),
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "head_dim": width // 2,
        "max_position_embeddings": LENGTH,
        "pad_token_id": words.pad_token_id,
        "eos_token_id": words.eos_token_id,
        "bos_token_id": None,
        "initializer_range": width**-0.5,  # with 0.02 a model this small learns nothing
    }


def language_model(words: Any, width: int = 64, kind: type[Any] | None = None) -> Any:
    """A Llama of about a hundred thousand weights; `kind` is a subclass of its class."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    return (kind or LlamaForCausalLM)(LlamaConfig(**sizes(words, width)))


def vision_model(words: Any, width: int = 64) -> tuple[Any, Any]:
    """A Gemma 3 with a SigLIP of one layer, and its processor: pictures of 56×56 pixels become four tokens."""
    from transformers import (
        Gemma3Config,
        Gemma3ForConditionalGeneration,
        Gemma3Processor,
        Gemma3TextConfig,
        SiglipVisionConfig,
    )
    from transformers.models.gemma3 import Gemma3ImageProcessorPil  # the other one needs torchvision

    pictures = Gemma3ImageProcessorPil(size={"height": 56, "width": 56}, image_seq_length=4)
    processor = Gemma3Processor(
        image_processor=pictures, tokenizer=words, image_seq_length=4, chat_template=words.chat_template
    )
    layers = {"num_hidden_layers": 1, "num_attention_heads": 2, "hidden_size": width, "intermediate_size": 2 * width}
    torch.manual_seed(0)
    config = Gemma3Config(
        text_config=Gemma3TextConfig(**sizes(words, width)),
        vision_config=SiglipVisionConfig(image_size=56, patch_size=14, **layers),
        mm_tokens_per_image=4,
        boi_token_index=words.convert_tokens_to_ids("<|vision_start|>"),
        eoi_token_index=words.convert_tokens_to_ids("<|vision_end|>"),
        image_token_index=words.convert_tokens_to_ids("<|image_pad|>"),
    )
    model = Gemma3ForConditionalGeneration(config)
    torch.nn.init.normal_(model.model.multi_modal_projector.mm_input_projection_weight, std=width**-0.5)  # else 0
    return processor, model


def teach(model: Any, words: Any, prompts: list[Any], replies: list[str], steps: int, rate: float = 3e-3) -> float:
    """Supervised steps on random pairs of prompt and reply, reply tokens only; the last loss."""
    generator = torch.Generator().manual_seed(0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    loss = 0.0
    for _ in range(steps):
        rows = []
        for _ in range(16):
            at = int(torch.randint(len(prompts), (1,), generator=generator))
            which = int(torch.randint(len(replies), (1,), generator=generator))
            rows.append((prompts[at], words(replies[which])["input_ids"] + [words.eos_token_id]))
        longest = max(len(prompt) + len(reply) for prompt, reply in rows)
        ids = torch.full((len(rows), longest), words.pad_token_id)
        labels = torch.full((len(rows), longest), -100)
        mask = torch.zeros((len(rows), longest), dtype=torch.long)
        for at, (prompt, reply) in enumerate(rows):
            start = longest - len(prompt) - len(reply)
            ids[at, start:] = torch.tensor(prompt + reply)
            labels[at, longest - len(reply) :] = torch.tensor(reply)
            mask[at, start:] = 1
        kinds = {"token_type_ids": torch.zeros_like(ids)} if hasattr(model.config, "vision_config") else {}
        out = model(input_ids=ids, attention_mask=mask, labels=labels, **kinds)
        optimizer.zero_grad()
        out.loss.backward()
        optimizer.step()
        loss = float(out.loss)
    return loss
