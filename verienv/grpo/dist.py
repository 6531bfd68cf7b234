"""One process or many: every rank plays its share of a step's problems, and gradients are added up.

Started by `torchrun --nproc-per-node N -m verienv train …`. Alone, every function here is the identity. On the CPU each
rank holds the model and gradients are summed by gloo; on GPUs parameters, gradients and the optimiser's state are
sharded by FSDP2, and gathered while replies are sampled. Outcomes are gathered, so that advantages, metrics and the
curriculum are those of the whole step on every rank.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
import torch.distributed as td

from verienv.dataset.disk import RunError
from verienv.errors import UsageError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class World:
    """Which of how many processes this is, and whether they share one model."""

    rank: int = 0
    size: int = 1
    sharded: bool = False

    @property
    def first(self) -> bool:
        """Whether this process writes files."""
        return self.rank == 0

    @property
    def factor(self) -> int:
        """By what a part of the loss is multiplied: FSDP averages gradients where they are to be added up."""
        return self.size if self.sharded else 1

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

    @contextmanager
    def together(self) -> Iterator[None]:
        """What stops one rank with a RunError in here stops all of them."""
        wrong: RunError | None = None
        try:
            yield
        except RunError as error:
            wrong = error
        told = [each for each in self.gather([str(wrong or "")]) if each]
        if wrong is not None:
            raise wrong
        if told:
            raise RunError(told[0])

    def agree(self, policy: Any) -> None:
        """Give every rank the first one's weights."""
        if self.size > 1:
            for each in (*policy.parameters(), *policy.buffers()):
                td.broadcast(each.data, 0)

    def shard(self, policy: Any) -> None:
        """Spread parameters, gradients and the optimiser's state over the ranks, where they are to be shared."""
        if not self.sharded:
            return
        from torch.distributed.fsdp import fully_shard, register_fsdp_forward_method

        lists = [each for each in policy.modules() if isinstance(each, torch.nn.ModuleList)]
        for block in max(lists, key=lambda each: sum(one.numel() for one in each.parameters()), default=[]):
            fully_shard(block)
        fully_shard(policy)
        for name in ("logprobs", "sample"):
            register_fsdp_forward_method(policy, name)

    @contextmanager
    def whole(self, policy: Any) -> Iterator[None]:
        """Every rank holds all parameters in here: replies differ in length, so ranks do not call the model in step."""
        if not self.sharded:
            yield
            return
        from torch.distributed.fsdp import FSDPModule

        parts = [each for each in policy.modules() if isinstance(each, FSDPModule)]
        policy.set_reshard_after_forward(False)
        for each in parts:
            each.unshard()
        try:
            yield
        finally:
            policy.set_reshard_after_forward(True)
            for each in parts:
                each.reshard()

    def clipped_norm(self, policy: Any, most: float) -> float:
        """The norm of the gradient of all ranks together, which is then scaled down to `most` (0: left as it is)."""
        held = [each for each in policy.parameters() if each.requires_grad]
        if self.size > 1 and not self.sharded:
            for each in held:
                if each.grad is None:
                    each.grad = torch.zeros_like(each)
            flat = torch.cat([each.grad.reshape(-1) for each in held])
            td.all_reduce(flat)
            for each, part in zip(held, flat.split([each.numel() for each in held]), strict=True):
                each.grad.copy_(part.view_as(each))
        norm = torch.nn.utils.clip_grad_norm_(held, most or float("inf"))
        return float(norm.full_tensor() if self.sharded else norm)  # type: ignore[attr-defined,operator]

    def weights(self, policy: Any) -> dict[str, Any]:
        """The weights, whole where they were sharded."""
        if not self.sharded:
            found: dict[str, Any] = policy.state_dict()
            return found
        from torch.distributed.checkpoint.state_dict import get_model_state_dict

        return get_model_state_dict(policy, options=self._whole())

    def state(self, policy: Any, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
        """The weights and the optimiser's state, whole and on the CPU where they were sharded."""
        if not self.sharded:
            return {"policy": policy.state_dict(), "optimizer": optimizer.state_dict()}
        from torch.distributed.checkpoint.state_dict import get_optimizer_state_dict

        moments = get_optimizer_state_dict(policy, optimizer, options=self._whole())
        return {"policy": self.weights(policy), "optimizer": moments}

    def put(self, policy: Any, optimizer: torch.optim.Optimizer, state: dict[str, Any]) -> None:
        """Put back what `state` gave."""
        if not self.sharded:
            policy.load_state_dict(state["policy"])
            optimizer.load_state_dict(state["optimizer"])
            return
        from torch.distributed.checkpoint.state_dict import set_model_state_dict, set_optimizer_state_dict

        set_model_state_dict(policy, state["policy"], options=self._whole())
        some = self._whole(strict=False)  # weights that were never used, a text's run has no pictures, have no moments
        set_optimizer_state_dict(policy, optimizer, state["optimizer"], options=some)

    @staticmethod
    def _whole(strict: bool = True) -> Any:
        from torch.distributed.checkpoint.state_dict import StateDictOptions

        return StateDictOptions(full_state_dict=True, cpu_offload=True, strict=strict)


def device(name: str = "") -> torch.device:
    """The device of that name; by default this rank's own GPU where there are any, the CPU otherwise.

    Raises UsageError for a name of none and for a GPU where there is none.
    """
    if not name and torch.cuda.is_available():
        name = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
    try:
        found = torch.device(name or "cpu")
    except RuntimeError as error:
        raise UsageError(f"{name!r} is no device: cpu, cuda or cuda:1") from error
    if found.type == "cuda" and not torch.cuda.is_available():
        raise UsageError(f"device {name!r}: torch finds no GPU here")
    if found.type == "cuda" and found.index is not None:
        torch.cuda.set_device(found)
    return found


@contextmanager
def started(device: torch.device, sharded: bool | None = None) -> Iterator[World]:
    """The world that torchrun's environment describes; one process without it. GPUs share unless told not to."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield World()
        return
    gpu = device.type == "cuda"
    td.init_process_group("nccl" if gpu else "gloo")
    try:
        yield World(td.get_rank(), td.get_world_size(), gpu if sharded is None else sharded)
    finally:
        td.destroy_process_group()
