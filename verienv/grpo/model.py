"""The built-in policy: a small transformer over text and patches of pictures, trained from scratch.

RMSNorm, rotary positions, SwiGLU, one table for reading and writing tokens, weights drawn from N(0, 1 / fan_in)
(N(0, 0.02) does not learn at this size). A prompt is read once for all attempts at it, in training as in sampling,
and with gradient: what it says to each layer, its keys and values, is shared by the rows that follow it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from verienv.errors import UsageError
from verienv.grpo import decoder, logprob, pictures, sampler
from verienv.grpo.decoder import KeyValue, Owners, Read
from verienv.grpo.norm import Norm
from verienv.grpo.pictures import Grid
from verienv.grpo.policy import Completion, Prompt, Scored
from verienv.grpo.tokenizer import END, PICTURE, Tokenizer

if TYPE_CHECKING:
    from verienv.task import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the transformer is. `hidden` 0 means three times the width."""

    width: int = 64
    layers: int = 2
    heads: int = 4
    hidden: int = 0

    def __post_init__(self) -> None:
        if min(self.width, self.layers, self.heads) < 1 or self.width % (2 * self.heads):
            raise UsageError(f"{self}: at least one layer and head, and a width that 2 * heads divides")


BESIDE: Final = 64
"""Tokens of the replies to one prompt up to which they are read side by side in one row, blind to each other."""


