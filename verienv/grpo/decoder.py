"""A policy in the middle of writing: prompts read once each, a cache with room for the replies, one row per reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from verienv.errors import UsageError
from verienv.grpo.policy import Prompt

KeyValue = tuple[Tensor, Tensor]
"""Keys and values of one layer, each [rows, heads, length, width of a head]."""


class Read(NamedTuple):
    """Prompts as read: P of them in one batch, L the longest, padded on either side."""

    last: Tensor  # [P, d] the stream at each prompt's last token, normalised
    past: list[KeyValue]  # of each layer
    valid: Tensor  # [P, L] bool: which columns are tokens
    following: Tensor  # [P] int64: the position of the token after the prompt


class Writer(Protocol):
    """What a policy brings for its replies to be written token by token."""

    @property
    def device(self) -> torch.device: ...

    def read(self, prompts: Sequence[Prompt]) -> Read:
        """Read prompts of any lengths."""
        ...

    def logits(self, stream: Tensor) -> Tensor:
        """Logits [N, V] of the normalised stream [N, d]."""
        ...

    def write(
        self, tokens: Tensor, positions: Tensor, seen: Tensor, past: Sequence[KeyValue], column: Tensor
    ) -> Tensor:
        """The normalised stream [R, d] after tokens [R] at positions [R].

        Their keys and values go into `past` [R, heads, S, head] at `column` [1]; seen [R, S] says which of its
        columns are attended to.
        """
        ...


class Owners:
    """Which of P prompts each of B rows follows.

    Where prompts are repeated evenly and in order, which is the rule, the gradient of what follows is a sum and not a
    scatter, and keys and values are joined to a row's own without a copy for each row first.
    """

    def __init__(self, owner: Sequence[int], prompts: int, device: torch.device) -> None:
        self.count = len(owner) // prompts
        self.even = list(owner) == [row for row in range(prompts) for _ in range(self.count)]
        self._index = torch.tensor(owner, device=device)

    def spread(self, tensor: Tensor) -> Tensor:
        """The row of `tensor` [P, …] that each row follows: [B, …]."""
        if not self.even:
            return tensor.index_select(0, self._index)
        return tensor[:, None].expand(-1, self.count, *tensor.shape[1:]).flatten(0, 1)

    def taken(self, tensor: Tensor) -> Tensor:
        """The same for `joined`, which repeats rows itself."""
        return tensor if self.even else self.spread(tensor)


def joined(past: Tensor, new: Tensor) -> Tensor:
    """Keys or values `new` [B, heads, T, d] behind `past` [P, heads, L, d], each repeated B / P times."""
    count = len(new) // len(past)
    before = past[:, None].expand(-1, count, -1, -1, -1)
    return torch.cat((before, new.unflatten(0, (-1, count))), 3).flatten(0, 1)


class Decoder:
    """R rows, each after its prompt and the tokens given so far."""

    def __init__(self, writer: Writer, prompts: Sequence[Prompt], rows: int, room: int) -> None:
        """Read `prompts` and make ready to write `rows` replies, as many to each prompt, of up to `room` tokens.

        Raises UsageError when the rows cannot be shared out.
        """
        if not prompts or rows % len(prompts):
            raise UsageError(f"{rows} rows of draws are not as many for each of {len(prompts)} prompts")
        self._writer = writer
        read = writer.read(prompts)
        even = [row for row in range(len(prompts)) for _ in range(rows // len(prompts))]
        owner = Owners(even, len(prompts), writer.device)
        self.logits = owner.spread(writer.logits(read.last))
        """[R, V] of the first token."""
        self._start = read.valid.shape[1]
        self._following = owner.spread(read.following)
        self._seen = F.pad(owner.spread(read.valid), (0, room))
        self._past = [(_roomy(keys, rows, room), _roomy(values, rows, room)) for keys, values in read.past]

    def step(self, tokens: Tensor, number: Tensor, whole: bool) -> Tensor:
        """Take tokens [R] as the number-th ([1] int64, from 0) of each row; give the logits [R, V] of the next.

        `whole` works on the whole cache, for shapes that never change; else on the part that is filled.
        """
        column = self._start + number
        self._seen.index_fill_(1, column, True)
        until = self._seen.shape[1] if whole else self._start + int(number) + 1
        past = [(keys[:, :, :until], values[:, :, :until]) for keys, values in self._past]
        stream = self._writer.write(tokens, self._following + number, self._seen[:, :until], past, column)
        return self._writer.logits(stream)

    def keep(self, rows: Tensor) -> None:
        """Go on with these rows [R'] alone."""
        self._following, self._seen = self._following[rows], self._seen[rows]
        self._past = [(keys[rows], values[rows]) for keys, values in self._past]


def _roomy(tensor: Tensor, rows: int, room: int) -> Tensor:
    """A cache [R, heads, L + room, d] that begins with the prompts' [P, heads, L, d], each repeated R / P times."""
    _, heads, length, width = tensor.shape
    cache = tensor.new_zeros((rows, heads, length + room, width))
    cache.unflatten(0, (len(tensor), -1))[:, :, :, :length] = tensor[:, None]
    return cache
