"""Rows: the replies a step learns from, and the padded batches in which a policy scores them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from verienv.grpo import logprob
from verienv.grpo.rollout import Turn


class Row(NamedTuple):
    """One reply, and the number of its attempt among the step's; every turn of a game is a row of its own."""

    turn: Turn
    place: int


class Batch:
    """Rows that are scored together.

    mask: bool [B, T], which of the padded places hold a token that counts; none where `counts` is False, for a batch
    that only keeps this rank in step with the others. old, ref: log-probabilities [B, T] of the policy as it sampled
    and of the reference, once they are known; they stay for further updates.
    """

    def __init__(self, rows: Sequence[Row], counts: bool = True) -> None:
        self.turns = [row.turn for row in rows]
        self.places = [row.place for row in rows]
        lengths = torch.tensor([turn.tokens for turn in self.turns])
        self.mask = torch.arange(int(lengths.max())) < lengths[:, None] * counts
        self.old: Tensor | None = None
        self.ref: Tensor | None = None

    def sampled(self, like: Tensor) -> Tensor:
        """The sampler's own log-probabilities [B, T] beside `like`, 0 beyond each reply's end."""
        return logprob.padded([turn.completion.logprobs for turn in self.turns])[0].to(like)


def split(rows: Sequence[Row], size: int) -> list[Batch]:
    """Batches of at most `size` rows, prompts of like length together and a problem's attempts side by side."""
    first: dict[int, int] = {}
    for at, row in enumerate(rows):
        first.setdefault(id(row.turn.prompt), at)
    ordered = sorted(rows, key=lambda row: (len(row.turn.prompt.ids), first[id(row.turn.prompt)]))
    return [Batch(ordered[at : at + size]) for at in range(0, len(ordered), size)]
