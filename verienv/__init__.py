"""verienv: verifiable tasks and environments for reinforcement learning.

    import verienv

    task = verienv.load("sat")
    instance = task.instance(level=3, seed=7, index=0, split="train")
    score = task.score(instance, "<answer>01101</answer>")

Importing registers every family with Gymnasium as `verienv/<name>-v0`; no family is imported until it is asked for.
"""

from typing import TYPE_CHECKING

from verienv.errors import (
    AddressError,
    ContractError,
    GenerationError,
    KnobError,
    MissingExtra,
    SandboxError,
    SandboxUnavailable,
    StepError,
    UnknownName,
    UsageError,
    VerienvError,
)
from verienv.registry import instance, load, names, register_environments
from verienv.score import Score

if TYPE_CHECKING:
    from verienv.episode import Episode, reset

__version__ = "0.1.0"

__all__ = [
    "AddressError",
    "ContractError",
    "Episode",
    "GenerationError",
    "KnobError",
    "MissingExtra",
    "SandboxError",
    "SandboxUnavailable",
    "Score",
    "StepError",
    "UnknownName",
    "UsageError",
    "VerienvError",
    "instance",
    "load",
    "names",
    "reset",
]

def __getattr__(name: str) -> object:
    """`Episode` and `reset`, imported when they are first used."""
    if name in ("Episode", "reset"):
        from verienv import episode

        return getattr(episode, name)
    raise AttributeError(f"module 'verienv' has no attribute {name!r}")


register_environments()
