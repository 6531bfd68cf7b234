"""What counts more: hard groups in the policy term, and good replies in the KL term."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from torch import Tensor


def none(accuracy: Tensor) -> Tensor:
    """1 for every group."""
    return accuracy.new_ones(accuracy.shape)


def exp(accuracy: Tensor) -> Tensor:
    """e^(1 - accuracy), from e to 1: what UniVG-R1's script uses, arXiv 2505.14231."""
    return (1 - accuracy).exp()


def power(accuracy: Tensor, *, difficulty_power: float = 1.0) -> Tensor:
    """(1.05 - accuracy)^power: UniVG-R1's second."""
    return (1.05 - accuracy) ** difficulty_power


def log(accuracy: Tensor) -> Tensor:
    """-log(0.02 + accuracy), from 3.9 to 0: UniVG-R1's third, held at 0 where the release turns the gradient round."""
    return -(0.02 + accuracy).log().clamp(max=0.0)


# accuracy [P], the group's mean in [0, 1] of the term that says how right a reply is → weight [P] of its policy term
DIFFICULTY: Final[Mapping[str, Callable[..., Any]]] = {each.__name__: each for each in (none, exp, power, log)}


def group_accuracy(values: Tensor, scorable: Tensor) -> Tensor:
    """The mean over each group's scorable attempts, [P], of values [P, G] in [0, 1]; 0 where there are none."""
    return values.masked_fill(~scorable, 0.0).sum(1) / scorable.sum(1).clamp(min=1)


def even(rewards: Tensor, highest: float) -> Tensor:
    """1 for every reply: the KL term as it is."""
    return rewards.new_ones(rewards.shape)


def adversarial(rewards: Tensor, highest: float) -> Tensor:
    """reward / highest, within [0, 1], without gradient: the better a reply, the closer it is held to the reference.

    GuirlVG's adversarial KL factor, arXiv 2508.04389. `highest` is the greatest reward there is (2 there).
    """
    return (rewards.detach() / highest).clamp(0.0, 1.0)


# rewards [B] → factor [B] of each reply's KL term
KL_FACTORS: Final[Mapping[str, Callable[..., Any]]] = {"none": even, "adversarial": adversarial}
