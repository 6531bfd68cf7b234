"""torch's AdamW, fused: one pass over the weights for a step.

Its public methods are wrapped so that torch's compiler leaves them alone, and the first call of a wrapper imports that
compiler: a second of CPU at every start. Nothing is compiled here, so the methods are taken without their wrappers.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

import torch

_Plain = torch.optim.AdamW


class AdamW(_Plain):
    """AdamW with β = (0.9, 0.95), what is usual for language models."""

    def __init__(self, learnt: Iterable[Any], rate: float = 1e-3, weight_decay: float = 0.0) -> None:
        super().__init__(learnt, lr=rate, betas=(0.9, 0.95), weight_decay=weight_decay, fused=True)

    add_param_group = inspect.unwrap(_Plain.add_param_group)
    zero_grad = inspect.unwrap(_Plain.zero_grad)
    state_dict = inspect.unwrap(_Plain.state_dict)
    load_state_dict = inspect.unwrap(_Plain.load_state_dict)
    step = torch.no_grad()(inspect.unwrap(_Plain.step))
