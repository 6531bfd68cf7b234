"""One process or many: every rank holds the model, plays its share of a step's problems and adds up gradients.

Started by `torchrun --nproc-per-node N -m verienv train …`. Alone, every function here is the identity. On the CPU
gradients are summed by gloo; on GPUs the parameters are sharded by FSDP2. Rewards are gathered, so advantages,
metrics and the curriculum are those of the whole step on every rank.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
import torch.distributed as td

from verienv.errors import UsageError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class World:
    """Which of how many processes this is."""

    rank: int = 0
    size: int = 1

    @property
    def first(self) -> bool:
        """Whether this process writes files."""
        return self.rank == 0

    def share(self, count: int) -> range:
        """This rank's stretch of `count` problems. Raises UsageError when they cannot be shared evenly."""
        if count % self.size:
            raise UsageError(f"{count} prompts a step cannot be shared evenly by {self.size} processes")
        each = count // self.size
        return range(self.rank * each, (self.rank + 1) * each)

    def gather(self, values: list[T]) -> list[T]:
        """The lists of all ranks, one after another."""
        if self.size == 1:
            return values
        held: list[Any] = [None] * self.size
        td.all_gather_object(held, values)
        return [value for each in held for value in each]

    def any(self, flag: bool) -> bool:
        """Whether the flag is up on any rank."""
        return any(self.gather([flag]))

    def sum_gradients(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        """Add up the gradients of all ranks, in place; a rank that had nothing to learn from adds zeros."""
        if self.size == 1:
            return
        held = [each for each in parameters if each.requires_grad]
        for each in held:
            if each.grad is None:
                each.grad = torch.zeros_like(each)
        flat = torch.cat([each.grad.reshape(-1) for each in held])
        td.all_reduce(flat)
        for each, part in zip(held, flat.split([each.numel() for each in held]), strict=True):
            each.grad.copy_(part.view_as(each))

    def wait(self) -> None:
        """Until every rank is here."""
        if self.size > 1:
            td.barrier()


@contextmanager
def started(device: torch.device) -> Iterator[World]:
    """The world that torchrun's environment describes; one process without it."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield World()
        return
    td.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield World(td.get_rank(), td.get_world_size())
    finally:
        td.destroy_process_group()
