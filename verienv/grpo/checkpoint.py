"""Checkpoints: one file, there whole or not at all, that holds everything the next step depends on.

Problems and draws are hashed from the run's seed and the step, so no data order and no sampler state has to be kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import torch

from verienv.dataset import disk
from verienv.errors import UsageError
from verienv.grpo.dist import World

NAME: Final = "checkpoint.pt"
FORMAT: Final = 1
HINT: Final = "The checkpoint before it is whole: make room, then give the same command with --resume"


def keep(out: Path, world: World, policy: Any, optimizer: torch.optim.Optimizer, step: int, curriculum: str) -> None:
    """Save what the step after `step` depends on; the first rank writes. Raises RunError on every rank."""
    state = {"step": step, "curriculum": curriculum, "generators": world.gather([generators()])}
    state |= world.state(policy, optimizer)
    with world.together():
        if world.first:
            save(out / NAME, state)


def resumed(out: Path, world: World, policy: Any, optimizer: torch.optim.Optimizer) -> tuple[int, str]:
    """Put back what `keep` saved: the step and the curriculum's state, or 0 and "" where nothing was."""
    state = load(out / NAME)
    if state is None:
        return 0, ""
    world.put(policy, optimizer, state)
    restore_generators(state["generators"][world.rank % len(state["generators"])])
    return state["step"], state["curriculum"]


def save(path: Path, state: dict[str, Any]) -> None:
    """Write tensors and plain values, then put them in place of the checkpoint before. Raises RunError."""
    with (
        disk.explained(f"save {path}", HINT),
        disk.replacing(path) as temporary,
        open(temporary, "wb") as file,
    ):
        _write({"format": FORMAT, **state}, file)
        file.flush()
        disk.sync(file.fileno())


def load(path: Path) -> dict[str, Any] | None:
    """What `save` wrote, on the CPU; None when there is no checkpoint. No code in the file is run.

    Raises UsageError for a file that is not ours.
    """
    if not path.exists():
        return None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise UsageError(f"{path} is not a checkpoint that can be read: {error!s:.200}") from error
    if not isinstance(state, dict) or state.pop("format", None) != FORMAT:
        raise UsageError(f"{path} was written by another version of verienv")
    return state


def generators() -> dict[str, Any]:
    """The states of torch's own generators, which dropout draws from."""
    states: dict[str, Any] = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    return states


def restore_generators(states: dict[str, Any]) -> None:
    """Put them back."""
    torch.set_rng_state(states["cpu"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])


def _write(state: dict[str, Any], file: Any) -> None:
    """torch.save, whose zip writer reports a full disk as RuntimeError."""
    try:
        torch.save(state, file)
    except RuntimeError as error:
        cause = error.__context__
        raise cause if isinstance(cause, OSError) else OSError(0, str(error)) from error
