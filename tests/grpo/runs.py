"""Small runs for tests: a recipe with sixteen possible answers, and a policy that earns something on it at once."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from verienv import recipe
from verienv.grpo import run
from verienv.grpo.dist import World
from verienv.grpo.loop import Run
from verienv.grpo.presets import of as algorithm_of
from verienv.grpo.settings import of as settings_of
from verienv.recipe import Recipe

MIX = '[[mix]]\ntask = "sat"\nknobs = { n = 2, k = 4, l = 4 }\n'
TRAIN: Mapping[str, Any] = {
    "seed": 3,
    "steps": 6,
    "prompts": 4,
    "group": 4,
    "learning_rate": 3e-4,
    "max_reply": 10,
    "validate": 6,
    "save_every": 2,
    "samples_every": 2,
    "width": 32,
    "layers": 1,
    "heads": 2,
    "wording": 8,
}


def tiny(mix: str = MIX, **train: Any) -> Recipe:
    """The recipe with other settings; a table of the recipe's other parts may stand in `mix`."""
    lines = [f"{name} = {json.dumps(value)}" for name, value in {**TRAIN, **train}.items()]
    return recipe.parse(mix + "[train]\n" + "\n".join(lines), "tiny")


@cache
def warm() -> Path:
    """A policy that answers in the form asked for, and is often wrong."""
    folder = Path(tempfile.mkdtemp(prefix="verienv-warm-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    run.run(tiny(sft_steps=60, sft_batch=32, sft_rate=5e-3), folder, supervised=True)
    return folder / run.POLICY


def resumable(**given: Any) -> Recipe:
    """The recipe that `go` runs."""
    return tiny(model=str(warm()), **given)


def started(out: Path, mix: str = MIX, world: World | None = None, **train: Any) -> Run:
    """A run from the warm policy, for loop.train."""
    made = tiny(mix, **train)
    out.mkdir(parents=True, exist_ok=True)
    return Run(made, settings_of(made.train), algorithm_of(made.train), run.load(warm()), out, world or World())


def go(out: Path, told: Callable[[Mapping[str, float]], None] = lambda row: None, **given: Any) -> run.Result:
    """A whole run from the warm policy, resumed where there is one."""
    return run.run(resumable(**given), out, resume=True, told=told)


def bytes_of(out: Path) -> dict[str, bytes]:
    """What must be the same for two runs of one seed."""
    return {name: (out / f"{name}.jsonl").read_bytes() for name in ("metrics", "samples")}


def rows_of(out: Path) -> list[dict[str, Any]]:
    """The metrics, step 0 first."""
    return [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