class Block(nn.Module):
    """One layer: attention, then a gated feed-forward, each on a normalised copy and added to the stream."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        width, hidden = size.width, size.hidden or 3 * size.width
        self.heads = size.heads
        self.norms = nn.ModuleList([Norm(width), Norm(width)])
        self.read = nn.Linear(width, 3 * width, bias=False)
        self.write = nn.Linear(width, width, bias=False)
        self.up = nn.Linear(width, 2 * hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(
        self, x: Tensor, turn: Tensor, bias: Tensor, past: KeyValue | None = None, at: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The stream after this layer, and the keys and values of the tokens read.

        x: [B, T, d]. turn: complex [B, 1, T, head / 2]. bias: [B, 1, T, S], added to the attention.
        past: what came before (of B rows, or of P that are repeated evenly), joined in front; or, with `at` [T],
        buffers of S columns into which the new keys and values are written at these columns.
        """
        rows, length, width = x.shape
        joint = self.read(self.norms[0](x)).view(rows, length, 3 * self.heads, -1).transpose(1, 2)
        turning, v = joint.split((2 * self.heads, self.heads), 1)
        q, k = _turned(turning, turn).chunk(2, 1)
        keys, values = k, v
        if past is not None and at is not None:
            keys, values = past[0].index_copy_(2, at, k.to(past[0].dtype)), past[1].index_copy_(2, at, v)
        elif past is not None:
            keys, values = decoder.joined(past[0], k), decoder.joined(past[1], v)
        mixed = F.scaled_dot_product_attention(q, keys.to(q.dtype), values.to(q.dtype), attn_mask=bias.to(q.dtype))
        x = x + self.write(mixed.transpose(1, 2).reshape(rows, length, width))
        gate, up = self.up(self.norms[1](x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up), k, v


class SmallPolicy(nn.Module):
    """The built-in policy. `autocast` runs matrix products in bfloat16 over float32 weights."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        size: Size | None = None,
        grid: Grid | None = None,
        *,
        autocast: bool = False,
        checkpointing: bool = False,
        static: bool = False,
        seed: int = 0,
    ) -> None:
        """`checkpointing` makes activations again in the backward pass. `static` samples with a cache of fixed shape
        (replayed as a CUDA graph on such a device), in place of one that drops finished rows. `seed` draws weights.
        """
        super().__init__()
        self.tokenizer, self.size, self.grid = tokenizer, size or Size(), grid or Grid()
        self.autocast, self.checkpointing, self.static = autocast, checkpointing, static
        width = self.size.width
        self.table = nn.Embedding(len(tokenizer), width)
        self.patches = nn.Linear(self.grid.numbers, width, bias=False)
        self.places = nn.Parameter(torch.empty(self.grid.rows + self.grid.columns, width))
        self.blocks = nn.ModuleList(Block(self.size) for _ in range(self.size.layers))
        self.norm = Norm(width)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for parameter in self.parameters():
                if parameter.dim() == 2:
                    parameter.normal_(0, parameter.shape[1] ** -0.5, generator=generator)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> SmallPolicy:
        """The policy that `config` describes, weights drawn anew."""
        given = {key: value for key, value in config.items() if key not in ("kind", "tokenizer", "size", "grid")}
        tokenizer = Tokenizer.from_config(config["tokenizer"])
        return cls(tokenizer, Size(**config["size"]), Grid(**config["grid"]), **given)

    @property
    def config(self) -> dict[str, Any]:
        """Plain JSON from which `policy.build` makes the same policy."""
        return {
            "kind": "small",
            "tokenizer": self.tokenizer.config,
            "size": asdict(self.size),
            "grid": asdict(self.grid),
            "autocast": self.autocast,
            "checkpointing": self.checkpointing,
            "static": self.static,
        }

    # -- text and pictures at the edge ---------------------------------------------------------------------

    def encode(self, parts: Sequence[Part]) -> Prompt:
        """Text by the tokenizer; each picture as the patches of one grid, wherever it stands."""
        ids: list[int] = []
        seen: list[Tensor] = []
        for part in parts:
            if isinstance(part, str):
                ids += self.tokenizer.encode(part)
            else:
                seen.append(pictures.patches(part, self.grid))
                ids += [PICTURE] * self.grid.patches
        return Prompt(tuple(ids), torch.cat(seen) if seen else None)

    def encode_reply(self, text: str) -> list[int]:
        """A reply as ids, the end token last."""
        return [*self.tokenizer.encode(text), END]

    def decode(self, ids: Sequence[int] | Tensor) -> str:
        """The text up to the end token."""
        return self.tokenizer.decode(ids.tolist() if isinstance(ids, Tensor) else ids)

    # -- scoring ---------------------------------------------------------------------------------------------

    def logprobs(self, prompts: Sequence[Prompt], completions: Sequence[Tensor], temperature: float = 1.0) -> Scored:
        """See Policy.logprobs."""
        distinct = {id(prompt): prompt for prompt in prompts}
        order = {key: at for at, key in enumerate(distinct)}
        owner = [order[id(prompt)] for prompt in prompts]
        targets, mask = logprob.padded(completions)
        kept = mask.flatten().nonzero().squeeze(-1).to(self.device)
        targets = targets.to(self.device)
        with self._precision():
            read = self.read(list(distinct.values()))
            hidden = self._continue(read, Owners(owner, len(distinct), self.device), targets)
        logp, entropy = logprob.selected(
            hidden.flatten(0, 1).index_select(0, kept), self.table.weight, targets.flatten()[kept], temperature
        )
        empty = torch.zeros(mask.numel(), dtype=logp.dtype, device=self.device)
        return Scored(
            empty.index_copy(0, kept, logp).view(mask.shape), empty.index_copy(0, kept, entropy).view(mask.shape)
        )

    def read(self, prompts: Sequence[Prompt], side: Literal["left", "right"] = "left") -> Read:
        """Read prompts of any lengths in one batch, padded on `side`."""
        lengths = torch.tensor([len(prompt.ids) for prompt in prompts], device=self.device)
        longest = int(lengths.max())
        if int(lengths.min()) < 1:
            raise UsageError("a prompt has at least one token")
        columns = torch.arange(longest, device=self.device)
        positions = columns - (longest - lengths[:, None]) if side == "left" else columns.expand(len(prompts), -1)
        valid = (positions >= 0) & (positions < lengths[:, None])
        ids = torch.zeros((len(prompts), longest), dtype=torch.int64, device=self.device)
        ids[valid] = torch.tensor([each for prompt in prompts for each in prompt.ids], device=self.device)
        x = self._embedded(ids, [prompt.images for prompt in prompts if prompt.images is not None])
        own = torch.eye(longest, dtype=torch.bool, device=self.device)  # a pad attends to itself, so that it is finite
        seen = (columns <= columns[:, None]) & valid[:, None, :] | own
        x, past = self._layers(x, positions, _bias(seen, x.dtype)[:, None])
        end = torch.full_like(lengths, longest - 1) if side == "left" else lengths - 1
        return Read(self.norm(x[torch.arange(len(prompts), device=self.device), end]), past, valid, lengths)

    def _continue(self, read: Read, owner: Owners, targets: Tensor) -> Tensor:
        """The normalised stream from which each of `targets` [B, T] is predicted."""
        first = owner.spread(read.last)[:, None]
        if targets.shape[1] == 1:
            return first
        given = targets[:, :-1]
        steps = torch.arange(given.shape[1], device=self.device)
        positions = owner.spread(read.following)[:, None] + steps
        own = steps <= steps[:, None]
        valid, past = owner.spread(read.valid), [(owner.taken(keys), owner.taken(values)) for keys, values in read.past]
        if owner.even and owner.count * len(steps) <= BESIDE:
            given, positions = (each.reshape(len(read.valid), -1) for each in (given, positions))
            own, valid = torch.block_diag(*[own] * owner.count), read.valid
        seen = torch.cat((valid[:, None].expand(-1, len(own), -1), own.expand(len(given), -1, -1)), 2)
        x = self.table(given)
        x, _ = self._layers(x, positions, _bias(seen, x.dtype)[:, None], past)
        return torch.cat((first, self.norm(x).view(*targets[:, :-1].shape, -1)), 1)

    def write(
        self, tokens: Tensor, positions: Tensor, seen: Tensor, past: Sequence[KeyValue], column: Tensor
    ) -> Tensor:
        """See Writer.write."""
        x = self.table(tokens)[:, None]
        x, _ = self._layers(x, positions[:, None], _bias(seen, x.dtype)[:, None, None], past, column)
        stream: Tensor = self.norm(x)[:, 0]
        return stream

    def logits(self, stream: Tensor) -> Tensor:
        """Logits [N, V] of the normalised stream [N, d]."""
        return logprob.logits(stream, self.table.weight)

    def _layers(
        self,
        x: Tensor,
        positions: Tensor,
        bias: Tensor,
        past: Sequence[KeyValue] | None = None,
        at: Tensor | None = None,
    ) -> tuple[Tensor, list[KeyValue]]:
        turn = self._turn(positions, x.dtype)
        out: list[KeyValue] = []
        for number, block in enumerate(self.blocks):
            before = None if past is None else past[number]
            if self.checkpointing and torch.is_grad_enabled():
                x, keys, values = checkpoint(block, x, turn, bias, before, at, use_reentrant=False)
            else:
                x, keys, values = block(x, turn, bias, before, at)
            out.append((keys, values))
        return x, out

    def _turn(self, positions: Tensor, kind: torch.dtype) -> Tensor:
        """Of every position [B, T] a complex number of length 1 for each pair of a head's: [B, 1, T, head / 2]."""
        half = self.size.width // self.size.heads // 2
        speeds = 10_000.0 ** (-torch.arange(half, dtype=torch.float64, device=self.device) / half)
        angles = (positions[:, None, :, None] * speeds).to(torch.promote_types(kind, torch.float32))
        return torch.polar(torch.ones_like(angles), angles)

    def _embedded(self, ids: Tensor, images: Sequence[Tensor]) -> Tensor:
        x: Tensor = self.table(ids)
        if images:
            patches = torch.cat(list(images)).to(device=self.device, dtype=self.table.weight.dtype)
            places = self.places[: self.grid.rows, None] + self.places[self.grid.rows :]
            seen = self.patches(patches).unflatten(0, (-1, self.grid.patches)) + places.flatten(0, 1)
            x = x.masked_scatter((ids == PICTURE)[..., None], seen.to(x.dtype))
        return x

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
        with self._precision():
            return sampler.sample(self, prompts, draws, [END], sampler.Cut(temperature, top_p, top_k), self.static)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.table.weight.device

    def _precision(self) -> contextlib.AbstractContextManager[Any]:
        return torch.autocast(self.device.type, dtype=torch.bfloat16) if self.autocast else contextlib.nullcontext()


def _turned(x: Tensor, turn: Tensor) -> Tensor:
    """Pairs of numbers of each head, one of its first half and one of its second, turned by their position's angles.

    They come out side by side: the order within a head is that of queries and keys alike, so products do not see it.
    """
    pairs = torch.complex(*x.to(turn.real.dtype).chunk(2, -1))
    return torch.view_as_real(pairs * turn).flatten(-2).to(x.dtype)


def _bias(seen: Tensor, kind: torch.dtype) -> Tensor:
    """0 where a key is seen and -inf where not, to add to the attention."""
    return torch.zeros(seen.shape, dtype=kind, device=seen.device).masked_fill_(~seen, -torch.inf)
