"""Any causal language model or vision-language model of Hugging Face's transformers as a policy.

The forward passes are transformers'; what is written here is what its own `generate` leaves to files and defaults.
Positions and masks are always passed. Nothing is read from generation_config.json but the end tokens. Prompts are
read once for all attempts at them, in sampling and, where activations are not made again, in scoring.

Left out: models whose attention is not the plain causal one over text and pictures alike (sliding windows shorter
than the sequence, Gemma 3's pictures, recurrent layers), and heads that do more than one matrix product.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor, nn

from verienv.errors import MissingExtra, UsageError
from verienv.grpo import decoder, logprob, sampler
from verienv.grpo.decoder import KeyValue, Owners, Read
from verienv.grpo.policy import Completion, Prompt, Scored

try:
    import transformers
    from transformers.cache_utils import Cache
except ImportError as absent:
    raise MissingExtra("transformers", "hf", "a Hugging Face model") from absent

if TYPE_CHECKING:
    from verienv.task import Part

_PLACES = ("image_token_id", "image_token_index", "video_token_id", "video_token_index")
_UNUSUAL_HEADS = ("final_logit_softcapping", "logit_scale", "logits_scaling")
LORA_TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a prompt holds beside its ids: its positions [axes, L], the first position after it, and the processor's
    tensors for the pictures, each with the pictures (or their patches) along its first dimension.
    """

    positions: Tensor
    following: int
    pictures: dict[str, Tensor]


