"""From losses of tokens [B, T] to the loss of a step, the same however the step is split.

A step may be cut into micro-batches and spread over ranks. Each part calls `Aggregate.mean(loss, mask, count)` with
the count of the *whole* step; the parts' losses then add up to the step's, and so do their gradients. (Data-parallel
wrappers that average gradients over ranks undo a sum: multiply by the number of ranks there.) A reply all of whose
tokens are masked is not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor


class Aggregate(NamedTuple):
    """`mean(loss [B, T], mask [B, T], count) -> scalar`; `count(mask [B, T], longest) -> int` of a part, to be summed.

    `longest` is the greatest number of tokens a reply may have (the recipe's max_reply).
    """

    mean: Callable[..., Any]
    count: Callable[..., int]


def total(loss: Tensor, mask: Tensor, count: int) -> Tensor:
    """Sum over all tokens, over count."""
    return loss.masked_fill(~mask, 0.0).sum() / max(count, 1)


def by_sequence(loss: Tensor, mask: Tensor, count: int) -> Tensor:
    """Sum over replies of the mean over each reply's tokens, over count."""
    means = loss.masked_fill(~mask, 0.0).sum(1) / mask.sum(1).clamp(min=1)
    return means.sum() / max(count, 1)


def tokens(mask: Tensor, longest: int) -> int:
    """Tokens that are not masked."""
    return int(mask.sum())


def sequences(mask: Tensor, longest: int) -> int:
    """Replies that are not wholly masked."""
    return int(mask.any(1).sum())


def slots(mask: Tensor, longest: int) -> int:
    """Tokens there would be if each of those replies were as long as it may be."""
    return sequences(mask, longest) * longest


AGGREGATES: Final[Mapping[str, Aggregate]] = {
    "token": Aggregate(total, tokens),  # every token of the step alike: DAPO, arXiv 2503.14476
    "sequence": Aggregate(by_sequence, sequences),  # every reply alike, short ones' tokens more: GRPO, GSPO
    "constant": Aggregate(total, slots),  # every token alike, whatever the lengths are: Dr. GRPO, arXiv 2503.20783
    "sequence_sum": Aggregate(total, sequences),  # the log-probability of the whole reply: REINFORCE
}
