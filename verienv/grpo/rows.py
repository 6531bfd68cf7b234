"""Rows: the replies a step learns from, ragged until a micro-batch pads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from verienv.grpo.rollout import Turn


@dataclass(slots=True, eq=False)
class Row:
    """One reply; every turn of a game is a row of its own.

    place: the number of its attempt among the step's. counts: False for a row that only keeps this rank in step with
    the others. old, ref: log-probabilities [t] of the policy that sampled and of the reference, once they are known.
    """

    turn: Turn
    place: int
    counts: bool = True
    old: Tensor | None = None
    ref: Tensor | None = None

    @property
    def tokens(self) -> int:
        """The reply's, its end included."""
        return len(self.turn.completion.ids)


def split(rows: Sequence[Row], size: int) -> list[list[Row]]:
    """Micro-batches of at most `size` rows, prompts of like length together and a problem's attempts side by side."""
    first: dict[int, int] = {}
    for at, row in enumerate(rows):
        first.setdefault(id(row.turn.prompt), at)
    ordered = sorted(rows, key=lambda row: (len(row.turn.prompt.ids), first[id(row.turn.prompt)]))
    return [ordered[at : at + size] for at in range(0, len(ordered), size)]


def mask(rows: Sequence[Row]) -> Tensor:
    """Which of the padded places hold a token that counts, bool [B, T]."""
    lengths = torch.tensor([row.tokens * row.counts for row in rows])
    return torch.arange(max(row.tokens for row in rows)) < lengths[:, None]


def padded(values: Sequence[Tensor | None], like: Tensor) -> Tensor:
    """Ragged log-probabilities [t] as [B, T] beside `like`, 0 beyond each one's end. Raises ValueError for None."""
    held = [each for each in values if each is not None]
    if len(held) != len(values):
        raise ValueError("log-probabilities are missing")
    made: Tensor = pad_sequence(held, batch_first=True).to(like)
    return made


def ragged(rows: Sequence[Row], values: Tensor) -> list[Tensor]:
    """Each row's part of [B, T], without gradient."""
    return [each[: row.tokens].clone() for row, each in zip(rows, values.detach(), strict=True)]