class HFPolicy(nn.Module):
    """A model of transformers as a policy. `model` is changed in place: dropout goes, adapters come."""

    def __init__(
        self,
        model: Any,
        processor: Any,
        *,
        name: str = "",
        lora: int = 0,
        autocast: bool | None = None,
        checkpointing: bool = False,
        static: bool | None = None,
    ) -> None:
        """`processor` is the model's tokenizer, or the processor of a vision-language model; `name` is where both
        are loaded from again.

        `lora` is the rank of adapters that are trained in place of the weights (0: all weights are). `autocast` runs
        in bfloat16 over the weights, `static` samples with a cache of fixed shape: both by default on CUDA alone.
        `checkpointing` makes activations again in the backward pass. Raises UsageError for a head or attention that
        is not supported, MissingExtra without peft.
        """
        super().__init__()
        self.processor = processor
        self.tokenizer = getattr(processor, "tokenizer", processor)
        self.name, self.lora = name, lora
        self.autocast, self.checkpointing, self.static = autocast, checkpointing, static
        _supported(model)
        for module in model.modules():
            for rate in ("p", "dropout", "attention_dropout"):
                if isinstance(getattr(module, rate, None), float):
                    setattr(module, rate, 0.0)
        if checkpointing:
            enable = getattr(model, "activation_checkpointing_enable", None) or model.gradient_checkpointing_enable
            enable({"use_reentrant": False})
        self.model = _adapted(model, lora) if lora else model
        self.ends = _ends(model, self.tokenizer)
        self._places = [
            each for each in (getattr(model.config, key, None) for key in _PLACES) if isinstance(each, int)
        ]  # tokens that stand for pictures
        accepted = inspect.signature(self._trunk.forward).parameters
        self._cache_name = "cache" if "cache" in accepted else "past_key_values"

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> HFPolicy:
        """Load config["model"], a folder or a name on the hub, and build the policy around it.

        Other keys: dtype of the weights ("float32" by default: what is trained is trained in full precision), lora,
        autocast, checkpointing, static. Raises UsageError for a model that is not found.
        """
        given = dict(config)
        name = given.pop("model")
        given.pop("kind", None)
        kind = getattr(torch, given.pop("dtype", "float32"))
        try:
            loaded = transformers.AutoConfig.from_pretrained(name)
        except OSError as error:
            raise UsageError(f"no model {str(name)!r}: {str(error).splitlines()[0]}") from error
        pictured = type(loaded) in transformers.AutoModelForImageTextToText._model_mapping
        maker = transformers.AutoModelForImageTextToText if pictured else transformers.AutoModelForCausalLM
        reader = transformers.AutoProcessor if pictured else transformers.AutoTokenizer
        model = maker.from_pretrained(name, dtype=kind, attn_implementation="sdpa")
        return cls(model, reader.from_pretrained(name), name=str(name), **given)

    @property
    def config(self) -> dict[str, Any]:
        """Plain JSON from which `policy.build` makes the same policy."""
        return {
            "kind": "hf",
            "model": self.name,
            "dtype": str(self._head.dtype).removeprefix("torch."),
            "lora": self.lora,
            "autocast": self.autocast,
            "checkpointing": self.checkpointing,
            "static": self.static,
        }

    # -- text and pictures at the edge ---------------------------------------------------------------------

    def encode(self, parts: Sequence[Part]) -> Prompt:
        """One user's turn in the model's chat template; without a template, the text as it is.

        Raises UsageError for a picture where the model reads none.
        """
        images = [part for part in parts if not isinstance(part, str)]
        if images and self.processor is self.tokenizer:
            raise UsageError(f"{self.name or type(self.model).__name__} reads text alone, and the prompt has a picture")
        text, templated = self._templated(parts)
        if not images:
            ids = self.tokenizer(text, add_special_tokens=not templated)["input_ids"]
            return Prompt(tuple(ids), Seen(torch.arange(len(ids))[None], len(ids), {}))
        read = self.processor(text=[text], images=images, add_special_tokens=not templated, return_tensors="pt")
        ids = read.pop("input_ids")
        read.pop("attention_mask", None)
        kinds = read.pop("mm_token_type_ids", None)
        positions = torch.arange(ids.shape[1])[None]
        placed = getattr(self._trunk, "get_rope_index", None)
        if placed is not None:
            accepted = inspect.signature(placed).parameters
            more = {"mm_token_type_ids": kinds, "attention_mask": torch.ones_like(ids), **read}
            positions = placed(ids, **{key: value for key, value in more.items() if key in accepted})[0][:, 0]
        return Prompt(tuple(ids[0].tolist()), Seen(positions, int(positions.max()) + 1, dict(read)))

    def encode_reply(self, text: str) -> list[int]:
        """A reply as ids, the tokenizer's end token last."""
        return [*self.tokenizer(text, add_special_tokens=False)["input_ids"], self.tokenizer.eos_token_id]

    def decode(self, ids: Sequence[int] | Tensor) -> str:
        """The text up to the end token, without special tokens."""
        listed = ids.tolist() if isinstance(ids, Tensor) else list(ids)
        stop = next((at for at, each in enumerate(listed) if each in self.ends), len(listed))
        return str(self.tokenizer.decode(listed[:stop], skip_special_tokens=True))

    def _templated(self, parts: Sequence[Part]) -> tuple[str, bool]:
        pictured = self.processor is not self.tokenizer
        if getattr(self.processor, "chat_template", None):
            content: Any = [
                {"type": "text", "text": part} if isinstance(part, str) else {"type": "image"} for part in parts
            ]
            if not pictured:
                content = "".join(part for part in parts if isinstance(part, str))
            turn = [{"role": "user", "content": content}]
            return self.processor.apply_chat_template(turn, tokenize=False, add_generation_prompt=True), True
        place = getattr(self.processor, "image_token", "")
        return "".join(part if isinstance(part, str) else place for part in parts), False

    # -- scoring ---------------------------------------------------------------------------------------------

    def logprobs(self, prompts: Sequence[Prompt], completions: Sequence[Tensor], temperature: float = 1.0) -> Scored:
        """See Policy.logprobs."""
        targets, mask = logprob.padded(completions)
        kept = mask.flatten().nonzero().squeeze(-1).to(self.device)
        targets = targets.to(self.device)
        with self._precision():
            together = self._whole if self.checkpointing and self.training else self._shared
            hidden = together(prompts, targets).flatten(0, 1).index_select(0, kept)
            hidden, head = self._headed(hidden)
            logp, entropy = logprob.selected(hidden, head, targets.flatten()[kept], temperature)
        empty = torch.zeros(mask.numel(), dtype=logp.dtype, device=self.device)
        return Scored(
            empty.index_copy(0, kept, logp).view(mask.shape), empty.index_copy(0, kept, entropy).view(mask.shape)
        )

    def _shared(self, prompts: Sequence[Prompt], targets: Tensor) -> Tensor:
        """The stream [B, T, d] that predicts `targets` [B, T]: each distinct prompt read once, then all completions."""
        distinct = list({id(prompt): prompt for prompt in prompts}.values())
        order = {id(prompt): at for at, prompt in enumerate(distinct)}
        owner = Owners([order[id(prompt)] for prompt in prompts], len(distinct), self.device)
        read = self.read(distinct)
        first = owner.spread(read.last)[:, None]
        if targets.shape[1] == 1:
            return first
        steps = torch.arange(targets.shape[1] - 1, device=self.device)
        own = (steps <= steps[:, None]).expand(len(targets), -1, -1)
        seen = torch.cat((owner.spread(read.valid)[:, None].expand(-1, len(steps), -1), own), 2)
        memory = Memory([(owner.taken(keys), owner.taken(values)) for keys, values in read.past])
        positions = owner.spread(read.following)[:, None] + steps
        rest = self.trunk(self._read_back(targets[:, :-1]), self._axes(positions[None]), seen, memory)
        return torch.cat((first, rest), 1)

    def _whole(self, prompts: Sequence[Prompt], targets: Tensor) -> Tensor:
        """The same from whole sequences, padded on the right, without a cache."""
        longest = max(len(prompt.ids) for prompt in prompts) + targets.shape[1] - 1
        ids = torch.zeros((len(prompts), longest), dtype=torch.int64, device=self.device)
        axes = max(len(prompt.images.positions) for prompt in prompts)
        positions = torch.zeros((axes, *ids.shape), dtype=torch.int64, device=self.device)
        at = torch.zeros_like(targets)
        for row, prompt in enumerate(prompts):
            length, room = len(prompt.ids), longest - len(prompt.ids)
            ids[row, :length] = torch.tensor(prompt.ids)
            ids[row, length : length + targets.shape[1] - 1] = self._read_back(targets[row, :-1])
            positions[:, row, :length] = prompt.images.positions.to(self.device)
            positions[:, row, length:] = prompt.images.following + torch.arange(room, device=self.device)
            at[row] = length - 1 + torch.arange(targets.shape[1])
        # every pad comes after every token of its row, so the causal mask alone hides it
        stream = self.trunk(ids, self._axes(positions), None, None, self._pictures(prompts))
        return stream.gather(1, at[..., None].expand(-1, -1, stream.shape[-1]))

    def read(self, prompts: Sequence[Prompt]) -> Read:
        """Read prompts of any lengths in one batch, padded on the left."""
        longest = max(len(prompt.ids) for prompt in prompts)
        ids = torch.zeros((len(prompts), longest), dtype=torch.int64, device=self.device)
        axes = max(len(prompt.images.positions) for prompt in prompts)
        positions = torch.zeros((axes, *ids.shape), dtype=torch.int64, device=self.device)
        valid = torch.zeros(ids.shape, dtype=torch.bool, device=self.device)
        for row, prompt in enumerate(prompts):
            start = longest - len(prompt.ids)
            ids[row, start:] = torch.tensor(prompt.ids)
            positions[:, row, start:] = prompt.images.positions.to(self.device)
            valid[row, start:] = True
        columns = torch.arange(longest, device=self.device)
        own = torch.eye(longest, dtype=torch.bool, device=self.device)  # a pad attends to itself, so that it is finite
        seen = (columns <= columns[:, None]) & valid[:, None] | own
        memory = Memory(None)
        stream = self.trunk(ids, self._axes(positions), seen, memory, self._pictures(prompts))
        following = torch.tensor([prompt.images.following for prompt in prompts], device=self.device)
        return Read(stream[:, -1], memory.past, valid, following)

    def write(
        self, tokens: Tensor, positions: Tensor, seen: Tensor, past: Sequence[KeyValue], column: Tensor
    ) -> Tensor:
        """See Writer.write."""
        memory = Memory(past, column)
        tokens = self._read_back(tokens[:, None])
        return self.trunk(tokens, self._axes(positions[None, :, None]), seen[:, None], memory)[:, 0]

    def trunk(
        self,
        ids: Tensor,
        positions: Tensor,
        seen: Tensor | None,
        memory: Memory | None,
        pictures: Mapping[str, Tensor] | None = None,
    ) -> Tensor:
        """The normalised stream [B, T, d] of the model without its head; `seen` [B, T, S] is its whole mask."""
        more = {} if memory is None else {self._cache_name: memory}
        out = self._trunk(
            input_ids=ids,
            position_ids=positions,
            attention_mask=None if seen is None else seen[:, None],
            use_cache=memory is not None,
            **more,
            **(pictures or {}),
        )
        stream: Tensor = out.last_hidden_state
        return stream

    def logits(self, stream: Tensor) -> Tensor:
        """Logits [N, V] of the normalised stream [N, d]."""
        return logprob.logits(*self._headed(stream))

    def _axes(self, positions: Tensor) -> Tensor:
        """Positions [1 or axes, B, T] as the model wants them: [B, T], or [axes, B, T] where it has several."""
        if getattr(self._trunk, "get_rope_index", None) is None:
            return positions[0]
        return positions if len(positions) > 1 else positions.expand(3, -1, -1)

    def _read_back(self, ids: Tensor) -> Tensor:
        """Tokens of a reply as its later ones see them: a picture's token, for which there is none, as an end."""
        for place in self._places:
            ids = ids.masked_fill(ids == place, self.ends[0])
        return ids

    def _pictures(self, prompts: Sequence[Prompt]) -> dict[str, Tensor]:
        parts = [prompt.images.pictures for prompt in prompts if prompt.images.pictures]
        return {key: torch.cat([each[key] for each in parts]).to(self.device) for key in (parts[0] if parts else ())}

    def _headed(self, stream: Tensor) -> tuple[Tensor, Tensor]:
        """The stream and the head's weights, in bfloat16 under autocast: their product is summed in float32."""
        head = self._head
        return (stream.bfloat16(), head.bfloat16()) if self._half else (stream, head)

    # -- sampling --------------------------------------------------------------------------------------------

    def sample(
        self,
        prompts: Sequence[Prompt],
        draws: Tensor,
        *,
        temperature: float = 1.0,
        top_p: float = 1.0,
        top_k: int = 0,
    ) -> list[Completion]:
        """See Sampler.sample."""
        static = self.device.type == "cuda" if self.static is None else self.static
        training = self.training
        self.eval()  # so that gradient checkpointing leaves the cache alone
        try:
            with self._precision():
                return sampler.sample(self, prompts, draws, self.ends, sampler.Cut(temperature, top_p, top_k), static)
        finally:
            self.train(training)

    # -- on disk ---------------------------------------------------------------------------------------------

    def save(self, folder: str | Path, what: Literal["model", "adapter"] = "model") -> None:
        """Write safetensors that `from_pretrained` loads, and the tokenizer or processor beside them.

        "model" is the whole model, adapters merged into its weights; "adapter" what peft loads on top of the model.
        Raises UsageError for an adapter where there is none.
        """
        if what == "adapter" and not self.lora:
            raise UsageError("this policy has no adapter: it was made with lora = 0")
        whole = self.lora and what == "model"
        (_merged(self.model) if whole else self.model).save_pretrained(folder)
        self.processor.save_pretrained(folder)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self._head.device

    @property
    def _trunk(self) -> Any:
        inner = self.model.get_base_model() if self.lora else self.model
        return inner.model

    @property
    def _head(self) -> Tensor:
        weight: Tensor = self.model.get_output_embeddings().weight
        return weight

    @property
    def _half(self) -> bool:
        return self.device.type == "cuda" if self.autocast is None else self.autocast

    def _precision(self) -> contextlib.AbstractContextManager[Any]:
        return torch.autocast(self.device.type, dtype=torch.bfloat16) if self._half else contextlib.nullcontext()


