"""What the loop asks of a model: prompts in, tokens with their log-probabilities out.

Text exists only at the edge: a policy encodes what an instance shows once, and from there on everything is token
ids. Padding is a policy's own business; callers see ragged lists and lengths, never a pad token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, runtime_checkable

from verienv.errors import UnknownName

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from verienv.task import Part


@dataclass(frozen=True, slots=True, eq=False)
class Prompt:
    """What a player sees, as a policy reads it. Attempts at one problem share one Prompt: policies read it once.

    `images` is the policy's own: for the built-in model the patches [n, 3 * size * size] of all pictures in order,
    float32 in [-1, 1], one for each picture token in `ids`.
    """

    ids: tuple[int, ...]
    images: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Completion:
    """One sampled reply.

    ids: [t] int64, the end token last where `finish` is "stop". logprobs: [t] float, of the distribution drawn from
    (temperature, top_p and top_k applied).
    """

    ids: Tensor
    logprobs: Tensor
    finish: Literal["stop", "length"]


class Scored(NamedTuple):
    """Of every completion token, in nats: its log-probability, and the entropy of the distribution it came from.

    Both [B, T], T the longest completion, 0 beyond each completion's length. The entropy carries no gradient.
    """

    logprobs: Tensor
    entropy: Tensor


class Sampler(Protocol):
    """What draws replies: a policy itself, or an engine that holds a copy of its weights."""

    def sample(
        self,
        prompts: Sequence[Prompt],
        draws: Tensor,
        *,
        temperature: float = 1.0,
        top_p: float = 1.0,
        top_k: int = 0,
    ) -> list[Completion]:
        """P · G completions: number p · G + g is attempt g at prompt p.

        draws: [P * G, max_new] uniform in [0, 1), one number for each token that may be drawn. All randomness comes
        from here, so a row's reply depends neither on the other rows nor on how they are spread over processes.
        temperature 0 takes the likeliest token (and gives log-probabilities at temperature 1); top_p 1 and top_k 0
        cut nothing, and only then do the log-probabilities agree with `Policy.logprobs`.
        Ranks of a sharded policy may make different numbers of forward calls: gather its weights first.
        """
        ...


@runtime_checkable
class Policy(Sampler, Protocol):
    """A model that is trained: a torch.nn.Module with these methods."""

    @property
    def config(self) -> dict[str, Any]:
        """Plain JSON from which `build` makes the same policy; its weights come from `load_state_dict`."""
        ...

    def encode(self, parts: Sequence[Part]) -> Prompt:
        """What `Instance.prompt` or `Episode.prompt` gives, as token ids (and pictures)."""
        ...

    def encode_reply(self, text: str) -> list[int]:
        """A reply as token ids, the end token last."""
        ...

    def decode(self, ids: Sequence[int] | Tensor) -> str:
        """The text of a completion, without its end token. Total: any ids give some text."""
        ...

    def logprobs(self, prompts: Sequence[Prompt], completions: Sequence[Tensor], temperature: float = 1.0) -> Scored:
        """Score completions (B of each, ids [t_b]) after their prompts, with gradient unless under no_grad.

        A prompt that stands in the list several times, as one object, is read once.
        """
        ...

    # What torch.nn.Module brings.
    def parameters(self) -> Any: ...
    def state_dict(self) -> dict[str, Any]: ...
    def load_state_dict(self, state: Mapping[str, Any]) -> Any: ...
    def train(self, mode: bool = True) -> Any: ...


def build(config: Mapping[str, Any], device: torch.device | str = "cpu") -> Policy:
    """The policy of a `Policy.config`: "small" with weights drawn anew, "hf" and "vllm" with those of the model named.

    Raises UnknownName, MissingExtra.
    """
    kind = config.get("kind")
    if kind == "small":
        from verienv.grpo.model import SmallPolicy

        return SmallPolicy.from_config(config).to(device)
    if kind == "hf":
        from verienv.grpo.hf import HFPolicy

        return HFPolicy.from_config(config).to(device)
    if kind == "vllm":
        from verienv.grpo.vllm import VLLMPolicy

        return VLLMPolicy.from_config(config).to(device)
    raise UnknownName("kind of policy", kind, ["hf", "small", "vllm"])
