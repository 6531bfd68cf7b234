"""Models of transformers as policies: tiny ones built in code, a text model and two that see pictures."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch
from PIL import Image
from torch import Tensor

pytest.importorskip("transformers")

import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from verienv.errors import UsageError
from verienv.grpo import policy, sft
from verienv.grpo.hf import HFPolicy
from verienv.grpo.policy import Prompt

# transformers warns of what it will drop; a progress bar says nothing here
pytestmark = pytest.mark.filterwarnings("default::FutureWarning:transformers", "default::UserWarning:transformers")
transformers.utils.logging.disable_progress_bar()

SPECIAL = ["<pad>", "<end>", "<unk>", "<turn>", "<see>", "<seen>", "<image>", "<video>"]
CHARACTERS = [*SPECIAL, *map(chr, range(32, 127)), "\n"]
END, IMAGE, VIDEO = 1, 6, 7
TEMPLATE = (
    "{% for m in messages %}<turn>{{ m.role }}\n{% if m.content is string %}{{ m.content }}{% else %}"
    "{% for c in m.content %}{% if c.type == 'image' %}<see><image><seen>{% else %}{{ c.text }}{% endif %}{% endfor %}"
    "{% endif %}<end>\n{% endfor %}{% if add_generation_prompt %}<turn>assistant\n{% endif %}"
)
TEXT = {
    "vocab_size": len(CHARACTERS),
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "initializer_range": 0.25,  # far from uniform, as a trained model is
    "eos_token_id": END,
    "pad_token_id": 0,
    "bos_token_id": None,
}
RED, BLUE, GREEN = (
    Image.new("RGB", size, colour) for size, colour in [((20, 30), "red"), ((40, 20), "blue"), ((16, 16), "green")]
)
SHOWN: dict[str, list[list[Any]]] = {
    "text": [["ab" * 9], ["c"], ["a longer prompt"]],
    "llava": [[RED, "hello"], ["text alone"], [BLUE, "two", GREEN]],
    "qwen": [[RED, "hello"], ["text alone"], [BLUE, "two", GREEN]],
}


def tokenizer(template: str | None = None) -> Any:
    """One token for each character."""
    table = Tokenizer(models.WordLevel({each: at for at, each in enumerate(CHARACTERS)}, unk_token="<unk>"))
    table.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    table.decoder = decoders.Fuse()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=table,
        eos_token="<end>",
        pad_token="<pad>",
        unk_token="<unk>",
        additional_special_tokens=SPECIAL[3:],
        chat_template=template,
    )


class QwenReader:
    """What Qwen's processor does with pictures; the real one needs torchvision for its videos."""

    def __init__(self) -> None:
        from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

        self.tokenizer, self.chat_template = tokenizer(), TEMPLATE
        size = {"shortest_edge": 64, "longest_edge": 4096}
        self.images = Qwen2VLImageProcessorPil(patch_size=4, merge_size=2, temporal_patch_size=2, size=size)

    def apply_chat_template(self, turn: Any, **more: Any) -> str:
        return str(self.tokenizer.apply_chat_template(turn, chat_template=self.chat_template, **more))

    def __call__(self, text: list[str], images: list[Any], **more: Any) -> dict[str, Tensor]:
        read = dict(self.images(images, return_tensors="pt"))
        counts = iter((read["image_grid_thw"].prod(-1) // 4).tolist())
        pieces = text[0].split("<image>")
        whole = pieces[0] + "".join("<image>" * next(counts) + piece for piece in pieces[1:])
        ids = torch.tensor([self.tokenizer(whole, add_special_tokens=False)["input_ids"]])
        return {"input_ids": ids, "mm_token_type_ids": (ids == IMAGE).int(), **read}


def model(kind: str) -> tuple[Any, Any]:
    """A tiny model and its tokenizer or processor."""
    torch.manual_seed(0)
    if kind == "text":
        config = transformers.Qwen2Config(**TEXT, tie_word_embeddings=True, attn_implementation="sdpa")
        return transformers.Qwen2ForCausalLM(config), tokenizer(TEMPLATE)
    if kind == "llava":
        from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

        small = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
        vision = {**small, "model_type": "clip_vision_model", "image_size": 16, "patch_size": 8, "projection_dim": 32}
        config = transformers.LlavaConfig(
            text_config={"model_type": "llama", **TEXT},
            vision_config=vision,
            image_token_index=IMAGE,
            image_seq_length=4,
            attn_implementation="sdpa",
        )
        processor = transformers.LlavaProcessor(
            image_processor=CLIPImageProcessorPil(
                size={"shortest_edge": 16}, crop_size={"height": 16, "width": 16}, do_convert_rgb=True
            ),
            tokenizer=tokenizer(),
            patch_size=8,
            vision_feature_select_strategy="default",
            num_additional_image_tokens=1,
            chat_template=TEMPLATE,
        )
        return transformers.LlavaForConditionalGeneration(config), processor
    config = transformers.Qwen2_5_VLConfig(
        text_config={
            **TEXT,
            "rope_parameters": {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 10000.0},
        },
        vision_config={
            "depth": 2,
            "hidden_size": 32,
            "num_heads": 2,
            "patch_size": 4,
            "intermediate_size": 32,
            "out_hidden_size": 32,
            "window_size": 16,
            "fullatt_block_indexes": [1],
        },
        image_token_id=IMAGE,
        video_token_id=VIDEO,
        vision_start_token_id=4,
        vision_end_token_id=5,
        attn_implementation="sdpa",
    )
    return transformers.Qwen2_5_VLForConditionalGeneration(config), QwenReader()


def make(kind: str, dtype: torch.dtype = torch.float64, **given: Any) -> HFPolicy:
    built, processor = model(kind)
    return HFPolicy(built.to(dtype), processor, **given)


def draws(rows: int, room: int, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.rand((rows, room), dtype=dtype, generator=torch.Generator().manual_seed(5))


def plain(made: HFPolicy, parts: list[Any], completion: Tensor) -> Tensor:
    """The log-probabilities by transformers' own whole forward pass over one row, as its documentation has it."""
    text, _ = made._templated(parts)
    images = [part for part in parts if not isinstance(part, str)]
    read = made.processor(text=[text], images=images, return_tensors="pt") if images else {}
    ids = read.pop("input_ids") if images else torch.tensor([made.encode(parts).ids])
    read.pop("attention_mask", None)
    whole = torch.cat((ids, completion[None]), 1)
    if "mm_token_type_ids" in read:
        read["mm_token_type_ids"] = torch.nn.functional.pad(read["mm_token_type_ids"], (0, len(completion)))
    if "pixel_values" in read:
        read["pixel_values"] = read["pixel_values"].double()
    out = made.model(input_ids=whole, attention_mask=torch.ones_like(whole), **read)
    scores = torch.log_softmax(out.logits, -1)[0, ids.shape[1] - 1 : -1]
    return scores.gather(-1, completion[:, None])[:, 0]


@pytest.mark.parametrize("kind", ["text", "llava", "qwen"])
def test_sampled_scored_and_transformers_own_agree(kind):
    made = make(kind).train()
    prompts = [made.encode(parts) for parts in SHOWN[kind]]
    found = made.sample(prompts, draws(9, 12))
    assert len({len(each.ids) for each in found}) > 1
    repeated = [each for each in prompts for _ in range(3)]
    shared = made.logprobs(repeated, [each.ids for each in found])
    made.checkpointing = True  # whole sequences, padded on the right
    whole = made.logprobs(repeated, [each.ids for each in found])
    torch.testing.assert_close(shared, whole, atol=1e-9, rtol=0)
    for row, each in enumerate(found):
        scored = shared.logprobs[row, : len(each.ids)]
        torch.testing.assert_close(scored.detach(), each.logprobs, atol=1e-9, rtol=0)
        if not {IMAGE, VIDEO} & set(each.ids.tolist()):  # which transformers' own pass takes for pictures
            torch.testing.assert_close(scored, plain(made, SHOWN[kind][row // 3], each.ids), atol=1e-9, rtol=0)
    assert made.training, "sampling leaves the mode as it was"


@pytest.mark.parametrize("kind", ["text", "qwen"])
def test_agreement_in_single_precision(kind):
    made = make(kind, torch.float32)
    prompts = [made.encode(parts) for parts in SHOWN[kind]]
    found = made.sample(prompts, draws(6, 12, torch.float32))
    scored = made.logprobs([each for each in prompts for _ in range(2)], [each.ids for each in found])
    for row, each in enumerate(found):
        torch.testing.assert_close(scored.logprobs[row, : len(each.ids)].detach(), each.logprobs, atol=1e-4, rtol=0)


@pytest.mark.parametrize("kind", ["text", "llava"])
def test_a_cache_of_fixed_shape_gives_the_same_replies(kind):
    made = make(kind)
    prompts = [made.encode(parts) for parts in SHOWN[kind]]
    dropping = made.sample(prompts, draws(9, 10))
    made.static = True
    fixed = made.sample(prompts, draws(9, 10))
    assert [each.ids.tolist() for each in dropping] == [each.ids.tolist() for each in fixed]


@pytest.mark.parametrize("kind", ["text", "qwen"])
def test_whole_and_shared_passes_have_the_same_gradient(kind):
    gradients = []
    for checkpointing in (False, True):
        made = make(kind, checkpointing=checkpointing).train()
        prompts = [made.encode(parts) for parts in SHOWN[kind][:2] for _ in range(2)]
        completions = [torch.tensor(row) for row in ([40, 41, END], [42, END], [43], [44, 45, 46])]
        made.logprobs(prompts, completions, 0.8).logprobs.sum().backward()
        gradients.append({name: each.grad for name, each in made.named_parameters()})
    assert gradients[0].keys() == gradients[1].keys()
    for name, one in gradients[0].items():
        other = gradients[1][name]
        if one is None or other is None:
            assert one is other is None, name
        else:
            torch.testing.assert_close(one, other, atol=1e-9, rtol=1e-9, msg=name)


def test_the_chat_template_is_used_and_its_absence_too():
    made = make("text")
    assert made.tokenizer.decode(made.encode(["hi", " there"]).ids) == "<turn>user\nhi there<end>\n<turn>assistant\n"
    made.processor.chat_template = None
    assert made.tokenizer.decode(made.encode(["hi"]).ids) == "hi"
    assert made.encode_reply("ok") == [*made.tokenizer("ok")["input_ids"], END]
    assert made.decode(torch.tensor([*made.encode_reply("ok"), 50])) == "ok"


def test_pictures_stand_where_the_prompt_has_them():
    made = make("qwen")
    prompt = made.encode(["a", RED, "b"])
    text = made.tokenizer.decode(prompt.ids)
    assert text.index("a<see><image>") < text.index("<seen>b")
    positions = prompt.images.positions
    assert positions.shape == (3, len(prompt.ids))
    assert prompt.images.following == int(positions.max()) + 1 < len(prompt.ids), (
        "a picture takes a square of positions"
    )


def test_a_text_model_refuses_pictures():
    with pytest.raises(UsageError, match="text alone"):
        make("text").encode([RED, "what?"])


def test_generation_config_is_not_read_but_for_its_end_tokens():
    usual = make("text")
    prompts = [usual.encode(["ab"])]
    free = [each.ids.tolist() for each in usual.sample(prompts, draws(40, 8))]
    stop = max(range(2, len(CHARACTERS)), key=lambda token: sum(token in row[:-1] for row in free))
    built, words = model("text")
    built.generation_config.update(
        repetition_penalty=9.0, temperature=0.1, top_k=1, do_sample=True, eos_token_id=[END, stop]
    )
    made = HFPolicy(built.double(), words)
    assert made.ends == [END, stop]
    found = [each.ids.tolist() for each in made.sample(prompts, draws(40, 8))]
    assert found == [row[: row.index(stop) + 1] if stop in row else row for row in free] != free


@pytest.mark.parametrize("kind", ["llava", "qwen"])
def test_a_reply_that_names_a_picture_is_read_as_if_it_had_ended(kind):
    """There is no picture for it, and transformers counts one for each such token."""
    made = make(kind)
    prompt = made.encode(SHOWN[kind][0])
    named, ended = torch.tensor([50, IMAGE, 51, 52]), torch.tensor([50, END, 51, 52])
    one, other = (made.logprobs([prompt], [each]).logprobs[0] for each in (named, ended))
    torch.testing.assert_close(one[2:], other[2:])
    assert not torch.isclose(one[1], other[1])
    made.train().checkpointing = True
    torch.testing.assert_close(made.logprobs([prompt], [named]).logprobs[0], one, atol=1e-9, rtol=0)


def test_dropout_is_taken_out():
    torch.manual_seed(0)
    config = transformers.Qwen2Config(**TEXT, attention_dropout=0.5, attn_implementation="sdpa")
    made = HFPolicy(transformers.Qwen2ForCausalLM(config).double(), tokenizer()).train()
    prompt, reply = made.encode(["ab"]), torch.tensor([50, END])
    one, other = (made.logprobs([prompt], [reply]).logprobs for _ in range(2))
    torch.testing.assert_close(one, other, atol=0, rtol=0)


@pytest.mark.parametrize(("kind", "lora"), [("text", 0), ("text", 2), ("llava", 2)])
def test_what_is_saved_from_pretrained_loads(kind, lora, tmp_path):
    if lora:
        pytest.importorskip("peft")
    built, processor = model(kind)
    built.save_pretrained(tmp_path / "base")
    processor.save_pretrained(tmp_path / "base")
    config = {"kind": "hf", "model": str(tmp_path / "base"), "lora": lora}
    made = policy.build(config)
    assert isinstance(made, HFPolicy)
    lesson = sft.lesson(made, sft.Demonstration("", tuple(SHOWN[kind][0]), "yes"))
    list(sft.fit(made, lambda step: [lesson], sft.Settings(steps=2, batch=1, warmup=0, learning_rate=1e-2)))
    scored = made.logprobs([lesson.prompt], [lesson.reply]).logprobs

    made.save(tmp_path / "whole")
    again = policy.build({"kind": "hf", "model": str(tmp_path / "whole")})
    torch.testing.assert_close(again.logprobs([lesson.prompt], [lesson.reply]).logprobs, scored, atol=1e-5, rtol=0)
    assert not list((tmp_path / "whole").glob("*.bin"))

    rebuilt = policy.build(json.loads(json.dumps(made.config)))
    rebuilt.load_state_dict(made.state_dict())
    assert torch.equal(rebuilt.logprobs([lesson.prompt], [lesson.reply]).logprobs, scored)

    if not lora:
        with pytest.raises(UsageError, match="no adapter"):
            made.save(tmp_path / "adapter", "adapter")
        return
    trained = {name for name, each in made.named_parameters() if each.requires_grad}
    assert trained
    assert all("lora_" in name and "vision" not in name for name in trained)
    made.save(tmp_path / "adapter", "adapter")
    assert (tmp_path / "adapter" / "adapter_model.safetensors").exists()
    import peft

    base, _ = model(kind)
    loaded = HFPolicy(base, made.processor)
    loaded.model = peft.PeftModel.from_pretrained(loaded.model, tmp_path / "adapter")
    loaded.lora = lora
    torch.testing.assert_close(loaded.logprobs([lesson.prompt], [lesson.reply]).logprobs, scored, atol=1e-5, rtol=0)


def test_a_model_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"no model .*nowhere"):
        policy.build({"kind": "hf", "model": str(tmp_path / "nowhere")})


def test_bfloat16_products_leave_the_weights_and_their_gradients_alone():
    made = make("text", torch.float32, autocast=True)
    full = make("text", torch.float32)
    prompt, reply = made.encode(["ab"]), torch.tensor([50, 51, END])
    half, whole = (each.logprobs([prompt], [reply]).logprobs for each in (made, full))
    assert half.dtype == torch.float32
    assert 0 < float((half - whole).detach().abs().max()) < 0.3
    half.sum().backward()
    assert {each.grad.dtype for each in made.parameters() if each.grad is not None} == {torch.float32}
    assert all(torch.isfinite(each.logprobs).all() for each in made.sample([prompt], draws(4, 5, torch.float32)))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"final_logit_softcapping": 30.0}, "softcapping"),
        ({"layer_types": ["full_attention", "sliding_attention"]}, "sliding"),
        ({"_attn_implementation": "eager"}, "sdpa"),
    ],
)
def test_models_that_would_come_out_wrong_are_refused(change, match):
    built, words = model("text")
    for key, value in change.items():
        setattr(built.config, key, value)
    with pytest.raises(UsageError, match=match):
        HFPolicy(built, words)


def test_a_prompt_is_read_once_for_its_group(monkeypatch):
    made = make("text")
    read: list[int] = []
    usual = HFPolicy.read

    def spy(self, prompts):
        read.append(len(prompts))
        return usual(self, prompts)

    monkeypatch.setattr(HFPolicy, "read", spy)
    prompts: list[Prompt] = [made.encode(parts) for parts in SHOWN["text"]]
    found = made.sample(prompts, draws(12, 4))
    made.logprobs([prompts[row // 4] for row in range(12)], [each.ids for each in found])
    assert read == [3, 3]