class Memory(Cache):  # type: ignore[misc]  # transformers is untyped here
    """The keys and values that a forward pass adds to and attends to.

    Of nothing (None): what is read is kept, in `past`. Of a past: the new ones are joined behind it; or, with
    `column` [T], written into it there.
    """

    def __init__(self, past: Sequence[KeyValue] | None, column: Tensor | None = None) -> None:
        super().__init__(layers=[])
        self.past: list[KeyValue] = list(past or ())
        self._fresh, self._column = past is None, column

    def update(self, keys: Tensor, values: Tensor, layer: int, *_: Any, **__: Any) -> KeyValue:
        """What transformers' attention layers call: give all keys and values that the new tokens may attend to."""
        if self._fresh:
            self.past.append((keys, values))
            return keys, values
        before = self.past[layer]
        if self._column is None:
            return decoder.joined(before[0], keys), decoder.joined(before[1], values)
        return before[0].index_copy_(2, self._column, keys), before[1].index_copy_(2, self._column, values)

    def get_seq_length(self, layer: int = 0) -> int:
        """Columns so far."""
        return self.past[layer][0].shape[2] if self.past else 0


def _supported(model: Any) -> None:
    """Raise UsageError for a model whose log-probabilities or masks would come out wrong here."""
    name = type(model).__name__
    text = model.config.get_text_config()
    for key in _UNUSUAL_HEADS:
        if getattr(text, key, None) not in (None, 0, 1, 1.0):
            raise UsageError(f"{name} has {key} = {getattr(text, key)}: its head is not a plain matrix product")
    if getattr(model.get_output_embeddings(), "bias", None) is not None:
        raise UsageError(f"{name} has a bias on its head, which is not supported")
    kinds = set(getattr(text, "layer_types", None) or ["full_attention"])
    if kinds != {"full_attention"}:
        raise UsageError(f"{name} has layers of {', '.join(sorted(kinds))}: only full attention is supported")
    attention = model.config._attn_implementation
    if attention != "sdpa":
        raise UsageError(f"{name} was loaded with attn_implementation={attention!r}, not 'sdpa'")


def _ends(model: Any, tokenizer: Any) -> list[int]:
    """The tokens that end a reply: the tokenizer's, and those that the model's generation config names."""
    named = getattr(getattr(model, "generation_config", None), "eos_token_id", None)
    listed = named if isinstance(named, list) else [named]
    ends = dict.fromkeys(each for each in (tokenizer.eos_token_id, *listed) if each is not None)
    if tokenizer.eos_token_id is None:
        raise UsageError("the tokenizer names no end token, so no reply could end")
    return list(ends)


def _adapted(model: Any, rank: int) -> Any:
    """The model with low-rank adapters of peft on every projection of its text layers, all else frozen."""
    try:
        import peft
    except ImportError as absent:
        raise MissingExtra("peft", "hf", "training adapters") from absent
    text = [name for name, module in model.named_modules() if isinstance(module, nn.Linear) and _projects(name)]
    return peft.get_peft_model(model, peft.LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=text))


def _projects(name: str) -> bool:
    *path, last = name.split(".")
    return last in LORA_TARGETS and not {"visual", "vision_tower", "vision_model"} & set(path)


def _merged(model: Any) -> Any:
    """A copy of the plain model, adapters added into its weights."""
    import copy

    return copy.deepcopy(model).merge_and_unload()
